/* tar_out.c - see tar_out.h */
#include "codec/tar_out.h"

#include <stdio.h>
#include <string.h>

#include "base/ntime.h"
#include "base/str.h"

/* SPEC ustar: where the fields are, and how long */
enum {
	AT_MODE = 100,
	AT_UID = 108,
	AT_GID = 116,
	AT_SIZE = 124,
	AT_MTIME = 136,
	AT_SUM = 148,
	AT_TYPE = 156,
	AT_LINK = 157,
	AT_MAGIC = 257,
	AT_MAJOR = 329,
	AT_MINOR = 337,
	ID_BYTES = 8,
	NUMBER_BYTES = 12,
};

static const char types[] = { [TAR_FILE] = '0', [TAR_HARD_LINK] = '1', [TAR_SYMLINK] = '2', [TAR_CHAR] = '3',
			      [TAR_BLOCK] = '4', [TAR_DIR] = '5', [TAR_FIFO] = '6' };

/* Octal digits and a NUL, or (GNU) a mark and the number in base 256. */
static void put_number(char *field, size_t len, uint64_t value)
{
	if (value >> (3 * (len - 1)) == 0) {
		snprintf(field, len, "%0*llo", (int)len - 1, (unsigned long long)value);
		return;
	}
	for (size_t i = len; i-- > 0; value >>= 8)
		field[i] = (char)(value & 0xff);
	field[0] = (char)0x80;
}

/* As much of it as fits: the whole is in the PAX header then. */
static void put_name(char *field, const char *name)
{
	size_t len = strnlen(name, TAR_OUT_NAME_MAX);
	memcpy(field, name, len);
}

void tar_out_block(const struct tar_entry *e, char type, uint64_t size, char block[TAR_OUT_BLOCK])
{
	unsigned sum = 0;
	memset(block, 0, TAR_OUT_BLOCK);
	put_name(block, e->path);
	put_number(block + AT_MODE, ID_BYTES, e->mode & 07777);
	put_number(block + AT_UID, ID_BYTES, e->uid);
	put_number(block + AT_GID, ID_BYTES, e->gid);
	put_number(block + AT_SIZE, NUMBER_BYTES, size);
	put_number(block + AT_MTIME, NUMBER_BYTES, e->mtime_ns > 0 ? (uint64_t)(e->mtime_ns / NS_PER_S) : 0);
	memset(block + AT_SUM, ' ', ID_BYTES);
	block[AT_TYPE] = type;
	if (e->link)
		put_name(block + AT_LINK, e->link);
	memcpy(block + AT_MAGIC, "ustar\00000", 8);
	if (e->type == TAR_CHAR || e->type == TAR_BLOCK) {
		put_number(block + AT_MAJOR, ID_BYTES, e->major);
		put_number(block + AT_MINOR, ID_BYTES, e->minor);
	}
	for (size_t i = 0; i < TAR_OUT_BLOCK; i++)
		sum += (unsigned char)block[i];
	snprintf(block + AT_SUM, ID_BYTES, "%06o", sum & 0777777);
}

/* ---- the extended header ---- */

/* SPEC pax: "LENGTH KEY=VALUE\n", where LENGTH counts itself. */
static void put_record(struct str *out, const char *key, const void *value, size_t len)
{
	size_t body = strlen(key) + len + 3, total = body;
	for (size_t before = 0; before != total;) {
		char digits[24];
		before = total;
		total = body + (size_t)snprintf(digits, sizeof(digits), "%zu", total);
	}
	str_addf(out, "%zu %s=", total, key);
	str_add_mem(out, value, len);
	str_add_char(out, '\n');
}

static void put_text_record(struct str *out, const char *key, const char *value)
{
	put_record(out, key, value, strlen(value));
}

static void put_sparse(struct str *out, const struct tar_entry *e)
{
	char size[24];
	snprintf(size, sizeof(size), "%llu", (unsigned long long)e->size);
	put_text_record(out, "GNU.sparse.major", "1");
	put_text_record(out, "GNU.sparse.minor", "0");
	put_text_record(out, "GNU.sparse.name", e->path);
	put_text_record(out, "GNU.sparse.realsize", size);
}

static void put_extended(struct str *out, const struct tar_entry *e)
{
	if (e->segments)
		put_sparse(out, e);
	if (strlen(e->path) > TAR_OUT_NAME_MAX)
		put_text_record(out, "path", e->path);
	if (e->link && strlen(e->link) > TAR_OUT_NAME_MAX)
		put_text_record(out, "linkpath", e->link);
	for (size_t i = 0; i < e->xattr_count; i++) {
		auto_free char *key = mem_printf("SCHILY.xattr.%s", e->xattrs[i].name);
		put_record(out, key, e->xattrs[i].value, e->xattrs[i].len);
	}
}

static int pad(struct tar_out *t, uint64_t size, struct err *err)
{
	static const char zeros[TAR_OUT_BLOCK];
	size_t padding = (TAR_OUT_BLOCK - size % TAR_OUT_BLOCK) % TAR_OUT_BLOCK;
	return padding ? t->write(t->ctx, zeros, padding, err) : 0;
}

static int write_extended(struct tar_out *t, const struct tar_entry *e, struct err *err)
{
	auto_str body = { 0 };
	char block[TAR_OUT_BLOCK];
	put_extended(&body, e);
	if (!body.len)
		return 0;
	tar_out_block(&(struct tar_entry){ .path = (char *)"PaxHeaders/x", .mode = 0644 }, 'x', body.len, block);
	return t->write(t->ctx, block, sizeof(block), err) < 0 || t->write(t->ctx, body.data, body.len, err) < 0 ? -1 : pad(t, body.len, err);
}

/* SPEC GNU.sparse 1.0: the map stands before the content, in decimal lines, padded to a block. */
static void sparse_map(struct str *out, const struct tar_entry *e)
{
	str_addf(out, "%zu\n", e->segment_count);
	for (size_t i = 0; i < e->segment_count; i++)
		str_addf(out, "%llu\n%llu\n", (unsigned long long)e->segments[i].offset, (unsigned long long)e->segments[i].len);
	while (out->len % TAR_OUT_BLOCK)
		str_add_char(out, '\0');
}

/* ---- entries ---- */

static int finish_entry(struct tar_out *t, struct err *err)
{
	static const char zeros[TAR_OUT_BLOCK];
	size_t padding = (size_t)t->padding;
	t->padding = 0;
	if (t->left)
		return err_set(err, ERR_INTERNAL, "an entry of an archive is shorter than promised");
	return padding ? t->write(t->ctx, zeros, padding, err) : 0;
}

int tar_out_entry(struct tar_out *t, const struct tar_entry *e, struct err *err)
{
	auto_str map = { 0 };
	char block[TAR_OUT_BLOCK];
	if (finish_entry(t, err) < 0 || write_extended(t, e, err) < 0)
		return -1;
	if (e->segments)
		sparse_map(&map, e);
	tar_out_block(e, types[e->type], e->stored + map.len, block);
	t->left = e->stored;
	t->padding = (TAR_OUT_BLOCK - e->stored % TAR_OUT_BLOCK) % TAR_OUT_BLOCK;
	if (t->write(t->ctx, block, sizeof(block), err) < 0)
		return -1;
	return map.len ? t->write(t->ctx, map.data, map.len, err) : 0;
}

int tar_out_data(struct tar_out *t, const void *data, size_t len, struct err *err)
{
	if (len > t->left)
		return err_set(err, ERR_INTERNAL, "an entry of an archive is longer than promised");
	t->left -= len;
	return t->write(t->ctx, data, len, err);
}

int tar_out_end(struct tar_out *t, struct err *err)
{
	static const char zeros[2 * TAR_OUT_BLOCK];
	return finish_entry(t, err) < 0 ? -1 : t->write(t->ctx, zeros, sizeof(zeros), err);
}
