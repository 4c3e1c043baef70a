/* image_load_priv.h - what the readers of docker-archives, OCI layouts and dir: directories share.
 */
#pragma once

#include "image/archive.h"
#include "image/image_priv.h"
#include "image/layer_feed.h"

/* One image of the archive. */
struct loaded {
	char *manifest_data, *config_data, *config_digest;
	size_t manifest_len, config_len;
	struct manifest manifest; /* of an OCI layout or a dir: */
	struct image_config config;
	char **names; /* full references */
	struct layer_feed *feeds;
	size_t feed_count;
};

struct load {
	struct store *store;
	const struct image_load_opts *opts;
	struct archive archive;
	enum image_load_form found; /* what it turned out to be */
	struct loaded *images;
	size_t count;
};

int image_load_make(struct load *l, size_t count, struct err *err) must_check;
int image_load_config(struct load *l, struct loaded *one, const char *member, struct err *err) must_check;
int image_load_feed(struct load *l, struct loaded *one, const char *member, const char *digest, uint64_t size, struct err *err) must_check;

/* The policy lets every image of it in. */
int image_trust_load(const struct load *l, struct err *err) must_check;

int image_load_oci(struct load *l, struct err *err) must_check;
int image_load_dir(struct load *l, struct err *err) must_check;
