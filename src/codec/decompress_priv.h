/* decompress_priv.h - one library behind decompress.h: a row of functions.
 */
#pragma once

#include "codec/decompress.h"

#include <stdbool.h>

struct decompress_ops {
	int (*load)(struct err *err);
	int (*open)(struct decompress *d, struct err *err);
	/* One step. at_end: no more input will come. Sets d->ended after the last member. */
	int (*run)(struct decompress *d, const unsigned char *in, size_t in_len, size_t *ret_used, void *out, size_t out_len,
		   size_t *ret_done, bool at_end, struct err *err);
	void (*close)(struct decompress *d);
};
extern const struct decompress_ops decompress_gzip_ops, decompress_zstd_ops, decompress_xz_ops, decompress_bzip2_ops;

struct decompress {
	enum compress_kind kind;
	const struct decompress_ops *ops;
	compress_read_fn read;
	void *ctx, *state;
	bool in_ended, ended, between; /* between: a member has ended, another may follow */
	size_t in_at, in_len;
	uint64_t in_total, out_total;
	unsigned char in[128 << 10];
};
