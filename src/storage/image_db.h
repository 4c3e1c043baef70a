/* image_db.h - the images of the store: bytes exactly as received, and the names that point to them.
 * Shape:  images/<id>/{manifest, config, image.json}; id is the sha256 hex of config. image.json is written last and makes the image
 *         exist. names/image/<reference> → id. Layers are found by the config's diff-ids.
 *         Behind these stand the images of additional stores (extra_store.h), which are read and never changed.
 * Errors: ERR_NOT_FOUND, ERR_IN_USE, ERR_CORRUPT.
 * Locks:  an image's own while it is removed; a container being created holds it shared.
 */
#pragma once

#include "storage/layer.h"

struct image {
	char id[STORE_ID_MAX + 1];
	char *digest;	     /* of the manifest, "sha256:…" */
	char *media_type;    /* of the manifest */
	int64_t created_ns;  /* from the config */
	int64_t pulled_ns;   /* when it came here */
	uint64_t size;	     /* of its layers, unpacked, plus the config: what `images` prints */
	char **diff_ids;     /* bottom first */
	char **names;	     /* references that point here, sorted */
	char **digests;	     /* repo digests "NAME@sha256:…" remembered, also of names that have gone */
	struct extra_store *extra; /* the additional store it lies in; NULL: this one */
};
void image_free(struct image *image);
AUTO_PTR(image, image_free);

struct image_new {
	const void *manifest;
	size_t manifest_len;
	const char *media_type;
	const void *config;
	size_t config_len;
	int64_t created_ns;
	char *const *diff_ids;
	const char *name;	  /* full reference to point at it, or NULL */
	const char *repo_digest;  /* "NAME@sha256:…" or NULL */
};
/* All layers must be here. Publishing an image that exists already adds the name. Durable when it returns. */
int image_db_put(struct store *store, const struct image_new *new, struct image **ret, struct err *err) must_check;

/* Exactly this reference ("docker.io/library/debian:12"), this full id, or an unambiguous id prefix: here, else in an additional store. */
int image_db_get(struct store *store, const char *word, struct image **ret, struct err *err) must_check;
/* Exactly this reference and nothing else. ERR_NOT_FOUND. */
int image_db_by_name(struct store *store, const char *name, struct image **ret, struct err *err) must_check;
/* All references: of this store first. */
int image_db_names(struct store *store, char ***ret, struct err *err) must_check;
/* All, newest first, of one age those of this store first; damaged ones are left out and told by store_check. */
int image_db_list(struct store *store, struct image ***ret, size_t *ret_count, struct err *err) must_check;
void image_db_list_free(struct image **images, size_t count);

int image_db_config(struct store *store, const struct image *image, char **ret_data, size_t *ret_len, struct err *err) must_check;
int image_db_manifest(struct store *store, const struct image *image, char **ret_data, size_t *ret_len, struct err *err) must_check;

/* COMPAT: an image of an additional store gets a record here, with the names it has there. */
int image_db_tag(struct store *store, const struct image *image, const char *name, struct err *err) must_check;
int image_db_untag(struct store *store, const struct image *image, const char *name, struct err *err) must_check;
/* ERR_DENIED: it lies in an additional store. */
int image_db_may_remove(const struct image *image, struct err *err) must_check;
/* Removes names, image and the layers nobody else needs. Containers that use it are the caller's business (engine). */
int image_db_remove(struct store *store, const struct image *image, char ***ret_deleted, struct err *err) must_check;
/* The same, when `may` allows it, which is asked while nobody else can begin to use it (image_db_keep). NULL: always. */
typedef int (*image_db_may_fn)(void *data, struct err *err);
int image_db_remove_if(struct store *store, const struct image *image, image_db_may_fn may, void *data, char ***ret_deleted, struct err *err) must_check;
/* While ret_fd is open the image stays: from the look for it until a container's definition names it. ERR_NOT_FOUND: gone already.
 * What lies in an additional store nobody can keep from here: ret_fd is -EBADF. */
int image_db_keep(struct store *store, const char *id, int *ret_fd, struct err *err) must_check;
/* While held, no layer is removed: a pull holds it from its first look for layers to its image_db_put. Close ret_fd to let go. */
int image_db_hold(struct store *store, int *ret_fd, struct err *err) must_check;
/* Layers that no image and no container's definition needs (a pull that failed half way): removed. */
int image_db_sweep(struct store *store, struct err *err) must_check;
