/* ctr_idmap.h - --userns: whether a container has a user namespace of its own, and which ids it maps.
 * Shape:  "" and "host": ours. "keep-id[:uid=N,gid=N,size=N]": the person who typed the command has the same ids inside, or
 *         those given; what lies around them are the subordinate ids. For root it is the identity. Any other has its maps in
 *         the definition (ctr_idmap_make.h).
 *         Ids are of the container (inside) and of our own namespace (outside), in which the engine works.
 * Owner:  ctr_idmap_done.
 * Errors: ERR_USAGE words that make no sense (COMPAT: Podman's sentences), ERR_UNSUPPORTED no subordinate ids.
 */
#pragma once

#include "engine/ctr_def.h"
#include "engine/engine.h"
#include "host/userns.h"
#include "storage/shift.h"

struct spec;

struct ctr_idmap {
	struct userns_map *uids, *gids; /* end with count 0; NULL: no namespace of its own */
	uint32_t uid, gid;		/* the caller's, inside */
	bool shifts;			/* an id inside is another outside: layers need other owners */
};
int ctr_idmap_read(const struct engine *engine, const struct ctr_def *def, struct ctr_idmap *ret, struct err *err) must_check;
void ctr_idmap_done(struct ctr_idmap *map);
AUTO_VAL(ctr_idmap, ctr_idmap_done);

/* As storage takes it, borrowed from map; NULL when nothing shifts. */
const struct shift *ctr_idmap_shift(const struct ctr_idmap *map, struct shift *buffer);
/* Is the namespace another's: container:ID, ns:PATH? */
bool ctr_idmap_joins(const struct ctr_def *def);
/* ERR_STATE: the ids of that namespace are others than when the container was made. */
int ctr_idmap_check_joined(const struct ctr_idmap *map, int ns_fd, struct err *err) must_check;
/* Gives the specification its namespace. */
void ctr_idmap_apply(const struct ctr_idmap *map, struct spec *spec);
/* What an id of the container is to us. */
uid_t ctr_idmap_uid(const struct spec *spec, uid_t inside);
gid_t ctr_idmap_gid(const struct spec *spec, gid_t inside);
