/* test_enc.c - base64 both ways. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/mem.h"
#include "codec/enc.h"

#include <string.h>

/* RFC 4648 section 10, and bytes above 127 */
static const struct {
	const char *plain, *text;
} rows[] = {
	{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" },
	{ "foobar", "Zm9vYmFy" }, { "\xff\xfe\xfd", "//79" }, { "\xfb\xef\xbe", "++++" },
};

static void test_both_ways(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		auto_free char *text = enc_base64(rows[i].plain, strlen(rows[i].plain)), *back = NULL;
		size_t len = 0;

		assert_string_equal(text, rows[i].text);
		assert_int_equal(enc_base64_decode(text, &back, &len), 0);
		assert_int_equal(len, strlen(rows[i].plain));
		assert_string_equal(back, rows[i].plain);
	}
}

static void test_lenient_and_not(void **state)
{
	static const char *const bad[] = { "Z", "Zg=x", "Zm9v!", "Zm 9v", "Zm9v\n", "Zm9vY", "Z===" };
	auto_free char *a = NULL, *b = NULL;
	size_t len;

	assert_int_equal(enc_base64_decode("Zg", &a, &len), 0);
	assert_string_equal(a, "f");
	assert_int_equal(enc_base64_decode("__79", &b, &len), 0);
	assert_string_equal(b, "\xff\xfe\xfd");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		auto_free char *out = NULL;

		assert_true(enc_base64_decode(bad[i], &out, &len) < 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_both_ways), cmocka_unit_test(test_lenient_and_not) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
