/* The T-RT rows: what an image, a volume or a running container tries, and must not get. */
#include "test_rt.h"

#include <dirent.h>
#include <linux/mount.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* A directory of the host beside everything, which must stay empty. */
struct outside {
	char path[40];
};

static void outside_init(struct outside *o)
{
	snprintf(o->path, sizeof(o->path), "/var/tmp/cpod-out-XXXXXX");
	assert_non_null(mkdtemp(o->path));
}

static void outside_done(struct outside *o)
{
	auto_strv names = NULL;
	auto_close int fd = open(o->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(file_list(fd, &names), 0);
	if (names && names[0])
		fail_msg("'%s' was made outside", names[0]);
	file_remove_tree(AT_FDCWD, o->path);
}

/* A copy of the root whose `name` is a link to target. */
static char *linked_root_new(const char *name, const char *target)
{
	char *root = rt_case_root_new();
	auto_close int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	file_remove_tree(fd, name);
	assert_int_equal(symlinkat(target, fd, name), 0);
	return root;
}

static int try_root(const char *root, struct err *err)
{
	struct rt_case c;
	char output[4096];
	const char *const words[] = { "true", NULL };
	rt_case_init(&c, root, words);
	int rc = rt_case_run(&c, output, err);
	rt_case_done(&c);
	return rc;
}

static void t_rt_01_leaked_descriptors(void **state)
{
	char output[4096];
	struct rt_case c;
	int leaked[28];
	for (size_t i = 0; i < ARRAY_LEN(leaked); i++) {
		int fd = open("/", O_RDONLY | O_DIRECTORY); /* not close-on-exec: a careless caller */
		leaked[i] = fd;
	}
	for (int n = 3; n < 40; n++) {
		struct err err = { 0 };
		case_script(&c, "pwd; ls");
		free(c.spec.process.cwd);
		c.spec.process.cwd = mem_printf("/proc/self/fd/%d", n);
		int rc = rt_case_run(&c, output, &err);
		rt_case_done(&c);
		assert_int_equal(rc, -1);
		assert_non_null(strstr(err.text, "working directory '/proc/self/fd/"));
	}
	case_script(&c, "ls /proc/self/fd");
	assert_int_equal(run_script(&c, output), 0);
	assert_string_equal(output, "0\n1\n2\n3\n"); /* 3 is the listing itself */
	rt_case_done(&c);
	for (size_t i = 0; i < ARRAY_LEN(leaked); i++)
		close(leaked[i]);
}

/* The volume's null device is a link: the masks come from the host's. */
static void t_rt_02_mask_by_device(void **state)
{
	char output[4096], dir[] = "/var/tmp/cpod-dev-XXXXXX";
	struct rt_case c;
	assert_non_null(mkdtemp(dir));
	auto_close int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(symlinkat("/proc/sys/kernel/core_pattern", fd, "null"), 0);
	auto_free char *before = read_text("/proc/sys/kernel/core_pattern");
	case_script(&c, "cat /proc/keys; echo x > /proc/timer_list; echo $?");
	rt_case_mount(&c, "bind", dir, "/dev", 0, NULL);
	/* after the fresh /dev, so that the volume covers it */
	assert_int_equal(run_script(&c, output), 0);
	assert_null(strstr(output, before));
	rt_case_done(&c);
	auto_free char *after = read_text("/proc/sys/kernel/core_pattern");
	assert_string_equal(before, after);
	file_remove_tree(AT_FDCWD, dir);
}

/* A volume lies over /dev/pts and its entries are links: the terminal is of our own instance all the same. */
static void t_rt_03_terminal(void **state)
{
	char volume[] = "/var/tmp/cpod-pts-XXXXXX", output[4096];
	assert_non_null(mkdtemp(volume));
	auto_close int fd = open(volume, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	static const char *const names[] = { "ptmx", "0", "1", "2" };
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		assert_int_equal(symlinkat("/proc/sys/kernel/core_pattern", fd, names[i]), 0);
	auto_free char *before = read_text("/proc/sys/kernel/core_pattern");
	struct rt_case c;
	struct rt_process p;
	struct err err = { 0 };
	struct rt_spawn_opts opts = { .stdin_fd = -EBADF, .stdout_fd = -EBADF, .stderr_fd = -EBADF, .cgroup_fd = -EBADF };
	case_script(&c, "test -t 0 && test -t 1 && stat -L -c '%t %T' /proc/self/fd/0");
	rt_case_mount(&c, "bind", volume, "/dev/pts", 0, NULL);
	c.spec.process.terminal = true;
	if (rt_spawn(&c.spec, &opts, &p, &err) < 0 || rt_wait_ready(&p, &err) < 0 || rt_release(&p, &err) < 0)
		fail_msg("%s", err.text);
	ssize_t n = read(p.console_fd, output, sizeof(output) - 1);
	output[n > 0 ? n : 0] = 0;
	assert_string_equal(output, "88 0\r\n"); /* unix98 terminal 0 */
	assert_int_equal(rt_case_wait(&p), 0);
	rt_case_done(&c);
	auto_free char *after = read_text("/proc/sys/kernel/core_pattern");
	assert_string_equal(before, after);
	file_remove_tree(AT_FDCWD, volume);
}

/* A session of its own, and no controlling terminal: nothing to push characters into. */
static void t_rt_25_session(void **state)
{
	struct rt_case c;
	char output[4096];
	case_script(&c, "sed 's/.*) //' /proc/1/stat | { read a b c d e f; echo $d $e; }");
	assert_int_equal(run_script(&c, output), 0);
	assert_string_equal(output, "1 0\n");
	rt_case_done(&c);
}

static void t_rt_04_proc_is_a_link(void **state)
{
	struct outside o;
	outside_init(&o);
	const char *const targets[] = { o.path, "/etc", "../../../../../etc", "proc" };
	for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
		struct err err = { 0 };
		char *root = linked_root_new("proc", targets[i]);
		assert_int_equal(try_root(root, &err), -1);
		assert_non_null(strstr(err.text, "'/proc'"));
		rt_case_root_free(root);
	}
	outside_done(&o);
}

static void t_rt_05_dev_is_a_link(void **state)
{
	struct outside o;
	outside_init(&o);
	auto_free char *upwards = mem_printf("../../../../..%s", o.path);
	const char *const targets[] = { o.path, upwards, "/../../..", "nowhere" };
	const char *const names[] = { "dev", "sys" };
	for (size_t n = 0; n < ARRAY_LEN(names); n++) {
		for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
			struct err err = { 0 };
			auto_free char *quoted = mem_printf("'/%s'", names[n]);
			char *root = linked_root_new(names[n], targets[i]);
			assert_int_equal(try_root(root, &err), -1);
			assert_non_null(strstr(err.text, quoted));
			rt_case_root_free(root);
		}
	}
	outside_done(&o);
}

/* A process that swaps a directory and a link to the outside in a shared volume, without end. */
static pid_t start_racer(const char *volume, const char *outside)
{
	auto_close int fd = open(volume, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(mkdirat(fd, "a", 0755) == 0 && symlinkat(outside, fd, "b") == 0);
	pid_t pid = fork();
	if (pid == 0)
		for (;;)
			syscall(SYS_renameat2, fd, "a", fd, "b", 2 /* RENAME_EXCHANGE */);
	return pid;
}

static void race(const char *destination, const char *script)
{
	char volume[] = "/var/tmp/cpod-race-XXXXXX", output[4096];
	struct outside o;
	outside_init(&o);
	assert_non_null(mkdtemp(volume));
	auto_free char *before = read_text("/proc/self/mountinfo");
	pid_t racer = start_racer(volume, o.path);
	for (int i = 0; i < 150; i++) {
		struct rt_case c;
		struct err err = { 0 };
		case_script(&c, script);
		rt_case_mount(&c, "bind", volume, "/vol", 0, NULL);
		rt_case_mount(&c, "tmpfs", "tmpfs", destination, 0, NULL);
		if (rt_case_run(&c, output, &err) < 0 && err.kind == ERR_INTERNAL)
			fail_msg("%s", err.text);
		rt_case_done(&c);
	}
	kill(racer, SIGKILL);
	proc_wait(racer);
	auto_free char *after = read_text("/proc/self/mountinfo");
	assert_string_equal(before, after);
	outside_done(&o);
	file_remove_tree(AT_FDCWD, volume);
}

static void t_rt_06_mount_race(void **state)
{
	race("/vol/a", ":");
}

static void t_rt_07_make_race(void **state)
{
	race("/vol/a/x/y", ":");
}

static void t_rt_08_workdir_through_links(void **state)
{
	struct outside o;
	char output[4096];
	outside_init(&o);
	auto_free char *upwards = mem_printf("../../../../../..%s", o.path);
	static const char *const loop = "w";
	const struct { const char *target; int starts; } rows[] = { { o.path, 1 }, { upwards, 1 }, { "/etc", 1 }, { loop, 0 }, { "/nowhere/deep", 1 } };
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct rt_case c;
		struct err err = { 0 };
		const char *const words[] = { "sh", "-c", "pwd -P; touch here", NULL };
		char *root = linked_root_new("w", rows[i].target);
		rt_case_init(&c, root, words);
		free(c.spec.process.cwd);
		c.spec.process.cwd = mem_strdup("/w/sub");
		int rc = rt_case_run(&c, output, &err);
		if (rows[i].starts)
			assert_int_equal(rc, 0);
		else
			assert_int_equal(rc, -1);
		rt_case_done(&c);
		rt_case_root_free(root);
	}
	outside_done(&o);
}

/* The program inside is a sealed copy in memory: nothing of the host can be reached through it. */
static void t_rt_09_own_program(void **state)
{
	struct rt_case c;
	char output[4096];
	auto_free char *root = rt_case_root_new();
	auto_free char *stage = mem_printf("%s/cpod-stage", getenv("CPOD_LIBEXEC"));
	auto_free char *before = NULL;
	auto_free char *after = NULL;
	size_t before_len, after_len;
	const char *const words[] = { "/etc/entry", NULL };
	auto_free char *etc = mem_printf("%s/etc", root);
	auto_close int etc_fd = open(etc, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(file_write(etc_fd, "entry", 0755, "#!/proc/self/exe\n", 17, 0), 0);
	assert_int_equal(file_read(AT_FDCWD, stage, 1 << 20, &before, &before_len), 0);
	rt_case_init(&c, root, words);
	struct err err = { 0 };
	assert_int_equal(rt_case_run(&c, output, &err), 125); /* the stage as an interpreter refuses its words */
	rt_case_done(&c);
	assert_int_equal(file_read(AT_FDCWD, stage, 1 << 20, &after, &after_len), 0);
	assert_true(before_len == after_len && memcmp(before, after, before_len) == 0);
	rt_case_root_free(take_ptr(root));
}

static void t_rt_09_sealed(void **state)
{
	struct rt_case c;
	struct rt_process p;
	struct err err = { 0 };
	struct rt_spawn_opts opts = { .stdin_fd = -EBADF, .stdout_fd = -EBADF, .stderr_fd = -EBADF, .cgroup_fd = -EBADF };
	case_script(&c, ":");
	assert_int_equal(rt_spawn(&c.spec, &opts, &p, &err), 0);
	assert_int_equal(rt_wait_ready(&p, &err), 0);
	auto_free char *exe = mem_printf("/proc/%d/exe", p.pid);
	auto_close int fd = open(exe, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	int seals = fcntl(fd, F_GET_SEALS);
	assert_int_equal(seals & (F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL), F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
	assert_true(open(exe, O_WRONLY | O_CLOEXEC) < 0);
	rt_abort(&p);
	rt_process_done(&p);
	rt_case_done(&c);
}

static int exec_true(int target_pidfd)
{
	struct spec spec;
	struct rt_process p;
	struct err err = { 0 };
	const char *const words[] = { "true", NULL };
	struct rt_spawn_opts opts = { .stdin_fd = -EBADF, .stdout_fd = -EBADF, .stderr_fd = -EBADF, .cgroup_fd = -EBADF };
	spec_init(&spec);
	spec.id = mem_strdup("x");
	for (int i = 0; i < SPEC_NS_USER; i++)
		spec.ns[i] = SPEC_NS_JOIN;
	spec.process.args = strv_dup((char *const *)words);
	int rc = rt_exec(&spec, target_pidfd, &opts, &p, &err);
	if (rc >= 0 && (rt_wait_ready(&p, &err) < 0 || rt_release(&p, &err) < 0))
		rc = -1;
	spec_done(&spec);
	return rc < 0 ? -1 : rt_case_wait(&p);
}

/* A container that tries to look into whoever comes in. */
static void t_rt_10_looking_into_exec(void **state)
{
	struct rt_case c;
	struct rt_process p;
	struct err err = { 0 };
	int fds[2];
	char output[4096];
	assert_int_equal(fd_pipe(fds), 0);
	struct rt_spawn_opts opts = { .stdin_fd = -EBADF, .stdout_fd = fds[1], .stderr_fd = fds[1], .cgroup_fd = -EBADF };
	/* an exe that can be read and is no file of the image belongs to us */
	case_script(&c, "while :; do for p in /proc/[0-9]*; do e=$(readlink $p/exe) || continue; case $e in *memfd*|*cpod*|*stage*) echo LOOKED $e;; esac; done; done 2>/dev/null");
	if (rt_spawn(&c.spec, &opts, &p, &err) < 0 || rt_wait_ready(&p, &err) < 0 || rt_release(&p, &err) < 0)
		fail_msg("%s", err.text);
	fd_close(fds[1]);
	int rc = 0;
	for (int i = 0; i < 200 && rc == 0; i++)
		rc = exec_true(p.pidfd);
	rt_abort(&p); /* it would look for ever */
	rt_process_done(&p);
	ssize_t n = fd_read_full(fds[0], output, sizeof(output) - 1);
	output[n > 0 ? n : 0] = 0;
	fd_close(fds[0]);
	assert_int_equal(rc, 0);
	assert_string_equal(output, "");
	rt_case_done(&c);
}

/* Runs, failed starts, and starts killed at their various points leave the host's mounts as they were. */
static void t_rt_11_host_mounts(void **state)
{
	auto_free char *before = read_text("/proc/self/mountinfo");
	char output[4096];
	for (int i = 0; i < 60; i++) {
		struct rt_case c;
		struct rt_process p;
		struct err err = { 0 };
		struct rt_spawn_opts opts = { .stdin_fd = -EBADF, .stdout_fd = -EBADF, .stderr_fd = -EBADF, .cgroup_fd = -EBADF };
		case_script(&c, ":");
		if (i % 3 == 0) {
			assert_int_equal(run_script(&c, output), 0);
		} else if (i % 3 == 1) {
			assert_int_equal(rt_spawn(&c.spec, &opts, &p, &err), 0);
			usleep((unsigned)(i * 30)); /* at different points of the plan: this is no wait for anything */
			rt_abort(&p);
			rt_process_done(&p);
		} else {
			rt_case_mount(&c, "bind", "/nosuch", "/x", 0, NULL);
			assert_int_equal(rt_case_run(&c, output, &err), -1);
			assert_string_equal(err.text, "cannot mount '/nosuch' on '/x': no such file or directory");
		}
		rt_case_done(&c);
	}
	auto_free char *after = read_text("/proc/self/mountinfo");
	assert_string_equal(before, after);
}

static void t_rt_21_environment(void **state)
{
	struct rt_case c;
	char output[4096];
	setenv("CPOD_CANARY", "bird", 1);
	case_script(&c, "env; cat /proc/1/environ");
	strv_add(&c.spec.process.env, "A=1");
	assert_int_equal(run_script(&c, output), 0);
	assert_null(strstr(output, "CANARY"));
	assert_non_null(strstr(output, "A=1\n"));
	unsetenv("CPOD_CANARY");
	rt_case_done(&c);
}

/* The engine dies between the clone and the release: what it started goes too. */
static void engine_dies(void **state)
{
	int fds[2];
	pid_t inside = 0;
	assert_int_equal(fd_pipe(fds), 0);
	pid_t engine = fork();
	if (engine == 0) {
		struct rt_case c;
		struct rt_process p;
		struct err err = { 0 };
		struct rt_spawn_opts opts = { .stdin_fd = -EBADF, .stdout_fd = -EBADF, .stderr_fd = -EBADF, .cgroup_fd = -EBADF };
		case_script(&c, "sleep 60");
		if (rt_spawn(&c.spec, &opts, &p, &err) < 0 || rt_wait_ready(&p, &err) < 0)
			_exit(1);
		file_remove_tree(AT_FDCWD, c.dir);
		(void)!write(fds[1], &p.pid, sizeof(p.pid));
		kill(getpid(), SIGKILL);
	}
	fd_close(fds[1]);
	assert_int_equal(fd_read_full(fds[0], &inside, sizeof(inside)), sizeof(inside));
	assert_int_equal(proc_wait(engine), 137);
	auto_close int pidfd = (int)syscall(SYS_pidfd_open, inside, 0);
	if (pidfd >= 0)
		assert_int_equal(proc_wait_gone(pidfd, 5000), 1);
	fd_close(fds[0]);
}

const struct CMUnitTest escape_tests[] = {
	cmocka_unit_test(t_rt_01_leaked_descriptors), cmocka_unit_test(t_rt_02_mask_by_device),
	cmocka_unit_test(t_rt_03_terminal),	      cmocka_unit_test(t_rt_25_session), cmocka_unit_test(t_rt_04_proc_is_a_link),
	cmocka_unit_test(t_rt_05_dev_is_a_link),      cmocka_unit_test(t_rt_06_mount_race),	cmocka_unit_test(t_rt_07_make_race),
	cmocka_unit_test(t_rt_08_workdir_through_links), cmocka_unit_test(t_rt_09_own_program), cmocka_unit_test(t_rt_09_sealed),
	cmocka_unit_test(t_rt_10_looking_into_exec),  cmocka_unit_test(t_rt_11_host_mounts),	cmocka_unit_test(t_rt_21_environment),
	cmocka_unit_test(engine_dies),
};
const size_t escape_count = ARRAY_LEN(escape_tests);
