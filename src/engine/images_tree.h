/* images_tree.h - the layers of an image, and which images end at each of them.
 * Shape:  a layer is known by its chain: what lies below it and itself. A row's children are the layers on top of it.
 * Owner:  images_tree_done.
 * Units:  bytes.
 */
#pragma once

#include "engine/images.h"

struct images_tree_row {
	char id[65];  /* COMPAT: the chain's id, as Podman's store computes it */
	uint64_t size; /* of the layer's files */
	int64_t created_ns; /* when it came here */
	char **tags;  /* of the images whose top it is */
	struct images_tree_row **children; /* borrowed, in the order they came */
	size_t child_count;
	const struct images_tree_row *parent;
};

struct images_tree {
	char id[65]; /* of the image */
	char **tags;
	uint64_t size;
	struct images_tree_row **rows; /* every layer of every image of the store; owned */
	size_t row_count;
	const struct images_tree_row **chain; /* the image's own, bottom first; NULL at the end */
};
int images_tree(struct engine *engine, const char *word, struct images_tree *ret, struct err *err) must_check;
void images_tree_done(struct images_tree *tree);
AUTO_VAL(images_tree, images_tree_done);
