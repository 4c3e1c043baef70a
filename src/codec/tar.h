/* tar.h - reads a tar archive as a stream: what is in it, and which bytes were not file content.
 * Shape:  ustar, GNU (long names and links, old sparse), PAX (path, linkpath, size, ids, times, SCHILY.xattr, GNU.sparse 0.0, 0.1, 1.0).
 *         Names come out as written; what they may reach is the caller's to decide.
 * Owner:  the entry is borrowed until the next call of tar_next.
 * Units:  bytes, nanoseconds since 1970.
 * Errors: ERR_INVALID not a tar (wrong checksum, numbers, cut short); ERR_LIMIT larger than base/limits.h allows.
 * Spec:   POSIX.1-2017 pax; GNU tar manual, Basic Tar Format.
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum tar_type { TAR_FILE, TAR_HARD_LINK, TAR_SYMLINK, TAR_CHAR, TAR_BLOCK, TAR_DIR, TAR_FIFO };

struct tar_xattr {
	char *name; /* "security.capability" */
	char *value;
	size_t len;
};

struct tar_segment {
	uint64_t offset, len; /* of a sparse file: where stored bytes go */
};

struct tar_entry {
	enum tar_type type;
	char *path, *link;
	mode_t mode;	 /* permission bits, set-uid and so on */
	uint32_t uid, gid;
	int64_t mtime_ns;
	uint64_t stored; /* bytes of content in the archive: tar_read gives as many */
	uint64_t size;	 /* of the file; differs when sparse */
	uint32_t major, minor;
	struct tar_xattr *xattrs;
	size_t xattr_count;
	struct tar_segment *segments; /* sparse: NULL otherwise */
	size_t segment_count;
};

typedef ssize_t (*tar_read_fn)(void *ctx, void *buf, size_t len, struct err *err); /* 0: the end */
/* Sees every byte of the archive that is not content given by tar_read, in order. */
typedef int (*tar_raw_fn)(void *ctx, const void *data, size_t len, struct err *err);

struct tar;
struct tar *tar_new(tar_read_fn read, tar_raw_fn raw, void *ctx);
/* 1: an entry; 0: the archive's end (everything after it has been read too); -1. Content not read is skipped, as raw bytes. */
int tar_next(struct tar *t, const struct tar_entry **ret, struct err *err) must_check;
/* Content of the current entry; 0 at its end. */
ssize_t tar_read(struct tar *t, void *buf, size_t len, struct err *err) must_check;
/* All of the current entry's content to a new file, at its places; buffer: to work with. */
int tar_write_content(struct tar *t, const struct tar_entry *e, int fd, char *buffer, size_t size, struct err *err) must_check;
void tar_free(struct tar *t);
AUTO_PTR(tar, tar_free);
