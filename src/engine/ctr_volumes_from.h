/* ctr_volumes_from.h - --volumes-from: what another container mounts of volumes and of the host, mounted here, too.
 * Shape:  CONTAINER[:ro|rw][,z]. Its tmpfs are its own. What the words themselves mount at a place stands; of two containers the later one.
 * Errors: ERR_USAGE an option that is none; the container's (ERR_NOT_FOUND).
 */
#pragma once

#include "engine/ctr_opts.h"
#include "engine/engine.h"

int ctr_volumes_from_add(struct engine *engine, struct ctr_opts *opts, struct err *err) must_check;
