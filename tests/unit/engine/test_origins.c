/* Who said what: a later note of the same place stands, and where nobody asks nothing is noted. */
#include "engine/origins.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void test_later_stands(void **state)
{
	(void)state;
	auto_ptr(origins) o = origins_new();
	char *words[] = { (char[]){ "A=1" }, (char[]){ "B" }, NULL };
	origins_note_words(o, "env", words, ORIGIN_IMAGE, "ENV");
	origins_note(o, "env", "A", ORIGIN_FLAG, "--env A=2");
	assert_int_equal(origins_find(o, "env", "A")->kind, ORIGIN_FLAG);
	assert_string_equal(origins_find(o, "env", "A")->text, "--env A=2");
	assert_int_equal(origins_find(o, "env", "B")->kind, ORIGIN_IMAGE);
	assert_null(origins_find(o, "env", "C"));
	assert_null(origins_find(o, "label", "A"));
}

static void test_nobody_asks(void **state)
{
	(void)state;
	char *words[] = { (char[]){ "A=1" }, NULL };
	origins_note(NULL, "env", "A", ORIGIN_FLAG, "x");
	origins_note_words(NULL, "env", words, ORIGIN_FLAG, "x");
	assert_null(origins_find(NULL, "env", "A"));
}

static void test_words(void **state)
{
	(void)state;
	for (int kind = 0; kind < ORIGIN_KIND_COUNT; kind++)
		assert_non_null(origins_word((enum origin_kind)kind));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_later_stands), cmocka_unit_test(test_nobody_asks), cmocka_unit_test(test_words) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
