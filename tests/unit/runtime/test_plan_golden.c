/* Specs in, plans out as text: tests/golden/plan/NAME.txt. CPOD_GOLDEN_UPDATE=1 writes them anew. */
#include "rt_case.h"

#include "base/file.h"
#include "runtime/plan_build.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

#include <cmocka.h>

static const char *const args[] = { "sh", "-c", "echo \"hi\"", NULL };

static void base(struct rt_case *c)
{
	rt_case_init(c, "/layers/2/diff", args);
	strv_add(&c->spec.root.lower, "/layers/1/diff");
	free(c->spec.root.upper);
	free(c->spec.root.work);
	c->spec.root.upper = mem_strdup("/containers/c/upper");
	c->spec.root.work = mem_strdup("/containers/c/work");
}

static void compare(const char *name, const struct str *plan)
{
	auto_free char *text = plan_text_dup(plan);
	auto_free char *path = mem_printf("%s/%s.txt", GOLDEN_DIR, name);
	auto_free char *wanted = NULL;
	size_t len;
	if (getenv("CPOD_GOLDEN_UPDATE"))
		assert_int_equal(file_write(AT_FDCWD, path, 0644, text, strlen(text), 0), 0);
	assert_int_equal(file_read(AT_FDCWD, path, 1 << 20, &wanted, &len), 0);
	assert_string_equal(text, wanted);
}

static void check(const char *name, struct rt_case *c, const struct plan_host *host)
{
	auto_str plan = { 0 };
	struct err err = { 0 };
	assert_int_equal(plan_build(&c->spec, host, &plan, &err), 0);
	compare(name, &plan);
	rt_case_done(c);
}

static void run_as_root(void **state)
{
	struct rt_case c;
	base(&c);
	check("run", &c, &(struct plan_host){ .has_tty_group = true, .stdio = true });
}

static void run_rootless_single_id(void **state)
{
	struct rt_case c;
	base(&c);
	check("run-rootless", &c, &(struct plan_host){ .in_userns = true, .setgroups_denied = true, .stdio = true });
}

/* --userns: one stage makes the tree, another uses it */
static void user_namespace(void **state)
{
	struct rt_case c;
	auto_str plan = { 0 };
	struct err err = { 0 };
	base(&c);
	assert_int_equal(plan_build_overlay(&c.spec, &(struct plan_host){ .in_userns = true }, &plan, &err), 0);
	compare("overlay", &plan);
	strv_add(&c.spec.appends, "/etc/passwd=alice:*:1000:1000::/:/bin/sh\n");
	c.spec.ns[SPEC_NS_USER] = SPEC_NS_NEW;
	check("run-userns", &c, &(struct plan_host){ .in_userns = true, .has_tty_group = true, .stdio = true, .root_fd = 9 });
}

/* Namespaces of others are joined before it is born: its plan says nothing of them. */
static void joined_users(void **state)
{
	const struct plan_host host = { .in_userns = true, .has_tty_group = true, .stdio = true, .root_fd = 9 };
	struct rt_case c;
	auto_str plan = { 0 };
	struct err err = { 0 };
	base(&c);
	strv_add(&c.spec.appends, "/etc/passwd=alice:*:1000:1000::/:/bin/sh\n");
	c.spec.ns[SPEC_NS_IPC] = c.spec.ns[SPEC_NS_USER] = SPEC_NS_JOIN;
	c.spec.ns_fd[SPEC_NS_IPC] = 9;
	c.spec.ns_fd[SPEC_NS_USER] = 10;
	assert_int_equal(plan_build(&c.spec, &host, &plan, &err), -1); /* whose ids? */
	assert_true(err_is(&err, ERR_INVALID));
	c.spec.uid_maps = mem_array(2, sizeof(*c.spec.uid_maps));
	c.spec.gid_maps = mem_array(2, sizeof(*c.spec.gid_maps));
	check("run-userns", &c, &host);
}

static void add_device(struct rt_case *c)
{
	struct spec_device *d = spec_add_device(&c->spec);
	*d = (struct spec_device){ .path = mem_strdup("/dev/fuse"), .type = 'c', .major = 10, .minor = 229, .mode = 0660, .gid = 5 };
}

static void add_limits(struct spec_process *p)
{
	p->rlimits = mem_array(2, sizeof(*p->rlimits));
	p->rlimits[0] = (struct spec_rlimit){ .resource = RLIMIT_NOFILE, .soft = 1024, .hard = 4096 };
	p->rlimits[1] = (struct spec_rlimit){ .resource = RLIMIT_NPROC, .soft = 100, .hard = 100, .is_default = true };
	p->rlimit_count = 2;
}

static void add_identity(struct spec_process *p)
{
	static const gid_t groups[] = { 5, 27 };
	p->uid = 1000;
	p->gid = 100;
	p->groups = mem_dup(groups, sizeof(groups));
	p->group_count = 2;
	p->umask = 077;
	p->no_new_privs = true;
	p->keep_keys = true;
	p->oom_score_adj = -100;
	p->oom_score_adj_set = true;
	p->apparmor_profile = mem_strdup("containers-default");
	p->selinux_label = mem_strdup("system_u:system_r:container_t:s0");
	p->caps.ambient = p->caps.inheritable = 1;
}

static void everything(void **state)
{
	struct rt_case c;
	static const uint64_t filter[2] = { 6, 6 };
	base(&c);
	rt_case_mount(&c, "bind", "/home/me", "/data", MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID, NULL)->recursive = true;
	rt_case_mount(&c, "bind", "/home/share", "/share", 0, NULL)->propagation = MS_SHARED | MS_REC;
	rt_case_mount(&c, "bind", "/home/file", "/etc/file", 0, NULL)->is_file = true;
	rt_case_mount(&c, "tmpfs", "tmpfs", "/run", MOUNT_ATTR_NODEV, "mode=1777")->copy_up = true;
	add_device(&c);
	add_limits(&c.spec.process);
	add_identity(&c.spec.process);
	strv_add(&c.spec.files, "/etc/hosts=/run/c/hosts");
	c.spec.domainname = mem_strdup("example.org");
	c.spec.root.readonly = true;
	c.spec.process.terminal = true;
	c.spec.process.rows = 24;
	c.spec.process.cols = 80;
	c.spec.seccomp.filter = mem_dup(filter, sizeof(filter));
	c.spec.seccomp.count = 2;
	c.spec.ns[SPEC_NS_IPC] = SPEC_NS_JOIN;
	c.spec.ns_fd[SPEC_NS_IPC] = 9;
	check("everything", &c, &(struct plan_host){ .has_tty_group = true, .preserve_fds = 2 });
	c.spec.ns_fd[SPEC_NS_IPC] = -EBADF;
}

/* Trees that the engine has made, and what stands among them */
static void made_trees(void **state)
{
	struct rt_case c;
	auto_str plan = { 0 };
	struct err err = { 0 };
	base(&c);
	rt_case_mount(&c, "bind", "localhost/image", "/image", MOUNT_ATTR_RDONLY, NULL)->tree_fd = 21;
	rt_case_mount(&c, "bind", "/home/me", "/data", 0, NULL)->recursive = true;
	rt_case_mount(&c, "bind", "/home/me", "/over", 0, NULL)->tree_fd = 22;
	struct spec_mount *given = rt_case_mount(&c, "bind", "/volume", "/given", 0, NULL);
	given->copy_up = given->copy_given = true;
	c.spec.process.uid = 5;
	c.spec.process.gid = 6;
	rt_case_mount(&c, "bind", "/home/share", "/share", 0, NULL)->propagation = MS_SHARED;
	rt_case_mount(&c, "symlink", "/to", "/link", 0, NULL);
	rt_case_mount(&c, "tmpfs", "tmpfs", "/run", 0, NULL)->copy_mode = true;
	assert_int_equal(plan_build(&c.spec, &(struct plan_host){ .has_tty_group = true, .stdio = true }, &plan, &err), 0);
	compare("trees", &plan);
	c.spec.ns[SPEC_NS_USER] = SPEC_NS_NEW;
	str_done(&plan);
	const int fds[] = { 31, 32, 33, -EBADF };
	assert_int_equal(plan_build(&c.spec, &(struct plan_host){ .in_userns = true, .stdio = true, .root_fd = 9, .tree_fds = fds }, &plan, &err), 0);
	compare("trees-userns", &plan);
	for (size_t i = 0; i < c.spec.mount_count; i++)
		c.spec.mounts[i].tree_fd = 0;
	rt_case_done(&c);
}

static void too_many_trees(void **state)
{
	struct rt_case c;
	auto_str plan = { 0 };
	struct err err = { 0 };
	base(&c);
	for (int i = 0; i < PLAN_SLOTS; i++)
		rt_case_mount(&c, "bind", "/home/share", "/share", 0, NULL)->propagation = MS_SHARED;
	c.spec.mounts[c.spec.mount_count - 1].tree_fd = 21;
	const struct plan_host host = { .has_tty_group = true, .stdio = true };
	assert_int_equal(plan_build(&c.spec, &host, &plan, &err), 0);
	rt_case_mount(&c, "bind", "/home/me", "/over", 0, NULL)->tree_fd = 22;
	assert_int_equal(plan_build(&c.spec, &host, &plan, &err), -1);
	assert_true(err_is(&err, ERR_LIMIT));
	for (size_t i = 0; i < c.spec.mount_count; i++)
		c.spec.mounts[i].tree_fd = 0;
	rt_case_done(&c);
}

static void rootfs_directory(void **state)
{
	struct rt_case c;
	base(&c);
	c.spec.root.path = mem_strdup("/srv/root");
	c.spec.root.is_volatile = false;
	c.spec.rootfs_propagation = MS_SLAVE | MS_REC;
	check("rootfs", &c, &(struct plan_host){ .has_tty_group = true, .stdio = true });
}

static void joining(void **state)
{
	struct rt_case c;
	auto_str plan = { 0 };
	struct err err = { 0 };
	base(&c);
	for (int i = 0; i < SPEC_NS_COUNT; i++)
		c.spec.ns[i] = i == SPEC_NS_USER ? SPEC_NS_HOST : SPEC_NS_JOIN;
	c.spec.process.terminal = true;
	assert_int_equal(plan_build_exec(&c.spec, &(struct plan_host){ .has_tty_group = true }, 7, &plan, &err), 0);
	compare("exec", &plan);
	rt_case_done(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(run_as_root), cmocka_unit_test(run_rootless_single_id), cmocka_unit_test(user_namespace), cmocka_unit_test(joined_users), cmocka_unit_test(everything),
		cmocka_unit_test(rootfs_directory), cmocka_unit_test(joining), cmocka_unit_test(made_trees), cmocka_unit_test(too_many_trees),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
