/* rt_priv.h - what rt_spawn, rt_exec and rt_wait share. */
#pragma once

#include "runtime/plan_build.h"
#include "runtime/rt.h"

/* A process to be started: filled by rt_spawn and rt_exec, done by rt_launch. */
struct rt_launch {
	const struct spec *spec;
	const struct rt_spawn_opts *opts;
	struct str plan;
	uint64_t clone_flags;	/* CLONE_NEW* */
	int pid_ns_fd;		/* a pidfd or namespace to be born in; -EBADF: ours, or a new one */
	int extra_fd;		/* stays open in the stage; -EBADF */
	const int *tree_fds;	/* the same; -EBADF ends; NULL: none */
};
int rt_count_preserved(const struct rt_spawn_opts *opts);
int rt_launch(struct rt_launch *launch, struct rt_process *ret, struct err *err) must_check;
/* p->root_fd is the tree it has made. */
int rt_wait_root(struct rt_process *p, struct err *err) must_check;
