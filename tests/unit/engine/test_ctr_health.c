/* What an answer of a health check makes of the record, and what the words of --health-* come to. */
#include "engine/ctr_health.h"
#include "engine/ctr_health_words.h"
#include "base/limits.h"
#include "base/ntime.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>

static char *shell[] = { (char[]){ "CMD-SHELL" }, (char[]){ "x" }, NULL };

static enum ctr_health_step answer(const struct ctr_def *def, struct ctr_health *h, int64_t at_s, int code, const char *output)
{
	struct ctr_health_entry entry = { .start_ns = at_s * NS_PER_S, .end_ns = at_s * NS_PER_S, .exit_code = code, .output = mem_strdup(output) };
	enum ctr_health_step step = ctr_health_judge(def, 100 * NS_PER_S, &entry, h);
	assert_null(entry.output); /* taken */
	return step;
}

static void a_streak_makes_it_unhealthy(void **state)
{
	struct ctr_healthcheck check = { .test = shell, .retries = 2 };
	struct ctr_def def = { .health = &check };
	auto_val(ctr_health) h = { .status = mem_strdup("starting"), .started = true };
	assert_int_equal(answer(&def, &h, 101, 1, ""), CTR_HEALTH_GO_ON);
	assert_string_equal(h.status, "starting");
	assert_int_equal(answer(&def, &h, 102, 125, ""), CTR_HEALTH_ACT);
	assert_string_equal(h.status, "unhealthy");
	assert_int_equal(answer(&def, &h, 103, 0, ""), CTR_HEALTH_GO_ON);
	assert_string_equal(h.status, "healthy");
	assert_int_equal(h.streak, 0);
	assert_int_equal(answer(&def, &h, 104, 1, ""), CTR_HEALTH_GO_ON);
	assert_string_equal(h.status, "healthy");
}

static void the_start_period_counts_no_failure(void **state)
{
	struct ctr_healthcheck check = { .test = shell, .retries = 1, .start_period_ns = 10 * NS_PER_S };
	struct ctr_def def = { .health = &check };
	auto_val(ctr_health) h = { .status = mem_strdup("starting"), .started = true };
	assert_int_equal(answer(&def, &h, 109, 1, ""), CTR_HEALTH_GO_ON);
	assert_int_equal(h.streak, 0);
	assert_int_equal(h.count, 1);
	assert_int_equal(answer(&def, &h, 110, 1, ""), CTR_HEALTH_ACT);
}

static void the_startup_check_comes_first(void **state)
{
	struct ctr_healthcheck check = { .test = shell, .retries = 1 }, first = { .test = shell, .retries = 2, .successes = 2 };
	struct ctr_def def = { .health = &check, .startup_health = &first };
	auto_val(ctr_health) h = { .status = mem_strdup("starting") };
	assert_ptr_equal(ctr_health_current(&def, &h), &first);
	answer(&def, &h, 101, 0, "");
	assert_false(h.started);
	assert_int_equal(answer(&def, &h, 102, 1, ""), CTR_HEALTH_GO_ON); /* and the success before is forgotten */
	answer(&def, &h, 103, 0, "");
	assert_false(h.started);
	answer(&def, &h, 104, 0, "");
	assert_true(h.started);
	assert_ptr_equal(ctr_health_current(&def, &h), &check);
	assert_int_equal(answer(&def, &h, 105, 1, ""), CTR_HEALTH_ACT);
}

static void failed_startups_start_it_again(void **state)
{
	struct ctr_healthcheck check = { .test = shell, .retries = 1 }, first = { .test = shell, .retries = 2 };
	struct ctr_def def = { .health = &check, .startup_health = &first };
	auto_val(ctr_health) h = { .status = mem_strdup("starting") };
	assert_int_equal(answer(&def, &h, 101, 1, ""), CTR_HEALTH_GO_ON);
	assert_int_equal(answer(&def, &h, 102, 1, ""), CTR_HEALTH_START_AGAIN);
	first.retries = 0; /* never */
	assert_int_equal(answer(&def, &h, 103, 1, ""), CTR_HEALTH_GO_ON);
}

static void the_log_has_bounds(void **state)
{
	struct ctr_healthcheck check = { .test = shell, .retries = 3 };
	struct ctr_def def = { .health = &check };
	auto_val(ctr_health) h = { .status = mem_strdup("starting"), .started = true };
	for (int i = 0; i < 7; i++)
		answer(&def, &h, 101 + i, 0, "x");
	assert_int_equal(h.count, 5);
	assert_int_equal(h.entries[0].start_ns, 103 * NS_PER_S);
	def.health_max_log_size_set = true;
	def.health_max_log_size = 2;
	answer(&def, &h, 110, 0, "\xc3\xa4\xc3\xb6\xc3\xbc");
	assert_string_equal(h.entries[h.count - 1].output, "\xc3\xa4\xc3\xb6"); /* characters */
}

static void without_bounds_ours_stay(void **state)
{
	struct ctr_healthcheck check = { .test = shell, .retries = 3 };
	struct ctr_def def = { .health = &check, .health_max_log_count_set = true, .health_max_log_size_set = true };
	auto_val(ctr_health) h = { .status = mem_strdup("starting"), .started = true };
	for (int i = 0; i < LIMIT_HEALTH_ENTRIES + 1; i++)
		answer(&def, &h, 101, 0, "x");
	assert_int_equal(h.count, LIMIT_HEALTH_ENTRIES);
	auto_free char *large = mem_alloc(LIMIT_HEALTH_LOG_BYTES + 1);
	memset(large, 'y', LIMIT_HEALTH_LOG_BYTES);
	answer(&def, &h, 102, 0, large);
	assert_int_equal(h.count, 1); /* the others made room */
	answer(&def, &h, 103, 0, "z");
	assert_int_equal(h.count, 1);
	assert_string_equal(h.entries[0].output, "z");
}

/* --- words --- */

static void commands_read_as_podman_reads_them(void **state)
{
	static const struct { const char *word, *test; } rows[] = {
		{ "echo  hi", "CMD-SHELL|echo  hi" }, { "CMD echo  hi", "CMD|echo|hi" }, { "cmd-shell echo  hi", "cmd-shell|echo  hi" },
		{ "[\"echo\",\"a b\"]", "CMD|echo|a b" }, { "[\"echo hi\"]", "CMD-SHELL|echo hi" }, { "[\"CMD\",\"a b\"]", "CMD|a b" },
		{ "[\"CMD-SHELL\",\"a  b\"]", "CMD-SHELL|a  b" }, { "none", "NONE" }, { "None more", "NONE" }, { "[\"none\"]", "NONE" },
		{ "[1]", "CMD-SHELL|[1]" }, { "[\"a\"", "CMD-SHELL|[\"a\"" }, { " ", "CMD-SHELL| " }, { "CMD", "CMD" },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		auto_val(ctr_opts) opts;
		struct err err = { 0 };
		ctr_opts_init(&opts);
		opts.health.cmd = mem_strdup(rows[i].word);
		assert_int_equal(ctr_health_complete(&opts, NULL, &err), 0);
		auto_free char *test = strv_join(opts.def.health->test, "|");
		assert_string_equal(test, rows[i].test);
		assert_int_equal(ctr_health_is_set(&opts.def), strcmp(rows[i].test, "NONE") != 0);
	}
}

static void what_makes_no_sense_is_refused(void **state)
{
	static char x[] = "x";
	static char empty[] = "[]", bare[] = "5", back[] = "-5s", none[] = "0s", before[] = "-1s", killing[] = "kill", burn[] = "burn", nowhere[] = "/nosuch", file[] = "/proc/self/status";
	static const struct { struct ctr_health_words words; const char *sentence; } rows[] = {
		{ { .none = true, .cmd = x }, "cannot specify both --no-healthcheck and --health-cmd" },
		{ { .cmd = empty }, "must define a healthcheck command" },
		{ { .cmd = x, .interval = bare }, "invalid duration" },
		{ { .cmd = x, .interval = back }, "0 seconds or greater" },
		{ { .cmd = x, .timeout = none }, "at least 1 second" },
		{ { .cmd = x, .start_period = before }, "0 seconds or greater" },
		{ { .cmd = x, .retries_set = true }, "greater than 0" },
		{ { .startup_cmd = x }, "no regular healthcheck" },
		{ { .on_failure = killing }, "without a health check" },
		{ { .cmd = x, .on_failure = burn }, "none,kill,restart,stop" },
		{ { .cmd = x, .log_destination = nowhere }, "/nosuch" },
		{ { .cmd = x, .log_destination = file }, "must be directory" },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct ctr_opts opts;
		struct err err = { 0 };
		ctr_opts_init(&opts);
		opts.health = rows[i].words;
		assert_int_equal(ctr_health_complete(&opts, NULL, &err), -1);
		assert_non_null(strstr(err.text, rows[i].sentence));
		opts.health = (struct ctr_health_words){ 0 }; /* the row's */
		ctr_opts_done(&opts);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_streak_makes_it_unhealthy),
		cmocka_unit_test(the_start_period_counts_no_failure),
		cmocka_unit_test(the_startup_check_comes_first),
		cmocka_unit_test(failed_startups_start_it_again),
		cmocka_unit_test(the_log_has_bounds),
		cmocka_unit_test(without_bounds_ours_stay),
		cmocka_unit_test(commands_read_as_podman_reads_them),
		cmocka_unit_test(what_makes_no_sense_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
