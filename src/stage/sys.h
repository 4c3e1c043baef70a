/* sys.h - the system calls of the stage that a libc may not know yet. Kernel 5.13.
 * Errors: -errno, everywhere in the stage.
 */
#pragma once

#include <asm/unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <unistd.h>

#ifndef MOVE_MOUNT_F_EMPTY_PATH
#error "kernel headers older than 5.13"
#endif

static inline int sys_result(long rc)
{
	return rc < 0 ? -errno : (int)rc;
}
static inline int sys_openat2(int dir_fd, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve)
{
	struct open_how how = { .flags = flags | O_CLOEXEC, .mode = mode, .resolve = resolve };
	long rc;
	/* a rename or mount elsewhere in the tree makes the kernel give up at once: it is tried again, not for ever */
	for (int tries = 0; tries < 1000; tries++) {
		rc = syscall(__NR_openat2, dir_fd, path, &how, sizeof(how));
		if (rc >= 0 || errno != EAGAIN)
			break;
	}
	return sys_result(rc);
}
static inline int sys_fsopen(const char *type)
{
	return sys_result(syscall(__NR_fsopen, type, FSOPEN_CLOEXEC));
}
static inline int sys_fsconfig(int fs_fd, unsigned cmd, const char *key, const void *value, int aux)
{
	return sys_result(syscall(__NR_fsconfig, fs_fd, cmd, key, value, aux));
}
static inline int sys_fsmount(int fs_fd, uint64_t attributes)
{
	return sys_result(syscall(__NR_fsmount, fs_fd, FSMOUNT_CLOEXEC, (unsigned)attributes));
}
static inline int sys_open_tree(int dir_fd, const char *path, unsigned flags)
{
	return sys_result(syscall(__NR_open_tree, dir_fd, path, flags | OPEN_TREE_CLOEXEC));
}
/* Both are descriptors: what is moved and where to. */
static inline int sys_move_mount(int tree_fd, int target_fd)
{
	return sys_result(syscall(__NR_move_mount, tree_fd, "", target_fd, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH));
}
static inline int sys_mount_setattr(int fd, int recursive, const struct mount_attr *attr)
{
	return sys_result(syscall(__NR_mount_setattr, fd, "", AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0), attr, sizeof(*attr)));
}
