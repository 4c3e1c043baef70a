/* test_digest.c - known digests, at once and in pieces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "codec/digest.h"

#include <string.h>

/* FIPS 180-2, appendices B and C */
static const struct {
	const char *like, *text, *digest;
} rows[] = {
	{ NULL, "", "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "sha256:", "abc", "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "sha256:00", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	  "sha256:248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	{ "sha512:", "abc",
	  "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f" },
};

static void test_known(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		auto_free char *digest = NULL;
		struct err err = { 0 };

		if (digest_of(rows[i].like, rows[i].text, strlen(rows[i].text), &digest, &err) < 0)
			fail_msg("%s", err.text);
		assert_string_equal(digest, rows[i].digest);
	}
}

static void test_running(void **state)
{
	auto_ptr(digest) d = NULL;
	struct err err = { 0 };
	struct digest_text text;

	assert_int_equal(digest_open(NULL, &d, &err), 0);
	digest_add(d, "a", 1);
	text = digest_now(d);
	assert_string_equal(text.text, "sha256:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb");
	digest_add(d, "bc", 2);
	text = digest_now(d);
	assert_string_equal(text.text, rows[1].digest);
}

static void test_unknown(void **state)
{
	auto_ptr(digest) d = NULL;
	struct err err = { 0 };

	assert_true(digest_open("md5:", &d, &err) < 0);
	assert_int_equal(err.kind, ERR_UNSUPPORTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_known), cmocka_unit_test(test_running), cmocka_unit_test(test_unknown) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
