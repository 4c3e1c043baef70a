/* cmd_config.c - config show: every key of containers.conf, its value, and the file and line that said it */
#include "base/str.h"
#include "cli/listing.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "codec/json.h"
#include "codec/json_out.h"

#include <unistd.h>

struct show_values {
	bool origin, set;
	char *format;
};

struct row {
	const struct conf_key *key;
	const struct conf_value *value; /* NULL: no file says it */
};

static char *key_text(const void *row)
{
	return mem_strdup(((const struct row *)row)->key->name);
}

/* As it would be written. */
static char *value_text(const void *row)
{
	const struct row *r = row;
	auto_str out = { 0 };
	if (!r->value)
		return mem_strdup(r->key->def ? r->key->def : "");
	if (r->key->type != CONF_LIST && r->key->type != CONF_TABLE)
		return mem_strdup(r->value->words ? r->value->words[0] : "");
	str_add_char(&out, '[');
	for (char **word = r->value->words; word && *word; word++) {
		str_add(&out, word == r->value->words ? "" : ", ");
		json_quote(&out, *word, strlen(*word), false);
	}
	str_add_char(&out, ']');
	return str_take(&out);
}

static char *origin_text(const void *row)
{
	const struct row *r = row;
	return r->value ? mem_printf("%s:%u", r->value->file, r->value->line) : mem_strdup("default");
}

static char *effect_text(const void *row)
{
	const struct conf_key *key = ((const struct row *)row)->key;
	static const char *const words[] = { [CONF_USED] = "used", [CONF_NO_EFFECT] = "none: ", [CONF_NOT_YET] = "not yet: " };
	return mem_printf("%s%s", words[key->use], key->why ? key->why : "");
}

static const struct listing_field fields[] = {
	{ "Key", NULL, key_text, NULL },
	{ "Value", NULL, value_text, NULL },
	{ "Origin", NULL, origin_text, NULL },
	{ "Effect", NULL, effect_text, NULL },
};

/* "containers" stands for all of its keys. */
static bool is_asked(char *const *words, const char *name)
{
	for (char *const *word = words; *word; word++) {
		size_t len = strlen(*word);
		if (strncmp(name, *word, len) == 0 && (!name[len] || name[len] == '.'))
			return true;
	}
	return !*words;
}

static int check_words(char *const *words, struct err *err)
{
	for (; *words; words++) {
		bool any = false;
		char *one[] = { *words, NULL };
		for (const struct conf_key *key = conf_containers_keys; key->name && !any; key++)
			any = is_asked(one, key->name);
		if (!any)
			return err_set(err, ERR_USAGE, "containers.conf has no key or table \"%s\": config show lists them", *words);
	}
	return 0;
}

static int print_json(const struct row *rows, size_t count)
{
	auto_ptr(json) all = json_array_new();
	for (size_t i = 0; i < count; i++) {
		struct json *o = json_object_new();
		for (size_t k = 0; k < ARRAY_LEN(fields); k++) {
			auto_free char *text = fields[k].text(&rows[i]);
			json_set_str(o, fields[k].name, text);
		}
		json_add(all, o);
	}
	session_put_json(all, &json_style_indent4);
	return 0;
}

static int run_show(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct show_values *v = values;
	const struct conf_containers_opts opts = { .uid = getuid(), .modules = cli->globals.modules };
	auto_val(conf_containers) conf = { 0 };
	auto_free struct row *rows = NULL;
	auto_free const void **pointers = NULL;
	size_t count = 0;
	if (check_words(words, err) < 0 || conf_containers_read(&opts, &conf, err) < 0)
		return -1;
	for (const struct conf_key *key = conf_containers_keys; key->name; key++) {
		const struct conf_value *value = conf_containers_find(&conf, key->name);
		if (!is_asked(words, key->name) || (v->set && !value))
			continue;
		rows = mem_resize(rows, count + 1, sizeof(*rows));
		rows[count++] = (struct row){ .key = key, .value = value };
	}
	if (v->format && strcmp(v->format, "json") == 0)
		return print_json(rows, count);
	pointers = mem_array(count + 1, sizeof(*pointers));
	for (size_t i = 0; i < count; i++)
		pointers[i] = &rows[i];
	const struct listing listing = {
		.name = "config show", .fields = fields, .field_count = ARRAY_LEN(fields), .rows = pointers, .row_count = count,
		.columns = v->origin ? "Key\tValue\tOrigin\tEffect" : "Key\tValue",
	};
	return listing_print(&listing, v->format, err);
}

static const struct flag show_rows[] = {
	{ "format", 'f', FLAG_STRING, FLAG_AT(struct show_values, format), .help = "Print as JSON or through a Go template" },
	{ "origin", 'o', FLAG_BOOL, FLAG_AT(struct show_values, origin), .help = "Print the file and line of each value too, and what it does here" },
	{ "set", 's', FLAG_BOOL, FLAG_AT(struct show_values, set), .help = "Only what a file says" },
};
static const struct flag_group show_groups[] = { { show_rows, ARRAY_LEN(show_rows), 0 }, { 0 } };
const struct verb cmd_config_show_verb = {
	.about = "Prints what containers.conf says, all its files and modules together. KEY is a key, or a table for all of its keys.",
	.groups = show_groups, .values_size = sizeof(struct show_values), .args = VERB_ANY, .run = run_show,
};
