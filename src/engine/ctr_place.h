/* ctr_place.h - one end of a copy: which tree, and what stands at the path in it.
 * Life:   ctr_place_find → ctr_place_root → look, open → ctr_place_done (a mounted tree goes with it).
 * Errors: ERR_NOT_FOUND no such container, no such path (COMPAT: Podman's sentences).
 */
#pragma once

#include "engine/ctr.h"
#include "engine/ctr_idmap.h"

enum ctr_place_kind { CTR_PLACE_HOST, CTR_PLACE_CTR, CTR_PLACE_STREAM };
struct ctr_place {
	enum ctr_place_kind kind;
	struct ctr *ctr;
	char *path;	/* as typed, without the container's name */
	int root_fd;	/* of a container: the tree; else -EBADF */
	char *inner;	/* of a container: the path in that tree, absolute */
	bool locked;
	struct ctr_idmap map;
	struct shift shift_buffer;
	const struct shift *shift; /* NULL: ids are the same inside */
};
int ctr_place_find(struct engine *engine, const char *word, struct ctr_place *ret, struct err *err) must_check;
/* Opens the tree; write: it will be written to. Nothing to do for the host. */
int ctr_place_root(struct engine *engine, struct ctr_place *place, bool write, struct err *err) must_check;
void ctr_place_done(struct ctr_place *place);
AUTO_VAL(ctr_place, ctr_place_done);

/* -errno. flags as of open(2). */
int ctr_place_open(const struct ctr_place *place, const char *path, int flags, int *ret_fd);
/* '"/x" could not be found on container web: …' */
int ctr_place_missing(const struct ctr_place *place, int code, struct err *err);
