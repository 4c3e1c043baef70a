#include "codec/decompress_priv.h"

#include "base/dl.h"

#include <bzlib.h>
#include <lzma.h>

/* xz and bzip2: kinds no registry sends any more, but archives have. */

static struct {
	void *handle;
	lzma_ret (*open)(lzma_stream *s, uint64_t memory, uint32_t flags);
	lzma_ret (*run)(lzma_stream *s, lzma_action action);
	void (*end)(lzma_stream *s);
} xz; /* caches behind dlopen */

static struct {
	void *handle;
	int (*open)(bz_stream *s, int verbosity, int small);
	int (*run)(bz_stream *s);
	int (*end)(bz_stream *s);
} bz;

enum { XZ_MEMORY_MAX = 256 << 20 };

static int xz_load(struct err *err)
{
	static const char *const sonames[] = { "liblzma.so.5", NULL };
	const struct dl_symbol symbols[] = {
		{ "lzma_stream_decoder", (void **)&xz.open }, { "lzma_code", (void **)&xz.run }, { "lzma_end", (void **)&xz.end },
	};
	return dl_load(sonames, "liblzma5", symbols, ARRAY_LEN(symbols), &xz.handle, err);
}

static int xz_open(struct decompress *d, struct err *err)
{
	lzma_stream *s = mem_alloc(sizeof(*s));
	d->state = s;
	return xz.open(s, XZ_MEMORY_MAX, LZMA_CONCATENATED) == LZMA_OK ? 0 : err_set(err, ERR_INTERNAL, "lzma cannot be started");
}

static int xz_run(struct decompress *d, const unsigned char *in, size_t in_len, size_t *ret_used, void *out, size_t out_len,
		  size_t *ret_done, bool at_end, struct err *err)
{
	lzma_stream *s = d->state;
	s->next_in = in;
	s->avail_in = in_len;
	s->next_out = out;
	s->avail_out = out_len;
	lzma_ret rc = xz.run(s, at_end ? LZMA_FINISH : LZMA_RUN);
	if (rc == LZMA_MEMLIMIT_ERROR)
		return err_set(err, ERR_LIMIT, "the xz stream wants more than %d MiB of memory", XZ_MEMORY_MAX >> 20);
	if (rc != LZMA_OK && rc != LZMA_STREAM_END && rc != LZMA_BUF_ERROR)
		return err_set(err, ERR_INVALID, "the xz stream is damaged");
	*ret_used = in_len - s->avail_in;
	*ret_done = out_len - s->avail_out;
	d->ended = rc == LZMA_STREAM_END;
	return 0;
}

static void xz_close(struct decompress *d)
{
	xz.end(d->state);
	free(d->state);
}

const struct decompress_ops decompress_xz_ops = { xz_load, xz_open, xz_run, xz_close };

static int bzip2_load(struct err *err)
{
	static const char *const sonames[] = { "libbz2.so.1.0", "libbz2.so.1", NULL };
	const struct dl_symbol symbols[] = {
		{ "BZ2_bzDecompressInit", (void **)&bz.open },
		{ "BZ2_bzDecompress", (void **)&bz.run },
		{ "BZ2_bzDecompressEnd", (void **)&bz.end },
	};
	return dl_load(sonames, "libbz2-1.0", symbols, ARRAY_LEN(symbols), &bz.handle, err);
}

static int bzip2_open(struct decompress *d, struct err *err)
{
	bz_stream *s = mem_alloc(sizeof(*s));
	d->state = s;
	return bz.open(s, 0, 0) == BZ_OK ? 0 : err_set(err, ERR_INTERNAL, "bzip2 cannot be started");
}

static int bzip2_run(struct decompress *d, const unsigned char *in, size_t in_len, size_t *ret_used, void *out, size_t out_len,
		     size_t *ret_done, bool at_end, struct err *err)
{
	bz_stream *s = d->state;
	if (at_end && d->between) {
		d->ended = true;
		return 0;
	}
	s->next_in = (char *)in;
	s->avail_in = (unsigned)in_len;
	s->next_out = out;
	s->avail_out = (unsigned)out_len;
	int rc = bz.run(s);
	if (rc != BZ_OK && rc != BZ_STREAM_END)
		return err_set(err, ERR_INVALID, "the bzip2 stream is damaged");
	*ret_used = in_len - s->avail_in;
	*ret_done = out_len - s->avail_out;
	d->between = rc == BZ_STREAM_END;
	if (d->between) { /* another member may follow */
		bz.end(s);
		*s = (bz_stream){ 0 };
		if (bz.open(s, 0, 0) != BZ_OK)
			return err_set(err, ERR_INTERNAL, "bzip2 cannot be started");
	}
	return 0;
}

static void bzip2_close(struct decompress *d)
{
	bz.end(d->state);
	free(d->state);
}

const struct decompress_ops decompress_bzip2_ops = { bzip2_load, bzip2_open, bzip2_run, bzip2_close };
