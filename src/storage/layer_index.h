/* layer_index.h - the tar-index: what an archive held besides the content of its files, so that it can be made again byte for byte.
 * Shape:  zstd (or gzip) of records: one letter, then
 *         'R' u32 length, bytes             bytes as they were: headers, padding, the end
 *         'F' u16 length, path, u64 size    the content of diff/<path>
 *         'S' u16 length, path, u32 n, n × (u64 offset, u64 length)   pieces of a sparse file
 *         'M' u16 length, path, u32 n       from here on <path> (and all below it) lies in lost/<n>: a later entry replaced it
 *         little endian
 * Errors: ERR_CORRUPT when it does not parse.
 */
#pragma once

#include "base/err.h"
#include "codec/tar.h"

struct layer_index;

/* Writes to fd (borrowed). */
int layer_index_new(int fd, struct layer_index **ret, struct err *err) must_check;
int layer_index_raw(struct layer_index *x, const void *data, size_t len, struct err *err) must_check;
int layer_index_file(struct layer_index *x, const char *path, const struct tar_entry *e, struct err *err) must_check;
int layer_index_moved(struct layer_index *x, const char *path, uint32_t lost, struct err *err) must_check;
int layer_index_end(struct layer_index *x, struct err *err) must_check;
void layer_index_free(struct layer_index *x);
AUTO_PTR(layer_index, layer_index_free);
