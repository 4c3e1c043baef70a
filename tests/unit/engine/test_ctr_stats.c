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
	auto_val(ctr_stats) stats = { 0 }, none = { 0 };
	ctr_stats_devices(&stats, text);
	assert_int_equal(stats.device_count, 2);
	assert_string_equal(stats.devices[0].name, "eth0");
	assert_int_equal(stats.devices[0].in_packets, 5);
	assert_int_equal(stats.devices[0].out_packets, 3);
	assert_string_equal(stats.devices[1].name, "eth10");
	assert_int_equal(stats.devices[1].in_bytes, 14);
	assert_int_equal(stats.in_bytes, 500);
	assert_int_equal(stats.out_bytes, 300);
	ctr_stats_devices(&none, "");
	assert_int_equal(none.device_count + none.in_bytes + none.out_bytes, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_devices) };
	return cmocka_run_group_tests_name("ctr_stats", tests, NULL, NULL);
}
