/* tar_priv.h - between the blocks (tar.c) and the extended headers (tar_pax.c).
 */
#pragma once

#include "codec/tar.h"

enum { TAR_BLOCK_BYTES = 512 };

/* What extended headers said of the next entry; has_* where 0 is a value. */
struct tar_pax {
	char *path, *link, *sparse_name;
	bool has_size, has_uid, has_gid, has_mtime, has_real_size;
	uint64_t size, real_size;
	uint32_t uid, gid;
	int64_t mtime_ns;
	struct tar_xattr *xattrs;
	size_t xattr_count;
	struct tar_segment *segments;
	size_t segment_count;
	unsigned sparse_major;
	uint64_t pending_offset; /* GNU.sparse 0.0 gives offset and length as two records */
};
void tar_pax_done(struct tar_pax *pax);
/* Takes the records "LEN KEY=VALUE\n" of one header. */
int tar_pax_parse(struct tar_pax *pax, const char *data, size_t len, struct err *err) must_check;
int tar_pax_add_segment(struct tar_segment **list, size_t *count, uint64_t offset, uint64_t len, struct err *err) must_check;
