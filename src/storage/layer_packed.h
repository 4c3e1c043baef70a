/* layer_packed.h - what a layer becomes when it is compressed, remembered: a registry that has those bytes needs not get them.
 * Shape:  layers/<id>/packed-gzip.json, packed-zstd.json: {"digest","size"} of the compressed tar. It goes with the layer.
 * Units:  bytes.
 * Errors: none worth telling: what cannot be read is not remembered, what cannot be written is worked out again.
 *
 * Only what this program itself compressed from the layer is written here, so the bytes are known to be the layer's.
 */
#pragma once

#include "storage/layer.h"

#include <stdbool.h>

/* word: "gzip" or "zstd". ret_digest: owned. */
bool layer_packed_get(struct store *store, const struct layer *layer, const char *word, char **ret_digest, uint64_t *ret_size);
void layer_packed_put(struct store *store, const struct layer *layer, const char *word, const char *digest, uint64_t size);
