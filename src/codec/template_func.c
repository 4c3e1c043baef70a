/* template_func.c - the functions of templates, and values as Go prints them; see template.h */
#include "codec/template_priv.h"

#include "codec/json_out.h"
#include "codec/utf8.h"

#include <ctype.h>
#include <stdio.h>

#define FUNC(name) static int name(struct json *const *args, size_t count, struct json **ret, struct err *err)

/* --- %v --- */

static void add_list(struct str *out, const struct json *value)
{
	str_add_char(out, '[');
	for (size_t i = 0; i < json_len(value); i++) {
		if (i)
			str_add_char(out, ' ');
		template_value(out, json_at(value, i));
	}
	str_add_char(out, ']');
}

static void add_map(struct str *out, const struct json *value)
{
	auto_strv names = NULL;
	for (struct json_iter it = json_iter(value); json_next(&it);)
		strv_add(&names, it.name);
	strv_sort(names);
	str_add(out, "map[");
	for (char **name = names; name && *name; name++) {
		str_addf(out, "%s%s:", name == names ? "" : " ", *name);
		template_value(out, json_get(value, *name));
	}
	str_add_char(out, ']');
}

void template_value(struct str *out, const struct json *value)
{
	switch (json_kind(value)) {
	case JSON_NULL:
		str_add(out, "<nil>");
		return;
	case JSON_BOOL:
		str_add(out, json_bool(value, false) ? "true" : "false");
		return;
	case JSON_NUMBER:
		if (json_is_integer(value))
			json_number_text(value, out);
		else
			json_float_text(json_f64(value, 0), 'g', out);
		return;
	case JSON_STRING:
		if (json_role(value) == JSON_ROLE_TIME)
			template_time_value(out, value);
		else
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

static char *text_dup(const struct json *value)
{
	auto_str out = { 0 };
	template_value(&out, value);
	return str_take(&out);
}

bool template_func_true(const struct json *value)
{
	switch (json_kind(value)) {
	case JSON_NULL:
		return false;
	case JSON_BOOL:
		return json_bool(value, false);
	case JSON_NUMBER:
		return json_f64(value, 0) < 0 || json_f64(value, 0) > 0;
	case JSON_STRING:
		return *json_str(value, "") != 0;
	case JSON_ARRAY:
	case JSON_OBJECT:
		return json_len(value) > 0;
	}
	return false;
}

/* --- comparing --- */

/* <0, 0, >0; *ret_ok false: the two cannot be compared */
static int compare(const struct json *a, const struct json *b, bool *ret_ok)
{
	*ret_ok = json_kind(a) == json_kind(b);
	if (!*ret_ok)
		return 0;
	if (json_kind(a) == JSON_STRING)
		return strcmp(json_str(a, ""), json_str(b, ""));
	if (json_kind(a) == JSON_BOOL)
		return json_bool(a, false) - json_bool(b, false);
	if (json_is_integer(a) && json_is_integer(b)) {
		int64_t x = json_i64(a, 0), y = json_i64(b, 0);
		return x < y ? -1 : x > y;
	}
	double x = json_f64(a, 0), y = json_f64(b, 0);
	*ret_ok = json_kind(a) == JSON_NUMBER || json_kind(a) == JSON_NULL;
	return x < y ? -1 : x > y;
}

static int compare_args(struct json *const *args, int *ret, struct err *err)
{
	bool ok;
	*ret = compare(args[0], args[1], &ok);
	return ok ? 0 : err_set(err, ERR_USAGE, "incompatible types for comparison");
}

FUNC(call_eq)
{
	for (size_t i = 1; i < count; i++) {
		struct json *const pair[] = { args[0], args[i] };
		int order;
		if (json_kind(args[0]) == JSON_NULL || json_kind(args[i]) == JSON_NULL)
			order = json_kind(args[0]) != json_kind(args[i]);
		else if (compare_args(pair, &order, err) < 0)
			return -1;
		if (order == 0) {
			*ret = json_bool_new(true);
			return 0;
		}
	}
	*ret = json_bool_new(false);
	return 0;
}

FUNC(call_ne)
{
	auto_ptr(json) same = NULL;
	if (call_eq(args, count, &same, err) < 0)
		return -1;
	*ret = json_bool_new(!json_bool(same, false));
	return 0;
}

#define ORDER_FUNC(name, test)                              \
	FUNC(name)                                          \
	{                                                   \
		int order;                                  \
		(void)count;                                \
		if (compare_args(args, &order, err) < 0)    \
			return -1;                          \
		*ret = json_bool_new(order test 0);         \
		return 0;                                   \
	}
ORDER_FUNC(call_lt, <)
ORDER_FUNC(call_le, <=)
ORDER_FUNC(call_gt, >)
ORDER_FUNC(call_ge, >=)

FUNC(call_not)
{
	(void)count, (void)err;
	*ret = json_bool_new(!template_func_true(args[0]));
	return 0;
}

/* --- parts --- */

FUNC(call_len)
{
	(void)count;
	enum json_kind kind = json_kind(args[0]);
	if (json_role(args[0]) == JSON_ROLE_TIME)
		return err_set(err, ERR_USAGE, "len of type time.Time");
	if (kind == JSON_STRING)
		*ret = json_u64_new(strlen(json_str(args[0], "")));
	else if (kind == JSON_ARRAY || kind == JSON_OBJECT || kind == JSON_NULL)
		*ret = json_u64_new(json_len(args[0]));
	else
		return err_set(err, ERR_USAGE, "len of %s", json_kind_name(kind));
	return 0;
}

static int index_one(const struct json *from, const struct json *key, struct json **ret, struct err *err)
{
	uint64_t i;
	if (json_kind(from) == JSON_OBJECT && json_kind(key) == JSON_STRING) {
		const struct json *found = json_get(from, json_str(key, ""));
		*ret = found ? json_ref(found) : json_str_new("");
		return 0;
	}
	if (json_kind(from) == JSON_NULL && json_kind(key) == JSON_STRING) { /* a nil map */
		*ret = json_str_new("");
		return 0;
	}
	if (json_kind(from) != JSON_ARRAY || json_to_u64(key, &i) < 0)
		return err_set(err, ERR_USAGE, "cannot index %s with %s", json_kind_name(json_kind(from)), json_kind_name(json_kind(key)));
	if (i >= json_len(from))
		return err_set(err, ERR_USAGE, "index out of range: %llu", (unsigned long long)i);
	*ret = json_ref(json_at(from, (size_t)i));
	return 0;
}

FUNC(call_index)
{
	auto_ptr(json) value = json_ref(args[0]);
	for (size_t i = 1; i < count; i++) {
		struct json *next = NULL;
		if (index_one(value, args[i], &next, err) < 0)
			return -1;
		json_free(value);
		value = next;
	}
	*ret = take_ptr(value);
	return 0;
}

FUNC(call_slice)
{
	const char *text = json_str(args[0], NULL);
	uint64_t len = text ? strlen(text) : json_len(args[0]), from = 0, to = len;
	if (!text && json_kind(args[0]) != JSON_ARRAY)
		return err_set(err, ERR_USAGE, "cannot slice %s", json_kind_name(json_kind(args[0])));
	if ((count > 1 && json_to_u64(args[1], &from) < 0) || (count > 2 && json_to_u64(args[2], &to) < 0) || from > to || to > len)
		return err_set(err, ERR_USAGE, "index out of range of %llu", (unsigned long long)len);
	if (text) {
		*ret = json_str_len_new(text + from, (size_t)(to - from));
		return 0;
	}
	*ret = json_array_new();
	for (uint64_t i = from; i < to; i++)
		json_add(*ret, json_ref(json_at(args[0], (size_t)i)));
	return 0;
}

/* --- text --- */

FUNC(call_json)
{
	auto_str out = { 0 };
	(void)count, (void)err;
	json_write(&out, args[0], &json_style_compact);
	*ret = json_str_len_new(str_text(&out), out.len);
	return 0;
}

FUNC(call_join)
{
	auto_str out = { 0 };
	(void)count;
	if (json_kind(args[0]) != JSON_ARRAY && json_kind(args[0]) != JSON_NULL)
		return err_set(err, ERR_USAGE, "join takes an array, not %s", json_kind_name(json_kind(args[0])));
	for (size_t i = 0; i < json_len(args[0]); i++) {
		if (i)
			str_add(&out, json_str(args[1], ""));
		template_value(&out, json_at(args[0], i));
	}
	*ret = json_str_len_new(str_text(&out), out.len);
	return 0;
}

FUNC(call_split)
{
	auto_free char *text = text_dup(args[0]);
	const char *sep = json_str(args[1], ""), *p = text;
	(void)count;
	if (!*sep)
		return err_set(err, ERR_USAGE, "split takes a separator that is not empty");
	*ret = json_array_new();
	for (const char *hit; (hit = strstr(p, sep)); p = hit + strlen(sep))
		json_add(*ret, json_str_len_new(p, (size_t)(hit - p)));
	json_add_str(*ret, p);
	return 0;
}

static struct json *map_chars_new(const struct json *value, int (*change)(int), bool words)
{
	auto_free char *text = text_dup(value);
	bool first = true;
	for (char *p = text; *p; p++) {
		if (!words || first)
			*p = (char)((unsigned char)*p < 0x80 ? change((unsigned char)*p) : *p);
		first = isspace((unsigned char)*p);
	}
	return json_str_new(text);
}

FUNC(call_lower)
{
	(void)count, (void)err;
	*ret = map_chars_new(args[0], tolower, false);
	return 0;
}

FUNC(call_upper)
{
	(void)count, (void)err;
	*ret = map_chars_new(args[0], toupper, false);
	return 0;
}

FUNC(call_title)
{
	(void)count, (void)err;
	*ret = map_chars_new(args[0], toupper, true);
	return 0;
}

FUNC(call_truncate)
{
	auto_free char *text = text_dup(args[0]);
	uint64_t n;
	(void)count;
	if (json_to_u64(args[1], &n) < 0)
		return err_set(err, ERR_USAGE, "truncate takes a text and a length");
	*ret = json_str_len_new(text, n < strlen(text) ? utf8_prefix(text, strlen(text), (size_t)n) : strlen(text));
	return 0;
}

FUNC(call_pad)
{
	enum { PAD_MAX = 1000 };
	auto_free char *text = text_dup(args[0]);
	uint64_t before, after;
	(void)count;
	if (json_to_u64(args[1], &before) < 0 || json_to_u64(args[2], &after) < 0 || before > PAD_MAX || after > PAD_MAX)
		return err_set(err, ERR_USAGE, "pad takes a text and two numbers of spaces up to %d", PAD_MAX);
	auto_free char *padded = *text ? mem_printf("%*s%s%*s", (int)before, "", text, (int)after, "") : mem_strdup("");
	*ret = json_str_new(padded);
	return 0;
}

/* Go's Print: a space between two operands when neither is a string */
static struct json *print_new(struct json *const *args, size_t count, bool line)
{
	auto_str out = { 0 };
	for (size_t i = 0; i < count; i++) {
		if (i && (line || (json_kind(args[i]) != JSON_STRING && json_kind(args[i - 1]) != JSON_STRING)))
			str_add_char(&out, ' ');
		template_value(&out, args[i]);
	}
	if (line)
		str_add_char(&out, '\n');
	return json_str_len_new(str_text(&out), out.len);
}

FUNC(call_print)
{
	(void)err;
	*ret = print_new(args, count, false);
	return 0;
}

FUNC(call_println)
{
	(void)err;
	*ret = print_new(args, count, true);
	return 0;
}

/* --- printf --- */

struct verb {
	bool left, zero, plus;
	int width, precision; /* -1: none */
	char letter;
};

static const char *read_count(const char *p, int *ret)
{
	enum { COUNT_MAX = 1000 };
	for (*ret = 0; *p >= '0' && *p <= '9'; p++)
		*ret = *ret < COUNT_MAX ? *ret * 10 + (*p - '0') : COUNT_MAX;
	return p;
}

static const char *read_verb(const char *p, struct verb *v)
{
	*v = (struct verb){ .width = -1, .precision = -1 };
	for (; *p && strchr("-0+# ", *p); p++) {
		v->left |= *p == '-';
		v->zero |= *p == '0';
		v->plus |= *p == '+';
	}
	if (*p >= '0' && *p <= '9')
		p = read_count(p, &v->width);
	if (*p == '.')
		p = read_count(p + 1, &v->precision);
	v->letter = *p;
	return *p ? p + 1 : p;
}

static void add_padded(struct str *out, const struct verb *v, const char *text)
{
	size_t len = utf8_count(text, strlen(text)), width = v->width > 0 ? (size_t)v->width : 0;
	size_t fill = width > len ? width - len : 0;
	bool zeros = v->zero && !v->left && strchr("dfxX", v->letter);
	if (zeros && *text == '-') {
		str_add_char(out, '-');
		text++;
	}
	for (size_t i = 0; !v->left && i < fill; i++)
		str_add_char(out, zeros ? '0' : ' ');
	str_add(out, text);
	for (size_t i = 0; v->left && i < fill; i++)
		str_add_char(out, ' ');
}

static void add_hex(struct str *text, const struct json *value, bool upper)
{
	const char *bytes = json_str(value, NULL);
	if (!bytes) {
		int64_t n = json_i64(value, 0);
		unsigned long long size = n < 0 ? 0ULL - (unsigned long long)n : (unsigned long long)n;
		str_addf(text, upper ? "%s%llX" : "%s%llx", n < 0 ? "-" : "", size);
	}
	for (; bytes && *bytes; bytes++)
		str_addf(text, upper ? "%02X" : "%02x", (unsigned)(unsigned char)*bytes);
}

/* What Go prints for a verb that does not fit: %!d(string=x) */
static void add_misfit(struct str *text, const struct verb *v, const struct json *value)
{
	static const char *const kinds[] = { [JSON_NULL] = "<nil>", [JSON_BOOL] = "bool", [JSON_NUMBER] = "float64",
					     [JSON_STRING] = "string", [JSON_ARRAY] = "[]string", [JSON_OBJECT] = "map[string]string" };
	str_addf(text, "%%!%c(%s=", v->letter, json_kind(value) == JSON_NUMBER && json_is_integer(value) ? "int" : kinds[json_kind(value)]);
	template_value(text, value);
	str_add_char(text, ')');
}

static void add_verb(struct str *out, const struct verb *v, const struct json *value)
{
	auto_str text = { 0 };
	enum json_kind kind = json_kind(value);
	bool integer = kind == JSON_NUMBER && json_is_integer(value);
	if (v->letter == 'v' || (v->letter == 's' && kind != JSON_NUMBER && kind != JSON_BOOL) || (v->letter == 'd' && integer) ||
	    (v->letter == 't' && kind == JSON_BOOL)) {
		if (v->plus && integer && json_i64(value, 0) >= 0)
			str_add_char(&text, '+');
		template_value(&text, value);
		if (v->letter == 's' && v->precision >= 0)
			str_cut(&text, utf8_prefix(str_text(&text), text.len, (size_t)v->precision));
	} else if (v->letter == 'q' && kind == JSON_STRING) {
		json_quote(&text, json_str(value, ""), strlen(json_str(value, "")), false);
	} else if ((v->letter == 'x' || v->letter == 'X') && (integer || kind == JSON_STRING)) {
		add_hex(&text, value, v->letter == 'X');
	} else if (v->letter == 'f' && kind == JSON_NUMBER && !integer) {
		str_addf(&text, "%.*f", v->precision < 0 ? 6 : v->precision, json_f64(value, 0));
	} else {
		add_misfit(&text, v, value);
	}
	add_padded(out, v, str_text(&text));
}

FUNC(call_printf)
{
	auto_str out = { 0 };
	const char *p = json_str(args[0], NULL);
	size_t next = 1;
	if (!p)
		return err_set(err, ERR_USAGE, "the first argument is to be a string");
	while (*p) {
		struct verb v;
		if (*p != '%') {
			str_add_char(&out, *p++);
			continue;
		}
		p = read_verb(p + 1, &v);
		if (v.letter == '%')
			str_add_char(&out, '%');
		else if (!v.letter)
			str_add(&out, "%!(NOVERB)");
		else if (next >= count)
			str_addf(&out, "%%!%c(MISSING)", v.letter);
		else
			add_verb(&out, &v, args[next++]);
	}
	*ret = json_str_len_new(str_text(&out), out.len);
	return 0;
}

/* --- the table --- */

static const struct tfunc funcs[] = {
	{ "and", 1, TEMPLATE_MAX_ARGS, NULL }, /* evaluated in place */
	{ "or", 1, TEMPLATE_MAX_ARGS, NULL },
	{ "not", 1, 1, call_not },
	{ "eq", 2, TEMPLATE_MAX_ARGS, call_eq },
	{ "ne", 2, 2, call_ne },
	{ "lt", 2, 2, call_lt },
	{ "le", 2, 2, call_le },
	{ "gt", 2, 2, call_gt },
	{ "ge", 2, 2, call_ge },
	{ "len", 1, 1, call_len },
	{ "index", 1, TEMPLATE_MAX_ARGS, call_index },
	{ "slice", 1, 3, call_slice },
	{ "print", 0, TEMPLATE_MAX_ARGS, call_print },
	{ "printf", 1, TEMPLATE_MAX_ARGS, call_printf },
	{ "println", 0, TEMPLATE_MAX_ARGS, call_println },
	{ "json", 1, 1, call_json },
	{ "join", 2, 2, call_join },
	{ "lower", 1, 1, call_lower },
	{ "upper", 1, 1, call_upper },
	{ "title", 1, 1, call_title },
	{ "split", 2, 2, call_split },
	{ "truncate", 2, 2, call_truncate },
	{ "pad", 3, 3, call_pad },
};

const struct tfunc *template_func_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(funcs); i++)
		if (strcmp(funcs[i].name, name) == 0)
			return &funcs[i];
	return NULL;
}
