#include "codec/compress_priv.h"

#include "base/dl.h"

#include <zlib.h>

/* zlib, not ISA-L: its output is smaller, and what other programs write. */

static struct {
	void *handle;
	int (*open)(z_stream *z, int level, int method, int bits, int mem, int strategy, const char *version, int size);
	int (*run)(z_stream *z, int flush);
	int (*end)(z_stream *z);
} zlib; /* a cache behind dlopen */

enum { GZIP_BITS = 15 + 16 };

static int load(struct err *err)
{
	static const char *const sonames[] = { "libz.so.1", NULL };
	const struct dl_symbol symbols[] = {
		{ "deflateInit2_", (void **)&zlib.open },
		{ "deflate", (void **)&zlib.run },
		{ "deflateEnd", (void **)&zlib.end },
	};
	return dl_load(sonames, "zlib1g", symbols, ARRAY_LEN(symbols), &zlib.handle, err);
}

static int deflate_open(struct compress *c, int level, struct err *err)
{
	if (load(err) < 0)
		return -1;
	z_stream *z = mem_alloc(sizeof(*z));
	c->state = z;
	if (zlib.open(z, level ? level : Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_BITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, sizeof(*z)) != Z_OK)
		return err_set(err, ERR_INTERNAL, "zlib cannot be started");
	return 0;
}

static int deflate_run(struct compress *c, const void *data, size_t len, bool end, struct err *err)
{
	z_stream *z = c->state;
	unsigned char out[64 << 10];
	z->next_in = (unsigned char *)data;
	z->avail_in = (unsigned)len;
	do {
		z->next_out = out;
		z->avail_out = sizeof(out);
		int rc = zlib.run(z, end ? Z_FINISH : Z_NO_FLUSH);
		if (rc == Z_STREAM_ERROR)
			return err_set(err, ERR_INTERNAL, "zlib cannot compress");
		size_t done = sizeof(out) - z->avail_out;
		if (done && c->write(c->ctx, out, done, err) < 0)
			return -1;
	} while (z->avail_out == 0);
	return 0;
}

static void deflate_close(struct compress *c)
{
	zlib.end(c->state);
	free(c->state);
}

const struct compress_ops compress_gzip_ops = { deflate_open, deflate_run, deflate_close };
