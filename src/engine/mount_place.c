#include "engine/mount_place.h"

#include "base/file.h"
#include "base/num.h"
#include "base/str.h"
#include "host/userns.h"
#include "storage/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#ifndef STATX_TYPE /* musl leaves it to the kernel's header, glibc cannot be had with it */
#include <linux/stat.h>
#endif

enum { COUNT_MAX_BYTES = 32, MOVE_FROM_DESCRIPTOR = 4 /* SPEC linux/mount.h: MOVE_MOUNT_F_EMPTY_PATH */ };

static const char *const dirs[MOUNT_KIND_COUNT] = {
	[MOUNT_IMAGE] = "image-mounts", [MOUNT_CONTAINER] = "container-mounts", [MOUNT_VOLUME] = "volume-mounts",
};

void mount_place_close(struct mount_place *place)
{
	fd_close(place->fd);
	free(place->path);
	*place = (struct mount_place){ .fd = -EBADF };
}

int mount_place_check_user(const char *command, struct err *err)
{
	if (!userns_is_rootless() || geteuid() == 0)
		return 0;
	/* COMPAT: the sentence */
	return err_set(err, ERR_UNSUPPORTED, "cannot run command \"%s\" in rootless mode, must execute `cpod unshare` first", command);
}

static bool is_mounted(int dir_fd, const char *path)
{
	struct statx st;
	return syscall(SYS_statx, dir_fd, path, AT_SYMLINK_NOFOLLOW, STATX_TYPE, &st) == 0 && st.stx_attributes & STATX_ATTR_MOUNT_ROOT;
}

static uint64_t read_count(int place_fd)
{
	auto_free char *text = NULL;
	size_t len = 0;
	uint64_t count = 0;
	if (!is_mounted(place_fd, "merged"))
		return 0;
	/* killed between the mount and its count: it was asked for once */
	if (file_read(place_fd, "count", COUNT_MAX_BYTES, &text, &len) < 0 || num_u64(text, UINT32_MAX, &count) < 0 || !count)
		return 1;
	return count;
}

static int write_count(struct mount_place *place, uint64_t count, struct err *err)
{
	char text[COUNT_MAX_BYTES];
	int len = snprintf(text, sizeof(text), "%llu", (unsigned long long)count);
	int r = file_write(place->fd, "count", 0600, text, (size_t)len, FILE_SOLE);
	if (r < 0)
		return err_sys(err, -r, "cannot write the count of mounts");
	place->count = count;
	return 0;
}

int mount_place_open(struct engine *engine, enum mount_kind kind, const char *id, bool make, struct mount_place *ret, struct err *err)
{
	auto_free char *path = mem_printf("%s/%s", dirs[kind], id);
	auto_close int fd = -EBADF;
	int run_fd = store_run_fd(engine->store), r = 0;
	if (run_fd < 0)
		return 0;
	if (make)
		r = file_mkdirs(run_fd, path, 0700);
	if (r >= 0)
		fd = openat(run_fd, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && !make && errno == ENOENT)
		return 0;
	if (r < 0 || fd < 0 || (r = file_lock(fd, FILE_LOCK_EXCLUSIVE, true)) < 0 || (make && (r = file_mkdirs(fd, "merged", 0700)) < 0))
		return err_sys(err, r < 0 ? -r : errno, "cannot use the directory '%s/%s'", store_runroot(engine->store), path);
	*ret = (struct mount_place){ .path = mem_printf("%s/%s/merged", store_runroot(engine->store), path), .count = read_count(fd) };
	ret->fd = take_fd(fd);
	return 1;
}

char *mount_place_find_dup(struct engine *engine, enum mount_kind kind, const char *id)
{
	auto_free char *path = mem_printf("%s/%s/merged", dirs[kind], id);
	int run_fd = store_run_fd(engine->store);
	return run_fd >= 0 && is_mounted(run_fd, path) ? mem_printf("%s/%s", store_runroot(engine->store), path) : NULL;
}

int mount_place_add(struct mount_place *place, int tree_fd, struct err *err)
{
	if (!place->count && syscall(SYS_move_mount, tree_fd, "", AT_FDCWD, place->path, MOVE_FROM_DESCRIPTOR) < 0)
		return err_sys(err, errno, "cannot mount at '%s'", place->path);
	return write_count(place, place->count + 1, err);
}

int mount_place_drop(struct mount_place *place, bool force, struct err *err)
{
	if (!place->count)
		return 0;
	if (place->count > 1 && !force)
		return write_count(place, place->count - 1, err) < 0 ? -1 : 1;
	if (umount2(place->path, force ? MNT_DETACH : 0) < 0)
		return err_sys(err, errno, "cannot unmount '%s'", place->path);
	file_unlink(place->fd, "merged", AT_REMOVEDIR);
	return write_count(place, 0, err) < 0 ? -1 : 1;
}

/* The directory goes by its own name only: what is mounted below it, whatever happens, is not reached. */
int mount_place_forget(struct engine *engine, enum mount_kind kind, const char *id, struct err *err)
{
	auto_free char *path = mem_printf("%s/%s", dirs[kind], id);
	auto_val(mount_place) place = { .fd = -EBADF };
	int there = mount_place_open(engine, kind, id, false, &place, err);
	if (there <= 0)
		return there;
	if (mount_place_drop(&place, true, err) < 0)
		return -1;
	file_unlink(place.fd, "merged", AT_REMOVEDIR);
	file_unlink(place.fd, "count", 0);
	int r = file_unlink(store_run_fd(engine->store), path, AT_REMOVEDIR);
	return r < 0 && r != -ENOENT ? err_sys(err, -r, "cannot remove '%s/%s'", store_runroot(engine->store), path) : 0;
}

static int forget_kind(struct engine *engine, enum mount_kind kind, struct err *err)
{
	auto_strv ids = NULL;
	auto_close int fd = openat(store_run_fd(engine->store), dirs[kind], O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return 0;
	int r = file_list(fd, &ids);
	if (r < 0)
		return err_sys(err, -r, "cannot list '%s/%s'", store_runroot(engine->store), dirs[kind]);
	for (char **id = ids; id && *id; id++)
		if (mount_place_forget(engine, kind, *id, err) < 0)
			return -1;
	return 0;
}

int mount_place_forget_all(struct engine *engine, struct err *err)
{
	for (enum mount_kind kind = 0; kind < MOUNT_KIND_COUNT; kind++)
		if (forget_kind(engine, kind, err) < 0)
			return -1;
	return 0;
}
