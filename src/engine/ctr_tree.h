/* ctr_tree.h - the files of a container as one tree, whether it runs or not.
 * Shape:  its upper directory on its image's layers, or its --rootfs; nothing that is mounted inside: no volumes, /proc or /dev. Owners are
 *         ids of our namespace, as ctr_idmap maps them.
 * Errors: ERR_STATE to be written while it runs; those of layer.h and overlay.h.
 * Locks:  none; who writes holds the container's.
 */
#pragma once

#include "engine/ctr.h"
#include "engine/ctr_idmap.h"

/* Close it to unmount. write: not while it runs. */
int ctr_tree_open(struct engine *engine, struct ctr *ctr, bool write, int *ret_fd, struct err *err) must_check;
