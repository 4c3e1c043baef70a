#include "engine/ctr_diff.h"

#include "base/str.h"
#include "engine/ctr.h"
#include "image/image_diff.h"

#include <fcntl.h>

/* Owns what a tree borrows. */
struct source {
	struct image_diff_tree tree;
	char **layers;
};

static void source_done(struct source *s)
{
	fd_close(s->tree.top_fd);
	strv_free(s->layers);
}
AUTO_VAL(source, source_done);

static int find_ctr(struct engine *engine, const char *word, struct source *ret, struct err *err)
{
	auto_ptr(ctr) ctr = NULL;
	if (ctr_open(engine, word, &ctr, err) < 0)
		return -1;
	if (ctr->def.rootfs && *ctr->def.rootfs)
		return err_set(err, ERR_UNSUPPORTED, "container %s runs on a directory of the host: there is no image to compare with", ctr->def.name);
	ret->tree.top_fd = openat(ctr->dir_fd, "upper", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (ret->tree.top_fd < 0)
		return err_sys(err, errno, "cannot open the files of container %s", ctr->def.name);
	ret->layers = strv_dup(ctr->def.layers);
	return 0;
}

static int find_image(struct engine *engine, const char *word, struct source *ret, struct err *err)
{
	auto_ptr(image) image = NULL;
	if (image_resolve(engine->store, word, &image, NULL, err) < 0)
		return -1;
	ret->layers = strv_dup(image->diff_ids);
	return 0;
}

static int find(struct engine *engine, enum ctr_diff_of of, const char *word, struct source *ret, struct err *err)
{
	int rc = -1;
	if (of != CTR_DIFF_IMAGE)
		rc = find_ctr(engine, word, ret, err);
	if (of == CTR_DIFF_ANY && rc < 0 && err_is(err, ERR_NOT_FOUND))
		err_clear(err);
	if (of != CTR_DIFF_CTR && rc < 0 && !err->kind)
		rc = find_image(engine, word, ret, err);
	ret->tree.diff_ids = ret->layers;
	if (rc < 0 && err_is(err, ERR_NOT_FOUND)) { /* COMPAT */
		err_clear(err);
		return err_set(err, ERR_NOT_FOUND, "%s not found: %s not known", word, of == CTR_DIFF_CTR ? "container" : "layer");
	}
	return rc;
}

/* COMPAT: places of the engine's own, with which the container has nothing to do. What lies below them is shown. */
static bool is_hidden(const char *path)
{
	static const char *const hidden[] = { "/dev", "/etc/hostname", "/etc/hosts", "/etc/mtab", "/etc/resolv.conf", "/proc", "/run",
					      "/run/.containerenv", "/run/notify", "/run/secrets", "/sys", NULL };
	return str_index(hidden, path) >= 0;
}

int ctr_diff(struct engine *engine, enum ctr_diff_of of, const char *word, const char *other, struct images_diff *ret, struct err *err)
{
	auto_val(source) now = { .tree.top_fd = -EBADF };
	auto_val(source) before = { .tree.top_fd = -EBADF };
	auto_val(image_diff) diff = { 0 };
	if (find(engine, of, word, &now, err) < 0 || (other && find(engine, of, other, &before, err) < 0) ||
	    image_diff_trees(engine->store, &now.tree, other ? &before.tree : NULL, &diff, err) < 0)
		return -1;
	bool shown = now.tree.top_fd < 0 && before.tree.top_fd < 0; /* images are shown whole */
	ret->rows = mem_array(diff.count + 1, sizeof(*ret->rows));
	for (size_t i = 0; i < diff.count; i++)
		if (shown || !is_hidden(diff.rows[i].path))
			ret->rows[ret->count++] = (struct images_diff_row){ diff.rows[i].kind, take_ptr(diff.rows[i].path) };
	return 0;
}
