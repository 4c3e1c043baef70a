/* ctr_user_ids.h - whether the ids of a container's process are there in its user namespace.
 * Errors: ERR_CMD_NOT_EXECUTABLE (126, as Podman's) the user or its group is not; the sentence says what mends it.
 */
#pragma once

#include "engine/ctr_idmap.h"
#include "engine/ctr_user.h"

/* Supplementary groups that are not there are left out with a warning, as Podman does: an image's root is in many. */
int ctr_user_ids_fit(const struct engine *engine, const struct ctr_idmap *map, struct ctr_user *user, struct err *err) must_check;
