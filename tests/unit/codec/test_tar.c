/* test_tar.c - archives byte by byte: what is in them, that nothing of them is lost, and that no damage is more than an error.
 * The shapes a stranger may make are in tests/rigs/layer_shapes.py; here are the reader's own promises.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "base/str.h"
#include "codec/tar.h"

#include <stdio.h>
#include <string.h>

enum { BLOCK = 512 };

/* --- writing one --- */

static void add_header(struct str *out, const char *name, char type, uint64_t size, const char *link)
{
	char h[BLOCK] = { 0 };
	unsigned sum = 0;
	memcpy(h, name, strnlen(name, 100));
	memcpy(h + 100, "0000644", 7);
	memcpy(h + 108, "0000001", 7);
	memcpy(h + 116, "0000002", 7);
	snprintf(h + 124, 12, "%011llo", (unsigned long long)size);
	memcpy(h + 136, "14524740400", 11);
	memset(h + 148, ' ', 8);
	h[156] = type;
	memcpy(h + 157, link, strnlen(link, 100));
	memcpy(h + 257, "ustar\00000", 8);
	for (int i = 0; i < BLOCK; i++)
		sum += (unsigned char)h[i];
	snprintf(h + 148, 7, "%06o", sum);
	str_add_mem(out, h, BLOCK);
}

static void add_data(struct str *out, const char *data, size_t len)
{
	static const char zeros[BLOCK];
	str_add_mem(out, data, len);
	str_add_mem(out, zeros, (BLOCK - len % BLOCK) % BLOCK);
}

static void add_file(struct str *out, const char *name, const char *data)
{
	add_header(out, name, '0', strlen(data), "");
	add_data(out, data, strlen(data));
}

static void add_pax(struct str *out, const char *records, size_t len)
{
	add_header(out, "pax", 'x', len, "");
	add_data(out, records, len);
}

static void add_record(struct str *records, const char *key, const char *value, size_t len)
{
	size_t body = strlen(key) + len + 3, total = body + 1;
	char digits[24];
	while (body + (size_t)snprintf(digits, sizeof(digits), "%zu", total) != total)
		total++;
	str_addf(records, "%s %s=", digits, key);
	str_add_mem(records, value, len);
	str_add_char(records, '\n');
}

static void add_end(struct str *out)
{
	static const char zeros[2 * BLOCK];
	str_add_mem(out, zeros, sizeof(zeros));
}

/* A little of everything. */
static void make_sample(struct str *out)
{
	auto_str pax = { 0 }, sparse = { 0 }, map = { 0 }, content = { 0 };
	add_header(out, "d/", '5', 0, "");
	add_file(out, "d/f", "content");
	add_header(out, "d/h", '1', 7, "d/f");
	add_header(out, "d/l", '2', 0, "../x");
	add_header(out, "null", '3', 0, "");
	add_header(out, "pipe", '6', 0, "");
	add_record(&pax, "path", "a/long/name", 11);
	add_record(&pax, "mtime", "1600000000.25", 13);
	add_record(&pax, "SCHILY.xattr.user.x", "\0\1\2=\n", 5);
	add_record(&pax, "comment", "nothing", 7);
	add_pax(out, pax.data, pax.len);
	add_file(out, "short", "by pax");
	add_header(out, "././@LongLink", 'L', 200, "");
	char name[201];
	memset(name, 'n', 200);
	add_data(out, name, 200);
	add_file(out, "n", "by gnu");
	add_record(&sparse, "GNU.sparse.major", "1", 1);
	add_record(&sparse, "GNU.sparse.minor", "0", 1);
	add_record(&sparse, "GNU.sparse.name", "sparse", 6);
	add_record(&sparse, "GNU.sparse.realsize", "5000", 4);
	add_pax(out, sparse.data, sparse.len);
	str_add(&map, "2\n100\n10\n4000\n3\n");
	add_data(&content, map.data, map.len);
	str_add(&content, "0123456789abc");
	add_header(out, "GNUSparseFile.0/sparse", '0', content.len, "");
	add_data(out, content.data, content.len);
	add_file(out, "empty", "");
	add_end(out);
	str_add(out, "what follows is kept");
}

/* --- reading one --- */

struct reading {
	const char *data;
	size_t len, at, piece;
	struct str raw; /* everything but content, and content where it came */
	struct str told;
};

static ssize_t give(void *ctx, void *buf, size_t len, struct err *err)
{
	struct reading *r = ctx;
	size_t n = r->len - r->at;
	n = n < r->piece ? n : r->piece;
	n = n < len ? n : len;
	memcpy(buf, r->data + r->at, n);
	r->at += n;
	return (ssize_t)n;
}

static int keep(void *ctx, const void *data, size_t len, struct err *err)
{
	struct reading *r = ctx;
	str_add_mem(&r->raw, data, len);
	return 0;
}

static void tell(struct reading *r, const struct tar_entry *e)
{
	str_addf(&r->told, "%d %s %s %o %u:%u %lld %llu/%llu", e->type, e->path, e->link, (unsigned)e->mode, e->uid, e->gid, (long long)e->mtime_ns,
		 (unsigned long long)e->stored, (unsigned long long)e->size);
	for (size_t i = 0; i < e->xattr_count; i++)
		str_addf(&r->told, " %s:%zu", e->xattrs[i].name, e->xattrs[i].len);
	for (size_t i = 0; i < e->segment_count; i++)
		str_addf(&r->told, " %llu+%llu", (unsigned long long)e->segments[i].offset, (unsigned long long)e->segments[i].len);
	str_add_char(&r->told, '\n');
}

/* How much of a file is read: all of it, nothing, or half. */
enum take { TAKE_ALL, TAKE_NONE, TAKE_HALF };

static int read_all(struct reading *r, const char *data, size_t len, size_t piece, enum take take, struct err *err)
{
	const struct tar_entry *e;
	char buf[64];
	int rc;
	*r = (struct reading){ .data = data, .len = len, .piece = piece };
	auto_ptr(tar) t = tar_new(give, keep, r);
	while ((rc = tar_next(t, &e, err)) > 0) {
		tell(r, e);
		ssize_t got = take == TAKE_NONE ? 0 : 1;
		while (got > 0) {
			got = tar_read(t, buf, take == TAKE_HALF ? 3 : sizeof(buf), err);
			if (got < 0)
				return -1;
			str_add_mem(&r->raw, buf, (size_t)got);
			if (take == TAKE_HALF)
				break;
		}
	}
	return rc;
}

static void reading_done(struct reading *r)
{
	str_done(&r->raw);
	str_done(&r->told);
}

static void test_read(void **state)
{
	static const char want[] = "5 d/  644 1:2 1699987712000000000 0/0\n"
				   "0 d/f  644 1:2 1699987712000000000 7/7\n"
				   "1 d/h d/f 644 1:2 1699987712000000000 0/0\n"
				   "2 d/l ../x 644 1:2 1699987712000000000 0/0\n"
				   "3 null  644 1:2 1699987712000000000 0/0\n"
				   "6 pipe  644 1:2 1699987712000000000 0/0\n"
				   "0 a/long/name  644 1:2 1600000000250000000 6/6 user.x:5\n";
	auto_str archive = { 0 };
	struct reading r;
	struct err err = { 0 };
	make_sample(&archive);
	assert_int_equal(read_all(&r, archive.data, archive.len, 1 << 20, TAKE_ALL, &err), 0);
	if (!str_starts(str_text(&r.told), want))
		fail_msg("%s", str_text(&r.told));
	assert_non_null(strstr(str_text(&r.told), "0 sparse  644 1:2 1699987712000000000 13/5000 100+10 4000+3\n"));
	reading_done(&r);
}

/* Whatever the pieces, and however much of the files is read: the same entries, and every byte once, in its order. */
static void test_every_byte(void **state)
{
	static const size_t pieces[] = { 1, 7, 511, 513, 1 << 20 };
	auto_str archive = { 0 };
	make_sample(&archive);
	for (size_t p = 0; p < ARRAY_LEN(pieces); p++)
		for (int take = TAKE_ALL; take <= TAKE_HALF; take++) {
			struct reading r;
			struct err err = { 0 };
			assert_int_equal(read_all(&r, archive.data, archive.len, pieces[p], take, &err), 0);
			assert_int_equal(r.raw.len, archive.len);
			assert_memory_equal(r.raw.data, archive.data, archive.len);
			reading_done(&r);
		}
}

static void test_cut(void **state)
{
	auto_str archive = { 0 };
	make_sample(&archive);
	size_t end = archive.len - strlen("what follows is kept") - 2 * BLOCK;
	for (size_t len = 0; len < end; len++) {
		auto_free char *exact = mem_dup(archive.data, len);
		struct reading r;
		struct err err = { 0 };
		int rc = read_all(&r, exact, len, 1 << 20, TAKE_ALL, &err);
		/* between two entries the end marker may be missing, as GNU tar and Go read it */
		if (rc >= 0 && len % BLOCK)
			fail_msg("cut to %zu bytes it is taken", len);
		assert_true((rc < 0) == (err.kind != ERR_NONE));
		reading_done(&r);
	}
}

/* Changed bytes: an error or other entries, never a crash, and never bytes that nobody sees. */
static void test_changed(void **state)
{
	auto_str archive = { 0 };
	uint32_t random = 99;
	make_sample(&archive);
	for (int round = 0; round < 4000; round++) {
		auto_free char *changed = mem_dup(archive.data, archive.len);
		for (int i = 0; i < 1 + round % 3; i++) {
			random = random * 1103515245 + 12345;
			size_t at = (random >> 8) % archive.len;
			changed[at] = (char)(random >> 24);
			/* a header that was changed gets its checksum, so that what follows it is tested too */
			char *h = changed + at / BLOCK * BLOCK;
			if (at / BLOCK * BLOCK + BLOCK <= archive.len && memcmp(h + 257, "ustar", 5) == 0) {
				unsigned sum = 0;
				memset(h + 148, ' ', 8);
				for (int b = 0; b < BLOCK; b++)
					sum += (unsigned char)h[b];
				snprintf(h + 148, 8, "%06o", sum);
			}
		}
		struct reading r;
		struct err err = { 0 };
		int rc = read_all(&r, changed, archive.len, 1 << 20, round % 2 ? TAKE_ALL : TAKE_HALF, &err);
		assert_true((rc < 0) == (err.kind != ERR_NONE));
		assert_true(r.raw.len <= archive.len);
		assert_memory_equal(str_text(&r.raw), changed, r.raw.len);
		assert_true(rc < 0 || r.raw.len == archive.len);
		reading_done(&r);
	}
}

static int read_one(struct str *archive, struct reading *r, struct err *err)
{
	add_end(archive);
	*err = (struct err){ 0 };
	return read_all(r, archive->data, archive->len, 1 << 20, TAKE_ALL, err);
}

/* Each limit, and one above it. */
static void test_limits(void **state)
{
	static const struct {
		const char *key;
		size_t at;
		enum err_kind above;
	} rows[] = { { "path", LIMIT_PATH_BYTES - 1, ERR_INVALID }, { "linkpath", LIMIT_PATH_BYTES - 1, ERR_INVALID }, { "SCHILY.xattr.user.x", LIMIT_XATTR_BYTES, ERR_LIMIT } };
	auto_free char *long_text = mem_alloc(LIMIT_PAX_BYTES + 2);
	struct reading r;
	struct err err;
	memset(long_text, 'x', LIMIT_PAX_BYTES + 1);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		for (size_t more = 0; more < 2; more++) {
			auto_str archive = { 0 }, records = { 0 };
			add_record(&records, rows[i].key, long_text, rows[i].at + more);
			add_pax(&archive, records.data, records.len);
			add_file(&archive, "f", "x");
			assert_int_equal(read_one(&archive, &r, &err), more ? -1 : 0);
			assert_int_equal(err.kind, more ? rows[i].above : ERR_NONE);
			reading_done(&r);
		}
	for (size_t more = 0; more < 2; more++) {
		auto_str archive = { 0 }, records = { 0 };
		while (records.len < LIMIT_PAX_BYTES - 200)
			add_record(&records, "comment", long_text, 90);
		add_record(&records, "comment", long_text, LIMIT_PAX_BYTES + more - records.len - strlen("123 comment=\n"));
		assert_int_equal(records.len, LIMIT_PAX_BYTES + more);
		add_pax(&archive, records.data, records.len);
		add_file(&archive, "f", "x");
		assert_int_equal(read_one(&archive, &r, &err), more ? -1 : 0);
		assert_int_equal(err.kind, more ? ERR_LIMIT : ERR_NONE);
		reading_done(&r);
	}
	for (size_t more = 0; more < 2; more++) {
		auto_str archive = { 0 };
		add_header(&archive, "././@LongLink", 'L', LIMIT_PATH_BYTES - 1 + 2 * more, "");
		add_data(&archive, long_text, LIMIT_PATH_BYTES - 1 + 2 * more);
		add_file(&archive, "f", "x");
		assert_int_equal(read_one(&archive, &r, &err), more ? -1 : 0);
		assert_int_equal(err.kind, more ? ERR_LIMIT : ERR_NONE);
		reading_done(&r);
	}
}

static void test_times(void **state)
{
	static const struct {
		const char *text, *ns; /* NULL: refused */
	} rows[] = {
		{ "0", " 0 " }, { "1.5", " 1500000000 " }, { "1.", " 1000000000 " }, { "1.1234567899", " 1123456789 " }, { "-1", " -1000000000 " }, { "-0.5", " -500000000 " },
		{ "9223372035", " 9223372035000000000 " }, { "9223372036854775807", NULL }, { ".5", NULL }, { "1e9", NULL }, { "1.-5", NULL }, { "--1", NULL },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		auto_str archive = { 0 }, records = { 0 };
		struct reading r;
		struct err err;
		add_record(&records, "mtime", rows[i].text, strlen(rows[i].text));
		add_pax(&archive, records.data, records.len);
		add_file(&archive, "f", "x");
		if (read_one(&archive, &r, &err) != (rows[i].ns ? 0 : -1) || (rows[i].ns && !strstr(str_text(&r.told), rows[i].ns)))
			fail_msg("mtime %s: %s %s", rows[i].text, err.text, str_text(&r.told));
		reading_done(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read), cmocka_unit_test(test_every_byte), cmocka_unit_test(test_cut), cmocka_unit_test(test_changed), cmocka_unit_test(test_limits),
		cmocka_unit_test(test_times),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
