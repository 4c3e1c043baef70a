/* file.h - the one door for durable I/O: records that are whole or absent, deletion, directories.
 * Shape:  every call is relative to a directory descriptor. Each passes base/fault, so tests can fail, shorten or
 *         kill it; nothing else in the program may write what must survive.
 * Errors: -errno.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

enum file_flags {
	FILE_DURABLE = 1 << 0, /* fsync the file before, and its directory after, it gets its name */
	FILE_EXCLUSIVE = 1 << 1, /* -EEXIST when the name is taken (link instead of rename) */
	FILE_SOLE = 1 << 2,	 /* a lock of the caller keeps other writers away: the temporary file has one name, and what a
				  * writer that was killed has left is replaced */
};

/* Makes `name` hold exactly these bytes: temporary file in the same directory, (fsync,) rename, (fsync of the directory). */
int file_write(int dir_fd, const char *name, mode_t mode, const void *data, size_t len, unsigned flags);
/* Writes into a fresh file that must not exist yet, without the temporary name: for files inside a staging directory. */
int file_create(int dir_fd, const char *name, mode_t mode, const void *data, size_t len, unsigned flags);
/* Appends one line in one write(2): O_APPEND, so that concurrent writers do not mix. */
int file_append(int dir_fd, const char *name, mode_t mode, const void *data, size_t len);

/* The whole of a regular file as an owned, NUL-terminated buffer. -EFBIG above max, -EINVAL when not a regular file.
 * Never follows a symlink in the last component, never blocks on a FIFO. */
int file_read(int dir_fd, const char *name, size_t max, char **ret_data, size_t *ret_len);
int file_read_fd(int fd, size_t max, char **ret_data, size_t *ret_len);

int file_open_dir(int dir_fd, const char *name, int *ret_fd); /* O_DIRECTORY|O_NOFOLLOW */
int file_mkdir(int dir_fd, const char *name, mode_t mode);
/* mkdir -p of a path we own (not one from outside: see base/path.h). */
int file_mkdirs(int dir_fd, const char *path, mode_t mode);
int file_rename(int old_dir_fd, const char *old_name, int new_dir_fd, const char *new_name, unsigned rename_flags);
/* A second name of the same bytes. -EEXIST; -EXDEV, -EPERM and -EMLINK where that cannot be. */
int file_link(int old_dir_fd, const char *old_name, int new_dir_fd, const char *new_name);
int file_unlink(int dir_fd, const char *name, int flags); /* AT_REMOVEDIR */
int file_symlink(const char *target, int dir_fd, const char *name); /* -EEXIST is the lock */
/* Atomic. The caller holds a lock of the directory: what one that was killed has left is replaced. */
int file_symlink_replace(const char *target, int dir_fd, const char *name);
/* The names in a directory, without . and .., unsorted; an owned list. */
int file_list(int dir_fd, char ***ret_names);
int file_readlink(int dir_fd, const char *name, char **ret_target);
int file_sync(int fd, const char *what);
int file_sync_tree_fs(int fd); /* syncfs */

/* Removes a tree, whatever modes its directories have; never leaves dir_fd/name, never follows a link, crosses no mount. */
int file_remove_tree(int dir_fd, const char *name);

/* flock, released by the kernel when the last copy of the descriptor goes. */
enum file_lock { FILE_LOCK_SHARED, FILE_LOCK_EXCLUSIVE };
int file_lock(int fd, enum file_lock how, bool wait); /* -EWOULDBLOCK */
void file_unlock(int fd);

/* A name nobody else has: `bytes` random bytes in hex. */
void file_random_hex(char *ret_text, size_t bytes); /* room for 2*bytes+1 */
