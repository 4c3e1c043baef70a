/* archive.c - see archive.h */
#include "image/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/num.h"
#include "base/path.h"
#include "base/str.h"
#include "codec/decompress.h"

enum {
	BLOCK = 512,
	MEMBERS_MAX = 20 * 1000,
	SPOOL_BYTES = 64 << 10,
};

/* SPEC ustar */
struct header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, linkname[100];
	char magic[6], version[2], uname[32], gname[32], devmajor[8], devminor[8], prefix[155], pad[12];
};
_Static_assert(sizeof(struct header) == BLOCK, "a tar header is one block");

/* What a pax header or a GNU long name says about the member after it. */
struct override {
	char *name;
	bool has_size;
	uint64_t size;
};

/* ---- spooling ---- */

static ssize_t read_in(void *ctx, void *buf, size_t len, struct err *err)
{
	const struct archive *a = ctx;
	ssize_t n;

	do
		n = read(a->fd, buf, len);
	while (n < 0 && errno == EINTR);
	return n < 0 ? err_sys(err, errno, "cannot read %s", a->what) : n;
}

static int copy_plain(struct decompress *d, int out_fd, struct err *err)
{
	auto_free char *buf = mem_alloc(SPOOL_BYTES);
	uint64_t total = 0;
	ssize_t n;

	while ((n = decompress_read(d, buf, SPOOL_BYTES, err)) > 0) {
		int r = fd_write_full(out_fd, buf, (size_t)n);

		if (r < 0)
			return err_sys(err, -r, "cannot keep the archive in the store's staging directory");
		total += (uint64_t)n;
		if (total > LIMIT_LAYER_BYTES)
			return err_set(err, ERR_LIMIT, "the archive is larger than %llu bytes", LIMIT_LAYER_BYTES);
	}
	return n < 0 ? -1 : 0;
}

static int spool(struct archive *a, struct err *err)
{
	auto_ptr(decompress) d = NULL;
	auto_close int out_fd = -EBADF;

	if (store_stage(a->store, &a->stage, err) < 0)
		return -1;
	out_fd = openat(a->stage.dir_fd, "archive", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (out_fd < 0)
		return err_sys(err, errno, "cannot write to the store's staging directory");
	if (decompress_new(read_in, a, &d, err) < 0 || copy_plain(d, out_fd, err) < 0)
		return err_wrap(err, "reading %s", a->what);
	a->fd = take_fd(out_fd);
	a->spooled = true;
	return 0;
}

static bool needs_spool(int fd)
{
	unsigned char first[COMPRESS_DETECT_BYTES];
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || lseek(fd, 0, SEEK_CUR) != 0)
		return true;
	n = pread(fd, first, sizeof(first), 0);
	return n == (ssize_t)sizeof(first) && compress_detect(first, sizeof(first)) != COMPRESS_PLAIN;
}

/* ---- the table ---- */

static int bad(const struct archive *a, uint64_t at, const char *why, struct err *err)
{
	return err_set(err, ERR_INVALID, "%s is no tar archive: %s at byte %llu", a->what, why, (unsigned long long)at);
}

/* Octal, or GNU's base 256. */
static bool field_number(const char *field, size_t len, uint64_t *ret)
{
	uint64_t v = 0;
	size_t i = 0;

	if ((unsigned char)field[0] & 0x80) {
		for (i = 1; i < len; i++) {
			if (v >> 55)
				return false;
			v = v << 8 | (unsigned char)field[i];
		}
		*ret = v;
		return field[0] == (char)0x80;
	}
	while (i < len && field[i] == ' ')
		i++;
	for (; i < len && field[i] >= '0' && field[i] <= '7'; i++)
		v = v << 3 | (uint64_t)(field[i] - '0');
	*ret = v;
	return i == len || field[i] == '\0' || field[i] == ' ';
}

static bool checksum_fits(const struct header *h)
{
	const unsigned char *p = (const unsigned char *)h;
	uint64_t told = 0, sum = 0;

	for (size_t i = 0; i < BLOCK; i++)
		sum += i >= offsetof(struct header, checksum) && i < offsetof(struct header, type) ? ' ' : p[i];
	return field_number(h->checksum, sizeof(h->checksum), &told) && told == sum;
}

static char *header_name_dup(const struct header *h)
{
	auto_free char *name = mem_strndup(h->name, sizeof(h->name));
	auto_free char *prefix = memcmp(h->magic, "ustar", 6) == 0 ? mem_strndup(h->prefix, sizeof(h->prefix)) : mem_strdup("");

	return *prefix ? mem_printf("%s/%s", prefix, name) : take_ptr(name);
}

static int read_small(const struct archive *a, uint64_t offset, uint64_t size, char **ret, struct err *err)
{
	auto_free char *data = NULL;

	if (size > LIMIT_PAX_BYTES)
		return err_set(err, ERR_LIMIT, "%s: a header of %llu bytes", a->what, (unsigned long long)size);
	data = mem_alloc(size + 1);
	if (pread(a->fd, data, size, (off_t)offset) != (ssize_t)size)
		return bad(a, offset, "it ends", err);
	*ret = take_ptr(data);
	return 0;
}

/* "LEN KEY=VALUE\n" … */
static bool read_pax(const char *data, size_t size, struct override *o)
{
	for (size_t at = 0; at < size;) {
		const char *record = data + at, *space = memchr(record, ' ', size - at);
		auto_free char *digits = space ? mem_strndup(record, (size_t)(space - record)) : NULL, *text = NULL;
		const char *value;
		uint64_t len = 0;

		if (!space || num_u64(digits, size - at, &len) < 0 || len <= (size_t)(space - record) + 1 || record[len - 1] != '\n')
			return false;
		text = mem_strndup(space + 1, len - (size_t)(space - record) - 2);
		value = str_after(text, "path=");
		if (value) {
			free(o->name);
			o->name = mem_strdup(value);
		}
		value = str_after(text, "size=");
		if (value) {
			o->has_size = true;
			if (num_u64(value, INT64_MAX, &o->size) < 0)
				return false;
		}
		at += len;
	}
	return true;
}

static void add_member(struct archive *a, char *name, char type, uint64_t offset, uint64_t size)
{
	if ((a->count & (a->count + 1)) == 0)
		a->members = mem_resize(a->members, 2 * a->count + 1, sizeof(*a->members));
	a->members[a->count++] = (struct archive_member){ .name = path_clean_dup(name), .type = type, .offset = offset, .size = size };
	free(name);
}

/* One member at *at; 1 at the end of the archive. */
static int read_member(struct archive *a, uint64_t *at, uint64_t file_size, struct override *o, struct err *err)
{
	static const struct header zero;
	struct header h;
	auto_free char *data = NULL;
	uint64_t size = 0, body = *at + BLOCK;

	if (pread(a->fd, &h, BLOCK, (off_t)*at) != BLOCK)
		return bad(a, *at, "it ends", err);
	if (memcmp(&h, &zero, BLOCK) == 0)
		return 1;
	if (!checksum_fits(&h) || !field_number(h.size, sizeof(h.size), &size))
		return bad(a, *at, "no header", err);
	if (o->has_size && h.type != 'x' && h.type != 'g' && h.type != 'L' && h.type != 'K')
		size = o->size;
	if (size > file_size || body > file_size - size)
		return bad(a, *at, "a member goes beyond its end", err);
	*at = body + (size + BLOCK - 1) / BLOCK * BLOCK;
	if (h.type == 'x' || h.type == 'L') {
		if (read_small(a, body, size, &data, err) < 0)
			return -1;
		if (h.type == 'L') {
			free(o->name);
			o->name = take_ptr(data);
		} else if (!read_pax(data, size, o)) {
			return bad(a, body, "a malformed pax header", err);
		}
		return 0;
	}
	if (h.type == 'g' || h.type == 'K')
		return 0;
	if (a->count >= MEMBERS_MAX)
		return err_set(err, ERR_LIMIT, "%s has more than %d members", a->what, MEMBERS_MAX);
	add_member(a, o->name ? take_ptr(o->name) : header_name_dup(&h), h.type == '\0' ? '0' : h.type, body, size);
	*o = (struct override){ 0 };
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct archive_member *)a)->name, ((const struct archive_member *)b)->name);
}

static int read_table(struct archive *a, struct err *err)
{
	struct override o = { 0 };
	struct stat st;
	uint64_t at = 0;
	int r = 0;

	if (fstat(a->fd, &st) < 0)
		return err_sys(err, errno, "cannot read %s", a->what);
	/* writers that leave out the two empty blocks at the end exist */
	while (r == 0 && at < (uint64_t)st.st_size)
		r = read_member(a, &at, (uint64_t)st.st_size, &o, err);
	free(o.name);
	if (r < 0)
		return -1;
	if (!a->count)
		return err_set(err, ERR_INVALID, "%s is empty", a->what);
	qsort(a->members, a->count, sizeof(*a->members), by_name);
	return 0;
}

int archive_open(struct store *store, int in_fd, const char *what, struct archive *ret, struct err *err)
{
	auto_val(archive) a = { .store = store, .fd = in_fd, .dir_fd = -EBADF, .what = what, .stage = { .dir_fd = -EBADF } };

	if (needs_spool(in_fd) && spool(&a, err) < 0)
		return -1;
	if (read_table(&a, err) < 0)
		return -1;
	*ret = a;
	a = (struct archive){ .dir_fd = -EBADF, .stage = { .dir_fd = -EBADF } };
	return 0;
}

void archive_done(struct archive *a)
{
	if (a->spooled)
		fd_close(a->fd);
	if (a->store)
		store_stage_done(a->store, &a->stage);
	for (size_t i = 0; i < a->count; i++)
		free(a->members[i].name);
	free(a->members);
	*a = (struct archive){ .dir_fd = -EBADF, .stage = { .dir_fd = -EBADF } };
}

/* ---- asking ---- */

static const struct archive_member *look_up(const struct archive *a, const char *name)
{
	auto_free char *clean = path_clean_dup(name);
	struct archive_member key = { .name = clean };

	return a->count ? bsearch(&key, a->members, a->count, sizeof(key), by_name) : NULL;
}

/* ---- a directory ---- */

int archive_open_dir(int dir_fd, const char *what, struct archive *ret, struct err *err)
{
	(void)err;
	*ret = (struct archive){ .what = what, .fd = -EBADF, .dir_fd = dir_fd, .stage = { .dir_fd = -EBADF } };
	return 0;
}

int archive_open_member(const struct archive *a, const char *name, int *ret_fd, struct err *err)
{
	auto_close int fd = -EBADF;
	struct stat st;
	int r = path_open(a->dir_fd, name, PATH_BENEATH, O_RDONLY | O_NONBLOCK | O_NOFOLLOW, 0, &fd);

	/* COMPAT: the word for what people mistype */
	if (r < 0)
		return err_set(err, r == -ENOENT ? ERR_NOT_FOUND : ERR_INVALID, "open %s/%.200s: %s", a->what, name, err_reason(-r));
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return err_set(err, ERR_INVALID, "'%.200s' in %s is not a regular file", name, a->what);
	*ret_fd = take_fd(fd);
	return 0;
}

/* ---- what is asked for ---- */

bool archive_has(const struct archive *a, const char *name)
{
	auto_close int fd = -EBADF;

	if (a->dir_fd >= 0)
		return path_open(a->dir_fd, name, PATH_BENEATH, O_PATH, 0, &fd) == 0;
	return look_up(a, name) != NULL;
}

static int find(const struct archive *a, const char *name, const struct archive_member **ret, struct err *err)
{
	const struct archive_member *m = look_up(a, name);

	if (!m)
		return err_set(err, ERR_INVALID, "%s holds no '%.200s'", a->what, name);
	if ((m > a->members && by_name(m - 1, m) == 0) || (m + 1 < a->members + a->count && by_name(m, m + 1) == 0))
		return err_set(err, ERR_INVALID, "%s holds '%.200s' twice", a->what, name);
	if (m->type != '0')
		return err_set(err, ERR_INVALID, "'%.200s' in %s is not a regular file", name, a->what);
	*ret = m;
	return 0;
}

int archive_stat(const struct archive *a, const char *name, uint64_t *ret_offset, uint64_t *ret_size, struct err *err)
{
	const struct archive_member *m = NULL;
	auto_close int fd = -EBADF;
	struct stat st;

	if (a->dir_fd < 0) {
		if (find(a, name, &m, err) < 0)
			return -1;
		*ret_offset = m->offset;
		*ret_size = m->size;
		return 0;
	}
	if (archive_open_member(a, name, &fd, err) < 0)
		return -1;
	if (fstat(fd, &st) < 0)
		return err_sys(err, errno, "cannot read '%.200s' in %s", name, a->what);
	*ret_offset = 0;
	*ret_size = (uint64_t)st.st_size;
	return 0;
}

int archive_read(const struct archive *a, const char *name, size_t max, char **ret_data, size_t *ret_len, struct err *err)
{
	auto_free char *data = NULL;
	auto_close int fd = -EBADF;
	uint64_t offset = 0, size = 0;

	if (archive_stat(a, name, &offset, &size, err) < 0 || (a->dir_fd >= 0 && archive_open_member(a, name, &fd, err) < 0))
		return -1;
	if (size > max)
		return err_set(err, ERR_LIMIT, "'%.200s' in %s is larger than %zu bytes", name, a->what, max);
	data = mem_alloc(size + 1);
	if (pread(a->dir_fd >= 0 ? fd : a->fd, data, size, (off_t)offset) != (ssize_t)size)
		return err_set(err, ERR_INVALID, "%s ends within '%.200s'", a->what, name);
	*ret_len = size;
	*ret_data = take_ptr(data);
	return 0;
}
