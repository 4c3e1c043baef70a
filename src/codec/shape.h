/* shape.h - a table that says how a struct looks as JSON; one table drives reading, writing and --format.
 * Shape:  rows are written with the SHAPE_* macros below, which check the C type of the field they bind. A NULL string
 *         is the empty one. A "strv" is base/str.h's list; a MAP is a strv of KEY=VALUE, written sorted, as Go does.
 * Owner:  the struct owns every string, list and nested value; shape_done frees them and leaves a zeroed struct.
 * Units:  TIME is int64_t nanoseconds since 1970; 0 is Go's zero time (0001-01-01T00:00:00Z), and the epoch itself,
 *         which reproducible images carry, is 1.
 * Errors: ERR_INVALID with the member's path: member 'config.Env[3]': a string is expected, not a number.
 *
 *	static const struct shape_field port_fields[] = {
 *		SHAPE_STRING(struct port, host_ip, "HostIp"),
 *		SHAPE_U32(struct port, host_port, "HostPort", .rule = SHAPE_OMIT_EMPTY),
 *	};
 *	static const struct shape port_shape = SHAPE(struct port, "types.PortMapping", port_fields);
 */
#pragma once

#include "base/err.h"
#include "codec/json.h"
#include "codec/json_out.h"

enum shape_kind {
	SHAPE_KIND_STRING,  /* char * */
	SHAPE_KIND_BOOL,    /* bool */
	SHAPE_KIND_INT,	    /* int */
	SHAPE_KIND_U32,	    /* uint32_t */
	SHAPE_KIND_I64,	    /* int64_t */
	SHAPE_KIND_U64,	    /* uint64_t */
	SHAPE_KIND_F64,	    /* double */
	SHAPE_KIND_TIME,    /* int64_t, RFC 3339 in JSON */
	SHAPE_KIND_STRV,    /* char **, an array of strings */
	SHAPE_KIND_MAP,	    /* char **, KEY=VALUE, an object of strings */
	SHAPE_KIND_SET,	    /* char **, an object whose values are {}: ExposedPorts, Volumes */
	SHAPE_KIND_JSON,    /* struct json *, whatever it is */
	SHAPE_KIND_STRUCT,  /* struct x, an object; null and absent leave it zeroed */
	SHAPE_KIND_POINTER, /* struct x *, an object or null */
	SHAPE_KIND_ARRAY,   /* struct x * and its size_t count, an array of objects */
	SHAPE_KIND_COUNT
};

enum shape_rule {
	SHAPE_OMIT_EMPTY = 1 << 0, /* Go's omitempty: false, 0, "", an empty list or map, null; a zero time too (omitzero) */
	SHAPE_EMPTY_NULL = 1 << 1, /* an empty list or map is written null, not [] or {} */
	SHAPE_REQUIRED = 1 << 2,   /* reading fails where it is absent or null */
	SHAPE_LOCAL_TIME = 1 << 3, /* written with the local offset, not Z */
	SHAPE_FORMAT_ONLY = 1 << 4, /* known to --format, not part of the JSON */
};

struct shape;
struct shape_field {
	const char *json; /* the member's name */
	const char *go;	  /* the name in --format where it differs from the member's; else NULL */
	enum shape_kind kind;
	unsigned rule;
	size_t offset, count_offset;
	const struct shape *nested; /* STRUCT, POINTER, ARRAY */
};

struct shape {
	const char *name; /* the type's name in Go, as --format errors tell it */
	const struct shape_field *fields;
	size_t count, bytes;
	bool any_case;	    /* COMPAT: names match in any case, as Go reads; for documents from outside */
	bool keep_unknown;  /* members no row knows are kept in the struct json * at unknown_offset, and written last */
	size_t unknown_offset;
};

/* offsetof that fails to compile when the field is of another type */
#define SHAPE_OFFSET(type, member, ctype) \
	(offsetof(type, member) + \
	 0 * sizeof(char[__builtin_types_compatible_p(__typeof__(((type *)0)->member), ctype) ? 1 : -1]))
#define SHAPE_ROW(kind_, ctype, type, member, name, ...) \
	{ .json = (name), .kind = (kind_), .offset = SHAPE_OFFSET(type, member, ctype), ##__VA_ARGS__ }

#define SHAPE_STRING(type, member, name, ...) SHAPE_ROW(SHAPE_KIND_STRING, char *, type, member, name, ##__VA_ARGS__)
#define SHAPE_BOOL(type, member, name, ...) SHAPE_ROW(SHAPE_KIND_BOOL, bool, type, member, name, ##__VA_ARGS__)
#define SHAPE_INT(type, member, name, ...) SHAPE_ROW(SHAPE_KIND_INT, int, type, member, name, ##__VA_ARGS__)
#define SHAPE_U32(type, member, name, ...) SHAPE_ROW(SHAPE_KIND_U32, uint32_t, type, member, name, ##__VA_ARGS__)
#define SHAPE_I64(type, member, name, ...) SHAPE_ROW(SHAPE_KIND_I64, int64_t, type, member, name, ##__VA_ARGS__)
#define SHAPE_U64(type, member, name, ...) SHAPE_ROW(SHAPE_KIND_U64, uint64_t, type, member, name, ##__VA_ARGS__)
#define SHAPE_F64(type, member, name, ...) SHAPE_ROW(SHAPE_KIND_F64, double, type, member, name, ##__VA_ARGS__)
#define SHAPE_TIME(type, member, name, ...) SHAPE_ROW(SHAPE_KIND_TIME, int64_t, type, member, name, ##__VA_ARGS__)
#define SHAPE_STRV(type, member, name, ...) SHAPE_ROW(SHAPE_KIND_STRV, char **, type, member, name, ##__VA_ARGS__)
#define SHAPE_MAP(type, member, name, ...) SHAPE_ROW(SHAPE_KIND_MAP, char **, type, member, name, ##__VA_ARGS__)
#define SHAPE_SET(type, member, name, ...) SHAPE_ROW(SHAPE_KIND_SET, char **, type, member, name, ##__VA_ARGS__)
#define SHAPE_JSON(type, member, name, ...) SHAPE_ROW(SHAPE_KIND_JSON, struct json *, type, member, name, ##__VA_ARGS__)
/* ctype is the nested struct's type */
#define SHAPE_STRUCT(type, member, name, ctype, shape_, ...) \
	SHAPE_ROW(SHAPE_KIND_STRUCT, ctype, type, member, name, .nested = (shape_), ##__VA_ARGS__)
#define SHAPE_POINTER(type, member, name, ctype, shape_, ...) \
	SHAPE_ROW(SHAPE_KIND_POINTER, ctype *, type, member, name, .nested = (shape_), ##__VA_ARGS__)
#define SHAPE_ARRAY(type, member, count_, name, ctype, shape_, ...) \
	SHAPE_ROW(SHAPE_KIND_ARRAY, ctype *, type, member, name, .nested = (shape_), \
		  .count_offset = SHAPE_OFFSET(type, count_, size_t), ##__VA_ARGS__)

#define SHAPE(type, name_, fields_, ...) \
	{ .name = (name_), .fields = (fields_), .count = ARRAY_LEN(fields_), .bytes = sizeof(type), ##__VA_ARGS__ }

/* Fills a zeroed struct; on failure it is left zeroed. Members no row knows are ignored (or kept, see above). */
int shape_decode(const struct shape *shape, const struct json *value, void *obj, struct err *err) must_check;
/* The same from text. A store record: LIMIT_JSON_DEPTH; from outside: LIMIT_JSON_DEPTH_OUTSIDE and JSON_PARSE_UNIQUE. */
int shape_parse(const struct shape *shape, const char *data, size_t len, unsigned max_depth, unsigned flags, void *obj,
		struct err *err) must_check;
void shape_done(const struct shape *shape, void *obj);

enum shape_encode {
	SHAPE_ENCODE_ALL = 1 << 0, /* every row, whatever its rule: what --format works on */
};
struct json *shape_encode_new(const struct shape *shape, const void *obj, unsigned flags);
/* Into a stream, and as a whole text. */
void shape_out(const struct shape *shape, const void *obj, struct json_out *out, const char *name);
void shape_write(const struct shape *shape, const void *obj, struct str *out, const struct json_style *style);

/* The row --format calls by this name (exact case); NULL when there is none. */
const struct shape_field *shape_find(const struct shape *shape, const char *go_name);
static inline const char *shape_field_name(const struct shape_field *field)
{
	return field->go ? field->go : field->json;
}
