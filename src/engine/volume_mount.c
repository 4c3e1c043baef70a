#include "engine/volume_mount.h"

#include "base/fd.h"
#include "base/str.h"
#include "engine/mount_place.h"
#include "engine/volume.h"
#include "host/mnt.h"

#include <errno.h>

static int mount_tmpfs(struct mount_place *place, const char *options, struct err *err)
{
	auto_strv words = *options ? strv_split(options, ',') : NULL;
	auto_close int tree_fd = -EBADF;
	int rc = place->count ? 0 : mnt_tmpfs(words, &tree_fd);
	if (rc < 0)
		return err_sys(err, -rc, "cannot make a tmpfs with '%s'", options);
	return mount_place_add(place, tree_fd, err);
}

int volume_mount(struct engine *engine, const char *word, char **ret_path, struct err *err)
{
	auto_free char *name = NULL;
	auto_ptr(volume) volume = NULL;
	auto_val(volume_place) used = { 0 };
	auto_val(mount_place) place = { .fd = -EBADF };
	if (volume_find(engine, word, &name, err) < 0 || volume_record_read(engine, name, &volume, err) < 0 ||
	    volume_use(engine, &(struct volume_want){ .name = name }, &used, err) < 0)
		return -1;
	if (volume_record_kind(volume) != VOLUME_TMPFS) {
		*ret_path = take_ptr(used.path);
		return 0;
	}
	/* used.options are those of a mount of a container, empty where it is mounted here already */
	if (mount_place_open(engine, MOUNT_VOLUME, name, true, &place, err) < 0 || mount_tmpfs(&place, used.options, err) < 0)
		return err_wrap(err, "volume '%s'", name);
	*ret_path = take_ptr(place.path);
	return 0;
}

int volume_unmount(struct engine *engine, const char *word, char **ret_name, struct err *err)
{
	auto_free char *name = NULL;
	auto_val(mount_place) place = { .fd = -EBADF };
	if (volume_find(engine, word, &name, err) < 0)
		return -1;
	int there = mount_place_open(engine, MOUNT_VOLUME, name, false, &place, err);
	if (there < 0 || (there > 0 && mount_place_drop(&place, false, err) < 0))
		return -1;
	*ret_name = take_ptr(name);
	return 0;
}
