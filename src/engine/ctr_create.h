/* ctr_create.h - words and image → a definition in the store, its name reserved.
 * Errors: ERR_EXISTS the name is in use; ERR_NOT_FOUND no such image (and pull forbids); ERR_USAGE.
 *         Nothing is left behind on failure.
 */
#pragma once

#include "engine/ctr.h"
#include "engine/ctr_opts.h"
#include "engine/images.h"

/* The id of a container that is only looked at. */
#define CTR_CREATE_NO_ID "<id>"

/* In two halves, so that a start can go on with what needs no directory while the record is written (ctr_run).
 * prepare: resolves (and pulls, progress may be NULL) the image, completes the definition, reserves the name; dir_fd is -EBADF.
 *          Of an engine that looks: the same, and nothing is taken, pulled or written; the id is CTR_CREATE_NO_ID, a missing name "<name>".
 * publish: the record gets its place, the id file is written; the container is locked then. Drops the name on failure. */
int ctr_prepare(struct engine *engine, struct ctr_opts *opts, const struct images_progress *progress, struct ctr **ret,
		struct err *err) must_check;
/* Instead of publishing it. */
void ctr_give_up(struct engine *engine, struct ctr *ctr);
int ctr_publish(struct engine *engine, struct ctr *ctr, struct err *err) must_check;

/* Both. opts is consumed as far as
 * its def goes; call ctr_opts_done all the same. */
int ctr_create(struct engine *engine, struct ctr_opts *opts, const struct images_progress *progress, struct ctr **ret,
	       struct err *err) must_check;
