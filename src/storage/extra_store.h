/* extra_store.h - additional image stores: directories that somebody else keeps, whose images can be used as if they were here.
 * Shape:  Podman's (podman_store.h), or another <graphroot> of this program. Which there are: config/conf_storage.h. They are opened at the
 *         first question that the store itself cannot answer, and asked in their order, after it. An image or layer of one has
 *         `extra` set; no function writes to one, and none takes a lock there.
 *         An image gets a record of its own in the store when it is given a name here, or loses one; its layers stay where they are.
 * Owner:  the store's, which closes them. Images and layers borrow theirs.
 * Errors: ERR_NOT_FOUND a store that is not there, as for Podman; its sentence says who named it. ERR_UNSUPPORTED a container of an image whose files belong
 *         to another user: their ids mean nobody here, and overlay's marks may be of the wrong kind.
 */
#pragma once

#include "storage/image_db.h"

struct extra_store;

/* Those of a store; borrowed. */
int extra_store_all(struct store *store, struct extra_store *const **ret, size_t *ret_count, struct err *err) must_check;
/* Those that were needed so far: who goes on for this process is told of them. */
size_t extra_store_opened(const struct store *store, struct extra_store *const **ret);
const char *extra_store_path(const struct extra_store *extra);

/* What can be read, in the store's order; what is damaged is left out, and a debug message. Added to the list, which grows.
 * want (image_db_priv.h): the others need not be read. */
struct image_want;
int extra_store_images(struct extra_store *extra, const struct image_want *want, struct image ***images, size_t *count, struct err *err) must_check;
/* file: "config" or "manifest". */
int extra_store_bytes(struct extra_store *extra, const struct image *image, const char *file, char **ret_data, size_t *ret_len, struct err *err) must_check;
int extra_store_layer(struct extra_store *extra, const char *diff_id, struct layer **ret, struct err *err) must_check;
/* Its files, absolute and owned. */
char *extra_store_diff_path(const struct extra_store *extra, const struct layer *layer);
/* Can a container have it? */
int extra_store_may_run(const struct extra_store *extra, const struct layer *layer, struct err *err) must_check;
int extra_store_write_tar(struct extra_store *extra, const struct layer *layer, int out_fd, struct err *err) must_check;

/* The store's side. */
struct conf_storage_place;
int extra_store_open(const struct conf_storage_place *place, struct extra_store **ret, struct err *err) must_check;
void extra_store_close(struct extra_store *extra);
