#include "engine/images_mount.h"

#include "base/file.h"
#include "base/num.h"
#include "base/str.h"
#include "image/image.h"
#include "storage/store.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#ifndef STATX_TYPE /* musl leaves it to the kernel's header, glibc cannot be had with it */
#include <linux/stat.h>
#endif

enum { COUNT_MAX_BYTES = 32, OPTIONS_MAX_BYTES = 4096 };

#define MOUNTS "image-mounts"

void images_mounts_done(struct images_mounts *m)
{
	for (size_t i = 0; i < m->count; i++) {
		free(m->rows[i].id);
		free(m->rows[i].digest);
		strv_free(m->rows[i].names);
		free(m->rows[i].path);
	}
	free(m->rows);
	*m = (struct images_mounts){ 0 };
}

static char *path_dup(struct engine *engine, const char *id)
{
	return mem_printf("%s/" MOUNTS "/%s/merged", store_runroot(engine->store), id);
}

static void add_row(struct engine *engine, const struct image *image, struct images_mounts *to)
{
	to->rows = mem_resize(to->rows, to->count + 1, sizeof(*to->rows));
	to->rows[to->count++] = (struct images_mount_row){ .id = mem_strdup(image->id), .digest = mem_strdup(image->digest),
							   .names = strv_dup(image->names), .path = path_dup(engine, image->id) };
}

/* --- one image's place: its directory, locked --- */

static int open_place(struct engine *engine, const char *id, bool make, int *ret_fd, struct err *err)
{
	auto_free char *path = mem_printf(MOUNTS "/%s", id);
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
	if (r < 0 || fd < 0 || (r = file_lock(fd, FILE_LOCK_EXCLUSIVE, true)) < 0)
		return err_sys(err, r < 0 ? -r : errno, "cannot use the directory '%s/%s'", store_runroot(engine->store), path);
	*ret_fd = take_fd(fd);
	return 1;
}

static bool is_mounted(int place_fd)
{
	struct statx st;
	return syscall(SYS_statx, place_fd, "merged", AT_SYMLINK_NOFOLLOW, STATX_TYPE, &st) == 0 && st.stx_attributes & STATX_ATTR_MOUNT_ROOT;
}

static uint64_t read_count(int place_fd)
{
	auto_free char *text = NULL;
	size_t len = 0;
	uint64_t count = 0;
	if (!is_mounted(place_fd) || file_read(place_fd, "count", COUNT_MAX_BYTES, &text, &len) < 0 || num_u64(text, UINT32_MAX, &count) < 0)
		return 0;
	return count;
}

static int write_count(int place_fd, uint64_t count, struct err *err)
{
	char text[COUNT_MAX_BYTES];
	int len = snprintf(text, sizeof(text), "%llu", (unsigned long long)count);
	int r = file_write(place_fd, "count", 0600, text, (size_t)len, FILE_SOLE);
	return r < 0 ? err_sys(err, -r, "cannot write the count of mounts") : 0;
}

/* --- mounting --- */

static char *options_dup(struct engine *engine, const struct image *image, char **stack, struct err *err)
{
	auto_str out = { 0 };
	size_t skip = strlen(store_graphroot(engine->store)) + strlen("/layers/");
	for (char **path = stack; *path; path++)
		str_addf(&out, "%s%s", path == stack ? "lowerdir=" : ":", *path + skip);
	if (out.len >= OPTIONS_MAX_BYTES) {
		err_set(err, ERR_LIMIT, "image %s has more layers than can be mounted at once", image->id);
		return NULL;
	}
	return str_take(&out);
}

/* The layers are named from their own directory: many fit then into what the kernel takes. */
static int mount_layers(struct engine *engine, const struct image *image, const char *target, struct err *err)
{
	auto_strv stack = NULL;
	if (layer_stack(engine->store, image->diff_ids, NULL, &stack, err) < 0)
		return -1;
	auto_free char *options = options_dup(engine, image, stack, err);
	auto_close int cwd_fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r = 0;
	if (!options)
		return -1;
	if (!stack[1]) { /* overlay wants two */
		if (mount(stack[0], target, NULL, MS_BIND, NULL) < 0 ||
		    mount(NULL, target, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NODEV | MS_NOSUID, NULL) < 0)
			r = errno;
	} else if (fchdir(store_kind_fd(engine->store, STORE_LAYER)) < 0 ||
		   mount("overlay", target, "overlay", MS_RDONLY | MS_NODEV | MS_NOSUID, options) < 0) {
		r = errno;
	}
	if (cwd_fd >= 0 && fchdir(cwd_fd) < 0 && !r)
		r = errno;
	return r ? err_sys(err, r, "cannot mount image %s at '%s'", image->id, target) : 0;
}

static int mount_image(struct engine *engine, const struct image *image, struct images_mounts *ret, struct err *err)
{
	auto_free char *target = path_dup(engine, image->id);
	auto_close int fd = -EBADF;
	if (engine->rootless)
		return err_set(err, ERR_UNSUPPORTED, "image mount is for root: what an ordinary user mounts ends with the command");
	if (!image->diff_ids || !*image->diff_ids)
		return err_set(err, ERR_INVALID, "image %s has no layers to mount", image->id);
	int there = open_place(engine, image->id, true, &fd, err);
	if (there < 0)
		return -1;
	uint64_t count = read_count(fd);
	int r = count ? 0 : file_mkdirs(fd, "merged", 0700);
	if (r < 0)
		return err_sys(err, -r, "cannot make the directory '%s'", target);
	if (!count && mount_layers(engine, image, target, err) < 0)
		return -1;
	if (write_count(fd, count + 1, err) < 0)
		return -1;
	add_row(engine, image, ret);
	return 0;
}

int images_mount(struct engine *engine, const char *word, struct images_mounts *ret, struct err *err)
{
	auto_ptr(image) image = NULL;
	if (image_resolve(engine->store, word, &image, NULL, err) < 0)
		return -1;
	return mount_image(engine, image, ret, err);
}

/* --- every image --- */

typedef int (*image_fn)(struct engine *engine, const struct image *image, void *ctx, struct err *err);

static int each_image(struct engine *engine, image_fn fn, void *ctx, struct err *err)
{
	struct image **images = NULL;
	size_t count = 0;
	int r = image_db_list(engine->store, &images, &count, err);
	for (size_t i = 0; r >= 0 && i < count; i++)
		r = fn(engine, images[i], ctx, err);
	image_db_list_free(images, count);
	return r < 0 ? -1 : 0;
}

static int mount_it(struct engine *engine, const struct image *image, void *ctx, struct err *err)
{
	return mount_image(engine, image, ctx, err);
}

int images_mount_all(struct engine *engine, struct images_mounts *ret, struct err *err)
{
	return each_image(engine, mount_it, ret, err);
}

static int list_it(struct engine *engine, const struct image *image, void *ctx, struct err *err)
{
	auto_close int fd = -EBADF;
	int there = open_place(engine, image->id, false, &fd, err);
	if (there > 0 && read_count(fd))
		add_row(engine, image, ctx);
	return there;
}

int images_mount_list(struct engine *engine, struct images_mounts *ret, struct err *err)
{
	return each_image(engine, list_it, ret, err);
}

int images_mount_check(struct engine *engine, const char *id, struct err *err)
{
	auto_close int fd = -EBADF;
	int there = open_place(engine, id, false, &fd, err);
	if (there <= 0 || !read_count(fd))
		return there < 0 ? -1 : 0;
	return err_set(err, ERR_IN_USE, "image %.12s is mounted: unmount it with 'image unmount' first", id);
}

/* --- unmounting --- */

static int undo(struct engine *engine, const char *id, bool force, char **ret_id, struct err *err)
{
	auto_close int fd = -EBADF;
	auto_free char *target = path_dup(engine, id);
	int there = open_place(engine, id, false, &fd, err);
	uint64_t count = there > 0 ? read_count(fd) : 0;
	if (there < 0 || !count)
		return there < 0 ? -1 : 0;
	if (count == 1 || force) {
		if (umount2(target, force ? MNT_DETACH : 0) < 0)
			return err_sys(err, errno, "cannot unmount image %s from '%s'", id, target);
		file_unlink(fd, "merged", AT_REMOVEDIR);
		count = 1;
	}
	if (write_count(fd, count - 1, err) < 0)
		return -1;
	*ret_id = mem_strdup(id);
	return 0;
}

int images_mount_undo(struct engine *engine, const char *word, bool force, char **ret_id, struct err *err)
{
	auto_ptr(image) image = NULL;
	if (image_resolve(engine->store, word, &image, NULL, err) < 0)
		return -1;
	return undo(engine, image->id, force, ret_id, err);
}

struct undo_all {
	bool force;
	char ***ids;
};

static int undo_it(struct engine *engine, const struct image *image, void *ctx, struct err *err)
{
	const struct undo_all *u = ctx;
	char *id = NULL;
	if (undo(engine, image->id, u->force, &id, err) < 0)
		return -1;
	if (id)
		strv_add_take(u->ids, id);
	return 0;
}

int images_mount_undo_all(struct engine *engine, bool force, char ***ret_ids, struct err *err)
{
	struct undo_all u = { force, ret_ids };
	return each_image(engine, undo_it, &u, err);
}
