/* cgroup_devices.c - which devices a container may open: a small eBPF program on its v2 group (kernel 4.15).
 *
 * The rules of the OCI configuration are a list in which the last match wins; the program asks them from the last to
 * the first and answers at the first match. Nothing matches: refused.
 * Spec: linux/bpf.h, struct bpf_cgroup_dev_ctx; OCI runtime-spec config-linux.md, Allowed Device list.
 */
#include "host/cgroup_priv.h"

#include "base/fd.h"
#include "base/str.h"

#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { RULE_INSNS_MAX = 10, PROLOGUE_INSNS = 6, LOG_BYTES = 1024 };

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

static int load(const struct bpf_insn *insns, size_t count)
{
	union bpf_attr attr = { 0 };
	static const char license[] = "Apache-2.0";

	attr.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
	attr.insns = (uintptr_t)insns;
	attr.insn_cnt = (uint32_t)count;
	attr.license = (uintptr_t)license;
	return (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
}

int cgroup_devices_apply(const struct cgroup *cg, const struct cgroup_device_rule *rules, size_t count, struct err *err)
{
	if (cg->v2_fd < 0)
		return 0;
	auto_free struct bpf_insn *insns = mem_array(PROLOGUE_INSNS + count * RULE_INSNS_MAX + 2, sizeof(*insns));
	union bpf_attr attr = { 0 };

	auto_close int prog_fd = load(insns, emit(insns, rules, count));
	if (prog_fd < 0)
		return err_sys(err, errno, "cannot load the device rules of the container");
	attr.target_fd = (uint32_t)cg->v2_fd;
	attr.attach_bpf_fd = (uint32_t)prog_fd;
	attr.attach_type = BPF_CGROUP_DEVICE;
	attr.attach_flags = BPF_F_ALLOW_MULTI;
	if (syscall(SYS_bpf, BPF_PROG_ATTACH, &attr, sizeof(attr)) < 0)
		return err_sys(err, errno, "cannot attach the device rules of the container");
	return 0;
}
