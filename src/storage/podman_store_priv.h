/* podman_store_priv.h - between the records of Podman's store and its layers (podman_store.c), its images (podman_image.c) and the archives of layers
 * (podman_tar.c).
 */
#pragma once

#include "codec/json.h"
#include "storage/podman_store.h"

#include <sys/stat.h>

enum { PODMAN_IMAGES, PODMAN_LAYERS, PODMAN_VOLATILE, PODMAN_RECORDS };

/* The layers, borrowed from the records. */
struct podman_layer_row {
	const char *id, *diff_id;
	const struct json *record;
};

struct podman_store {
	int root_fd;
	char *path;
	struct podman_layer_row *by_id, *by_diff_id; /* both all of them, sorted */
	size_t layer_count;
	struct podman_record {
		struct json *list; /* NULL: there is none */
		struct stat seen;
	} records[PODMAN_RECORDS];
};

/* 64 hex digits? Nothing else becomes the name of a file. */
bool podman_store_is_id(const char *text);
/* Reads again what has changed. */
int podman_store_refresh(struct podman_store *p, struct err *err) must_check;
/* Borrowed until the next refresh; NULL: there is none. */
const struct json *podman_store_find_layer(const struct podman_store *p, const char *id);
/* Its directory overlay/<id>; diff/ in it is a directory, and no link. */
int podman_store_layer_fd(const struct podman_store *p, const char *layer_id, int *ret_fd, int *ret_diff_fd, struct err *err) must_check;
/* overlay-layers/<id>.tar-split.gz */
int podman_store_split_fd(const struct podman_store *p, const char *layer_id, int *ret_fd, struct err *err) must_check;
