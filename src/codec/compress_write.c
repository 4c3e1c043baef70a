#include "codec/compress_priv.h"

int compress_new(enum compress_kind kind, int level, compress_write_fn write, void *ctx, struct compress **ret, struct err *err)
{
	if (kind != COMPRESS_GZIP && kind != COMPRESS_ZSTD)
		return err_set(err, ERR_UNSUPPORTED, "%s is not written, only read: use gzip or zstd", compress_word(kind));
	auto_ptr(compress) c = mem_alloc(sizeof(*c));
	c->ops = kind == COMPRESS_GZIP ? &compress_gzip_ops : &compress_zstd_ops;
	c->write = write;
	c->ctx = ctx;
	if (c->ops->open(c, level, err) < 0)
		return -1;
	*ret = take_ptr(c);
	return 0;
}

int compress_add(struct compress *c, const void *data, size_t len, struct err *err)
{
	return len ? c->ops->run(c, data, len, false, err) : 0;
}

int compress_end(struct compress *c, struct err *err)
{
	return c->ops->run(c, "", 0, true, err);
}

void compress_free(struct compress *c)
{
	if (!c)
		return;
	if (c->state)
		c->ops->close(c);
	free(c);
}
