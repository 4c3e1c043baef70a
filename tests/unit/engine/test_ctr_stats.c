/* test_ctr_stats.c - the kernel's list of network devices. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/ctr_stats.h"

static void test_devices(void **state)
{
	(void)state;
	static const char text[] = "Inter-|   Receive                                                |  Transmit\n"
				   " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n"
				   "    lo:    1000      10    0    0    0     0          0         0     2000      20    0    0    0     0       0          0\n"
				   "  eth0:     486       5    0    0    0     0          0         0      266       3    0    0    0     0       0          0\n"
				   "eth10:14 1 0 0 0 0 0 0 34 1 0 0 0 0 0 0\n";
	uint64_t in, out;
	ctr_stats_devices(text, &in, &out);
	assert_int_equal(in, 500);
	assert_int_equal(out, 300);
	ctr_stats_devices("", &in, &out);
	assert_int_equal(in + out, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_devices) };
	return cmocka_run_group_tests_name("ctr_stats", tests, NULL, NULL);
}
