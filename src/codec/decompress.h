/* decompress.h - reading a compressed stream, whatever its kind: it pulls from a callback and gives plain bytes.
 * Shape:  several gzip members or zstd frames in a row are one stream, as gzip(1) and zstd(1) read them. Each library is seen
 *         by one file: decompress_gzip.c (ISA-L where it is installed, else zlib), decompress_zstd.c, decompress_old.c.
 * Owner:  decompress_free.
 * Errors: ERR_INVALID not such a stream, cut short; ERR_LIMIT a bomb: more than LIMIT_INFLATE_RATIO to one, or a window above
 *         LIMIT_ZSTD_WINDOW_LOG; ERR_UNSUPPORTED its library is not installed (the sentence names the package).
 */
#pragma once

#include "codec/compress.h"

#include <stdint.h>
#include <sys/types.h>

/* Bytes read (0: the end), or -1 with err set. */
typedef ssize_t (*compress_read_fn)(void *ctx, void *buf, size_t len, struct err *err);

struct decompress;
/* The kind is told from the first bytes; the library is loaded now, nothing later (a jail may follow). */
int decompress_new(compress_read_fn read, void *ctx, struct decompress **ret, struct err *err) must_check;
/* Loads what every kind needs, as far as it is installed: before a jail that cannot. */
void decompress_preload(void);
ssize_t decompress_read(struct decompress *d, void *buf, size_t len, struct err *err) must_check;
enum compress_kind decompress_kind(const struct decompress *d);
void decompress_free(struct decompress *d);
AUTO_PTR(decompress, decompress_free);
