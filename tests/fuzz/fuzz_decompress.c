/* Compressed streams of every kind: they end, in an error or at their end, and the answer does not depend on how the bytes come. */
#include "codec/decompress.h"

#include <stdlib.h>
#include <string.h>

struct input {
	const uint8_t *data;
	size_t size, at, piece;
};

static ssize_t give(void *ctx, void *buf, size_t len, struct err *err)
{
	struct input *in = ctx;
	size_t n = in->size - in->at < len ? in->size - in->at : len;
	n = n < in->piece ? n : in->piece;
	memcpy(buf, in->data + in->at, n);
	in->at += n;
	return (ssize_t)n;
}

/* The number of bytes that come out, or -1. */
static int64_t inflate_all(const uint8_t *data, size_t size, size_t piece, uint64_t max)
{
	struct input in = { data, size, 0, piece };
	struct err err = { 0 };
	auto_ptr(decompress) d = NULL;
	char buf[8192];
	ssize_t got;
	int64_t sum = 0;
	if (decompress_new(give, &in, &d, &err) < 0)
		return -1;
	while ((got = decompress_read(d, buf, sizeof(buf), &err)) > 0 && (uint64_t)(sum += got) < max)
		;
	if ((got < 0) != (err.kind != ERR_NONE))
		abort();
	return got < 0 ? -1 : sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { MAX = 4 << 20 };
	int64_t whole = inflate_all(data, size, size + 1, MAX), bytes = inflate_all(data, size, 1, MAX);
	if (whole < MAX && bytes < MAX && whole != bytes) /* beyond, a damage further on may have been met or not */
		abort();
	return 0;
}
