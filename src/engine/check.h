/* check.h - `system check`: what of the store is damaged, and mending it.
 * Shape:  a finding a damaged object. Mending, in this order: a layer or image comes anew from the registry it came from, by its
 *         digest; an image's record is written anew from its own bytes; what cannot be mended so is put aside (store_quarantine).
 *         What a container has written and what a volume holds is never removed: a volume gets a new record, a container without a
 *         readable definition is put aside with its files.
 * Owner:  check_done.
 * Errors: where the store cannot be listed. That something is damaged is no error here.
 */
#pragma once

#include "engine/engine.h"

#include <stdbool.h>
#include <stddef.h>

struct check_row {
	bool is_name;	  /* the object's name is meant, not the object */
	bool is_damage;	  /* else what a crash has left, which ordinary commands take away */
	int kind;	  /* enum store_kind */
	const char *what; /* "layer" */
	char *id, *text;
	char *done; /* what a repair did about it; NULL: nothing yet */
	bool mended; /* it is as good as before; else it was put aside, or stays as it is */
};
struct check_report {
	struct check_row *rows;
	size_t count, damaged;
};
void check_done(struct check_report *report);
AUTO_VAL(check_report, check_done);

enum check_how {
	CHECK_RECORDS = 1 << 0, /* not the files of layers */
	CHECK_REPAIR = 1 << 1,
};
int check_store(struct engine *engine, unsigned how, struct check_report *ret, struct err *err) must_check;
