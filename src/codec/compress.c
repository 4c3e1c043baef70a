#include "codec/compress.h"

#include "codec/compress_priv.h"

#include <string.h>

static const struct {
	const char *word;
	unsigned char magic[COMPRESS_DETECT_BYTES];
	size_t magic_len;
} kinds[COMPRESS_KIND_COUNT] = {
	[COMPRESS_PLAIN] = { "plain", { 0 }, 0 },
	[COMPRESS_GZIP] = { "gzip", { 0x1f, 0x8b }, 2 },
	[COMPRESS_ZSTD] = { "zstd", { 0x28, 0xb5, 0x2f, 0xfd }, 4 },
	[COMPRESS_XZ] = { "xz", { 0xfd, '7', 'z', 'X', 'Z', 0 }, 6 },
	[COMPRESS_BZIP2] = { "bzip2", { 'B', 'Z', 'h' }, 3 },
};

const char *compress_word(enum compress_kind kind)
{
	return kinds[kind].word;
}

enum compress_kind compress_detect(const void *data, size_t len)
{
	for (int k = COMPRESS_GZIP; k < COMPRESS_KIND_COUNT; k++)
		if (len >= kinds[k].magic_len && memcmp(data, kinds[k].magic, kinds[k].magic_len) == 0)
			return k;
	/* SPEC RFC 8878 3.1.2: a skippable frame may come first */
	const unsigned char *b = data;
	if (len >= 4 && (b[0] & 0xf0) == 0x50 && b[1] == 0x2a && b[2] == 0x4d && b[3] == 0x18)
		return COMPRESS_ZSTD;
	return COMPRESS_PLAIN;
}

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
