/* ctr_tree.h - the files of a container as one tree, whether it runs or not.
 * Shape:  its upper directory on its image's layers, or its --rootfs; nothing that is mounted inside: no volumes, /proc or /dev. Owners are
 *         ids of our namespace, as ctr_idmap maps them. Written to where it is mounted (ctr_mount.h), when it is.
 *         To be read it need not have its place yet: then it has written nothing.
 * Errors: ERR_STATE to be written while it runs; those of layer.h and overlay.h.
 * Locks:  none; who writes holds the container's.
 */
#pragma once

#include "engine/ctr.h"
#include "engine/ctr_idmap.h"

enum ctr_tree {
	CTR_TREE_READ = 0,
	CTR_TREE_WRITE = 1 << 0,  /* not while it runs */
	CTR_TREE_PLACES = 1 << 1, /* with the empty places that a start mounts on */
	CTR_TREE_HOST = 1 << 2,	  /* to be moved to a place on the host, from where a start may take it */
};
/* The kernel marks the work directory of an overlay that is not synced (--rm), and mounts it no second time: it might have lost what
 * was written before a crash. Where such a container starts again, its files are what this boot left. */
void ctr_tree_unmark(struct engine *engine, const struct ctr *ctr);
/* flags: of enum ctr_tree. Close it to unmount. */
int ctr_tree_open(struct engine *engine, struct ctr *ctr, unsigned flags, int *ret_fd, struct err *err) must_check;
