/* ctr_size.h - how much a container has written (its upper directory) and how much its root holds in all.
 * Units:  bytes of files.
 */
#pragma once

#include "engine/ctr.h"

/* Of all files below a directory; 0 where there is none. */
uint64_t ctr_size_tree(int dir_fd, const char *name);
int ctr_size(struct engine *engine, const struct ctr *ctr, int64_t *ret_rw, int64_t *ret_rootfs, struct err *err) must_check;
