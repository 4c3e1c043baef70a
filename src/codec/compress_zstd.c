#include "codec/compress_priv.h"

#include "base/dl.h"

#include <zstd.h>

static struct {
	void *handle;
	ZSTD_CStream *(*c_new)(void);
	size_t (*c_free)(ZSTD_CStream *s);
	size_t (*c_param)(ZSTD_CStream *s, ZSTD_cParameter param, int value);
	size_t (*c_run)(ZSTD_CStream *s, ZSTD_outBuffer *out, ZSTD_inBuffer *in, ZSTD_EndDirective end);
	unsigned (*is_error)(size_t code);
	const char *(*error_name)(size_t code);
} zstd; /* a cache behind dlopen */

static int load(struct err *err)
{
	static const char *const sonames[] = { "libzstd.so.1", NULL };
	const struct dl_symbol symbols[] = {
		{ "ZSTD_createCStream", (void **)&zstd.c_new },	       { "ZSTD_freeCStream", (void **)&zstd.c_free },
		{ "ZSTD_CCtx_setParameter", (void **)&zstd.c_param },  { "ZSTD_compressStream2", (void **)&zstd.c_run },
		{ "ZSTD_isError", (void **)&zstd.is_error },	       { "ZSTD_getErrorName", (void **)&zstd.error_name },
	};
	return dl_load(sonames, "libzstd1", symbols, ARRAY_LEN(symbols), &zstd.handle, err);
}

static int pack_open(struct compress *c, int level, struct err *err)
{
	if (load(err) < 0)
		return -1;
	c->state = zstd.c_new();
	if (!c->state || zstd.is_error(zstd.c_param(c->state, ZSTD_c_compressionLevel, level ? level : 3)) ||
	    zstd.is_error(zstd.c_param(c->state, ZSTD_c_checksumFlag, 1)))
		return err_set(err, ERR_USAGE, "zstd does not take level %d", level);
	return 0;
}

static int pack_run(struct compress *c, const void *data, size_t len, bool end, struct err *err)
{
	unsigned char out[64 << 10];
	ZSTD_inBuffer src = { data, len, 0 };
	for (;;) {
		ZSTD_outBuffer dst = { out, sizeof(out), 0 };
		size_t left = zstd.c_run(c->state, &dst, &src, end ? ZSTD_e_end : ZSTD_e_continue);
		if (zstd.is_error(left))
			return err_set(err, ERR_INTERNAL, "zstd cannot compress (%s)", zstd.error_name(left));
		if (dst.pos && c->write(c->ctx, out, dst.pos, err) < 0)
			return -1;
		if (end ? left == 0 : src.pos == src.size)
			return 0;
	}
}

static void pack_close(struct compress *c)
{
	zstd.c_free(c->state);
}

const struct compress_ops compress_zstd_ops = { pack_open, pack_run, pack_close };
