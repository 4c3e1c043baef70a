/* ctr_commit.h - commit: a container becomes an image.
 * Shape:  what the container has written is the new layer on its image's; squash: all that it sees is the only one. The configuration is the
 *         image's with the container's words, then --config, then the changes, in this order.
 * Errors: ERR_NOT_FOUND; ERR_UNSUPPORTED on a directory of the host (--rootfs); ERR_USAGE changes and formats; those of image_commit.h.
 * Locks:  none. A container that is removed meanwhile fails the commit; one that writes may have its files in any state, unless paused.
 */
#pragma once

#include "engine/ctr.h"
#include "engine/images.h"

struct ctr_commit_opts {
	const char *name;	/* as it was typed; NULL or "": none */
	const char *format;	/* "oci", "docker" */
	const char *author, *message, *iidfile;
	const char *config;	/* JSON of an image's config, or NULL */
	char *const *changes;	/* Containerfile instructions */
	bool include_volumes, pause, squash;
	const struct images_progress *progress;
};
/* ret_id: 64 hex digits and NUL. */
int ctr_commit(struct engine *engine, struct ctr *ctr, const struct ctr_commit_opts *opts, char ret_id[65], struct err *err) must_check;
