/* Real containers from a busybox root, through the runtime alone. Needs root. */
#include "test_rt.h"

#include "host/userns.h"

#include <linux/mount.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

char *test_root;

void case_script(struct rt_case *c, const char *script)
{
	const char *const words[] = { "sh", "-c", script, NULL };
	rt_case_init(c, test_root, words);
}

int run_script(struct rt_case *c, char output[4096])
{
	struct err err = { 0 };
	int code = rt_case_run(c, output, &err);
	if (code < 0)
		fail_msg("%s", err.text);
	return code;
}

char *read_text(const char *path)
{
	char *text = NULL;
	size_t len;
	assert_true(file_read(AT_FDCWD, path, 4 << 20, &text, &len) >= 0);
	return text;
}

static void check_output(const char *script, const char *wanted)
{
	struct rt_case c;
	char output[4096];
	case_script(&c, script);
	assert_int_equal(run_script(&c, output), 0);
	assert_string_equal(output, wanted);
	rt_case_done(&c);
}

static void output_and_exit_code(void **state)
{
	struct rt_case c;
	char output[4096];
	case_script(&c, "echo out; echo err >&2; exit 3");
	assert_int_equal(run_script(&c, output), 3);
	assert_string_equal(output, "out\nerr\n");
	rt_case_done(&c);
	case_script(&c, "kill -9 $$; :");
	c.spec.ns[SPEC_NS_PID] = SPEC_NS_HOST; /* process 1 of a namespace ignores its own signals */
	assert_int_equal(run_script(&c, output), 137);
	rt_case_done(&c);
}

static void surroundings(void **state)
{
	check_output("hostname; pwd; echo $$", "0123456789ab\n/\n1\n");
	check_output("ls /dev | wc -l; readlink /dev/fd", "15\n/proc/self/fd\n");
	check_output("stat -c '%a %t %T' /dev/null /dev/tty", "666 1 3\n666 5 0\n");
	check_output("cat /sys/class/net/lo/flags", "0x9\n");
	check_output("echo x > /proc/sys/kernel/domainname || echo refused; cat /proc/keys; ls /proc/acpi",
		     "sh: can't create /proc/sys/kernel/domainname: Read-only file system\nrefused\n");
	check_output("cat /proc/sys/net/ipv4/ping_group_range; umask", "0\t0\n0022\n");
	check_output("touch /x && rm /x 2>/dev/null || busybox rm /x && echo written", "written\n");
}

/* --- the command --- */

static void commands(void **state)
{
	static const struct { const char *word; enum err_kind kind; const char *text; } rows[] = {
		{ "nosuch", ERR_CMD_NOT_FOUND, "crun: executable file `nosuch` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found" },
		{ "/nosuch", ERR_CMD_NOT_FOUND, "crun: executable file `/nosuch` not found: No such file or directory: OCI runtime attempted to invoke a command that was not found" },
		{ "./x", ERR_CMD_NOT_FOUND, "crun: executable file `/./x` not found: No such file or directory: OCI runtime attempted to invoke a command that was not found" },
		{ "", ERR_CMD_NOT_FOUND, "crun: cannot find `` in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found" },
		{ "/etc", ERR_CMD_NOT_EXECUTABLE, "crun: the path `/etc` is not a regular file: Operation not permitted: OCI permission denied" },
		{ "/etc/plain", ERR_CMD_NOT_EXECUTABLE, "crun: the path `/etc/plain` exists but it is not executable: Operation not permitted: OCI permission denied" },
		{ "/etc/garbage", ERR_CMD_NOT_EXECUTABLE, "cannot run '/etc/garbage': exec format error" },
		{ "/etc/script", ERR_CMD_NOT_FOUND, "cannot run '/etc/script': its interpreter or dynamic loader is missing" },
	};
	auto_free char *etc = mem_printf("%s/etc", test_root);
	auto_close int etc_fd = open(etc, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	file_write(etc_fd, "plain", 0644, "x\n", 2, 0);
	file_write(etc_fd, "garbage", 0755, "garbage", 7, 0);
	file_write(etc_fd, "script", 0755, "#!/nointerpreter\n", 17, 0);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct rt_case c;
		struct err err = { 0 };
		char output[4096];
		const char *const words[] = { rows[i].word, NULL };
		rt_case_init(&c, test_root, words);
		assert_int_equal(rt_case_run(&c, output, &err), -1);
		assert_string_equal(err.text, rows[i].text);
		assert_int_equal(err.kind, rows[i].kind);
		rt_case_done(&c);
	}
}

/* --- mounts --- */

static void mounts(void **state)
{
	struct rt_case c;
	char output[4096], dir[] = "/var/tmp/cpod-bind-XXXXXX";
	assert_non_null(mkdtemp(dir));
	auto_close int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	file_write(fd, "f", 0644, "content\n", 8, 0);
	auto_free char *file = mem_printf("%s/f", dir);
	case_script(&c, "cat /data/f /made/here; echo x > /data/y || :; grep -c shadow /run/shadowed; stat -c %a /run; ls /vol; touch /new || echo ro; echo v > /made/here");
	rt_case_mount(&c, "bind", dir, "/data", MOUNT_ATTR_RDONLY, NULL);
	rt_case_mount(&c, "bind", file, "/made/here", 0, NULL)->is_file = true;
	rt_case_mount(&c, "tmpfs", "tmpfs", "/bin", 0, NULL)->copy_up = true; /* it must still be able to run */
	rt_case_mount(&c, "bind", dir, "/vol", 0, NULL);
	c.spec.root.readonly = true;
	int code = run_script(&c, output);
	assert_string_equal(output, "content\ncontent\nsh: can't create /data/y: Read-only file system\n"
				    "grep: /run/shadowed: No such file or directory\nstat: can't stat '/run': No such file or directory\n"
				    "f\ntouch: /new: Read-only file system\nro\n");
	assert_int_equal(code, 0);
	auto_free char *after = read_text(file);
	assert_string_equal(after, "v\n");
	rt_case_done(&c);
	file_remove_tree(AT_FDCWD, dir);
}

/* A fresh volume takes what the image has in its place, with owner, mode and links. */
static void volume_is_filled(void **state)
{
	struct rt_case c;
	char output[4096], dir[] = "/var/tmp/cpod-vol-XXXXXX";
	struct stat st;
	assert_non_null(mkdtemp(dir));
	auto_free char *src = mem_printf("%s/filled", test_root);
	assert_int_equal(mkdir(src, 0750), 0);
	auto_close int src_fd = open(src, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(fchown(src_fd, 33, 44) == 0 && symlinkat("a/b", src_fd, "link") == 0 && mkdirat(src_fd, "sub", 0711) == 0);
	assert_int_equal(file_write(src_fd, "f", 0640, "x", 1, 0), 0);
	case_script(&c, "cd /filled; stat -c '%a %u %g %F' . sub f link; cat f");
	rt_case_mount(&c, "bind", dir, "/filled", 0, NULL)->copy_up = true;
	assert_int_equal(run_script(&c, output), 0);
	assert_string_equal(output, "750 33 44 directory\n711 0 0 directory\n640 0 0 regular file\n777 0 0 symbolic link\nx");
	auto_free char *copied = mem_printf("%s/sub", dir);
	assert_int_equal(stat(copied, &st), 0);
	rt_case_done(&c);
	file_remove_tree(AT_FDCWD, dir);
	file_remove_tree(AT_FDCWD, src);
}

/* --- T-RT-13, 14, 17: identities --- */

static void identities(void **state)
{
	static const struct {
		struct spec_caps caps;
		uid_t uid;
		gid_t groups[2];
		size_t group_count;
		const char *wanted; /* CapInh CapPrm CapEff CapBnd CapAmb, groups */
	} rows[] = {
		{ { .bounding = 0x800405fb, .effective = 0x800405fb, .permitted = 0x800405fb }, 0, { 0 }, 0,
		  "0000000000000000 00000000800405fb 00000000800405fb 00000000800405fb 0000000000000000 " },
		{ { .bounding = 0x800405fb }, 1000, { 5, 27 }, 2,
		  "0000000000000000 0000000000000000 0000000000000000 00000000800405fb 0000000000000000 5 27" },
		{ { .bounding = 0x2000, .effective = 0x2000, .permitted = 0x2000, .inheritable = 0x2000, .ambient = 0x2000 }, 1000, { 1000 }, 1,
		  "0000000000002000 0000000000002000 0000000000002000 0000000000002000 0000000000002000 1000" },
		{ { 0 }, 0, { 0 }, 0, "0000000000000000 0000000000000000 0000000000000000 0000000000000000 0000000000000000 " },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct rt_case c;
		char output[4096];
		case_script(&c, "set -- $(grep ^Cap /proc/self/status | sed 's/.*\t//'); set -- \"$@\" $(sed -n 's/^Groups:\t//p' /proc/self/status); "
				"a=\"$1 $2 $3 $4 $5 \"; shift 5; echo \"$a$*\"");
		c.spec.process.caps = rows[i].caps;
		c.spec.process.uid = rows[i].uid;
		c.spec.process.groups = mem_dup(rows[i].groups, sizeof(rows[i].groups));
		c.spec.process.group_count = rows[i].group_count;
		assert_int_equal(run_script(&c, output), 0);
		output[strcspn(output, "\n")] = 0;
		assert_string_equal(output, rows[i].wanted);
		rt_case_done(&c);
	}
}

static void seccomp_and_no_new_privs(void **state)
{
	struct insn { uint16_t code; uint8_t jt, jf; uint32_t k; };
	/* load nr; mkdir(83) or mkdirat(258) → errno EPERM; else allow (x86-64 numbers) */
	static const struct insn filter[] = {
		{ 0x20, 0, 0, 0 }, { 0x15, 2, 0, 83 }, { 0x15, 1, 0, 258 }, { 0x06, 0, 0, 0x7fff0000 }, { 0x06, 0, 0, 0x00050001 },
	};
#ifndef __x86_64__
	skip();
#endif
	for (int no_new_privs = 0; no_new_privs <= 1; no_new_privs++) {
		struct rt_case c;
		char output[4096];
		case_script(&c, "mkdir /x; grep -E '^(NoNewPrivs|Seccomp):' /proc/self/status");
		c.spec.seccomp.filter = mem_dup(filter, sizeof(filter));
		c.spec.seccomp.count = ARRAY_LEN(filter);
		c.spec.process.no_new_privs = no_new_privs;
		run_script(&c, output);
		assert_string_equal(output, no_new_privs ? "mkdir: can't create directory '/x': Operation not permitted\nNoNewPrivs:\t1\nSeccomp:\t2\n"
							 : "mkdir: can't create directory '/x': Operation not permitted\nNoNewPrivs:\t0\nSeccomp:\t2\n");
		rt_case_done(&c);
	}
}

static void limits(void **state)
{
	struct rt_case c;
	struct err err = { 0 };
	char output[4096];
	struct rlimit now;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &now), 0);
	struct spec_rlimit rows[] = { { .resource = RLIMIT_NOFILE, .soft = 100, .hard = 200 },
				      { .resource = RLIMIT_NPROC, .soft = RLIM_INFINITY, .hard = RLIM_INFINITY, .is_default = true } };
	case_script(&c, "ulimit -Sn; ulimit -Hn; cat /proc/self/oom_score_adj");
	c.spec.process.rlimits = mem_dup(rows, sizeof(rows));
	c.spec.process.rlimit_count = 2;
	c.spec.process.oom_score_adj_set = true;
	c.spec.process.oom_score_adj = 123;
	assert_int_equal(run_script(&c, output), 0);
	assert_string_equal(output, "100\n200\n123\n");
	rt_case_done(&c);
	/* one that was asked for and cannot be had is an error: above the system's own maximum nobody gets more files */
	case_script(&c, ":");
	c.spec.process.rlimits = mem_dup(rows, sizeof(rows));
	c.spec.process.rlimit_count = 1;
	c.spec.process.rlimits[0].soft = c.spec.process.rlimits[0].hard = 1ULL << 40;
	assert_int_equal(rt_case_run(&c, output, &err), -1);
	assert_string_equal(err.text, "cannot set limit RLIMIT_NOFILE: operation not permitted");
	rt_case_done(&c);
}

/* --- terminal --- */

static void terminal(void **state)
{
	struct rt_case c;
	struct rt_process p;
	struct err err = { 0 };
	struct rt_spawn_opts opts = { .stdin_fd = -EBADF, .stdout_fd = -EBADF, .stderr_fd = -EBADF, .cgroup_fd = -EBADF };
	char output[4096];
	case_script(&c, "tty; stty size; readlink /dev/console; stat -c '%u %a' /dev/pts/0; read x; echo got $x; ps -o pid,pgid,tpgid 2>/dev/null | head -0; exit 7");
	c.spec.process.terminal = true;
	c.spec.process.rows = 24;
	c.spec.process.cols = 80;
	c.spec.process.uid = 1000;
	assert_int_equal(rt_spawn(&c.spec, &opts, &p, &err), 0);
	assert_int_equal(rt_wait_ready(&p, &err), 0);
	assert_true(p.console_fd >= 0);
	assert_int_equal(rt_release(&p, &err), 0);
	size_t len = 0;
	ssize_t n;
	bool asked = false;
	while ((n = read(p.console_fd, output + len, sizeof(output) - 1 - len)) > 0) {
		len += (size_t)n;
		output[len] = 0;
		/* not before: the terminal's echo would come between the lines */
		if (!asked && strstr(output, "620\r\n")) {
			assert_int_equal(fd_write_full(p.console_fd, "word\n", 5), 0);
			asked = true;
		}
	}
	assert_non_null(strstr(output, "/dev/pts/0\r\n24 80\r\n/dev/pts/0\r\n1000 620\r\n"));
	assert_non_null(strstr(output, "got word\r\n"));
	assert_int_equal(rt_case_wait(&p), 7);
	rt_case_done(&c);
}

/* --- exec --- */

static const struct spec_id_map high_maps[] = { { 0, 100000, 65536 }, { 0 } };

static void use_high_ids(struct rt_case *c)
{
	c->spec.ns[SPEC_NS_USER] = SPEC_NS_NEW;
	c->spec.uid_maps = mem_dup(high_maps, sizeof(high_maps));
	c->spec.gid_maps = mem_dup(high_maps, sizeof(high_maps));
	assert_true(chown(c->spec.root.upper, 100000, 100000) == 0 && chown(c->spec.root.work, 100000, 100000) == 0 && chmod(c->dir, 0755) == 0);
}

static void start_sleeper(struct rt_case *c, struct rt_process *p, bool user_ns)
{
	struct err err = { 0 };
	struct rt_spawn_opts opts = { .stdin_fd = -EBADF, .stdout_fd = -EBADF, .stderr_fd = -EBADF, .cgroup_fd = -EBADF };
	case_script(c, "sleep 60");
	if (user_ns)
		use_high_ids(c);
	if (rt_spawn(&c->spec, &opts, p, &err) < 0 || rt_wait_ready(p, &err) < 0 || rt_release(p, &err) < 0)
		fail_msg("%s", err.text);
}

static void exec_spec(struct spec *spec, const char *script)
{
	const char *const words[] = { "sh", "-c", script, NULL };
	spec_init(spec);
	spec->id = mem_strdup("0123456789ab");
	for (int i = 0; i < SPEC_NS_USER; i++)
		spec->ns[i] = SPEC_NS_JOIN;
	spec->process.args = strv_dup((char *const *)words);
	strv_add(&spec->process.env, "PATH=/bin");
	spec->process.caps.bounding = spec->process.caps.effective = spec->process.caps.permitted = 0x800405fb;
}

static int exec_script(struct spec *spec, struct rt_process *target, char output[4096], struct err *err)
{
	int fds[2];
	struct rt_process p;
	assert_int_equal(fd_pipe(fds), 0);
	struct rt_spawn_opts opts = { .stdin_fd = -EBADF, .stdout_fd = fds[1], .stderr_fd = fds[1], .cgroup_fd = -EBADF };
	int rc = rt_exec(spec, target->pidfd, &opts, &p, err);
	if (rc >= 0 && (rt_wait_ready(&p, err) < 0 || rt_release(&p, err) < 0)) {
		rt_abort(&p);
		rt_process_done(&p);
		rc = -1;
	}
	fd_close(fds[1]);
	ssize_t n = fd_read_full(fds[0], output, 4095);
	output[n > 0 ? n : 0] = 0;
	fd_close(fds[0]);
	return rc < 0 ? rc : rt_case_wait(&p);
}

static void joining(void **state)
{
	struct rt_case c;
	struct rt_process target;
	struct spec spec;
	struct err err = { 0 };
	char output[4096];
	start_sleeper(&c, &target, false);
	exec_spec(&spec, "hostname; pwd; ls /proc/1/root >/dev/null && echo in; readlink /proc/1/ns/pid > /tmp/a; readlink /proc/self/ns/pid > /tmp/b; busybox cmp /tmp/a /tmp/b && echo same; "
			 "ls /proc/self/fd | wc -l; id -u; grep CapEff /proc/self/status; exit 5");
	spec.process.cwd = mem_strdup("/etc");
	assert_int_equal(exec_script(&spec, &target, output, &err), 5);
	assert_string_equal(output, "0123456789ab\n/etc\nin\nsame\n4\n0\nCapEff:\t00000000800405fb\n");
	free(spec.process.cwd);
	spec.process.cwd = mem_strdup("/nosuch");
	assert_int_equal(exec_script(&spec, &target, output, &err), -1);
	assert_string_equal(err.text, "cannot enter the working directory '/nosuch': no such file or directory");
	err_clear(&err);
	free(spec.process.cwd);
	spec.process.cwd = NULL;
	free(spec.process.args[0]);
	spec.process.args[0] = mem_strdup("nosuch");
	assert_int_equal(exec_script(&spec, &target, output, &err), -1);
	assert_int_equal(err.kind, ERR_CMD_NOT_FOUND);
	spec_done(&spec);
	rt_abort(&target);
	rt_process_done(&target);
	rt_case_done(&c);
}

/* --- a user namespace of its own --- */

static void user_namespace(void **state)
{
	struct rt_case c;
	char output[4096];
	case_script(&c, "cat /proc/self/uid_map; id -u; touch /x && stat -c %u /x; stat -c '%t %T' /dev/null; grep CapEff /proc/self/status");
	use_high_ids(&c);
	assert_int_equal(run_script(&c, output), 0);
	assert_string_equal(output, "         0     100000      65536\n0\n0\n1 3\nCapEff:\t00000000800405fb\n");
	rt_case_done(&c);
}

static void joining_user_namespace(void **state)
{
	struct rt_case c;
	struct rt_process target;
	struct spec spec;
	struct err err = { 0 };
	char output[4096];
	static const gid_t groups[] = { 27 };
	start_sleeper(&c, &target, true);
	exec_spec(&spec, "cat /proc/self/uid_map; id -u; sed -n 's/^Groups:.//p' /proc/self/status; touch /new && stat -c %u /new; grep CapEff /proc/self/status");
	spec.ns[SPEC_NS_USER] = SPEC_NS_JOIN;
	spec.process.groups = mem_dup(groups, sizeof(groups));
	spec.process.group_count = 1;
	if (exec_script(&spec, &target, output, &err) < 0)
		fail_msg("%s", err.text);
	assert_string_equal(output, "         0     100000      65536\n0\n27 \n0\nCapEff:\t00000000800405fb\n");
	spec_done(&spec);
	rt_abort(&target);
	rt_process_done(&target);
	rt_case_done(&c);
}

/* --- rootless: everything happens in a user namespace entered before --- */

/* T-RT-12: without a cgroup namespace the host's groups are there, and cannot be written. */
static int rootless_case(enum spec_ns_mode cgroup)
{
	struct rt_case c;
	struct err err = { 0 };
	char output[4096];
	static const gid_t groups[] = { 5, 27 };
	case_script(&c, "id -u; touch /x && stat -c '%u %g' /x; stat -c '%t %T' /dev/null /dev/tty; echo x > /dev/null; sed -n 's/^Groups:.//p' /proc/self/status; "
			"grep -c userxattr /proc/self/mountinfo; stat -c %g /dev/pts/ptmx; cat /proc/sys/net/ipv4/ping_group_range; echo 1 > /sys/fs/cgroup/x");
	c.spec.process.groups = mem_dup(groups, sizeof(groups));
	c.spec.process.group_count = 2;
	c.spec.ns[SPEC_NS_CGROUP] = cgroup;
	int code = rt_case_run(&c, output, &err);
	if (code < 0)
		print_error("%s\n", err.text);
	rt_case_done(&c);
	static const char wanted[] = "0\n0 0\n1 3\n5 0\n5 27 \n1\n0\n0\t0\nsh: can't create /sys/fs/cgroup/x: Read-only file system\n";
	if (code >= 0 && strcmp(output, wanted) != 0)
		print_error("%s", output);
	return code >= 0 && strcmp(output, wanted) == 0 ? 0 : 1;
}

static void rootless(void **state)
{
	int go[2], ready[2];
	char byte = 0;
	struct err err = { 0 };
	static const struct userns_map maps[] = { { 0, 100000, 65536 }, { 0 } };
	assert_true(fd_pipe(go) == 0 && fd_pipe(ready) == 0);
	pid_t child = fork();
	if (child == 0) {
		if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0 || write(ready[1], &byte, 1) != 1 || read(go[0], &byte, 1) != 1 ||
		    setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
			_exit(99);
		_exit(rootless_case(SPEC_NS_NEW) || rootless_case(SPEC_NS_HOST));
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(userns_write_maps(child, maps, maps, &err), 0);
	assert_int_equal(write(go[1], &byte, 1), 1);
	assert_int_equal(proc_wait(child), 0);
	for (int i = 0; i < 2; i++) {
		fd_close(go[i]);
		fd_close(ready[i]);
	}
}

/* --- T-RT-26: what is not as asked is found --- */

static void spoil_caps(struct spec *s) { s->process.caps.bounding = 1; }
static void spoil_uid(struct spec *s) { s->process.uid = 1; }
static void spoil_groups(struct spec *s)
{
	s->process.groups = mem_alloc(sizeof(gid_t));
	s->process.group_count = 1;
}
static void spoil_nnp(struct spec *s) { s->process.no_new_privs = true; }
static void spoil_seccomp(struct spec *s)
{
	s->seccomp.filter = mem_alloc(8);
	s->seccomp.count = 1;
}
static void spoil_namespace(struct spec *s) { s->ns[SPEC_NS_NET] = SPEC_NS_HOST; }
static void spoil_user_namespace(struct spec *s) { s->ns[SPEC_NS_USER] = SPEC_NS_NEW; }
static void spoil_root(struct spec *s) { s->root.readonly = true; }
static void spoil_mount(struct spec *s) { s->mounts[1].attr_set |= MOUNT_ATTR_RDONLY; }
static void spoil_mask(struct spec *s) { strv_add(&s->masked_paths, "/proc/version"); }
static void spoil_readonly(struct spec *s) { strv_add(&s->readonly_paths, "/proc/self"); strv_add(&s->readonly_paths, "/proc/driver"); strv_add(&s->readonly_paths, "/proc/tty"); }
static void spoil_limit(struct spec *s)
{
	s->process.rlimits = mem_alloc(sizeof(*s->process.rlimits));
	s->process.rlimits[0] = (struct spec_rlimit){ .resource = RLIMIT_CORE, .soft = 12345, .hard = 12345 };
	s->process.rlimit_count = 1;
}

static void t_rt_26_verify(void **state)
{
	static void (*const rows[])(struct spec *) = {
		spoil_caps, spoil_uid, spoil_groups, spoil_nnp, spoil_seccomp, spoil_namespace, spoil_user_namespace, spoil_root,
		spoil_mount, spoil_mask, spoil_readonly, spoil_limit,
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct rt_case c;
		struct rt_process p;
		struct err err = { 0 };
		struct rt_spawn_opts opts = { .stdin_fd = -EBADF, .stdout_fd = -EBADF, .stderr_fd = -EBADF, .cgroup_fd = -EBADF };
		case_script(&c, ":");
		assert_int_equal(rt_spawn(&c.spec, &opts, &p, &err), 0);
		assert_int_equal(rt_wait_ready(&p, &err), 0);
		assert_int_equal(rt_verify(&c.spec, &p, &err), 0);
		rows[i](&c.spec);
		if (rt_verify(&c.spec, &p, &err) == 0)
			fail_msg("row %zu was not found", i);
		rt_abort(&p);
		rt_process_done(&p);
		rt_case_done(&c);
	}
}

static void preserved_descriptors(void **state)
{
	struct rt_case c;
	struct rt_process p;
	struct err err = { 0 };
	char text[64] = "";
	int fds[2];
	pid_t child = fork();
	if (child == 0) { /* with descriptors of our own choosing */
		case_script(&c, "echo through >&4");
		if (pipe(fds) < 0 || dup2(fds[1], 200) < 0 || dup2(fds[0], 201) < 0 || dup2(201, 3) < 0 || dup2(200, 4) < 0)
			_exit(90);
		for (int fd = 5; fd < 20; fd++)
			close(fd);
		const int both[] = { 3, 4, -1 }, free_one[] = { 4, 8, -1 };
		struct rt_spawn_opts opts = { .stdin_fd = -EBADF, .stdout_fd = -EBADF, .stderr_fd = -EBADF, .cgroup_fd = -EBADF, .preserve = both };
		if (rt_spawn(&c.spec, &opts, &p, &err) < 0 || rt_wait_ready(&p, &err) < 0 || rt_release(&p, &err) < 0)
			_exit(91);
		if (rt_case_wait(&p) != 0 || read(201, text, sizeof(text) - 1) <= 0 || strcmp(text, "through\n") != 0)
			_exit(92);
		opts.preserve = free_one;
		if (rt_spawn(&c.spec, &opts, &p, &err) == 0 || err.kind != ERR_USAGE)
			_exit(93);
		rt_case_done(&c);
		_exit(0);
	}
	assert_int_equal(proc_wait(child), 0);
}

int main(void)
{
	if (geteuid() != 0) {
		puts("SKIPPED: containers of the runtime's own tests are made by root only");
		return 77;
	}
	test_root = rt_case_root_new();
	if (!test_root) {
		puts("SKIPPED: there is no busybox: install the package busybox-static");
		return 77;
	}
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(output_and_exit_code), cmocka_unit_test(surroundings), cmocka_unit_test(commands), cmocka_unit_test(mounts),
		cmocka_unit_test(volume_is_filled), cmocka_unit_test(identities), cmocka_unit_test(seccomp_and_no_new_privs),
		cmocka_unit_test(limits), cmocka_unit_test(terminal), cmocka_unit_test(joining), cmocka_unit_test(user_namespace), cmocka_unit_test(joining_user_namespace), cmocka_unit_test(rootless),
		cmocka_unit_test(t_rt_26_verify), cmocka_unit_test(preserved_descriptors),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	failed += _cmocka_run_group_tests("escape", escape_tests, escape_count, NULL, NULL);
	rt_case_root_free(test_root);
	return failed;
}
