/* The lines of bars. */
#include "cli/progress.h"

#include "base/ntime.h"
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define DIGEST "sha256:0123456789abcdef0123"

static const struct {
	struct progress_item item;
	int64_t elapsed_ns;
	size_t width;
	const char *expect;
} cases[] = {
	{ { (char *)"blob", (char *)DIGEST, IMAGES_STEP_DONE, 5, 5 }, 0, 80, "Copying blob 0123456789ab done" },
	{ { (char *)"config", (char *)DIGEST, IMAGES_STEP_EXISTS, 0, 0 }, 0, 80, "Copying config 0123456789ab skipped: already exists" },
	{ { (char *)"blob", (char *)DIGEST, IMAGES_STEP_LOAD, 50, 100 }, 0, 60, "Copying blob 0123456789ab [=========>---------] 50 B / 100 B" },
	{ { (char *)"blob", (char *)DIGEST, IMAGES_STEP_WAIT, 0, 100 }, 0, 60, "Copying blob 0123456789ab [>-------------------] 0 B / 100 B" },
	{ { (char *)"blob", (char *)DIGEST, IMAGES_STEP_LOAD, 200, 100 }, 0, 40, "Copying blob 0123456789ab  100 B / 100 B" },
	{ { (char *)"blob", (char *)DIGEST, IMAGES_STEP_DONE, 0, 0 }, 0, 10, "Copying bl" },
	{ { (char *)"blob", (char *)DIGEST, IMAGES_STEP_LOAD, 2000, 0 }, 2 * NS_PER_S, 60, "Copying blob 0123456789ab 2 kB | 1 kB/s" },
};

static void test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		auto_free char *line = progress_line_dup(&cases[i].item, cases[i].elapsed_ns, cases[i].width);
		assert_true(strlen(line) <= cases[i].width);
		assert_string_equal(line, cases[i].expect);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_lines) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
