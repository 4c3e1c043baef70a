#include "storage/layer_apply.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "codec/decompress.h"
#include "codec/digest.h"
#include "codec/tar.h"
#include "storage/layer_index.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

/* Memory that an archive of nothing but directories, or of one name again and again, would take. */
enum { DIR_NAMES_MAX_BYTES = 128 << 20, LOST_MAX = 64 << 10 };

struct dir_time {
	char *path;
	int64_t mtime_ns;
};

struct apply {
	const struct layer_apply_opts *opts;
	struct layer_result *result;
	int stage_fd, diff_fd, in_fd;
	struct digest *in_digest, *tar_digest;
	struct decompress *plain;
	struct layer_index *index;
	struct tar *tar;
	char *parent; /* the directory opened last: archives name its files one after another */
	int parent_fd;
	uint32_t lost;
	struct dir_time *dirs;
	size_t dir_count, dir_cap, dir_bytes;
	char buffer[256 << 10];
};

static void apply_done(struct apply *a)
{
	tar_free(a->tar);
	decompress_free(a->plain);
	digest_free(a->in_digest);
	digest_free(a->tar_digest);
	layer_index_free(a->index);
	for (size_t i = 0; i < a->dir_count; i++)
		free(a->dirs[i].path);
	free(a->dirs);
	free(a->parent);
	fd_close(a->parent_fd);
	fd_close(a->diff_fd);
	free(a);
}

/* --- the stream: received → digest → inflated → digest → tar --- */

static ssize_t read_received(void *ctx, void *buf, size_t len, struct err *err)
{
	struct apply *a = ctx;
	for (;;) {
		ssize_t got = read(a->in_fd, buf, len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_sys(err, errno, "cannot read the layer");
		if (!a->opts->no_digest)
			digest_add(a->in_digest, buf, (size_t)got);
		a->result->size += (uint64_t)got;
		return got;
	}
}

static ssize_t read_plain(void *ctx, void *buf, size_t len, struct err *err)
{
	struct apply *a = ctx;
	ssize_t got = decompress_read(a->plain, buf, len, err);
	if (got > 0 && a->tar_digest)
		digest_add(a->tar_digest, buf, (size_t)got);
	return got;
}

static int keep_raw(void *ctx, const void *data, size_t len, struct err *err)
{
	struct apply *a = ctx;
	return layer_index_raw(a->index, data, len, err);
}

/* --- names --- */

/* "./a//b/" → "a/b"; "" is the root. Names that leave the root are refused, not mended. */
static int clean_name(const char *name, char **ret, struct err *err)
{
	auto_str out = { 0 };
	auto_strv parts = strv_split(name, '/');
	unsigned depth = 0;
	for (char **p = parts; p && *p; p++) {
		if (!**p || strcmp(*p, ".") == 0)
			continue;
		if (strlen(*p) > LIMIT_NAME_BYTES)
			return err_set(err, ERR_LIMIT, "'%.64s…': a part of the name has more than %d bytes", name, LIMIT_NAME_BYTES);
		if (strcmp(*p, "..") == 0) {
			if (!depth)
				return err_set(err, ERR_INVALID, "'%s' leads out of the layer: the archive is refused", name);
			depth--;
			str_cut(&out, (size_t)(strrchr(out.data, '/') ? strrchr(out.data, '/') - out.data : 0));
			continue;
		}
		if (++depth > LIMIT_TAR_DEPTH)
			return err_set(err, ERR_LIMIT, "'%.64s…' is more than %d directories deep", name, LIMIT_TAR_DEPTH);
		str_addf(&out, "%s%s", out.len ? "/" : "", *p);
	}
	*ret = str_take(&out);
	return 0;
}

static int explain(int rc, const char *path, struct err *err)
{
	if (rc == -EXDEV || rc == -ELOOP)
		return err_set(err, ERR_INVALID, "'%s' leads out of the layer or through too many links: the archive is refused", path);
	return err_sys(err, -rc, "cannot make '%s'", path);
}

/* The directory a name lies in, made when the archive has forgotten it; borrowed. last: borrowed from path. */
static int open_parent(struct apply *a, const char *path, int *ret_fd, const char **ret_last, struct err *err)
{
	const char *slash = strrchr(path, '/');
	*ret_last = slash ? slash + 1 : path;
	if (!slash) {
		*ret_fd = a->diff_fd;
		return 0;
	}
	size_t len = (size_t)(slash - path);
	if (a->parent && strlen(a->parent) == len && memcmp(a->parent, path, len) == 0) {
		*ret_fd = a->parent_fd;
		return 0;
	}
	auto_free char *parent = mem_strndup(path, len);
	int fd, rc = path_mkdirs(a->diff_fd, parent, PATH_IN_ROOT, 0755, &fd);
	if (rc < 0)
		return explain(rc, path, err);
	fd_close(a->parent_fd);
	a->parent_fd = *ret_fd = fd;
	free(a->parent);
	a->parent = take_ptr(parent);
	return 0;
}

/* The name may lead elsewhere from now on. The descriptor stays: the entry at hand is being made in it. */
static void forget_parent(struct apply *a)
{
	free(take_ptr(a->parent));
}

/* What is in the way is moved to lost/, because its content may be part of the archive's bytes. */
static int make_way(struct apply *a, int dir_fd, const char *last, const char *path, struct err *err)
{
	char name[32];
	struct stat st;
	if (fstatat(dir_fd, last, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : err_sys(err, errno, "cannot look at '%s'", path);
	if (!S_ISREG(st.st_mode))
		forget_parent(a); /* a directory, or a link that led to one */
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return unlinkat(dir_fd, last, 0) < 0 ? err_sys(err, errno, "cannot replace '%s'", path) : 0;
	if (a->lost >= LOST_MAX)
		return err_set(err, ERR_LIMIT, "the archive replaces more than %d of its own files", LOST_MAX);
	if (mkdirat(a->stage_fd, "lost", 0700) < 0 && errno != EEXIST)
		return err_sys(err, errno, "cannot replace '%s'", path);
	snprintf(name, sizeof(name), "lost/%u", a->lost);
	if (renameat(dir_fd, last, a->stage_fd, name) < 0)
		return err_sys(err, errno, "cannot replace '%s'", path);
	return layer_index_moved(a->index, path, a->lost++, err);
}

/* --- attributes --- */

static int owner_unknown(const struct tar_entry *e, struct err *err)
{
	/* COMPAT: Podman's words */
	return err_set(err, ERR_UNSUPPORTED,
		       "potentially insufficient UIDs or GIDs available in user namespace (requested %u:%u for %s): check /etc/subuid and /etc/subgid, which must give this user more ids",
		       e->uid, e->gid, e->path);
}

static int set_owner(struct apply *a, int dir_fd, const char *last, const struct tar_entry *e, struct err *err)
{
	if (a->opts->single_id)
		return 0;
	if (fchownat(dir_fd, last, e->uid, e->gid, AT_SYMLINK_NOFOLLOW) == 0)
		return 0;
	return errno == EINVAL ? owner_unknown(e, err) : err_sys(err, errno, "cannot set the owner of '%s'", e->path);
}

static bool xattr_wanted(const char *name)
{
	/* an image must not speak to overlayfs: redirects and the like would lead anywhere */
	return !str_starts(name, "trusted.overlay.") && !str_starts(name, "user.overlay.") &&
	       (str_starts(name, "user.") || strcmp(name, "security.capability") == 0 || str_starts(name, "trusted.") ||
		str_starts(name, "system.posix_acl_"));
}

static int set_xattrs(int fd, const struct tar_entry *e, struct err *err)
{
	for (size_t i = 0; i < e->xattr_count; i++) {
		const struct tar_xattr *x = &e->xattrs[i];
		if (!xattr_wanted(x->name) || fsetxattr(fd, x->name, x->value, x->len, 0) == 0)
			continue;
		if (errno != ENOTSUP && errno != EPERM)
			return err_sys(err, errno, "cannot set the attribute %s of '%s'", x->name, e->path);
	}
	return 0;
}

/* COMPAT: times before 1970 are 1970 */
static struct timespec time_of(int64_t ns)
{
	return ns < 0 ? (struct timespec){ 0 } : (struct timespec){ .tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000 };
}

static int set_time(int dir_fd, const char *last, int64_t ns)
{
	struct timespec both[2] = { time_of(ns), time_of(ns) };
	return utimensat(dir_fd, last, both, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}

static int remember_dir(struct apply *a, const char *path, int64_t mtime_ns, struct err *err)
{
	a->dir_bytes += sizeof(*a->dirs) + strlen(path) + 1;
	if (a->dir_bytes > DIR_NAMES_MAX_BYTES)
		return err_set(err, ERR_LIMIT, "the archive names directories of more than %d MiB together", DIR_NAMES_MAX_BYTES >> 20);
	if (a->dir_count == a->dir_cap)
		a->dirs = mem_resize(a->dirs, a->dir_cap = a->dir_cap ? a->dir_cap * 2 : 256, sizeof(*a->dirs));
	a->dirs[a->dir_count++] = (struct dir_time){ mem_strdup(path), mtime_ns };
	return 0;
}

/* Last, because making what is in a directory changes its time. In the archive's order: of two entries the later one counts. */
static void set_dir_times(struct apply *a)
{
	for (size_t i = 0; i < a->dir_count; i++) {
		int fd;
		if (path_open(a->diff_fd, *a->dirs[i].path ? a->dirs[i].path : ".", PATH_IN_ROOT, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0, &fd) < 0)
			continue; /* replaced later, perhaps by a link */
		struct timespec both[2] = { time_of(a->dirs[i].mtime_ns), time_of(a->dirs[i].mtime_ns) };
		futimens(fd, both);
		fd_close(fd);
	}
}

/* --- entries --- */

static int write_content(struct apply *a, int fd, const struct tar_entry *e, struct err *err)
{
	a->result->diff_size += e->size;
	if (a->result->diff_size > a->opts->max_diff_bytes)
		return err_set(err, ERR_LIMIT, "the layer unpacks to more than %llu bytes", (unsigned long long)a->opts->max_diff_bytes);
	return tar_write_content(a->tar, e, fd, a->buffer, sizeof(a->buffer), err);
}

static int make_file(struct apply *a, int dir_fd, const char *last, const char *path, const struct tar_entry *e, struct err *err)
{
	int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	auto_close int fd = openat(dir_fd, last, flags, 0600);
	if (fd < 0 && errno == EEXIST) {
		if (make_way(a, dir_fd, last, path, err) < 0)
			return -1;
		fd = openat(dir_fd, last, flags, 0600);
	}
	if (fd < 0)
		return err_sys(err, errno, "cannot make '%s'", e->path);
	if (layer_index_file(a->index, path, e, err) < 0 || write_content(a, fd, e, err) < 0 || set_owner(a, dir_fd, last, e, err) < 0)
		return -1;
	/* after the owner, which takes set-uid bits and capabilities away */
	if (fchmod(fd, e->mode) < 0)
		return err_sys(err, errno, "cannot set the mode of '%s'", e->path);
	if (set_xattrs(fd, e, err) < 0)
		return -1;
	struct timespec both[2] = { time_of(e->mtime_ns), time_of(e->mtime_ns) };
	return futimens(fd, both) < 0 ? err_sys(err, errno, "cannot set the time of '%s'", e->path) : 0;
}

static int make_dir(struct apply *a, int dir_fd, const char *last, const char *path, const struct tar_entry *e, struct err *err)
{
	const char *name = *last ? last : ".";
	if (*last && mkdirat(dir_fd, last, 0700) < 0) {
		struct stat st;
		bool is_dir = errno == EEXIST && fstatat(dir_fd, last, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode);
		if (!is_dir && (make_way(a, dir_fd, last, path, err) < 0 || mkdirat(dir_fd, last, 0700) < 0))
			return err->kind ? -1 : err_sys(err, errno, "cannot make '%s'", e->path);
	}
	auto_close int fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return err_sys(err, errno, "cannot open '%s'", e->path);
	if (set_owner(a, dir_fd, name, e, err) < 0)
		return -1;
	if (fchmod(fd, e->mode) < 0)
		return err_sys(err, errno, "cannot set the mode of '%s'", e->path);
	if (remember_dir(a, path, e->mtime_ns, err) < 0)
		return -1;
	return set_xattrs(fd, e, err);
}

static bool is_file(int dir_fd, const char *last, const struct stat *that)
{
	struct stat st;
	return fstatat(dir_fd, last, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_ino == that->st_ino && st.st_dev == that->st_dev;
}

/* COMPAT: the last entry that names a file decides its owner, mode and time. They nearly always agree. */
static int adjust_linked(struct apply *a, int dir_fd, const char *last, const struct tar_entry *e, struct err *err)
{
	struct stat st;
	if (fstatat(dir_fd, last, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(err, errno, "cannot look at '%s'", e->path);
	bool owner = st.st_uid != e->uid || st.st_gid != e->gid;
	if (owner && set_owner(a, dir_fd, last, e, err) < 0)
		return -1;
	if (!S_ISLNK(st.st_mode) && (owner || (st.st_mode & 07777) != e->mode) && fchmodat(dir_fd, last, e->mode, 0) < 0)
		return err_sys(err, errno, "cannot set the mode of '%s'", e->path);
	struct timespec when = time_of(e->mtime_ns);
	if (when.tv_sec == st.st_mtim.tv_sec && when.tv_nsec == st.st_mtim.tv_nsec)
		return 0;
	int rc = set_time(dir_fd, last, e->mtime_ns);
	return rc < 0 ? err_sys(err, -rc, "cannot set the time of '%s'", e->path) : 0;
}

static int make_hard_link(struct apply *a, int dir_fd, const char *last, const char *path, const struct tar_entry *e, struct err *err)
{
	auto_free char *target = NULL;
	auto_close int target_fd = -EBADF;
	char name[256];
	struct stat st;
	if (clean_name(e->link, &target, err) < 0)
		return err_wrap(err, "the link '%s'", e->path);
	int rc = path_open_parent(a->diff_fd, target, PATH_IN_ROOT, &target_fd, name);
	if (rc < 0 || strcmp(name, ".") == 0)
		return rc < 0 && rc != -ENOENT ? explain(rc, e->path, err) : err_set(err, ERR_INVALID, "the link '%s' leads to '%s', which the archive does not have", e->path, e->link);
	rc = linkat(target_fd, name, dir_fd, last, 0);
	if (rc < 0 && errno == EEXIST) {
		if (fstatat(target_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && is_file(dir_fd, last, &st))
			return 0;
		if (make_way(a, dir_fd, last, path, err) < 0)
			return -1;
		rc = linkat(target_fd, name, dir_fd, last, 0);
	}
	if (rc == 0)
		return adjust_linked(a, dir_fd, last, e, err);
	if (errno == ENOENT)
		return err_set(err, ERR_INVALID, "the link '%s' leads to '%s', which the archive does not have", e->path, e->link);
	return err_sys(err, errno, "cannot link '%s' to '%s'", e->path, e->link);
}

static int make_symlink(struct apply *a, int dir_fd, const char *last, const char *path, const struct tar_entry *e, struct err *err)
{
	if (make_way(a, dir_fd, last, path, err) < 0)
		return -1;
	if (!*e->link || symlinkat(e->link, dir_fd, last) < 0)
		return err_sys(err, *e->link ? errno : ENOENT, "cannot make the link '%s'", e->path);
	if (set_owner(a, dir_fd, last, e, err) < 0)
		return -1;
	int rc = set_time(dir_fd, last, e->mtime_ns);
	return rc < 0 ? err_sys(err, -rc, "cannot set the time of '%s'", e->path) : 0;
}

static int make_node(struct apply *a, int dir_fd, const char *last, const char *path, const struct tar_entry *e, struct err *err)
{
	static const mode_t kinds[] = { [TAR_CHAR] = S_IFCHR, [TAR_BLOCK] = S_IFBLK, [TAR_FIFO] = S_IFIFO };
	bool device = e->type != TAR_FIFO;
	/* 0:0 is overlayfs's whiteout: an image speaks of those by .wh. names only */
	if (e->type == TAR_CHAR && e->major == 0 && e->minor == 0)
		return err_set(err, ERR_INVALID, "'%s' is the device 0:0, which hides files: the archive is refused", e->path);
	if (device && a->opts->skip_devices)
		return 0;
	if (make_way(a, dir_fd, last, path, err) < 0)
		return -1;
	if (mknodat(dir_fd, last, kinds[e->type] | e->mode, device ? makedev(e->major, e->minor) : 0) < 0)
		return err_sys(err, errno, "cannot make '%s'", e->path);
	if (set_owner(a, dir_fd, last, e, err) < 0)
		return -1;
	if (fchmodat(dir_fd, last, e->mode, 0) < 0)
		return err_sys(err, errno, "cannot set the mode of '%s'", e->path);
	int rc = set_time(dir_fd, last, e->mtime_ns);
	return rc < 0 ? err_sys(err, -rc, "cannot set the time of '%s'", e->path) : 0;
}

/* SPEC OCI image-spec layer.md, Whiteouts. 1: it was one. */
static int take_whiteout(struct apply *a, int dir_fd, const char *last, const char *path, struct err *err)
{
	const char *hidden = str_after(last, ".wh.");
	if (!hidden)
		return 0;
	if (strcmp(last, ".wh..wh..opq") == 0) {
		auto_free char *name = mem_printf("%sopaque", a->opts->overlay_prefix);
		auto_close int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0 || fsetxattr(fd, name, "y", 1, 0) < 0)
			return err_sys(err, errno, "cannot hide what lies below '%s'", path);
		return 1;
	}
	if (str_starts(hidden, ".wh."))
		return 1; /* COMPAT: bookkeeping of aufs */
	if (!*hidden || strcmp(hidden, ".") == 0 || strcmp(hidden, "..") == 0)
		return err_set(err, ERR_INVALID, "'%s' hides no name: the archive is refused", path);
	auto_free char *target = mem_strndup(path, (size_t)(last - path));
	auto_free char *whole = mem_printf("%s%s", target, hidden);
	if (make_way(a, dir_fd, hidden, whole, err) < 0)
		return -1;
	if (mknodat(dir_fd, hidden, S_IFCHR, makedev(0, 0)) < 0)
		return err_sys(err, errno, "cannot hide '%s'", whole);
	return 1;
}

static int make_entry(struct apply *a, const struct tar_entry *e, struct err *err)
{
	auto_free char *path = NULL;
	const char *last;
	int dir_fd;
	if (clean_name(e->path, &path, err) < 0)
		return -1;
	if (!*path && e->type != TAR_DIR)
		return err_set(err, ERR_INVALID, "'%s' stands for the root, and is no directory: the archive is refused", e->path);
	if (open_parent(a, path, &dir_fd, &last, err) < 0)
		return -1;
	int rc = take_whiteout(a, dir_fd, last, path, err);
	if (rc)
		return rc < 0 ? -1 : 0;
	switch (e->type) {
	case TAR_FILE:
		return make_file(a, dir_fd, last, path, e, err);
	case TAR_DIR:
		return make_dir(a, dir_fd, last, path, e, err);
	case TAR_HARD_LINK:
		return make_hard_link(a, dir_fd, last, path, e, err);
	case TAR_SYMLINK:
		return make_symlink(a, dir_fd, last, path, e, err);
	case TAR_CHAR:
	case TAR_BLOCK:
	case TAR_FIFO:
		return make_node(a, dir_fd, last, path, e, err);
	}
	return 0;
}

/* What comes after the compressed stream's own end is part of the digest all the same. */
static int drain_received(struct apply *a, struct err *err)
{
	ssize_t got;
	while ((got = read_received(a, a->buffer, sizeof(a->buffer), err)) > 0)
		;
	return (int)got;
}

static int open_all(struct apply *a, int index_fd, struct err *err)
{
	if (mkdirat(a->stage_fd, "diff", 0755) < 0 || (a->diff_fd = openat(a->stage_fd, "diff", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) < 0)
		return err_sys(err, errno, "cannot make the layer's directory");
	if (fchmod(a->diff_fd, 0755) < 0)
		return err_sys(err, errno, "cannot make the layer's directory");
	if (digest_open("sha256:", &a->in_digest, err) < 0 || layer_index_new(index_fd, &a->index, err) < 0 ||
	    decompress_new(read_received, a, &a->plain, err) < 0)
		return -1;
	/* of what is not compressed the two are one */
	if (!a->opts->no_digest && decompress_kind(a->plain) != COMPRESS_PLAIN && digest_open("sha256:", &a->tar_digest, err) < 0)
		return -1;
	a->tar = tar_new(read_plain, keep_raw, a);
	return 0;
}

static int run(struct apply *a, int index_fd, struct err *err)
{
	const struct tar_entry *e;
	int rc;
	if (open_all(a, index_fd, err) < 0)
		return -1;
	while ((rc = tar_next(a->tar, &e, err)) > 0)
		if (make_entry(a, e, err) < 0)
			return -1;
	if (rc < 0)
		return -1;
	set_dir_times(a);
	if (drain_received(a, err) < 0 || layer_index_end(a->index, err) < 0)
		return -1;
	if (a->opts->no_digest)
		return 0;
	snprintf(a->result->digest, sizeof(a->result->digest), "%s", digest_now(a->in_digest).text);
	snprintf(a->result->diff_id, sizeof(a->result->diff_id), "%s", digest_now(a->tar_digest ? a->tar_digest : a->in_digest).text);
	return 0;
}

int layer_apply(int stage_fd, int in_fd, const struct layer_apply_opts *opts, struct layer_result *ret, struct err *err)
{
	struct layer_result result = { 0 };
	auto_close int index_fd = openat(stage_fd, "tar-index", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (index_fd < 0)
		return err_sys(err, errno, "cannot make the layer's tar-index");
	mode_t old = umask(0);
	struct apply *a = mem_alloc(sizeof(*a));
	a->opts = opts;
	a->result = &result;
	a->stage_fd = stage_fd;
	a->in_fd = in_fd;
	a->diff_fd = a->parent_fd = -EBADF;
	int rc = run(a, index_fd, err);
	apply_done(a);
	umask(old);
	if (rc >= 0)
		*ret = result;
	return rc;
}
