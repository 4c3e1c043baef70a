#include "options/flag_number.h"

#include "base/mem.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static const struct {
	const char *text;
	int rc;
	uint64_t value;
} unsigned_cases[] = {
	{ "0", 0, 0 }, { "7", 0, 7 }, { "10", 0, 10 }, { "0x1f", 0, 31 }, { "0XFF", 0, 255 }, { "0o17", 0, 15 }, { "017", 0, 15 },
	{ "0b101", 0, 5 }, { "1_000", 0, 1000 }, { "0x_ff", 0, 255 }, { "00", 0, 0 },
	{ "18446744073709551615", 0, UINT64_MAX }, { "18446744073709551616", -ERANGE, 0 }, { "0x10000000000000000", -ERANGE, 0 },
	{ "", -EINVAL, 0 }, { "-1", -EINVAL, 0 }, { "+1", -EINVAL, 0 }, { "1 ", -EINVAL, 0 }, { " 1", -EINVAL, 0 }, { "08", -EINVAL, 0 },
	{ "0x", -EINVAL, 0 }, { "0b2", -EINVAL, 0 }, { "1__0", -EINVAL, 0 }, { "_1", -EINVAL, 0 }, { "1_", -EINVAL, 0 },
	{ "1e3", -EINVAL, 0 }, { "0xg", -EINVAL, 0 },
};

static void test_unsigned(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(unsigned_cases); i++) {
		uint64_t value = 0;
		int rc = flag_number_u64(unsigned_cases[i].text, UINT64_MAX, &value);
		if (rc != unsigned_cases[i].rc || value != unsigned_cases[i].value)
			fail_msg("'%s' gives %d, %llu", unsigned_cases[i].text, rc, (unsigned long long)value);
	}
}

static const struct {
	const char *text;
	int rc;
	int64_t value;
} signed_cases[] = {
	{ "0", 0, 0 }, { "-0", 0, 0 }, { "+5", 0, 5 }, { "-5", 0, -5 }, { "-0x10", 0, -16 }, { "9223372036854775807", 0, INT64_MAX },
	{ "-9223372036854775808", 0, INT64_MIN }, { "9223372036854775808", -ERANGE, 0 }, { "-9223372036854775809", -ERANGE, 0 },
	{ "--5", -EINVAL, 0 }, { "+-5", -EINVAL, 0 }, { "-", -EINVAL, 0 }, { "+", -EINVAL, 0 }, { "5-", -EINVAL, 0 }, { "0_", -EINVAL, 0 },
};

static void test_signed(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(signed_cases); i++) {
		int64_t value = 0;
		int rc = flag_number_i64(signed_cases[i].text, INT64_MIN, INT64_MAX, &value);
		if (rc != signed_cases[i].rc || value != signed_cases[i].value)
			fail_msg("'%s' gives %d, %lld", signed_cases[i].text, rc, (long long)value);
	}
}

static void test_bounds(void **state)
{
	(void)state;
	uint64_t u;
	int64_t i;
	assert_int_equal(flag_number_u64("255", 255, &u), 0);
	assert_int_equal(flag_number_u64("256", 255, &u), -ERANGE);
	assert_int_equal(flag_number_i64("-128", -128, 127, &i), 0);
	assert_int_equal(flag_number_i64("-129", -128, 127, &i), -ERANGE);
	assert_int_equal(flag_number_i64("128", -128, 127, &i), -ERANGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_unsigned), cmocka_unit_test(test_signed), cmocka_unit_test(test_bounds) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
