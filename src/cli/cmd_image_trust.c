/* cmd_image_trust.c - image trust show, image trust set */
#include "base/str.h"
#include "cli/format.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "codec/json.h"
#include "codec/json_out.h"
#include "engine/trust.h"

#include <stdio.h>

/* --- show --- */

struct show_values {
	char *path, *registries_d;
	bool json, raw, noheading;
};

static void print_json(const struct trust *t)
{
	static const struct json_style style = { .indent = "  " };
	auto_ptr(json) all = json_array_new();
	for (size_t i = 0; i < t->count; i++) {
		const struct trust_row *r = &t->rows[i];
		struct json *o = json_object_new();
		json_set_str(o, "transport", r->transport);
		if (*r->name) {
			json_set_str(o, "name", r->is_default ? "* (default)" : r->name);
			json_set_str(o, "repo_name", r->name);
		}
		if (r->store)
			json_set_str(o, "sigstore", r->store);
		json_set_str(o, "type", r->type);
		if (r->keys)
			json_set_str(o, "gpg_id", r->keys);
		json_add(all, o);
	}
	session_put_json(all, &style);
}

static void print_table(const struct trust *t, bool heading)
{
	auto_str lines = { 0 };
	auto_str out = { 0 };
	if (heading)
		str_add(&lines, "TRANSPORT\tNAME\tTYPE\tID\tSTORE\n");
	for (size_t i = 0; i < t->count; i++)
		str_addf(&lines, "%s\t%s\t%s\t%s\t%s\n", t->rows[i].transport, t->rows[i].name, t->rows[i].type, t->rows[i].keys ? t->rows[i].keys : "",
			 t->rows[i].store ? t->rows[i].store : "");
	format_columns(&out, str_text(&lines));
	session_put(str_text(&out));
}

static int run_show(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct show_values *v = values;
	auto_val(trust) trust = { 0 };
	(void)cli, (void)words; /* COMPAT: a registry changes nothing */
	if (trust_read(v->path, v->registries_d, &trust, err) < 0)
		return -1;
	if (v->raw)
		printf("%s\n", trust.text ? trust.text : "{}");
	else if (v->json)
		print_json(&trust);
	else
		print_table(&trust, !v->noheading);
	return 0;
}

#define SHOW(member) FLAG_AT(struct show_values, member)
static const struct flag show_rows[] = {
	{ "json", 'j', FLAG_BOOL, SHOW(json), .help = "Print as JSON" },
	{ "noheading", 'n', FLAG_BOOL, SHOW(noheading), .help = "Print no headings" },
	{ "policypath", 0, FLAG_STRING, SHOW(path), .bits = FLAG_HIDDEN, .help = "Path of the policy instead of policy.json" },
	{ "raw", 0, FLAG_BOOL, SHOW(raw), .help = "Print the file as it is" },
	{ "registrypath", 0, FLAG_STRING, SHOW(registries_d), .bits = FLAG_HIDDEN, .help = "Directory instead of registries.d" },
};
static const struct flag_group show_groups[] = { { show_rows, ARRAY_LEN(show_rows), 0 }, { 0 } };
const struct verb cmd_image_trust_show_verb = {
	.about = "Shows from where images may come: the rules of policy.json.",
	.libraries = true,
	.groups = show_groups, .values_size = sizeof(struct show_values), .args = VERB_MAX, .arg_count = 1, .run = run_show,
};

/* --- set --- */

struct set_values {
	char *path, *type;
	char **keys;
};

static int run_set(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct set_values *v = values;
	(void)cli;
	return trust_set(&(struct trust_change){ .path = v->path, .scope = words[0], .type = v->type ? v->type : "signedBy", .keys = v->keys }, err);
}

#define SET(member) FLAG_AT(struct set_values, member)
static const struct flag set_rows[] = {
	{ "policypath", 0, FLAG_STRING, SET(path), .bits = FLAG_HIDDEN, .help = "Path of the policy instead of policy.json" },
	{ "pubkeysfile", 'f', FLAG_ARRAY, SET(keys), .help = "Paths of the public keys that may sign" },
	{ "type", 't', FLAG_STRING, SET(type), .def = "signedBy", .help = "What holds there: signedBy, sigstoreSigned, accept, reject" },
};
static const struct flag_group set_groups[] = { { set_rows, ARRAY_LEN(set_rows), 0 }, { 0 } };
const struct verb cmd_image_trust_set_verb = {
	.about = "Sets what holds for images of a registry, or of a part of it, in policy.json; 'default' is everything else.\n\n"
		 "signedBy wants a signature by one of the OpenPGP keys, sigstoreSigned one by a key pair of cosign; registries.d says where they lie.",
	.groups = set_groups, .values_size = sizeof(struct set_values), .args = VERB_EXACT, .arg_count = 1, .run = run_set,
};
