/* test_ref.c - references: the table is what Podman 5.8 says to the same words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/str.h"
#include "image/ref.h"

#include <string.h>

#define Z64 "0000000000000000000000000000000000000000000000000000000000000000"
#define X128 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

/* full: what a pull asks for; NULL: refused. local: what `tag` makes of it; NULL: refused. */
static const struct row {
	const char *text, *full, *local;
} rows[] = {
	{ "a", "docker.io/library/a:latest", "localhost/a:latest" },
	{ "a/b", "docker.io/a/b:latest", "localhost/a/b:latest" },
	{ "a/b/c", "docker.io/a/b/c:latest", "localhost/a/b/c:latest" },
	{ "library/a", "docker.io/library/a:latest", "localhost/library/a:latest" },
	{ "a:1", "docker.io/library/a:1", "localhost/a:1" },
	{ "a:1.2_3-x", "docker.io/library/a:1.2_3-x", "localhost/a:1.2_3-x" },
	{ "a:_x", "docker.io/library/a:_x", "localhost/a:_x" },
	{ "a:UPPER", "docker.io/library/a:UPPER", "localhost/a:UPPER" },
	{ "a_b", "docker.io/library/a_b:latest", "localhost/a_b:latest" },
	{ "a__b", "docker.io/library/a__b:latest", "localhost/a__b:latest" },
	{ "a-b", "docker.io/library/a-b:latest", "localhost/a-b:latest" },
	{ "a--b", "docker.io/library/a--b:latest", "localhost/a--b:latest" },
	{ "a.b", "docker.io/library/a.b:latest", "localhost/a.b:latest" },
	{ "0a9", "docker.io/library/0a9:latest", "localhost/0a9:latest" },
	{ "docker.io/a", "docker.io/library/a:latest", "docker.io/library/a:latest" },
	{ "docker.io/a/b", "docker.io/a/b:latest", "docker.io/a/b:latest" },
	{ "docker.io/library/a", "docker.io/library/a:latest", "docker.io/library/a:latest" },
	{ "index.docker.io/a", "docker.io/library/a:latest", "docker.io/library/a:latest" },
	{ "localhost/a", "localhost/a:latest", "localhost/a:latest" },
	{ "localhost/a:x", "localhost/a:x", "localhost/a:x" },
	{ "localhost:5000/a", "localhost:5000/a:latest", "localhost:5000/a:latest" },
	{ "localhost:5000/a/b:t", "localhost:5000/a/b:t", "localhost:5000/a/b:t" },
	{ "foo:5000/a", "foo:5000/a:latest", "foo:5000/a:latest" },
	{ "Foo.io/a", "Foo.io/a:latest", "Foo.io/a:latest" },
	{ "a-b.c/d", "a-b.c/d:latest", "a-b.c/d:latest" },
	{ "127.0.0.1:5000/a", "127.0.0.1:5000/a:latest", "127.0.0.1:5000/a:latest" },
	{ "[::1]:5000/a", "[::1]:5000/a:latest", "[::1]:5000/a:latest" },
	{ "[fd00::2]/a", "[fd00::2]/a:latest", "[fd00::2]/a:latest" },
	{ "foo.com", "docker.io/library/foo.com:latest", "localhost/foo.com:latest" },
	{ "foo.com:5000", "docker.io/library/foo.com:5000", "localhost/foo.com:5000" },
	{ "a_b.com/c", "docker.io/a_b.com/c:latest", "localhost/a_b.com/c:latest" },
	{ Z64, "docker.io/library/" Z64 ":latest", "localhost/" Z64 ":latest" },
	{ "a@sha256:" Z64, "docker.io/library/a@sha256:" Z64, NULL },
	{ "a:t@sha256:" Z64, "docker.io/library/a:t@sha256:" Z64, NULL },
	{ "q.io/a@sha512:" Z64 Z64, "q.io/a@sha512:" Z64 Z64, NULL },
	{ "a.b/c:" X128, "a.b/c:" X128, "a.b/c:" X128 },
	{ "", NULL, NULL },
	{ "A/b", NULL, NULL },
	{ "Bb", NULL, NULL },
	{ "LOCALHOST/a", NULL, NULL },
	{ "a.b/C", NULL, NULL },
	{ "a___b", NULL, NULL },
	{ "a..b", NULL, NULL },
	{ "a._b", NULL, NULL },
	{ "-a", NULL, NULL },
	{ "a-", NULL, NULL },
	{ "_a", NULL, NULL },
	{ ".a", NULL, NULL },
	{ "a/-b", NULL, NULL },
	{ "a/", NULL, NULL },
	{ "/a", NULL, NULL },
	{ "a//b", NULL, NULL },
	{ "..", NULL, NULL },
	{ "../a", NULL, NULL },
	{ "a/../b", NULL, NULL },
	{ "a:", NULL, NULL },
	{ "a:.x", NULL, NULL },
	{ "a:-x", NULL, NULL },
	{ "a:x y", NULL, NULL },
	{ "a b", NULL, NULL },
	{ "a\n", NULL, NULL },
	{ "a:b:c", NULL, NULL },
	{ "a:x/y", NULL, NULL },
	{ "foo.com:abc/a", NULL, NULL },
	{ "foo.com:/a", NULL, NULL },
	{ "foo.com/", NULL, NULL },
	{ "a-.com/a", NULL, NULL },
	{ "-a.com/a", NULL, NULL },
	{ "a..b/c", NULL, NULL },
	{ "[::1/a", NULL, NULL },
	{ "[]/a", NULL, NULL },
	{ "[fe80::1%eth0]:5/a", NULL, NULL },
	{ "http://a/b", NULL, NULL },
	{ "docker://a.b/c", NULL, NULL },
	{ "user:pw@host.io/a", NULL, NULL },
	{ "a@b", NULL, NULL },
	{ "a@", NULL, NULL },
	{ "@sha256:" Z64, NULL, NULL },
	{ "a@sha256:abc", NULL, NULL },
	{ "a@sha256:" Z64 "0", NULL, NULL },
	{ "a@SHA256:" Z64, NULL, NULL },
	{ "a@md5:00000000000000000000000000000000", NULL, NULL },
	{ "a@sha256:" Z64 "@sha256:" Z64, NULL, NULL },
	{ "a.b/c:" X128 "x", NULL, NULL },
	{ "\xc3\xbc/a", NULL, NULL },
	{ "a?b", NULL, NULL },
	{ "a%2fb", NULL, NULL },
	{ "a#b", NULL, NULL },
};

static void test_table(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		auto_val(ref) ref = { 0 };
		auto_free char *text = NULL, *local = NULL;
		struct err err = { 0 };
		int r = ref_parse_full(rows[i].text, &ref, &err);

		if ((r == 0) != (rows[i].full != NULL))
			fail_msg("'%s': %s", rows[i].text, r ? err.text : "accepted");
		if (r == 0) {
			text = ref_text(&ref);
			assert_string_equal(text, rows[i].full);
		} else {
			assert_int_equal(err.kind, ERR_USAGE);
			err_clear(&err);
		}
		r = ref_local_name(rows[i].text, &local, &err);
		if ((r == 0) != (rows[i].local != NULL))
			fail_msg("tag '%s': %s", rows[i].text, r ? err.text : local);
		if (r == 0)
			assert_string_equal(local, rows[i].local);
	}
}

static void expect_text(const char *text, const char *sentence)
{
	auto_val(ref) ref = { 0 };
	struct err err = { 0 };

	assert_true(ref_parse(text, &ref, &err) < 0);
	assert_string_equal(err.text, sentence);
}

static void test_sentences(void **state)
{
	struct err err = { 0 };
	auto_free char *name = NULL;

	expect_text("", "parsing reference \"\": repository name must have at least one component");
	expect_text("nope/Bad", "parsing reference \"nope/Bad\": repository name must be lowercase");
	expect_text("a:b:c", "parsing reference \"a:b:c\": invalid reference format");
	expect_text("a@md5:00000000000000000000000000000000",
		    "parsing reference \"a@md5:00000000000000000000000000000000\": unsupported digest algorithm");
	assert_true(ref_local_name("A/b", &name, &err) < 0);
	assert_string_equal(err.text, "normalizing name \"A/b\": invalid reference format: repository name must be lowercase");
	err_clear(&err);
	assert_true(ref_local_name("sha256:abc", &name, &err) < 0);
	assert_string_equal(err.text, "sha256:abc: tag by digest not supported");
}

static void test_length(void **state)
{
	char text[300] = "a.b/";
	auto_val(ref) at_limit = { 0 };
	struct err err = { 0 };

	memset(text + 4, 'x', 251);
	assert_int_equal(ref_parse(text, &at_limit, &err), 0);
	text[255] = 'x';
	assert_true(ref_parse(text, &at_limit, &err) < 0);
	assert_true(str_ends(err.text, "must not be more than 255 characters"));
}

static void test_digests(void **state)
{
	assert_true(ref_digest_valid("sha256:" Z64));
	assert_true(ref_digest_valid("sha512:" Z64 Z64));
	static const char *const bad[] = {
		"", ":", "sha256", "sha256:", "sha256:0", Z64, "sha256:" Z64 "0", "sha256:../" Z64, "sha512:" Z64,
		"sha384:" Z64, "SHA256:" Z64, "sha256:/../../../../../../../../../../../../../../../../../../etc/passwd00",
		"sha256:000000000000000000000000000000000000000000000000000000000000000A",
		"sha256:00000000000000000000000000000000000000000000000000000000000000 0",
		" sha256:" Z64, "sha256: " Z64, "sha256:" Z64 "\n", "sha256+b64:" Z64, "md5:" Z64,
		"sha256:000000000000000000000000000000000000000000000000000000000000000g",
	};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(ref_digest_valid(bad[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_sentences),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_digests),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
