/* toml.c - keys and tables; see toml.h */
#include <string.h>

#include "base/limits.h"
#include "codec/toml_priv.h"
#include "codec/utf8.h"

enum { KEY_PARTS_MAX = 32 };

int toml_fail(struct toml_reader *r, const char *what)
{
	return err_set(r->err, ERR_INVALID, "line %u: %s", r->line, what);
}

void toml_blank(struct toml_reader *r)
{
	while (toml_peek(r) == ' ' || toml_peek(r) == '\t')
		r->p++;
}

static int comment(struct toml_reader *r)
{
	while (r->p < r->end && *r->p != '\n') {
		if (((unsigned char)*r->p < ' ' && *r->p != '\t' && *r->p != '\r') || *r->p == 0x7f)
			return toml_fail(r, "a control character in a comment");
		r->p++;
	}
	return 0;
}

int toml_blank_lines(struct toml_reader *r)
{
	for (;;) {
		toml_blank(r);
		if (toml_peek(r) == '#') {
			if (comment(r) < 0)
				return -1;
		} else if (toml_peek(r) == '\n') {
			r->line++;
			r->p++;
		} else if (r->end - r->p >= 2 && r->p[0] == '\r' && r->p[1] == '\n') {
			r->p++;
		} else {
			return 0;
		}
	}
}

/* Nothing but a comment until the line ends. */
static int end_line(struct toml_reader *r)
{
	toml_blank(r);
	if (toml_peek(r) == '#' && comment(r) < 0)
		return -1;
	if (toml_peek(r) == '\r')
		r->p++;
	return r->p >= r->end || *r->p == '\n' ? 0 : toml_fail(r, "the end of the line is expected");
}

/* ---- what may not be changed any more ---- */

void toml_seal(struct toml_reader *r, const struct json *value)
{
	r->sealed = mem_resize(r->sealed, r->sealed_count + 1, sizeof(*r->sealed));
	r->sealed[r->sealed_count++] = value;
}

static bool is_sealed(const struct toml_reader *r, const struct json *value)
{
	for (size_t i = 0; i < r->sealed_count; i++)
		if (r->sealed[i] == value)
			return true;
	return false;
}

/* ---- keys ---- */

static int key_part(struct toml_reader *r, char **ret)
{
	auto_str text = { 0 };
	char c = toml_peek(r);

	if (c == '"' || c == '\'') {
		if (toml_quoted(r, &text) < 0)
			return -1;
		*ret = str_take(&text);
		return 0;
	}
	while ((c = toml_peek(r)) && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-')) {
		str_add_char(&text, c);
		r->p++;
	}
	if (!text.len)
		return toml_fail(r, "a key is expected");
	*ret = str_take(&text);
	return 0;
}

/* a."b c".d */
static int key(struct toml_reader *r, char ***ret)
{
	auto_strv parts = NULL;

	for (;;) {
		char *part = NULL;

		toml_blank(r);
		if (key_part(r, &part) < 0)
			return -1;
		strv_add_take(&parts, part);
		if (strv_len(parts) > KEY_PARTS_MAX)
			return toml_fail(r, "a key has too many parts");
		toml_blank(r);
		if (toml_peek(r) != '.')
			break;
		r->p++;
	}
	*ret = take_ptr(parts);
	return 0;
}

/* The table called name in `table`, made when missing; the last of an array of tables. */
static int step_into(struct toml_reader *r, struct json *table, const char *name, struct json **ret)
{
	struct json *next = json_get(table, name);

	if (!next && !json_has(table, name)) {
		next = json_object_new();
		json_set(table, name, next);
	}
	if (next && is_sealed(r, next))
		return toml_fail(r, "a table that is complete is added to");
	if (json_kind(next) == JSON_ARRAY)
		next = json_at(next, json_len(next) - 1);
	if (json_kind(next) != JSON_OBJECT)
		return toml_fail(r, "a key that has a value already is used as a table");
	*ret = next;
	return 0;
}

/* Of an array of tables each element has a line of its own. */
static void note_element(struct toml_reader *r, size_t index)
{
	if (!r->lines)
		return;
	auto_free char *name = mem_printf("%s[%zu]", r->table, index);
	json_set(r->lines, name, json_u64_new(r->line));
}

static void note_line(struct toml_reader *r, char *const *parts)
{
	if (!r->lines || r->depth)
		return;
	auto_free char *key = strv_join(parts, "."), *name = r->table ? mem_printf("%s.%s", r->table, key) : mem_strdup(key);
	json_set(r->lines, name, json_u64_new(r->line));
}

int toml_pair(struct toml_reader *r, struct json *table)
{
	auto_strv parts = NULL;
	struct json *value = NULL;
	size_t last;

	if (key(r, &parts) < 0)
		return -1;
	if (toml_peek(r) != '=')
		return toml_fail(r, "'=' is expected");
	r->p++;
	toml_blank(r);
	last = strv_len(parts) - 1;
	for (size_t i = 0; i < last; i++)
		if (step_into(r, table, parts[i], &table) < 0)
			return -1;
	if (json_has(table, parts[last]))
		return toml_fail(r, "a key is set twice");
	note_line(r, parts);
	if (toml_value(r, &value) < 0)
		return -1;
	json_set(table, parts[last], value);
	return 0;
}

/* ---- [table] and [[array of tables]] ---- */

static int one_more(struct toml_reader *r, struct json *table, const char *name, struct json **ret)
{
	struct json *list = json_get(table, name), *item;

	if (!list) {
		list = json_array_new();
		json_set(table, name, list);
	}
	if (json_kind(list) != JSON_ARRAY || is_sealed(r, list))
		return toml_fail(r, "a key that has a value already is used as an array of tables");
	if (++r->values > TOML_VALUES_MAX)
		return err_set(r->err, ERR_LIMIT, "line %u: more than %d values", r->line, TOML_VALUES_MAX);
	item = json_object_new();
	json_add(list, item);
	*ret = item;
	return 0;
}

static int header(struct toml_reader *r, struct json *root, const struct json ***defined, size_t *defined_count, struct json **ret)
{
	auto_strv parts = NULL;
	bool is_array = r->end - r->p >= 2 && r->p[1] == '[';
	struct json *table = root;
	size_t last;

	r->p += is_array ? 2 : 1;
	if (key(r, &parts) < 0)
		return -1;
	if (toml_peek(r) != ']' || (is_array && (r->end - r->p < 2 || r->p[1] != ']')))
		return toml_fail(r, "']' is expected");
	r->p += is_array ? 2 : 1;
	free(r->table);
	r->table = NULL;
	note_line(r, parts);
	r->table = strv_join(parts, ".");
	last = strv_len(parts) - 1;
	for (size_t i = 0; i < last; i++)
		if (step_into(r, table, parts[i], &table) < 0)
			return -1;
	if (is_array) {
		if (one_more(r, table, parts[last], ret) < 0)
			return -1;
		note_element(r, json_len(json_get(table, parts[last])) - 1);
		return end_line(r);
	}
	if (json_kind(json_get(table, parts[last])) == JSON_ARRAY || step_into(r, table, parts[last], ret) < 0)
		return r->err->kind ? -1 : toml_fail(r, "an array is used as a table");
	for (size_t i = 0; i < *defined_count; i++)
		if ((*defined)[i] == *ret)
			return toml_fail(r, "a table is defined twice");
	*defined = mem_resize(*defined, *defined_count + 1, sizeof(**defined));
	(*defined)[(*defined_count)++] = *ret;
	return end_line(r);
}

static int lines(struct toml_reader *r, struct json *root, const struct json ***defined)
{
	size_t defined_count = 0;
	struct json *table = root;

	for (;;) {
		if (toml_blank_lines(r) < 0)
			return -1;
		if (r->p >= r->end)
			return 0;
		if (toml_peek(r) == '[') {
			if (header(r, root, defined, &defined_count, &table) < 0)
				return -1;
		} else if (toml_pair(r, table) < 0 || end_line(r) < 0) {
			return -1;
		}
	}
}

static int document(struct toml_reader *r, struct json *root)
{
	const struct json **defined = NULL;
	int rc = lines(r, root, &defined);

	free(defined);
	return rc;
}

static int check_text(struct toml_reader *r)
{
	for (const char *p = r->p; p < r->end;) {
		uint32_t rune;
		size_t n = *p > 0 ? 1 : utf8_decode(p, (size_t)(r->end - p), &rune); /* most files are ASCII alone */

		if (!n || (*p <= 0 && !rune)) {
			for (const char *q = r->p; q < p; q++)
				r->line += *q == '\n';
			return toml_fail(r, "a byte that is not UTF-8 text");
		}
		p += n;
	}
	return 0;
}

static int parse(const char *data, size_t len, struct json *lines, struct json **ret, struct err *err)
{
	auto_ptr(json) root = json_object_new();
	struct toml_reader r = { .p = data, .end = data + len, .line = 1, .lines = lines, .err = err };
	int rc;

	if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0)
		r.p += 3;
	rc = check_text(&r) < 0 ? -1 : document(&r, root);
	free(r.sealed);
	free(r.table);
	if (rc < 0)
		return -1;
	*ret = take_ptr(root);
	return 0;
}

int toml_parse(const char *data, size_t len, struct json **ret, struct err *err)
{
	return parse(data, len, NULL, ret, err);
}

int toml_parse_lines(const char *data, size_t len, struct json **ret, struct json **ret_lines, struct err *err)
{
	auto_ptr(json) lines = json_object_new();

	if (parse(data, len, lines, ret, err) < 0)
		return -1;
	*ret_lines = take_ptr(lines);
	return 0;
}
