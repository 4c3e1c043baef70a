/* test_ntime.c - durations as Go prints them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/mem.h"
#include "base/ntime.h"

static void test_duration(void **state)
{
	static const struct { int64_t ns; const char *text; } rows[] = {
		{ 0, "0s" },
		{ 1, "1ns" },
		{ 1500, "1.5\u00b5s" },
		{ 2000000, "2ms" },
		{ 10050000, "10.05ms" },
		{ NS_PER_S, "1s" },
		{ 2150000000, "2.15s" },
		{ 2066872601, "2.066872601s" },
		{ 60 * NS_PER_S, "1m0s" },
		{ 3600 * NS_PER_S, "1h0m0s" },
		{ 42503217625161, "11h48m23.217625161s" },
		{ -90 * NS_PER_S, "-1m30s" },
		{ INT64_MIN, "-2562047h47m16.854775808s" },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_string_equal(ntime_duration(rows[i].ns).text, rows[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_duration) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
