/* test_stats_plot.c - bars and courses of stats --plot. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "cli/stats_plot.h"

static void expect_bar(double percent, unsigned width, bool utf8, const char *text)
{
	auto_str out = { 0 };
	stats_plot_bar(&out, percent, width, utf8);
	assert_string_equal(str_text(&out), text);
}

static void test_bars(void **state)
{
	(void)state;
	expect_bar(0, 4, true, "    ");
	expect_bar(50, 4, true, "██  ");
	expect_bar(62.5, 4, true, "██▌ ");
	expect_bar(100, 4, true, "████");
	expect_bar(250, 4, true, "████");
	expect_bar(-1, 4, true, "    ");
	expect_bar(50, 4, false, "##..");
	expect_bar(62.5, 4, false, "##..");
}

static void test_courses(void **state)
{
	(void)state;
	static const double values[] = { 0, 25, 50, 100 };
	auto_str out = { 0 }, last = { 0 }, letters = { 0 };
	stats_plot_spark(&out, values, 4, 10, 100, true);
	assert_string_equal(str_text(&out), "▁▃▅█");
	stats_plot_spark(&last, values, 4, 2, 100, true);
	assert_string_equal(str_text(&last), "▅█");
	stats_plot_spark(&letters, values, 4, 10, 100, false);
	assert_string_equal(str_text(&letters), "_,=#");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_bars), cmocka_unit_test(test_courses) };
	return cmocka_run_group_tests_name("stats_plot", tests, NULL, NULL);
}
