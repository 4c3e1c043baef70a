/* json.h - one JSON value as a tree.
 * Shape:  JSON null is the NULL pointer. json_get answers NULL for null and for absent alike; json_has tells them apart.
 *         Members keep their order. Numbers keep the text they came with.
 * Owner:  what json_get, json_at and iterators return is borrowed from its parent; *_new and json_ref results are
 *         owned; json_set and json_add take ownership of the value. auto_ptr(json) frees at the end of the scope.
 * Units:  text is UTF-8.
 * Errors: none here; the getters answer a default. See json_parse.h for reading, json_out.h for writing.
 */
#pragma once

#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str;
struct json;

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

void json_free(struct json *v); /* drops one reference; NULL is fine */
AUTO_PTR(json, json_free);
/* A second owner of the same value; neither may change it after. */
struct json *json_ref(const struct json *v);

enum json_kind json_kind(const struct json *v);
const char *json_kind_name(enum json_kind kind); /* "an object", "a string", … for sentences */

/* What Go's type of a value says beyond its kind. Only templates ask; the JSON is the same. */
enum json_role {
	JSON_ROLE_NONE,
	JSON_ROLE_TIME,	  /* a string, RFC 3339: a time.Time, with its methods */
	JSON_ROLE_MAP,	  /* an object: a missing member is no error */
	JSON_ROLE_LOOKUP, /* an object: a method that answers the member its argument names */
};
struct json *json_time_new(const char *rfc3339); /* a string of role TIME */
void json_set_role(struct json *v, enum json_role role);
enum json_role json_role(const struct json *v);
/* Members that a template may ask an object for, and JSON leaves out: no getter and no writer sees them. */
void json_set_beside(struct json *object, const char *name, struct json *value);
const struct json *json_beside(const struct json *object); /* an object, or NULL */

/* Scalars. The default is answered where the value is of another kind, or out of range.
 * A string with a NUL inside has no C form: json_str answers the default, json_str_bytes the bytes. */
const char *json_str(const struct json *v, const char *fallback);
const char *json_str_bytes(const struct json *v, size_t *ret_len); /* NULL when not a string */
bool json_bool(const struct json *v, bool fallback);
int64_t json_i64(const struct json *v, int64_t fallback);
uint64_t json_u64(const struct json *v, uint64_t fallback);
double json_f64(const struct json *v, double fallback);
/* 0, -EINVAL not an integer ("1.0" and "1e3" are not), -ERANGE. */
int json_to_i64(const struct json *v, int64_t *ret);
int json_to_u64(const struct json *v, uint64_t *ret);
bool json_is_integer(const struct json *v);
/* Appends the text of a number, as it was read. */
void json_number_text(const struct json *v, struct str *out);

/* Members and elements. An exact name only; NULL where v is no object (array). */
struct json *json_get(const struct json *v, const char *name);
bool json_has(const struct json *v, const char *name);
size_t json_len(const struct json *v); /* elements, members, or 0 */
struct json *json_at(const struct json *v, size_t index);
const char *json_get_str(const struct json *v, const char *name, const char *fallback);
bool json_get_bool(const struct json *v, const char *name, bool fallback);
int64_t json_get_i64(const struct json *v, const char *name, int64_t fallback);
uint64_t json_get_u64(const struct json *v, const char *name, uint64_t fallback);

/* for (struct json_iter it = json_iter(v); json_next(&it);) … it.name, it.value
 * Over an object, in its order. Any other value has no members. Do not change the object meanwhile. */
struct json_iter {
	const char *name;
	struct json *value;
	const struct json *object; /* the rest is json_next's */
	size_t next;
};
struct json_iter json_iter(const struct json *v);
bool json_next(struct json_iter *it);

/* Builders. */
struct json *json_object_new(void);
struct json *json_array_new(void);
struct json *json_str_new(const char *text); /* NULL gives null */
struct json *json_str_len_new(const char *text, size_t len);
struct json *json_bool_new(bool value);
struct json *json_i64_new(int64_t value);
struct json *json_u64_new(uint64_t value);
struct json *json_f64_new(double value);     /* finite */
struct json *json_number_new(const char *text); /* a valid JSON number; its text is kept */
struct json *json_strv_new(char *const *list);  /* an array of strings */
void json_set(struct json *object, const char *name, struct json *value);
void json_set_str(struct json *object, const char *name, const char *text);
void json_set_bool(struct json *object, const char *name, bool value);
void json_set_i64(struct json *object, const char *name, int64_t value);
void json_set_u64(struct json *object, const char *name, uint64_t value);
void json_del(struct json *object, const char *name);
void json_add(struct json *array, struct json *value);
void json_add_str(struct json *array, const char *text);

/* Go's text of a float: 'j' as encoding/json writes it, 'g' as %v prints it. */
void json_float_text(double value, char how, struct str *out);
