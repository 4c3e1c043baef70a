/* test_doctor.c - what doctor makes of hosts that are told by a few files below a directory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/str.h"
#include "engine/doctor_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

typedef void (*look_fn)(const struct doctor_host *host, struct doctor_finding *f);

static const char delegate[] = "user.slice/user-1000.slice/user@1000.service";

static const struct host_row {
	const char *what;
	look_fn look;
	const char *files; /* "PATH=TEXT" between tabs; a path that ends with / is a directory */
	enum doctor_state state;
	const char *text, *fix; /* parts of them */
} hosts[] = {
	{ "a kernel", doctor_kernel, "proc/sys/kernel/osrelease=6.1.0-13-amd64\tproc/sys/kernel/seccomp/", DOCTOR_FINE, "Linux 6.1.0-13-amd64" },
	{ "the oldest kernel", doctor_kernel, "proc/sys/kernel/osrelease=5.13.0\tproc/sys/kernel/seccomp/", DOCTOR_FINE, "5.13.0" },
	{ "an older one", doctor_kernel, "proc/sys/kernel/osrelease=5.12.19\tproc/sys/kernel/seccomp/", DOCTOR_BROKEN, "older than 5.13", "update" },
	{ "one of before", doctor_kernel, "proc/sys/kernel/osrelease=4.18.0-513.el8\tproc/sys/kernel/seccomp/", DOCTOR_BROKEN, "4.18", "update" },
	{ "no seccomp", doctor_kernel, "proc/sys/kernel/osrelease=6.1.0", DOCTOR_BROKEN, "no seccomp", "CONFIG_SECCOMP" },
	{ "no proc", doctor_kernel, "", DOCTOR_BROKEN, "does not tell", "mount" },
	{ "nonsense", doctor_kernel, "proc/sys/kernel/osrelease=six", DOCTOR_BROKEN, "does not tell", "mount" },
	{ "few inotify instances", doctor_inotify, "proc/sys/fs/inotify/max_user_instances=128", DOCTOR_HINT, "128", "sysctl -w fs.inotify" },
	{ "many", doctor_inotify, "proc/sys/fs/inotify/max_user_instances=256", DOCTOR_FINE, "256" },
	{ "no inotify limit", doctor_inotify, "", DOCTOR_FINE, "not limited" },
	{ "few keys", doctor_keys, "proc/sys/kernel/keys/maxkeys=200", DOCTOR_HINT, "200", "sysctl -w kernel.keys" },
	{ "many keys", doctor_keys, "proc/sys/kernel/keys/maxkeys=1000", DOCTOR_FINE, "1000" },
	{ "cgroup v2", doctor_cgroup, "sys/fs/cgroup/cgroup.controllers=cpuset cpu io memory pids", DOCTOR_FINE, "version 2" },
	{ "v2 without memory", doctor_cgroup, "sys/fs/cgroup/cgroup.controllers=cpuset cpu io pids", DOCTOR_HINT, "without memory:", "boot" },
	{ "hybrid", doctor_cgroup, "sys/fs/cgroup/unified/cgroup.procs=1", DOCTOR_HINT, "version 1", "unified_cgroup_hierarchy" },
	{ "v1 only", doctor_cgroup, "sys/fs/cgroup/memory/", DOCTOR_BROKEN, "no version 2", "unified_cgroup_hierarchy" },
	{ "a user on v1", doctor_cgroup_user, "proc/self/cgroup=4:memory:/", DOCTOR_HINT, "only version 2", "boot" },
	{ "a user with a group", doctor_cgroup_user,
	  "sys/fs/cgroup/cgroup.controllers=cpu memory pids\tproc/self/cgroup=0::/mine\tsys/fs/cgroup/mine/cgroup.procs=1\t"
	  "sys/fs/cgroup/mine/cgroup.controllers=cpu memory pids", DOCTOR_FINE, "cpu, memory and pids" },
	{ "a user without", doctor_cgroup_user, "sys/fs/cgroup/cgroup.controllers=cpu memory pids\tproc/self/cgroup=0::/mine", DOCTOR_HINT, "no group", "init system" },
	{ "a user of systemd", doctor_cgroup_user,
	  "run/systemd/system/\tsys/fs/cgroup/cgroup.controllers=cpu memory pids\tproc/self/cgroup=0::/user.slice/x\tsys/fs/cgroup/@/cgroup.procs=1\t"
	  "sys/fs/cgroup/@/cgroup.controllers=memory pids", DOCTOR_HINT, "without cpu:", "Delegate=cpu" },
	{ "a user of systemd who came by su", doctor_cgroup_user,
	  "run/systemd/system/\tsys/fs/cgroup/cgroup.controllers=cpu memory pids\tproc/self/cgroup=0::/user.slice/x", DOCTOR_HINT, "no group", "not with su" },
	{ "a user of systemd in a login session", doctor_cgroup_user,
	  "run/systemd/system/\tsys/fs/cgroup/cgroup.controllers=cpu memory pids\tproc/self/cgroup=0::/user.slice/user-1000.slice/session-3.scope\t"
	  "sys/fs/cgroup/@/cgroup.procs=1\tsys/fs/cgroup/@/cgroup.controllers=cpu memory pids", DOCTOR_HINT, "login session", "systemd-run --user --scope" },
	{ "a user of systemd in a unit", doctor_cgroup_user,
	  "run/systemd/system/\tsys/fs/cgroup/cgroup.controllers=cpu memory pids\tproc/self/cgroup=0::/user.slice/user-1000.slice/user@1000.service/app.slice/x\t"
	  "sys/fs/cgroup/@/cgroup.procs=1\tsys/fs/cgroup/@/cgroup.controllers=cpu memory pids", DOCTOR_FINE, "cpu, memory and pids" },
	{ "no systemd", doctor_linger, "", DOCTOR_FINE, "no systemd" },
	{ "no linger", doctor_linger, "run/systemd/system/", DOCTOR_HINT, "at the last logout", "loginctl enable-linger alice" },
	{ "linger", doctor_linger, "run/systemd/system/\tvar/lib/systemd/linger/alice=", DOCTOR_FINE, "go on" },
	{ "usual ports", doctor_low_ports, "", DOCTOR_FINE, "from 1024" },
	{ "every port", doctor_low_ports, "proc/sys/net/ipv4/ip_unprivileged_port_start=0", DOCTOR_FINE, "any" },
	{ "no tun", doctor_pasta, "", DOCTOR_BROKEN, "pasta", "" },
};

/* "@" in a path is systemd's group of the user. */
static void make_file(int top_fd, const char *word)
{
	const char *equal = strchr(word, '=');
	auto_free char *named = mem_strndup(word, equal ? (size_t)(equal - word) : strlen(word));
	auto_str path = { 0 };
	for (const char *c = named; *c; c++) {
		if (*c == '@')
			str_add(&path, delegate);
		else
			str_add_char(&path, *c);
	}
	char *last = strrchr(path.data, '/');
	*last = 0;
	assert_true(file_mkdirs(top_fd, path.data, 0755) >= 0);
	if (!equal)
		return;
	auto_free char *line = mem_printf("%s\n", equal + 1);
	auto_close int fd = openat(top_fd, path.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(file_create(fd, last + 1, 0644, line, strlen(line), 0) >= 0);
}

static void test_hosts(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		const struct host_row *row = &hosts[i];
		char top[] = "/tmp/cpod-doctor-test-XXXXXX";
		assert_non_null(mkdtemp(top));
		auto_close int top_fd = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		auto_strv files = strv_split(row->files, '\t');
		for (char **file = files; file && *file; file++)
			make_file(top_fd, *file);
		const struct doctor_host host = { .root_fd = top_fd, .rootless = true, .uid = 1000, .user = "alice", .graphroot = "/g", .runroot = "/r" };
		struct doctor_finding *f = mem_array(1, sizeof(*f));
		row->look(&host, f);
		if (f->state != row->state || !strstr(f->text, row->text) || (row->fix && !strstr(f->fix, row->fix)))
			fail_msg("%s: is %s, \"%s\", \"%s\"", row->what, doctor_state_word(f->state), f->text, f->fix ? f->fix : "");
		assert_int_equal(f->fix != NULL, f->state != DOCTOR_FINE);
		doctor_findings_free(f, 1);
		auto_close int tmp_fd = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		assert_int_equal(file_remove_tree(tmp_fd, strrchr(top, '/') + 1), 0);
	}
}

static int fails(const void *arg)
{
	return *(const int *)arg;
}

static void test_probe(void **state)
{
	int fine = 0, denied = -EPERM;
	(void)state;
	assert_int_equal(doctor_probe(fails, &fine), 0);
	assert_int_equal(doctor_probe(fails, &denied), -EPERM);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_hosts), cmocka_unit_test(test_probe) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
