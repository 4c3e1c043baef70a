/* progress.h - what is going on while images move: lines on standard error, never on standard output.
 * Shape:  one line an event, as Podman prints where there is no terminal: "Copying blob sha256:…".
 */
#pragma once

#include "engine/images.h"

struct progress {
	bool quiet;
	char **seen; /* digests that have their line */
	struct images_progress images;
};
void progress_init(struct progress *p, bool quiet);
void progress_done(struct progress *p);
AUTO_VAL(progress, progress_done);
/* For the engine; NULL when quiet. Borrowed from p. */
const struct images_progress *progress_images(struct progress *p);
