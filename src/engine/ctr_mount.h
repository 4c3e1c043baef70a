/* ctr_mount.h - the root file system of a container on the host, for as long as somebody wants it.
 * Shape:  of one that runs, the tree it has itself; of one that does not, its files as ctr_tree opens them, and a start takes them from
 *         there. Nothing that is mounted inside is seen: no volumes, /proc or /dev. Where: mount_place.h.
 * Errors: those of ctr_tree.h.
 * Locks:  the container's while it is mounted, then the place's.
 */
#pragma once

#include "engine/ctr.h"

/* One time more; ret_path: owned. */
int ctr_mount(struct engine *engine, struct ctr *ctr, char **ret_path, struct err *err) must_check;
/* Where it is mounted, owned, or NULL. */
char *ctr_mount_path_dup(struct engine *engine, const struct ctr *ctr);
/* One time less (force: altogether); fine when it was not. */
int ctr_mount_undo(struct engine *engine, const struct ctr *ctr, bool force, struct err *err) must_check;
