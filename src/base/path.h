/* path.h - resolves names that came from an image, a container or a client, beneath a directory we hold open.
 * Shape:  every function starts from a directory descriptor and returns descriptors; no string is ever checked and
 *         then opened again. openat2(2) does the work; where it is missing (ENOSYS, EPERM under a filter) a walk of
 *         O_PATH|O_NOFOLLOW components gives identical results (CPOD_NO_OPENAT2=1 forces it, for tests).
 * Errors: -errno. -EXDEV leaves the root, -ELOOP a link where none may be or too many, -EAGAIN a rename raced us
 *         for too long (it was retried).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum path_policy {
	/* As a process whose root is root_fd would: absolute links and `..` stay inside. Magic links are refused. */
	PATH_IN_ROOT,
	/* Where a link is never legitimate: no symlinks, no `..` above the root, no magic links, no other mounts. */
	PATH_BENEATH,
};

/* Opens `path`; flags as for open(2), O_CLOEXEC is added. O_CREAT is allowed (the last component must not be a link then). */
int path_open(int root_fd, const char *path, enum path_policy policy, int flags, mode_t mode, int *ret_fd);

/* Opens the parent directory of `path` and returns its last component ("." for the root itself). */
int path_open_parent(int root_fd, const char *path, enum path_policy policy, int *ret_fd, char ret_last[256]);

/* Opens a directory, making the missing part (mode, owned by the caller's fsuid). Each component is made with mkdirat
 * below a descriptor and re-opened without following links; a link met on the way is resolved under the policy. */
int path_mkdirs(int root_fd, const char *path, enum path_policy policy, mode_t mode, int *ret_fd);

/* What a mount point needs: the directory (or, for_file, the empty regular file) at `path`, made when missing.
 * Returns an O_PATH descriptor. */
int path_mount_point(int root_fd, const char *path, int for_file, int *ret_fd);

/* 1 when the directory fd lies under root_fd (walks `..` with stat compares), 0 when not, and for files. */
int path_is_under(int root_fd, int fd);

/* Lexical: "a//b/./c/../d" → "a/b/d"; never escapes; owned. An absolute path stays absolute. */
char *path_clean_dup(const char *path);
char *path_join_dup(const char *a, const char *b);
/* Borrowed: the part after the last '/'. */
const char *path_base(const char *path);
