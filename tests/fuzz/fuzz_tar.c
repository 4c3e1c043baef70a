/* The tar reader: every byte it took is told once and in order, and an error is always told.
 * A corpus to begin with: tests/rigs/layer_shapes.py writes archives of archives. */
#include "codec/tar.h"

#include <stdlib.h>
#include <string.h>

struct input {
	const uint8_t *data;
	size_t size, at, told;
};

static ssize_t give(void *ctx, void *buf, size_t len, struct err *err)
{
	struct input *in = ctx;
	size_t n = in->size - in->at < len ? in->size - in->at : len;
	memcpy(buf, in->data + in->at, n);
	in->at += n;
	return (ssize_t)n;
}

static int see(void *ctx, const void *data, size_t len, struct err *err)
{
	struct input *in = ctx;
	if (in->told + len > in->size || memcmp(in->data + in->told, data, len) != 0)
		abort();
	in->told += len;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size, 0, 0 };
	struct err err = { 0 };
	const struct tar_entry *e;
	char buf[100];
	auto_ptr(tar) t = tar_new(give, see, &in);
	int rc;
	while ((rc = tar_next(t, &e, &err)) > 0)
		for (ssize_t got; (got = tar_read(t, buf, sizeof(buf), &err)) != 0;) {
			if (got < 0)
				return err.kind ? 0 : (abort(), 0);
			see(&in, buf, (size_t)got, &err);
		}
	if ((rc < 0) != (err.kind != ERR_NONE) || (rc == 0 && in.told != size))
		abort();
	return 0;
}
