/* image_diff.h - what differs between two file systems made of layers, or between one and all but its top layer.
 * Shape:  layers are merged as overlay merges them: an entry of an upper layer hides those below, a whiteout takes them away,
 *         an opaque directory begins anew. Paths are absolute, sorted within each directory, a directory before what is in it.
 * Owner:  image_diff_done.
 * Errors: ERR_NOT_FOUND a layer is missing; ERR_SYSTEM.
 */
#pragma once

#include "image/image.h"

struct image_diff_row {
	char kind; /* 'A' added, 'C' changed, 'D' deleted (of a directory: it alone) */
	char *path;
};
struct image_diff {
	struct image_diff_row *rows;
	size_t count;
};
void image_diff_done(struct image_diff *diff);
AUTO_VAL(image_diff, image_diff_done);

/* Layers, bottom first, and what lies on top of them: a container's own files. */
struct image_diff_tree {
	char *const *diff_ids;
	int top_fd; /* -EBADF: none */
};
/* What must be done to `before` to come to `tree`. before NULL: the tree without its top. */
int image_diff_trees(struct store *store, const struct image_diff_tree *tree, const struct image_diff_tree *before, struct image_diff *ret,
		     struct err *err) must_check;
