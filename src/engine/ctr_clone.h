/* ctr_clone.h - another container with the definition of one that is there, changed by the caller, and no files but the image's.
 * Errors: those of ctr_create.h.
 * Locks:  none: a definition is replaced whole.
 */
#pragma once

#include "engine/ctr_create.h"

/* The definition, as if flags had said it: without what is one container's own (id, name, files that name it, --rm).
 * COMPAT: anonymous volumes are the same. */
int ctr_clone_begin(const struct ctr *from, struct ctr_opts *opts, struct err *err) must_check;
/* The first name of a copy that is free: "NAME-clone", "NAME-clone1", …; owned. */
int ctr_clone_name(struct engine *engine, const char *from, char **ret, struct err *err) must_check;
/* Names it, when opts does not: "NAME-clone", "NAME-clone1", … */
int ctr_clone(struct engine *engine, const struct ctr *from, struct ctr_opts *opts, const struct images_progress *progress, struct ctr **ret,
	      struct err *err) must_check;
