/* toml_value.c - the values of TOML; see toml.h */
#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "codec/toml_priv.h"
#include "codec/utf8.h"

/* ---- strings ---- */

static int hex_digits(struct toml_reader *r, unsigned count, uint32_t *ret)
{
	uint32_t v = 0;

	for (unsigned i = 0; i < count; i++) {
		char c = toml_peek(r);
		const char *at = c ? strchr("0123456789abcdef0123456789ABCDEF", c) : NULL;

		if (!at)
			return toml_fail(r, "a hexadecimal digit is expected");
		v = v << 4 | (uint32_t)((at - strchr("0123456789abcdef0123456789ABCDEF", '0')) & 15);
		r->p++;
	}
	*ret = v;
	return 0;
}

static int escape(struct toml_reader *r, struct str *out)
{
	static const char from[] = "btnfr\"\\", to[] = "\b\t\n\f\r\"\\";
	char c = toml_peek(r);
	const char *at = c ? strchr(from, c) : NULL;
	uint32_t rune = 0;

	if (at) {
		str_add_char(out, to[at - from]);
		r->p++;
		return 0;
	}
	if (c != 'u' && c != 'U')
		return toml_fail(r, "an unknown escape in a string");
	r->p++;
	if (hex_digits(r, c == 'u' ? 4 : 8, &rune) < 0)
		return -1;
	if (rune == 0 || rune > 0x10ffff || (rune >= 0xd800 && rune < 0xe000))
		return toml_fail(r, "an escape that is no character");
	utf8_add(out, rune);
	return 0;
}

static bool is_control(char c)
{
	return ((unsigned char)c < ' ' && c != '\t') || c == 0x7f;
}

int toml_quoted(struct toml_reader *r, struct str *out)
{
	char quote = *r->p++;

	str_add(out, "");
	for (;;) {
		char c = toml_peek(r);

		if (r->p >= r->end || c == '\n')
			return toml_fail(r, "a string is not closed");
		if (is_control(c))
			return toml_fail(r, "a control character in a string");
		r->p++;
		if (c == quote)
			return 0;
		if (c == '\\' && quote == '"') {
			if (escape(r, out) < 0)
				return -1;
		} else {
			str_add_char(out, c);
		}
	}
}

/* A backslash at the end of a line swallows the white space that follows. */
static bool line_continues(struct toml_reader *r)
{
	const char *p = r->p;

	while (p < r->end && (*p == ' ' || *p == '\t' || *p == '\r'))
		p++;
	if (p >= r->end || *p != '\n')
		return false;
	for (; p < r->end && strchr(" \t\r\n", *p) && *p; p++)
		r->line += *p == '\n';
	r->p = p;
	return true;
}

static int long_string(struct toml_reader *r, struct str *out)
{
	char quote = *r->p;

	str_add(out, "");
	r->p += 3;
	if (toml_peek(r) == '\r')
		r->p++;
	if (toml_peek(r) == '\n') {
		r->p++;
		r->line++;
	}
	for (;;) {
		char c = toml_peek(r);

		if (r->p >= r->end)
			return toml_fail(r, "a string is not closed");
		if (is_control(c) && c != '\n' && c != '\r')
			return toml_fail(r, "a control character in a string");
		if (c == quote && r->end - r->p >= 3 && r->p[1] == quote && r->p[2] == quote) {
			/* up to two quotes may stand before the closing three */
			while (r->end - r->p >= 4 && r->p[3] == quote) {
				str_add_char(out, quote);
				r->p++;
			}
			r->p += 3;
			return 0;
		}
		r->p++;
		r->line += c == '\n';
		if (c == '\\' && quote == '"') {
			if (!line_continues(r) && escape(r, out) < 0)
				return -1;
		} else {
			str_add_char(out, c);
		}
	}
}

static int string_value(struct toml_reader *r, struct json **ret)
{
	auto_str text = { 0 };
	bool is_long = r->end - r->p >= 3 && r->p[1] == r->p[0] && r->p[2] == r->p[0];

	if ((is_long ? long_string(r, &text) : toml_quoted(r, &text)) < 0)
		return -1;
	*ret = json_str_len_new(str_text(&text), text.len);
	return 0;
}

/* ---- numbers, dates, words ---- */

static bool looks_like_time(const char *word)
{
	size_t len = strlen(word);

	return (len >= 10 && word[4] == '-' && word[7] == '-') || (len >= 8 && word[2] == ':' && word[5] == ':');
}

/* Underscores between digits go; anywhere else they are wrong. */
static bool without_underscores(const char *word, char *ret, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; word[i]; i++) {
		if (word[i] == '_') {
			if (!i || !strchr("0123456789abcdefABCDEF", word[i - 1]) || !word[i + 1] ||
			    !strchr("0123456789abcdefABCDEF", word[i + 1]))
				return false;
			continue;
		}
		if (n + 1 >= size)
			return false;
		ret[n++] = word[i];
	}
	ret[n] = '\0';
	return n > 0;
}

static bool based_number(const char *digits, unsigned shift, int64_t *ret)
{
	uint64_t v = 0;

	for (const char *p = digits; *p; p++) {
		const char *at = strchr("0123456789abcdef0123456789ABCDEF", *p);
		unsigned d = at ? (unsigned)(at - strchr("0123456789abcdef0123456789ABCDEF", '0')) & 15 : 16;

		if (d >> shift || v >> (63 - shift))
			return false;
		v = v << shift | d;
	}
	*ret = (int64_t)v;
	return *digits != '\0';
}

static struct json *number(const char *word)
{
	char text[64];
	const char *digits;
	int64_t i = 0;
	double d = 0;

	if (!without_underscores(word, text, sizeof(text)))
		return NULL;
	if (text[0] == '0' && text[1] && strchr("xob", text[1]))
		return based_number(text + 2, text[1] == 'x' ? 4 : text[1] == 'o' ? 3 : 1, &i) ? json_i64_new(i) : NULL;
	digits = text + (text[0] == '+' || text[0] == '-');
	if (digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9')
		return NULL;
	if (num_i64(text, INT64_MIN, INT64_MAX, &i) == 0)
		return json_i64_new(i);
	if (digits[0] < '0' || digits[0] > '9' || text[strlen(text) - 1] == '.')
		return NULL;
	/* -1.5: the sign is not what num_double reads */
	if (strpbrk(text, ".eE") && num_double(digits, &d) == 0)
		return json_f64_new(text[0] == '-' ? -d : d);
	return NULL;
}

static int bare_value(struct toml_reader *r, struct json **ret)
{
	char word[80];
	size_t len = 0, max = (size_t)(r->end - r->p);

	while (len < max && !strchr(" \t\r\n,]}#", r->p[len]))
		len++;
	/* a date and its time may be apart */
	if (len == 10 && max > 12 && r->p[4] == '-' && r->p[10] == ' ' && r->p[11] >= '0' && r->p[11] <= '2')
		for (len++; len < max && !strchr(" \t\r\n,]}#", r->p[len]);)
			len++;
	if (len == 0 || len >= sizeof(word))
		return toml_fail(r, "a value is expected");
	memcpy(word, r->p, len);
	word[len] = '\0';
	if (strcmp(word, "true") == 0 || strcmp(word, "false") == 0)
		*ret = json_bool_new(word[0] == 't');
	else if (looks_like_time(word))
		*ret = json_str_new(word);
	else
		*ret = number(word);
	if (!*ret)
		return toml_fail(r, "a value is expected");
	r->p += len;
	return 0;
}

/* ---- arrays and inline tables ---- */

static int array(struct toml_reader *r, struct json **ret)
{
	auto_ptr(json) list = json_array_new();

	r->p++;
	for (;;) {
		struct json *item = NULL;

		if (toml_blank_lines(r) < 0)
			return -1;
		if (toml_peek(r) == ']')
			break;
		if (toml_value(r, &item) < 0)
			return -1;
		json_add(list, item);
		if (toml_blank_lines(r) < 0)
			return -1;
		if (toml_peek(r) == ']')
			break;
		if (toml_peek(r) != ',')
			return toml_fail(r, "',' or ']' is expected");
		r->p++;
	}
	r->p++;
	*ret = take_ptr(list);
	return 0;
}

static int inline_table(struct toml_reader *r, struct json **ret)
{
	auto_ptr(json) table = json_object_new();

	r->p++;
	toml_blank(r);
	while (toml_peek(r) != '}') {
		if (toml_pair(r, table) < 0)
			return -1;
		toml_blank(r);
		if (toml_peek(r) == '}')
			break;
		if (toml_peek(r) != ',')
			return toml_fail(r, "',' or '}' is expected");
		r->p++;
		toml_blank(r);
		if (toml_peek(r) == '}')
			return toml_fail(r, "another member is expected");
	}
	r->p++;
	*ret = take_ptr(table);
	return 0;
}

int toml_value(struct toml_reader *r, struct json **ret)
{
	char c = toml_peek(r);
	int rc;

	if (++r->values > TOML_VALUES_MAX)
		return err_set(r->err, ERR_LIMIT, "line %u: more than %d values", r->line, TOML_VALUES_MAX);
	if (++r->depth > LIMIT_JSON_DEPTH_OUTSIDE)
		return err_set(r->err, ERR_LIMIT, "line %u: deeper than %d levels", r->line, LIMIT_JSON_DEPTH_OUTSIDE);
	rc = c == '"' || c == '\'' ? string_value(r, ret)
	     : c == '['		   ? array(r, ret)
	     : c == '{'		   ? inline_table(r, ret)
				   : bare_value(r, ret);
	r->depth--;
	if (rc == 0 && (c == '[' || c == '{'))
		toml_seal(r, *ret);
	return rc;
}
