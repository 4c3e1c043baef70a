/* rt.h - bundle → plan → process: the in-process OCI runtime.
 * Life:   rt_spawn → (the caller sets up the network in ns) → rt_wait_tree → rt_verify_tree → rt_wait_ready → rt_verify_process → rt_release
 *         → the program runs. The stage drops its privileges while its tree is looked at.
 *         The caller is the parent of the container's process 1 and stays so (it becomes the monitor).
 *         rt_abort kills what has been spawned, at any point before the release.
 * Errors: ERR_CMD_NOT_FOUND, ERR_CMD_NOT_EXECUTABLE from rt_wait_ready (the look-up) or rt_release (execve); ERR_UNSUPPORTED a limit or feature of this host;
 *         anything else as the stage reported it, with the operation's name.
 * Between clone3 and the stage's exec nothing allocates, logs or locks (rt_spawn.c's child part says so in its comment).
 */
#pragma once

#include "base/err.h"
#include "runtime/spec.h"

struct rt_process {
	pid_t pid;		/* in our pid namespace */
	int pidfd;
	int control_fd;		/* to the stage; closed by its exec */
	int console_fd;		/* pty master when process.terminal; -EBADF else */
	bool setgroups_denied;	/* by the namespace it was born in */
	int root_fd;		/* the container's root as seen from outside (/proc/PID/root), opened by rt_wait_tree or rt_wait_ready */
};

struct rt_spawn_opts {
	int stdin_fd, stdout_fd, stderr_fd; /* given to the process when there is no terminal; borrowed */
	int cgroup_fd;		 /* CLONE_INTO_CGROUP; -EBADF: none */
	const int *preserve;	 /* descriptors that stay open inside, -1 ends; NULL: none */
	const char *debug_plan;	 /* not NULL: write the plan's text form to this file descriptor path and go on */
};

int rt_spawn(const struct spec *spec, const struct rt_spawn_opts *opts, struct rt_process *ret, struct err *err) must_check;
/* Namespaces, limits, root and mounts stand. Not of rt_exec, which makes none. */
int rt_wait_tree(struct rt_process *p, struct err *err) must_check;
/* The stage has dropped everything and waits in its last step before execve. */
int rt_wait_ready(struct rt_process *p, struct err *err) must_check;
/* What has been made, read from outside and compared with the spec; a mismatch is ERR_INTERNAL naming what differs.
 * tree: namespaces, mounts, masks, rlimits, from rt_wait_tree on; process: capabilities, seccomp, no_new_privs, ids,
 * groups, after rt_wait_ready. rt_verify is both. */
int rt_verify_tree(const struct spec *spec, const struct rt_process *p, struct err *err) must_check;
int rt_verify_process(const struct spec *spec, const struct rt_process *p, struct err *err) must_check;
int rt_verify(const struct spec *spec, const struct rt_process *p, struct err *err) must_check;
/* Lets it exec; returns when it has (or failed: then it is reaped). */
int rt_release(struct rt_process *p, struct err *err) must_check;
void rt_abort(struct rt_process *p);
void rt_process_done(struct rt_process *p); /* closes descriptors */

/* exec: joins every namespace of pid (through its pidfd) that spec->ns says to JOIN with ns_fd unset; only process, seccomp, caps, files and cgroup of the
 * spec are used. ret->pid is a child of the caller (the intermediate process is gone). */
int rt_exec(const struct spec *spec, int target_pidfd, const struct rt_spawn_opts *opts, struct rt_process *ret, struct err *err) must_check;

/* The plan of a spec as text (`cpod --debug-plan`), for golden tests; owned. */
int rt_plan_text(const struct spec *spec, char **ret_text, struct err *err) must_check;
