/* test_moment.c - points in time with zones: what Go's time package prints. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/moment.h"
#include "base/str.h"

static void test_format(void **state)
{
	static const struct { const char *time, *layout, *text; } rows[] = {
		{ "2026-01-02T03:04:05.600Z", MOMENT_GO, "2026-01-02 03:04:05.6 +0000 UTC" },
		{ "0001-01-01T00:00:00Z", MOMENT_RFC3339, "0001-01-01T00:00:00Z" },
		{ "9999-12-31T23:59:59Z", "Mon Jan _2", "Fri Dec 31" },
		{ "2026-07-01T12:00:00+05:30", MOMENT_GO, "2026-07-01 12:00:00 +0530 +0530" },
		{ "2026-07-01T12:00:00-04:00", MOMENT_GO, "2026-07-01 12:00:00 -0400 EDT" },
		{ "2026-07-01T00:04:05.012Z", "3:4:5PM .000 .00 ,999 .0001 05.9", "12:4:5AM .012 .01 ,012 .0007 05" },
		{ "2026-07-01T00:04:05.012Z", "Janet January 06 002 __2 2 1 15 pm", "Janet July 26 182 182 1 7 00 am" },
	};
	(void)state;
	setenv("TZ", "EST5EDT,M3.2.0,M11.1.0", 1);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct moment m;
		auto_str out = { 0 };
		assert_int_equal(moment_parse(rows[i].time, &m), 0);
		moment_format(&m, rows[i].layout, &out);
		assert_string_equal(str_text(&out), rows[i].text);
	}
}

static void test_bounds(void **state)
{
	struct moment m, to;
	(void)state;
	assert_true(moment_parse("2026-02-30T00:00:00Z", &m) < 0);
	assert_true(moment_parse("10000-01-01T00:00:00Z", &m) < 0);
	assert_int_equal(moment_parse("9999-12-31T23:59:59Z", &m), 0);
	assert_true(moment_at(&m, m.s + 1, 0, &to) < 0);
	assert_true(moment_add_date(&m, 0, 0, 1, &to) < 0);
	assert_int_equal(moment_at(&m, m.s, -1, &to), 0);
	assert_int_equal(to.ns, 999999999);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_format), cmocka_unit_test(test_bounds) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
