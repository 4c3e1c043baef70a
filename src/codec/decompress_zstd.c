#include "codec/decompress_priv.h"

#include "base/dl.h"
#include "base/limits.h"

#include <zstd.h>

static struct {
	void *handle;
	ZSTD_DStream *(*d_new)(void);
	size_t (*d_free)(ZSTD_DStream *s);
	size_t (*d_param)(ZSTD_DStream *s, ZSTD_dParameter param, int value);
	size_t (*d_run)(ZSTD_DStream *s, ZSTD_outBuffer *out, ZSTD_inBuffer *in);
	unsigned (*is_error)(size_t code);
	const char *(*error_name)(size_t code);
} zstd; /* a cache behind dlopen */

static int zstd_load(struct err *err)
{
	static const char *const sonames[] = { "libzstd.so.1", NULL };
	const struct dl_symbol symbols[] = {
		{ "ZSTD_createDStream", (void **)&zstd.d_new },	       { "ZSTD_freeDStream", (void **)&zstd.d_free },
		{ "ZSTD_DCtx_setParameter", (void **)&zstd.d_param },  { "ZSTD_decompressStream", (void **)&zstd.d_run },
		{ "ZSTD_isError", (void **)&zstd.is_error },	       { "ZSTD_getErrorName", (void **)&zstd.error_name },
	};
	return dl_load(sonames, "libzstd1", symbols, ARRAY_LEN(symbols), &zstd.handle, err);
}

static int zstd_open(struct decompress *d, struct err *err)
{
	d->state = zstd.d_new();
	if (!d->state || zstd.is_error(zstd.d_param(d->state, ZSTD_d_windowLogMax, LIMIT_ZSTD_WINDOW_LOG)))
		return err_set(err, ERR_INTERNAL, "zstd cannot be started");
	return 0;
}

static int zstd_run(struct decompress *d, const unsigned char *in, size_t in_len, size_t *ret_used, void *out, size_t out_len,
		    size_t *ret_done, bool at_end, struct err *err)
{
	if (at_end && d->between) {
		d->ended = true;
		return 0;
	}
	ZSTD_inBuffer src = { in, in_len, 0 };
	ZSTD_outBuffer dst = { out, out_len, 0 };
	size_t rc = zstd.d_run(d->state, &dst, &src);
	if (zstd.is_error(rc))
		return err_set(err, ERR_INVALID, "the zstd stream is damaged (%s)", zstd.error_name(rc));
	*ret_used = src.pos;
	*ret_done = dst.pos;
	d->between = rc == 0;
	return 0;
}

static void zstd_close(struct decompress *d)
{
	zstd.d_free(d->state);
}

const struct decompress_ops decompress_zstd_ops = { zstd_load, zstd_open, zstd_run, zstd_close };
