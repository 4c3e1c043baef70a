/* test_tar_out.c - what is written is what tar.h reads, whatever the names, numbers, attributes and holes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/ntime.h"
#include "base/str.h"
#include "codec/tar_out.h"

#include <stdlib.h>
#include <string.h>

static int to_str(void *ctx, const void *data, size_t len, struct err *err)
{
	str_add_mem(ctx, data, len);
	return 0;
}

struct reader {
	const struct str *text;
	size_t at;
};

static ssize_t from_str(void *ctx, void *buf, size_t len, struct err *err)
{
	struct reader *r = ctx;
	size_t n = r->text->len - r->at < len ? r->text->len - r->at : len;
	memcpy(buf, r->text->data + r->at, n);
	r->at += n;
	return (ssize_t)n;
}

static int ignore_raw(void *ctx, const void *data, size_t len, struct err *err)
{
	return 0;
}

static void assert_same(const struct tar_entry *a, const struct tar_entry *b)
{
	assert_int_equal(a->type, b->type);
	assert_string_equal(a->path, b->path);
	assert_string_equal(a->link ? a->link : "", b->link ? b->link : "");
	assert_int_equal(a->mode, b->mode);
	assert_int_equal(a->uid, b->uid);
	assert_int_equal(a->gid, b->gid);
	assert_int_equal(a->mtime_ns, b->mtime_ns);
	assert_int_equal(a->stored, b->stored);
	assert_int_equal(a->size, b->size);
	assert_int_equal(a->major, b->major);
	assert_int_equal(a->minor, b->minor);
	assert_int_equal(a->xattr_count, b->xattr_count);
	for (size_t i = 0; i < a->xattr_count; i++) {
		assert_string_equal(a->xattrs[i].name, b->xattrs[i].name);
		assert_int_equal(a->xattrs[i].len, b->xattrs[i].len);
		assert_memory_equal(a->xattrs[i].value, b->xattrs[i].value, a->xattrs[i].len);
	}
	assert_int_equal(a->segment_count, b->segment_count);
	for (size_t i = 0; i < a->segment_count; i++) {
		assert_int_equal(a->segments[i].offset, b->segments[i].offset);
		assert_int_equal(a->segments[i].len, b->segments[i].len);
	}
}

/* One entry there and back; its content is the letter x. */
static void check(const struct tar_entry *e)
{
	auto_str archive = { 0 };
	struct err err = { 0 };
	struct tar_out out = { .write = to_str, .ctx = &archive };
	auto_free char *content = mem_alloc((size_t)e->stored + 1);
	memset(content, 'x', (size_t)e->stored);
	assert_int_equal(tar_out_entry(&out, e, &err), 0);
	assert_int_equal(tar_out_data(&out, content, (size_t)e->stored, &err), 0);
	assert_int_equal(tar_out_entry(&out, &(struct tar_entry){ .type = TAR_DIR, .path = (char *)"last/" }, &err), 0);
	assert_int_equal(tar_out_end(&out, &err), 0);
	assert_int_equal(archive.len % TAR_OUT_BLOCK, 0);

	struct reader reader = { &archive, 0 };
	auto_ptr(tar) tar = tar_new(from_str, ignore_raw, &reader);
	const struct tar_entry *got;
	auto_free char *back = mem_alloc((size_t)e->stored + 1);
	assert_int_equal(tar_next(tar, &got, &err), 1);
	assert_same(got, e);
	for (size_t at = 0; at < e->stored;) {
		ssize_t n = tar_read(tar, back + at, (size_t)e->stored - at, &err);
		assert_true(n > 0);
		at += (size_t)n;
	}
	assert_memory_equal(back, content, (size_t)e->stored);
	assert_int_equal(tar_next(tar, &got, &err), 1);
	assert_string_equal(got->path, "last/");
	assert_int_equal(tar_next(tar, &got, &err), 0);
}

static void round_trips(void **state)
{
	char long_name[3001], binary[] = { 'a', '=', '\n', 0, (char)0xff };
	memset(long_name, 'n', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = 0;
	struct tar_xattr xattrs[] = { { (char *)"user.x", (char *)"", 0 }, { (char *)"security.capability", binary, sizeof(binary) } };
	struct tar_segment segments[] = { { 1 << 20, 700 }, { 5 << 20, 300 }, { 9 << 20, 0 } };
	const struct tar_entry rows[] = {
		{ .type = TAR_FILE, .path = (char *)"empty", .mode = 04755 },
		{ .type = TAR_FILE, .path = (char *)"d/file", .mode = 0644, .uid = 2097151, .gid = 4294967294, .stored = 513, .size = 513 },
		{ .type = TAR_FILE, .path = (char *)"block", .mode = 07777, .uid = 2097152, .stored = 1024, .size = 1024, .mtime_ns = 1500000000 * NS_PER_S },
		{ .type = TAR_FILE, .path = long_name, .stored = 1, .size = 1, .mtime_ns = 8589934592 * NS_PER_S },
		{ .type = TAR_FILE, .path = (char *)"\xc3\xa4 \xff\n", .stored = 3, .size = 3 },
		{ .type = TAR_HARD_LINK, .path = (char *)"l", .link = long_name },
		{ .type = TAR_SYMLINK, .path = (char *)"s", .link = (char *)"../x", .mode = 0777 },
		{ .type = TAR_SYMLINK, .path = long_name, .link = long_name, .mode = 0777 },
		{ .type = TAR_CHAR, .path = (char *)"c", .major = 1, .minor = 3, .mode = 0666 },
		{ .type = TAR_BLOCK, .path = (char *)"b", .major = 259, .minor = 1048575 },
		{ .type = TAR_FIFO, .path = (char *)"f" },
		{ .type = TAR_DIR, .path = (char *)"d/", .mode = 01777 },
		{ .type = TAR_FILE, .path = (char *)"x", .stored = 2, .size = 2, .xattrs = xattrs, .xattr_count = 2 },
		{ .type = TAR_FILE, .path = (char *)"holes", .stored = 1000, .size = 9 << 20, .segments = segments, .segment_count = 3 },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		check(&rows[i]);
	/* lengths around the block's end of a name, and around each more digit of a record's length */
	for (size_t len = 80; len < 130; len++) {
		auto_free char *name = mem_strndup(long_name, len);
		check(&(struct tar_entry){ .type = TAR_FILE, .path = name });
	}
	for (size_t len = 985; len < 1005; len++) {
		auto_free char *name = mem_strndup(long_name, len);
		check(&(struct tar_entry){ .type = TAR_FILE, .path = name });
	}
}

static void promises_are_kept(void **state)
{
	auto_str archive = { 0 };
	struct err err = { 0 };
	struct tar_out out = { .write = to_str, .ctx = &archive };
	const struct tar_entry e = { .type = TAR_FILE, .path = (char *)"f", .stored = 3, .size = 3 };
	assert_int_equal(tar_out_entry(&out, &e, &err), 0);
	assert_int_equal(tar_out_data(&out, "four", 4, &err), -1);
	assert_true(err_is(&err, ERR_INTERNAL));
	err_clear(&err);
	assert_int_equal(tar_out_data(&out, "xx", 2, &err), 0);
	assert_int_equal(tar_out_end(&out, &err), -1);
	assert_true(err_is(&err, ERR_INTERNAL));
	err_clear(&err);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(round_trips), cmocka_unit_test(promises_are_kept) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
