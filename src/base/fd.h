/* fd.h - file descriptors: close-on-exec from birth, -EBADF when empty, closed by attribute.
 * Errors: -errno.
 */
#pragma once

#include "base/mem.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Closes what is open, keeps errno, returns -EBADF: `fd = fd_close(fd)`. */
int fd_close(int fd);
static inline void fd_close_ptr(int *fd)
{
	fd_close(*fd);
}
#define auto_close __attribute__((cleanup(fd_close_ptr)))

#define take_fd(fd)            \
	({                     \
		int *fp_ = &(fd); \
		int v_ = *fp_; \
		*fp_ = -EBADF; \
		v_;            \
	})

/* Whole transfers; EINTR is retried. fd_read_full returns the bytes read, less than len only at the end of file. */
ssize_t fd_read_full(int fd, void *buf, size_t len);
int fd_write_full(int fd, const void *buf, size_t len);

/* A file that is only in memory, with these bytes, at its beginning: standard input of a program that must not find them on a disk. */
int fd_memory(const void *data, size_t len, int *ret_fd);

/* Pairs of close-on-exec descriptors. */
int fd_pipe(int ret_fds[2]);
int fd_socketpair(int type, int ret_fds[2]); /* SOCK_STREAM, SOCK_SEQPACKET */

int fd_set_cloexec(int fd, bool on);
int fd_set_nonblock(int fd, bool on);

/* One descriptor over a unix socket, with up to len bytes beside it. */
int fd_send(int sock_fd, int fd, const void *data, size_t len);
ssize_t fd_recv(int sock_fd, int *ret_fd, void *data, size_t len);

/* Marks everything from `low` up close-on-exec (close_range, or a walk where the kernel lacks it). */
int fd_cloexec_from(int low);

/* "/proc/self/fd/N", for the calls that take only a path. */
struct fd_path { char text[32]; };
struct fd_path fd_proc_path(int fd);
