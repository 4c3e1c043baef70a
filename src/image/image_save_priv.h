/* image_save_priv.h - what the writers of docker-archives, OCI layouts and dir: directories share.
 * Shape:  an archive is written member by member, a layout as files below a directory (archive_out.h knows both). A tar member's
 *         size comes before its bytes: what is compressed for an archive is made in the store's staging directory first.
 */
#pragma once

#include "image/archive_out.h"
#include "image/image_priv.h"

struct save {
	struct store *store;
	const struct image_save_opts *opts;
	struct archive_out out;
	struct store_stage stage;
	char **written; /* layers and configurations that are in the archive already */
	char *digest;	/* of the manifest written last; NULL for a docker-archive, which has none */
};

/* One image and the names it is saved under. */
struct saved {
	struct image *image;
	char **names;
};

void image_save_tell(const struct save *s, const char *kind, const char *digest, uint64_t size);
/* True the second time it is asked for. */
bool image_save_is_written(struct save *s, const char *digest);
int image_save_get_layer(struct save *s, const char *diff_id, struct layer **ret, struct err *err) must_check;
/* An empty file to make a layer in. */
int image_save_spool(struct save *s, int *ret_fd, struct err *err) must_check;
/* "sha256:…" → "…" */
const char *image_save_hex(const char *digest);

/* A layer packed into fd: digest and size of what it became, and the manifest's word for its kind ("", "+gzip", "+zstd"). */
int image_save_pack(struct save *s, const struct layer *layer, bool plain, int fd, struct manifest_blob *ret, struct err *err) must_check;

int image_save_oci(struct save *s, const struct saved *saved, struct err *err) must_check;
int image_save_dir(struct save *s, const struct saved *saved, struct err *err) must_check;
