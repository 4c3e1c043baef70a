/* mnt.c - see mnt.h */
#include "host/mnt.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/mem.h"
#include "base/proc.h"

/* SPEC linux/mount.h, which cannot be had together with the libc's sys/mount.h everywhere */
enum { TREE_CLONE = 1, ATTR_RDONLY = 1, ATTR_NOSUID = 2, ATTR_NODEV = 4, ATTR_NOEXEC = 8 };
enum { FS_SET_FLAG = 0, FS_SET_STRING = 1, FS_CREATE = 6, FS_CLOEXEC = 1 };
struct attributes {
	uint64_t set, clear, propagation, userns_fd;
};

static int set_attributes(int tree_fd, bool readonly)
{
	const struct attributes attr = { .set = ATTR_NODEV | (readonly ? ATTR_RDONLY | ATTR_NOSUID : 0), .propagation = 1 << 18 /* MS_PRIVATE */ };
	return syscall(SYS_mount_setattr, tree_fd, "", AT_EMPTY_PATH, &attr, sizeof(attr)) < 0 ? -errno : 0;
}

static int copy_at(int dir_fd, const char *path, bool readonly, int *ret_fd)
{
	auto_close int fd = (int)syscall(SYS_open_tree, dir_fd, path, TREE_CLONE | O_CLOEXEC | AT_EMPTY_PATH);
	int rc = fd < 0 ? -errno : set_attributes(fd, readonly);
	if (rc >= 0)
		*ret_fd = take_fd(fd);
	return rc;
}

int mnt_copy(int dir_fd, bool readonly, int *ret_fd)
{
	return copy_at(dir_fd, "", readonly, ret_fd);
}

/* A mount can be copied only by whoever is in its namespace. */
static void copy_inside(int ns_fd, int reply_fd)
{
	int got = -EBADF;
	int rc = setns(ns_fd, CLONE_NEWNS) < 0 ? -errno : copy_at(AT_FDCWD, "/", false, &got);
	if (rc < 0)
		send(reply_fd, &rc, sizeof(rc), MSG_NOSIGNAL);
	else
		fd_send(reply_fd, got, &rc, sizeof(rc));
	proc_exit(0);
}

int mnt_root_of(pid_t pid, int *ret_fd)
{
	char path[32];
	int ends[2], rc = 0, got = -EBADF;
	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", (int)pid);
	auto_close int ns_fd = open(path, O_RDONLY | O_CLOEXEC);
	if (ns_fd < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	pid_t child = proc_fork();
	if (child == 0)
		copy_inside(ns_fd, ends[1]);
	int failed = child < 0 ? -errno : 0;
	fd_close(ends[1]);
	if (!failed && fd_recv(ends[0], &got, &rc, sizeof(rc)) != sizeof(rc))
		failed = -ECHILD;
	fd_close(ends[0]);
	if (child > 0)
		proc_wait(child);
	if (failed || rc < 0)
		return failed ? failed : rc;
	*ret_fd = got;
	return 0;
}

/* --- tmpfs --- */

static const struct {
	const char *word;
	unsigned attribute;
} attribute_words[] = {
	{ "rw", 0 }, { "ro", ATTR_RDONLY }, { "nosuid", ATTR_NOSUID }, { "nodev", ATTR_NODEV }, { "noexec", ATTR_NOEXEC },
	{ "suid", 0 }, { "dev", 0 }, { "exec", 0 },
};

static int set_word(int fs_fd, const char *word, unsigned *attributes)
{
	for (size_t i = 0; i < ARRAY_LEN(attribute_words); i++) {
		if (strcmp(attribute_words[i].word, word) != 0)
			continue;
		*attributes |= attribute_words[i].attribute;
		return 0;
	}
	const char *equals = strchr(word, '=');
	auto_free char *key = mem_strndup(word, equals ? (size_t)(equals - word) : strlen(word));
	return syscall(SYS_fsconfig, fs_fd, equals ? FS_SET_STRING : FS_SET_FLAG, key, equals ? equals + 1 : NULL, 0) < 0 ? -errno : 0;
}

int mnt_tmpfs(char *const *words, int *ret_fd)
{
	unsigned attributes = 0;
	auto_close int fs_fd = (int)syscall(SYS_fsopen, "tmpfs", FS_CLOEXEC);
	int rc = fs_fd < 0 ? -errno : 0;
	for (; rc >= 0 && words && *words; words++)
		rc = set_word(fs_fd, *words, &attributes);
	if (rc >= 0 && syscall(SYS_fsconfig, fs_fd, FS_CREATE, NULL, NULL, 0) < 0)
		rc = -errno;
	if (rc < 0)
		return rc;
	*ret_fd = (int)syscall(SYS_fsmount, fs_fd, FS_CLOEXEC, attributes);
	return *ret_fd < 0 ? -errno : 0;
}
