#include "engine/ctr_tree.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/path.h"
#include "base/str.h"
#include "host/overlay.h"
#include "storage/layer.h"
#include "storage/skeleton.h"

#include <fcntl.h>
#include <unistd.h>

static int add_layers(struct engine *engine, const struct ctr_def *def, bool places, char ***to, struct err *err)
{
	auto_val(ctr_idmap) map = { 0 };
	struct shift buffer;
	if (ctr_idmap_read(engine, def, &map, err) < 0)
		return -1;
	const struct shift *shift = ctr_idmap_shift(&map, &buffer);
	if (layer_stack(engine->store, def->layers, shift, to, err) < 0)
		return err_wrap(err, "container %s", def->name);
	char *path;
	if (!places)
		return 0;
	if (skeleton_path(engine->store, true, shift, &path, err) < 0)
		return -1;
	strv_add_take(to, path);
	return 0;
}

static int open_rootfs(const struct ctr_def *def, int *ret_fd, struct err *err)
{
	*ret_fd = open(def->rootfs, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *ret_fd < 0 ? err_sys(err, errno, "cannot open '%s', the root of container %s", def->rootfs, def->name) : 0;
}

void ctr_tree_unmark(struct engine *engine, const struct ctr *ctr)
{
	auto_free char *path = mem_printf("%s/%s", ctr->id, "work/work");
	auto_close int fd = -EBADF;
	if (ctr->def.remove && path_open(store_kind_fd(engine->store, STORE_CONTAINER), path, PATH_BENEATH, O_RDONLY | O_DIRECTORY, 0, &fd) >= 0)
		file_remove_tree(fd, "incompat");
}

int ctr_tree_open(struct engine *engine, struct ctr *ctr, unsigned flags, int *ret_fd, struct err *err)
{
	const char *root = store_graphroot(engine->store);
	auto_free char *upper = mem_printf("%s/containers/%s/upper", root, ctr->id);
	auto_free char *work = mem_printf("%s/containers/%s/work", root, ctr->id);
	auto_strv lower = NULL;
	bool write = flags & CTR_TREE_WRITE;
	if (ctr->def.rootfs && *ctr->def.rootfs)
		return open_rootfs(&ctr->def, ret_fd, err);
	if (write && ctr->status.process.pid)
		return err_set(err, ERR_STATE, "container %s runs: its files are changed from inside", ctr->def.name);
	if (write)
		ctr_tree_unmark(engine, ctr);
	else
		strv_add(&lower, upper);
	if (add_layers(engine, &ctr->def, flags & CTR_TREE_PLACES, &lower, err) < 0)
		return -1;
	const struct overlay overlay = { .lower = lower, .upper = write ? upper : NULL, .work = write ? work : NULL, .in_userns = engine->rootless };
	if (overlay_open(&overlay, work, ret_fd, err) < 0)
		return err_wrap(err, "container %s", ctr->def.name);
	return 0;
}
