/* reset.h - `system reset`: everything of a store, and the store itself.
 * Shape:  containers are ended and removed, images unmounted, then what the store has made is removed by its known names. Whatever
 *         else lies in its directories stays, and keeps them.
 * Errors: ERR_SYSTEM what cannot be removed; run again, it goes on.
 */
#pragma once

#include "engine/engine.h"

/* Where the store is: on disk, or what goes with the boot; owned. */
char *reset_place_dup(const struct engine *engine, bool graph);
/* ret_strangers: absolute paths that were left; owned. The engine can only be closed afterwards. */
int reset_store(struct engine *engine, char ***ret_strangers, struct err *err) must_check;
