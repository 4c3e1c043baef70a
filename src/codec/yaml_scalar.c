/* yaml_scalar.c - what the text of a scalar means; see yaml.h */
#include "codec/yaml_priv.h"

#include <ctype.h>
#include <string.h>

#include "base/num.h"
#include "base/str.h"

#define TAG "tag:yaml.org,2002:"

enum { NUMBER_TEXT_MAX = 400 };

static const struct word {
	const char *text;
	enum json_kind kind;
	bool truth;
} words[] = {
	{ "", JSON_NULL, false },     { "~", JSON_NULL, false },    { "null", JSON_NULL, false }, { "Null", JSON_NULL, false },
	{ "NULL", JSON_NULL, false }, { "true", JSON_BOOL, true },  { "True", JSON_BOOL, true },  { "TRUE", JSON_BOOL, true },
	{ "yes", JSON_BOOL, true },   { "Yes", JSON_BOOL, true },   { "YES", JSON_BOOL, true },	  { "on", JSON_BOOL, true },
	{ "On", JSON_BOOL, true },    { "ON", JSON_BOOL, true },    { "false", JSON_BOOL, false }, { "False", JSON_BOOL, false },
	{ "FALSE", JSON_BOOL, false }, { "no", JSON_BOOL, false },  { "No", JSON_BOOL, false },	  { "NO", JSON_BOOL, false },
	{ "off", JSON_BOOL, false },  { "Off", JSON_BOOL, false },  { "OFF", JSON_BOOL, false },
};

static const struct word *find_word(const char *text)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(words[i].text, text) == 0)
			return &words[i];
	return NULL;
}

/* ---- numbers ---- */

static int digit_of(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
}

/* The base its prefix tells, and what stands behind that. "0" itself is decimal. */
static unsigned base_of(const char **digits)
{
	const char *p = *digits;

	if (p[0] != '0' || !p[1])
		return 10;
	*digits = p + 2;
	switch (p[1]) {
	case 'x':
	case 'X':
		return 16;
	case 'o':
	case 'O':
		return 8;
	case 'b':
	case 'B':
		return 2;
	}
	*digits = p + 1;
	return 8;
}

/* An integer of 64 bits; NULL: none. */
static struct json *integer(const char *text)
{
	bool negative = *text == '-';
	const char *p = text + (*text == '-' || *text == '+');
	unsigned base = base_of(&p);
	uint64_t n = 0;

	if (!*p)
		return NULL;
	for (; *p; p++) {
		unsigned digit = (unsigned)digit_of(*p);

		if (digit >= base || __builtin_mul_overflow(n, (uint64_t)base, &n) || __builtin_add_overflow(n, (uint64_t)digit, &n))
			return NULL;
	}
	if (!negative)
		return json_u64_new(n);
	return n <= (uint64_t)INT64_MAX + 1 ? json_i64_new((int64_t)(0 - n)) : NULL;
}

static const char *skip_digits(const char *p)
{
	while (isdigit((unsigned char)*p))
		p++;
	return p;
}

/* [-+]? digits [. digits] [e digits], with a digit somewhere before the e */
static bool looks_like_float(const char *text)
{
	const char *p = text + (*text == '-' || *text == '+'), *first = p;
	bool any;

	p = skip_digits(p);
	any = p > first;
	if (*p == '.') {
		const char *fraction = ++p;

		p = skip_digits(p);
		any = any || p > fraction;
	}
	if (any && (*p == 'e' || *p == 'E')) {
		p += 1 + (p[1] == '-' || p[1] == '+');
		first = p;
		p = skip_digits(p);
		any = p > first;
	}
	return any && !*p;
}

static struct json *number(const char *text)
{
	auto_str bare = { 0 };
	struct json *v;
	double value = 0;

	if (!*text || strlen(text) > NUMBER_TEXT_MAX || !strchr("0123456789+-.", *text))
		return NULL;
	for (const char *p = text; *p; p++)
		if (*p != '_')
			str_add_char(&bare, *p);
	v = integer(str_text(&bare));
	if (v || !looks_like_float(str_text(&bare)))
		return v;
	return num_float(str_text(&bare) + (bare.data[0] == '+'), &value) == 0 ? json_f64_new(value) : NULL;
}

static bool is_no_number(const char *text)
{
	static const char *const names[] = { ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF",
					     ".nan", ".NaN", ".NAN", NULL };

	return str_index(names, text) >= 0;
}

/* ---- tags ---- */

static int as_tagged(const char *tag, const char *text, struct json **ret, const char **ret_why)
{
	const struct word *word = find_word(text);
	const char *name = str_after(tag, TAG);
	struct json *v = NULL;

	*ret_why = "the value does not fit its tag";
	if (str_eq(name, "null"))
		return word && word->kind == JSON_NULL ? 0 : -1;
	if (str_eq(name, "bool")) {
		if (word && word->kind == JSON_BOOL)
			v = json_bool_new(word->truth);
	} else if (str_eq(name, "int") || str_eq(name, "float")) {
		v = number(text);
		if (v && str_eq(name, "int") && !json_is_integer(v)) {
			json_free(v);
			return -1;
		}
	} else {
		*ret_why = "an unknown tag";
	}
	*ret = v;
	return v ? 0 : -1;
}

int yaml_scalar(const char *text, size_t len, const char *tag, bool plain, struct json **ret, const char **ret_why)
{
	const struct word *word;

	*ret = NULL;
	if (tag && strcmp(tag, TAG "str") != 0 && strcmp(tag, "!") != 0)
		return strlen(text) == len ? as_tagged(tag, text, ret, ret_why) : -1;
	if (tag || !plain || strlen(text) != len) {
		*ret = json_str_len_new(text, len);
		return 0;
	}
	if (is_no_number(text)) {
		*ret_why = "infinity, and what is no number, have no place here";
		return -1;
	}
	word = find_word(text);
	if (word) {
		*ret = word->kind == JSON_BOOL ? json_bool_new(word->truth) : NULL;
		return 0;
	}
	*ret = number(text);
	if (!*ret)
		*ret = json_str_len_new(text, len);
	return 0;
}
