/* tree_unpack.c - see tree_unpack.h */
#include "storage/tree_unpack.h"

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
#include "codec/decompress.h"

enum { BUFFER_BYTES = 256 << 10, DIRS_MAX_BYTES = 128 << 20 };

/* A directory that we made: its mode and time come last. */
struct made {
	char *path;
	mode_t mode;
	int64_t mtime_ns;
};

struct job {
	const struct tree_unpack *how;
	struct tar *tar;
	char *dir; /* the directory opened last */
	int dir_fd;
	struct made *made;
	size_t made_count, made_cap, made_bytes;
	char *buffer;
};

static void job_done(struct job *j)
{
	tar_free(j->tar);
	free(j->dir);
	fd_close(j->dir_fd);
	for (size_t i = 0; i < j->made_count; i++)
		free(j->made[i].path);
	free(j->made);
	free(j->buffer);
}
AUTO_VAL(job, job_done);

static int ignore_raw(void *ctx, const void *data, size_t len, struct err *err)
{
	return 0;
}

/* ---- where ---- */

/* A link where a directory should be: as the tree's own processes see it, or not at all. */
static int open_linked(const struct tree_unpack *how, const char *path, int *ret_fd)
{
	auto_free char *full = how->root_fd >= 0 ? path_join_dup(how->base, path) : NULL;
	return full ? path_open(how->root_fd, full, PATH_IN_ROOT, O_RDONLY | O_DIRECTORY, 0, ret_fd) : -ENOTDIR;
}

/* A directory that no entry tells of belongs to whoever gets all of it, or to root of the container. */
static int give_to_root(const struct tree_unpack *how, int dir_fd, const char *name)
{
	uid_t uid = how->one_owner ? how->uid : how->shift ? userns_map_id(how->shift->uids, 0, true) : 0;
	gid_t gid = how->one_owner ? how->gid : how->shift ? userns_map_id(how->shift->gids, 0, true) : 0;
	return fchownat(dir_fd, name, uid, gid, AT_SYMLINK_NOFOLLOW);
}

/* One step down; what is missing is made. */
static int step(const struct tree_unpack *how, int dir_fd, const char *name, const char *path, int *ret_fd)
{
	*ret_fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (*ret_fd < 0 && errno == ENOENT) {
		int made = mkdirat(dir_fd, name, 0755);
		if (made < 0 ? errno != EEXIST : give_to_root(how, dir_fd, name) < 0)
			return -errno;
		*ret_fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	}
	if (*ret_fd < 0 && (errno == ENOTDIR || errno == ELOOP))
		return open_linked(how, path, ret_fd);
	return *ret_fd < 0 ? -errno : 0;
}

static int open_dir(const struct tree_unpack *how, const char *dir, int *ret_fd)
{
	auto_close int fd = fcntl(how->base_fd, F_DUPFD_CLOEXEC, 0);
	auto_strv parts = strv_split(dir, '/');
	auto_str path = { 0 };
	int rc = fd < 0 ? -errno : 0;
	for (char **part = parts; rc >= 0 && part && *part; part++) {
		int next;
		if (!**part)
			continue;
		str_addf(&path, "%s%s", path.len ? "/" : "", *part);
		rc = step(how, fd, *part, str_text(&path), &next);
		fd_close(fd);
		fd = rc < 0 ? -EBADF : next;
	}
	*ret_fd = rc < 0 ? -EBADF : take_fd(fd);
	return rc;
}

/* Makes dir_fd the directory that `path` is in. */
static int enter_parent(struct job *j, const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	auto_free char *dir = mem_strndup(path, slash ? (size_t)(slash - path) : 0);
	if (j->dir && strcmp(j->dir, dir) == 0)
		return 0;
	j->dir_fd = fd_close(j->dir_fd);
	free(take_ptr(j->dir));
	int rc = open_dir(j->how, dir, &j->dir_fd);
	if (rc == -ENOTDIR || rc == -ELOOP)
		return err_set(err, ERR_EXISTS, "cannot make '%s': '%s' is there and no directory", path, dir);
	if (rc < 0)
		return err_sys(err, -rc, "cannot make '%s'", path);
	j->dir = take_ptr(dir);
	return 0;
}

/* ---- what is in the way ---- */

static int clash(const struct job *j, const char *path, bool is_dir, struct err *err)
{
	return err_set(err, ERR_EXISTS, is_dir ? "'%s' is a directory, and what is copied is none: use --overwrite to replace it"
					       : "'%s' is there and no directory: use --overwrite to replace it", path);
}

/* 1: a directory is to be made and is there. 2: it cannot be taken away, something is mounted on it. */
static int make_way(struct job *j, const char *name, const char *path, bool for_dir, struct err *err)
{
	struct stat st;
	if (fstatat(j->dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : err_sys(err, errno, "cannot look at '%s'", path);
	bool is_dir = S_ISDIR(st.st_mode);
	if (is_dir && for_dir)
		return 1;
	if (for_dir && S_ISLNK(st.st_mode)) {
		auto_close int fd = -EBADF;
		if (open_linked(j->how, path, &fd) == 0)
			return 1;
	}
	if (is_dir != for_dir && (is_dir || for_dir) && !j->how->overwrite)
		return clash(j, path, is_dir, err);
	int rc = is_dir ? file_remove_tree(j->dir_fd, name) : unlinkat(j->dir_fd, name, 0) < 0 ? -errno : 0;
	if (rc == -EBUSY && S_ISREG(st.st_mode))
		return 2;
	return rc < 0 && rc != -ENOENT ? err_sys(err, -rc, "cannot replace '%s'", path) : 0;
}

/* ---- attributes ---- */

static int owner_of(const struct job *j, const struct tar_entry *e, uid_t *uid, gid_t *gid, struct err *err)
{
	const struct tree_unpack *how = j->how;
	*uid = how->one_owner ? how->uid : how->shift ? userns_map_id(how->shift->uids, e->uid, true) : e->uid;
	*gid = how->one_owner ? how->gid : how->shift ? userns_map_id(how->shift->gids, e->gid, true) : e->gid;
	return *uid == USERNS_UNMAPPED || *gid == USERNS_UNMAPPED
		? err_set(err, ERR_UNSUPPORTED, "'%s' belongs to %u:%u, which is nobody here", e->path, e->uid, e->gid) : 0;
}

static int set_owner(const struct job *j, const char *name, const struct tar_entry *e, struct err *err)
{
	uid_t uid;
	gid_t gid;
	if (owner_of(j, e, &uid, &gid, err) < 0)
		return -1;
	if (fchownat(j->dir_fd, name, uid, gid, AT_SYMLINK_NOFOLLOW) == 0)
		return 0;
	return err_sys(err, errno, "cannot give '%s' to %u:%u", e->path, e->uid, e->gid);
}

static mode_t mode_of(const struct job *j, const struct tar_entry *e)
{
	return e->mode & (j->how->no_set_id ? 01777 : 07777);
}

static int set_xattrs(const struct job *j, int fd, const struct tar_entry *e, struct err *err)
{
	for (size_t i = 0; i < e->xattr_count; i++) {
		const struct tar_xattr *x = &e->xattrs[i];
		bool wanted = (str_starts(x->name, "user.") && !str_starts(x->name, "user.overlay.")) ||
			      (strcmp(x->name, "security.capability") == 0 && !j->how->no_set_id);
		if (wanted && fsetxattr(fd, x->name, x->value, x->len, 0) < 0 && errno != ENOTSUP && errno != EPERM)
			return err_sys(err, errno, "cannot set the attribute %s of '%s'", x->name, e->path);
	}
	return 0;
}

static void times_of(int64_t ns, struct timespec ret[2])
{
	ret[0] = ret[1] = ns < 0 ? (struct timespec){ 0 } : (struct timespec){ .tv_sec = ns / NS_PER_S, .tv_nsec = ns % NS_PER_S };
}

static int remember(struct job *j, const char *path, const struct tar_entry *e, struct err *err)
{
	j->made_bytes += sizeof(*j->made) + strlen(path) + 1;
	if (j->made_bytes > DIRS_MAX_BYTES)
		return err_set(err, ERR_LIMIT, "the archive names directories of more than %d MiB together", DIRS_MAX_BYTES >> 20);
	if (j->made_count == j->made_cap)
		j->made = mem_resize(j->made, j->made_cap = j->made_cap ? j->made_cap * 2 : 64, sizeof(*j->made));
	j->made[j->made_count++] = (struct made){ mem_strdup(path), mode_of(j, e), e->mtime_ns };
	return 0;
}

/* The deepest first: making what is in a directory changes its time, and a mode may close it. */
static void finish_dirs(struct job *j)
{
	for (size_t i = j->made_count; i-- > 0;) {
		struct timespec times[2];
		auto_close int fd = -EBADF;
		if (open_dir(j->how, j->made[i].path, &fd) < 0)
			continue; /* replaced since */
		times_of(j->made[i].mtime_ns, times);
		if (fchmod(fd, j->made[i].mode) == 0)
			futimens(fd, times);
	}
}

/* ---- entries ---- */

static int fill(struct job *j, int fd, const char *name, const struct tar_entry *e, struct err *err)
{
	struct timespec times[2];
	if (tar_write_content(j->tar, e, fd, j->buffer, BUFFER_BYTES, err) < 0 || set_owner(j, name, e, err) < 0)
		return -1;
	/* after the owner, which takes set-uid bits and capabilities away */
	if (fchmod(fd, mode_of(j, e)) < 0)
		return err_sys(err, errno, "cannot set the mode of '%s'", e->path);
	if (set_xattrs(j, fd, e, err) < 0)
		return -1;
	times_of(e->mtime_ns, times);
	return futimens(fd, times) < 0 ? err_sys(err, errno, "cannot set the time of '%s'", e->path) : 0;
}

static int make_file(struct job *j, const char *name, const char *path, const struct tar_entry *e, struct err *err)
{
	int way = make_way(j, name, path, false, err);
	if (way < 0)
		return -1;
	/* a file of the engine's own is mounted there (/etc/hosts): it is written to */
	int flags = way == 2 ? O_TRUNC : O_CREAT | O_EXCL;
	auto_close int fd = openat(j->dir_fd, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | flags, 0600);
	return fd < 0 ? err_sys(err, errno, "cannot make '%s'", path) : fill(j, fd, name, e, err);
}

static int make_dir(struct job *j, const char *name, const char *path, const struct tar_entry *e, struct err *err)
{
	int way = make_way(j, name, path, true, err);
	if (way != 0)
		return way < 0 ? -1 : 0;
	if (mkdirat(j->dir_fd, name, 0700) < 0)
		return err_sys(err, errno, "cannot make '%s'", path);
	return set_owner(j, name, e, err) < 0 ? -1 : remember(j, path, e, err);
}

static int make_link(struct job *j, const char *name, const char *path, const struct tar_entry *e, struct err *err)
{
	auto_free char *clean = path_clean_dup(e->link);
	const char *target = *clean == '/' ? clean + 1 : clean;
	const char *slash = strrchr(target, '/');
	auto_free char *dir = mem_strndup(target, slash ? (size_t)(slash - target) : 0);
	auto_close int fd = -EBADF;
	int rc = open_dir(j->how, dir, &fd);
	if (rc >= 0 && linkat(fd, slash ? slash + 1 : target, j->dir_fd, name, 0) < 0)
		rc = -errno;
	return rc < 0 ? err_sys(err, -rc, "cannot link '%s' to '%s'", path, e->link) : 0;
}

static int make_special(struct job *j, const char *name, const char *path, const struct tar_entry *e, struct err *err)
{
	static const mode_t kinds[] = { [TAR_CHAR] = S_IFCHR, [TAR_BLOCK] = S_IFBLK, [TAR_FIFO] = S_IFIFO };
	struct timespec times[2];
	int rc;
	if (e->type != TAR_FIFO && e->type != TAR_SYMLINK && j->how->no_set_id)
		return err_set(err, ERR_UNSUPPORTED, "'%s' is a device: it is not copied to the host", path);
	if (e->type == TAR_SYMLINK)
		rc = symlinkat(e->link, j->dir_fd, name);
	else
		rc = mknodat(j->dir_fd, name, kinds[e->type] | 0600, makedev(e->major, e->minor));
	if (rc < 0)
		return err_sys(err, errno, "cannot make '%s'", path);
	if (set_owner(j, name, e, err) < 0)
		return -1;
	if (e->type != TAR_SYMLINK && fchmodat(j->dir_fd, name, mode_of(j, e), 0) < 0)
		return err_sys(err, errno, "cannot set the mode of '%s'", path);
	times_of(e->mtime_ns, times);
	utimensat(j->dir_fd, name, times, AT_SYMLINK_NOFOLLOW);
	return 0;
}

static int make_entry(struct job *j, const struct tar_entry *e, struct err *err)
{
	auto_free char *clean = path_clean_dup(e->path);
	const char *path = *clean == '/' ? clean + 1 : clean, *name = path_base(path);
	if (!*path || strcmp(path, ".") == 0)
		return 0; /* the base itself stays as it is */
	if (strlen(path) >= LIMIT_PATH_BYTES || strlen(name) > LIMIT_NAME_BYTES)
		return err_set(err, ERR_INVALID, "the name '%.100s…' is too long", path);
	if (enter_parent(j, path, err) < 0)
		return -1;
	if (e->type == TAR_DIR)
		return make_dir(j, name, path, e, err);
	if (e->type == TAR_FILE)
		return make_file(j, name, path, e, err);
	if (make_way(j, name, path, false, err) < 0)
		return -1;
	return e->type == TAR_HARD_LINK ? make_link(j, name, path, e, err) : make_special(j, name, path, e, err);
}

int tree_unpack(const struct tree_unpack *how, tar_read_fn read, void *ctx, struct err *err)
{
	auto_val(job) j = { .how = how, .tar = tar_new(read, ignore_raw, ctx), .dir_fd = -EBADF, .buffer = mem_alloc(BUFFER_BYTES) };
	const struct tar_entry *e;
	int rc;
	while ((rc = tar_next(j.tar, &e, err)) > 0)
		if (make_entry(&j, e, err) < 0)
			return -1;
	finish_dirs(&j);
	return rc < 0 ? -1 : 0;
}

/* ---- from a descriptor ---- */

static ssize_t from_fd(void *ctx, void *buf, size_t len, struct err *err)
{
	ssize_t n;
	do
		n = read(*(const int *)ctx, buf, len);
	while (n < 0 && errno == EINTR);
	return n < 0 ? err_sys(err, errno, "cannot read the archive") : n;
}

static ssize_t from_decompress(void *ctx, void *buf, size_t len, struct err *err)
{
	return decompress_read(ctx, buf, len, err);
}

int tree_unpack_fd(const struct tree_unpack *how, int fd, bool maybe_compressed, struct err *err)
{
	auto_ptr(decompress) plain = NULL;
	if (!maybe_compressed)
		return tree_unpack(how, from_fd, &fd, err);
	return decompress_new(from_fd, &fd, &plain, err) < 0 ? -1 : tree_unpack(how, from_decompress, plain, err);
}
