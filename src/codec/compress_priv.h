/* compress_priv.h - one library behind compress.h: a row of functions.
 */
#pragma once

#include "codec/compress.h"

#include <stdbool.h>

struct compress_ops {
	int (*open)(struct compress *c, int level, struct err *err);
	int (*run)(struct compress *c, const void *data, size_t len, bool end, struct err *err);
	void (*close)(struct compress *c);
};
extern const struct compress_ops compress_gzip_ops, compress_zstd_ops;

struct compress {
	const struct compress_ops *ops;
	compress_write_fn write;
	void *ctx, *state;
};
