#include "runtime/plan_build.h"

#include "base/limits.h"

#include <linux/mount.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

static const int clone_flags[SPEC_NS_COUNT] = {
	[SPEC_NS_MOUNT] = CLONE_NEWNS, [SPEC_NS_PID] = CLONE_NEWPID, [SPEC_NS_NET] = CLONE_NEWNET, [SPEC_NS_IPC] = CLONE_NEWIPC,
	[SPEC_NS_UTS] = CLONE_NEWUTS, [SPEC_NS_CGROUP] = CLONE_NEWCGROUP, [SPEC_NS_USER] = CLONE_NEWUSER,
};

int plan_ns_flags(const struct spec *spec, enum spec_ns_mode mode, bool without_fd)
{
	int flags = 0;
	for (int i = 0; i < SPEC_NS_COUNT; i++)
		if (spec->ns[i] == mode && !(without_fd && spec->ns_fd[i] >= 0))
			flags |= clone_flags[i];
	return flags;
}

bool plan_joins_first(const struct spec *spec)
{
	return spec->ns[SPEC_NS_USER] != SPEC_NS_HOST && plan_ns_flags(spec, SPEC_NS_JOIN, false);
}

/* --- the buffer --- */

struct plan_op *plan_add(struct plan_buf *b, enum plan_code code)
{
	b->ops = mem_resize(b->ops, b->count + 1, sizeof(*b->ops));
	struct plan_op *op = &b->ops[b->count++];
	*op = (struct plan_op){ .code = (uint16_t)code };
	return op;
}

void plan_set_blob(struct plan_buf *b, struct plan_op *op, int ref, const void *data, size_t bytes)
{
	while (b->pool.len % 8)
		str_add_char(&b->pool, 0);
	op->ref[ref] = (struct plan_ref){ (uint32_t)b->pool.len, (uint32_t)bytes };
	str_add_mem(&b->pool, data, bytes);
}

void plan_set_text(struct plan_buf *b, struct plan_op *op, int ref, const char *text)
{
	if (!text || !*text)
		return;
	op->ref[ref] = (struct plan_ref){ (uint32_t)b->pool.len, (uint32_t)strlen(text) + 1 };
	str_add_mem(&b->pool, text, strlen(text) + 1);
}

void plan_set_list(struct plan_buf *b, struct plan_op *op, int ref, char *const *list)
{
	uint32_t offset = (uint32_t)b->pool.len;
	for (; list && *list; list++)
		str_add_mem(&b->pool, *list, strlen(*list) + 1);
	op->ref[ref] = (struct plan_ref){ offset, (uint32_t)b->pool.len - offset };
}

static int finish(struct plan_buf *b, struct str *ret, struct err *err)
{
	struct plan_header header = {
		.magic = PLAN_MAGIC, .version = PLAN_VERSION, .op_bytes = sizeof(struct plan_op), .op_count = (uint32_t)b->count,
		.pool_offset = (uint32_t)(sizeof(header) + b->count * sizeof(struct plan_op)), .pool_bytes = (uint32_t)b->pool.len,
		.stdio_fds = b->host->stdio, .preserve_fds = (uint32_t)b->host->preserve_fds,
	};
	header.total_bytes = header.pool_offset + header.pool_bytes;
	if (b->pool.len > LIMIT_PLAN_BYTES - (64 << 10) || b->count > PLAN_MAX_OPS)
		return err_set(err, ERR_LIMIT, "container %s asks for more mounts, words or environment than one start can carry", b->spec->id);
	str_add_mem(ret, &header, sizeof(header));
	str_add_mem(ret, b->ops, b->count * sizeof(*b->ops));
	str_add_mem(ret, b->pool.data, b->pool.len);
	int rc = plan_check(ret->data, ret->len);
	return rc < 0 ? err_set(err, ERR_INVALID, "container %s: a path or text is too long, or not one", b->spec->id) : 0;
}

static int done(struct plan_buf *b, int rc)
{
	free(b->ops);
	str_done(&b->pool);
	return rc;
}

/* --- the order --- */

static void add_joined(struct plan_buf *b)
{
	static const enum spec_ns order[] = { SPEC_NS_USER, SPEC_NS_NET, SPEC_NS_IPC, SPEC_NS_UTS, SPEC_NS_CGROUP, SPEC_NS_MOUNT };
	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		enum spec_ns ns = order[i];
		if (b->spec->ns[ns] != SPEC_NS_JOIN || b->spec->ns_fd[ns] < 0)
			continue;
		struct plan_op *op = plan_add(b, PLAN_ENTER);
		op->num[0] = (uint64_t)b->spec->ns_fd[ns];
		op->num[1] = (uint64_t)clone_flags[ns];
	}
}

static void add_label(struct plan_buf *b, const char *module, const char *label)
{
	if (!label || !*label)
		return;
	struct plan_op *op = plan_add(b, PLAN_LABEL);
	plan_set_text(b, op, 0, module);
	plan_set_text(b, op, 1, label);
}

/* What the process has whatever it is and sees. */
static void add_standing(struct plan_buf *b, const struct spec_process *p)
{
	if (p->oom_score_adj_set)
		plan_add(b, PLAN_OOM_SCORE)->num[0] = (uint64_t)(int64_t)p->oom_score_adj;
	if (p->personality_set)
		plan_add(b, PLAN_PERSONALITY)->num[0] = p->personality;
}

static void add_identity(struct plan_buf *b)
{
	const struct spec *spec = b->spec;
	if (spec->hostname && *spec->hostname && spec->ns[SPEC_NS_UTS] == SPEC_NS_NEW)
		plan_set_text(b, plan_add(b, PLAN_HOSTNAME), 0, spec->hostname);
	if (spec->domainname && *spec->domainname && spec->ns[SPEC_NS_UTS] == SPEC_NS_NEW)
		plan_set_text(b, plan_add(b, PLAN_DOMAINNAME), 0, spec->domainname);
	if (spec->ns[SPEC_NS_NET] == SPEC_NS_NEW)
		plan_add(b, PLAN_LOOPBACK);
	/* before a mount of the container can be in the way of what they are written to */
	add_label(b, "apparmor", spec->process.apparmor_profile);
	add_label(b, "selinux", spec->process.selinux_label);
	add_standing(b, &spec->process);
}

int plan_build(const struct spec *spec, const struct plan_host *host, struct str *ret, struct err *err)
{
	struct plan_buf b = { .spec = spec, .host = host };
	if (plan_build_check(spec, err) < 0)
		return -1;
	if (!plan_joins_first(spec))
		add_joined(&b);
	add_identity(&b);
	plan_build_open(&b);
	plan_add(&b, PLAN_PROPAGATION)->num[0] = MS_SLAVE | MS_REC;
	plan_build_root(&b);
	plan_build_appends(&b);
	plan_build_mounts(&b);
	plan_build_devices(&b);
	if (plan_build_sysctl(&b, err) < 0)
		return done(&b, -1);
	plan_build_paths(&b);
	if (!spec->process.cwd_must_exist)
		plan_set_text(&b, plan_add(&b, PLAN_WORKDIR), 0, spec->process.cwd && *spec->process.cwd ? spec->process.cwd : "/");
	if (spec->root.readonly)
		plan_add(&b, PLAN_ROOT_READONLY);
	plan_build_limits(&b);
	plan_add(&b, PLAN_SESSION)->flags = spec->process.keep_keys ? PLAN_KEEP_KEYS : 0;
	if (spec->process.terminal)
		plan_build_terminal(&b); /* before the pivot: /dev/console is made through the root's descriptor */
	plan_add(&b, PLAN_PIVOT);
	plan_add(&b, PLAN_STANDS);
	plan_build_process(&b);
	return done(&b, finish(&b, ret, err));
}

int plan_build_overlay(const struct spec *spec, const struct plan_host *host, struct str *ret, struct err *err)
{
	struct plan_buf b = { .spec = spec, .host = host };
	if (plan_build_check(spec, err) < 0)
		return -1;
	plan_add(&b, PLAN_PROPAGATION)->num[0] = MS_PRIVATE | MS_REC;
	plan_build_root(&b);
	plan_add(&b, PLAN_GIVE_ROOT);
	return done(&b, finish(&b, ret, err));
}

int plan_build_exec(const struct spec *spec, const struct plan_host *host, int target_fd, struct str *ret, struct err *err)
{
	struct plan_buf b = { .spec = spec, .host = host };
	int flags = plan_ns_flags(spec, SPEC_NS_JOIN, true) & ~CLONE_NEWPID;
	if (!spec->process.args || !*spec->process.args)
		return err_set(err, ERR_INVALID, "no command is given");
	add_label(&b, "apparmor", spec->process.apparmor_profile);
	add_label(&b, "selinux", spec->process.selinux_label);
	add_standing(&b, &spec->process);
	add_joined(&b);
	if (flags) {
		struct plan_op *op = plan_add(&b, PLAN_ENTER);
		op->num[0] = (uint64_t)target_fd;
		op->num[1] = (uint64_t)flags;
	}
	plan_build_limits(&b);
	plan_add(&b, PLAN_SESSION)->flags = spec->process.keep_keys ? PLAN_KEEP_KEYS : 0;
	if (spec->process.terminal)
		plan_build_terminal(&b);
	plan_build_process(&b);
	return done(&b, finish(&b, ret, err));
}
