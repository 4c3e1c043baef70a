/* listing.h - rows of things as a table, as JSON, or through --format.
 * Shape:  a listing knows its fields: the name --format calls, the heading, the text of a cell, and the value where that is
 *         not a string. Only what is shown is computed.
 * Owner:  rows are borrowed; texts and values that fields return are owned by the caller.
 * Errors: as format.h.
 */
#pragma once

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct json;

/* COMPAT: these have none in Podman: a table that names them says "<no value>" above. */
#define LISTING_NO_HEAD ""

struct listing_field {
	const char *name, *head; /* head NULL: the name in capitals */
	char *(*text)(const void *row);
	struct json *(*value)(const void *row); /* NULL: the text */
	const char *then; /* what completion writes behind the name; NULL: the braces, nothing more can be said */
};

/* All that --format may name, for who does not list them: completion. */
struct listing_fields {
	const struct listing_field *rows;
	size_t count;
};

struct listing {
	const char *name; /* the command, for sentences */
	const struct listing_field *fields;
	size_t field_count;
	const void *const *rows;
	size_t row_count;
	const char *columns; /* of the default table: names between tabs */
	bool no_heading;
};
/* format NULL: the default table. "json" is the caller's own. */
int listing_print(const struct listing *l, const char *format, struct err *err) must_check;
