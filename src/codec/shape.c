/* shape.c - a struct into JSON, by its table; and what both directions share. See shape.h */
#include "codec/shape.h"

#include "base/ntime.h"
#include "base/str.h"
#include "codec/shape_priv.h"

static bool row_is_empty(const struct shape_field *f, const void *obj)
{
	const void *slot = shape_slot(f, obj);

	switch (f->kind) {
	case SHAPE_KIND_STRING: return !*(char *const *)slot || !**(char *const *)slot;
	case SHAPE_KIND_BOOL: return !*(const bool *)slot;
	case SHAPE_KIND_INT: return *(const int *)slot == 0;
	case SHAPE_KIND_U32: return *(const uint32_t *)slot == 0;
	case SHAPE_KIND_I64:
	case SHAPE_KIND_TIME: return *(const int64_t *)slot == 0;
	case SHAPE_KIND_U64: return *(const uint64_t *)slot == 0;
	case SHAPE_KIND_F64: return !(*(const double *)slot < 0 || *(const double *)slot > 0);
	case SHAPE_KIND_STRV:
	case SHAPE_KIND_MAP:
	case SHAPE_KIND_SET: return !*(char **const *)slot || !**(char **const *)slot;
	case SHAPE_KIND_JSON:
	case SHAPE_KIND_POINTER: return !*(void *const *)slot;
	case SHAPE_KIND_ARRAY: return *shape_count(f, obj) == 0;
	case SHAPE_KIND_STRUCT:
	case SHAPE_KIND_COUNT: return false;
	}
	return false;
}

static struct json *encode_time(const struct shape_field *f, int64_t ns)
{
	struct ntime_text text;

	if (ns == 0)
		return json_str_new(SHAPE_ZERO_TIME);
	if (ns == SHAPE_EPOCH)
		ns = 0;
	text = f->rule & SHAPE_LOCAL_TIME ? ntime_rfc3339_local(ns) : ntime_rfc3339(ns);
	return json_str_new(text.text);
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* the order of the keys alone: "a=1" before "a.b=2", though '=' comes after '.' */
static int compare_keys(const void *a, const void *b)
{
	const char *x = *(char *const *)a, *y = *(char *const *)b;
	size_t x_len = strcspn(x, "="), y_len = strcspn(y, "=");
	int r = memcmp(x, y, x_len < y_len ? x_len : y_len);

	return r ? r : (x_len > y_len) - (x_len < y_len);
}

/* MAP and SET; Go writes maps in the order of their keys */
static struct json *encode_map(char *const *list, bool is_set)
{
	struct json *object = json_object_new();
	auto_strv sorted = strv_dup(list);

	if (sorted)
		qsort(sorted, strv_len(sorted), sizeof(*sorted), is_set ? compare_texts : compare_keys);
	for (char **p = sorted; p && *p; p++) {
		char *value = is_set ? NULL : strchr(*p, '=');

		if (value)
			*value++ = '\0';
		json_set(object, *p, is_set ? json_object_new() : json_str_new(value ? value : ""));
	}
	return object;
}

static struct json *encode_array(const struct shape_field *f, const void *obj, unsigned flags)
{
	struct json *array = json_array_new();
	const char *items = *(const char *const *)shape_slot(f, obj);

	for (size_t i = 0; i < *shape_count(f, obj); i++)
		json_add(array, shape_encode_new(f->nested, items + i * f->nested->bytes, flags));
	return array;
}

static struct json *encode_row(const struct shape_field *f, const void *obj, unsigned flags)
{
	const void *slot = shape_slot(f, obj);
	const char *text;

	if ((f->rule & SHAPE_EMPTY_NULL) && row_is_empty(f, obj))
		return NULL;
	switch (f->kind) {
	case SHAPE_KIND_STRING:
		text = *(char *const *)slot;
		return json_str_new(text ? text : "");
	case SHAPE_KIND_BOOL: return json_bool_new(*(const bool *)slot);
	case SHAPE_KIND_INT: return json_i64_new(*(const int *)slot);
	case SHAPE_KIND_U32: return json_i64_new(*(const uint32_t *)slot);
	case SHAPE_KIND_I64: return json_i64_new(*(const int64_t *)slot);
	case SHAPE_KIND_U64: return json_u64_new(*(const uint64_t *)slot);
	case SHAPE_KIND_F64: return json_f64_new(*(const double *)slot);
	case SHAPE_KIND_TIME: return encode_time(f, *(const int64_t *)slot);
	case SHAPE_KIND_STRV: return json_strv_new(*(char **const *)slot);
	case SHAPE_KIND_MAP: return encode_map(*(char **const *)slot, false);
	case SHAPE_KIND_SET: return encode_map(*(char **const *)slot, true);
	case SHAPE_KIND_JSON: return json_ref(*(struct json *const *)slot);
	case SHAPE_KIND_STRUCT: return shape_encode_new(f->nested, slot, flags);
	case SHAPE_KIND_POINTER:
		slot = *(const void *const *)slot;
		return slot ? shape_encode_new(f->nested, slot, flags) : NULL;
	case SHAPE_KIND_ARRAY: return encode_array(f, obj, flags);
	case SHAPE_KIND_COUNT: break;
	}
	return NULL;
}

static bool row_is_written(const struct shape_field *f, const void *obj, unsigned flags)
{
	if (flags & SHAPE_ENCODE_ALL)
		return true;
	if (f->rule & SHAPE_FORMAT_ONLY)
		return false;
	return !(f->rule & SHAPE_OMIT_EMPTY) || !row_is_empty(f, obj);
}

struct json *shape_encode_new(const struct shape *shape, const void *obj, unsigned flags)
{
	struct json *object = json_object_new();

	for (size_t i = 0; i < shape->count; i++)
		if (row_is_written(&shape->fields[i], obj, flags))
			json_set(object, shape->fields[i].json, encode_row(&shape->fields[i], obj, flags));
	if (shape->keep_unknown) {
		const struct json *kept = *(struct json *const *)((const char *)obj + shape->unknown_offset);

		for (struct json_iter it = json_iter(kept); json_next(&it);)
			json_set(object, it.name, json_ref(it.value));
	}
	return object;
}

void shape_out(const struct shape *shape, const void *obj, struct json_out *out, const char *name)
{
	auto_ptr(json) value = shape_encode_new(shape, obj, 0);

	json_out_value(out, name, value);
}

void shape_write(const struct shape *shape, const void *obj, struct str *out, const struct json_style *style)
{
	struct json_out stream = json_out(out, style);

	shape_out(shape, obj, &stream, NULL);
}

static void done_array(const struct shape_field *f, void *obj)
{
	char *items = *(char **)shape_slot(f, obj);

	for (size_t i = 0; i < *shape_count(f, obj); i++)
		shape_done(f->nested, items + i * f->nested->bytes);
	free(items);
	*shape_count(f, obj) = 0;
}

static void done_row(const struct shape_field *f, void *obj)
{
	void *slot = shape_slot(f, obj);

	switch (f->kind) {
	case SHAPE_KIND_STRING: free(*(char **)slot); break;
	case SHAPE_KIND_STRV:
	case SHAPE_KIND_MAP:
	case SHAPE_KIND_SET: strv_free(*(char ***)slot); break;
	case SHAPE_KIND_JSON: json_free(*(struct json **)slot); break;
	case SHAPE_KIND_ARRAY: done_array(f, obj); break;
	case SHAPE_KIND_STRUCT: shape_done(f->nested, slot); break;
	case SHAPE_KIND_POINTER:
		if (*(void **)slot)
			shape_done(f->nested, *(void **)slot);
		free(*(void **)slot);
		break;
	case SHAPE_KIND_BOOL:
	case SHAPE_KIND_INT:
	case SHAPE_KIND_U32:
	case SHAPE_KIND_I64:
	case SHAPE_KIND_U64:
	case SHAPE_KIND_F64:
	case SHAPE_KIND_TIME:
	case SHAPE_KIND_COUNT: break;
	}
}

void shape_done(const struct shape *shape, void *obj)
{
	for (size_t i = 0; i < shape->count; i++)
		done_row(&shape->fields[i], obj);
	if (shape->keep_unknown)
		json_free(*(struct json **)((char *)obj + shape->unknown_offset));
	memset(obj, 0, shape->bytes);
}

const struct shape_field *shape_find(const struct shape *shape, const char *go_name)
{
	for (size_t i = 0; i < shape->count; i++)
		if (strcmp(shape_field_name(&shape->fields[i]), go_name) == 0)
			return &shape->fields[i];
	return NULL;
}
