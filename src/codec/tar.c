#include "codec/tar.h"

#include "base/limits.h"
#include "base/str.h"
#include "codec/tar_priv.h"

#include <string.h>

/* SPEC POSIX ustar header block; GNU's fields lie where ustar has its prefix. */
struct header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100], magic[6], version[2],
		user[32], group[32], major[8], minor[8], prefix[155], pad[12];
};
_Static_assert(sizeof(struct header) == TAR_BLOCK_BYTES, "a header is one block");

enum { GNU_SPARSE_AT = 386, GNU_EXTENDED_AT = 482, GNU_REAL_SIZE_AT = 483, GNU_SPARSE_BYTES = 24, GNU_IN_HEADER = 4, GNU_IN_BLOCK = 21 };

struct tar {
	tar_read_fn read;
	tar_raw_fn raw;
	void *ctx;
	uint64_t left, pad; /* of the current entry's content */
	uint64_t entries;
	struct tar_entry entry;
	struct tar_pax pax, global;
	char *long_name, *long_link;
};

struct tar *tar_new(tar_read_fn read, tar_raw_fn raw, void *ctx)
{
	struct tar *t = mem_alloc(sizeof(*t));
	t->read = read;
	t->raw = raw;
	t->ctx = ctx;
	return t;
}

static void entry_done(struct tar_entry *e)
{
	free(e->path);
	free(e->link);
	for (size_t i = 0; i < e->xattr_count; i++) {
		free(e->xattrs[i].name);
		free(e->xattrs[i].value);
	}
	free(e->xattrs);
	free(e->segments);
	*e = (struct tar_entry){ 0 };
}

void tar_free(struct tar *t)
{
	if (!t)
		return;
	entry_done(&t->entry);
	tar_pax_done(&t->pax);
	tar_pax_done(&t->global);
	free(t->long_name);
	free(t->long_link);
	free(t);
}

/* --- bytes --- */

static int cut_short(struct err *err)
{
	return err_set(err, ERR_INVALID, "the archive is cut short");
}

/* 1: filled; 0: the end before the first byte. */
static int read_full(struct tar *t, void *buf, size_t len, struct err *err)
{
	size_t done = 0;
	while (done < len) {
		ssize_t got = t->read(t->ctx, (char *)buf + done, len - done, err);
		if (got < 0)
			return -1;
		if (got == 0)
			return done ? cut_short(err) : 0;
		done += (size_t)got;
	}
	return 1;
}

static int read_raw(struct tar *t, void *buf, size_t len, struct err *err)
{
	int rc = read_full(t, buf, len, err);
	return rc <= 0 ? rc : t->raw(t->ctx, buf, len, err) < 0 ? -1 : 1;
}

static int skip_raw(struct tar *t, uint64_t len, struct err *err)
{
	char chunk[16 << 10];
	while (len) {
		size_t n = len < sizeof(chunk) ? (size_t)len : sizeof(chunk);
		int rc = read_raw(t, chunk, n, err);
		if (rc <= 0)
			return rc < 0 ? -1 : cut_short(err);
		len -= n;
	}
	return 0;
}

/* Everything after the end marker belongs to the bytes that were signed for. */
static int drain(struct tar *t, struct err *err)
{
	char chunk[16 << 10];
	ssize_t got;
	while ((got = t->read(t->ctx, chunk, sizeof(chunk), err)) > 0)
		if (t->raw(t->ctx, chunk, (size_t)got, err) < 0)
			return -1;
	return (int)got;
}

ssize_t tar_read(struct tar *t, void *buf, size_t len, struct err *err)
{
	if (!t->left)
		return 0;
	ssize_t got = t->read(t->ctx, buf, t->left < len ? (size_t)t->left : len, err);
	if (got <= 0)
		return got < 0 ? -1 : cut_short(err);
	t->left -= (uint64_t)got;
	return got;
}

/* --- fields --- */

/* Octal with spaces or NULs around, or base 256 when the top bit is set (GNU). */
static int parse_number(const char *field, size_t len, int64_t *ret)
{
	const unsigned char *f = (const unsigned char *)field;
	if (f[0] & 0x80) {
		bool minus = f[0] & 0x40;
		uint64_t value = minus ? UINT64_MAX : 0;
		for (size_t i = 0; i < len; i++) {
			unsigned byte = i ? f[i] : (unsigned)(f[0] & 0x7f) | (minus ? 0x80 : 0);
			if (len - i > 8 && byte != (minus ? 0xffu : 0u))
				return -1;
			value = value << 8 | byte;
		}
		*ret = (int64_t)value;
		return minus == (*ret < 0) ? 0 : -1;
	}
	size_t at = 0;
	uint64_t value = 0;
	while (at < len && (field[at] == ' ' || !field[at]))
		at++;
	for (; at < len && field[at] >= '0' && field[at] <= '7'; at++)
		value = value << 3 | (uint64_t)(field[at] - '0');
	for (; at < len && field[at]; at++) /* COMPAT: whatever follows a NUL does not count */
		if (field[at] != ' ')
			return -1;
	*ret = (int64_t)value;
	return 0;
}

static int number(const char *field, size_t len, uint64_t max, const char *what, uint64_t *ret, struct err *err)
{
	int64_t value;
	if (parse_number(field, len, &value) < 0 || value < 0 || (uint64_t)value > max)
		return err_set(err, ERR_INVALID, "a header's %s is no number in range", what);
	*ret = (uint64_t)value;
	return 0;
}

static bool checksum_fits(const struct header *h)
{
	const unsigned char *bytes = (const unsigned char *)h;
	int64_t told, sum = 0, signed_sum = 0;
	for (size_t i = 0; i < TAR_BLOCK_BYTES; i++) {
		bool own = i >= offsetof(struct header, checksum) && i < offsetof(struct header, type);
		sum += own ? ' ' : bytes[i];
		signed_sum += own ? ' ' : (signed char)bytes[i];
	}
	return parse_number(h->checksum, sizeof(h->checksum), &told) >= 0 && (told == sum || told == signed_sum);
}

static bool is_zero(const void *block)
{
	static const char zero[TAR_BLOCK_BYTES];
	return memcmp(block, zero, sizeof(zero)) == 0;
}

static char *field_dup(const char *field, size_t len)
{
	return mem_strndup(field, strnlen(field, len));
}

/* --- one entry --- */

static int read_text(struct tar *t, uint64_t size, uint64_t max, char **ret, struct err *err)
{
	if (size > max)
		return err_set(err, ERR_LIMIT, "an extended header has %llu bytes, more than %llu", (unsigned long long)size, (unsigned long long)max);
	uint64_t padded = (size + TAR_BLOCK_BYTES - 1) / TAR_BLOCK_BYTES * TAR_BLOCK_BYTES;
	auto_free char *text = mem_alloc((size_t)padded + 1);
	int rc = padded ? read_raw(t, text, (size_t)padded, err) : 1;
	if (rc <= 0)
		return rc < 0 ? -1 : cut_short(err);
	text[size] = 0;
	*ret = take_ptr(text);
	return 0;
}

static int take_pax(struct tar *t, struct tar_pax *pax, uint64_t size, struct err *err)
{
	auto_free char *text = NULL;
	return read_text(t, size, LIMIT_PAX_BYTES, &text, err) < 0 ? -1 : tar_pax_parse(pax, text, (size_t)size, err);
}

static int take_long(struct tar *t, char **field, uint64_t size, struct err *err)
{
	auto_free char *text = NULL;
	if (read_text(t, size, LIMIT_PATH_BYTES, &text, err) < 0)
		return -1;
	free(*field);
	*field = *text ? take_ptr(text) : NULL; /* none at all: the header's own name counts */
	return 0;
}

/* COMPAT: Go before 1.8 wrote a prefix where GNU has times: what is no number there is a name. */
static bool has_prefix(const struct header *h)
{
	enum { TIME_BYTES = 12 };
	int64_t ignored;
	if (memcmp(h->magic, "ustar\0", 6) == 0)
		return h->prefix[0];
	return memcmp(h->magic, "ustar ", 6) == 0 && ((h->prefix[0] && parse_number(h->prefix, TIME_BYTES, &ignored) < 0) ||
						      (h->prefix[TIME_BYTES] && parse_number(h->prefix + TIME_BYTES, TIME_BYTES, &ignored) < 0));
}

static char *header_path_dup(const struct header *h)
{
	if (has_prefix(h) && h->prefix[0])
		return mem_printf("%.*s/%.*s", (int)strnlen(h->prefix, sizeof(h->prefix)), h->prefix, (int)strnlen(h->name, sizeof(h->name)), h->name);
	return field_dup(h->name, sizeof(h->name));
}

static int type_of(char type, const char *path, enum tar_type *ret, struct err *err)
{
	static const struct { char c; enum tar_type type; } rows[] = {
		{ '0', TAR_FILE }, { 0, TAR_FILE }, { '7', TAR_FILE }, { 'S', TAR_FILE }, { '1', TAR_HARD_LINK }, { '2', TAR_SYMLINK },
		{ '3', TAR_CHAR }, { '4', TAR_BLOCK }, { '5', TAR_DIR }, { '6', TAR_FIFO },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].c != type)
			continue;
		*ret = rows[i].type;
		/* COMPAT: V7 tar wrote a directory as a file whose name ends so */
		if (!type && *path && path[strlen(path) - 1] == '/')
			*ret = TAR_DIR;
		return 0;
	}
	return err_set(err, ERR_INVALID, "'%s' is of the unknown type '%c'", path, type >= ' ' && type < 127 ? type : '?');
}

static int take_numbers(const struct tar *t, const struct header *h, struct tar_entry *e, struct err *err)
{
	uint64_t n = 0;
	int64_t mtime;
	if (number(h->mode, sizeof(h->mode), UINT32_MAX, "mode", &n, err) < 0)
		return -1;
	e->mode = (mode_t)n & 07777;
	e->uid = t->pax.uid;
	e->gid = t->pax.gid;
	if (!t->pax.has_uid) {
		if (number(h->uid, sizeof(h->uid), UINT32_MAX - 1, "uid", &n, err) < 0)
			return -1;
		e->uid = (uint32_t)n;
	}
	if (!t->pax.has_gid) {
		if (number(h->gid, sizeof(h->gid), UINT32_MAX - 1, "gid", &n, err) < 0)
			return -1;
		e->gid = (uint32_t)n;
	}
	if (parse_number(h->mtime, sizeof(h->mtime), &mtime) < 0)
		return err_set(err, ERR_INVALID, "a header's mtime is no number in range");
	if (mtime < 0 || mtime > INT64_MAX / 1000000000) /* COMPAT: times that have no nanoseconds since 1970 are 1970 */
		mtime = 0;
	e->mtime_ns = t->pax.has_mtime ? t->pax.mtime_ns : mtime * 1000000000;
	if (e->type == TAR_CHAR || e->type == TAR_BLOCK) {
		if (number(h->major, sizeof(h->major), UINT32_MAX, "major", &n, err) < 0)
			return -1;
		e->major = (uint32_t)n;
		if (number(h->minor, sizeof(h->minor), UINT32_MAX, "minor", &n, err) < 0)
			return -1;
		e->minor = (uint32_t)n;
	}
	return 0;
}

/* --- sparse --- */

static int add_gnu_pieces(const char *at, int count, struct tar_entry *e, struct err *err)
{
	for (int i = 0; i < count; i++, at += GNU_SPARSE_BYTES) {
		uint64_t offset, len;
		if (!at[0])
			break;
		if (number(at, 12, LIMIT_FILE_BYTES, "sparse map", &offset, err) < 0 || number(at + 12, 12, LIMIT_FILE_BYTES, "sparse map", &len, err) < 0 ||
		    tar_pax_add_segment(&e->segments, &e->segment_count, offset, len, err) < 0)
			return -1;
	}
	return 0;
}

static int take_gnu_sparse(struct tar *t, const struct header *h, struct tar_entry *e, struct err *err)
{
	const char *block = (const char *)h;
	bool more = block[GNU_EXTENDED_AT] != 0;
	e->segments = mem_alloc(sizeof(*e->segments));
	if (number(block + GNU_REAL_SIZE_AT, 12, LIMIT_FILE_BYTES, "size", &e->size, err) < 0 ||
	    add_gnu_pieces(block + GNU_SPARSE_AT, GNU_IN_HEADER, e, err) < 0)
		return -1;
	while (more) {
		char next[TAR_BLOCK_BYTES];
		int rc = read_raw(t, next, sizeof(next), err);
		if (rc <= 0)
			return rc < 0 ? -1 : cut_short(err);
		if (add_gnu_pieces(next, GNU_IN_BLOCK, e, err) < 0)
			return -1;
		more = next[GNU_IN_BLOCK * GNU_SPARSE_BYTES] != 0;
	}
	return 0;
}

struct line_reader {
	struct tar *t;
	char block[TAR_BLOCK_BYTES];
	size_t at;
	uint64_t used;
};

static int next_line(struct line_reader *r, uint64_t limit, uint64_t *ret, struct err *err)
{
	uint64_t value = 0;
	for (int digits = 0;; digits++) {
		if (r->at == TAR_BLOCK_BYTES || !r->used) {
			if (r->used + TAR_BLOCK_BYTES > limit || read_raw(r->t, r->block, TAR_BLOCK_BYTES, err) <= 0)
				return err->kind ? -1 : cut_short(err);
			r->used += TAR_BLOCK_BYTES;
			r->at = 0;
		}
		char c = r->block[r->at++];
		if (c == '\n' && digits) {
			*ret = value;
			return 0;
		}
		if (c < '0' || c > '9' || digits > 15)
			return err_set(err, ERR_INVALID, "the map of a sparse file is damaged");
		value = value * 10 + (uint64_t)(c - '0');
	}
}

/* GNU.sparse 1.0: the map stands in front of the content, in whole blocks. */
static int take_map_1_0(struct tar *t, struct tar_entry *e, struct err *err)
{
	struct line_reader r = { .t = t };
	uint64_t count, offset, len;
	e->segments = mem_alloc(sizeof(*e->segments));
	if (next_line(&r, e->stored, &count, err) < 0)
		return -1;
	for (uint64_t i = 0; i < count; i++)
		if (next_line(&r, e->stored, &offset, err) < 0 || next_line(&r, e->stored, &len, err) < 0 ||
		    tar_pax_add_segment(&e->segments, &e->segment_count, offset, len, err) < 0)
			return -1;
	e->stored -= r.used;
	return 0;
}

static int take_sparse(struct tar *t, const struct header *h, struct tar_entry *e, struct err *err)
{
	uint64_t sum = 0;
	if (h->type == 'S') {
		if (take_gnu_sparse(t, h, e, err) < 0)
			return -1;
	} else if (t->pax.sparse_major == 1) {
		e->size = t->pax.real_size;
		if (take_map_1_0(t, e, err) < 0)
			return -1;
	} else if (t->pax.segments) {
		e->size = t->pax.real_size;
		e->segments = take_ptr(t->pax.segments);
		e->segment_count = t->pax.segment_count;
	} else {
		return 0;
	}
	for (size_t i = 0; i < e->segment_count; i++) {
		if (e->segments[i].offset + e->segments[i].len > e->size)
			return err_set(err, ERR_INVALID, "the map of the sparse file '%s' goes beyond its end", e->path);
		sum += e->segments[i].len;
	}
	return sum == e->stored ? 0 : err_set(err, ERR_INVALID, "the map of the sparse file '%s' does not fit its content", e->path);
}

static void take_names(struct tar *t, const struct header *h, struct tar_entry *e)
{
	/* COMPAT: where both are given, GNU's name counts, as in Go */
	char *path = t->pax.sparse_name ? take_ptr(t->pax.sparse_name) : t->long_name ? take_ptr(t->long_name) : take_ptr(t->pax.path);
	char *link = t->long_link ? take_ptr(t->long_link) : take_ptr(t->pax.link);
	e->path = path ? path : header_path_dup(h);
	e->link = link ? link : field_dup(h->link, sizeof(h->link));
}

static int take_entry(struct tar *t, const struct header *h, uint64_t size, struct err *err)
{
	struct tar_entry *e = &t->entry;
	take_names(t, h, e);
	if (strlen(e->path) >= LIMIT_PATH_BYTES || strlen(e->link) >= LIMIT_PATH_BYTES)
		return err_set(err, ERR_LIMIT, "a name has more than %d bytes", LIMIT_PATH_BYTES - 1);
	if (type_of(h->type, e->path, &e->type, err) < 0 || take_numbers(t, h, e, err) < 0)
		return -1;
	/* only files have content, whatever the size field of the others says (SPEC pax: links may carry the size of their target) */
	e->stored = e->type != TAR_FILE ? 0 : t->pax.has_size ? t->pax.size : size;
	e->size = e->stored;
	uint64_t padded = (e->stored + TAR_BLOCK_BYTES - 1) / TAR_BLOCK_BYTES * TAR_BLOCK_BYTES, whole = e->stored;
	if (e->type == TAR_FILE && take_sparse(t, h, e, err) < 0)
		return -1;
	t->left = e->stored;
	t->pad = padded - whole;
	e->xattrs = take_ptr(t->pax.xattrs);
	e->xattr_count = t->pax.xattr_count;
	t->pax.xattr_count = 0;
	tar_pax_done(&t->pax);
	free(take_ptr(t->long_name));
	free(take_ptr(t->long_link));
	return 1;
}

/* The second block of the end marker: two readers must not disagree on where an archive ends. Anything may follow it. */
static int take_end(struct tar *t, struct err *err)
{
	char block[TAR_BLOCK_BYTES];
	int rc = read_raw(t, block, sizeof(block), err);
	if (rc <= 0)
		return rc;
	if (!is_zero(block))
		return err_set(err, ERR_INVALID, "the archive goes on after a block of zeros");
	return drain(t, err) < 0 ? -1 : 0;
}

/* Skips what is left of the entry before. */
static int finish_entry(struct tar *t, struct err *err)
{
	uint64_t rest = t->left + t->pad;
	t->left = t->pad = 0;
	entry_done(&t->entry);
	return rest ? skip_raw(t, rest, err) : 0;
}

int tar_next(struct tar *t, const struct tar_entry **ret, struct err *err)
{
	struct header h;
	uint64_t size = 0;
	if (finish_entry(t, err) < 0)
		return -1;
	for (;;) {
		int rc = read_raw(t, &h, sizeof(h), err);
		if (rc < 0)
			return -1;
		if (rc == 0) { /* COMPAT: archives without their end marker are read too; nothing at all is no archive */
			return t->entries || t->pax.path ? 0 : err_set(err, ERR_INVALID, "there is no archive: not a single byte");
		}
		if (is_zero(&h))
			return take_end(t, err);
		if (!checksum_fits(&h))
			return err_set(err, ERR_INVALID, "this is no tar archive: a header's checksum is wrong");
		if (++t->entries > LIMIT_TAR_ENTRIES)
			return err_set(err, ERR_LIMIT, "the archive has more than %d entries", LIMIT_TAR_ENTRIES);
		if (number(h.size, sizeof(h.size), LIMIT_FILE_BYTES, "size", &size, err) < 0)
			return -1;
		switch (h.type) {
		case 'x':
		case 'X':
			rc = take_pax(t, &t->pax, size, err);
			break;
		case 'g':
			rc = take_pax(t, &t->global, size, err);
			tar_pax_done(&t->global); /* COMPAT: comments (git archive); values for all are not applied, as Go reads them */
			break;
		case 'L':
			rc = take_long(t, &t->long_name, size, err);
			break;
		case 'K':
			rc = take_long(t, &t->long_link, size, err);
			break;
		default:
			rc = take_entry(t, &h, size, err);
			if (rc > 0)
				*ret = &t->entry;
			return rc;
		}
		if (rc < 0)
			return -1;
	}
}
