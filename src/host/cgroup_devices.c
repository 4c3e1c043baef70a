/* cgroup_devices.c - which devices a container may open: a small eBPF program on its v2 group (kernel 4.15).
 *
 * The rules of the OCI configuration are a list in which the last match wins; the program asks them from the last to
 * the first and answers at the first match. Nothing matches: refused.
 * Spec: linux/bpf.h, struct bpf_cgroup_dev_ctx; OCI runtime-spec config-linux.md, Allowed Device list.
 */
#include "host/cgroup_priv.h"

#include "base/fd.h"
#include "base/log.h"
#include "base/str.h"

#include <fcntl.h>
#include <inttypes.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PROGRAM_NAME "cpod_devices"
enum { RULE_INSNS_MAX = 10, PROLOGUE_INSNS = 6 };

#define INSN(op, d, s, o, i) ((struct bpf_insn){ .code = (op), .dst_reg = (d), .src_reg = (s), .off = (short)(o), .imm = (int)(i) })

static int access_mask(const char *access)
{
	int mask = 0;

	for (; access && *access; access++)
		mask |= *access == 'r' ? BPF_DEVCG_ACC_READ : *access == 'w' ? BPF_DEVCG_ACC_WRITE : *access == 'm' ? BPF_DEVCG_ACC_MKNOD : 0;
	return mask;
}

/* r2 type, r3 access, r4 major, r5 minor. A test that fails skips what is left of the rule. */
static size_t emit_rule(struct bpf_insn *out, const struct cgroup_device_rule *rule)
{
	enum { ALL = BPF_DEVCG_ACC_READ | BPF_DEVCG_ACC_WRITE | BPF_DEVCG_ACC_MKNOD };
	size_t n = 0;
	int mask = access_mask(rule->access);

	if (rule->type != 'a')
		out[n++] = INSN(BPF_JMP | BPF_JNE | BPF_K, 2, 0, 0, rule->type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR);
	if (rule->allow && mask != ALL) {
		/* everything asked for must be among what is allowed */
		out[n++] = INSN(BPF_ALU | BPF_MOV | BPF_X, 1, 3, 0, 0);
		out[n++] = INSN(BPF_ALU | BPF_AND | BPF_K, 1, 0, 0, ALL & ~mask);
		out[n++] = INSN(BPF_JMP | BPF_JNE | BPF_K, 1, 0, 0, 0);
	} else if (!rule->allow && mask != ALL) {
		/* one refused thing among what is asked for is enough */
		out[n++] = INSN(BPF_ALU | BPF_MOV | BPF_X, 1, 3, 0, 0);
		out[n++] = INSN(BPF_ALU | BPF_AND | BPF_K, 1, 0, 0, mask);
		out[n++] = INSN(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 0, 0);
	}
	if (rule->major >= 0)
		out[n++] = INSN(BPF_JMP | BPF_JNE | BPF_K, 4, 0, 0, rule->major);
	if (rule->minor >= 0)
		out[n++] = INSN(BPF_JMP | BPF_JNE | BPF_K, 5, 0, 0, rule->minor);
	out[n++] = INSN(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, rule->allow);
	out[n++] = INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
	for (size_t i = 0; i < n; i++)
		if (BPF_CLASS(out[i].code) == BPF_JMP && BPF_OP(out[i].code) != BPF_EXIT)
			out[i].off = (short)(n - i - 1);
	return n;
}

static size_t emit(struct bpf_insn *out, const struct cgroup_device_rule *rules, size_t count)
{
	const struct bpf_insn prologue[PROLOGUE_INSNS] = {
		INSN(BPF_LDX | BPF_MEM | BPF_W, 2, 1, offsetof(struct bpf_cgroup_dev_ctx, access_type), 0),
		INSN(BPF_ALU | BPF_AND | BPF_K, 2, 0, 0, 0xffff),
		INSN(BPF_LDX | BPF_MEM | BPF_W, 3, 1, offsetof(struct bpf_cgroup_dev_ctx, access_type), 0),
		INSN(BPF_ALU | BPF_RSH | BPF_K, 3, 0, 0, 16),
		INSN(BPF_LDX | BPF_MEM | BPF_W, 4, 1, offsetof(struct bpf_cgroup_dev_ctx, major), 0),
		INSN(BPF_LDX | BPF_MEM | BPF_W, 5, 1, offsetof(struct bpf_cgroup_dev_ctx, minor), 0),
	};
	size_t n = PROLOGUE_INSNS;

	memcpy(out, prologue, sizeof(prologue));
	for (size_t i = count; i-- > 0;) {
		n += emit_rule(out + n, &rules[i]);
		/* what comes before a rule about everything never counts: and the verifier refuses code nothing reaches */
		if (rules[i].type == 'a' && rules[i].major < 0 && rules[i].minor < 0 && access_mask(rules[i].access) == 7)
			return n;
	}
	out[n++] = INSN(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0);
	out[n++] = INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
	return n;
}

/* --- the kernel's side --- */

static int bpf(int command, union bpf_attr *attr)
{
	long rc = syscall(SYS_bpf, command, attr, sizeof(*attr));
	return rc < 0 ? -errno : (int)rc;
}

static int load(const struct bpf_insn *insns, size_t count)
{
	union bpf_attr attr = { 0 };
	static const char license[] = "Apache-2.0", name[] = PROGRAM_NAME;

	attr.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
	attr.insns = (uintptr_t)insns;
	attr.insn_cnt = (uint32_t)count;
	attr.license = (uintptr_t)license;
	memcpy(attr.prog_name, name, sizeof(name));
	return bpf(BPF_PROG_LOAD, &attr);
}

static int attach(int group_fd, int prog_fd, uint32_t flags)
{
	union bpf_attr attr = { 0 };

	attr.target_fd = (uint32_t)group_fd;
	attr.attach_bpf_fd = (uint32_t)prog_fd;
	attr.attach_type = BPF_CGROUP_DEVICE;
	attr.attach_flags = flags;
	int rc = bpf(BPF_PROG_ATTACH, &attr);
	if (rc != -EINVAL)
		return rc;
	/* the kernel's word for "this very program is there": the group of a start that was killed */
	attr.attach_flags = 0;
	rc = bpf(BPF_PROG_DETACH, &attr);
	attr.attach_flags = flags;
	return rc < 0 ? -EINVAL : bpf(BPF_PROG_ATTACH, &attr);
}

/* --- programs kept for the next container --- */

static uint64_t hash(const void *data, size_t len)
{
	uint64_t h = 14695981039346656037u; /* FNV-1a: a name, not a proof; who may attach here is root anyway */

	for (const unsigned char *p = data; len--; p++)
		h = (h ^ *p) * 1099511628211u;
	return h;
}

/* cpod/devices-<hash>; what the caller of --cgroup-parent has is not ours to put something into. */
static int open_keeper(const struct cgroup *cg, const struct bpf_insn *insns, size_t count)
{
	char name[32];
	const char *slash = strrchr(cg->path, '/');

	if (!slash || slash - cg->path < 5 || strncmp(slash - 5, "/cpod", 5) != 0)
		return -EBADF;
	snprintf(name, sizeof(name), "../devices-%016" PRIx64, hash(insns, count * sizeof(*insns)));
	int fd = openat(cg->v2_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd >= 0 || errno != ENOENT || (mkdirat(cg->v2_fd, name, 0755) < 0 && errno != EEXIST))
		return fd;
	return openat(cg->v2_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
}

static bool is_ours(int prog_fd)
{
	union bpf_attr attr = { 0 };
	struct bpf_prog_info info = { 0 };

	attr.info.bpf_fd = (uint32_t)prog_fd;
	attr.info.info_len = sizeof(info);
	attr.info.info = (uintptr_t)&info;
	return bpf(BPF_OBJ_GET_INFO_BY_FD, &attr) == 0 && info.type == BPF_PROG_TYPE_CGROUP_DEVICE && strcmp(info.name, PROGRAM_NAME) == 0;
}

static int kept_program(int keeper_fd)
{
	union bpf_attr query = { 0 }, get = { 0 };
	uint32_t id = 0;

	query.query.target_fd = (uint32_t)keeper_fd;
	query.query.attach_type = BPF_CGROUP_DEVICE;
	query.query.prog_ids = (uintptr_t)&id;
	query.query.prog_cnt = 1;
	if (bpf(BPF_PROG_QUERY, &query) < 0 || !id)
		return -ENOENT;
	get.prog_id = id;
	int fd = bpf(BPF_PROG_GET_FD_BY_ID, &get);
	if (fd < 0 || is_ours(fd))
		return fd;
	fd_close(fd);
	return -ENOENT;
}

static int program(const struct cgroup *cg, const struct bpf_insn *insns, size_t count, bool usual)
{
	auto_close int keeper_fd = usual ? open_keeper(cg, insns, count) : -EBADF;
	int fd = keeper_fd < 0 ? -ENOENT : kept_program(keeper_fd);

	if (fd >= 0)
		return fd;
	fd = load(insns, count);
	if (fd >= 0 && keeper_fd >= 0) {
		/* alone there: of two that come at once the later one replaces the other's */
		int rc = attach(keeper_fd, fd, 0);
		if (rc < 0)
			log_debug("the device program is not kept: %s", err_reason(-rc));
	}
	return fd;
}

int cgroup_devices_apply(const struct cgroup *cg, const struct cgroup_device_rule *rules, size_t count, bool usual, struct err *err)
{
	if (cg->v2_fd < 0)
		return 0;
	auto_free struct bpf_insn *insns = mem_array(PROLOGUE_INSNS + count * RULE_INSNS_MAX + 2, sizeof(*insns));

	auto_close int prog_fd = program(cg, insns, emit(insns, rules, count), usual);
	if (prog_fd < 0)
		return err_sys(err, -prog_fd, "cannot load the device rules of the container");
	int rc = attach(cg->v2_fd, prog_fd, BPF_F_ALLOW_MULTI);
	return rc < 0 ? err_sys(err, -rc, "cannot attach the device rules of the container") : 0;
}
