/* ctr_size.h - how much a container has written (its upper directory) and how much its root holds in all.
 * Units:  bytes of files.
 */
#pragma once

#include "engine/ctr.h"

int ctr_size(struct engine *engine, const struct ctr *ctr, int64_t *ret_rw, int64_t *ret_rootfs, struct err *err) must_check;
