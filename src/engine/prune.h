/* prune.h - what nobody uses: found, told with its size, removed.
 * Shape:  prune_find looks and changes nothing; prune_run removes what it found. Kinds follow each other: what only found
 *         containers use counts as unused.
 * Units:  bytes that come free: of an image, those of layers that nobody else needs (the first of several images has them).
 * Owner:  prune_done.
 * Errors: ERR_USAGE a filter that a kind does not know. What cannot be removed is warned about and left out.
 * Locks:  none between finding and removing: what has come into use meanwhile stays.
 */
#pragma once

#include "engine/engine.h"

#include <stddef.h>
#include <stdint.h>

enum prune_kind { PRUNE_CONTAINER, PRUNE_VOLUME, PRUNE_IMAGE, PRUNE_KIND_COUNT };

struct prune_opts {
	unsigned kinds;		/* 1 << kind */
	bool all_images;	/* not only those without a name */
	bool sizes;		/* of volumes and containers: their files are counted */
	char *const *filters;
};
struct prune_row {
	enum prune_kind kind;
	char *id, *name; /* a volume's are the same; an image without a name has "" */
	uint64_t bytes;
};
struct prune {
	struct prune_row *rows;
	size_t count;
};
void prune_done(struct prune *prune);
AUTO_VAL(prune, prune_done);

int prune_find(struct engine *engine, const struct prune_opts *opts, struct prune *ret, struct err *err) must_check;
/* Leaves in the list what has been removed. */
int prune_run(struct engine *engine, struct prune *list, struct err *err) must_check;
