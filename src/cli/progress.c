/* progress.c - see progress.h */
#include "cli/progress.h"

#include "base/str.h"

#include <stdio.h>

static void say(void *ctx, const char *text)
{
	(void)ctx;
	fprintf(stderr, "%s\n", text);
}

static void item(void *ctx, const char *kind, const char *digest, enum images_step step, uint64_t bytes, uint64_t total)
{
	struct progress *p = ctx;
	(void)bytes, (void)total;
	if (strv_has(p->seen, digest))
		return;
	strv_add(&p->seen, digest);
	fprintf(stderr, "Copying %s %s%s\n", kind, digest, step == IMAGES_STEP_EXISTS ? " skipped: already exists" : "");
}

void progress_init(struct progress *p, bool quiet)
{
	*p = (struct progress){ .quiet = quiet };
	p->images = (struct images_progress){ .say = say, .item = item, .ctx = p };
}

void progress_done(struct progress *p)
{
	strv_free(p->seen);
	p->seen = NULL;
}

const struct images_progress *progress_images(struct progress *p)
{
	return p->quiet ? NULL : &p->images;
}
