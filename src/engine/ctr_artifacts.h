/* ctr_artifacts.h - --mount type=artifact: the files of an artifact in a container, read only, bound from the store and never copied.
 * Shape:  one file is bound at the target; several, or one whose target is a directory of the container's files, are bound below it by their
 *         titles. The options of the mount are "digest=…", "title=…", "name=…".
 * Owner:  ctr_artifact_files_done.
 * Errors: ERR_NOT_FOUND the artifact, or the file in it; ERR_INVALID a title that is no file's name.
 */
#pragma once

#include "engine/ctr.h"

struct ctr_artifact_files {
	struct ctr_artifact_file {
		char *path, *target; /* on the host, inside */
	} *rows;
	size_t count;
};
void ctr_artifact_files_done(struct ctr_artifact_files *files);
AUTO_VAL(ctr_artifact_files, ctr_artifact_files_done);

/* Before anything is made: is all of it there? */
int ctr_artifacts_check(struct engine *engine, const struct ctr_def *def, struct err *err) must_check;
int ctr_artifacts_find(struct engine *engine, struct ctr *ctr, const struct ctr_mount *mount, struct ctr_artifact_files *ret, struct err *err) must_check;
