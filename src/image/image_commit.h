/* image_commit.h - a tree of files becomes the top layer of a new image, or all of it.
 * Shape:  the tree is read once, as a tar stream that is unpacked into the layer in the jail of every layer while its digest is taken; nothing
 *         is spooled. The configuration is the caller's, with one line of history and one diff-id more.
 * Errors: those of storage/tree_pack.h and storage/layer.h.
 */
#pragma once

#include "image/image.h"
#include "image/image_config.h"
#include "storage/tree_pack.h"

struct image_commit_opts {
	int tree_fd;		/* borrowed */
	const char *what;	/* its name in sentences: "container web" */
	struct tree_pack pack;
	const struct image *base; /* whose layers lie below; NULL: none */
	struct image_config *config; /* its diff-ids are the base's; completed here */
	const struct image_history *history; /* of the new layer; copied */
	bool docker;		/* formats of Docker, not OCI's */
	const char *name;	/* a full reference, or NULL */
	const struct image_progress *progress;
	/* Is the tree still what it was? Asked when it has been read, before anything is published. */
	int (*check)(void *ctx, struct err *err);
	void *ctx;
};
int image_commit(struct store *store, const struct image_commit_opts *opts, struct image **ret, struct err *err) must_check;
