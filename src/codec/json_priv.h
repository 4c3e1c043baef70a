/* json_priv.h - what json.c and json_tree.c share: the value itself.
 */
#pragma once

#include "codec/json.h"

struct json_member {
	char *name;
	struct json *value;
};

/* In order of insertion. Above a few members an index of their names, open addressing, twice as large at least: place + 1, 0 is free. */
struct json_members {
	struct json_member *rows;
	size_t count, room;
	uint32_t *index;
	size_t index_size; /* a power of two, or 0 */
};

struct json_items {
	struct json **rows;
	size_t count, room;
};

/* An integer that fits 64 bits is a sign and a magnitude; any other number is a double with its text. */
struct json_number {
	bool integer, negative;
	uint64_t magnitude;
	double value;
	char *text; /* NULL: made of value */
};

struct json {
	enum json_kind kind;
	enum json_role role;
	unsigned refs;
	struct json *beside; /* of an object: what only templates see, or NULL */
	union {
		bool truth;
		struct json_number number;
		struct { char *text; size_t len; } string;
		struct json_items items;
		struct json_members members;
	};
};

struct json *json_new(enum json_kind kind);
void json_tree_done(struct json *v); /* an array's or object's content */
