/* pick.h - the containers a command means: by words, --all, --latest, --filter, --cidfile.
 * Owner:  pick_done frees them.
 * Errors: as engine/ctr.h; ERR_USAGE words that make no sense together.
 */
#pragma once

#include "engine/ctr.h"
#include "engine/engine.h"

struct pick_opts {
	char *const *words, *const *filters, *const *cidfiles;
	bool all, latest;
	bool ignore;	     /* words that name nothing are left out */
	unsigned states;     /* with all, only these (1 << CTR_x); 0: any */
	const char *missing; /* the sentence when nothing was named */
};
struct pick {
	struct ctr **ctrs;
	char **shown; /* as typed, or the id */
	size_t count;
};
/* Every word is looked up before anything is done. */
int pick_ctrs(struct engine *engine, const struct pick_opts *opts, struct pick *ret, struct err *err) must_check;
void pick_done(struct pick *pick);
AUTO_VAL(pick, pick_done);
