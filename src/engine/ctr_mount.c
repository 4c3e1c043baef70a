#include "engine/ctr_mount.h"

#include "base/fd.h"
#include "engine/ctr_tree.h"
#include "engine/mount_place.h"
#include "host/mnt.h"

#include <errno.h>

static int open_tree_of(struct engine *engine, struct ctr *ctr, int *ret_fd, struct err *err)
{
	if (ctr->status.process.pid) {
		int rc = mnt_root_of(ctr->status.process.pid, ret_fd);
		return rc < 0 ? err_sys(err, -rc, "cannot reach the files of container %s", ctr->def.name) : 0;
	}
	return ctr_tree_open(engine, ctr, CTR_TREE_WRITE | CTR_TREE_PLACES | CTR_TREE_HOST, ret_fd, err);
}

static int mount_locked(struct engine *engine, struct ctr *ctr, char **ret_path, struct err *err)
{
	auto_val(mount_place) place = { .fd = -EBADF };
	auto_close int tree_fd = -EBADF;
	if (ctr_refresh(engine, ctr, err) < 0 || mount_place_open(engine, MOUNT_CONTAINER, ctr->id, true, &place, err) < 0 ||
	    (!place.count && open_tree_of(engine, ctr, &tree_fd, err) < 0) || mount_place_add(&place, tree_fd, err) < 0)
		return -1;
	*ret_path = take_ptr(place.path);
	return 0;
}

int ctr_mount(struct engine *engine, struct ctr *ctr, char **ret_path, struct err *err)
{
	if (ctr_lock(engine, ctr, err) < 0)
		return -1;
	int rc = mount_locked(engine, ctr, ret_path, err);
	ctr_unlock(ctr);
	return rc;
}

char *ctr_mount_path_dup(struct engine *engine, const struct ctr *ctr)
{
	return mount_place_find_dup(engine, MOUNT_CONTAINER, ctr->id);
}

int ctr_mount_undo(struct engine *engine, const struct ctr *ctr, bool force, struct err *err)
{
	auto_val(mount_place) place = { .fd = -EBADF };
	int there = mount_place_open(engine, MOUNT_CONTAINER, ctr->id, false, &place, err);
	return there > 0 ? (mount_place_drop(&place, force, err) < 0 ? -1 : 0) : there;
}
