/* overlay.c - see overlay.h */
#include "host/overlay.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/proc.h"
#include "base/str.h"
#include "host/mnt_piece.h"

enum { OPTIONS_MAX_BYTES = 4096 };

/* SPEC linux/mount.h, which cannot be had together with the libc's sys/mount.h everywhere */
enum { FS_SET_FLAG = 0, FS_SET_STRING = 1, FS_SET_FD = 5, FS_CREATE = 6 };
enum { FS_CLOEXEC = 1, MOUNT_CLOEXEC = 1, MOUNT_RDONLY = 1, MOUNT_NOSUID = 2, MOUNT_NODEV = 4, TREE_CLONE = 1 };
enum { MOVE_EMPTY_PATH = 4, ATTR_IDMAP = 0x100000 };
struct attributes {
	uint64_t set, clear, propagation, userns_fd;
};

/* What is to be made, and how. */
struct job {
	const struct overlay *o;
	int userns_fd;	     /* whose ids the layers have; -EBADF: their own */
	const char *scratch; /* a directory */
	bool apart;	     /* in a mount namespace of our own: scratch can be mounted on */
	int *held;	     /* what the kernel has copied only when the overlay is made */
	size_t held_count;
};

static void let_go(struct job *j)
{
	while (j->held_count)
		fd_close(j->held[--j->held_count]);
	free(take_ptr(j->held));
}

static int set(int fs_fd, const char *key, const char *value)
{
	return syscall(SYS_fsconfig, fs_fd, value ? FS_SET_STRING : FS_SET_FLAG, key, value, 0) < 0 ? -errno : 0;
}

static int own_mounts(void)
{
	return unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ? -errno : 0;
}

static bool is_mapped(const struct job *j, char *const *layer)
{
	return j->userns_fd >= 0 && layer - j->o->lower >= (ptrdiff_t)j->o->as_it_lies;
}

/* -1, errno. */
static int open_mapped(const struct job *j, const char *path)
{
	const struct attributes attr = { .set = ATTR_IDMAP, .userns_fd = (uint64_t)j->userns_fd };
	auto_close int fd = (int)syscall(SYS_open_tree, AT_FDCWD, path, TREE_CLONE | O_CLOEXEC);
	return fd < 0 || syscall(SYS_mount_setattr, fd, "", AT_EMPTY_PATH, &attr, sizeof(attr)) < 0 ? -1 : take_fd(fd);
}

/* The descriptor itself, from kernel 6.15; before, a name: one on top of the other, each is looked up at once. */
static int add_mapped(struct job *j, int fs_fd, const char *path)
{
	auto_close int tree_fd = open_mapped(j, path);
	if (tree_fd < 0)
		return -errno;
	j->held = mem_resize(j->held, j->held_count + 1, sizeof(*j->held));
	j->held[j->held_count++] = take_fd(tree_fd);
	int fd = j->held[j->held_count - 1];
	if (!j->apart)
		return syscall(SYS_fsconfig, fs_fd, FS_SET_FD, "lowerdir+", NULL, fd) < 0 ? -errno : 0;
	return syscall(SYS_move_mount, fd, "", AT_FDCWD, j->scratch, MOVE_EMPTY_PATH) < 0 ? -errno : set(fs_fd, "lowerdir+", j->scratch);
}

static int configure(struct job *j, int fs_fd)
{
	const struct overlay *o = j->o;
	int rc = set(fs_fd, "source", "overlay");
	if (rc >= 0 && o->upper) /* first: they may lie below scratch */
		rc = set(fs_fd, "upperdir", o->upper);
	if (rc >= 0 && o->upper)
		rc = set(fs_fd, "workdir", o->work);
	for (char *const *layer = o->lower; rc >= 0 && *layer; layer++)
		rc = is_mapped(j, layer) ? add_mapped(j, fs_fd, *layer) : set(fs_fd, "lowerdir+", *layer);
	if (rc >= 0 && o->is_volatile)
		rc = set(fs_fd, "volatile", NULL);
	return rc < 0 ? rc : o->in_userns ? set(fs_fd, "userxattr", NULL) : set(fs_fd, "redirect_dir", "off");
}

/* SPEC fsopen(2). -EINVAL: a kernel that takes no layer by itself. */
static int by_calls(struct job *j, int *ret_fd)
{
	const struct overlay *o = j->o;
	auto_close int fs_fd = (int)syscall(SYS_fsopen, "overlay", FS_CLOEXEC);
	if (fs_fd < 0)
		return -errno;
	int rc = configure(j, fs_fd);
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
	str_add(&text, o->is_volatile && o->upper ? ",volatile" : "");
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
static int by_open(const struct job *j, int *ret_fd)
{
	*ret_fd = !is_mapped(j, j->o->lower) ? open(j->o->lower[0], O_RDONLY | O_DIRECTORY | O_CLOEXEC) : open_mapped(j, j->o->lower[0]);
	return *ret_fd < 0 ? -errno : 0;
}

/* A mount namespace of its own for whoever may mount only there. Not for us: descriptors from before would be of other mounts then. */
static int open_apart(const struct job *j, int *ret_fd)
{
	struct job apart = { .o = j->o, .userns_fd = j->userns_fd, .scratch = j->scratch, .apart = true };
	int rc = own_mounts();
	if (rc >= 0 && (rc = by_calls(&apart, ret_fd)) == -EINVAL && j->userns_fd < 0)
		rc = by_text(j->o, j->scratch, ret_fd);
	return rc;
}

static int by_child(const struct job *j, int *ret_fd)
{
	int ends[2], rc = 0, got = -EBADF;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	pid_t pid = proc_fork();
	if (pid == 0) {
		rc = open_apart(j, &got);
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
	auto_close int userns_fd = -EBADF;
	if (o->uids && mnt_piece_userns(o->uids, o->gids, &userns_fd, err) < 0)
		return -1;
	struct job j = { .o = o, .userns_fd = userns_fd, .scratch = scratch };
	if (!o->upper && !o->lower[1])
		rc = by_open(&j, ret_fd);
	else if (!o->in_userns)
		rc = by_calls(&j, ret_fd);
	if (rc == -EINVAL)
		rc = by_child(&j, ret_fd);
	let_go(&j);
	if (rc == -E2BIG)
		return err_set(err, ERR_LIMIT, "more layers than this kernel (before 6.8) takes in one mount");
	return rc < 0 ? err_sys(err, -rc, "cannot mount the layers on each other") : 0;
}
