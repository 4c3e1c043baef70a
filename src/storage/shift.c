/* Directories are a list of names relative to the two roots, worked through one after the other: however deep the tree, two
 * descriptors are open. Nothing else changes a layer, but each name is opened without following links all the same. */
#include "storage/shift.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "storage/inode_names.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { WORD_MAX_BYTES = 200 };

static void add_maps(struct str *out, const struct userns_map *maps, bool inside)
{
	for (; maps->count; maps++)
		if (inside)
			str_addf(out, "-%u.%u", maps->inside, maps->count);
		else
			str_addf(out, "-%u.%u.%u", maps->inside, maps->outside, maps->count);
}

static int make_word(const struct shift *shift, bool inside, char **ret, struct err *err)
{
	auto_str out = { 0 }, gids = { 0 };
	add_maps(&out, shift->uids, inside);
	add_maps(&gids, shift->gids, inside);
	if (strcmp(str_text(&out), str_text(&gids)) != 0)
		str_addf(&out, "+%s", str_text(&gids) + 1);
	if (out.len > WORD_MAX_BYTES)
		return err_set(err, ERR_UNSUPPORTED, "the user namespace has more ranges than can be used at once: ask for fewer");
	*ret = mem_strdup(str_text(&out) + 1);
	return 0;
}

int shift_word(const struct shift *shift, char **ret, struct err *err)
{
	return make_word(shift, false, ret, err);
}

int shift_inside_word(const struct shift *shift, char **ret, struct err *err)
{
	return make_word(shift, true, ret, err);
}

/* --- a file with several names is copied once --- */

struct job {
	const struct shift *shift;
	int from_fd, to_fd;   /* the roots */
	int from_dir, to_dir; /* where we are */
	const char *dir;      /* its name below the roots, "" for themselves */
	char **dirs;	      /* all, parents before children */
	struct inode_names names;
};

static void job_done(struct job *j)
{
	fd_close(j->from_dir);
	fd_close(j->to_dir);
	strv_free(j->dirs);
	inode_names_done(&j->names);
}

/* 1: it was linked to its first name's copy. 0: this is the first. */
static int link_again(struct job *j, const char *name, const char *path, const struct stat *st)
{
	const char *first = inode_names_first(&j->names, st->st_dev, st->st_ino, path);
	return !first ? 0 : linkat(j->to_fd, first, j->to_dir, name, 0) < 0 ? -errno : 1;
}

/* --- attributes --- */

/* SPEC acl(5) as in linux/posix_acl_xattr.h: a version, then entries of tag, permissions and id, which is ours. */
enum { ACL_HEADER = 4, ACL_ENTRY = 8, ACL_USER = 0x02, ACL_GROUP = 0x08 };

static int shift_acl(const struct shift *shift, char *value, size_t len)
{
	for (size_t at = ACL_HEADER; at + ACL_ENTRY <= len; at += ACL_ENTRY) {
		uint16_t tag;
		uint32_t id;
		memcpy(&tag, value + at, sizeof(tag));
		memcpy(&id, value + at + 4, sizeof(id));
		if (tag != ACL_USER && tag != ACL_GROUP)
			continue;
		id = userns_map_id(tag == ACL_USER ? shift->uids : shift->gids, id, true);
		if (id == USERNS_UNMAPPED)
			return -EINVAL;
		memcpy(value + at + 4, &id, sizeof(id));
	}
	return 0;
}

static int copy_xattr(const struct job *j, int from, int to, const char *name)
{
	char value[LIMIT_XATTR_BYTES];
	ssize_t len = fgetxattr(from, name, value, sizeof(value));
	if (len < 0)
		return -errno;
	int rc = str_starts(name, "system.posix_acl_") ? shift_acl(j->shift, value, (size_t)len) : 0;
	return rc < 0 ? rc : fsetxattr(to, name, value, (size_t)len, 0) < 0 ? -errno : 0;
}

static int copy_xattrs(const struct job *j, int from, int to)
{
	char names[LIMIT_XATTR_BYTES];
	ssize_t n = flistxattr(from, names, sizeof(names));
	if (n < 0)
		return errno == ENOTSUP ? 0 : -errno;
	for (const char *name = names; name < names + n; name += strlen(name) + 1) {
		int rc = copy_xattr(j, from, to, name);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int set_owner(const struct job *j, int dir_fd, const char *name, const struct stat *st)
{
	uint32_t uid = userns_map_id(j->shift->uids, st->st_uid, true), gid = userns_map_id(j->shift->gids, st->st_gid, true);
	if (uid == USERNS_UNMAPPED || gid == USERNS_UNMAPPED)
		return -EOVERFLOW;
	return fchownat(dir_fd, name, uid, gid, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) < 0 ? -errno : 0;
}

/* The owner first: a change of it takes set-uid bits and capabilities away. */
static int copy_meta(const struct job *j, int from, int to, const struct stat *st)
{
	const struct timespec times[2] = { st->st_atim, st->st_mtim };
	int rc = set_owner(j, to, "", st);
	if (rc >= 0 && fchmod(to, st->st_mode & 07777) < 0)
		rc = -errno;
	if (rc >= 0)
		rc = copy_xattrs(j, from, to);
	return rc < 0 ? rc : futimens(to, times) < 0 ? -errno : 0;
}

/* --- content --- */

static int copy_range(int from, int to, off_t start, off_t end)
{
	loff_t in = start, out = start;
	while (in < end) {
		ssize_t n = copy_file_range(from, &in, to, &out, (size_t)(end - in), 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
	}
	return 0;
}

static int copy_content(int from, int to, off_t size)
{
	if (ioctl(to, FICLONE, from) == 0)
		return 0;
	if (ftruncate(to, size) < 0)
		return -errno;
	for (off_t at = 0, end; at < size; at = end) {
		at = lseek(from, at, SEEK_DATA);
		if (at < 0)
			return errno == ENXIO ? 0 : -errno; /* a hole to the end */
		end = lseek(from, at, SEEK_HOLE);
		int rc = end < 0 ? -errno : copy_range(from, to, at, end);
		if (rc < 0)
			return rc;
	}
	return 0;
}

/* --- entries --- */

static int copy_file(struct job *j, const char *name, const char *path, const struct stat *st)
{
	int rc = st->st_nlink > 1 ? link_again(j, name, path, st) : 0;
	if (rc != 0)
		return rc;
	auto_close int from = openat(j->from_dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (from < 0)
		return -errno;
	auto_close int to = openat(j->to_dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	rc = to < 0 ? -errno : copy_content(from, to, st->st_size);
	return rc < 0 ? rc : copy_meta(j, from, to, st);
}

static int copy_special(struct job *j, const char *name, const char *path, const struct stat *st)
{
	const struct timespec times[2] = { st->st_atim, st->st_mtim };
	int rc = st->st_nlink > 1 ? link_again(j, name, path, st) : 0;
	if (rc != 0)
		return rc;
	if (S_ISLNK(st->st_mode)) {
		auto_free char *target = NULL;
		rc = file_readlink(j->from_dir, name, &target);
		if (rc >= 0 && symlinkat(target, j->to_dir, name) < 0)
			rc = -errno;
	} else if (mknodat(j->to_dir, name, st->st_mode, st->st_rdev) < 0) {
		rc = -errno;
	}
	if (rc >= 0)
		rc = set_owner(j, j->to_dir, name, st);
	if (rc >= 0 && !S_ISLNK(st->st_mode) && fchmodat(j->to_dir, name, st->st_mode & 07777, 0) < 0)
		rc = -errno;
	return rc < 0 ? rc : utimensat(j->to_dir, name, times, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}

static int explain(int rc, const char *path, const struct stat *st, struct err *err)
{
	if (rc == -EOVERFLOW)
		return err_set(err, ERR_UNSUPPORTED, "'/%s' belongs to %u:%u, and the container's user namespace has no such ids: ask for more of them, or use --userns host",
			       path, st->st_uid, st->st_gid);
	return rc < 0 ? err_sys(err, -rc, "cannot copy '/%s'", path) : 0;
}

static int copy_entry(struct job *j, const char *name, struct err *err)
{
	struct stat st;
	auto_free char *path = *j->dir ? mem_printf("%s/%s", j->dir, name) : mem_strdup(name);
	int rc = fstatat(j->from_dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
	if (rc >= 0 && S_ISDIR(st.st_mode)) {
		rc = mkdirat(j->to_dir, name, 0700) < 0 ? -errno : 0;
		strv_add(&j->dirs, path);
	} else if (rc >= 0) {
		rc = S_ISREG(st.st_mode) ? copy_file(j, name, path, &st) : copy_special(j, name, path, &st);
	}
	return explain(rc, path, &st, err);
}

static int enter(struct job *j, const char *dir, struct err *err)
{
	const char *path = *dir ? dir : ".";
	j->dir = dir;
	fd_close(j->from_dir);
	fd_close(j->to_dir);
	j->from_dir = j->to_dir = -EBADF;
	int rc = path_open(j->from_fd, path, PATH_BENEATH, O_RDONLY | O_DIRECTORY, 0, &j->from_dir);
	if (rc >= 0 && j->to_fd >= 0)
		rc = path_open(j->to_fd, path, PATH_BENEATH, O_RDONLY | O_DIRECTORY, 0, &j->to_dir);
	return explain(rc, dir, NULL, err);
}

static int copy_dir(struct job *j, const char *dir, struct err *err)
{
	auto_strv names = NULL;
	if (enter(j, dir, err) < 0)
		return -1;
	int rc = file_list(j->from_dir, &names);
	if (rc < 0)
		return explain(rc, dir, NULL, err);
	for (char **name = names; name && *name; name++)
		if (copy_entry(j, *name, err) < 0)
			return -1;
	return 0;
}

/* Last, and the deepest first: making what is in a directory changes its time, and a mode may close it. */
static int finish_dirs(struct job *j, struct err *err)
{
	for (size_t i = strv_len(j->dirs); i-- > 0;) {
		struct stat st;
		if (enter(j, j->dirs[i], err) < 0)
			return -1;
		int rc = fstat(j->from_dir, &st) < 0 ? -errno : copy_meta(j, j->from_dir, j->to_dir, &st);
		if (rc < 0)
			return explain(rc, j->dirs[i], &st, err);
	}
	return 0;
}

int shift_copy(int from_fd, int to_fd, const struct shift *shift, struct err *err)
{
	struct job j = { .shift = shift, .from_fd = from_fd, .to_fd = to_fd, .from_dir = -EBADF, .to_dir = -EBADF };
	int rc = 0;
	strv_add(&j.dirs, "");
	for (size_t i = 0; rc >= 0 && j.dirs[i]; i++) {
		auto_free char *dir = mem_strdup(j.dirs[i]); /* the list moves while it grows */
		rc = copy_dir(&j, dir, err);
	}
	if (rc >= 0)
		rc = finish_dirs(&j, err);
	job_done(&j);
	return rc;
}

/* --- only a look --- */

static bool has_ids(const struct job *j, const struct stat *st)
{
	return userns_map_id(j->shift->uids, st->st_uid, true) != USERNS_UNMAPPED && userns_map_id(j->shift->gids, st->st_gid, true) != USERNS_UNMAPPED;
}

static int check_entry(struct job *j, const char *name, struct err *err)
{
	struct stat st;
	int rc = fstatat(j->from_dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : has_ids(j, &st) ? 0 : -EOVERFLOW;
	if (rc >= 0 && !S_ISDIR(st.st_mode))
		return 0;
	auto_free char *path = *j->dir ? mem_printf("%s/%s", j->dir, name) : mem_strdup(name);
	if (rc >= 0)
		strv_add(&j->dirs, path);
	return explain(rc, path, &st, err);
}

static int check_dir(struct job *j, const char *dir, struct err *err)
{
	auto_strv names = NULL;
	if (enter(j, dir, err) < 0)
		return -1;
	int rc = file_list(j->from_dir, &names);
	for (char **name = names; rc >= 0 && name && *name; name++)
		if (check_entry(j, *name, err) < 0)
			return -1;
	return explain(rc, dir, NULL, err);
}

int shift_check(int from_fd, const struct shift *shift, struct err *err)
{
	struct job j = { .shift = shift, .from_fd = from_fd, .to_fd = -EBADF, .from_dir = -EBADF, .to_dir = -EBADF };
	struct stat st;
	int rc = fstat(from_fd, &st) < 0 ? -errno : has_ids(&j, &st) ? 0 : -EOVERFLOW;
	if (rc < 0)
		return explain(rc, "", &st, err);
	strv_add(&j.dirs, "");
	for (size_t i = 0; rc >= 0 && j.dirs[i]; i++) {
		auto_free char *dir = mem_strdup(j.dirs[i]); /* the list moves while it grows */
		rc = check_dir(&j, dir, err);
	}
	job_done(&j);
	return rc;
}
