/* volume.h - named and anonymous volumes.
 * Shape:  <graphroot>/volumes/<name>/{volume.json, _data/}; the name is the id. An anonymous one has 64 hex digits for a name.
 * Errors: ERR_NOT_FOUND, ERR_EXISTS, ERR_IN_USE.
 * Locks:  none of its own: made by publishing a stage, gone by a rename.
 */
#pragma once

#include "engine/engine.h"

#include <stdint.h>

/* Makes it when missing; owner: the container an anonymous one goes with. ret_path: absolute path of its _data, owned. ret_fresh: it holds nothing yet. */
int volume_use(struct engine *engine, const char *name, const char *owner, char **ret_path, bool *ret_fresh, struct err *err) must_check;
/* Removes the anonymous volumes of a container that never came to be. */
void volume_remove_orphans(struct engine *engine, const char *owner);
int volume_remove(struct engine *engine, const char *name, struct err *err) must_check;
/* A name nobody has. */
void volume_random_name(char ret_name[65]);
/* Is it one that goes with its container? */
bool volume_is_anonymous(struct engine *engine, const char *name);
