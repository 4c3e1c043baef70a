/* tar_out.h - writes a tar archive as a stream: what tar.h reads.
 * Shape:  ustar blocks; numbers too large for octal in base 256; what a block cannot hold (long names and links, xattrs, holes) in a PAX
 *         header before it. Times are whole seconds, as Podman's. Names and ids as they are given.
 * Use:    tar_out_entry, then exactly e->stored bytes by tar_out_data, and so on, then tar_out_end.
 * Units:  bytes.
 * Errors: what the sink says; ERR_INTERNAL more or fewer bytes than promised.
 * Spec:   POSIX.1-2017 pax; SCHILY.xattr; GNU.sparse 1.0 for entries with segments.
 */
#pragma once

#include "codec/tar.h"

typedef int (*tar_write_fn)(void *ctx, const void *data, size_t len, struct err *err);

struct tar_out {
	tar_write_fn write;
	void *ctx;
	uint64_t left, padding; /* of the entry begun */
};

int tar_out_entry(struct tar_out *t, const struct tar_entry *e, struct err *err) must_check;
int tar_out_data(struct tar_out *t, const void *data, size_t len, struct err *err) must_check;
/* The end of the archive: two empty blocks. */
int tar_out_end(struct tar_out *t, struct err *err) must_check;

enum { TAR_OUT_BLOCK = 512, TAR_OUT_NAME_MAX = 100 };
/* One ustar block of an entry whose names fit; size: of what follows it. */
void tar_out_block(const struct tar_entry *e, char type, uint64_t size, char block[TAR_OUT_BLOCK]);
