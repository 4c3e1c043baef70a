#include "engine/ctr_tree.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/path.h"
#include "base/str.h"
#include "engine/ctr_layers.h"
#include "engine/ctr_mount.h"
#include "host/mnt.h"
#include "host/overlay.h"
#include "storage/layer.h"
#include "storage/skeleton.h"

#include <fcntl.h>
#include <unistd.h>

static int add_layers(struct engine *engine, const struct ctr_def *def, const struct shift *shift, bool places, char ***to, struct err *err)
{
	if (def->rootfs_overlay)
		strv_add(to, def->rootfs);
	else if (layer_stack(engine->store, def->layers, shift, to, err) < 0)
		return err_wrap(err, "container %s", def->name);
	char *path;
	if (!places)
		return 0;
	if (skeleton_path(engine->store, true, shift, &path, err) < 0)
		return -1;
	strv_add_take(to, path);
	return 0;
}

static int open_root(const struct ctr_def *def, const char *path, unsigned flags, int *ret_fd, struct err *err)
{
	auto_close int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = fd < 0 ? -errno : 0;
	if (rc >= 0 && flags & CTR_TREE_HOST)
		rc = mnt_copy(fd, false, ret_fd);
	else if (rc >= 0)
		*ret_fd = take_fd(fd);
	return rc < 0 ? err_sys(err, -rc, "cannot open '%s', the root of container %s", path, def->name) : 0;
}

void ctr_tree_unmark(struct engine *engine, const struct ctr *ctr)
{
	auto_free char *path = mem_printf("%s/work/work", ctr->id);
	auto_close int fd = -EBADF;
	if (ctr->def.remove && path_open(store_kind_fd(engine->store, STORE_CONTAINER), path, PATH_BENEATH, O_RDONLY | O_DIRECTORY, 0, &fd) >= 0)
		file_remove_tree(fd, "incompat");
}

int ctr_tree_open(struct engine *engine, struct ctr *ctr, unsigned flags, int *ret_fd, struct err *err)
{
	const char *root = store_graphroot(engine->store);
	auto_free char *upper = mem_printf("%s/containers/%s/upper", root, ctr->id);
	auto_free char *work = mem_printf("%s/containers/%s/work", root, ctr->id);
	auto_free char *run = mem_printf("%s/containers/%s", store_runroot(engine->store), ctr->id);
	auto_strv lower = NULL;
	auto_val(ctr_idmap) map = { 0 };
	struct ctr_layers layers;
	bool write = flags & CTR_TREE_WRITE, placed = access(upper, F_OK) == 0;
	if (ctr->def.rootfs && *ctr->def.rootfs && !ctr->def.rootfs_overlay)
		return open_root(&ctr->def, ctr->def.rootfs, flags, ret_fd, err);
	if (write && ctr->status.process.pid)
		return err_set(err, ERR_STATE, "container %s runs: its files are changed from inside", ctr->def.name);
	auto_free char *mounted = write ? ctr_mount_path_dup(engine, ctr) : NULL;
	if (mounted) /* two overlays of one upper directory do not know of each other */
		return open_root(&ctr->def, mounted, flags, ret_fd, err);
	if (write)
		ctr_tree_unmark(engine, ctr);
	else if (placed) /* of one that is being made nothing is written yet, and its place is not there */
		strv_add(&lower, upper);
	if (ctr_idmap_read(engine, &ctr->def, &map, err) < 0 || ctr_layers_how(engine, &ctr->def, &map, &layers, err) < 0 ||
	    add_layers(engine, &ctr->def, layers.copied, flags & CTR_TREE_PLACES, &lower, err) < 0)
		return -1;
	const struct overlay overlay = { .lower = lower, .upper = write ? upper : NULL, .work = write ? work : NULL,
					 .setuid = flags & CTR_TREE_HOST, .in_userns = engine->rootless, .as_it_lies = write ? 0 : 1,
					 .uids = layers.mapped ? layers.mapped->uids : NULL, .gids = layers.mapped ? layers.mapped->gids : NULL };
	if (overlay_open(&overlay, placed ? work : run, ret_fd, err) < 0)
		return err_wrap(err, "container %s", ctr->def.name);
	return 0;
}
