/* disk_usage.h - what the store uses of the disk, and what could be given back: `system df`.
 * Shape:  images count by their names, as `images` lists them; layers that several have are counted once in the sum, and are nobody's own.
 *         Active: used by a container (images, volumes), running (containers). Reclaimable: all that is not active.
 * Units:  bytes of files.
 * Owner:  disk_usage_done.
 * Locks:  none: what changes meanwhile is counted as it was found.
 */
#pragma once

#include "engine/engine.h"

#include <stddef.h>
#include <stdint.h>

struct disk_usage_sum {
	unsigned total, active;
	uint64_t size, reclaimable;
};
struct disk_usage_image {
	char *repository, *tag, *id;
	int64_t created_ns;
	uint64_t size, shared, unique;
	unsigned containers;
};
struct disk_usage_ctr {
	char *id, *image, *command, *name;
	unsigned volumes;
	uint64_t size;
	int64_t created_ns;
	const char *status;
};
struct disk_usage_volume {
	char *name;
	unsigned links;
	uint64_t size;
};
struct disk_usage {
	struct disk_usage_sum image_sum, ctr_sum, volume_sum;
	struct disk_usage_image *images;
	struct disk_usage_ctr *ctrs;
	struct disk_usage_volume *volumes;
	size_t image_count, ctr_count, volume_count;
};
int disk_usage_read(struct engine *engine, struct disk_usage *ret, struct err *err) must_check;
void disk_usage_done(struct disk_usage *usage);
AUTO_VAL(disk_usage, disk_usage_done);
