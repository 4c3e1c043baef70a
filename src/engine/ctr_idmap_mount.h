/* ctr_idmap_mount.h - the words of a mount's idmap=: "uids=0-1000-10#10-2000-5;gids=…".
 * Shape:  FROM-TO-COUNT: ids on the disk, what they are on the host; with @ before FROM, TO is an id of the container's user namespace.
 * Owner:  ctr_idmap_mount_done.
 * Errors: ERR_USAGE words that are none, or only one of both lists (COMPAT: Podman's sentences where it has one).
 */
#pragma once

#include "base/err.h"
#include "host/userns.h"
#include "runtime/spec.h"

struct ctr_idmap_mount {
	struct userns_map *uids, *gids; /* end with count 0 */
};
/* spec: whose namespace @ is of; NULL: the words are only checked. */
int ctr_idmap_mount_read(const char *words, const struct spec *spec, struct ctr_idmap_mount *ret, struct err *err) must_check;
void ctr_idmap_mount_done(struct ctr_idmap_mount *map);
