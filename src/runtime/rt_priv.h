/* rt_priv.h - what rt_spawn, rt_child, rt_between, rt_exec and rt_wait share. */
#pragma once

#include "runtime/plan_build.h"
#include "runtime/rt.h"

#include <signal.h>

struct clone_args;

/* A process to be started: filled by rt_spawn and rt_exec, done by rt_launch. */
struct rt_launch {
	const struct spec *spec;
	const struct rt_spawn_opts *opts;
	struct str plan;
	uint64_t clone_flags;	/* CLONE_NEW* */
	int pid_ns_fd;		/* a pidfd or namespace to be born in; -EBADF: ours, or a new one */
	int extra_fd;		/* stays open in the stage; -EBADF */
	const int *tree_fds;	/* the same; -EBADF ends; NULL: none */
	bool between;		/* plan_joins_first: by rt_between_clone */
};
int rt_count_preserved(const struct rt_spawn_opts *opts);
int rt_launch(struct rt_launch *launch, struct rt_process *ret, struct err *err) must_check;
/* p->root_fd is the tree it has made. */
int rt_wait_root(struct rt_process *p, struct err *err) must_check;

/* What the process that becomes the stage needs, as plain values. */
struct rt_child {
	int stage_fd, plan_fd, control_fd;
	int parent_fd; /* the parent's end of control_fd */
	int stdio[3];
	int keep[SPEC_NS_COUNT + 1 + 2 * PLAN_SLOTS + 1]; /* -EBADF ends */
	const int *preserve;	     /* -1 ends */
	bool wait_for_maps; /* of a new user namespace: until a byte comes from parent_fd */
	bool become_root;   /* of the user namespace it is born in */
	char control_text[12], plan_text[12];
	char *argv[4];
	sigset_t *old_mask;
};

#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__)
#define RT_CHILD_MAY_SHARE_MEMORY 1
#else
#define RT_CHILD_MAY_SHARE_MEMORY 0
#endif
/* The pid, or -errno. */
long rt_child_spawn(struct clone_args *args, const struct rt_child *c);

/* The same by way of a process that joins namespaces first: see rt_between.c. */
int rt_between_clone(const struct rt_launch *launch, struct clone_args *args, const struct rt_child *c, struct rt_process *ret, struct err *err) must_check;
