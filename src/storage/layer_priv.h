/* layer_priv.h - between the records of layers (layer.c) and their unpacking (layer_apply, layer_jail).
 */
#pragma once

#include "storage/layer.h"

/* Gives a filled stage (diff/, tar-index) its record and its place. layer->id is set from the stage; diff_id, digest, size and
 * diff_size are the caller's. When another process has published the same diff-id meanwhile, the stage is dropped and *layer is
 * what is there. The stage is done afterwards either way. */
int layer_publish(struct store *store, struct store_stage *stage, struct layer *layer, struct err *err) must_check;
/* "sha256:…" → its hex digits; NULL when it is no sha256 digest. */
const char *layer_digest_hex(const char *digest);
