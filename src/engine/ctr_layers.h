/* ctr_layers.h - how a container gets at its layers, which belong to the ids of our own namespace, with the owners its own has.
 * Shape:  root's are mounted with other owners (idmap), with no copy; where the kernel or the file system cannot, and for every ordinary
 *         user, they are copied once (storage/shift.h). Which it is, is found by trying, once a boot: <runroot>/idmapped-layers is
 *         "yes" or "no". What such an overlay shows, and what its upper directory holds, is the same either way.
 * Errors: those of the store.
 */
#pragma once

#include "engine/ctr_idmap.h"

struct ctr_layers {
	struct shift ids;
	const struct shift *copied; /* for storage: these copies; NULL: as they lie */
	const struct shift *mapped; /* for the overlay: its layers with these owners; NULL: as they lie */
};
/* Borrows from map, and points into itself: not to be moved. */
int ctr_layers_how(struct engine *engine, const struct ctr_def *def, const struct ctr_idmap *map, struct ctr_layers *ret, struct err *err) must_check;
