/* Which name was probably meant. */
#include "engine/names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void test_near(void **state)
{
	(void)state;
	static const struct { const char *word, *name; bool near; } rows[] = {
		{ "wbe", "web", true },	   { "Web", "web", true },	{ "databse", "database", true }, { "web", "web1", false },
		{ "web1", "web2", false }, { "c9", "c10", false },	{ "a", "b", false },		 { "ab", "xy", false },
		{ "wev1", "web1", true },  { "nginx", "redis", false }, { "", "web", false },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (names_are_near(rows[i].word, rows[i].name) != rows[i].near)
			fail_msg("'%s' and '%s'", rows[i].word, rows[i].name);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_near) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
