/* file.c - see file.h */
#include "base/file.h"

#include "base/fault.h"
#include "base/fd.h"
#include "base/str.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { RANDOM_BYTES_MAX = 64, TEMP_RANDOM_BYTES = 8 };

void file_random_hex(char *ret_text, size_t bytes)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char raw[RANDOM_BYTES_MAX];

	if (bytes > sizeof(raw) || getrandom(raw, bytes, 0) != (ssize_t)bytes)
		abort(); /* the kernel has no randomness before it has booted */
	for (size_t i = 0; i < bytes; i++) {
		ret_text[2 * i] = digits[raw[i] >> 4];
		ret_text[2 * i + 1] = digits[raw[i] & 15];
	}
	ret_text[2 * bytes] = 0;
}

/* fault_point, as a return value: 0 or -errno */
static int gate(const char *verb, const char *name)
{
	return fault_point(verb, name) == FAULT_FAIL ? -errno : 0;
}

static int write_all(int fd, const char *name, const void *data, size_t len)
{
	enum fault_verdict verdict = fault_point("write", name);

	if (verdict == FAULT_FAIL)
		return -errno;
	if (verdict == FAULT_SHORT) { /* half of it lands, then the disk is full */
		int rc = fd_write_full(fd, data, len / 2);
		return rc < 0 ? rc : -ENOSPC;
	}
	return fd_write_full(fd, data, len);
}

int file_sync(int fd, const char *what)
{
	int rc = gate("sync", what);

	if (rc < 0)
		return rc;
	return fsync(fd) < 0 ? -errno : 0;
}

int file_sync_tree_fs(int fd)
{
	int rc = gate("syncfs", "");

	if (rc < 0)
		return rc;
	return syncfs(fd) < 0 ? -errno : 0;
}

/* "a/b/c" → descriptor of a/b below dir_fd, and "c" */
static int open_parent(int dir_fd, const char *name, int *ret_fd, const char **ret_base)
{
	const char *slash = strrchr(name, '/');

	*ret_base = slash ? slash + 1 : name;
	if (!slash) {
		*ret_fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	} else {
		auto_free char *parent = mem_strndup(name, slash == name ? 1 : (size_t)(slash - name));
		*ret_fd = openat(dir_fd, parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	}
	return *ret_fd < 0 ? -errno : 0;
}

static int fill(int dir_fd, const char *name, const char *shown, mode_t mode, const void *data, size_t len, unsigned flags)
{
	static const int how = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
	int rc = gate("create", shown);
	if (rc < 0)
		return rc;
	auto_close int fd = openat(dir_fd, name, how, mode);
	if (fd < 0 && errno == EEXIST && flags & FILE_SOLE && unlinkat(dir_fd, name, 0) == 0)
		fd = openat(dir_fd, name, how, mode);
	if (fd < 0)
		return -errno;
	rc = fchmod(fd, mode) < 0 ? -errno : write_all(fd, shown, data, len); /* whatever the umask */
	if (rc >= 0 && flags & FILE_DURABLE)
		rc = file_sync(fd, shown);
	if (rc < 0)
		unlinkat(dir_fd, name, 0);
	return rc;
}

static int name_it(int dir_fd, const char *temp, const char *name, unsigned flags)
{
	int rc = gate("rename", name);

	if (rc < 0)
		return rc;
	if (flags & FILE_EXCLUSIVE) {
		rc = linkat(dir_fd, temp, dir_fd, name, 0) < 0 ? -errno : 0;
		unlinkat(dir_fd, temp, 0);
		return rc;
	}
	return renameat(dir_fd, temp, dir_fd, name) < 0 ? -errno : 0;
}

int file_write(int dir_fd, const char *name, mode_t mode, const void *data, size_t len, unsigned flags)
{
	char temp[sizeof(".tmp-") + NAME_MAX] = ".tmp-";
	auto_close int parent_fd = -EBADF;
	const char *base = name;
	int rc = 0, at = dir_fd;

	if (dir_fd == AT_FDCWD || strchr(name, '/') || flags & FILE_DURABLE) {
		rc = open_parent(dir_fd, name, &parent_fd, &base);
		at = parent_fd;
	}
	if (rc < 0)
		return rc;
	if (flags & FILE_SOLE)
		snprintf(temp, sizeof(temp), ".tmp-%s", base);
	else
		file_random_hex(temp + strlen(temp), TEMP_RANDOM_BYTES);
	rc = fill(at, temp, base, mode, data, len, flags);
	if (rc < 0)
		return rc;
	rc = name_it(at, temp, base, flags);
	if (rc < 0)
		unlinkat(at, temp, 0);
	else if (flags & FILE_DURABLE)
		rc = file_sync(at, base);
	return rc;
}

int file_create(int dir_fd, const char *name, mode_t mode, const void *data, size_t len, unsigned flags)
{
	return fill(dir_fd, name, name, mode, data, len, flags);
}

int file_append(int dir_fd, const char *name, mode_t mode, const void *data, size_t len)
{
	int rc = gate("append", name);

	if (rc < 0)
		return rc;
	auto_close int fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, mode);
	if (fd < 0)
		return -errno;
	ssize_t n = write(fd, data, len);
	return n < 0 ? -errno : (size_t)n == len ? 0 : -ENOSPC;
}

int file_read_fd(int fd, size_t max, char **ret_data, size_t *ret_len)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	if (st.st_size > 0 && (uint64_t)st.st_size > max)
		return -EFBIG;
	/* files of /proc say 0 and have content; a file may grow while it is read */
	size_t cap = st.st_size > 0 ? (size_t)st.st_size + 1 : 4096;
	auto_free char *data = mem_alloc(cap + 1);
	size_t len = 0;
	for (;;) {
		ssize_t n = read(fd, data + len, cap - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		len += (size_t)n;
		if (len > max)
			return -EFBIG;
		if (n == 0 || (st.st_size > 0 && len == (size_t)st.st_size)) /* what it held when we came is whole */
			break;
		if (len < cap)
			continue;
		cap *= 2;
		data = mem_resize(data, cap + 1, 1);
	}
	data[len] = 0;
	*ret_data = take_ptr(data);
	*ret_len = len;
	return 0;
}

int file_read(int dir_fd, const char *name, size_t max, char **ret_data, size_t *ret_len)
{
	auto_close int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);

	return fd < 0 ? -errno : file_read_fd(fd, max, ret_data, ret_len);
}

int file_open_dir(int dir_fd, const char *name, int *ret_fd)
{
	int fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	*ret_fd = fd;
	return 0;
}

int file_mkdir(int dir_fd, const char *name, mode_t mode)
{
	int rc = gate("mkdir", name);

	if (rc < 0)
		return rc;
	if (mkdirat(dir_fd, name, mode) < 0)
		return -errno;
	return fchmodat(dir_fd, name, mode, 0) < 0 ? -errno : 0; /* whatever the umask */
}

int file_mkdirs(int dir_fd, const char *path, mode_t mode)
{
	auto_free char *copy = mem_strdup(path);
	struct stat st;

	if (fstatat(dir_fd, path, &st, 0) == 0)
		return S_ISDIR(st.st_mode) ? 0 : -ENOTDIR;
	for (char *at = copy + 1; *copy && *at; at++) {
		if (*at != '/')
			continue;
		*at = 0;
		int rc = fstatat(dir_fd, copy, &st, 0) == 0 ? 0 : file_mkdir(dir_fd, copy, mode);
		if (rc < 0 && rc != -EEXIST)
			return rc;
		*at = '/';
	}
	int rc = file_mkdir(dir_fd, copy, mode);
	return rc == -EEXIST ? 0 : rc;
}

int file_rename(int old_dir_fd, const char *old_name, int new_dir_fd, const char *new_name, unsigned rename_flags)
{
	int rc = gate("rename", new_name);

	if (rc < 0)
		return rc;
	return syscall(SYS_renameat2, old_dir_fd, old_name, new_dir_fd, new_name, rename_flags) < 0 ? -errno : 0;
}

int file_link(int old_dir_fd, const char *old_name, int new_dir_fd, const char *new_name)
{
	int rc = gate("link", new_name);

	if (rc < 0)
		return rc;
	return linkat(old_dir_fd, old_name, new_dir_fd, new_name, 0) < 0 ? -errno : 0;
}

int file_unlink(int dir_fd, const char *name, int flags)
{
	int rc = gate("unlink", name);

	if (rc < 0)
		return rc;
	return unlinkat(dir_fd, name, flags) < 0 ? -errno : 0;
}

int file_symlink(const char *target, int dir_fd, const char *name)
{
	int rc = gate("symlink", name);

	if (rc < 0)
		return rc;
	return symlinkat(target, dir_fd, name) < 0 ? -errno : 0;
}

int file_symlink_replace(const char *target, int dir_fd, const char *name)
{
	static const char temp[] = ".tmp-link";

	int rc = file_symlink(target, dir_fd, temp);
	if (rc == -EEXIST && unlinkat(dir_fd, temp, 0) == 0)
		rc = file_symlink(target, dir_fd, temp);
	if (rc < 0)
		return rc;
	rc = file_rename(dir_fd, temp, dir_fd, name, 0);
	if (rc < 0)
		unlinkat(dir_fd, temp, 0);
	return rc;
}

int file_readlink(int dir_fd, const char *name, char **ret_target)
{
	char text[PATH_MAX + 1];
	ssize_t len = readlinkat(dir_fd, name, text, sizeof(text));

	if (len < 0)
		return -errno;
	if ((size_t)len == sizeof(text))
		return -ENAMETOOLONG;
	*ret_target = mem_strndup(text, (size_t)len);
	return 0;
}

int file_list(int dir_fd, char ***ret_names)
{
	int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;

	if (!dir) {
		int rc = -errno;
		fd_close(fd);
		return rc;
	}
	char **names = NULL;
	size_t count = 0, cap = 0;
	errno = 0;
	for (struct dirent *e; (e = readdir(dir));) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (count + 2 > cap)
			names = mem_resize(names, cap = cap ? cap * 2 : 32, sizeof(*names));
		names[count++] = mem_strdup(e->d_name);
		names[count] = NULL;
	}
	int rc = -errno;
	closedir(dir);
	if (rc < 0) {
		strv_free(names);
		return rc;
	}
	*ret_names = names;
	return 0;
}

/* --- removal --- */

/* A level costs a descriptor and stack, and a container can nest as deep as it likes: what lies deeper than this is moved up
 * to the top and taken in another round. */
enum { REMOVE_DEPTH_MAX = 64 };

struct removal {
	int top_fd;
	dev_t device;
	bool again;
};

static int open_to_empty(int dir_fd, const char *name, dev_t device, int *ret_fd)
{
	struct stat st;
	int fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 && errno == EACCES && fchmodat(dir_fd, name, 0700, 0) == 0)
		fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	int rc = fstat(fd, &st) < 0 ? -errno : device && st.st_dev != device ? -EXDEV : 0; /* a mount: not ours to empty */
	if (rc >= 0 && !(st.st_mode & S_IWUSR) && fchmod(fd, 0700) < 0)
		rc = -errno;
	if (rc < 0) {
		fd_close(fd);
		return rc;
	}
	*ret_fd = fd;
	return 0;
}

static int move_up(struct removal *r, int dir_fd, const char *name)
{
	char other[2 * 16 + 1];

	file_random_hex(other, 16);
	r->again = true;
	return renameat(dir_fd, name, r->top_fd, other) < 0 ? -errno : 0;
}

static int empty_dir(struct removal *r, int fd, unsigned depth);

static int remove_dir(struct removal *r, int dir_fd, const char *name, unsigned depth)
{
	int fd;
	int rc = open_to_empty(dir_fd, name, r->device, &fd);

	if (rc >= 0)
		rc = empty_dir(r, fd, depth);
	return rc < 0 ? rc : unlinkat(dir_fd, name, AT_REMOVEDIR) < 0 ? -errno : 0;
}

/* Takes fd. The first failure is told, the rest is removed all the same. */
static int empty_dir(struct removal *r, int fd, unsigned depth)
{
	DIR *dir = fdopendir(fd);
	int result = 0;

	if (!dir) {
		result = -errno;
		fd_close(fd);
		return result;
	}
	for (struct dirent *e; (e = readdir(dir));) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		int rc = e->d_type == DT_DIR ? -EISDIR : unlinkat(dirfd(dir), e->d_name, 0) < 0 ? -errno : 0;
		if (rc == -EISDIR && depth >= REMOVE_DEPTH_MAX)
			rc = move_up(r, dirfd(dir), e->d_name);
		else if (rc == -EISDIR)
			rc = remove_dir(r, dirfd(dir), e->d_name, depth + 1);
		if (rc < 0 && rc != -ENOENT && result == 0)
			result = rc;
	}
	closedir(dir);
	return result;
}

int file_remove_tree(int dir_fd, const char *name)
{
	int rc = gate("remove", name);
	auto_close int top_fd = -EBADF;
	struct stat st;

	if (rc < 0)
		return rc;
	if (unlinkat(dir_fd, name, 0) == 0)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -errno;
	rc = open_to_empty(dir_fd, name, 0, &top_fd);
	if (rc < 0)
		return rc;
	if (fstat(top_fd, &st) < 0)
		return -errno;
	struct removal r = { .top_fd = top_fd, .device = st.st_dev };
	do {
		int fd = openat(top_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		r.again = false;
		rc = fd < 0 ? -errno : empty_dir(&r, fd, 0);
	} while (rc >= 0 && r.again);
	if (unlinkat(dir_fd, name, AT_REMOVEDIR) == 0)
		return 0;
	return rc < 0 ? rc : -errno;
}

int file_lock(int fd, enum file_lock how, bool wait)
{
	int op = (how == FILE_LOCK_EXCLUSIVE ? LOCK_EX : LOCK_SH) | (wait ? 0 : LOCK_NB);

	while (flock(fd, op) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

void file_unlock(int fd)
{
	flock(fd, LOCK_UN); /* cannot fail on a descriptor that has been locked */
}
