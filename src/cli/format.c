/* format.c - see format.h */
#include "cli/format.h"

#include "codec/json.h"
#include "codec/json_out.h"
#include "codec/utf8.h"

enum { COLUMN_MIN = 12, COLUMN_GAP = 2, COLUMNS_MAX = 64 };

char *format_clean_dup(const char *format, bool *ret_table)
{
	auto_str out = { 0 };
	*ret_table = false;
	while (*format == ' ')
		format++;
	const char *rest = str_after(format, "table");
	if (rest && (*rest == ' ' || *rest == '\t' || (rest[0] == '\\' && rest[1] == 't') || !*rest)) {
		*ret_table = true;
		for (format = rest; *format == ' ' || *format == '\t'; format++)
			;
	}
	for (const char *p = format; *p; p++) {
		bool escape = p[0] == '\\' && (p[1] == 't' || p[1] == 'n');
		str_add_char(&out, !escape ? *p : p[1] == 't' ? '\t' : '\n');
		p += escape;
	}
	return str_take(&out);
}

/* --- values --- */

static void add_list(struct str *out, const struct json *value)
{
	str_add_char(out, '[');
	for (size_t i = 0; i < json_len(value); i++) {
		if (i)
			str_add_char(out, ' ');
		format_value(out, json_at(value, i));
	}
	str_add_char(out, ']');
}

/* Go prints maps in order of their keys */
static void add_map(struct str *out, const struct json *value)
{
	auto_strv names = NULL;
	for (struct json_iter it = json_iter(value); json_next(&it);)
		strv_add(&names, it.name);
	strv_sort(names);
	str_add(out, "map[");
	for (char **name = names; name && *name; name++) {
		str_addf(out, "%s%s:", name == names ? "" : " ", *name);
		format_value(out, json_get(value, *name));
	}
	str_add_char(out, ']');
}

void format_value(struct str *out, const struct json *value)
{
	switch (json_kind(value)) {
	case JSON_NULL:
		str_add(out, "<nil>");
		return;
	case JSON_BOOL:
		str_add(out, json_bool(value, false) ? "true" : "false");
		return;
	case JSON_NUMBER:
		json_number_text(value, out);
		return;
	case JSON_STRING:
		str_add(out, json_str(value, ""));
		return;
	case JSON_ARRAY:
		add_list(out, value);
		return;
	case JSON_OBJECT:
		add_map(out, value);
		return;
	}
}

/* --- templates --- */

static int no_field(const char *name, const char *path, struct err *err)
{
	return err_set(err, ERR_USAGE, "template: %s: executing \"%s\" at <%s>: can't evaluate field %s", name, name, path,
		       path[strspn(path, ".")] ? strrchr(path, '.') + 1 : path);
}

/* path: ".A.B" or "." */
static int find(const char *name, const char *path, const struct json *value, const struct json **ret, struct err *err)
{
	if (*path != '.')
		return err_set(err, ERR_UNSUPPORTED, "--format: '%s' is not done yet: fields (.Name) and 'json .Name' are", path);
	auto_strv parts = strv_split(path + 1, '.');
	for (char **part = parts; part && *part; part++) {
		if (json_kind(value) != JSON_OBJECT || !json_has(value, *part))
			return no_field(name, path, err);
		value = json_get(value, *part);
	}
	*ret = value;
	return 0;
}

static int run_action(const char *name, char *text, const struct json *value, struct str *out, struct err *err)
{
	const struct json *found;
	while (*text == ' ' || *text == '-')
		text++;
	for (size_t n = strlen(text); n && (text[n - 1] == ' ' || text[n - 1] == '-'); n--)
		text[n - 1] = 0;
	size_t len = strlen(text);
	if (len >= 2 && text[0] == '"' && text[len - 1] == '"') {
		str_add_mem(out, text + 1, len - 2);
		return 0;
	}
	const char *arg = str_after(text, "json ");
	if (arg) {
		while (*arg == ' ')
			arg++;
		if (find(name, arg, value, &found, err) < 0)
			return -1;
		json_write(out, found, &json_style_compact);
		return 0;
	}
	if (strchr(text, ' ') || strchr(text, '|'))
		return err_set(err, ERR_UNSUPPORTED, "--format: '{{%s}}' is not done yet: fields ({{.Name}}) and {{json .Name}} are", text);
	if (find(name, text, value, &found, err) < 0)
		return -1;
	format_value(out, found);
	return 0;
}

int format_render(const char *name, const char *format, const struct json *value, struct str *out, struct err *err)
{
	for (const char *p = format; *p;) {
		const char *open = strstr(p, "{{");
		if (!open) {
			str_add(out, p);
			break;
		}
		str_add_mem(out, p, (size_t)(open - p));
		const char *close = strstr(open, "}}");
		if (!close)
			return err_set(err, ERR_USAGE, "template: %s:1: unclosed action", name);
		auto_free char *action = mem_strndup(open + 2, (size_t)(close - open - 2));
		if (run_action(name, action, value, out, err) < 0)
			return -1;
		p = close + 2;
	}
	return 0;
}

/* --- columns --- */

static size_t cell_end(const char *p)
{
	return strcspn(p, "\t\n");
}

void format_columns(struct str *out, const char *lines)
{
	size_t widths[COLUMNS_MAX] = { 0 };
	size_t column = 0;
	for (const char *p = lines; *p;) {
		size_t len = cell_end(p), wide = utf8_count(p, len) + COLUMN_GAP;
		if (p[len] == '\t' && column < COLUMNS_MAX)
			widths[column] = wide > widths[column] ? wide : widths[column];
		column = p[len] == '\t' ? column + 1 : 0;
		p += len + (p[len] ? 1 : 0);
	}
	column = 0;
	for (const char *p = lines; *p;) {
		size_t len = cell_end(p), wide = utf8_count(p, len);
		str_add_mem(out, p, len);
		if (p[len] == '\t') {
			size_t width = column < COLUMNS_MAX && widths[column] > COLUMN_MIN ? widths[column] : COLUMN_MIN;
			str_addf(out, "%*s", (int)(width > wide ? width - wide : COLUMN_GAP), "");
			column++;
		} else {
			if (p[len])
				str_add_char(out, '\n');
			column = 0;
		}
		p += len + (p[len] ? 1 : 0);
	}
}
