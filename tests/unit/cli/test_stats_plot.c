/* test_stats_plot.c - bars and courses of stats --plot. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "cli/stats_plot.h"
#include "codec/utf8.h"

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

static size_t widest(const char *text)
{
	size_t most = 0;
	for (; *text; text += strcspn(text, "\n") + 1) {
		size_t cells = utf8_count(text, strcspn(text, "\n"));
		most = cells > most ? cells : most;
	}
	return most;
}

/* Received 100 bytes more with every look, a second apart. */
static void look(struct stats_series *s, int64_t number)
{
	s->before = s->now;
	s->now = (struct ctr_stats){ .id = "0123456789abcdef", .name = (char *)"web", .memory_max_bytes = 100, .taken_ns = number * 1000000000,
				     .cpu_percent = (double)number, .in_bytes = (uint64_t)number * 100, .used = { .memory_bytes = 50, .pids = 3 } };
	stats_plot_push(s);
}

static void test_history(void **state)
{
	(void)state;
	struct stats_series s = { 0 };
	for (int64_t i = 1; i <= STATS_HISTORY + 5; i++)
		look(&s, i);
	assert_int_equal(s.count, STATS_HISTORY);
	assert_true(s.course[STATS_CPU][0] == 6);
	assert_true(s.course[STATS_CPU][STATS_HISTORY - 1] == STATS_HISTORY + 5);
	assert_true(s.course[STATS_NETWORK][0] == 100);
	assert_true(s.course[STATS_MEMORY][0] == 50);
	assert_true(s.course[STATS_PIDS][7] == 3);
}

static void test_lines(void **state)
{
	(void)state;
	struct stats_series s = { 0 };
	const struct stats_look plain = { .columns = 80 };
	auto_str first = { 0 }, second = { 0 };
	look(&s, 1);
	stats_plot(&first, &s, 1, &plain);
	assert_string_equal(str_text(&first), "web  0123456789ab\n"
					      "  cpu  ....................  1.0 %                       _\n"
					      "  mem  ##########..........  50 B of 100 B               #\n"
					      "  net  ....................  100B in, 0B out             _\n"
					      "  disk ....................  0B in, 0B out               _\n"
					      "  pids ####################  3                           #\n");
	look(&s, 2);
	stats_plot(&second, &s, 1, &plain);
	assert_non_null(strstr(str_text(&second), "  net  ####################  100B/s in, 0B/s out         _#\n"));
}

static void test_widths(void **state)
{
	(void)state;
	struct stats_series s = { 0 };
	for (int64_t i = 1; i <= STATS_HISTORY; i++)
		look(&s, i);
	for (unsigned columns = 45; columns < 200; columns++) {
		const struct stats_look with = { .columns = columns, .utf8 = columns % 2 };
		auto_str out = { 0 };
		stats_plot(&out, &s, 1, &with);
		if (widest(str_text(&out)) > columns)
			fail_msg("%u columns:\n%s", columns, str_text(&out));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_bars), cmocka_unit_test(test_courses), cmocka_unit_test(test_history),
					     cmocka_unit_test(test_lines), cmocka_unit_test(test_widths) };
	return cmocka_run_group_tests_name("stats_plot", tests, NULL, NULL);
}
