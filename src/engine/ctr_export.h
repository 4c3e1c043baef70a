/* ctr_export.h - export: the files of a container as a tar archive.
 * Shape:  all that the container sees of its own and its image's files, with the empty places where the engine mounts (/proc, /etc/hosts);
 *         nothing of what is mounted there. Owners as inside.
 * Errors: those of ctr_tree.h, storage/tree_pack.h and output_file.h.
 */
#pragma once

#include "engine/ctr.h"

/* output: a path, or NULL for standard output. */
int ctr_export(struct engine *engine, struct ctr *ctr, const char *output, struct err *err) must_check;
