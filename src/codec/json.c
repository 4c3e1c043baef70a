/* json.c - see json.h: scalars and their owners. Arrays and objects are json_tree.c, Go's floats json_float.c. */
#include "codec/json_priv.h"

#include "base/num.h"
#include "base/str.h"

#include <errno.h>
#include <inttypes.h>

struct json *json_new(enum json_kind kind)
{
	struct json *v = mem_alloc(sizeof(*v));

	v->kind = kind;
	v->refs = 1;
	return v;
}

void json_free(struct json *v)
{
	if (!v || --v->refs)
		return;
	if (v->kind == JSON_STRING)
		free(v->string.text);
	else if (v->kind == JSON_NUMBER)
		free(v->number.text);
	else
		json_tree_done(v);
	json_free(v->beside);
	free(v);
}

struct json *json_ref(const struct json *v)
{
	struct json *own = (struct json *)(uintptr_t)v;

	if (own)
		own->refs++;
	return own;
}

enum json_kind json_kind(const struct json *v)
{
	return v ? v->kind : JSON_NULL;
}

void json_set_role(struct json *v, enum json_role role)
{
	if (v)
		v->role = role;
}

void json_set_beside(struct json *object, const char *name, struct json *value)
{
	if (!object->beside)
		object->beside = json_object_new();
	json_set(object->beside, name, value);
}

const struct json *json_beside(const struct json *object)
{
	return object ? object->beside : NULL;
}

enum json_role json_role(const struct json *v)
{
	return v ? v->role : JSON_ROLE_NONE;
}

const char *json_kind_name(enum json_kind kind)
{
	static const char *const names[] = {
		[JSON_NULL] = "null",	      [JSON_BOOL] = "true or false", [JSON_NUMBER] = "a number",
		[JSON_STRING] = "a string", [JSON_ARRAY] = "an array",     [JSON_OBJECT] = "an object",
	};

	return names[kind];
}

/* --- getters --- */

const char *json_str_bytes(const struct json *v, size_t *ret_len)
{
	if (json_kind(v) != JSON_STRING)
		return NULL;
	*ret_len = v->string.len;
	return v->string.text;
}

const char *json_str(const struct json *v, const char *fallback)
{
	size_t len;
	const char *text = json_str_bytes(v, &len);

	return text && strlen(text) == len ? text : fallback;
}

bool json_bool(const struct json *v, bool fallback)
{
	return json_kind(v) == JSON_BOOL ? v->truth : fallback;
}

bool json_is_integer(const struct json *v)
{
	return json_kind(v) == JSON_NUMBER && v->number.integer;
}

int json_to_u64(const struct json *v, uint64_t *ret)
{
	if (!json_is_integer(v))
		return -EINVAL;
	if (v->number.negative)
		return -ERANGE;
	*ret = v->number.magnitude;
	return 0;
}

int json_to_i64(const struct json *v, int64_t *ret)
{
	if (!json_is_integer(v))
		return -EINVAL;
	if (!v->number.negative && v->number.magnitude > INT64_MAX)
		return -ERANGE;
	*ret = (int64_t)(v->number.negative ? 0 - v->number.magnitude : v->number.magnitude);
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
	if (json_kind(v) != JSON_NUMBER)
		return fallback;
	if (!v->number.integer)
		return v->number.value;
	return v->number.negative ? -(double)v->number.magnitude : (double)v->number.magnitude;
}

void json_number_text(const struct json *v, struct str *out)
{
	if (json_is_integer(v))
		str_addf(out, "%s%" PRIu64, v->number.negative ? "-" : "", v->number.magnitude);
	else if (v->number.text)
		str_add(out, v->number.text);
	else
		json_float_text(v->number.value, 'j', out);
}

/* --- builders --- */

struct json *json_time_new(const char *rfc3339)
{
	struct json *v = json_str_new(rfc3339);

	json_set_role(v, JSON_ROLE_TIME);
	return v;
}

struct json *json_str_len_new(const char *text, size_t len)
{
	struct json *v = json_new(JSON_STRING);

	v->string.text = mem_resize(NULL, len + 1, 1);
	memcpy(v->string.text, text, len);
	v->string.text[len] = 0;
	v->string.len = len;
	return v;
}

struct json *json_str_new(const char *text)
{
	return text ? json_str_len_new(text, strlen(text)) : NULL;
}

struct json *json_bool_new(bool value)
{
	struct json *v = json_new(JSON_BOOL);

	v->truth = value;
	return v;
}

static struct json *integer_new(bool negative, uint64_t magnitude)
{
	struct json *v = json_new(JSON_NUMBER);

	v->number = (struct json_number){ .integer = true, .negative = negative, .magnitude = magnitude };
	return v;
}

struct json *json_i64_new(int64_t value)
{
	return integer_new(value < 0, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

struct json *json_u64_new(uint64_t value)
{
	return integer_new(false, value);
}

struct json *json_f64_new(double value)
{
	struct json *v = json_new(JSON_NUMBER);

	v->number.value = value;
	return v;
}

struct json *json_number_new(const char *text)
{
	int64_t small;
	uint64_t big;
	struct json *v;

	/* "-0" is no integer: it would print back without its sign */
	if (strcmp(text, "-0") != 0 && num_i64(text, INT64_MIN, INT64_MAX, &small) == 0)
		return json_i64_new(small);
	if (num_u64(text, UINT64_MAX, &big) == 0)
		return json_u64_new(big);
	v = json_new(JSON_NUMBER);
	v->number.text = mem_strdup(text);
	/* beyond a double's range it is the nearest there is, its text is kept all the same */
	(void)num_float(text, &v->number.value);
	return v;
}
