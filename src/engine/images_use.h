/* images_use.h - which images containers need; and what the files about images share.
 */
#pragma once

#include "engine/ctr.h"
#include "engine/images.h"
#include "image/image.h"

/* The image of each container, and those it mounts (--mount type=image), sorted. */
struct images_use {
	struct images_use_row { char image[65], container[65]; bool mounted; } *rows;
	size_t count;
};
int images_use_read(struct engine *engine, struct images_use *ret, struct err *err) must_check;
void images_use_done(struct images_use *use);
/* Containers made of it. COMPAT: those that only mount it are not counted. */
unsigned images_use_count(const struct images_use *use, const char *image_id);
/* The first that uses it, or NULL; borrowed. */
const struct images_use_row *images_use_by(const struct images_use *use, const char *image_id);

int images_match(struct engine *engine, const struct image_row *row, char *const *filters, bool *ret, struct err *err) must_check;
/* --digestfile */
int images_write_digest(const char *path, const char *digest, struct err *err) must_check;
void images_row_done(struct image_row *row);
/* The one kind of progress from the other; borrowed. */
struct image_progress images_progress_of(const struct images_progress *progress);
