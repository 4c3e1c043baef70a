/* ctr_create.h - words and image → a definition in the store, its name reserved.
 * Errors: ERR_EXISTS the name is in use; ERR_NOT_FOUND no such image (and pull forbids); ERR_USAGE.
 *         Nothing is left behind on failure.
 */
#pragma once

#include "engine/ctr.h"
#include "engine/ctr_opts.h"
#include "engine/images.h"

/* Resolves (and pulls, progress may be NULL) the image, completes opts->def and publishes it. opts is consumed as far as
 * its def goes; call ctr_opts_done all the same. */
int ctr_create(struct engine *engine, struct ctr_opts *opts, const struct images_progress *progress, struct ctr **ret,
	       struct err *err) must_check;
