/* shape_decode.c - JSON into a struct, by its table; see shape.h */
#include "codec/shape.h"

#include "base/ntime.h"
#include "base/str.h"
#include "codec/json_parse.h"
#include "codec/shape_priv.h"

#include <limits.h>
#include <stdio.h>
#include <strings.h>

enum { FIELDS_MAX = 128 };

/* Where the reader is, from within outwards: a.b[3].c. Its text is made when something is wrong there. */
struct step {
	const struct step *outer;
	const char *name; /* NULL: an element */
	size_t index;
};

struct decoder {
	const struct step *at;
	struct err *err;
};

static int decode_object(struct decoder *d, const struct shape *shape, const struct json *value, void *obj);

static void add_path(struct str *out, const struct step *step)
{
	if (!step)
		return;
	add_path(out, step->outer);
	if (step->name)
		str_addf(out, "%s%s", out->len ? "." : "", step->name);
	else
		str_addf(out, "[%zu]", step->index);
}

static int fail(struct decoder *d, const char *what)
{
	auto_str path = { 0 };

	if (!d->at)
		return err_set(d->err, ERR_INVALID, "%s", what);
	add_path(&path, d->at);
	return err_set(d->err, ERR_INVALID, "member '%.200s': %s", str_text(&path), what);
}

static int fail_kind(struct decoder *d, enum json_kind expected, const struct json *got)
{
	char what[96];

	snprintf(what, sizeof(what), "%s is expected, not %s", json_kind_name(expected), json_kind_name(json_kind(got)));
	return fail(d, what);
}

static int need(struct decoder *d, enum json_kind expected, const struct json *value)
{
	return json_kind(value) == expected ? 0 : fail_kind(d, expected, value);
}

static int read_text(struct decoder *d, const struct json *value, const char **ret)
{
	if (need(d, JSON_STRING, value) < 0)
		return -1;
	*ret = json_str(value, NULL);
	return *ret ? 0 : fail(d, "a string without NUL is expected");
}

static int decode_string(struct decoder *d, const struct shape_field *f, const struct json *value, void *obj)
{
	const char *text;

	if (read_text(d, value, &text) < 0)
		return -1;
	*shape_string(f, obj) = mem_strdup(text);
	return 0;
}

static int decode_bool(struct decoder *d, const struct shape_field *f, const struct json *value, void *obj)
{
	if (need(d, JSON_BOOL, value) < 0)
		return -1;
	*(bool *)shape_slot(f, obj) = json_bool(value, false);
	return 0;
}

static int decode_integer(struct decoder *d, const struct shape_field *f, const struct json *value, void *obj)
{
	bool is_unsigned = f->kind == SHAPE_KIND_U64 || f->kind == SHAPE_KIND_U32;
	uint64_t big = 0;
	int64_t small = 0;
	void *slot = shape_slot(f, obj);
	int r;

	if (need(d, JSON_NUMBER, value) < 0)
		return -1;
	if (!json_is_integer(value))
		return fail(d, "a whole number of at most 64 bits is expected");
	r = is_unsigned ? json_to_u64(value, &big) : json_to_i64(value, &small);
	if (r < 0 || (f->kind == SHAPE_KIND_U32 && big > UINT32_MAX) ||
	    (f->kind == SHAPE_KIND_INT && (small < INT_MIN || small > INT_MAX)))
		return fail(d, "a number out of range");
	if (f->kind == SHAPE_KIND_U64)
		*(uint64_t *)slot = big;
	else if (f->kind == SHAPE_KIND_U32)
		*(uint32_t *)slot = (uint32_t)big;
	else if (f->kind == SHAPE_KIND_INT)
		*(int *)slot = (int)small;
	else
		*(int64_t *)slot = small;
	return 0;
}

static int decode_f64(struct decoder *d, const struct shape_field *f, const struct json *value, void *obj)
{
	if (need(d, JSON_NUMBER, value) < 0)
		return -1;
	*(double *)shape_slot(f, obj) = json_f64(value, 0);
	return 0;
}

static int decode_time(struct decoder *d, const struct shape_field *f, const struct json *value, void *obj)
{
	const char *text;
	int64_t ns = 0;

	if (read_text(d, value, &text) < 0)
		return -1;
	if (strcmp(text, SHAPE_ZERO_TIME) == 0)
		return 0;
	if (ntime_parse(text, &ns) < 0)
		return fail(d, "a time as in RFC 3339 is expected");
	*(int64_t *)shape_slot(f, obj) = ns == 0 ? SHAPE_EPOCH : ns;
	return 0;
}

static int decode_strv(struct decoder *d, const struct shape_field *f, const struct json *value, void *obj)
{
	const char *text;

	if (need(d, JSON_ARRAY, value) < 0)
		return -1;
	for (size_t i = 0, n = json_len(value); i < n; i++) {
		const struct step step = { .outer = d->at, .index = i };

		d->at = &step;
		if (read_text(d, json_at(value, i), &text) < 0)
			return -1;
		strv_add(shape_strv(f, obj), text);
		d->at = step.outer;
	}
	return 0;
}

static int decode_map(struct decoder *d, const struct shape_field *f, const struct json *value, void *obj)
{
	const char *text;

	if (need(d, JSON_OBJECT, value) < 0)
		return -1;
	for (struct json_iter it = json_iter(value); json_next(&it);) {
		const struct step step = { .outer = d->at, .name = it.name };

		d->at = &step;
		/* a list of KEY=VALUE cannot hold it: better refused than read as another key */
		if (strchr(it.name, '='))
			return fail(d, "a name without '=' is expected");
		text = "";
		if (it.value && read_text(d, it.value, &text) < 0)
			return -1;
		strv_addf(shape_strv(f, obj), "%s=%s", it.name, text);
		d->at = step.outer;
	}
	return 0;
}

static int decode_set(struct decoder *d, const struct shape_field *f, const struct json *value, void *obj)
{
	if (need(d, JSON_OBJECT, value) < 0)
		return -1;
	for (struct json_iter it = json_iter(value); json_next(&it);)
		strv_add(shape_strv(f, obj), it.name);
	return 0;
}

static int decode_json(struct decoder *d, const struct shape_field *f, const struct json *value, void *obj)
{
	*(struct json **)shape_slot(f, obj) = json_ref(value);
	return 0;
}

static int decode_struct(struct decoder *d, const struct shape_field *f, const struct json *value, void *obj)
{
	return decode_object(d, f->nested, value, shape_slot(f, obj));
}

static int decode_pointer(struct decoder *d, const struct shape_field *f, const struct json *value, void *obj)
{
	void **slot = shape_slot(f, obj);

	*slot = mem_alloc(f->nested->bytes);
	return decode_object(d, f->nested, value, *slot);
}

static int decode_array(struct decoder *d, const struct shape_field *f, const struct json *value, void *obj)
{
	size_t n = json_len(value);
	char *items;

	if (need(d, JSON_ARRAY, value) < 0)
		return -1;
	if (n == 0)
		return 0;
	items = mem_array(n, f->nested->bytes);
	*(void **)shape_slot(f, obj) = items;
	*shape_count(f, obj) = n;
	for (size_t i = 0; i < n; i++) {
		const struct step step = { .outer = d->at, .index = i };

		d->at = &step;
		if (json_at(value, i) && decode_object(d, f->nested, json_at(value, i), items + i * f->nested->bytes) < 0)
			return -1;
		d->at = step.outer;
	}
	return 0;
}

typedef int decode_fn(struct decoder *d, const struct shape_field *f, const struct json *value, void *obj);

static decode_fn *const decoders[SHAPE_KIND_COUNT] = {
	[SHAPE_KIND_STRING] = decode_string,   [SHAPE_KIND_BOOL] = decode_bool,	      [SHAPE_KIND_INT] = decode_integer,
	[SHAPE_KIND_U32] = decode_integer,     [SHAPE_KIND_I64] = decode_integer,     [SHAPE_KIND_U64] = decode_integer,
	[SHAPE_KIND_F64] = decode_f64,	       [SHAPE_KIND_TIME] = decode_time,	      [SHAPE_KIND_STRV] = decode_strv,
	[SHAPE_KIND_MAP] = decode_map,	       [SHAPE_KIND_SET] = decode_set,	      [SHAPE_KIND_JSON] = decode_json,
	[SHAPE_KIND_STRUCT] = decode_struct,   [SHAPE_KIND_POINTER] = decode_pointer, [SHAPE_KIND_ARRAY] = decode_array,
};

/* Members come mostly in the order of the rows, so the search starts at `hint`. */
static size_t find_row(const struct shape *shape, const char *name, size_t hint)
{
	for (size_t i = 0; i < shape->count; i++) {
		size_t at = (hint + i) % shape->count;

		if (!(shape->fields[at].rule & SHAPE_FORMAT_ONLY) && strcmp(shape->fields[at].json, name) == 0)
			return at;
	}
	for (size_t i = 0; shape->any_case && i < shape->count; i++)
		if (!(shape->fields[i].rule & SHAPE_FORMAT_ONLY) && strcasecmp(shape->fields[i].json, name) == 0)
			return i;
	return shape->count;
}

static void keep_unknown(const struct shape *shape, const struct json_iter *it, void *obj)
{
	struct json **slot = (struct json **)((char *)obj + shape->unknown_offset);

	if (!shape->keep_unknown)
		return;
	if (!*slot)
		*slot = json_object_new();
	json_set(*slot, it->name, json_ref(it->value));
}

static int check_required(struct decoder *d, const struct shape *shape, const bool *given)
{
	for (size_t i = 0; i < shape->count; i++) {
		if (given[i] || !(shape->fields[i].rule & SHAPE_REQUIRED))
			continue;
		const struct step step = { .outer = d->at, .name = shape->fields[i].json };
		d->at = &step;
		return fail(d, "it is missing");
	}
	return 0;
}

static int decode_object(struct decoder *d, const struct shape *shape, const struct json *value, void *obj)
{
	bool seen[FIELDS_MAX] = { false }, given[FIELDS_MAX] = { false };
	size_t row = 0;

	if (need(d, JSON_OBJECT, value) < 0)
		return -1;
	if (shape->count == 0 || shape->count > FIELDS_MAX)
		return err_set(d->err, ERR_INTERNAL, "the table of %s has %zu rows", shape->name, shape->count);
	for (struct json_iter it = json_iter(value); json_next(&it);) {
		const struct step step = { .outer = d->at, .name = it.name };
		size_t found = find_row(shape, it.name, row);

		if (found == shape->count) {
			keep_unknown(shape, &it, obj);
			continue;
		}
		d->at = &step;
		/* only possible as 'Layers' beside 'layers': two readers would not agree which one counts */
		if (seen[found])
			return fail(d, "it is given twice, in different case");
		seen[found] = true;
		given[found] = it.value != NULL;
		if (it.value && decoders[shape->fields[found].kind](d, &shape->fields[found], it.value, obj) < 0)
			return -1;
		d->at = step.outer;
		row = found + 1;
	}
	return check_required(d, shape, given);
}

int shape_decode(const struct shape *shape, const struct json *value, void *obj, struct err *err)
{
	struct decoder d = { .err = err };
	int r = decode_object(&d, shape, value, obj);

	if (r < 0)
		shape_done(shape, obj);
	return r;
}

int shape_parse(const struct shape *shape, const char *data, size_t len, unsigned max_depth, unsigned flags, void *obj,
		struct err *err)
{
	auto_ptr(json) value = NULL;

	if (json_parse(data, len, max_depth, flags, &value, err) < 0)
		return -1;
	return shape_decode(shape, value, obj, err);
}
