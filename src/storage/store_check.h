/* store_check.h - what is damaged in a store, and what a crash left over. Changes nothing.
 * Shape:  CHECK_DEEP reads the content of every layer's files, too.
 *         one finding for each object that cannot be used as it is; the others are not touched by it.
 *         CHECK_DAMAGE  a record, manifest or config that is not what was written; a layer that is missing
 *         CHECK_LEFT    garbage that ordinary commands take away or take over: a name without an object, a layer nobody names
 * Locks:  none. What changes while it looks may be told as left over, never as damage for long: look again.
 */
#pragma once

#include "storage/store.h"

enum check_grade { CHECK_DAMAGE, CHECK_LEFT };

struct check_finding {
	enum check_grade grade;
	enum store_kind kind;
	bool is_name;	  /* what leads to an object is damaged, not the object */
	const char *id;	  /* of the object; of a name, the name */
	const char *text; /* a sentence that names the cause */
};

/* What lies in a container's directory besides its definition, once it has run; ends with NULL. */
extern const char *const store_check_ctr_files[];

enum check_flags { CHECK_DEEP = 1 << 0 };

/* found: called for each; not NULL. Fails only where the store itself cannot be listed. */
int store_check(struct store *store, unsigned flags, void (*found)(const struct check_finding *finding, void *data), void *data,
		struct err *err) must_check;
