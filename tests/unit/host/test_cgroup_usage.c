/* test_cgroup_usage.c - the texts the kernel counts in, of v2 and of v1. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "host/cgroup_usage.h"

static void test_key(void **state)
{
	(void)state;
	static const char text[] = "usage_usec 4373\nuser_usec 12\nsystem_usec 4361\nnice_usec 0\nlast 18446744073709551615";
	assert_int_equal(cgroup_usage_key(text, "usage_usec"), 4373);
	assert_int_equal(cgroup_usage_key(text, "system_usec"), 4361);
	assert_true(cgroup_usage_key(text, "last") == UINT64_MAX);
	assert_int_equal(cgroup_usage_key(text, "usec"), 0);
	assert_int_equal(cgroup_usage_key(text, "user"), 0);
	assert_int_equal(cgroup_usage_key("", "user"), 0);
	assert_int_equal(cgroup_usage_key("usage_usec", "usage_usec"), 0);
	assert_int_equal(cgroup_usage_key("usage_usec x\n", "usage_usec"), 0);
}

static void test_io(void **state)
{
	(void)state;
	static const char text[] = "8:16 rbytes=1459200 wbytes=314773504 rios=192 wios=353 dbytes=0 dios=0\n"
				   "8:0 rbytes=90430464 wbytes=299008000 rios=8950 wios=1252 dbytes=50331648 dios=3021\n"
				   "253:0 \n";
	assert_int_equal(cgroup_usage_io(text, "rbytes"), 1459200 + 90430464);
	assert_int_equal(cgroup_usage_io(text, "wbytes"), 314773504 + 299008000);
	assert_int_equal(cgroup_usage_io(text, "bytes"), 0);
	assert_int_equal(cgroup_usage_io("", "rbytes"), 0);
	assert_int_equal(cgroup_usage_io("8:0 rbytes= wbytes=-1 rbytes=1x", "rbytes"), 0);
	assert_int_equal(cgroup_usage_io("8:0 rbytes=18446744073709551616", "rbytes"), 0);
}

static void test_blkio(void **state)
{
	(void)state;
	static const char text[] = "8:0 Read 4096\n8:0 Write 8192\n8:0 Sync 4096\n8:0 Async 8192\n8:0 Discard 0\n8:0 Total 12288\n"
				   "8:16 Read 100\n8:16 Write 0\nTotal 12388\n";
	assert_int_equal(cgroup_usage_blkio(text, "Read"), 4196);
	assert_int_equal(cgroup_usage_blkio(text, "Write"), 8192);
	assert_int_equal(cgroup_usage_blkio("Total 0\n", "Read"), 0);
	assert_int_equal(cgroup_usage_blkio("", "Write"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_key), cmocka_unit_test(test_io), cmocka_unit_test(test_blkio) };
	return cmocka_run_group_tests_name("cgroup_usage", tests, NULL, NULL);
}
