/* mount_place.h - a place on the host where something of the store is mounted for a person, and how often it was asked for.
 * Shape:  <runroot>/{image,container,volume}-mounts/<id>/{merged, count}: that it is mounted is told by the kernel, how often by count.
 *         A reboot takes both away; so does, for an ordinary user, the end of the unshare that mounted.
 * Owner:  mount_place_close, which also gives the lock back.
 * Locks:  flock on the place's directory, inside those of the object.
 */
#pragma once

#include "engine/engine.h"

#include <stdint.h>

enum mount_kind {
	MOUNT_IMAGE,
	MOUNT_CONTAINER,
	MOUNT_VOLUME,
	MOUNT_KIND_COUNT
};

struct mount_place {
	int fd;
	char *path;	/* of merged */
	uint64_t count; /* 0: nothing is mounted here */
};
void mount_place_close(struct mount_place *place);
AUTO_VAL(mount_place, mount_place_close);

/* ERR_UNSUPPORTED: an ordinary user mounts inside unshare only, where it stays until that ends. command: "image mount". */
int mount_place_check_user(const char *command, struct err *err) must_check;
/* Locked. Returns 0, and place untouched, where there is none and it shall not be made. */
int mount_place_open(struct engine *engine, enum mount_kind kind, const char *id, bool make, struct mount_place *ret, struct err *err) must_check;
/* The path of what is mounted, owned, or NULL: without a lock, one system call where nothing is. */
char *mount_place_find_dup(struct engine *engine, enum mount_kind kind, const char *id);
/* One more; a detached mount becomes visible at the place when it is the first (tree_fd: unused otherwise). */
int mount_place_add(struct mount_place *place, int tree_fd, struct err *err) must_check;
/* One less (force: all); the last one unmounts. Returns 0 where nothing was mounted. */
int mount_place_drop(struct mount_place *place, bool force, struct err *err) must_check;
/* Its object goes: nothing stays mounted, and the place goes too. */
int mount_place_forget(struct engine *engine, enum mount_kind kind, const char *id, struct err *err) must_check;
/* Of every object. */
int mount_place_forget_all(struct engine *engine, struct err *err) must_check;
