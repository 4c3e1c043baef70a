/* layer_feed.h - layers that lie in a file go into the store, several at once.
 * Errors: those of storage/layer.h, with "copying blob …" in front. The first failure stops all.
 */
#pragma once

#include "image/image.h"

struct layer_feed {
	int fd;			/* borrowed */
	const struct archive *archive; /* NULL, or a directory whose file `member` it is: opened when its turn comes */
	char *member;		/* owned by the caller */
	uint64_t offset, size;	/* where the layer's bytes lie */
	const char *digest;	/* what they must be; NULL: unknown */
	const char *diff_id;
	struct layer *layer;	/* what came of it; owned by the caller, NULL when it was here already or comes twice */
};
int layer_feed(struct store *store, struct layer_feed *feeds, size_t count, const struct image_progress *progress,
	       struct err *err) must_check;
