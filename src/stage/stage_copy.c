#include "stage/stage.h"
#include "stage/sys.h"

#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/xattr.h>

enum { DEPTH_MAX = 256, NAMES_BYTES = 4096, VALUE_BYTES = 4096 };

/* getdents64's record */
struct entry {
	uint64_t inode;
	int64_t next;
	unsigned short bytes;
	unsigned char type;
	char name[];
};

static int copy_xattrs(int from_fd, int to_fd)
{
	char names[NAMES_BYTES], value[VALUE_BYTES];
	ssize_t n = flistxattr(from_fd, names, sizeof(names));
	if (n < 0)
		return errno == ENOTSUP ? 0 : -errno;
	for (const char *name = names; name < names + n; name += strlen(name) + 1) {
		ssize_t len = fgetxattr(from_fd, name, value, sizeof(value));
		if (len < 0)
			return -errno;
		/* a filesystem without this kind of attribute is no reason to refuse the start */
		if (fsetxattr(to_fd, name, value, (size_t)len, 0) < 0 && errno != ENOTSUP && errno != EPERM)
			return -errno;
	}
	return 0;
}

/* Owner first: it clears setuid bits. */
static int copy_meta(int from_fd, int to_fd, const struct stat *st)
{
	const struct timespec times[2] = { st->st_atim, st->st_mtim };
	if (fchown(to_fd, st->st_uid, st->st_gid) < 0 || fchmod(to_fd, st->st_mode & 07777) < 0)
		return -errno;
	int rc = copy_xattrs(from_fd, to_fd);
	return rc < 0 ? rc : futimens(to_fd, times) < 0 ? -errno : 0;
}

static int copy_file(int from_dir, int to_dir, const char *name, const struct stat *st)
{
	int rc = 0, from = openat(from_dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (from < 0)
		return -errno;
	int to = openat(to_dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (to < 0)
		rc = -errno;
	for (ssize_t n = 1; rc == 0 && n > 0;)
		if ((n = sendfile(to, from, NULL, 1 << 30)) < 0)
			rc = -errno;
	if (rc == 0)
		rc = copy_meta(from, to, st);
	close(from);
	if (to >= 0)
		close(to);
	return rc;
}

static int copy_special(int from_dir, int to_dir, const char *name, const struct stat *st)
{
	char target[PLAN_MAX_PATH];
	const struct timespec times[2] = { st->st_atim, st->st_mtim };
	if (S_ISLNK(st->st_mode)) {
		ssize_t n = readlinkat(from_dir, name, target, sizeof(target) - 1);
		if (n < 0)
			return -errno;
		target[n] = 0;
		if (symlinkat(target, to_dir, name) < 0)
			return -errno;
	} else if (mknodat(to_dir, name, st->st_mode, st->st_rdev) < 0) {
		return -errno;
	}
	if (fchownat(to_dir, name, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (!S_ISLNK(st->st_mode) && syscall(__NR_fchmodat, to_dir, name, st->st_mode & 07777) < 0)
		return -errno;
	return utimensat(to_dir, name, times, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}

static void give(struct stat *st, const struct stage_owner *owner)
{
	if (!owner)
		return;
	st->st_uid = owner->uid;
	st->st_gid = owner->gid;
}

static int copy_dir(int from_fd, int to_fd, const struct stage_owner *owner, int depth);

static int copy_entry(int from_dir, int to_dir, const char *name, const struct stage_owner *owner, int depth)
{
	struct stat st;
	if (fstatat(from_dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	give(&st, owner);
	if (S_ISREG(st.st_mode))
		return copy_file(from_dir, to_dir, name, &st);
	if (!S_ISDIR(st.st_mode))
		return copy_special(from_dir, to_dir, name, &st);
	if (mkdirat(to_dir, name, 0700) < 0)
		return -errno;
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int from = openat(from_dir, name, flags), to = openat(to_dir, name, flags);
	int rc = from < 0 || to < 0 ? -errno : copy_dir(from, to, owner, depth + 1);
	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	return rc;
}

static int copy_dir(int from_fd, int to_fd, const struct stage_owner *owner, int depth)
{
	_Alignas(8) char buf[2048];
	struct stat st;
	long n;
	if (depth > DEPTH_MAX)
		return -ELOOP;
	while ((n = syscall(__NR_getdents64, from_fd, buf, sizeof(buf))) > 0) {
		for (long at = 0; at < n;) {
			const struct entry *e = (const struct entry *)(buf + at);
			at += e->bytes;
			if (strcmp(e->name, ".") == 0 || strcmp(e->name, "..") == 0)
				continue;
			int rc = copy_entry(from_fd, to_fd, e->name, owner, depth);
			if (rc < 0)
				return rc;
		}
	}
	if (n < 0 || fstat(from_fd, &st) < 0)
		return -errno;
	give(&st, owner);
	return copy_meta(from_fd, to_fd, &st);
}

int stage_copy_tree(int from_fd, int to_fd, const struct stage_owner *owner)
{
	return copy_dir(from_fd, to_fd, owner, 0);
}
