/* podman_store.h - Podman's image store (containers/storage, driver overlay), read.
 * Shape:  docs/formats/podman-store.md. Ids of records become names of files only when they are 64 hex digits.
 *         Podman may write meanwhile: it replaces its two records whole, and they are read again when they have changed. What does
 *         not fit together is left out; it never hides the others.
 * Owner:  podman_store_close. Images and layers are the caller's.
 * Errors: ERR_NOT_FOUND, ERR_CORRUPT, ERR_LIMIT.
 * Locks:  none: Podman's are for its own processes.
 */
#pragma once

#include "storage/image_db.h"

struct podman_store;

/* An empty directory is an empty store. */
int podman_store_open(int root_fd, const char *path, struct podman_store **ret, struct err *err) must_check;
void podman_store_close(struct podman_store *p);
AUTO_PTR(podman_store, podman_store_close);

/* want: as of extra_store_images. */
struct image_want;
int podman_store_images(struct podman_store *p, const struct image_want *want, struct image ***images, size_t *count, struct err *err) must_check;
int podman_store_bytes(struct podman_store *p, const char *image_id, const char *file, char **ret_data, size_t *ret_len, struct err *err) must_check;
int podman_store_layer(struct podman_store *p, const char *diff_id, struct layer **ret, struct err *err) must_check;
/* The exact tar, from Podman's own note of it (tar-split) and the files. */
int podman_store_write_tar(struct podman_store *p, const struct layer *layer, int out_fd, struct err *err) must_check;
