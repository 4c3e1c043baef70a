/* layer_pack.h - a layer of the store as a stream: its exact tar, compressed or not, out of a child process.
 * Life:   layer_pack_start → read out_fd to its end → layer_pack_finish, whose word decides whether what was read is the layer.
 *         layer_pack_stop at any time.
 * Owner:  the child is ours until finish or stop; a zeroed struct with out_fd -EBADF is an empty one.
 * Errors: those of layer_write_tar; ERR_UNSUPPORTED no library for the compression.
 */
#pragma once

#include "codec/compress.h"
#include "storage/layer.h"

#include <sys/types.h>

struct layer_pack {
	pid_t pid;
	int out_fd, report_fd;
};

/* kind: PLAIN, GZIP or ZSTD; level 0: the library's. */
int layer_pack_start(struct store *store, const struct layer *layer, enum compress_kind kind, int level, struct layer_pack *ret,
		     struct err *err) must_check;
int layer_pack_finish(struct layer_pack *pack, struct err *err) must_check;
void layer_pack_stop(struct layer_pack *pack);
AUTO_VAL(layer_pack, layer_pack_stop);
