/* test_cgroup.c - groups of this host, whichever layout it has. Needs root: says so and skips elsewhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/fd.h"
#include "base/proc.h"
#include "host/cgroup_priv.h"
#include "host/cgroup_usage.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static char id[65];

static void require_root(void)
{
	int fd = -EBADF;
	if (geteuid() != 0 || cgroup_tree_open_v2(&fd) < 0) {
		print_message("SKIPPED: needs root and a cgroup v2 tree\n");
		skip();
	}
	fd_close(fd);
	snprintf(id, sizeof(id), "test-%d", getpid());
}

/* A child in the group that ends when the pipe does; it may do something first. */
static pid_t member(const struct cgroup *cg, int *ret_fd, int (*work)(void))
{
	struct err err = { 0 };
	int fds[2];
	char byte;

	assert_int_equal(fd_pipe(fds), 0);
	pid_t pid = proc_fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(fds[1]);
		int code = read(fds[0], &byte, 1) == 1 && work ? work() : 0;
		while (!work && read(fds[0], &byte, 1) > 0)
			;
		_exit(code);
	}
	close(fds[0]);
	assert_int_equal(cgroup_attach(cg, pid, &err), 0);
	*ret_fd = fds[1];
	return pid;
}

static void read_limit(const char *path, enum cgroup_controller c, const char *v2, const char *v1, char *buf, size_t len)
{
	auto_close int root = -EBADF, fd = -EBADF;

	assert_int_equal(cgroup_tree_open_v2(&root), 0);
	assert_true(cgroup_tree_open_group(root, path, &fd) >= 0);
	if (cgroup_file_read(fd, v2, buf, len) >= 0)
		return;
	root = fd_close(root);
	fd = fd_close(fd);
	assert_true(cgroup_tree_open_v1(c, &root) >= 0);
	assert_true(cgroup_tree_open_group(root, path, &fd) >= 0);
	assert_true(cgroup_file_read(fd, v1, buf, len) >= 0);
}

static void limits_are_written(void **state)
{
	struct err err = { 0 };
	struct cgroup_limits limits = { .memory_bytes = 64 << 20, .pids_max = 77, .cpu_quota_us = 50000, .cpu_period_us = 100000 };
	auto_val(cgroup) cg = { .v2_fd = -EBADF };
	char text[64];

	require_root();
	if (cgroup_create(id, NULL, &limits, &cg, &err) < 0)
		fail_msg("%s", err.text);
	assert_true(str_ends(cg.path, id));
	read_limit(cg.path, CGROUP_MEMORY, "memory.max", "memory.limit_in_bytes", text, sizeof(text));
	assert_string_equal(text, "67108864");
	read_limit(cg.path, CGROUP_PIDS, "pids.max", "pids.max", text, sizeof(text));
	assert_string_equal(text, "77");
	read_limit(cg.path, CGROUP_CPU, "cpu.max", "cpu.cfs_quota_us", text, sizeof(text));
	assert_true(str_starts(text, "50000"));
	assert_int_equal(cgroup_remove(cg.path, 1000, &err), 0);
	assert_int_equal(cgroup_remove(cg.path, 1000, &err), 0);
}

static void members_freeze_and_die(void **state)
{
	struct err err = { 0 };
	struct cgroup_limits limits = { .pids_max = 100, .pids_is_default = true };
	auto_val(cgroup) cg = { .v2_fd = -EBADF }, again = { .v2_fd = -EBADF };
	struct cgroup_usage usage;
	auto_free pid_t *pids = NULL;
	size_t count;
	int keep;

	require_root();
	assert_int_equal(cgroup_create(id, NULL, &limits, &cg, &err), 0);
	pid_t pid = member(&cg, &keep, NULL);
	assert_int_equal(cgroup_open(cg.path, &again, &err), 0);
	assert_int_equal(cgroup_pids(&again, &pids, &count, &err), 0);
	assert_int_equal(count, 1);
	assert_int_equal(pids[0], pid);
	cgroup_usage_read(&again, &usage);
	assert_int_equal(usage.pids, 1);
	assert_int_equal(cgroup_remove(cg.path, 0, &err), -1);
	err_clear(&err);
	assert_int_equal(cgroup_freeze(&again, true, &err), 0);
	assert_int_equal(cgroup_file_key(cg.v2_fd, "cgroup.events", "frozen"), 1);
	assert_int_equal(cgroup_kill(&again, &err), 0);
	assert_int_equal(proc_wait(pid), 128 + SIGKILL);
	assert_false(cgroup_oom_killed(&again));
	close(keep);
	assert_int_equal(cgroup_remove(cg.path, 2000, &err), 0);
	assert_int_equal(cgroup_open(cg.path, &again, &err), -1);
}

static int open_zero_and_kmsg(void)
{
	int zero = open("/dev/zero", O_RDONLY), zero_w = open("/dev/zero", O_RDWR), full = open("/dev/full", O_RDONLY);
	return zero >= 0 && zero_w < 0 && errno == EPERM && full < 0 ? 42 : 1;
}

/* usual: the second time it is the kept program that must refuse. */
static void check_devices(bool usual)
{
	struct err err = { 0 };
	const struct cgroup_device_rule rules[] = {
		{ .allow = true, .type = 'a', .major = -1, .minor = -1, .access = "rwm" },
		{ .allow = false, .type = 'a', .major = -1, .minor = -1, .access = "rwm" },
		{ .allow = true, .type = 'c', .major = 1, .minor = 5, .access = "rwm" },
		{ .allow = false, .type = 'c', .major = 1, .minor = 5, .access = "w" },
	};
	auto_val(cgroup) cg = { .v2_fd = -EBADF };
	int go;

	require_root();
	if (cgroup_create(id, NULL, &(struct cgroup_limits){ 0 }, &cg, &err) < 0 || cgroup_devices_apply(&cg, rules, ARRAY_LEN(rules), usual, &err) < 0)
		fail_msg("%s", err.text);
	pid_t pid = member(&cg, &go, open_zero_and_kmsg);
	assert_int_equal(write(go, "", 1), 1);
	assert_int_equal(proc_wait(pid), 42);
	close(go);
	assert_int_equal(cgroup_remove(cg.path, 2000, &err), 0);
}

static void devices_are_refused(void **state)
{
	check_devices(false);
	check_devices(true);
	check_devices(true);
}

static void what_cannot_be_is_refused(void **state)
{
	struct err err = { 0 };
	auto_val(cgroup) cg = { .v2_fd = -EBADF };
	char *unknown[] = { (char *)"nothing.max=1", NULL }, *no_value[] = { (char *)"memory.max", NULL }, *dots[] = { (char *)"../x=1", NULL };

	require_root();
	assert_int_equal(cgroup_create(id, NULL, &(struct cgroup_limits){ .unified = unknown }, &cg, &err), -1);
	assert_int_equal(err.kind, ERR_UNSUPPORTED);
	err_clear(&err);
	assert_int_equal(cgroup_create(id, NULL, &(struct cgroup_limits){ .unified = no_value }, &cg, &err), -1);
	assert_int_equal(err.kind, ERR_USAGE);
	err_clear(&err);
	assert_int_equal(cgroup_create(id, NULL, &(struct cgroup_limits){ .unified = dots }, &cg, &err), -1);
	err_clear(&err);
	assert_int_equal(cgroup_create(id, "../../tmp", &(struct cgroup_limits){ 0 }, &cg, &err), -1);
	err_clear(&err);
	auto_free char *path = mem_printf("/cpod/%s", id);
	assert_int_equal(cgroup_open(path, &cg, &err), -1);
}

static void test_usage_text(void **state)
{
	(void)state;
	static const char io[] = "8:0 rbytes=100 wbytes=20 rios=3 wios=1 dbytes=7 dios=0\n259:0 rbytes=1 wbytes=2 rios=1 wios=1";
	static const char blkio[] = "8:0 Read 100\n8:0 Write 20\n8:0 Sync 5\n8:16 Read 1\n8:16 Write 2\nTotal 123";
	assert_int_equal(cgroup_usage_io(io, "rbytes"), 101);
	assert_int_equal(cgroup_usage_io(io, "wbytes"), 22);
	assert_int_equal(cgroup_usage_io("", "rbytes"), 0);
	assert_int_equal(cgroup_usage_blkio(blkio, "Read"), 101);
	assert_int_equal(cgroup_usage_blkio(blkio, "Write"), 22);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_usage_text),
		cmocka_unit_test(limits_are_written),
		cmocka_unit_test(members_freeze_and_die),
		cmocka_unit_test(devices_are_refused),
		cmocka_unit_test(what_cannot_be_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
