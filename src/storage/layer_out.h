/* layer_out.h - the archive of a layer on its way out: its bytes are written and counted.
 * Owner:  the descriptors are the caller's; layer_out_done frees the rest.
 * Errors: ERR_CORRUPT a file is shorter than it was when the layer came, or the digest is another.
 */
#pragma once

#include "codec/digest.h"

#include <stdint.h>

struct layer_out {
	int fd;
	uint64_t written;
	struct digest *digest;
	char buffer[256 << 10];
};
int layer_out_open(struct layer_out *out, int fd, struct err *err) must_check;
int layer_out_bytes(struct layer_out *out, const void *data, size_t len, struct err *err) must_check;
/* path: of the file, for sentences. */
int layer_out_range(struct layer_out *out, int fd, const char *path, uint64_t offset, uint64_t len, struct err *err) must_check;
/* Was that all of the archive of this diff-id? */
int layer_out_check(const struct layer_out *out, const char *diff_id, struct err *err) must_check;
void layer_out_done(struct layer_out *out);
