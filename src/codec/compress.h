/* compress.h - compressed streams in and out, whatever the kind. The only file that sees ISA-L, zlib, zstd, lzma and bzip2.
 * Shape:  a reader pulls from a callback and gives plain bytes; a writer takes plain bytes and pushes to a callback. Several
 *         gzip members or zstd frames in a row are one stream, as gzip(1) and zstd(1) read them.
 * Owner:  decompress_free, compress_free.
 * Errors: ERR_INVALID not such a stream, cut short; ERR_LIMIT a bomb: more than LIMIT_INFLATE_RATIO to one, or a window above
 *         LIMIT_ZSTD_WINDOW_LOG; ERR_UNSUPPORTED its library is not installed (the sentence names the package).
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum compress_kind { COMPRESS_PLAIN, COMPRESS_GZIP, COMPRESS_ZSTD, COMPRESS_XZ, COMPRESS_BZIP2, COMPRESS_KIND_COUNT };
const char *compress_word(enum compress_kind kind); /* "gzip" */

enum { COMPRESS_DETECT_BYTES = 6 };
enum compress_kind compress_detect(const void *data, size_t len);

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

typedef int (*compress_write_fn)(void *ctx, const void *data, size_t len, struct err *err);

struct compress;
/* GZIP or ZSTD; level 0: the library's. Deterministic: the same input gives the same bytes. */
int compress_new(enum compress_kind kind, int level, compress_write_fn write, void *ctx, struct compress **ret, struct err *err) must_check;
int compress_add(struct compress *c, const void *data, size_t len, struct err *err) must_check;
int compress_end(struct compress *c, struct err *err) must_check;
void compress_free(struct compress *c);
AUTO_PTR(compress, compress_free);
