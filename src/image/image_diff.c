/* image_diff.c - see image_diff.h
 *
 * A directory is a list of descriptors, one for each layer that takes part in it, the top first. Two such lists are walked at
 * once. Where only the top layer differs, what it does not hold is not looked at.
 */
#include "image/image_diff.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/str.h"

/* One directory of a tree: where each layer has it. layer: its place in the image, 0 the top. */
struct place {
	int fd;
	size_t layer;
};
struct dir {
	struct place *places;
	size_t count;
};

struct entry {
	char *name;
	struct stat st;
	size_t layer; /* that has it */
	bool hidden;  /* a whiteout */
};
struct listing {
	struct entry *entries;
	size_t count;
};

struct walk {
	struct image_diff *diff;
	bool by_layer; /* `before` is the image without its top layer */
	bool live;     /* and that layer is what a container writes: a directory is as it is there */
};

void image_diff_done(struct image_diff *d)
{
	for (size_t i = 0; i < d->count; i++)
		free(d->rows[i].path);
	free(d->rows);
	*d = (struct image_diff){ 0 };
}

static void dir_done(struct dir *d)
{
	for (size_t i = 0; i < d->count; i++)
		fd_close(d->places[i].fd);
	free(d->places);
}
AUTO_VAL(dir, dir_done);

static void listing_done(struct listing *l)
{
	for (size_t i = 0; i < l->count; i++)
		free(l->entries[i].name);
	free(l->entries);
}
AUTO_VAL(listing, listing_done);

static void add_place(struct dir *d, int fd, size_t layer)
{
	d->places = mem_resize(d->places, d->count + 1, sizeof(*d->places));
	d->places[d->count++] = (struct place){ fd, layer };
}

/* ---- merging ---- */

static bool is_whiteout(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(0, 0);
}

static bool is_opaque(int fd)
{
	auto_free char *name = mem_printf("%sopaque", layer_overlay_prefix());
	char value = 0;

	return fgetxattr(fd, name, &value, 1) == 1 && value == 'y';
}

static int by_name(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int r = strcmp(x->name, y->name);

	return r ? r : (x->layer > y->layer) - (x->layer < y->layer);
}

static int add_names(const struct place *place, struct listing *l, struct err *err)
{
	auto_strv names = NULL;
	int r = file_list(place->fd, &names);

	if (r < 0)
		return err_sys(err, -r, "cannot read a directory of a layer");
	for (size_t i = 0; names && names[i]; i++) {
		struct entry e = { .name = names[i], .layer = place->layer };

		if (fstatat(place->fd, names[i], &e.st, AT_SYMLINK_NOFOLLOW) < 0)
			return err_sys(err, errno, "cannot read '%s' of a layer", names[i]);
		e.name = mem_strdup(names[i]);
		e.hidden = is_whiteout(&e.st);
		l->entries = mem_resize(l->entries, l->count + 1, sizeof(*l->entries));
		l->entries[l->count++] = e;
	}
	return 0;
}

/* What is seen of the directory, sorted; whiteouts go, and all below them. */
static int list_dir(const struct dir *d, struct listing *ret, struct err *err)
{
	size_t kept = 0;

	for (size_t i = 0; i < d->count; i++)
		if (add_names(&d->places[i], ret, err) < 0)
			return -1;
	if (ret->count)
		qsort(ret->entries, ret->count, sizeof(*ret->entries), by_name);
	for (size_t i = 0, end; i < ret->count; i = end) {
		struct entry top = ret->entries[i];

		for (end = i + 1; end < ret->count && strcmp(ret->entries[end].name, top.name) == 0; end++)
			free(ret->entries[end].name);
		if (top.hidden)
			free(top.name);
		else
			ret->entries[kept++] = top;
	}
	ret->count = kept;
	return 0;
}

/* The directory `name` of d, in every layer that takes part. */
static int enter(const struct dir *d, const char *name, struct dir *ret, struct err *err)
{
	for (size_t i = 0; i < d->count; i++) {
		int fd = openat(d->places[i].fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

		if (fd < 0 && errno == ENOENT)
			continue;
		/* something else, or a whiteout: it hides what is below */
		if (fd < 0 && (errno == ENOTDIR || errno == ELOOP || errno == ENXIO))
			break;
		if (fd < 0)
			return err_sys(err, errno, "cannot open '%s' of a layer", name);
		add_place(ret, fd, d->places[i].layer);
		if (is_opaque(fd))
			break;
	}
	return 0;
}

/* ---- comparing ---- */

static size_t add_row(struct walk *w, char kind, const char *path)
{
	w->diff->rows = mem_resize(w->diff->rows, w->diff->count + 1, sizeof(*w->diff->rows));
	w->diff->rows[w->diff->count] = (struct image_diff_row){ kind, mem_strdup(path) };
	return w->diff->count++;
}

static void drop_row(struct walk *w, size_t at)
{
	free(w->diff->rows[at].path);
	w->diff->count--;
	memmove(&w->diff->rows[at], &w->diff->rows[at + 1], (w->diff->count - at) * sizeof(*w->diff->rows));
}

static bool same_time(const struct stat *a, const struct stat *b)
{
	return a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static bool is_same(const struct walk *w, const struct entry *a, const struct entry *b)
{
	const struct stat *x = &a->st, *y = &b->st;
	bool dir = S_ISDIR(x->st_mode);

	if (x->st_dev == y->st_dev && x->st_ino == y->st_ino)
		return true;
	if (x->st_mode != y->st_mode || x->st_uid != y->st_uid || x->st_gid != y->st_gid || !same_time(x, y))
		return false;
	/* COMPAT: a file the top layer holds has changed, though it be the same */
	return dir || (!w->by_layer && x->st_size == y->st_size && x->st_rdev == y->st_rdev);
}

static int walk_dirs(struct walk *w, const struct dir *now, const struct dir *before, const char *path, struct err *err);

/* Below a directory; `before` NULL: all of it is new. */
static int walk_into(struct walk *w, const struct dir *now, const struct dir *before, const char *name, const char *path,
		     struct err *err)
{
	auto_val(dir) sub = { 0 };
	auto_val(dir) sub_before = { 0 };

	if (strlen(path) >= LIMIT_PATH_BYTES)
		return err_set(err, ERR_LIMIT, "a path of the image is longer than %d bytes", LIMIT_PATH_BYTES);
	if (enter(now, name, &sub, err) < 0 || (before && enter(before, name, &sub_before, err) < 0))
		return -1;
	return walk_dirs(w, &sub, &sub_before, path, err);
}

static bool is_opaque_in_top(const struct dir *now, const char *name)
{
	auto_close int fd = openat(now->places[0].fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return fd >= 0 && is_opaque(fd);
}

static int walk_added(struct walk *w, const struct dir *now, const struct entry *a, const char *path, struct err *err)
{
	add_row(w, 'A', path);
	return S_ISDIR(a->st.st_mode) ? walk_into(w, now, NULL, a->name, path, err) : 0;
}

static int walk_both(struct walk *w, const struct dir *now, const struct dir *before, const struct entry *a,
		     const struct entry *b, const char *path, struct err *err)
{
	bool was_dir = S_ISDIR(b->st.st_mode);
	size_t at;

	if (w->by_layer && a->layer)
		return 0;
	if (!S_ISDIR(a->st.st_mode)) {
		if (!is_same(w, a, b))
			add_row(w, 'C', path);
		return 0;
	}
	/* COMPAT: a directory that begins anew counts as deleted, what it holds as added */
	if (w->by_layer && was_dir && is_opaque_in_top(now, a->name)) {
		add_row(w, 'D', path);
		return walk_into(w, now, NULL, a->name, path, err);
	}
	at = add_row(w, 'C', path);
	if (walk_into(w, now, was_dir ? before : NULL, a->name, path, err) < 0)
		return -1;
	if (was_dir && (w->live || at + 1 == w->diff->count) && is_same(w, a, b)) /* COMPAT */
		drop_row(w, at);
	return 0;
}

static int walk_dirs(struct walk *w, const struct dir *now, const struct dir *before, const char *path, struct err *err)
{
	auto_val(listing) a = { 0 };
	auto_val(listing) b = { 0 };
	size_t i = 0, k = 0;

	if (list_dir(now, &a, err) < 0 || list_dir(before, &b, err) < 0)
		return -1;
	while (i < a.count || k < b.count) {
		int order = i == a.count ? 1 : k == b.count ? -1 : strcmp(a.entries[i].name, b.entries[k].name);
		auto_free char *below = mem_printf("%s/%s", path, order <= 0 ? a.entries[i].name : b.entries[k].name);
		int r = 0;

		if (order < 0)
			r = walk_added(w, now, &a.entries[i], below, err);
		else if (order > 0)
			add_row(w, 'D', below);
		else
			r = walk_both(w, now, before, &a.entries[i], &b.entries[k], below, err);
		if (r < 0)
			return -1;
		i += order <= 0;
		k += order >= 0;
	}
	return 0;
}

/* ---- the images ---- */

/* skip: so many from the top are left out. */
static int open_tree(struct store *store, const struct image_diff_tree *tree, size_t skip, struct dir *ret, struct err *err)
{
	size_t count = strv_len(tree->diff_ids), own = tree->top_fd >= 0;

	if (own && !skip) {
		int fd = openat(tree->top_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		if (fd < 0)
			return err_sys(err, errno, "cannot open the files of a container");
		add_place(ret, fd, 0);
	}
	for (size_t n = skip > own ? skip : own; n < count + own; n++) {
		const char *diff_id = tree->diff_ids[count + own - 1 - n];
		auto_free char *path = NULL;
		int fd;

		if (layer_path(store, diff_id, &path, err) < 0)
			return -1;
		fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0)
			return err_sys(err, errno, "cannot open layer %s", diff_id);
		add_place(ret, fd, n);
	}
	return 0;
}

int image_diff_trees(struct store *store, const struct image_diff_tree *tree, const struct image_diff_tree *before, struct image_diff *ret,
		     struct err *err)
{
	auto_val(image_diff) diff = { 0 };
	auto_val(dir) now = { 0 };
	auto_val(dir) then = { 0 };
	struct walk w = { .diff = &diff, .by_layer = !before, .live = !before && tree->top_fd >= 0 };

	if (open_tree(store, tree, 0, &now, err) < 0 || open_tree(store, before ? before : tree, before ? 0 : 1, &then, err) < 0 ||
	    walk_dirs(&w, &now, &then, "", err) < 0)
		return -1;
	*ret = diff;
	diff = (struct image_diff){ 0 };
	return 0;
}
