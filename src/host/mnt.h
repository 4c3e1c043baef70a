/* mnt.h - trees of mounts as descriptors: they hang nowhere until they are moved somewhere, and go when the descriptor is closed.
 * Errors: -errno; -ESRCH the process has gone.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* A copy of the mount at the root of a process's mount namespace, without what is mounted below it. The root of the namespace, not the
 * one the process has chosen; nothing of its files is looked up. Device files do not work there. */
int mnt_root_of(pid_t pid, int *ret_fd) __attribute__((warn_unused_result));
/* The same of a directory that we may reach. */
int mnt_copy(int dir_fd, bool readonly, int *ret_fd) __attribute__((warn_unused_result));
/* A fresh tmpfs. words: of its mount, "size=5m", "nodev"; NULL: none. */
int mnt_tmpfs(char *const *words, int *ret_fd) __attribute__((warn_unused_result));
