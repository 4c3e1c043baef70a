/* ctr_update.h - other limits, health checks, another restart policy, other variables for a container that is there.
 * Shape:  the definition as it shall be, made from the one that is (ctr_update_begin) and changed by the caller.
 * Errors: ERR_UNSUPPORTED a limit that cannot be enforced here: nothing is changed then. ERR_NOT_FOUND removed meanwhile.
 * Locks:  the container's, from begin to done.
 */
#pragma once

#include "engine/ctr.h"
#include "engine/ctr_opts.h"

/* What is there, as if flags had said it; locked. */
int ctr_update_begin(struct engine *engine, struct ctr *ctr, struct ctr_opts *opts, struct err *err) must_check;
/* Limits and health checks hold at once where it runs; variables and ulimits from the next start on (those of exec at once). */
int ctr_update_apply(struct engine *engine, struct ctr *ctr, struct ctr_opts *opts, struct err *err) must_check;
void ctr_update_done(struct ctr *ctr);
