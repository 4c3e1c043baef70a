/* tree_pack.c - see tree_pack.h */
#include "storage/tree_pack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/ntime.h"
#include "base/path.h"
#include "base/str.h"
#include "storage/inode_names.h"
#include "storage/layer.h"

enum { BUFFER_BYTES = 256 << 10, SPARSE_MIN_BYTES = 1 << 20 };

struct walk {
	const struct tree_pack *how;
	struct tar_out *out;
	int root_fd;
	char *dir; /* the directory opened last: entries come one after another */
	int dir_fd;
	char **todo; /* a stack: the next is the last */
	size_t todo_count, todo_cap;
	struct inode_names names;
	char *buffer;
};

static void walk_done(struct walk *w)
{
	while (w->todo_count)
		free(w->todo[--w->todo_count]);
	free(w->todo);
	free(w->dir);
	fd_close(w->dir_fd);
	inode_names_done(&w->names);
	free(w->buffer);
}
AUTO_VAL(walk, walk_done);

static void push(struct walk *w, char *path)
{
	if (w->todo_count == w->todo_cap) {
		w->todo_cap = w->todo_cap ? w->todo_cap * 2 : 64;
		w->todo = mem_resize(w->todo, w->todo_cap, sizeof(*w->todo));
	}
	w->todo[w->todo_count++] = path;
}

static int fail(int rc, const char *path, struct err *err)
{
	return err_sys(err, -rc, "cannot read '/%s'", path);
}

/* ---- directories ---- */

static int by_name_down(const void *a, const void *b)
{
	return strcmp(*(char *const *)b, *(char *const *)a);
}

/* The names of a directory, as paths, the first on top of the stack. */
static int push_names(struct walk *w, const char *dir, int fd, struct err *err)
{
	auto_strv names = NULL;
	int rc = file_list(fd, &names);
	if (rc < 0)
		return fail(rc, dir, err);
	if (names)
		qsort(names, strv_len(names), sizeof(*names), by_name_down);
	for (char **name = names; name && *name; name++)
		push(w, *dir ? mem_printf("%s/%s", dir, *name) : mem_strdup(*name));
	return 0;
}

/* Makes dir_fd the directory of `path`. 0: it has vanished. */
static int enter_parent(struct walk *w, const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	auto_free char *dir = mem_strndup(path, slash ? (size_t)(slash - path) : 0);
	if (w->dir && strcmp(w->dir, dir) == 0)
		return 1;
	w->dir_fd = fd_close(w->dir_fd);
	free(w->dir);
	w->dir = NULL;
	enum path_policy policy = w->how->mounts ? PATH_IN_ROOT : PATH_BENEATH;
	int rc = path_open(w->root_fd, *dir ? dir : ".", policy, O_RDONLY | O_DIRECTORY, 0, &w->dir_fd);
	if (rc < 0)
		return rc == -ENOENT || rc == -ENOTDIR ? 0 : fail(rc, dir, err);
	w->dir = take_ptr(dir);
	return 1;
}

/* ---- one entry's attributes ---- */

/* What it is called in the archive; owned. end: "/" of directories. */
static char *entry_name_dup(const struct walk *w, const char *path, const char *end)
{
	const char *as = w->how->as ? w->how->as : "";
	return mem_printf("%s%s%s%s", as, *as && *path ? "/" : "", path, end);
}

static void entry_done(struct tar_entry *e)
{
	for (size_t i = 0; i < e->xattr_count; i++) {
		free(e->xattrs[i].name);
		free(e->xattrs[i].value);
	}
	free(e->xattrs);
	free(e->segments);
	free(e->link);
}

static bool is_kept(const char *name)
{
	return strcmp(name, "security.capability") == 0 || strcmp(name, "security.ima") == 0 ||
	       (str_starts(name, "user.") && !str_starts(name, "user.overlay."));
}

static int add_xattr(int fd, const char *name, struct tar_entry *e)
{
	char value[LIMIT_XATTR_BYTES];
	ssize_t len = fgetxattr(fd, name, value, sizeof(value));
	if (len < 0)
		return errno == ENODATA ? 0 : -errno;
	e->xattrs = mem_resize(e->xattrs, e->xattr_count + 1, sizeof(*e->xattrs));
	e->xattrs[e->xattr_count++] = (struct tar_xattr){ mem_strdup(name), memcpy(mem_alloc((size_t)len + 1), value, (size_t)len), (size_t)len };
	return 0;
}

static int add_xattrs(int fd, struct tar_entry *e)
{
	char names[LIMIT_XATTR_BYTES];
	ssize_t n = flistxattr(fd, names, sizeof(names));
	if (n < 0)
		return errno == ENOTSUP ? 0 : -errno;
	for (const char *name = names; name < names + n; name += strlen(name) + 1) {
		int rc = is_kept(name) ? add_xattr(fd, name, e) : 0;
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int set_owner(const struct walk *w, const char *path, const struct stat *st, struct tar_entry *e, struct err *err)
{
	const struct shift *shift = w->how->shift;
	e->uid = shift ? userns_map_id(shift->uids, st->st_uid, false) : st->st_uid;
	e->gid = shift ? userns_map_id(shift->gids, st->st_gid, false) : st->st_gid;
	if (e->uid == USERNS_UNMAPPED || e->gid == USERNS_UNMAPPED)
		return err_set(err, ERR_UNSUPPORTED, "'/%s' belongs to %u:%u, which is nobody in the container's user namespace: change its owner", path,
			       st->st_uid, st->st_gid);
	return 0;
}

static int set_meta(const struct walk *w, const char *path, const struct stat *st, struct tar_entry *e, struct err *err)
{
	e->mode = st->st_mode & 07777;
	e->mtime_ns = st->st_mtim.tv_sec * NS_PER_S;
	return set_owner(w, path, st, e, err);
}

/* ---- content ---- */

/* Zeros in place of what has gone meanwhile. */
static int fill(struct walk *w, uint64_t len, struct err *err)
{
	memset(w->buffer, 0, len < BUFFER_BYTES ? (size_t)len : BUFFER_BYTES);
	while (len) {
		size_t n = len < BUFFER_BYTES ? (size_t)len : BUFFER_BYTES;
		if (tar_out_data(w->out, w->buffer, n, err) < 0)
			return -1;
		len -= n;
	}
	return 0;
}

static int put_range(struct walk *w, const char *path, int fd, uint64_t at, uint64_t len, struct err *err)
{
	while (len) {
		ssize_t n = pread(fd, w->buffer, len < BUFFER_BYTES ? (size_t)len : BUFFER_BYTES, (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(-errno, path, err);
		if (n == 0)
			return fill(w, len, err);
		if (tar_out_data(w->out, w->buffer, (size_t)n, err) < 0)
			return -1;
		at += (uint64_t)n;
		len -= (uint64_t)n;
	}
	return 0;
}

static void add_segment(struct tar_entry *e, uint64_t offset, uint64_t len)
{
	e->segments = mem_resize(e->segments, e->segment_count + 1, sizeof(*e->segments));
	e->segments[e->segment_count++] = (struct tar_segment){ offset, len };
	e->stored += len;
}

/* Where the data of a file with holes lies; the last segment is empty and stands at the end, as GNU tar has it. */
static void find_segments(int fd, struct tar_entry *e)
{
	off_t end = 0, size = (off_t)e->size;
	e->stored = 0;
	for (off_t at = 0; at < size; at = end) {
		at = lseek(fd, at, SEEK_DATA);
		end = at < 0 ? -1 : lseek(fd, at, SEEK_HOLE);
		if (at < 0 || end < 0 || at >= size)
			break;
		end = end < size ? end : size;
		add_segment(e, (uint64_t)at, (uint64_t)(end - at));
	}
	add_segment(e, e->size, 0);
}

static int put_file(struct walk *w, const char *path, int fd, const struct stat *st, struct tar_entry *e, struct err *err)
{
	e->size = e->stored = (uint64_t)st->st_size;
	if (st->st_size > SPARSE_MIN_BYTES && st->st_blocks * 512 < st->st_size - SPARSE_MIN_BYTES)
		find_segments(fd, e);
	if (tar_out_entry(w->out, e, err) < 0)
		return -1;
	if (!e->segments)
		return put_range(w, path, fd, 0, e->stored, err);
	for (size_t i = 0; i < e->segment_count; i++)
		if (put_range(w, path, fd, e->segments[i].offset, e->segments[i].len, err) < 0)
			return -1;
	return 0;
}

/* ---- entries by kind ---- */

/* SPEC image-spec layer.md: an empty file `.wh.NAME` beside it says that NAME is gone. */
static int put_whiteout(struct walk *w, const char *dir, const char *name, const struct stat *st, struct err *err)
{
	auto_free char *below = mem_printf("%s%s%s%s", dir, *dir ? "/" : "", ".wh.", name);
	auto_free char *path = entry_name_dup(w, below, "");
	return tar_out_entry(w->out, &(struct tar_entry){ .type = TAR_FILE, .path = path, .mtime_ns = st->st_mtim.tv_sec * NS_PER_S }, err);
}

static bool is_whiteout(const struct walk *w, const struct stat *st)
{
	return w->how->upper && S_ISCHR(st->st_mode) && st->st_rdev == 0;
}

static bool is_opaque(int fd)
{
	auto_free char *name = mem_printf("%sopaque", layer_overlay_prefix());
	char value;
	return fgetxattr(fd, name, &value, 1) == 1 && value == 'y';
}

static int put_dir(struct walk *w, char *path, const struct stat *st, struct err *err)
{
	auto_free char *named = entry_name_dup(w, path, "/");
	struct tar_entry e = { .type = TAR_DIR, .path = named };
	auto_close int fd = openat(w->dir_fd, *path ? path_base(path) : ".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == ELOOP ? 0 : fail(-errno, path, err);
	int rc = add_xattrs(fd, &e);
	if (rc < 0)
		rc = fail(rc, path, err);
	else if (set_meta(w, path, st, &e, err) < 0 || tar_out_entry(w->out, &e, err) < 0 || push_names(w, path, fd, err) < 0)
		rc = -1;
	else if (w->how->upper && is_opaque(fd))
		rc = put_whiteout(w, path, ".wh..opq", st, err);
	entry_done(&e);
	return rc;
}

static int put_regular(struct walk *w, char *path, const struct stat *st, struct tar_entry *e, struct err *err)
{
	auto_close int fd = openat(w->dir_fd, path_base(path), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat now;
	if (fd < 0 || fstat(fd, &now) < 0 || !S_ISREG(now.st_mode))
		return fd >= 0 || errno == ENOENT || errno == ELOOP || errno == ENXIO ? 0 : fail(-errno, path, err);
	int rc = add_xattrs(fd, e);
	return rc < 0 ? fail(rc, path, err) : put_file(w, path, fd, st, e, err);
}

static int put_symlink(struct walk *w, char *path, struct tar_entry *e, struct err *err)
{
	int rc = file_readlink(w->dir_fd, path_base(path), &e->link);
	if (rc < 0)
		return rc == -ENOENT || rc == -EINVAL ? 0 : fail(rc, path, err);
	return tar_out_entry(w->out, e, err);
}

static int put_other(struct walk *w, char *path, const struct stat *st, struct err *err)
{
	auto_free char *named = entry_name_dup(w, path, "");
	struct tar_entry e = { .path = named, .major = major(st->st_rdev), .minor = minor(st->st_rdev) };
	const char *first = st->st_nlink > 1 ? inode_names_first(&w->names, st->st_dev, st->st_ino, path) : NULL;
	int rc = set_meta(w, path, st, &e, err);
	if (rc < 0)
		return -1;
	e.type = first ? TAR_HARD_LINK : S_ISLNK(st->st_mode) ? TAR_SYMLINK : S_ISCHR(st->st_mode) ? TAR_CHAR
	       : S_ISBLK(st->st_mode) ? TAR_BLOCK : S_ISFIFO(st->st_mode) ? TAR_FIFO : TAR_FILE;
	e.link = first ? entry_name_dup(w, first, "") : NULL;
	if (e.type == TAR_FILE)
		rc = put_regular(w, path, st, &e, err);
	else if (e.type == TAR_SYMLINK)
		rc = put_symlink(w, path, &e, err);
	else
		rc = tar_out_entry(w->out, &e, err);
	entry_done(&e);
	return rc;
}

static int put_entry(struct walk *w, char *path, struct err *err)
{
	struct stat st;
	const char *name = path_base(path);
	int there = enter_parent(w, path, err);
	if (there <= 0)
		return there;
	if (fstatat(w->dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : fail(-errno, path, err);
	if (is_whiteout(w, &st))
		return put_whiteout(w, w->dir, name, &st, err);
	if (w->how->upper && str_starts(name, ".wh."))
		return err_set(err, ERR_UNSUPPORTED, "'/%s' cannot be in an image: names that begin with .wh. stand for removed files there", path);
	if (S_ISDIR(st.st_mode))
		return put_dir(w, path, &st, err);
	return S_ISSOCK(st.st_mode) ? 0 : put_other(w, path, &st, err);
}

int tree_pack(int root_fd, const struct tree_pack *how, struct tar_out *out, struct err *err)
{
	auto_val(walk) w = { .how = how, .out = out, .root_fd = root_fd, .dir_fd = -EBADF, .buffer = mem_alloc(BUFFER_BYTES) };
	auto_close int fd = openat(root_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat st;
	if (fd < 0 || fstat(fd, &st) < 0)
		return fail(-errno, "", err);
	w.dir_fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	w.dir = mem_strdup("");
	int rc = how->as ? put_dir(&w, (char *)"", &st, err) : push_names(&w, "", fd, err);
	while (rc >= 0 && w.todo_count) {
		auto_free char *path = w.todo[--w.todo_count];
		rc = put_entry(&w, path, err);
	}
	return rc;
}

int tree_pack_file(int fd, const struct tree_pack *how, struct tar_out *out, struct err *err)
{
	auto_val(walk) w = { .how = how, .out = out, .root_fd = -EBADF, .dir_fd = -EBADF, .buffer = mem_alloc(BUFFER_BYTES) };
	struct tar_entry e = { .type = TAR_FILE, .path = (char *)how->as };
	struct stat st;
	int rc = fstat(fd, &st) < 0 ? -errno : add_xattrs(fd, &e);
	if (rc < 0)
		rc = fail(rc, how->as, err);
	else
		rc = set_meta(&w, how->as, &st, &e, err) < 0 ? -1 : put_file(&w, how->as, fd, &st, &e, err);
	entry_done(&e);
	return rc;
}
