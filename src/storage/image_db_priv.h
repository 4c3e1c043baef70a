/* image_db_priv.h - between image_db.c, image_db_put.c and image_db_remove.c.
 */
#pragma once

#include "codec/digest.h"
#include "codec/shape.h"
#include "storage/image_db.h"

extern const struct shape image_db_shape; /* image.json */

/* Which images of an additional store are looked for: those of this name, or whose id begins so; both NULL: all. A store may give more. */
struct image_want {
	const char *name, *id;
};

/* The record of one image, without its names. */
int image_db_read(struct store *store, const char *id, struct image **ret, struct err *err) must_check;
/* Is what is open still the image of that name, and not removed? */
bool image_db_is_in_place(struct store *store, const char *id, int dir_fd);
/* Locked, and still in its place: one that was removed while we waited is not found. store_unlock or fd_close lets go. */
int image_db_lock(struct store *store, const char *id, bool exclusive, int *ret_dir_fd, struct err *err) must_check;
