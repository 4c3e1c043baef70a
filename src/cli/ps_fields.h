/* ps_fields.h - what ps can tell about a container: the fields of its table, of --format and of its JSON.
 */
#pragma once

#include "cli/listing.h"
#include "engine/ctr.h"

struct ps_row {
	const struct ctr *ctr;
	bool no_trunc, sized, ns;
	int64_t now_ns, size_rw, size_root;
};

extern const struct listing_field ps_fields[];
extern const size_t ps_fields_count;
extern const struct listing_fields ps_fields_all;
char *ps_fields_text(const struct ps_row *row, const char *name); /* owned */
struct json *ps_fields_json_new(const struct ps_row *row);
