/* tar-split: a line of JSON for each piece of the archive, in order.
 * SPEC github.com/vbatts/tar-split, the format in docs/formats/podman-store.md: "type" 2 are bytes as they were (base64 in "payload"), 1 is
 * the content of the file "name" (or "name_raw", base64, where it is no UTF-8), "size" bytes. */
#include "base/fd.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "codec/decompress.h"
#include "codec/enc.h"
#include "codec/json.h"
#include "codec/json_parse.h"
#include "storage/layer_out.h"
#include "storage/podman_store_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { PIECE_FILE = 1, PIECE_BYTES = 2 };

struct split {
	int layer_fd, diff_fd, split_fd;
	struct decompress *in;
	struct layer_out out;
	char chunk[64 << 10];
};

static ssize_t read_split(void *ctx, void *buf, size_t len, struct err *err)
{
	const struct split *s = ctx;
	ssize_t got = read(s->split_fd, buf, len);
	return got < 0 ? err_sys(err, errno, "cannot read the layer's tar-split") : got;
}

static int damaged(struct err *err)
{
	return err_set(err, ERR_CORRUPT, "its tar-split is damaged: pull its image again, with Podman");
}

static int give_bytes(struct split *s, const struct json *piece, struct err *err)
{
	auto_free char *data = NULL;
	size_t len;
	if (enc_base64_decode(json_get_str(piece, "payload", ""), &data, &len) < 0)
		return damaged(err);
	return layer_out_bytes(&s->out, data, len, err);
}

static int give_file(struct split *s, const struct json *piece, struct err *err)
{
	auto_free char *raw = NULL;
	auto_close int fd = -EBADF;
	size_t len;
	uint64_t size = json_get_u64(piece, "size", 0);
	const char *name = json_get_str(piece, "name", "");
	if (!size)
		return 0;
	if (json_has(piece, "name_raw")) {
		if (enc_base64_decode(json_get_str(piece, "name_raw", ""), &raw, &len) < 0)
			return damaged(err);
		name = raw;
	}
	int rc = path_open(s->diff_fd, name, PATH_IN_ROOT, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0, &fd);
	return rc < 0 ? err_sys(err, -rc, "cannot open '%.300s' of the layer", name) : layer_out_range(&s->out, fd, name, 0, size, err);
}

static int give_piece(struct split *s, const char *line, size_t len, struct err *err)
{
	auto_ptr(json) piece = NULL;
	struct err why = { 0 };
	if (json_parse_object(line, len, LIMIT_JSON_DEPTH_OUTSIDE, 0, &piece, &why) < 0)
		return damaged(err);
	switch (json_get_i64(piece, "type", 0)) {
	case PIECE_FILE:
		return give_file(s, piece, err);
	case PIECE_BYTES:
		return give_bytes(s, piece, err);
	default:
		return damaged(err);
	}
}

/* What of the lines is complete goes; the rest stays for the next read. */
static int give_lines(struct split *s, struct str *held, struct err *err)
{
	size_t at = 0;
	for (const char *end; at < held->len && (end = memchr(held->data + at, '\n', held->len - at)); at = (size_t)(end - held->data) + 1)
		if (give_piece(s, held->data + at, (size_t)(end - held->data) - at, err) < 0)
			return -1;
	if (at)
		memmove(held->data, held->data + at, held->len - at);
	str_cut(held, held->len - at);
	return held->len > LIMIT_RECORD_BYTES ? damaged(err) : 0;
}

static int give_all(struct split *s, struct err *err)
{
	auto_str held = { 0 };
	if (decompress_new(read_split, s, &s->in, err) < 0)
		return -1;
	for (;;) {
		ssize_t got = decompress_read(s->in, s->chunk, sizeof(s->chunk), err);
		if (got < 0)
			return -1;
		if (got == 0)
			return held.len ? damaged(err) : 0;
		str_add_mem(&held, s->chunk, (size_t)got);
		if (give_lines(s, &held, err) < 0)
			return -1;
	}
}

/* Who writes it as a member of another archive has told its size from the record. */
static int check_size(const struct split *s, const struct layer *layer, struct err *err)
{
	if (str_eq(layer->digest, layer->diff_id) && layer->size != s->out.written)
		return err_set(err, ERR_CORRUPT, "it has %ju bytes, and its record says %ju", (uintmax_t)s->out.written, (uintmax_t)layer->size);
	return 0;
}

int podman_store_write_tar(struct podman_store *p, const struct layer *layer, int out_fd, struct err *err)
{
	struct split *s = mem_alloc(sizeof(*s));
	s->layer_fd = s->diff_fd = s->split_fd = -EBADF;
	int rc = podman_store_layer_fd(p, layer->id, &s->layer_fd, &s->diff_fd, err);
	if (rc >= 0)
		rc = podman_store_split_fd(p, layer->id, &s->split_fd, err);
	if (rc >= 0)
		rc = layer_out_open(&s->out, out_fd, err);
	if (rc >= 0)
		rc = give_all(s, err);
	if (rc >= 0)
		rc = layer_out_check(&s->out, layer->diff_id, err);
	if (rc >= 0)
		rc = check_size(s, layer, err);
	if (rc < 0)
		err_wrap(err, "layer %s", layer->diff_id);
	decompress_free(s->in);
	layer_out_done(&s->out);
	fd_close(s->layer_fd);
	fd_close(s->diff_fd);
	fd_close(s->split_fd);
	free(s);
	return rc;
}
