/* images_mount.h - root file systems of images on the host, read-only, for as long as somebody wants them.
 * Shape:  see mount_place.h
 * Owner:  images_mounts_done.
 * Locks:  the place's.
 */
#pragma once

#include "engine/images.h"

struct images_mount_row {
	char *id, *digest;
	char **names;
	char *path;
};
struct images_mounts {
	struct images_mount_row *rows;
	size_t count;
};
void images_mounts_done(struct images_mounts *mounts);
AUTO_VAL(images_mounts, images_mounts_done);

/* Mounts one more time; the row is added. */
int images_mount(struct engine *engine, const char *word, struct images_mounts *ret, struct err *err) must_check;
int images_mount_all(struct engine *engine, struct images_mounts *ret, struct err *err) must_check;
/* What is mounted. */
int images_mount_list(struct engine *engine, struct images_mounts *ret, struct err *err) must_check;
/* One time less (force: altogether). ret_id (owned): NULL when it was not mounted. */
int images_mount_undo(struct engine *engine, const char *word, bool force, char **ret_id, struct err *err) must_check;
int images_mount_undo_all(struct engine *engine, bool force, char ***ret_ids, struct err *err) must_check;
/* ERR_IN_USE when it is mounted: its layers must stay. */
int images_mount_check(struct engine *engine, const char *id, struct err *err) must_check;
