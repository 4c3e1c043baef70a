/* ctr_copy.h - cp: files between the host, containers and tar streams.
 * Shape:  "CONTAINER:PATH", a path of the host, or "-" (standard input, standard output). Paths of a container are resolved within its root, whatever
 *         runs there: of one that runs with all its mounts, of another with its volumes where the path begins with one.
 *         What is copied to the host is the caller's, without set-uid bits and devices.
 * Errors: ERR_NOT_FOUND, ERR_EXISTS, ERR_USAGE; those of storage/tree_pack.h and tree_unpack.h.
 * Locks:  the container's while one that does not run is written to.
 */
#pragma once

#include "engine/engine.h"

#include <stdbool.h>

struct ctr_copy_opts {
	bool archive;	/* what is copied becomes the container's user's; else it keeps its numbers */
	bool overwrite;	/* directories and others replace each other */
};
int ctr_copy(struct engine *engine, const char *from, const char *to, const struct ctr_copy_opts *opts, struct err *err) must_check;
