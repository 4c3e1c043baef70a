/* layer_fetch.h - the layers of one image from a registry into the store, several at once, none kept twice.
 * Shape:  registry → running transfer → pipe → the jailed job of storage/layer.h, which unpacks and checks. Nothing of a
 *         layer is kept in memory but what the pipe would not take. A job that is behind pauses its transfer.
 *         A transfer that breaks off is taken up where it stopped: the job has seen every byte before, and its digest
 *         tells if the server changed its mind.
 * Errors: those of registry.h and layer.h, with "copying blob sha256:…" in front. The first failure stops all.
 */
#pragma once

#include "image/image.h"
#include "image/manifest.h"
#include "image/registry.h"

struct layer_fetch_opts {
	unsigned parallel; /* 0: by the processors */
	const struct image_progress *progress;
};
/* diff_ids: one for each layer of the manifest. */
int layer_fetch(struct store *store, struct registry *registry, const struct manifest *manifest, char *const *diff_ids,
		const struct layer_fetch_opts *opts, struct err *err) must_check;
