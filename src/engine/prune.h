/* prune.h - containers that have ended, removed together.
 */
#pragma once

#include "engine/engine.h"

#include <stdint.h>

/* ret_ids: removed; ret_bytes: given back. */
int prune_containers(struct engine *engine, char *const *filters, char ***ret_ids, uint64_t *ret_bytes, struct err *err) must_check;
