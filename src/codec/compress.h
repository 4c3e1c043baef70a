/* compress.h - the kinds of compressed streams, and writing them: plain bytes in, compressed bytes pushed to a callback.
 * Owner:  compress_free.
 * Errors: ERR_UNSUPPORTED the kind's library is not installed (the sentence names the package).
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"

#include <stddef.h>

enum compress_kind { COMPRESS_PLAIN, COMPRESS_GZIP, COMPRESS_ZSTD, COMPRESS_XZ, COMPRESS_BZIP2, COMPRESS_KIND_COUNT };
const char *compress_word(enum compress_kind kind); /* "gzip" */

enum { COMPRESS_DETECT_BYTES = 6 };
enum compress_kind compress_detect(const void *data, size_t len);

typedef int (*compress_write_fn)(void *ctx, const void *data, size_t len, struct err *err);

struct compress;
/* GZIP or ZSTD; level 0: the library's. Deterministic: the same input gives the same bytes. */
int compress_new(enum compress_kind kind, int level, compress_write_fn write, void *ctx, struct compress **ret, struct err *err) must_check;
int compress_add(struct compress *c, const void *data, size_t len, struct err *err) must_check;
int compress_end(struct compress *c, struct err *err) must_check;
void compress_free(struct compress *c);
AUTO_PTR(compress, compress_free);
