/* volume_archive.h - volume export and import: its files as a tar archive, and from one.
 * Errors: ERR_NOT_FOUND; ERR_UNSUPPORTED a tmpfs, which has no files of its own; those of storage/tree_pack.h and tree_unpack.h.
 */
#pragma once

#include "engine/engine.h"

/* output: a path, or NULL for standard output. */
int volume_export(struct engine *engine, const char *word, const char *output, struct err *err) must_check;
/* input: a path, or "-"; plain or compressed. What is there already stays, unless the archive has it. */
int volume_import(struct engine *engine, const char *word, const char *input, struct err *err) must_check;
