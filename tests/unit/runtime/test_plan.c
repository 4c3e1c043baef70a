/* The plan's reader: what it accepts, and that every byte it relies on is checked. */
#include "rt_case.h"

#include "runtime/plan_build.h"
#include "wire/plan_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *const args[] = { "true", "x", NULL };
static const struct plan_host host = { .has_tty_group = true, .stdio = true };

static void make_plan(struct str *plan)
{
	struct rt_case c;
	struct err err = { 0 };
	rt_case_init(&c, "/rootfs", args);
	assert_int_equal(plan_build(&c.spec, &host, plan, &err), 0);
	rt_case_done(&c);
}

static struct plan_header *header_of(struct str *plan)
{
	return (struct plan_header *)plan->data;
}

static struct plan_op *op_of(struct str *plan, enum plan_code code)
{
	struct plan_op *ops = (struct plan_op *)(header_of(plan) + 1);
	for (uint32_t i = 0; i < header_of(plan)->op_count; i++)
		if (ops[i].code == code)
			return &ops[i];
	fail_msg("the plan has no %s", plan_names[code]);
	return NULL;
}

static void accepts_its_own(void **state)
{
	auto_str plan = { 0 };
	make_plan(&plan);
	assert_int_equal(plan_check(plan.data, plan.len), 0);
	const struct plan_op *op = op_of(&plan, PLAN_COMMAND);
	assert_int_equal(plan_list_len(header_of(&plan), op->ref[0]), 2);
	assert_string_equal(plan_list_next(header_of(&plan), op->ref[0], NULL), "true");
}

static void every_row_has_words(void **state)
{
	for (int i = 0; i < PLAN_CODE_COUNT; i++) {
		assert_non_null(plan_names[i]);
		assert_non_null(plan_sentences[i]);
		const char *first = strstr(plan_sentences[i], "%s");
		assert_non_null(first);
		assert_non_null(strstr(first + 2, "%s"));
	}
}

/* Each row spoils one field of a good plan. */
static void spoil_magic(struct str *p) { header_of(p)->magic++; }
static void spoil_version(struct str *p) { header_of(p)->version++; }
static void spoil_op_bytes(struct str *p) { header_of(p)->op_bytes--; }
static void spoil_total(struct str *p) { header_of(p)->total_bytes++; }
static void spoil_count(struct str *p) { header_of(p)->op_count = 0; }
static void spoil_count_more(struct str *p) { header_of(p)->op_count = PLAN_MAX_OPS + 1; }
static void spoil_pool(struct str *p) { header_of(p)->pool_offset -= 8; }
static void spoil_pool_bytes(struct str *p) { header_of(p)->pool_bytes += 8; }
static void spoil_code(struct str *p) { op_of(p, PLAN_PIVOT)->code = PLAN_CODE_COUNT; }
static void spoil_none(struct str *p) { op_of(p, PLAN_PIVOT)->code = PLAN_NONE; }
static void spoil_flags(struct str *p) { op_of(p, PLAN_PIVOT)->flags = PLAN_RECURSIVE; }
static void spoil_reserved(struct str *p) { op_of(p, PLAN_PIVOT)->reserved = 1; }
static void spoil_number(struct str *p) { op_of(p, PLAN_PIVOT)->num[0] = 1; }
static void spoil_run(struct str *p) { op_of(p, PLAN_RUN)->code = PLAN_PIVOT; }
static void spoil_early_run(struct str *p) { op_of(p, PLAN_PIVOT)->code = PLAN_RUN; }
static void spoil_no_command(struct str *p) { *op_of(p, PLAN_COMMAND) = (struct plan_op){ .code = PLAN_PIVOT }; }
static void spoil_offset(struct str *p) { op_of(p, PLAN_CHDIR)->ref[0].offset = header_of(p)->pool_bytes + 1; }
static void spoil_length(struct str *p) { op_of(p, PLAN_CHDIR)->ref[0].length = header_of(p)->pool_bytes; }
static void spoil_wrap(struct str *p) { op_of(p, PLAN_CHDIR)->ref[0].offset = UINT32_MAX; }
static void spoil_absent(struct str *p) { op_of(p, PLAN_CHDIR)->ref[0].length = 0; }
static void spoil_extra_ref(struct str *p) { op_of(p, PLAN_PIVOT)->ref[3] = op_of(p, PLAN_CHDIR)->ref[0]; }
static void spoil_relative(struct str *p) { ((char *)(uintptr_t)plan_text(header_of(p), op_of(p, PLAN_WORKDIR)->ref[0]))[0] = 'x'; }
static void spoil_list(struct str *p)
{
	struct plan_ref ref = op_of(p, PLAN_COMMAND)->ref[1];
	((char *)(uintptr_t)plan_bytes(header_of(p), ref))[ref.length - 1] = 'x';
}
static void spoil_dotdot(struct str *p)
{
	memcpy((char *)(uintptr_t)plan_text(header_of(p), op_of(p, PLAN_MOUNT)->ref[2]), "/../", 4);
}
static void spoil_slot(struct str *p)
{
	struct plan_op *op = op_of(p, PLAN_WORKDIR);
	*op = (struct plan_op){ .code = PLAN_OPEN_TREE, .num = { PLAN_SLOTS }, .ref = { op->ref[0] } };
}

static void refuses(void **state)
{
	static void (*const rows[])(struct str *) = {
		spoil_magic,  spoil_version, spoil_op_bytes,  spoil_total,	spoil_count,  spoil_count_more, spoil_pool, spoil_pool_bytes, spoil_code,
		spoil_none,   spoil_flags,   spoil_reserved,  spoil_number,	spoil_run,    spoil_early_run,	spoil_no_command,	      spoil_offset,
		spoil_length, spoil_wrap,    spoil_absent,    spoil_extra_ref,	spoil_relative, spoil_list,	spoil_dotdot,		      spoil_slot,
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		auto_str plan = { 0 };
		make_plan(&plan);
		rows[i](&plan);
		if (plan_check(plan.data, plan.len) >= 0)
			fail_msg("row %zu was accepted", i);
	}
}

static void every_length_is_refused(void **state)
{
	auto_str plan = { 0 };
	make_plan(&plan);
	for (size_t len = 0; len < plan.len; len++) {
		auto_free char *copy = mem_dup(plan.data, len ? len : 1);
		assert_true(plan_check(copy, len) < 0);
	}
}

/* Every byte changed in four ways: refused, or still safe to walk (the sanitizer looks on). */
static void every_byte_changed(void **state)
{
	static const unsigned char changes[] = { 0x01, 0x80, 0xff, 0x2f };
	auto_str plan = { 0 };
	size_t walked = 0;
	make_plan(&plan);
	for (size_t i = 0; i < plan.len * ARRAY_LEN(changes); i++) {
		char *byte = &plan.data[i / ARRAY_LEN(changes)];
		*byte = (char)(*byte ^ changes[i % ARRAY_LEN(changes)]);
		if (plan_check(plan.data, plan.len) >= 0) {
			auto_free char *text = plan_text_dup(&plan);
			walked += strlen(text);
		}
		*byte = (char)(*byte ^ changes[i % ARRAY_LEN(changes)]);
	}
	assert_true(walked > 0);
}

static void path_limit(void **state)
{
	for (int over = 0; over <= 1; over++) {
		struct rt_case c;
		struct err err = { 0 };
		auto_str plan = { 0 };
		rt_case_init(&c, "/rootfs", args);
		free(c.spec.process.cwd);
		c.spec.process.cwd = mem_alloc(PLAN_MAX_PATH + 2);
		memset(c.spec.process.cwd, '/', (size_t)PLAN_MAX_PATH - 1 + (size_t)over);
		assert_int_equal(plan_build(&c.spec, &host, &plan, &err) < 0, over);
		rt_case_done(&c);
	}
}

static void layer_limit(void **state)
{
	for (int over = 0; over <= 1; over++) {
		struct rt_case c;
		struct err err = { 0 };
		auto_str plan = { 0 };
		rt_case_init(&c, "/rootfs", args);
		for (int i = 1; i < PLAN_MAX_LAYERS + over; i++)
			strv_add(&c.spec.root.lower, "/x");
		assert_int_equal(plan_build(&c.spec, &host, &plan, &err) < 0, over);
		rt_case_done(&c);
	}
}

/* --- T-RT-23 --- */

static bool sysctl_accepted(const char *text)
{
	struct rt_case c;
	struct err err = { 0 };
	auto_str plan = { 0 };
	rt_case_init(&c, "/rootfs", args);
	strv_add(&c.spec.sysctl, text);
	int rc = plan_build(&c.spec, &host, &plan, &err);
	rt_case_done(&c);
	return rc >= 0;
}

static void t_rt_23_sysctl(void **state)
{
	static const char *const good[] = {
		"net.ipv4.ip_forward=1", "net/ipv4/ip_forward=1", "net.ipv4.conf.all.rp_filter=0", "net.ipv4.ping_group_range=0 0",
		"net.ipv6.conf.eth0/1.disable_ipv6=1", "net.core.somaxconn=1024", "kernel.msgmax=1", "kernel.msgmnb=1", "kernel.msgmni=1",
		"kernel.sem=1 2 3 4", "kernel.shmall=1", "kernel.shmmax=1", "kernel.shmmni=1", "kernel.shm_rmid_forced=1", "fs.mqueue.msg_max=8",
		"fs.mqueue.queues_max=8", "kernel.domainname=x", "net.ipv4.tcp_rmem=4096 5 6",
	};
	static const char *const bad[] = {
		"kernel.core_pattern=|/x", "kernel.sysrq=1", "kernel.hostname", "", "=1", "net", "net.=1\n2", "vm.swappiness=1", "fs.file-max=1",
		"kernel.panic=1", "kernel.shm_rmid_forced+kernel.core_pattern=1", "net.ipv4.x\ny=1", "net.../kernel/panic=1", "net/../kernel/panic=1",
		"net//ipv4=1", "/net/ipv4/x=1", ".net=1", "net.ipv4.ip forward=1", "net.ipv4.*=1", "dev.cdrom.info=1", "user.max_user_namespaces=1",
		"kernel.msgmaxx=1", "kernel.sem.x=1", "net.ipv4.ip_forward", "abi.x=1", "kernel/core_pattern=x", "fs.mqueue=1",
	};
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		if (!sysctl_accepted(good[i]))
			fail_msg("refused: %s", good[i]);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (sysctl_accepted(bad[i]))
			fail_msg("accepted: %s", bad[i]);
}

static void sysctl_of_the_host(void **state)
{
	struct rt_case c;
	struct err err = { 0 };
	auto_str plan = { 0 };
	rt_case_init(&c, "/rootfs", args);
	c.spec.ns[SPEC_NS_NET] = SPEC_NS_HOST;
	assert_int_equal(plan_build(&c.spec, &host, &plan, &err), -1);
	assert_string_equal(err.text, "sysctl 'net.ipv4.ping_group_range' is not allowed");
	rt_case_done(&c);
}

/* --- T-RT-04: what may lie on /proc --- */

static bool mount_accepted(const char *type, const char *source, const char *destination)
{
	struct rt_case c;
	struct err err = { 0 };
	auto_str plan = { 0 };
	rt_case_init(&c, "/rootfs", args);
	rt_case_mount(&c, type, source, destination, 0, NULL);
	int rc = plan_build(&c.spec, &host, &plan, &err);
	rt_case_done(&c);
	return rc >= 0;
}

static void t_rt_04_proc_is_the_kernels(void **state)
{
	assert_false(mount_accepted("bind", "/tmp", "/proc"));
	assert_false(mount_accepted("tmpfs", "tmpfs", "/proc"));
	assert_false(mount_accepted("bind", "/tmp", "/proc/self/attr"));
	assert_false(mount_accepted("bind", "/tmp", "//proc/./self"));
	assert_false(mount_accepted("bind", "/tmp", "/x/../proc/sys"));
	assert_false(mount_accepted("tmpfs", "tmpfs", "/proc/sys/kernel"));
	assert_true(mount_accepted("bind", "/tmp/x", "/proc/meminfo"));
	assert_true(mount_accepted("bind", "/proc", "/proc"));
	assert_true(mount_accepted("bind", "/tmp", "/process"));
	assert_false(mount_accepted("bind", "/tmp", "/"));
	assert_false(mount_accepted("bind", "/tmp", "relative"));
	assert_false(mount_accepted("bind", "relative", "/x"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_its_own),	    cmocka_unit_test(every_row_has_words), cmocka_unit_test(refuses),
		cmocka_unit_test(every_length_is_refused),  cmocka_unit_test(every_byte_changed), cmocka_unit_test(path_limit),	   cmocka_unit_test(layer_limit),
		cmocka_unit_test(t_rt_23_sysctl),	    cmocka_unit_test(sysctl_of_the_host),  cmocka_unit_test(t_rt_04_proc_is_the_kernels),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
