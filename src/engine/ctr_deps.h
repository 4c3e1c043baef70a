/* ctr_deps.h - containers that need others: by --requires, or by joining a namespace of theirs (container:NAME).
 * Shape:  definition.json "requires": the ids. In the directory of a container that is needed: needed_by/<id>, an empty file for each that
 *         needs it, made before that one is published. One whose container is neither there nor being made was left by a crash, or by
 *         its removal, and means nothing.
 * Errors: ERR_NOT_FOUND no such container; ERR_IN_USE it is needed; ERR_STATE what it needs does not run.
 * Locks:  a needed container's while somebody is added; so it is either found or removed.
 */
#pragma once

#include "engine/ctr_life.h"

/* The words of --requires and of container:NAME become ids. */
int ctr_deps_complete(struct engine *engine, struct ctr_def *def, struct err *err) must_check;
int ctr_deps_mark(struct engine *engine, const struct ctr_def *def, struct err *err) must_check;
struct json *ctr_deps_json_new(const struct ctr_def *def); /* Dependencies of inspect */

/* Starts what it needs and what does not run, and what those need. */
int ctr_deps_start(struct engine *engine, const struct ctr *ctr, struct err *err) must_check;
int ctr_deps_check_running(struct engine *engine, const struct ctr *ctr, struct err *err) must_check;

/* Nobody needs it, or (opts->depend) nobody does any more: those went first. Not locked. */
int ctr_deps_release(struct engine *engine, struct ctr *ctr, const struct ctr_rm_opts *opts, struct err *err) must_check;
/* Does anybody? dir_fd is open. */
bool ctr_deps_is_needed(struct engine *engine, const struct ctr *ctr);
