/* progress.h - what is going on while images move: on standard error, never on standard output.
 * Shape:  on a terminal one bar for each blob, redrawn at most ten times a second; elsewhere one line an event:
 *         "Copying blob sha256:…".
 */
#pragma once

#include "engine/images.h"

struct progress_item {
	char *kind, *digest;
	enum images_step step;
	uint64_t bytes, total;
};

struct progress {
	bool quiet, tty;
	struct progress_item *items;
	size_t item_count;
	size_t drawn;	      /* lines on the screen that are ours */
	int64_t drawn_at_ns, started_ns;
	struct images_progress images;
};
void progress_init(struct progress *p, bool quiet);
/* Leaves the last frame on the screen, whole. */
void progress_done(struct progress *p);
AUTO_VAL(progress, progress_done);
/* For the engine; NULL when quiet. Borrowed from p. */
const struct images_progress *progress_images(struct progress *p);
/* One bar's line, at most `width` columns; owned. */
char *progress_line_dup(const struct progress_item *item, int64_t elapsed_ns, size_t width);
