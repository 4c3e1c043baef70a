/* test_net.c - the bridge, its addresses and published ports, in network namespaces of the test's own: the machine's
 * interfaces and rules are not touched. Needs root and nft: says so and skips elsewhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/proc.h"
#include "base/str.h"
#include "net/net.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#define ID_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define ID_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static char run_dir[] = "/tmp/test_net.XXXXXX";
static int run_fd = -EBADF, host_ns = -EBADF;

static int set_up(void **state)
{
	struct err err = { 0 };
	auto_free char *nft = proc_find_helper("nft");

	if (geteuid() != 0 || !nft || unshare(CLONE_NEWNET) < 0) {
		print_message("SKIPPED: needs root, network namespaces and nft\n");
		return 0;
	}
	host_ns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (net_loopback_up(host_ns, &err) < 0 || !mkdtemp(run_dir))
		return -1;
	run_fd = open(run_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return run_fd < 0 ? -1 : 0;
}

static int clean_up(void **state)
{
	fd_close(run_fd);
	fd_close(host_ns);
	return run_fd >= 0 ? file_remove_tree(AT_FDCWD, run_dir) : 0;
}

/* A fresh namespace with a server in it, once told to: it answers with the address it was asked from. */
static pid_t container(uint16_t port, int *ret_netns, int *ret_go)
{
	int ready[2], go[2];
	char byte, path[64];

	assert_int_equal(fd_pipe(ready), 0);
	assert_int_equal(fd_pipe(go), 0);
	pid_t pid = proc_fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons(port) }, peer;
		socklen_t len;
		fd_close(go[1]);
		if (unshare(CLONE_NEWNET) < 0)
			_exit(1);
		int fd = socket(AF_INET, SOCK_STREAM, 0);
		if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 || listen(fd, 5) < 0 || write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;) {
			len = sizeof(peer);
			int one = accept(fd, (struct sockaddr *)&peer, &len);
			if (one < 0)
				_exit(1);
			const char *text = inet_ntoa(peer.sin_addr);
			if (write(one, text, strlen(text)) < 0)
				_exit(1);
			close(one);
		}
	}
	fd_close(go[0]);
	fd_close(ready[1]);
	assert_int_equal(fd_read_full(ready[0], &byte, 1), 1);
	fd_close(ready[0]);
	snprintf(path, sizeof(path), "/proc/%d/ns/net", pid);
	*ret_netns = open(path, O_RDONLY | O_CLOEXEC);
	*ret_go = go[1];
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	proc_wait(pid);
}

/* What the server at an address answers; "" when nobody does. */
static void ask(const char *address, uint16_t port, char answer[64])
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons(port) };
	struct timeval patience = { .tv_sec = 3 };

	assert_int_equal(inet_pton(AF_INET, address, &addr.sin_addr), 1);
	auto_close int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	answer[0] = 0;
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0)
		return;
	ssize_t n = fd_read_full(fd, answer, 63);
	answer[n > 0 ? n : 0] = 0;
}

static struct net_lease *reserve(const char *id, const char *host_ip, uint32_t host_port)
{
	struct err err = { 0 };
	struct net_lease *lease = NULL;
	const struct net_port ports[] = { { .host_ip = (char *)host_ip, .host_port = host_port, .container_port = 80, .count = 1, .protocol = (char *)"tcp" } };
	const struct net_request r = { .id = id, .ports = ports, .port_count = 1 };

	if (net_reserve(run_fd, &r, &lease, &err) < 0)
		fail_msg("%s", err.text);
	return lease;
}

static void published_port_reaches_the_container(void **state)
{
	struct err err = { 0 };
	char answer[64];
	auto_close int netns = -EBADF, go = -EBADF;

	if (run_fd < 0)
		skip();
	pid_t pid = container(80, &netns, &go);
	struct net_lease *lease = reserve(ID_A, "", 18080);
	assert_string_equal(lease->result.gateway, "10.88.0.1");
	assert_int_equal(lease->hold_count, 1);
	if (net_connect(run_fd, lease, netns, &err) < 0)
		fail_msg("%s", err.text);
	ask(lease->result.ip, 80, answer);
	assert_string_equal(answer, "10.88.0.1");
	ask("10.88.0.1", 18080, answer); /* through the published port */
	assert_string_not_equal(answer, "");
	ask("127.0.0.1", 18080, answer); /* and from the host itself */
	assert_string_equal(answer, "10.88.0.1");
	assert_int_equal(net_teardown(run_fd, ID_A, &err), 0);
	net_lease_free(lease);
	ask("127.0.0.1", 18080, answer);
	assert_string_equal(answer, "");
	assert_int_equal(net_teardown(run_fd, ID_A, &err), 0);
	end(pid);
}

static void what_a_killed_start_left_is_no_obstacle(void **state)
{
	struct err err = { 0 };
	char answer[64];
	auto_close int netns = -EBADF, go = -EBADF, netns_b = -EBADF, go_b = -EBADF;

	if (run_fd < 0)
		skip();
	pid_t pid = container(80, &netns, &go), pid_b = container(80, &netns_b, &go_b);
	struct net_lease *lease = reserve(ID_A, "127.0.0.1", 18081);
	assert_int_equal(net_connect(run_fd, lease, netns, &err), 0);
	net_lease_free(lease); /* its process is gone, its rule is not */
	end(pid);
	lease = reserve(ID_B, "127.0.0.1", 18081);
	if (net_connect(run_fd, lease, netns_b, &err) < 0)
		fail_msg("%s", err.text);
	ask("127.0.0.1", 18081, answer);
	assert_string_equal(answer, "10.88.0.1");
	assert_int_equal(net_teardown(run_fd, ID_B, &err), 0);
	net_lease_free(lease);
	assert_int_equal(net_teardown(run_fd, ID_A, &err), 0);
	end(pid_b);
}

static void taken_port_and_address_are_refused(void **state)
{
	struct err err = { 0 };
	struct net_lease *none = NULL;
	auto_strv names = NULL;
	auto_close int leases = -EBADF;

	if (run_fd < 0)
		skip();
	struct net_lease *lease = reserve(ID_A, "", 18082);
	const struct net_port port = { .host_ip = (char *)"", .host_port = 18082, .container_port = 80, .count = 1, .protocol = (char *)"tcp" };
	const struct net_request same_port = { .id = ID_B, .ports = &port, .port_count = 1 };
	assert_int_equal(net_reserve(run_fd, &same_port, &none, &err), -1);
	assert_int_equal(err.kind, ERR_CMD_NOT_EXECUTABLE);
	assert_string_equal(err.text, "cannot listen on the TCP port: listen tcp4 :18082: bind: address already in use");
	err_clear(&err);
	const struct net_request same_ip = { .id = ID_B, .ip = lease->result.ip };
	assert_int_equal(net_reserve(run_fd, &same_ip, &none, &err), -1);
	assert_int_equal(err.kind, ERR_EXISTS);
	err_clear(&err);
	const struct net_request elsewhere = { .id = ID_B, .ip = "192.168.1.1" };
	assert_int_equal(net_reserve(run_fd, &elsewhere, &none, &err), -1);
	assert_int_equal(err.kind, ERR_INVALID);
	err_clear(&err);
	assert_int_equal(net_teardown(run_fd, ID_A, &err), 0);
	net_lease_free(lease);
	assert_int_equal(file_open_dir(run_fd, "networks/podman/leases", &leases), 0);
	assert_int_equal(file_list(leases, &names), 0);
	assert_int_equal(strv_len(names), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_port_reaches_the_container),
		cmocka_unit_test(what_a_killed_start_left_is_no_obstacle),
		cmocka_unit_test(taken_port_and_address_are_refused),
	};
	return cmocka_run_group_tests(tests, set_up, clean_up);
}
