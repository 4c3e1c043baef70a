/* json_out.c - see json_out.h */
#include "codec/json_out.h"

#include "base/str.h"
#include "codec/utf8.h"

#include <inttypes.h>

const struct json_style json_style_compact = { 0 };
const struct json_style json_style_indent4 = { .indent = "    " };
const struct json_style json_style_inspect = { .indent = "     " };

struct json_out json_out(struct str *out, const struct json_style *style)
{
	return (struct json_out){ .out = out, .style = style ? style : &json_style_compact, .fresh = true };
}

static void new_line(struct json_out *o)
{
	if (!o->style->indent && !o->style->prefix)
		return;
	str_add_char(o->out, '\n');
	str_add(o->out, o->style->prefix ? o->style->prefix : "");
	for (unsigned i = 0; i < o->depth; i++)
		str_add(o->out, o->style->indent ? o->style->indent : "");
}

/* what stands before a value: comma, line, name */
static void begin(struct json_out *o, const char *name)
{
	if (!o->fresh)
		str_add_char(o->out, ',');
	o->fresh = false;
	if (o->depth > 0)
		new_line(o);
	if (!name)
		return;
	json_quote(o->out, name, strlen(name), o->style->html);
	str_add(o->out, o->style->indent || o->style->prefix ? ": " : ":");
}

static void open_container(struct json_out *o, const char *name, char bracket)
{
	begin(o, name);
	str_add_char(o->out, bracket);
	o->depth++;
	o->fresh = true;
}

static void close_container(struct json_out *o, char bracket)
{
	bool spread = o->fresh && o->style->spread && bracket == '}';
	if (spread)
		new_line(o);
	o->depth--;
	if (!o->fresh || spread)
		new_line(o);
	str_add_char(o->out, bracket);
	o->fresh = false;
}

void json_out_open_object(struct json_out *o, const char *name)
{
	open_container(o, name, '{');
}

void json_out_close_object(struct json_out *o)
{
	close_container(o, '}');
}

void json_out_open_array(struct json_out *o, const char *name)
{
	open_container(o, name, '[');
}

void json_out_close_array(struct json_out *o)
{
	close_container(o, ']');
}

void json_out_null(struct json_out *o, const char *name)
{
	begin(o, name);
	str_add(o->out, "null");
}

void json_out_str(struct json_out *o, const char *name, const char *text)
{
	if (!text) {
		json_out_null(o, name);
		return;
	}
	begin(o, name);
	json_quote(o->out, text, strlen(text), o->style->html);
}

void json_out_bool(struct json_out *o, const char *name, bool value)
{
	begin(o, name);
	str_add(o->out, value ? "true" : "false");
}

void json_out_i64(struct json_out *o, const char *name, int64_t value)
{
	begin(o, name);
	str_addf(o->out, "%" PRId64, value);
}

void json_out_u64(struct json_out *o, const char *name, uint64_t value)
{
	begin(o, name);
	str_addf(o->out, "%" PRIu64, value);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(((const struct json_iter *)a)->name, ((const struct json_iter *)b)->name);
}

static void write_members(struct json_out *o, const struct json *object)
{
	size_t count = json_len(object), n = 0;
	auto_free struct json_iter *members = NULL;

	if (!o->style->sorted) {
		for (struct json_iter it = json_iter(object); json_next(&it);)
			json_out_value(o, it.name, it.value);
		return;
	}
	members = mem_array(count + 1, sizeof(*members));
	for (struct json_iter it = json_iter(object); json_next(&it);)
		members[n++] = it;
	qsort(members, n, sizeof(*members), compare_names);
	for (size_t i = 0; i < n; i++)
		json_out_value(o, members[i].name, members[i].value);
}

void json_out_value(struct json_out *o, const char *name, const struct json *value)
{
	const char *text;
	size_t len;

	switch (json_kind(value)) {
	case JSON_NULL: json_out_null(o, name); return;
	case JSON_BOOL: json_out_bool(o, name, json_bool(value, false)); return;
	case JSON_NUMBER:
		begin(o, name);
		json_number_text(value, o->out);
		return;
	case JSON_STRING:
		text = json_str_bytes(value, &len);
		begin(o, name);
		json_quote(o->out, text, len, o->style->html);
		return;
	case JSON_ARRAY:
		json_out_open_array(o, name);
		for (size_t i = 0, n = json_len(value); i < n; i++)
			json_out_value(o, NULL, json_at(value, i));
		json_out_close_array(o);
		return;
	case JSON_OBJECT:
		json_out_open_object(o, name);
		write_members(o, value);
		json_out_close_object(o);
		return;
	}
}

void json_write(struct str *out, const struct json *value, const struct json_style *style)
{
	struct json_out o = json_out(out, style);

	json_out_value(&o, NULL, value);
}

static void quote_ascii(struct str *out, char c, bool html)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *found = c ? strchr(from, c) : NULL;

	if (found) {
		str_add_char(out, '\\');
		str_add_char(out, to[found - from]);
	} else if ((unsigned char)c < 0x20 || (html && (c == '<' || c == '>' || c == '&'))) {
		str_addf(out, "\\u%04x", (unsigned)c);
	} else {
		str_add_char(out, c);
	}
}

/* SPEC Go encoding/json: U+2028 and U+2029 are always escaped, for those who paste JSON into JavaScript */
void json_quote(struct str *out, const char *text, size_t len, bool html)
{
	uint32_t rune;

	str_add_char(out, '"');
	for (size_t i = 0; i < len;) {
		size_t n = utf8_decode(text + i, len - i, &rune);

		if (n == 0)
			str_add(out, "\\ufffd");
		else if (n == 1)
			quote_ascii(out, text[i], html);
		else if (rune == 0x2028 || rune == 0x2029)
			str_addf(out, "\\u%04x", rune);
		else
			str_add_mem(out, text + i, n);
		i += n ? n : 1;
	}
	str_add_char(out, '"');
}
