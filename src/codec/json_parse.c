/* json_parse.c - see json_parse.h. Recursive descent; the depth limit bounds the C stack. */
#include "codec/json_parse.h"

#include "base/limits.h"
#include "base/str.h"
#include "codec/utf8.h"

#include <stdio.h>

struct parser {
	const char *start, *p, *end;
	unsigned depth, max_depth, flags;
	unsigned values, objects;
	struct str text; /* of the string or number read last */
	struct err *err;
};

static int parse_value(struct parser *ps, struct json **ret);

static int fail(struct parser *ps, enum err_kind kind, const char *what)
{
	size_t line = 1, column = 1;

	for (const char *p = ps->start; p < ps->p; p++) {
		column = *p == '\n' ? 1 : column + 1;
		line += *p == '\n';
	}
	return err_set(ps->err, kind, "not valid JSON at line %zu, column %zu: %s", line, column, what);
}

static int fail_byte(struct parser *ps, const char *expected)
{
	char what[96];
	unsigned char c = ps->p < ps->end ? (unsigned char)*ps->p : 0;

	if (ps->p >= ps->end)
		snprintf(what, sizeof(what), "it ends where %s is expected", expected);
	else if (c > ' ' && c < 0x7F)
		snprintf(what, sizeof(what), "'%c' where %s is expected", c, expected);
	else
		snprintf(what, sizeof(what), "byte 0x%02x where %s is expected", c, expected);
	return fail(ps, ERR_INVALID, what);
}

static void skip_space(struct parser *ps)
{
	while (ps->p < ps->end && (*ps->p == ' ' || *ps->p == '\t' || *ps->p == '\n' || *ps->p == '\r'))
		ps->p++;
}

static bool accept(struct parser *ps, char c)
{
	if (ps->p >= ps->end || *ps->p != c)
		return false;
	ps->p++;
	return true;
}

static int parse_hex4(struct parser *ps, uint32_t *ret)
{
	uint32_t v = 0;

	for (int i = 0; i < 4; i++, ps->p++) {
		char c = ps->p < ps->end ? *ps->p : 0;

		if (c >= '0' && c <= '9')
			v = v << 4 | (uint32_t)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			v = v << 4 | (uint32_t)((c | 0x20) - 'a' + 10);
		else
			return fail_byte(ps, "a hexadecimal digit");
	}
	*ret = v;
	return 0;
}

/* after "\u": one escape, or two that make a pair */
static int parse_unicode(struct parser *ps)
{
	uint32_t high = 0, low = 0;
	const char *after;

	if (parse_hex4(ps, &high) < 0)
		return -1;
	after = ps->p;
	if (high >= 0xD800 && high < 0xDC00 && accept(ps, '\\') && accept(ps, 'u')) {
		if (parse_hex4(ps, &low) < 0)
			return -1;
		if (low >= 0xDC00 && low < 0xE000) {
			utf8_add(&ps->text, 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00));
			return 0;
		}
	}
	ps->p = after;
	utf8_add(&ps->text, high >= 0xD800 && high < 0xE000 ? UTF8_REPLACEMENT : high);
	return 0;
}

static int parse_escape(struct parser *ps)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *found;

	if (accept(ps, 'u'))
		return parse_unicode(ps);
	found = ps->p < ps->end && *ps->p ? strchr(from, *ps->p) : NULL;
	if (!found)
		return fail_byte(ps, "one of \"\\/bfnrtu after a backslash");
	str_add_char(&ps->text, to[found - from]);
	ps->p++;
	return 0;
}

/* the bytes up to the next quote, backslash or control character, checked as UTF-8 */
static int parse_plain(struct parser *ps)
{
	const char *p = ps->p, *end = ps->end;
	uint32_t rune;
	size_t n = 1;

	for (; p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20 && n; p += n)
		n = (unsigned char)*p < 0x80 ? 1 : utf8_decode(p, (size_t)(end - p), &rune);
	str_add_mem(&ps->text, ps->p, (size_t)(p - ps->p));
	ps->p = p;
	return n ? 0 : fail(ps, ERR_INVALID, "bytes in a string that are not UTF-8");
}

static int parse_string(struct parser *ps)
{
	str_cut(&ps->text, 0);
	if (!accept(ps, '"'))
		return fail_byte(ps, "a string");
	for (;;) {
		if (parse_plain(ps) < 0)
			return -1;
		if (accept(ps, '"'))
			return 0;
		if (!accept(ps, '\\'))
			return fail_byte(ps, "the end of a string");
		if (parse_escape(ps) < 0)
			return -1;
	}
}

static bool accept_digits(struct parser *ps)
{
	const char *from = ps->p;

	while (ps->p < ps->end && *ps->p >= '0' && *ps->p <= '9')
		ps->p++;
	return ps->p > from;
}

static int parse_number(struct parser *ps, struct json **ret)
{
	const char *from = ps->p;

	accept(ps, '-');
	if (!accept(ps, '0') && !accept_digits(ps))
		return fail_byte(ps, "a digit");
	if (accept(ps, '.') && !accept_digits(ps))
		return fail_byte(ps, "a digit");
	if (accept(ps, 'e') || accept(ps, 'E')) {
		if (!accept(ps, '+'))
			accept(ps, '-');
		if (!accept_digits(ps))
			return fail_byte(ps, "a digit");
	}
	str_cut(&ps->text, 0);
	str_add_mem(&ps->text, from, (size_t)(ps->p - from));
	*ret = json_number_new(str_text(&ps->text));
	return 0;
}

static int parse_array(struct parser *ps, struct json **ret)
{
	auto_ptr(json) array = json_array_new();

	skip_space(ps);
	if (!accept(ps, ']')) {
		do {
			struct json *item = NULL;

			if (parse_value(ps, &item) < 0)
				return -1;
			json_add(array, item);
			skip_space(ps);
		} while (accept(ps, ','));
		if (!accept(ps, ']'))
			return fail_byte(ps, "',' or ']'");
	}
	*ret = take_ptr(array);
	return 0;
}

static int parse_member(struct parser *ps, struct json *object)
{
	struct json *value = NULL;
	auto_free char *name = NULL;

	skip_space(ps);
	if (ps->p >= ps->end || *ps->p != '"')
		return fail_byte(ps, "a member's name in double quotes");
	if (parse_string(ps) < 0)
		return -1;
	if (strlen(str_text(&ps->text)) != ps->text.len)
		return fail(ps, ERR_INVALID, "a NUL in a member's name");
	name = mem_strdup(str_text(&ps->text));
	if ((ps->flags & JSON_PARSE_UNIQUE) && json_has(object, name)) {
		fail(ps, ERR_INVALID, "a member for the second time");
		return err_wrap(ps->err, "member '%.64s'", name);
	}
	skip_space(ps);
	if (!accept(ps, ':'))
		return fail_byte(ps, "':'");
	if (parse_value(ps, &value) < 0)
		return -1;
	json_set(object, name, value);
	return 0;
}

static int parse_object(struct parser *ps, struct json **ret)
{
	auto_ptr(json) object = NULL;

	/* what is small as text must stay so in memory */
	if (++ps->objects > LIMIT_JSON_OBJECTS)
		return fail(ps, ERR_LIMIT, "more objects than allowed");
	object = json_object_new();
	skip_space(ps);
	if (!accept(ps, '}')) {
		do {
			if (parse_member(ps, object) < 0)
				return -1;
			skip_space(ps);
		} while (accept(ps, ','));
		if (!accept(ps, '}'))
			return fail_byte(ps, "',' or '}'");
	}
	*ret = take_ptr(object);
	return 0;
}

static int parse_nested(struct parser *ps, struct json **ret)
{
	int r;

	if (++ps->depth > ps->max_depth)
		return fail(ps, ERR_LIMIT, "arrays and objects nested deeper than allowed");
	r = *ps->p++ == '[' ? parse_array(ps, ret) : parse_object(ps, ret);
	ps->depth--;
	return r;
}

static int parse_word(struct parser *ps, struct json **ret)
{
	static const char *const words[] = { "true", "false", "null" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		size_t len = strlen(words[i]);

		if ((size_t)(ps->end - ps->p) < len || memcmp(ps->p, words[i], len) != 0)
			continue;
		ps->p += len;
		*ret = i < 2 ? json_bool_new(i == 0) : NULL;
		return 0;
	}
	return fail_byte(ps, "a value");
}

static int parse_value(struct parser *ps, struct json **ret)
{
	if (++ps->values > LIMIT_JSON_VALUES)
		return fail(ps, ERR_LIMIT, "more values than allowed");
	skip_space(ps);
	if (ps->p >= ps->end)
		return fail_byte(ps, "a value");
	if (*ps->p == '[' || *ps->p == '{')
		return parse_nested(ps, ret);
	if (*ps->p == '-' || (*ps->p >= '0' && *ps->p <= '9'))
		return parse_number(ps, ret);
	if (*ps->p != '"')
		return parse_word(ps, ret);
	if (parse_string(ps) < 0)
		return -1;
	*ret = json_str_len_new(str_text(&ps->text), ps->text.len);
	return 0;
}

int json_parse(const char *data, size_t len, unsigned max_depth, unsigned flags, struct json **ret, struct err *err)
{
	struct parser ps = { .start = data, .p = data, .end = data + len, .max_depth = max_depth, .flags = flags, .err = err };
	auto_ptr(json) value = NULL;
	int r = parse_value(&ps, &value);

	if (r >= 0) {
		skip_space(&ps);
		if (ps.p < ps.end)
			r = fail_byte(&ps, "the end");
	}
	str_done(&ps.text);
	if (r < 0)
		return r;
	*ret = take_ptr(value);
	return 0;
}

int json_parse_object(const char *data, size_t len, unsigned max_depth, unsigned flags, struct json **ret,
		      struct err *err)
{
	auto_ptr(json) value = NULL;

	if (json_parse(data, len, max_depth, flags, &value, err) < 0)
		return -1;
	if (json_kind(value) != JSON_OBJECT)
		return err_set(err, ERR_INVALID, "%s where a JSON object is expected", json_kind_name(json_kind(value)));
	*ret = take_ptr(value);
	return 0;
}
