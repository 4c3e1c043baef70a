/* mnt_piece.c - see mnt_piece.h */
#include "host/mnt_piece.h"

#include "base/fd.h"
#include "base/path.h"
#include "base/proc.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* SPEC linux/mount.h, which cannot be had together with the libc's sys/mount.h everywhere */
enum { TREE_CLONE = 1, TREE_RECURSIVE = 0x8000, MOVE_EMPTY_PATHS = 0x44, ATTR_IDMAP = 0x100000 };
struct attributes {
	uint64_t set, clear, propagation, userns_fd;
};
struct answer {
	int rc;
	bool is_file;
};

/* --- in a child: it has a mount namespace of its own, where it may mount, and sees what we see --- */

static int open_base(const struct mnt_piece *p, int *ret_fd)
{
	const char *path = p->path ? p->path : p->scratch;
	if (!p->path) {
		auto_close int scratch_fd = open(p->scratch, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (scratch_fd < 0 || syscall(SYS_move_mount, p->tree_fd, "", scratch_fd, "", MOVE_EMPTY_PATHS) < 0)
			return -errno;
	}
	*ret_fd = open(path, O_PATH | O_CLOEXEC);
	return *ret_fd < 0 ? -errno : 0;
}

static int open_sub(const struct mnt_piece *p, int base_fd, int *ret_fd)
{
	auto_close int fd = -EBADF;
	struct stat st;
	const char *sub = p->sub + strspn(p->sub, "/");
	int rc = path_open(base_fd, *sub ? sub : ".", PATH_IN_ROOT, O_PATH, 0, &fd);
	if (rc >= 0 && fstat(fd, &st) < 0)
		rc = -errno;
	if (rc >= 0)
		*ret_fd = take_fd(fd);
	return rc;
}

static int open_piece(const struct mnt_piece *p, int *ret_fd, bool *ret_is_file)
{
	auto_close int base_fd = -EBADF;
	auto_close int sub_fd = -EBADF;
	struct stat st;
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return -errno;
	int rc = open_base(p, &base_fd);
	if (rc >= 0 && p->sub)
		rc = open_sub(p, base_fd, &sub_fd);
	int from_fd = p->sub ? sub_fd : base_fd;
	if (rc < 0)
		return rc;
	if (fstat(from_fd, &st) < 0)
		return -errno;
	*ret_is_file = !S_ISDIR(st.st_mode);
	*ret_fd = (int)syscall(SYS_open_tree, from_fd, "", TREE_CLONE | TREE_RECURSIVE | O_CLOEXEC | AT_EMPTY_PATH);
	return *ret_fd < 0 ? -errno : 0;
}

static _Noreturn void run_child(const struct mnt_piece *p, int reply_fd)
{
	int fd = -EBADF;
	struct answer answer = { 0 };
	answer.rc = open_piece(p, &fd, &answer.is_file);
	if (answer.rc < 0)
		send(reply_fd, &answer, sizeof(answer), MSG_NOSIGNAL);
	else
		fd_send(reply_fd, fd, &answer, sizeof(answer));
	proc_exit(0);
}

int mnt_piece_open(const struct mnt_piece *p, int *ret_fd, bool *ret_is_file, struct err *err)
{
	int ends[2], got = -EBADF;
	struct answer answer = { 0 };
	int rc = fd_socketpair(SOCK_SEQPACKET, ends);
	if (rc < 0)
		return err_sys(err, -rc, "cannot make a socket");
	pid_t pid = proc_fork();
	if (pid == 0)
		run_child(p, ends[1]);
	rc = pid < 0 ? -errno : 0;
	fd_close(ends[1]);
	if (rc >= 0 && fd_recv(ends[0], &got, &answer, sizeof(answer)) != sizeof(answer))
		rc = -ECHILD;
	fd_close(ends[0]);
	if (pid > 0)
		proc_wait(pid);
	rc = rc < 0 ? rc : answer.rc;
	const char *sub = p->sub ? p->sub : "", *base = p->path ? p->path : "the mount";
	if (rc < 0)
		return err_sys(err, -rc, "cannot open '%s'%s%s", *sub ? sub : base, *sub ? " in " : "", *sub ? base : "");
	*ret_is_file = answer.is_file;
	*ret_fd = got;
	return 0;
}

/* --- owners --- */

/* The kernel takes a user namespace for a map. */
static _Noreturn void hold_userns(int fd)
{
	char byte = unshare(CLONE_NEWUSER) < 0 ? (char)errno : 0;
	if (send(fd, &byte, 1, MSG_NOSIGNAL) == 1 && read(fd, &byte, 1) != 0)
		proc_exit(1);
	proc_exit(0);
}

static int open_userns(pid_t pid, int fd, const struct userns_map *uids, const struct userns_map *gids, int *ret_fd, struct err *err)
{
	char code = 0, path[32];
	if (read(fd, &code, 1) != 1 || code)
		return err_sys(err, code ? code : ECHILD, "cannot make a user namespace for idmap");
	if (userns_write_maps(pid, uids, gids, err) < 0)
		return -1;
	snprintf(path, sizeof(path), "/proc/%d/ns/user", (int)pid);
	*ret_fd = open(path, O_RDONLY | O_CLOEXEC);
	return *ret_fd < 0 ? err_sys(err, errno, "cannot open '%s'", path) : 0;
}

int mnt_piece_userns(const struct userns_map *uids, const struct userns_map *gids, int *ret_fd, struct err *err)
{
	int ends[2];
	int rc = fd_socketpair(SOCK_SEQPACKET, ends);
	if (rc < 0)
		return err_sys(err, -rc, "cannot make a socket");
	pid_t pid = proc_fork();
	if (pid == 0) {
		fd_close(ends[0]);
		hold_userns(ends[1]);
	}
	int code = errno;
	fd_close(ends[1]);
	rc = pid < 0 ? err_sys(err, code, "cannot start a process") : open_userns(pid, ends[0], uids, gids, ret_fd, err);
	fd_close(ends[0]);
	if (pid > 0)
		proc_wait(pid);
	return rc;
}

int mnt_piece_map(int tree_fd, const struct userns_map *uids, const struct userns_map *gids, struct err *err)
{
	auto_close int userns_fd = -EBADF;
	if (mnt_piece_userns(uids, gids, &userns_fd, err) < 0)
		return -1;
	const struct attributes attr = { .set = ATTR_IDMAP, .userns_fd = (uint64_t)userns_fd };
	if (syscall(SYS_mount_setattr, tree_fd, "", AT_EMPTY_PATH | TREE_RECURSIVE, &attr, sizeof(attr)) >= 0)
		return 0;
	if (errno == EINVAL)
		return err_set(err, ERR_UNSUPPORTED,
			       "its file system, or one mounted below it, cannot be mounted with idmap: leave idmap out, or use U");
	return err_sys(err, errno, "cannot mount with idmap");
}
