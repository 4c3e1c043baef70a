/* overlay.c - see overlay.h */
#include "host/overlay.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/proc.h"
#include "base/str.h"

enum { OPTIONS_MAX_BYTES = 4096 };

/* SPEC linux/mount.h, which cannot be had together with the libc's sys/mount.h everywhere */
enum { FS_SET_FLAG = 0, FS_SET_STRING = 1, FS_CREATE = 6 };
enum { FS_CLOEXEC = 1, MOUNT_CLOEXEC = 1, MOUNT_RDONLY = 1, MOUNT_NOSUID = 2, MOUNT_NODEV = 4, TREE_CLONE = 1 };

static int set(int fs_fd, const char *key, const char *value)
{
	return syscall(SYS_fsconfig, fs_fd, value ? FS_SET_STRING : FS_SET_FLAG, key, value, 0) < 0 ? -errno : 0;
}

static int own_mounts(void)
{
	return unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ? -errno : 0;
}

static int configure(const struct overlay *o, int fs_fd)
{
	int rc = set(fs_fd, "source", "overlay");
	for (char *const *layer = o->lower; rc >= 0 && *layer; layer++)
		rc = set(fs_fd, "lowerdir+", *layer);
	if (rc >= 0 && o->upper)
		rc = set(fs_fd, "upperdir", o->upper);
	if (rc >= 0 && o->upper)
		rc = set(fs_fd, "workdir", o->work);
	return rc < 0 ? rc : o->in_userns ? set(fs_fd, "userxattr", NULL) : set(fs_fd, "redirect_dir", "off");
}

/* SPEC fsopen(2). -EINVAL: a kernel that takes no layer by itself. */
static int by_calls(const struct overlay *o, int *ret_fd)
{
	auto_close int fs_fd = (int)syscall(SYS_fsopen, "overlay", FS_CLOEXEC);
	if (fs_fd < 0)
		return -errno;
	int rc = configure(o, fs_fd);
	if (rc < 0)
		return rc;
	if (syscall(SYS_fsconfig, fs_fd, FS_CREATE, NULL, NULL, 0) < 0)
		return -errno;
	*ret_fd = (int)syscall(SYS_fsmount, fs_fd, MOUNT_CLOEXEC, (o->setuid ? 0 : MOUNT_NOSUID) | MOUNT_NODEV | (o->upper ? 0 : MOUNT_RDONLY));
	return *ret_fd < 0 ? -errno : 0;
}

static void add_escaped(struct str *out, const char *path)
{
	for (; *path; path++) {
		if (strchr(":,\\", *path))
			str_add_char(out, '\\');
		str_add_char(out, *path);
	}
}

/* The old way: one text of at most a page. */
static int by_text(const struct overlay *o, const char *scratch, int *ret_fd)
{
	auto_str text = { 0 };
	unsigned long flags = (o->setuid ? 0 : MS_NOSUID) | MS_NODEV | (o->upper ? 0 : MS_RDONLY);
	for (char *const *layer = o->lower; *layer; layer++) {
		str_add(&text, layer == o->lower ? "lowerdir=" : ":");
		add_escaped(&text, *layer);
	}
	if (o->upper) {
		str_add(&text, ",upperdir=");
		add_escaped(&text, o->upper);
		str_add(&text, ",workdir=");
		add_escaped(&text, o->work);
	}
	str_add(&text, o->in_userns ? ",userxattr" : ",redirect_dir=off");
	if (text.len >= OPTIONS_MAX_BYTES)
		return -E2BIG;
	if (mount("overlay", scratch, "overlay", flags, str_text(&text)) < 0)
		return -errno;
	*ret_fd = (int)syscall(SYS_open_tree, AT_FDCWD, scratch, TREE_CLONE | O_CLOEXEC); /* one that can be moved, as by_calls gives */
	int rc = *ret_fd < 0 ? -errno : 0;
	umount2(scratch, MNT_DETACH);
	return rc;
}

/* An overlay to be read only wants two layers. */
static int by_open(const char *path, int *ret_fd)
{
	*ret_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *ret_fd < 0 ? -errno : 0;
}

/* A mount namespace of its own for whoever may mount only there. Not for us: descriptors from before would be of other mounts then. */
static int open_apart(const struct overlay *o, const char *scratch, int *ret_fd)
{
	int rc = own_mounts();
	if (rc >= 0 && (rc = by_calls(o, ret_fd)) == -EINVAL)
		rc = by_text(o, scratch, ret_fd);
	return rc;
}

static int by_child(const struct overlay *o, const char *scratch, int *ret_fd)
{
	int ends[2], rc = 0, got = -EBADF;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	pid_t pid = proc_fork();
	if (pid == 0) {
		rc = open_apart(o, scratch, &got);
		if (rc < 0)
			send(ends[1], &rc, sizeof(rc), MSG_NOSIGNAL);
		else
			fd_send(ends[1], got, &rc, sizeof(rc));
		proc_exit(0);
	}
	int failed = pid < 0 ? -errno : 0;
	fd_close(ends[1]);
	if (!failed && fd_recv(ends[0], &got, &rc, sizeof(rc)) != sizeof(rc))
		failed = -ECHILD;
	fd_close(ends[0]);
	if (pid > 0)
		proc_wait(pid);
	*ret_fd = got;
	return failed ? failed : rc;
}

int overlay_open(const struct overlay *o, const char *scratch, int *ret_fd, struct err *err)
{
	int rc = -EINVAL;
	if (!o->upper && !o->lower[1])
		rc = by_open(o->lower[0], ret_fd);
	else if (!o->in_userns)
		rc = by_calls(o, ret_fd);
	if (rc == -EINVAL)
		rc = by_child(o, scratch, ret_fd);
	if (rc == -E2BIG)
		return err_set(err, ERR_LIMIT, "more layers than this kernel (before 6.8) takes in one mount");
	return rc < 0 ? err_sys(err, -rc, "cannot mount the layers on each other") : 0;
}
