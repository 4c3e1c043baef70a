/* test_net_pasta.c - the words of pasta, and the addresses read from /proc. */
#include "base/str.h"
#include "net/net_priv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static char tcp[] = "tcp", udp[] = "udp", any[] = "", local[] = "127.0.0.1";

struct row {
	const char *options;	/* with spaces */
	bool is_old;
	const char *argv, *dns_ip, *host_ip;
};

static const struct row rows[] = {
	{ "", false, "-t none -u none -T none -U none --dns-forward 169.254.1.1 --map-guest-addr 169.254.1.2", "169.254.1.1", "169.254.1.2" },
	{ "", true, "-t none -u none -T none -U none --dns-forward 169.254.1.1", "169.254.1.1", NULL },
	{ "-T 5000 --udp-ns=7", false, "-T 5000 --udp-ns=7 -t none -u none --dns-forward 169.254.1.1 --map-guest-addr 169.254.1.2",
	  "169.254.1.1", "169.254.1.2" },
	{ "-t80 --map-guest-addr 4.4.4.4", true, "-t80 --map-guest-addr 4.4.4.4 -u none -T none -U none --dns-forward 169.254.1.1", "169.254.1.1",
	  "4.4.4.4" },
	{ "--dns-forward=1.2.3.4", true, "--dns-forward=1.2.3.4 -t none -u none -T none -U none", "1.2.3.4", NULL },
	{ "-6", false, "-6 -t none -u none -T none -U none", NULL, NULL },
};

static char *words_dup(const struct net_pasta_request *request, bool is_old, struct net_pasta_words *words)
{
	net_pasta_words_make("pasta", "P", "N", is_old, request, words);
	return strv_join(words->argv, " ");
}

static void test_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		auto_strv options = strv_split(rows[i].options, ' ');
		struct net_pasta_request request = { .id = "x", .options = options };
		struct net_pasta_words words;
		auto_free char *got = words_dup(&request, rows[i].is_old, &words);
		/* the user's words come first, then what they do not say */
		size_t said = strlen(rows[i].options);
		auto_free char *expected = mem_printf("pasta --config-net --quiet %.*s%s--no-map-gw %s --pid P --netns N", (int)said, rows[i].argv,
						      said ? " " : "", rows[i].argv + said + (said ? 1 : 0));
		assert_string_equal(got, expected);
		assert_int_equal(words.maps_guest, strstr(rows[i].argv, "169.254.1.2") != NULL);
		assert_true(rows[i].dns_ip ? strcmp(words.dns_ip, rows[i].dns_ip) == 0 : !words.dns_ip);
		assert_true(rows[i].host_ip ? strcmp(words.host_ip, rows[i].host_ip) == 0 : !words.host_ip);
		net_pasta_words_done(&words);
	}
}

static void test_map_gw_is_no_word_of_pasta(void **state)
{
	(void)state;
	auto_strv options = strv_split("--map-gw", ' ');
	struct net_pasta_request request = { .id = "x", .options = options };
	struct net_pasta_words words;
	auto_free char *got = words_dup(&request, true, &words);
	assert_null(strstr(got, "map-gw"));
	net_pasta_words_done(&words);
}

static void test_ports(void **state)
{
	(void)state;
	const struct net_port ports[] = {
		{ .host_ip = any, .host_port = 8080, .container_port = 80, .count = 1, .protocol = tcp },
		{ .host_ip = local, .host_port = 9000, .container_port = 90, .count = 3, .protocol = udp },
	};
	struct net_pasta_request request = { .id = "x", .ports = ports, .port_count = ARRAY_LEN(ports) };
	struct net_pasta_words words;
	auto_free char *got = words_dup(&request, true, &words);
	assert_non_null(strstr(got, " -t 8080-8080:80-80 -u 127.0.0.1/9000-9002:90-92 --no-map-gw -T none"));
	net_pasta_words_done(&words);
}

static const char trie[] =
	"Main:\n"
	"  +-- 0.0.0.0/0 3 0 5\n"
	"     |-- 0.0.0.0\n"
	"        /0 universe UNICAST\n"
	"     +-- 127.0.0.0/8 2 0 2\n"
	"        |-- 127.0.0.1\n"
	"           /32 host LOCAL\n"
	"     +-- 192.0.2.0/24 2 0 2\n"
	"        |-- 192.0.2.0\n"
	"           /24 link UNICAST\n"
	"        |-- 192.0.2.2\n"
	"           /32 host LOCAL\n"
	"        |-- 192.0.2.255\n"
	"           /32 link BROADCAST\n";

static void test_addresses(void **state)
{
	(void)state;
	auto_free char *v4 = net_addr_v4_dup(trie);
	assert_string_equal(v4, "192.0.2.2");
	assert_null(net_addr_v4_dup(""));
	assert_null(net_addr_v4_dup("|-- 127.0.0.1\n /32 host LOCAL\n|-- 10.0.0.300\n /32 host LOCAL\n|-- 10.0.0.255\n /32 link BROADCAST\n"));
	auto_free char *v6 = net_addr_v6_dup("00000000000000000000000000000001 01 80 10 80       lo\n"
					     "fe80000000000000a0afb9fffe991262 02 40 20 c0     eth0\n"
					     "fd000000000000000000000000000002 02 40 00 02     eth0\n");
	assert_string_equal(v6, "fd00::2");
	assert_null(net_addr_v6_dup("fd00 02 40 00 02 eth0\n\n00"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_map_gw_is_no_word_of_pasta),
		cmocka_unit_test(test_ports),
		cmocka_unit_test(test_addresses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
