/* seccomp_priv.h - between the profile (seccomp.c) and the program made of it (seccomp_bpf.c).
 */
#pragma once

#include "host/seccomp.h"

#include <stdbool.h>

enum seccomp_op { SECCOMP_EQ, SECCOMP_NE, SECCOMP_LT, SECCOMP_LE, SECCOMP_GE, SECCOMP_GT, SECCOMP_MASKED_EQ };

struct seccomp_arg {
	unsigned index;
	enum seccomp_op op;
	uint64_t value, value_two; /* MASKED_EQ: (arg & value) == value_two */
};

enum { SECCOMP_ARGS_MAX = 6 };

/* One rule for one call; of several for the same call the first whose arguments fit decides. */
struct seccomp_rule {
	int nr;
	uint32_t action; /* SECCOMP_RET_* with its data */
	struct seccomp_arg args[SECCOMP_ARGS_MAX];
	unsigned arg_count;
};

struct seccomp_rules {
	struct seccomp_rule *list;
	size_t count;
};

struct seccomp_arch {
	uint32_t audit; /* AUDIT_ARCH_* */
	int nr_limit;	/* numbers from here on are another ABI's (x32): refused with ENOSYS; 0 none */
	struct seccomp_rules rules;
};

/* The program: jumps to the caller's architecture, then by a binary search to the call's rules. An architecture that has no
 * rules ends the process. */
int seccomp_bpf_build(struct seccomp_arch *arches, size_t count, uint32_t default_action, struct seccomp_program *ret, struct err *err) must_check;
