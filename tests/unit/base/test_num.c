/* test_num.c - numbers as people write them: the whole text or nothing, and exact. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/mem.h"
#include "base/num.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void test_whole(void **state)
{
	static const struct {
		const char *text;
		uint64_t max, value;
		int error;
	} rows[] = {
		{ "0", 9, 0, 0 }, { "9", 9, 9, 0 }, { "10", 9, 0, -ERANGE }, { "007", 9, 7, 0 }, { "18446744073709551615", UINT64_MAX, UINT64_MAX, 0 },
		{ "18446744073709551616", UINT64_MAX, 0, -ERANGE }, { "99999999999999999999999", UINT64_MAX, 0, -ERANGE }, { "", 9, 0, -EINVAL },
		{ " 1", 9, 0, -EINVAL }, { "1 ", 9, 0, -EINVAL }, { "+1", 9, 0, -EINVAL }, { "-1", 9, 0, -EINVAL }, { "0x1", 99, 0, -EINVAL },
		{ "1e1", 99, 0, -EINVAL }, { "1.0", 99, 0, -EINVAL }, { "\xd9\xa1", 99, 0, -EINVAL },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		uint64_t value = 77;
		assert_int_equal(num_u64(rows[i].text, rows[i].max, &value), rows[i].error);
		assert_int_equal(value, rows[i].error ? 77 : rows[i].value);
	}
}

static void test_signed(void **state)
{
	static const struct {
		const char *text;
		int64_t value;
		int error;
	} rows[] = {
		{ "-9223372036854775808", INT64_MIN, 0 }, { "9223372036854775807", INT64_MAX, 0 }, { "9223372036854775808", 0, -ERANGE },
		{ "-9223372036854775809", 0, -ERANGE }, { "+5", 5, 0 }, { "-0", 0, 0 }, { "--1", 0, -EINVAL }, { "+-1", 0, -EINVAL }, { "-", 0, -EINVAL },
		{ "+", 0, -EINVAL }, { "", 0, -EINVAL },
	};
	int64_t value;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		value = 0;
		assert_int_equal(num_i64(rows[i].text, INT64_MIN, INT64_MAX, &value), rows[i].error);
		assert_true(value == rows[i].value);
	}
	assert_int_equal(num_i64("-3", -2, 2, &value), -ERANGE);
	assert_int_equal(num_i64("3", -2, 2, &value), -ERANGE);
}

static void test_octal(void **state)
{
	static const struct {
		const char *text;
		uint32_t max, value;
		int error;
	} rows[] = {
		{ "0755", 07777, 0755, 0 }, { "7777", 07777, 07777, 0 }, { "10000", 07777, 0, -ERANGE }, { "8", 07777, 0, -EINVAL }, { "", 07777, 0, -EINVAL },
		{ "37777777777", UINT32_MAX, UINT32_MAX, 0 }, { "40000000000", UINT32_MAX, 0, -ERANGE }, { "777777777777777", UINT32_MAX, 0, -ERANGE },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		uint32_t value = 0;
		assert_int_equal(num_octal(rows[i].text, rows[i].max, &value), rows[i].error);
		assert_int_equal(value, rows[i].value);
	}
}

static void test_size(void **state)
{
	static const struct {
		const char *text;
		int64_t value;
		int error;
	} rows[] = {
		{ "0", 0, 0 }, { "512", 512, 0 }, { "1b", 1, 0 }, { "1k", 1024, 0 }, { "1K", 1024, 0 }, { "1kb", 1024, 0 }, { "1KiB", 1024, 0 }, { "1 k", 1024, 0 },
		{ "1.5g", 1610612736, 0 }, { ".5k", 512, 0 }, { "1t", 1LL << 40, 0 }, { "2p", 1LL << 51, 0 }, { "8191p", 8191LL << 50, 0 },
		{ "8192p", 0, -ERANGE }, { "9223372036854775808", 0, -ERANGE }, { "", 0, -EINVAL }, { "k", 0, -EINVAL }, { "1x", 0, -EINVAL },
		{ "1kk", 0, -EINVAL }, { "-1", 0, -EINVAL }, { "1e3", 0, -EINVAL }, { "1bb", 0, -EINVAL }, { "1k ", 0, -EINVAL }, { "inf", 0, -EINVAL },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t value = 0;
		int rc = num_size(rows[i].text, &value);
		if (rc != rows[i].error || value != rows[i].value)
			fail_msg("'%s' is %d, %" PRId64, rows[i].text, rc, value);
	}
}

static void test_duration(void **state)
{
	static const struct {
		const char *text;
		int64_t value;
		int error;
	} rows[] = {
		{ "0", 0, 0 }, { "1ns", 1, 0 }, { "1us", 1000, 0 }, { "1\xc2\xb5s", 1000, 0 }, { "1\xce\xbcs", 1000, 0 }, { "300ms", 300000000, 0 },
		{ "1.5s", 1500000000, 0 }, { ".5s", 500000000, 0 }, { "1.s", 1000000000, 0 }, { "1h30m", 5400000000000, 0 }, { "-1.5h", -5400000000000, 0 },
		{ "+1s", 1000000000, 0 }, { "0.29s", 290000000, 0 }, { "0.57s", 570000000, 0 }, { "1.001s", 1001000000, 0 }, { "4.35s", 4350000000, 0 },
		{ "0.000000001s", 1, 0 }, { "0.0000000019s", 1, 0 }, { "2562047h47m16.854775807s", INT64_MAX, 0 }, { "9223372036854775807ns", INT64_MAX, 0 },
		{ "9223372036854775808ns", 0, -ERANGE }, { "2562048h", 0, -ERANGE }, { "-2562047h47m16.854775808s", INT64_MIN, 0 },
		{ "9007199254740993ns", 9007199254740993, 0 }, { "1s1ns", 1000000001, 0 }, { "99999999999999999999h", 0, -ERANGE },
		{ "", 0, -EINVAL }, { "1", 0, -EINVAL }, { "s", 0, -EINVAL }, { ".s", 0, -EINVAL }, { "1x", 0, -EINVAL }, { "1s ", 0, -EINVAL },
		{ "-", 0, -EINVAL }, { "1 s", 0, -EINVAL }, { "00", 0, -EINVAL }, { "1S", 0, -EINVAL }, { "--1s", 0, -EINVAL },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t value = 0;
		int rc = num_duration(rows[i].text, &value);
		if (rc != rows[i].error || value != rows[i].value)
			fail_msg("'%s' is %d, %" PRId64, rows[i].text, rc, value);
	}
	for (int64_t ms = 0; ms < 10000; ms++) { /* a thousandth is a thousandth */
		char text[32];
		int64_t value;
		snprintf(text, sizeof(text), "%" PRId64 ".%03" PRId64 "s", ms / 1000, ms % 1000);
		assert_int_equal(num_duration(text, &value), 0);
		assert_int_equal(value, ms * 1000000);
	}
}

static void test_others(void **state)
{
	static const struct {
		const char *text;
		int port; /* < 0: error */
	} ports[] = { { "1", 1 }, { "65535", 65535 }, { "65536", -ERANGE }, { "0", -ERANGE }, { "", -EINVAL }, { "80/tcp", -EINVAL }, { "-1", -EINVAL } };
	static const struct {
		uint64_t bytes;
		const char *text;
	} sizes[] = { { 0, "0 B" }, { 999, "999 B" }, { 1000, "1 kB" }, { 1234, "1.23 kB" }, { 81234567, "81.2 MB" }, { UINT64_MAX, "18.4 EB" } };
	double d;
	for (size_t i = 0; i < ARRAY_LEN(ports); i++) {
		uint16_t port = 0;
		int rc = num_port(ports[i].text, &port);
		assert_int_equal(rc < 0 ? rc : port, ports[i].port);
	}
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
		assert_string_equal(num_size_text(sizes[i].bytes).text, sizes[i].text);
	assert_int_equal(num_double("-1.5", &d), 0);
	assert_true(d == -1.5);
	assert_int_equal(num_double("0.5", &d), 0);
	assert_int_equal(num_double("", &d), -EINVAL);
	assert_int_equal(num_double("nan", &d), -EINVAL);
	assert_int_equal(num_double("1e5", &d), -EINVAL);
	assert_int_equal(num_double("0x1p3", &d), -EINVAL);
	char huge[400];
	memset(huge, '9', sizeof(huge) - 1);
	huge[sizeof(huge) - 1] = 0;
	assert_int_equal(num_double(huge, &d), -ERANGE);
	int64_t bytes;
	assert_int_equal(num_size(huge, &bytes), -ERANGE);
	assert_int_equal(num_duration(huge, &bytes), -ERANGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole), cmocka_unit_test(test_signed), cmocka_unit_test(test_octal), cmocka_unit_test(test_size),
		cmocka_unit_test(test_duration), cmocka_unit_test(test_others),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
