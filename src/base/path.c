/* path.c - see path.h
 *
 * Theory of operation of the walk (where openat2 is missing): one O_PATH|O_NOFOLLOW descriptor a component, a stack of
 * the directories passed, so that `..` is a pop and never an operation the file system answers; a link's text is put in
 * front of what is left to walk. What was renamed under us cannot matter: a descriptor held is a directory that was beneath
 * the root when it was opened, and `..` goes back to one held already.
 */
#include "base/path.h"

#include "base/fault.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/str.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { EAGAIN_TRIES = 64, LIMIT_COMPONENTS = LIMIT_PATH_BYTES / 2 };

static bool use_openat2(void)
{
	static int state; /* a cache of what cannot change: 0 unknown, 1 yes, -1 no */

	if (!state)
		state = secure_getenv("CPOD_NO_OPENAT2") ? -1 : 1;
	if (state > 0) {
		struct open_how how = { .flags = O_PATH | O_CLOEXEC };
		static bool asked;
		if (!asked) {
			long fd = syscall(SYS_openat2, AT_FDCWD, "/", &how, sizeof(how));
			asked = true;
			if (fd >= 0)
				close((int)fd);
			else if (errno == ENOSYS || errno == EPERM)
				state = -1;
		}
	}
	return state > 0;
}

static uint64_t resolve_of(enum path_policy policy)
{
	switch (policy) {
	case PATH_IN_ROOT:
		return RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
	case PATH_BENEATH:
		return RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV;
	}
	return RESOLVE_BENEATH;
}

/* --- the walk --- */

struct walk {
	int root_fd;
	enum path_policy policy;
	int *dirs; /* the stack: dirs[count - 1] is where we are; empty means the root */
	size_t count, cap;
	char *rest; /* still to walk */
	unsigned links;
	dev_t device;
};

static void walk_done(struct walk *w)
{
	for (size_t i = 0; i < w->count; i++)
		fd_close(w->dirs[i]);
	free(w->dirs);
	free(w->rest);
}

static int here(const struct walk *w)
{
	return w->count ? w->dirs[w->count - 1] : w->root_fd;
}

static void push(struct walk *w, int fd)
{
	if (w->count == w->cap)
		w->dirs = mem_resize(w->dirs, w->cap = w->cap ? w->cap * 2 : 16, sizeof(*w->dirs));
	w->dirs[w->count++] = fd;
}

static int go_up(struct walk *w)
{
	if (!w->count)
		return w->policy == PATH_IN_ROOT ? 0 : -EXDEV;
	fd_close(w->dirs[--w->count]);
	return 0;
}

static void go_root(struct walk *w)
{
	while (w->count)
		fd_close(w->dirs[--w->count]);
}

/* The next component of w->rest into name; false at the end. *ret_last: nothing but slashes follow. */
static bool next_component(struct walk *w, char name[LIMIT_NAME_BYTES + 1], bool *ret_last, bool *ret_dir, int *ret_errno)
{
	char *at = w->rest + strspn(w->rest, "/");
	size_t len = strcspn(at, "/");

	if (!len)
		return false;
	if (len > LIMIT_NAME_BYTES) {
		*ret_errno = -ENAMETOOLONG;
		return false;
	}
	memcpy(name, at, len);
	name[len] = 0;
	char *after = at + len;
	*ret_dir = *after == '/';
	*ret_last = !after[strspn(after, "/")];
	memmove(w->rest, after, strlen(after) + 1);
	return true;
}

/* A link of /proc below its root: its text is only a description of where the kernel would go. */
static bool is_magic(const struct walk *w, int link_fd)
{
	enum { PROC_ROOT_INO = 1 };
	struct statfs fs;
	struct stat dir;

	return fstatfs(link_fd, &fs) < 0 || (fs.f_type == PROC_SUPER_MAGIC && (fstat(here(w), &dir) < 0 || dir.st_ino != PROC_ROOT_INO));
}

static int follow(struct walk *w, int link_fd)
{
	char target[LIMIT_PATH_BYTES];
	ssize_t len = readlinkat(link_fd, "", target, sizeof(target) - 1);

	if (w->policy == PATH_BENEATH || ++w->links > LIMIT_SYMLINKS || is_magic(w, link_fd))
		return -ELOOP;
	if (len < 0)
		return -errno;
	target[len] = 0;
	if (!len)
		return -ENOENT;
	if (target[0] == '/')
		go_root(w);
	if ((size_t)len + strlen(w->rest) + 1 >= LIMIT_PATH_BYTES * 2)
		return -ENAMETOOLONG;
	char *joined = mem_printf("%s%s%s", target, *w->rest && *w->rest != '/' ? "/" : "", w->rest);
	free(w->rest);
	w->rest = joined;
	return 0;
}

/* One step to `name`: a directory is pushed, a link is followed. */
static int step(struct walk *w, const char *name)
{
	struct stat st;

	if (strcmp(name, ".") == 0)
		return 0;
	if (strcmp(name, "..") == 0)
		return go_up(w);
	auto_close int fd = openat(here(w), name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (S_ISLNK(st.st_mode))
		return follow(w, fd);
	if (!S_ISDIR(st.st_mode))
		return -ENOTDIR;
	if (w->policy == PATH_BENEATH && st.st_dev != w->device)
		return -EXDEV;
	push(w, take_fd(fd));
	return 0;
}

static int reopen_here(const struct walk *w, int flags, int *ret_fd)
{
	if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		return -EEXIST;
	if (flags & O_CREAT)
		return -EISDIR;
	int fd = openat(here(w), ".", flags | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	*ret_fd = fd;
	return 0;
}

/* The last component: opened without following, unless it is a link that shall be followed. 1: it was one, walk on. */
static int open_last(struct walk *w, const char *name, int flags, mode_t mode, bool dir, int *ret_fd)
{
	struct stat st;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
		int rc = strcmp(name, "..") == 0 ? go_up(w) : 0;
		return rc < 0 ? rc : reopen_here(w, flags, ret_fd);
	}
	if (dir && flags & O_CREAT)
		return -EISDIR;
	if (fstatat(here(w), name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		bool is_link = S_ISLNK(st.st_mode);
		if (is_link && (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
			return -EEXIST;
		if (is_link && flags & O_CREAT)
			return -ELOOP;
		if (is_link && (!(flags & O_NOFOLLOW) || dir)) {
			auto_close int link_fd = openat(here(w), name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
			if (link_fd < 0)
				return -errno;
			int rc = follow(w, link_fd);
			return rc < 0 ? rc : 1;
		}
		if (w->policy == PATH_BENEATH && st.st_dev != w->device)
			return -EXDEV;
	} else if (errno != ENOENT) {
		return -errno;
	}
	int fd = openat(here(w), name, flags | O_NOFOLLOW | O_CLOEXEC | (dir ? O_DIRECTORY : 0), mode);
	if (fd < 0)
		return -errno;
	*ret_fd = fd;
	return 0;
}

static int walk_open(int root_fd, const char *path, enum path_policy policy, int flags, mode_t mode, int *ret_fd)
{
	struct walk w = { .root_fd = root_fd, .policy = policy, .rest = mem_strdup(path) };
	char name[LIMIT_NAME_BYTES + 1];
	struct stat st;
	bool last = false, dir = false;
	int rc = fstat(root_fd, &st) < 0 ? -errno : 0, bad = 0;

	w.device = st.st_dev;
	if (rc >= 0 && !*path)
		rc = -ENOENT;
	if (rc >= 0 && strlen(path) >= LIMIT_PATH_BYTES)
		rc = -ENAMETOOLONG;
	if (rc >= 0 && *path == '/' && policy == PATH_BENEATH)
		rc = -EXDEV;
	for (unsigned n = 0; rc >= 0; n++) {
		if (n > LIMIT_COMPONENTS * LIMIT_SYMLINKS) {
			rc = -ELOOP;
		} else if (!next_component(&w, name, &last, &dir, &bad)) {
			rc = bad ? bad : reopen_here(&w, flags, ret_fd);
			break;
		} else if (!last) {
			rc = step(&w, name);
		} else {
			rc = open_last(&w, name, flags, mode, dir, ret_fd);
			if (rc <= 0)
				break;
			/* the link's text is what is left now; a slash after the link stays */
			if (dir) {
				char *more = mem_printf("%s/", w.rest);
				free(w.rest);
				w.rest = more;
			}
		}
	}
	walk_done(&w);
	return rc;
}

int path_open(int root_fd, const char *path, enum path_policy policy, int flags, mode_t mode, int *ret_fd)
{
	if (!use_openat2())
		return walk_open(root_fd, path, policy, flags, mode, ret_fd);
	/* a created file must be a new name's, never what a link points to */
	struct open_how how = { .flags = (uint64_t)(flags | O_CLOEXEC | (flags & O_CREAT ? O_NOFOLLOW : 0)),
				.mode = flags & O_CREAT ? mode & 07777 : 0, .resolve = resolve_of(policy) };
	for (int i = 0; i < EAGAIN_TRIES; i++) {
		long fd = syscall(SYS_openat2, root_fd, path, &how, sizeof(how));
		if (fd >= 0) {
			*ret_fd = (int)fd;
			return 0;
		}
		if (errno != EAGAIN && errno != EINTR)
			return -errno;
	}
	return -EAGAIN;
}

int path_open_parent(int root_fd, const char *path, enum path_policy policy, int *ret_fd, char ret_last[256])
{
	auto_free char *copy = mem_strdup(path);
	size_t len = strlen(copy);

	while (len && copy[len - 1] == '/')
		copy[--len] = 0;
	char *slash = strrchr(copy, '/'), *last = slash ? slash + 1 : copy;
	if (!*last || strcmp(last, ".") == 0 || strcmp(last, "..") == 0) {
		/* the name of a directory itself: it is its own parent's "." */
		memcpy(ret_last, ".", 2);
		return path_open(root_fd, *path ? path : ".", policy, O_PATH | O_DIRECTORY, 0, ret_fd);
	}
	if (strlen(last) > LIMIT_NAME_BYTES)
		return -ENAMETOOLONG;
	memcpy(ret_last, last, strlen(last) + 1);
	if (slash == copy)
		return path_open(root_fd, policy == PATH_BENEATH ? "." : "/", policy, O_PATH | O_DIRECTORY, 0, ret_fd);
	if (!slash)
		return path_open(root_fd, ".", policy, O_PATH | O_DIRECTORY, 0, ret_fd);
	*slash = 0;
	return path_open(root_fd, copy, policy, O_PATH | O_DIRECTORY, 0, ret_fd);
}

/* The longest part of `path` that is there: opened, and where in `path` the rest begins. */
static int open_existing(int root_fd, const char *path, enum path_policy policy, int *ret_fd, const char **ret_rest)
{
	auto_free char *copy = mem_strdup(path);
	const char *whole = *path == '/' ? "/" : ".";

	for (size_t len = strlen(copy);; copy[len] = 0) {
		int rc = path_open(root_fd, len ? copy : whole, policy, O_PATH | O_DIRECTORY, 0, ret_fd);
		if (rc != -ENOENT || !len) {
			*ret_rest = path + len;
			return rc;
		}
		while (len && copy[len - 1] == '/')
			len--;
		while (len && copy[len - 1] != '/')
			len--;
		while (len > 1 && copy[len - 1] == '/')
			len--;
	}
}

/* One directory more below *fd, which is exchanged for it. */
static int make_step(int *fd, const char *name, mode_t mode)
{
	if (mkdirat(*fd, name, mode) < 0 && errno != EEXIST)
		return -errno;
	int next = openat(*fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (next < 0)
		return errno == ENOTDIR || errno == ELOOP ? -ENOENT : -errno; /* a link into nothing */
	fd_close(*fd);
	*fd = next;
	return 0;
}

int path_mkdirs(int root_fd, const char *path, enum path_policy policy, mode_t mode, int *ret_fd)
{
	auto_close int fd = -EBADF;
	const char *rest;
	bool made = false;
	int rc = open_existing(root_fd, *path ? path : ".", policy, &fd, &rest);

	/* what follows is not there: no link can be met, and each step costs one step */
	for (size_t len; rc >= 0 && *(rest += strspn(rest, "/")); rest += len) {
		char name[LIMIT_NAME_BYTES + 1];
		len = strcspn(rest, "/");
		if (len > LIMIT_NAME_BYTES)
			return -ENAMETOOLONG;
		memcpy(name, rest, len);
		name[len] = 0;
		if (strcmp(name, ".") == 0)
			continue;
		if (strcmp(name, "..") == 0) /* what is before it is there now: the policy decides anew */
			return made ? path_mkdirs(root_fd, path, policy, mode, ret_fd) : -ENOENT;
		rc = make_step(&fd, name, mode);
		made = true;
	}
	if (rc >= 0)
		*ret_fd = take_fd(fd);
	return rc;
}

int path_mount_point(int root_fd, const char *path, int for_file, int *ret_fd)
{
	if (!for_file)
		return path_mkdirs(root_fd, path, PATH_IN_ROOT, 0755, ret_fd);
	int rc = path_open(root_fd, path, PATH_IN_ROOT, O_PATH, 0, ret_fd);
	if (rc != -ENOENT)
		return rc;
	auto_free char *copy = mem_strdup(path);
	char *slash = strrchr(copy, '/');
	auto_close int parent_fd = -EBADF;
	if (slash)
		*slash = 0;
	rc = path_mkdirs(root_fd, slash && *copy ? copy : "/", PATH_IN_ROOT, 0755, &parent_fd);
	if (rc < 0)
		return rc;
	int fd = openat(parent_fd, slash ? slash + 1 : copy, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	fd_close(fd);
	return path_open(root_fd, path, PATH_IN_ROOT, O_PATH, 0, ret_fd);
}

int path_is_under(int root_fd, int fd)
{
	struct stat root, now, up;
	int at = fcntl(fd, F_DUPFD_CLOEXEC, 3);

	if (at < 0 || fstat(root_fd, &root) < 0 || fstat(at, &now) < 0) {
		fd_close(at);
		return 0;
	}
	for (unsigned n = 0; n < LIMIT_COMPONENTS; n++) {
		if (now.st_dev == root.st_dev && now.st_ino == root.st_ino) {
			fd_close(at);
			return 1;
		}
		int parent = openat(at, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
		fd_close(at);
		at = parent;
		if (at < 0 || fstat(at, &up) < 0 || (up.st_dev == now.st_dev && up.st_ino == now.st_ino))
			break;
		now = up;
	}
	fd_close(at);
	return 0;
}

char *path_clean_dup(const char *path)
{
	auto_strv parts = strv_split(path, '/');
	auto_str out = { 0 };
	bool absolute = *path == '/';
	size_t depth = 0;
	char **kept = mem_array(strv_len(parts) + 1, sizeof(*kept));

	for (char **p = parts; p && *p; p++) {
		if (!**p || strcmp(*p, ".") == 0)
			continue;
		if (strcmp(*p, "..") != 0)
			kept[depth++] = *p;
		else if (depth)
			depth--;
	}
	if (absolute)
		str_add_char(&out, '/');
	for (size_t i = 0; i < depth; i++)
		str_addf(&out, "%s%s", i ? "/" : "", kept[i]);
	free(kept);
	return out.len ? str_take(&out) : mem_strdup(".");
}

char *path_join_dup(const char *a, const char *b)
{
	size_t len = strlen(a);

	return mem_printf("%s%s%s", a, len && a[len - 1] == '/' ? "" : "/", b + strspn(b, "/"));
}

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}
