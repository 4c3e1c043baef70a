/* archive_out.h - writes a tar file member by member to a file or a pipe; or the same members as files below a directory.
 * Units:  bytes.
 * Errors: ERR_SYSTEM, ERR_NO_SPACE: what the descriptor says.
 * Shape:  below a directory a file gets its name when it is whole; no member is a link or leaves it, for we make the names.
 * Spec:   ustar; sizes above 8 GiB in base 256. Every member is read-only, owned by 0:0, of the time 0: the same images
 *         give the same bytes.
 */
#pragma once

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct archive_out {
	int fd;		/* borrowed; of a directory: the file being written, ours */
	int dir_fd;	/* >= 0: the directory, ours */
	char *name;	/* of the member begun, below a directory */
	uint64_t left;	/* of the member begun */
	uint64_t size;
	bool executable; /* members have mode 0755, not 0444 */
};

/* Closes what is ours. */
void archive_out_done(struct archive_out *out);
/* Below a directory: a file whose name and size are known only later, to be written to out->fd. */
int archive_out_open(struct archive_out *out, struct err *err) must_check;
int archive_out_publish(struct archive_out *out, const char *name, struct err *err) must_check;

/* name: at most 100 bytes. Then exactly `size` bytes by archive_out_add (or written to fd and counted by archive_out_skip),
 * then archive_out_end_member. */
int archive_out_member(struct archive_out *out, const char *name, uint64_t size, struct err *err) must_check;
int archive_out_add(struct archive_out *out, const void *data, size_t len, struct err *err) must_check;
void archive_out_skip(struct archive_out *out, uint64_t bytes);
int archive_out_end_member(struct archive_out *out, struct err *err) must_check;
/* The whole of a small one. */
int archive_out_text(struct archive_out *out, const char *name, const void *data, size_t len, struct err *err) must_check;
/* From where fd stands to its end. */
int archive_out_file(struct archive_out *out, const char *name, int fd, uint64_t size, struct err *err) must_check;
int archive_out_end(struct archive_out *out, struct err *err) must_check;
