/* layer_send.h - the layers of one image from the store to a registry, several at once; what the registry has is not sent.
 * Shape:  for each layer: the blobs that are known to be it (the one it came as, and what it became when it was last compressed)
 *         are asked for, then mounted from the repositories given; only then is it compressed anew and sent as it comes out.
 *         Nothing is written to disk but the digest, for the next time (storage/layer_packed.h).
 * Owner:  ret_blobs: one for each layer, media type without the manifest's flavour ("", "+gzip", "+zstd"); layer_send_blobs_free.
 * Errors: those of upload.h and layer_pack.h, with the blob in front. The first failure stops all.
 */
#pragma once

#include "codec/compress.h"
#include "image/image.h"
#include "image/manifest.h"
#include "image/registry.h"

struct layer_send_opts {
	const struct manifest *manifest; /* as it came: what its blobs are called; its layers are those of diff_ids */
	enum compress_kind kind;	 /* for those that are sent: GZIP or ZSTD */
	int level;
	bool force;			 /* those that are there must be of this kind too */
	bool no_zstd;			 /* one that is there and zstd does not do */
	char *const *from;		 /* repositories of this registry to mount from */
	unsigned parallel;		 /* 0: by the processors */
	const struct image_progress *progress;
};
int layer_send(struct store *store, struct registry *registry, char *const *diff_ids, const struct layer_send_opts *opts,
	       struct manifest_blob **ret_blobs, struct err *err) must_check;
void layer_send_blobs_free(struct manifest_blob *blobs, size_t count);
