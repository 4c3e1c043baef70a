/* archive.h - a tar file of an image as a table of members that can be read in any order; or a directory, read the same way.
 * Shape:  only regular files count, by cleaned name; links and devices have no business in an image's archive and are
 *         refused when asked for. What cannot be sought in (a pipe, a compressed file) is spooled into the store's staging first.
 * Owner:  archive_done closes and drops the spool.
 * Units:  bytes.
 * Errors: ERR_INVALID not a tar file, a member twice, of another kind or missing; ERR_LIMIT too many or too large.
 * Spec:   POSIX ustar and pax; GNU long names.
 */
#pragma once

#include "base/err.h"
#include "storage/store.h"

#include <stdint.h>

struct archive_member {
	char *name;
	char type; /* '0' a file; '1', '2', … what else it is */
	uint64_t offset, size;
};

struct archive {
	const char *what; /* its name in sentences, borrowed */
	int fd;		  /* sought in with pread; borrowed unless spooled; -EBADF of a directory */
	int dir_fd;	  /* of a directory: borrowed; -EBADF of a tar */
	bool spooled;
	struct store *store;
	struct store_stage stage;
	struct archive_member *members; /* sorted by name */
	size_t count;
};
int archive_open(struct store *store, int in_fd, const char *what, struct archive *ret, struct err *err) must_check;
/* Members are the plain files below it; no link is followed. */
int archive_open_dir(int dir_fd, const char *what, struct archive *ret, struct err *err) must_check;
void archive_done(struct archive *archive);
AUTO_VAL(archive, archive_done);

bool archive_has(const struct archive *archive, const char *name);
/* A regular file: where its bytes lie in fd (a directory: in the file of archive_open_member). */
int archive_stat(const struct archive *archive, const char *name, uint64_t *ret_offset, uint64_t *ret_size, struct err *err) must_check;
/* Of a directory; owned. */
int archive_open_member(const struct archive *archive, const char *name, int *ret_fd, struct err *err) must_check;
/* The whole of one; owned, with a NUL behind. */
int archive_read(const struct archive *archive, const char *name, size_t max, char **ret_data, size_t *ret_len,
		 struct err *err) must_check;
