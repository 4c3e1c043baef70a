/* test_compress.c - streams there and back, in pieces of any size; cut or changed ones are never taken for whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/str.h"
#include "codec/decompress.h"

#include <string.h>

/* "hello, hello, hello, world\n" four times, by xz -0 and bzip2 */
static const char hello[] = "hello, hello, hello, world\nhello, hello, hello, world\nhello, hello, hello, world\nhello, hello, hello, world\n";
static const unsigned char hello_xz[] = {
	0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 0x00, 0x04, 0xe6, 0xd6, 0xb4, 0x46, 0x02, 0x00, 0x21, 0x01, 0x0c, 0x00, 0x00, 0x00, 0x8f, 0x98, 0x41, 0x9c, 0xe0, 0x00, 0x6b, 0x00,
	0x16, 0x5d, 0x00, 0x34, 0x19, 0x49, 0xdb, 0x85, 0x5c, 0xd1, 0xd6, 0x5a, 0xe2, 0xf7, 0xc6, 0xd7, 0x73, 0x27, 0x52, 0x7e, 0x0a, 0x60, 0x69, 0x20, 0x00, 0x00, 0x00, 0x00,
	0xdd, 0x42, 0xa3, 0xa4, 0x53, 0x50, 0x92, 0xa6, 0x00, 0x01, 0x32, 0x6c, 0x29, 0xcc, 0xf2, 0x89, 0x1f, 0xb6, 0xf3, 0x7d, 0x01, 0x00, 0x00, 0x00, 0x00, 0x04, 0x59, 0x5a,
};
static const unsigned char hello_bzip2[] = {
	0x42, 0x5a, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, 0x88, 0xd8, 0x56, 0xfc, 0x00, 0x00, 0x16, 0xd1, 0x80, 0x00, 0x10, 0x40, 0x04, 0x06, 0x44, 0x90, 0x80, 0x20,
	0x00, 0x31, 0x00, 0x30, 0x0a, 0x94, 0x1a, 0x68, 0x68, 0xd1, 0x2c, 0x96, 0x59, 0x28, 0xe0, 0xe9, 0xd2, 0x50, 0x9e, 0x2c, 0xa3, 0xe2, 0xee, 0x48, 0xa7, 0x0a, 0x12, 0x11,
	0x1b, 0x0a, 0xdf, 0x80,
};

struct source {
	const char *data;
	size_t len, at, piece;
};

static ssize_t give(void *ctx, void *buf, size_t len, struct err *err)
{
	struct source *s = ctx;
	size_t n = s->len - s->at;
	n = n < s->piece ? n : s->piece;
	n = n < len ? n : len;
	memcpy(buf, s->data + s->at, n);
	s->at += n;
	return (ssize_t)n;
}

static int keep(void *ctx, const void *data, size_t len, struct err *err)
{
	str_add_mem(ctx, data, len);
	return 0;
}

/* Everything a stream holds; < 0 and err when it is refused. */
static int inflate_all(const char *data, size_t len, size_t in_piece, size_t out_piece, struct str *out, struct err *err)
{
	struct source source = { data, len, 0, in_piece };
	auto_ptr(decompress) d = NULL;
	auto_free char *buf = mem_alloc(out_piece);
	ssize_t got;
	if (decompress_new(give, &source, &d, err) < 0)
		return -1;
	while ((got = decompress_read(d, buf, out_piece, err)) > 0)
		str_add_mem(out, buf, (size_t)got);
	return (int)got;
}

static void deflate_all(enum compress_kind kind, const char *data, size_t len, size_t piece, struct str *out)
{
	struct err err = { 0 };
	auto_ptr(compress) c = NULL;
	assert_int_equal(compress_new(kind, 0, keep, out, &c, &err), 0);
	for (size_t at = 0; at < len; at += piece)
		assert_int_equal(compress_add(c, data + at, len - at < piece ? len - at : piece, &err), 0);
	assert_int_equal(compress_end(c, &err), 0);
}

/* Half text, half noise, always the same. */
static char *sample(size_t len)
{
	char *data = mem_alloc(len + 1);
	uint32_t r = 12345;
	for (size_t i = 0; i < len; i++) {
		r = r * 1103515245 + 12345;
		data[i] = (i / 1000) % 2 ? (char)(r >> 16) : hello[i % (sizeof(hello) - 1)];
	}
	return data;
}

static void test_both_ways(void **state)
{
	static const size_t sizes[] = { 0, 1, 511, 65536, 300000 }, ins[] = { 1, 7, 4096, 1 << 20 }, outs[] = { 1, 13, 1 << 16 };
	for (int kind = COMPRESS_GZIP; kind <= COMPRESS_ZSTD; kind++)
		for (size_t s = 0; s < ARRAY_LEN(sizes); s++) {
			auto_free char *data = sample(sizes[s]);
			auto_str packed = { 0 }, again = { 0 }, same = { 0 };
			struct err none = { 0 };
			deflate_all(kind, data, sizes[s], 1 << 20, &packed);
			deflate_all(kind, data, sizes[s], 1000, &again);
			assert_int_equal(inflate_all(again.data, again.len, 1 << 20, 1 << 16, &same, &none), 0);
			assert_int_equal(same.len, sizes[s]);
			assert_memory_equal(str_text(&same), data, sizes[s]);
			assert_int_equal(compress_detect(packed.data, packed.len), kind);
			for (size_t i = 0; i < ARRAY_LEN(ins); i++)
				for (size_t o = 0; o < ARRAY_LEN(outs); o++) {
					auto_str back = { 0 };
					struct err err = { 0 };
					if (sizes[s] > 1000 && (ins[i] == 1 || outs[o] == 1) && sizes[s] != 65536)
						continue; /* a byte at a time is slow, and tells the same */
					assert_int_equal(inflate_all(packed.data, packed.len, ins[i], outs[o], &back, &err), 0);
					assert_int_equal(back.len, sizes[s]);
					assert_memory_equal(str_text(&back), data, sizes[s]);
				}
		}
}

static void test_old_kinds(void **state)
{
	const struct {
		const unsigned char *data;
		size_t len;
		enum compress_kind kind;
	} rows[] = { { hello_xz, sizeof(hello_xz), COMPRESS_XZ }, { hello_bzip2, sizeof(hello_bzip2), COMPRESS_BZIP2 } };
	for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
		assert_int_equal(compress_detect(rows[r].data, rows[r].len), rows[r].kind);
		for (size_t piece = 1; piece < 100; piece += 49) {
			auto_str once = { 0 }, twice = { 0 }, two = { 0 };
			struct err err = { 0 };
			assert_int_equal(inflate_all((const char *)rows[r].data, rows[r].len, piece, piece, &once, &err), 0);
			assert_string_equal(str_text(&once), hello);
			str_add_mem(&two, rows[r].data, rows[r].len);
			str_add_mem(&two, rows[r].data, rows[r].len);
			assert_int_equal(inflate_all(two.data, two.len, piece, 64, &twice, &err), 0);
			assert_int_equal(twice.len, 2 * strlen(hello));
		}
	}
}

struct packed_row {
	const char *name;
	struct str data;
};

static void pack_all(struct packed_row rows[4])
{
	const char *names[] = { "gzip", "zstd", "xz", "bzip2" };
	for (int i = 0; i < 4; i++)
		rows[i] = (struct packed_row){ .name = names[i] };
	deflate_all(COMPRESS_GZIP, hello, strlen(hello), 1000, &rows[0].data);
	deflate_all(COMPRESS_ZSTD, hello, strlen(hello), 1000, &rows[1].data);
	str_add_mem(&rows[2].data, hello_xz, sizeof(hello_xz));
	str_add_mem(&rows[3].data, hello_bzip2, sizeof(hello_bzip2));
}

static void test_cut(void **state)
{
	struct packed_row rows[4];
	pack_all(rows);
	for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
		for (size_t len = COMPRESS_DETECT_BYTES; len < rows[r].data.len; len++) {
			auto_str out = { 0 };
			struct err err = { 0 };
			auto_free char *exact = mem_dup(rows[r].data.data, len); /* as long as it is, so that a byte too far is seen */
			if (inflate_all(exact, len, 1 << 20, 64, &out, &err) >= 0)
				fail_msg("%s cut to %zu bytes is taken", rows[r].name, len);
			assert_int_equal(err.kind, ERR_INVALID);
		}
		str_done(&rows[r].data);
	}
}

/* One bit another: refused, or the same content (a header's comment, time or system). Never another content: each kind has a check,
 * but zstd's, which is not asked for; there the length may not grow. */
static void test_changed(void **state)
{
	struct packed_row rows[4];
	pack_all(rows);
	for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
		for (size_t bit = 0; bit < rows[r].data.len * 8; bit++) {
			auto_str out = { 0 };
			struct err err = { 0 };
			auto_free char *changed = mem_dup(rows[r].data.data, rows[r].data.len);
			changed[bit / 8] ^= (char)(1 << bit % 8);
			if (compress_detect(changed, rows[r].data.len) == COMPRESS_PLAIN)
				continue;
			int rc = inflate_all(changed, rows[r].data.len, 5, 64, &out, &err);
			if (rc >= 0 && strcmp(rows[r].name, "zstd") != 0 && strcmp(str_text(&out), hello) != 0)
				fail_msg("%s with bit %zu changed gives something else", rows[r].name, bit);
			assert_true(rc < 0 || out.len < 1 << 20);
			assert_true((rc < 0) == (err.kind != ERR_NONE));
		}
		str_done(&rows[r].data);
	}
}

static void test_what_follows(void **state)
{
	struct packed_row rows[4];
	pack_all(rows);
	for (size_t r = 0; r < ARRAY_LEN(rows); r++)
		for (size_t piece = 1; piece <= 1 << 20; piece <<= 10) { /* the answer does not depend on how the bytes come */
			auto_str bad = { 0 }, out = { 0 };
			struct err err = { 0 };
			str_add_mem(&bad, rows[r].data.data, rows[r].data.len);
			str_add(&bad, "and something else, long enough to be anything");
			if (inflate_all(bad.data, bad.len, piece, 4096, &out, &err) >= 0)
				fail_msg("%s with something behind it is taken", rows[r].name);
			assert_int_equal(err.kind, ERR_INVALID);
		}
	for (size_t r = 0; r < ARRAY_LEN(rows); r++)
		str_done(&rows[r].data);
}

static void test_bomb(void **state)
{
	enum { FRAME = 32 << 20, FRAMES = 33 };
	auto_str packed = { 0 }, frames = { 0 };
	auto_free char *zeros = mem_alloc(FRAME);
	ssize_t got;
	uint64_t sum = 0;
	struct err err = { 0 };
	deflate_all(COMPRESS_ZSTD, zeros, FRAME, FRAME, &packed);
	for (int i = 0; i < FRAMES; i++)
		str_add_mem(&frames, packed.data, packed.len);
	struct source source = { frames.data, frames.len, 0, 1 << 20 };
	auto_ptr(decompress) d = NULL;
	assert_int_equal(decompress_new(give, &source, &d, &err), 0);
	while ((got = decompress_read(d, zeros, FRAME, &err)) > 0)
		sum += (uint64_t)got;
	assert_true(got < 0);
	assert_int_equal(err.kind, ERR_LIMIT);
	assert_non_null(strstr(err.text, "decompression bomb"));
	/* nearly a gigabyte of the same is none yet */
	assert_int_equal(sum, (1 << 30) - FRAME);
}

static void test_plain(void **state)
{
	static const char *const rows[] = { "", "x", "hello", "\x1f", "\x28\xb5\x2f", "BZ" };
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		auto_str out = { 0 };
		struct err err = { 0 };
		assert_int_equal(inflate_all(rows[i], strlen(rows[i]), 1, 2, &out, &err), 0);
		assert_string_equal(str_text(&out), rows[i]);
	}
	struct err err = { 0 };
	struct compress *c = NULL;
	assert_int_equal(compress_new(COMPRESS_XZ, 0, keep, NULL, &c, &err), -1);
	assert_int_equal(err.kind, ERR_UNSUPPORTED);
	assert_string_equal(compress_word(COMPRESS_BZIP2), "bzip2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_ways), cmocka_unit_test(test_old_kinds), cmocka_unit_test(test_cut), cmocka_unit_test(test_changed),
		cmocka_unit_test(test_what_follows), cmocka_unit_test(test_bomb), cmocka_unit_test(test_plain),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
