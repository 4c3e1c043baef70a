/* ctr_diff.h - what a container has changed in its image's files, or how two file systems differ.
 * Errors: ERR_NOT_FOUND; ERR_UNSUPPORTED a container that runs on a directory of the host (--rootfs).
 */
#pragma once

#include "engine/images.h"

enum ctr_diff_of {
	CTR_DIFF_CTR,	/* word names a container */
	CTR_DIFF_IMAGE, /* an image */
	CTR_DIFF_ANY,	/* a container, or else an image */
};
/* other NULL: against the container's image, or the image without its top layer. */
int ctr_diff(struct engine *engine, enum ctr_diff_of of, const char *word, const char *other, struct images_diff *ret, struct err *err) must_check;
