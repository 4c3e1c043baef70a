#include "storage/layer_index.h"

#include "base/fd.h"
#include "base/file.h"
#include "codec/compress.h"

#include <string.h>

enum { RAW_BUFFER_BYTES = 64 << 10 };

struct layer_index {
	struct compress *out;
	int fd;
	size_t raw_len;
	unsigned char raw[RAW_BUFFER_BYTES];
};

static int write_out(void *ctx, const void *data, size_t len, struct err *err)
{
	const struct layer_index *x = ctx;
	int rc = fd_write_full(x->fd, data, len);
	return rc < 0 ? err_sys(err, -rc, "cannot write the layer's tar-index") : 0;
}

int layer_index_new(int fd, struct layer_index **ret, struct err *err)
{
	auto_ptr(layer_index) x = mem_alloc(sizeof(*x));
	x->fd = fd;
	if (compress_new(COMPRESS_ZSTD, 1, write_out, x, &x->out, err) < 0) {
		if (!err_is(err, ERR_UNSUPPORTED))
			return -1;
		err_clear(err);
		if (compress_new(COMPRESS_GZIP, 1, write_out, x, &x->out, err) < 0)
			return -1;
	}
	*ret = take_ptr(x);
	return 0;
}

static int put(struct layer_index *x, const void *data, size_t len, struct err *err)
{
	return compress_add(x->out, data, len, err);
}

static int flush(struct layer_index *x, struct err *err)
{
	uint32_t len = (uint32_t)x->raw_len;
	if (!len)
		return 0;
	x->raw_len = 0;
	return put(x, "R", 1, err) < 0 || put(x, &len, sizeof(len), err) < 0 ? -1 : put(x, x->raw, len, err);
}

int layer_index_raw(struct layer_index *x, const void *data, size_t len, struct err *err)
{
	while (len) {
		size_t n = sizeof(x->raw) - x->raw_len < len ? sizeof(x->raw) - x->raw_len : len;
		memcpy(x->raw + x->raw_len, data, n);
		x->raw_len += n;
		data = (const char *)data + n;
		len -= n;
		if (x->raw_len == sizeof(x->raw) && flush(x, err) < 0)
			return -1;
	}
	return 0;
}

static int put_path(struct layer_index *x, char letter, const char *path, struct err *err)
{
	uint16_t len = (uint16_t)strlen(path); /* names are shorter than LIMIT_PATH_BYTES */
	return flush(x, err) < 0 || put(x, &letter, 1, err) < 0 || put(x, &len, sizeof(len), err) < 0 ? -1 : put(x, path, len, err);
}

int layer_index_file(struct layer_index *x, const char *path, const struct tar_entry *e, struct err *err)
{
	if (!e->segments)
		return put_path(x, 'F', path, err) < 0 ? -1 : put(x, &e->stored, sizeof(e->stored), err);
	uint32_t count = (uint32_t)e->segment_count;
	if (put_path(x, 'S', path, err) < 0 || put(x, &count, sizeof(count), err) < 0)
		return -1;
	for (size_t i = 0; i < e->segment_count; i++)
		if (put(x, &e->segments[i].offset, 8, err) < 0 || put(x, &e->segments[i].len, 8, err) < 0)
			return -1;
	return 0;
}

int layer_index_moved(struct layer_index *x, const char *path, uint32_t lost, struct err *err)
{
	return put_path(x, 'M', path, err) < 0 ? -1 : put(x, &lost, sizeof(lost), err);
}

int layer_index_end(struct layer_index *x, struct err *err)
{
	return flush(x, err) < 0 ? -1 : compress_end(x->out, err);
}

void layer_index_free(struct layer_index *x)
{
	if (!x)
		return;
	compress_free(x->out);
	free(x);
}
