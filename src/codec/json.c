/* json.c - see json.h. The only file that sees json-c.
 *
 * json-c is the tree and nothing more: its tokener is too generous (comments, 'a', NaN, trailing commas) and its
 * writer is not Go's, so reading and writing are ours. Integers that fit 64 bits are json-c's ints; every other number
 * is a json-c double that carries its text.
 */
#include "codec/json.h"

#include "base/str.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

/* json-c has a type of this name, we have a function */
#define json_bool json_c_bool
#include <json-c/json.h>
#undef json_bool

static struct json_object *raw(const struct json *v)
{
	return (struct json_object *)(uintptr_t)v;
}

/* json-c answers NULL when memory ran out; we abort there as base/mem does */
static struct json *wrap(struct json_object *o)
{
	if (!o)
		abort();
	return (struct json *)o;
}

void json_free(struct json *v)
{
	json_object_put(raw(v));
}

struct json *json_ref(const struct json *v)
{
	return v ? wrap(json_object_get(raw(v))) : NULL;
}

enum json_kind json_kind(const struct json *v)
{
	switch (json_object_get_type(raw(v))) {
	case json_type_null: return JSON_NULL;
	case json_type_boolean: return JSON_BOOL;
	case json_type_double:
	case json_type_int: return JSON_NUMBER;
	case json_type_object: return JSON_OBJECT;
	case json_type_array: return JSON_ARRAY;
	case json_type_string: return JSON_STRING;
	}
	return JSON_NULL;
}

const char *json_kind_name(enum json_kind kind)
{
	static const char *const names[] = {
		[JSON_NULL] = "null",	      [JSON_BOOL] = "true or false", [JSON_NUMBER] = "a number",
		[JSON_STRING] = "a string", [JSON_ARRAY] = "an array",     [JSON_OBJECT] = "an object",
	};

	return names[kind];
}

const char *json_str_bytes(const struct json *v, size_t *ret_len)
{
	if (json_kind(v) != JSON_STRING)
		return NULL;
	*ret_len = (size_t)json_object_get_string_len(raw(v));
	return json_object_get_string(raw(v));
}

const char *json_str(const struct json *v, const char *fallback)
{
	size_t len;
	const char *text = json_str_bytes(v, &len);

	return text && strlen(text) == len ? text : fallback;
}

bool json_bool(const struct json *v, bool fallback)
{
	return json_kind(v) == JSON_BOOL ? json_object_get_boolean(raw(v)) : fallback;
}

bool json_is_integer(const struct json *v)
{
	return json_object_is_type(raw(v), json_type_int);
}

int json_to_u64(const struct json *v, uint64_t *ret)
{
	if (!json_is_integer(v))
		return -EINVAL;
	if (json_object_get_int64(raw(v)) < 0)
		return -ERANGE;
	*ret = json_object_get_uint64(raw(v));
	return 0;
}

int json_to_i64(const struct json *v, int64_t *ret)
{
	if (!json_is_integer(v))
		return -EINVAL;
	if (json_object_get_uint64(raw(v)) > INT64_MAX)
		return -ERANGE;
	*ret = json_object_get_int64(raw(v));
	return 0;
}

int64_t json_i64(const struct json *v, int64_t fallback)
{
	int64_t value;

	return json_to_i64(v, &value) < 0 ? fallback : value;
}

uint64_t json_u64(const struct json *v, uint64_t fallback)
{
	uint64_t value;

	return json_to_u64(v, &value) < 0 ? fallback : value;
}

double json_f64(const struct json *v, double fallback)
{
	return json_kind(v) == JSON_NUMBER ? json_object_get_double(raw(v)) : fallback;
}

void json_number_text(const struct json *v, struct str *out)
{
	struct json_object *o = raw(v);
	const char *kept = json_is_integer(v) ? NULL : json_object_get_userdata(o);

	if (kept)
		str_add(out, kept);
	else if (!json_is_integer(v))
		json_float_text(json_object_get_double(o), 'j', out);
	else if (json_object_get_int64(o) < 0)
		str_addf(out, "%" PRId64, json_object_get_int64(o));
	else
		str_addf(out, "%" PRIu64, json_object_get_uint64(o));
}

bool json_has(const struct json *v, const char *name)
{
	return json_kind(v) == JSON_OBJECT && json_object_object_get_ex(raw(v), name, NULL);
}

struct json *json_get(const struct json *v, const char *name)
{
	struct json_object *found = NULL;

	if (json_kind(v) == JSON_OBJECT)
		json_object_object_get_ex(raw(v), name, &found);
	return (struct json *)found;
}

size_t json_len(const struct json *v)
{
	if (json_kind(v) == JSON_ARRAY)
		return json_object_array_length(raw(v));
	return json_kind(v) == JSON_OBJECT ? (size_t)json_object_object_length(raw(v)) : 0;
}

struct json *json_at(const struct json *v, size_t index)
{
	if (json_kind(v) != JSON_ARRAY || index >= json_len(v))
		return NULL;
	return (struct json *)json_object_array_get_idx(raw(v), index);
}

const char *json_get_str(const struct json *v, const char *name, const char *fallback)
{
	return json_str(json_get(v, name), fallback);
}

bool json_get_bool(const struct json *v, const char *name, bool fallback)
{
	return json_bool(json_get(v, name), fallback);
}

int64_t json_get_i64(const struct json *v, const char *name, int64_t fallback)
{
	return json_i64(json_get(v, name), fallback);
}

uint64_t json_get_u64(const struct json *v, const char *name, uint64_t fallback)
{
	return json_u64(json_get(v, name), fallback);
}

struct json_iter json_iter(const struct json *v)
{
	struct json_iter it = { 0 };

	if (json_kind(v) == JSON_OBJECT)
		it.next = lh_table_head(json_object_get_object(raw(v)));
	return it;
}

bool json_next(struct json_iter *it)
{
	const struct lh_entry *entry = it->next;

	if (!entry)
		return false;
	it->name = lh_entry_k(entry);
	it->value = (struct json *)(uintptr_t)lh_entry_v(entry);
	it->next = lh_entry_next(entry);
	return true;
}

struct json *json_object_new(void)
{
	return wrap(json_object_new_object());
}

struct json *json_array_new(void)
{
	/* json-c would reserve 32 elements: too many for a document made of empty arrays */
	return wrap(json_object_new_array_ext(1));
}

struct json *json_str_len_new(const char *text, size_t len)
{
	assert(len <= INT32_MAX);
	return wrap(json_object_new_string_len(text, (int)len));
}

struct json *json_str_new(const char *text)
{
	return text ? json_str_len_new(text, strlen(text)) : NULL;
}

struct json *json_bool_new(bool value)
{
	return wrap(json_object_new_boolean(value));
}

struct json *json_i64_new(int64_t value)
{
	return wrap(json_object_new_int64(value));
}

struct json *json_u64_new(uint64_t value)
{
	return wrap(value <= INT64_MAX ? json_object_new_int64((int64_t)value) : json_object_new_uint64(value));
}

struct json *json_f64_new(double value)
{
	return wrap(json_object_new_double(value));
}

struct json *json_number_new(const char *text)
{
	bool integer = !text[strcspn(text, ".eE")] && strcmp(text, "-0") != 0;
	char canonical[32] = "";
	int64_t small = 0;
	uint64_t big = 0;
	double value = 0;

	/* json-c's own parsers saturate; what does not print back the same is kept as text */
	if (integer && json_parse_int64(text, &small) == 0)
		snprintf(canonical, sizeof(canonical), "%" PRId64, small);
	if (integer && strcmp(canonical, text) == 0)
		return json_i64_new(small);
	if (integer && text[0] != '-' && json_parse_uint64(text, &big) == 0)
		snprintf(canonical, sizeof(canonical), "%" PRIu64, big);
	if (integer && strcmp(canonical, text) == 0)
		return json_u64_new(big);
	(void)json_parse_double(text, &value);
	return wrap(json_object_new_double_s(value, text));
}

struct json *json_strv_new(char *const *list)
{
	struct json *array = json_array_new();

	for (; list && *list; list++)
		json_add_str(array, *list);
	return array;
}

void json_set(struct json *object, const char *name, struct json *value)
{
	if (json_object_object_add(raw(object), name, raw(value)) < 0)
		abort();
}

void json_set_str(struct json *object, const char *name, const char *text)
{
	json_set(object, name, json_str_new(text));
}

void json_set_bool(struct json *object, const char *name, bool value)
{
	json_set(object, name, json_bool_new(value));
}

void json_set_i64(struct json *object, const char *name, int64_t value)
{
	json_set(object, name, json_i64_new(value));
}

void json_set_u64(struct json *object, const char *name, uint64_t value)
{
	json_set(object, name, json_u64_new(value));
}

void json_del(struct json *object, const char *name)
{
	json_object_object_del(raw(object), name);
}

void json_add(struct json *array, struct json *value)
{
	if (json_object_array_add(raw(array), raw(value)) < 0)
		abort();
}

void json_add_str(struct json *array, const char *text)
{
	json_add(array, json_str_new(text));
}

/* The shortest digits that read back as the same double, as "d.ddde±xx". */
static void shortest(double value, char text[40])
{
	double back = 0;

	for (int precision = 0; precision < 17; precision++) {
		snprintf(text, 40, "%.*e", precision, value);
		if (json_parse_double(text, &back) == 0 && memcmp(&back, &value, sizeof(back)) == 0)
			return;
	}
}

/* SPEC Go strconv: encoding/json uses exponents below 1e-6 and from 1e21; %v below 1e-4 and from 1e6 */
void json_float_text(double value, char how, struct str *out)
{
	char text[40] = "";
	const char *mark;
	int exponent, digits;

	if (isnan(value) || isinf(value)) {
		str_add(out, isnan(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf");
		return;
	}
	shortest(value, text);
	mark = strchr(text, 'e');
	exponent = (int)(10 * (mark[2] - '0') + (mark[3] - '0'));
	if (mark[4])
		exponent = 10 * exponent + (mark[4] - '0');
	if (mark[1] == '-')
		exponent = -exponent;
	digits = (int)(mark - text) - (text[0] == '-') - (strchr(text, '.') != NULL);
	if (value != 0 && (exponent < (how == 'j' ? -6 : -4) || exponent >= (how == 'j' ? 21 : 6))) {
		/* Go's JSON writes e-9 where %v writes e-09 */
		if (how == 'j' && mark[1] == '-' && mark[2] == '0')
			str_addf(out, "%.*s-%s", (int)(mark + 1 - text), text, mark + 3);
		else
			str_add(out, text);
		return;
	}
	str_addf(out, "%.*f", digits - 1 > exponent ? digits - 1 - exponent : 0, value);
}
