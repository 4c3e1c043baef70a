/* images_import.h - import: an archive, and the changes (--change) to the configuration that comes with it.
 * Errors: ERR_USAGE a change nobody knows; those of images.h.
 */
#pragma once

#include "engine/images.h"

struct images_import_opts {
	char *const *changes;	/* "CMD /x", "ENV A=b" */
	const char *message, *os, *arch, *variant;
	const char *name;	/* as it was typed; NULL: none */
	const char *signature_policy; /* NULL: policy.json of the usual places */
	const struct images_progress *progress;
};
/* source: a path, "-" or an URL. ret_id: 64 hex digits and NUL. */
int images_import(struct engine *engine, const char *source, const struct images_import_opts *opts, char ret_id[65], struct err *err) must_check;
