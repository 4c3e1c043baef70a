/* cmd_secret_inspect.c - secret inspect */
#include "base/str.h"
#include "cli/format.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "codec/json.h"
#include "codec/json_out.h"
#include "codec/template.h"
#include "engine/secret.h"

#include <stdio.h>

struct inspect_values {
	char *format;
	bool pretty, show;
};

static int look_up(struct engine *engine, const char *word, const struct inspect_values *v, struct json *list, struct err *err)
{
	auto_ptr(secret) secret = NULL;
	auto_val(secret_data) data = { 0 };
	if (secret_find(engine, word, &secret, err) < 0 || (v->show && secret_driver_lookup(engine, secret, &data, err) < 0))
		return err_wrap(err, "inspecting secret");
	json_add(list, secret_view_new(engine, secret, v->show ? &data : NULL));
	return 0;
}

/* COMPAT: a label without a value is its key alone. */
static void add_labels(const struct json *labels, struct str *out)
{
	for (struct json_iter it = json_iter(labels); json_next(&it);) {
		const char *value = json_str(it.value, "");
		str_addf(out, " - %s%s%s\n", it.name, *value ? "=" : "", value);
	}
}

static void add_pretty(const struct json *view, struct str *out)
{
	const struct json *spec = json_get(view, "Spec");
	str_addf(out, "ID:              %s\nName:              %s\n", json_get_str(view, "ID", ""), json_get_str(spec, "Name", ""));
	if (json_len(json_get(spec, "Labels"))) {
		str_add(out, "Labels:\n");
		add_labels(json_get(spec, "Labels"), out);
	}
	str_addf(out, "Driver:            %s\n", json_get_str(json_get(spec, "Driver"), "Name", ""));
	str_add(out, "Created at:        ");
	template_value(out, json_get(view, "CreatedAt"));
	str_add(out, "\nUpdated at:        ");
	template_value(out, json_get(view, "UpdatedAt"));
	str_add_char(out, '\n');
}

static int print(const struct inspect_values *v, const struct json *list, struct err *err)
{
	static const struct json_style style = { .indent = "    ", .html = true };
	auto_str out = { 0 };
	bool table;
	auto_free char *clean = format_clean_dup(v->format ? v->format : "", &table);
	for (size_t i = 0; i < json_len(list) && (v->pretty || v->format); i++) {
		if (v->pretty)
			add_pretty(json_at(list, i), &out);
		else if (format_render("inspect", clean, json_at(list, i), &out, err) < 0)
			return -1;
		if (!v->pretty && !str_ends(clean, "\n"))
			str_add_char(&out, '\n');
	}
	if (!v->pretty && !v->format) {
		json_write(&out, list, &style);
		str_add_char(&out, '\n');
	}
	session_put(str_text(&out));
	return 0;
}

static int run_inspect(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct inspect_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_ptr(json) list = json_array_new();
	int code = 0;
	/* a driver's programs read what the user of the namespace wrote */
	if (session_open(cli, v->show ? ENGINE_WRITE : ENGINE_READ, &engine, err) < 0)
		return -1;
	struct err first = { 0 };
	for (char **word = words; *word; word++) { /* what is found is printed; the rest is told after */
		struct err why = { 0 };
		if (look_up(engine, *word, v, list, &why) < 0 && !first.kind)
			first = why;
	}
	if (print(v, list, err) < 0)
		return -1;
	if (first.kind)
		session_report(&first, &code);
	return code;
}

#define AT(member) FLAG_AT(struct inspect_values, member)
static const struct flag rows[] = {
	{ "format", 'f', FLAG_STRING, AT(format), .help = "Print through a Go template" },
	{ "pretty", 0, FLAG_BOOL, AT(pretty), .help = "Print for people" },
	{ "showsecret", 0, FLAG_BOOL, AT(show), .help = "Show what the secret hides, too" },
};
static const struct flag_group groups[] = { { rows, ARRAY_LEN(rows), 0 }, { 0 } };
const struct verb cmd_secret_inspect_verb = {
	.about = "Shows everything about secrets, by name or ID; what they hide only with --showsecret.",
	.groups = groups, .values_size = sizeof(struct inspect_values), .args = VERB_MIN, .arg_count = 1, .run = run_inspect,
};
