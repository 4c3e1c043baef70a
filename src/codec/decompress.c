#include "codec/decompress.h"

#include "base/limits.h"
#include "codec/decompress_priv.h"

#include <string.h>

static const struct decompress_ops *const ops[COMPRESS_KIND_COUNT] = {
	[COMPRESS_GZIP] = &decompress_gzip_ops, [COMPRESS_ZSTD] = &decompress_zstd_ops,
	[COMPRESS_XZ] = &decompress_xz_ops,	[COMPRESS_BZIP2] = &decompress_bzip2_ops,
};

/* More input, when all of it was used. 0 at the end. */
static ssize_t refill(struct decompress *d, struct err *err)
{
	if (d->in_at < d->in_len)
		return (ssize_t)(d->in_len - d->in_at);
	if (d->in_ended)
		return 0;
	ssize_t got = d->read(d->ctx, d->in, sizeof(d->in), err);
	if (got < 0)
		return -1;
	d->in_at = 0;
	d->in_len = (size_t)got;
	d->in_total += (uint64_t)got;
	d->in_ended = got == 0;
	return got;
}

/* Enough to tell the kind, though the source may give single bytes. */
static int read_head(struct decompress *d, struct err *err)
{
	while (d->in_len < COMPRESS_DETECT_BYTES) {
		ssize_t got = d->read(d->ctx, d->in + d->in_len, sizeof(d->in) - d->in_len, err);
		if (got < 0)
			return -1;
		if (got == 0) {
			d->in_ended = true;
			break;
		}
		d->in_len += (size_t)got;
		d->in_total += (uint64_t)got;
	}
	return 0;
}

int decompress_new(compress_read_fn read, void *ctx, struct decompress **ret, struct err *err)
{
	auto_ptr(decompress) d = mem_alloc(sizeof(*d));
	d->read = read;
	d->ctx = ctx;
	if (read_head(d, err) < 0)
		return -1;
	d->kind = compress_detect(d->in, d->in_len);
	d->ops = ops[d->kind];
	if (d->ops && (d->ops->load(err) < 0 || d->ops->open(d, err) < 0))
		return -1;
	*ret = take_ptr(d);
	return 0;
}

void decompress_preload(void)
{
	for (int k = 0; k < COMPRESS_KIND_COUNT; k++) {
		struct err ignored = { 0 };
		if (ops[k] && ops[k]->load(&ignored) < 0)
			continue; /* told when such a stream comes */
	}
}

static ssize_t read_plain(struct decompress *d, void *buf, size_t len, struct err *err)
{
	ssize_t have = refill(d, err);
	if (have <= 0)
		return have;
	size_t n = (size_t)have < len ? (size_t)have : len;
	memcpy(buf, d->in + d->in_at, n);
	d->in_at += n;
	return (ssize_t)n;
}

/* The ratio is looked at once there is enough to judge by: a file of zeros, or the same text again and again, is no bomb, and zstd
 * and xz make of a hundred MiB of it a few KiB. */
enum { RATIO_GRACE_BYTES = 1 << 30 };

static int check_ratio(const struct decompress *d, struct err *err)
{
	if (d->out_total < RATIO_GRACE_BYTES || d->out_total / LIMIT_INFLATE_RATIO <= d->in_total)
		return 0;
	return err_set(err, ERR_LIMIT, "a %s stream of %llu bytes grew to %llu: this is a decompression bomb", compress_word(d->kind),
		       (unsigned long long)d->in_total, (unsigned long long)d->out_total);
}

ssize_t decompress_read(struct decompress *d, void *buf, size_t len, struct err *err)
{
	if (!d->ops)
		return read_plain(d, buf, len, err);
	size_t done = 0;
	while (!done && !d->ended) {
		ssize_t have = refill(d, err);
		if (have < 0)
			return -1;
		size_t used = 0;
		int rc = d->ops->run(d, d->in + d->in_at, (size_t)have, &used, buf, len, &done, have == 0, err);
		if (rc < 0)
			return -1;
		d->in_at += used;
		d->out_total += done;
		if (check_ratio(d, err) < 0)
			return -1;
		if (have == 0 && !done && !d->ended)
			return err_set(err, ERR_INVALID, "the %s stream is cut short", compress_word(d->kind));
		if (have && !used && !done && !d->ended) /* a library that waits for what it has would wait for ever */
			return err_set(err, ERR_INVALID, "the %s stream is damaged (it does not go on)", compress_word(d->kind));
	}
	return (ssize_t)done;
}

enum compress_kind decompress_kind(const struct decompress *d)
{
	return d->kind;
}

void decompress_free(struct decompress *d)
{
	if (!d)
		return;
	if (d->ops && d->state)
		d->ops->close(d);
	free(d);
}
