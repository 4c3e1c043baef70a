/* cmd_search.c - search: what registries have */
#include "base/str.h"
#include "cli/listing.h"
#include "cli/verbs.h"
#include "codec/json_out.h"
#include "engine/images_search.h"

#include <stdio.h>

struct search_values {
	char **filter;
	char *authfile, *cert_dir, *creds, *format;
	uint32_t limit;
	bool compatible, list_tags, no_trunc, tls_verify;
};

#define ROW(row) ((const struct images_search_row *)(row))

static char *text_index(const void *row)
{
	return mem_strdup(ROW(row)->index);
}
static char *text_name(const void *row)
{
	return mem_strdup(ROW(row)->name);
}
static char *text_description(const void *row)
{
	return mem_strdup(ROW(row)->description);
}
static char *text_stars(const void *row)
{
	return mem_printf("%d", ROW(row)->stars);
}
static struct json *value_stars(const void *row)
{
	return json_i64_new(ROW(row)->stars);
}
static char *text_official(const void *row)
{
	return mem_strdup(ROW(row)->official ? "[OK]" : "");
}
static char *text_automated(const void *row)
{
	return mem_strdup(ROW(row)->automated ? "[OK]" : "");
}
static char *text_tag(const void *row)
{
	return mem_strdup(ROW(row)->tag);
}

static const struct listing_field fields[] = {
	{ "Index", NULL, text_index },
	{ "Name", NULL, text_name },
	{ "Description", NULL, text_description },
	{ "Stars", NULL, text_stars, value_stars },
	{ "Official", NULL, text_official },
	{ "Automated", NULL, text_automated },
	{ "Tag", NULL, text_tag },
};

static void put_found(struct json_out *o, const struct images_search *found)
{
	for (size_t i = 0; i < found->count; i++) {
		const struct images_search_row *row = &found->rows[i];
		json_out_open_object(o, NULL);
		json_out_str(o, "Index", row->index);
		json_out_str(o, "Name", row->name);
		json_out_str(o, "Description", row->description);
		json_out_i64(o, "Stars", row->stars);
		json_out_str(o, "Official", row->official ? "[OK]" : "");
		json_out_str(o, "Automated", row->automated ? "[OK]" : "");
		json_out_str(o, "Tag", row->tag);
		json_out_close_object(o);
	}
}

/* All tags are of one repository. */
static void put_tags(struct json_out *o, const struct images_search *found)
{
	if (!found->count)
		return;
	json_out_open_object(o, NULL);
	json_out_str(o, "Name", found->rows[0].name);
	json_out_open_array(o, "Tags");
	for (size_t i = 0; i < found->count; i++)
		json_out_str(o, NULL, found->rows[i].tag);
	json_out_close_array(o);
	json_out_close_object(o);
}

static void print_json(const struct images_search *found, bool tags)
{
	auto_str text = { 0 };
	struct json_out o = json_out(&text, &json_style_indent4);
	json_out_open_array(&o, NULL);
	if (tags)
		put_tags(&o, found);
	else
		put_found(&o, found);
	json_out_close_array(&o);
	printf("%s\n", str_text(&text));
}

static int print_found(const struct images_search *found, const struct search_values *v, struct err *err)
{
	auto_free const void **rows = mem_array(found->count + 1, sizeof(void *));
	for (size_t i = 0; i < found->count; i++)
		rows[i] = &found->rows[i];
	const struct listing listing = {
		.name = "search", .fields = fields, .field_count = ARRAY_LEN(fields), .rows = rows, .row_count = found->count,
		.columns = v->list_tags ? "Name\tTag" : v->compatible ? "Name\tDescription\tStars\tOfficial\tAutomated" : "Name\tDescription",
	};
	/* COMPAT: nothing found, nothing printed */
	return found->count ? listing_print(&listing, v->format, err) : 0;
}

static int run_search(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct search_values *v = values;
	auto_val(images_search) found = { 0 };
	const struct images_search_opts opts = { .authfile = v->authfile, .creds = v->creds, .cert_dir = v->cert_dir,
						 .tls_verify = v->tls_verify, .tags = v->list_tags, .full_text = v->no_trunc,
						 .limit = v->limit, .filters = v->filter };
	(void)cli;
	if (!*words[0])
		return err_set(err, ERR_USAGE, "the search term is empty");
	if (images_search(words[0], &opts, &found, err) < 0)
		return -1;
	if (v->format && strcmp(v->format, "json") == 0) {
		print_json(&found, v->list_tags);
		return 0;
	}
	return print_found(&found, v, err);
}

static void search_init(void *values)
{
	*(struct search_values *)values = (struct search_values){ .tls_verify = true };
}

#define SEARCH(member) FLAG_AT(struct search_values, member)
static const struct flag search_rows[] = {
	{ "authfile", 0, FLAG_STRING, SEARCH(authfile), .help = "Path of the file with registry logins; REGISTRY_AUTH_FILE sets it too" },
	{ "cert-dir", 0, FLAG_STRING, SEARCH(cert_dir), .meta = "Pathname", .help = "Directory with TLS certificates and keys for the registry" },
	{ "compatible", 0, FLAG_BOOL, SEARCH(compatible), .help = "Show stars, official and automated too, as Docker does" },
	{ "creds", 0, FLAG_STRING, SEARCH(creds), .meta = "Credentials", .help = "Login for the registry (USERNAME:PASSWORD)" },
	{ "filter", 'f', FLAG_ARRAY, SEARCH(filter), .def = "[]", .help = "Show only what fits: stars=N, is-official, is-automated" },
	{ "format", 0, FLAG_STRING, SEARCH(format), .help = "Print as JSON or through a Go template" },
	{ "limit", 0, FLAG_UINT, SEARCH(limit), .meta = "int", .help = "Show at most so many of each registry (25)" },
	{ "list-tags", 0, FLAG_BOOL, SEARCH(list_tags), .help = "Show the tags of the repository that is named" },
	{ "no-trunc", 0, FLAG_BOOL, SEARCH(no_trunc), .help = "Show descriptions in full" },
	{ "tls-verify", 0, FLAG_BOOL, SEARCH(tls_verify), .def = "true", .help = "Require HTTPS and a valid certificate of the registry" },
};
static const struct flag_group search_groups[] = { { search_rows, ARRAY_LEN(search_rows), 0 }, { 0 } };
static const struct listing_fields fields_all = { fields, ARRAY_LEN(fields) };
const struct verb cmd_search_verb = {
	.fields = &fields_all,
	.about = "Searches registries for images, or a repository for its tags.",
	.groups = search_groups, .values_size = sizeof(struct search_values), .init = search_init, .args = VERB_EXACT, .arg_count = 1,
	.run = run_search,
};
