/* test_proc_ask.c - a question, an answer; what is too slow, says too much, or is nowhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/proc_ask.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The program's words; what comes of it. */
static void test_table(void **state)
{
	static const struct {
		const char *argv[4];
		int limit_ms, result, status;
		const char *answer;
	} rows[] = {
		{ { "cat" }, 10000, 0, 0, "a question\n" },
		{ { "sh", "-c", "echo no; exit 3" }, 10000, 0, 3, "no\n" },
		{ { "sleep", "100" }, 50, -ETIMEDOUT, 0, "" },
		{ { "sh", "-c", "echo x; exec >&-; exec sleep 100" }, 200, -ETIMEDOUT, 0, "x\n" },
		{ { "yes" }, 10000, -EFBIG, 0, NULL },
		{ { "cpod-there-is-no-such-program" }, 10000, -ENOENT, 0, "" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct proc_ask ask = { .argv = rows[i].argv, .question = "a question\n", .answer_max = 100, .limit_ms = rows[i].limit_ms };
		auto_str answer = { 0 };
		int status = 0, r = proc_ask(&ask, &answer, &status);

		if (r != rows[i].result)
			fail_msg("row %zu: %d", i, r);
		if (r == 0)
			assert_int_equal(status, rows[i].status);
		if (rows[i].answer)
			assert_string_equal(str_text(&answer), rows[i].answer);
		assert_true(answer.len <= 100);
	}
}

static void test_path(void **state)
{
	static const char *const argv[] = { "cat", NULL };
	const struct proc_ask ask = { .argv = argv, .question = "", .answer_max = 100, .limit_ms = 10000 };
	auto_free char *before = mem_strdup(getenv("PATH"));
	auto_str answer = { 0 };
	int status;

	/* the directory one stands in is not looked at */
	setenv("PATH", "bin:.:", 1);
	assert_int_equal(proc_ask(&ask, &answer, &status), -ENOENT);
	setenv("PATH", before, 1);
	assert_int_equal(proc_ask(&ask, &answer, &status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_path) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
