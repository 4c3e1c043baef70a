#include "engine/ctr_layers.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "host/overlay.h"
#include "storage/skeleton.h"
#include "storage/store.h"

#define ANSWER "idmapped-layers"

/* Two directories of our own, on the file system of the layers. */
static int try(struct engine *engine, bool *ret, struct err *err)
{
	static const struct userns_map ids[] = { { 0, 100000, 1000 }, { 0 } };
	auto_free char *one = NULL, *two = NULL;
	auto_close int fd = -EBADF;
	struct err why = { 0 };
	if (skeleton_path(engine->store, false, NULL, &one, err) < 0 || skeleton_path(engine->store, true, NULL, &two, err) < 0)
		return -1;
	char *const lower[] = { one, two, NULL };
	const struct overlay overlay = { .lower = lower, .uids = ids, .gids = ids };
	*ret = overlay_open(&overlay, one, &fd, &why) >= 0;
	if (!*ret)
		log_debug("layers are copied for other owners: %s", why.text);
	return 0;
}

static int can_map(struct engine *engine, bool *ret, struct err *err)
{
	auto_free char *answer = NULL;
	size_t len;
	*ret = false;
	if (engine->rootless)
		return 0;
	if (file_read(store_run_fd(engine->store), ANSWER, 4, &answer, &len) >= 0) {
		*ret = strcmp(answer, "yes") == 0;
		return 0;
	}
	if (engine->looks)
		return 0;
	if (try(engine, ret, err) < 0)
		return -1;
	int rc = file_write(store_run_fd(engine->store), ANSWER, 0600, *ret ? "yes" : "no", *ret ? 3 : 2, 0);
	if (rc < 0)
		log_debug("cannot write '" ANSWER "': %s", err_reason(-rc));
	return 0;
}

int ctr_layers_how(struct engine *engine, const struct ctr_def *def, const struct ctr_idmap *map, struct ctr_layers *ret, struct err *err)
{
	bool can = false;
	const struct shift *ids = ctr_idmap_shift(map, &ret->ids);
	/* a directory that is given keeps its owners */
	if (ids && !def->rootfs_overlay && can_map(engine, &can, err) < 0)
		return -1;
	ret->copied = can ? NULL : ids;
	ret->mapped = can ? ids : NULL;
	return 0;
}
