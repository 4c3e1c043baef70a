#include "engine/images_mount.h"

#include "base/str.h"
#include "engine/mount_place.h"
#include "host/mnt.h"
#include "host/overlay.h"
#include "image/image.h"

#include <errno.h>
#include <fcntl.h>

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

static void add_row(const struct image *image, const char *path, struct images_mounts *to)
{
	to->rows = mem_resize(to->rows, to->count + 1, sizeof(*to->rows));
	to->rows[to->count++] = (struct images_mount_row){ .id = mem_strdup(image->id), .digest = mem_strdup(image->digest),
							   .names = strv_dup(image->names), .path = mem_strdup(path) };
}

/* --- mounting --- */

/* An overlay wants two layers. */
static int open_single(const char *path, int *ret_fd, struct err *err)
{
	auto_close int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = fd < 0 ? -errno : mnt_copy(fd, true, ret_fd);
	return rc < 0 ? err_sys(err, -rc, "cannot open the layer '%s'", path) : 0;
}

static int open_layers(struct engine *engine, const struct image *image, const char *scratch, int *ret_fd, struct err *err)
{
	auto_strv lower = NULL;
	if (layer_stack(engine->store, image->diff_ids, NULL, &lower, err) < 0)
		return -1;
	const struct overlay overlay = { .lower = lower, .in_userns = engine->rootless };
	return lower[1] ? overlay_open(&overlay, scratch, ret_fd, err) : open_single(lower[0], ret_fd, err);
}

static int mount_image(struct engine *engine, const struct image *image, struct images_mounts *ret, struct err *err)
{
	auto_val(mount_place) place = { .fd = -EBADF };
	auto_close int tree_fd = -EBADF;
	if (!image->diff_ids || !*image->diff_ids)
		return err_set(err, ERR_INVALID, "image %s has no layers to mount", image->id);
	if (mount_place_open(engine, MOUNT_IMAGE, image->id, true, &place, err) < 0)
		return -1;
	if ((!place.count && open_layers(engine, image, place.path, &tree_fd, err) < 0) || mount_place_add(&place, tree_fd, err) < 0)
		return err_wrap(err, "image %s", image->id);
	add_row(image, place.path, ret);
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
		if (!i || strcmp(images[i]->id, images[i - 1]->id) != 0) /* also in an additional store */
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
	auto_free char *path = mount_place_find_dup(engine, MOUNT_IMAGE, image->id);
	(void)err;
	if (path)
		add_row(image, path, ctx);
	return 0;
}

int images_mount_list(struct engine *engine, struct images_mounts *ret, struct err *err)
{
	return each_image(engine, list_it, ret, err);
}

int images_mount_check(struct engine *engine, const char *id, struct err *err)
{
	auto_free char *path = mount_place_find_dup(engine, MOUNT_IMAGE, id);
	return path ? err_set(err, ERR_IN_USE, "image %.12s is mounted: unmount it with 'image unmount' first", id) : 0;
}

/* --- unmounting --- */

static int undo(struct engine *engine, const char *id, bool force, char **ret_id, struct err *err)
{
	auto_val(mount_place) place = { .fd = -EBADF };
	int done = mount_place_open(engine, MOUNT_IMAGE, id, false, &place, err);
	if (done > 0)
		done = mount_place_drop(&place, force, err);
	if (done > 0)
		*ret_id = mem_strdup(id);
	return done < 0 ? -1 : 0;
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
