/* check_repair.h - mending one damaged object: see check.h.
 */
#pragma once

#include "engine/check.h"

/* Sets row->done and row->mended. Fails where nothing could be done: the object stays as it is. */
int check_repair(struct engine *engine, struct check_row *row, struct err *err) must_check;
