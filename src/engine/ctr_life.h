/* ctr_life.h - start, run, stop, kill, pause, wait, remove.
 * Errors: ERR_STATE not in a state that allows it; ERR_CMD_NOT_FOUND, ERR_CMD_NOT_EXECUTABLE from start (127, 126).
 * Locks:  the container's, never across a wait.
 */
#pragma once

#include "engine/ctr.h"

/* How the caller's stdio and terminal take part. */
struct ctr_start_opts {
	bool attach_stdin, attach_stdout, attach_stderr; /* none: detached */
	bool sig_proxy;
	const char *detach_keys; /* NULL: the container's */
	const int *preserve;	 /* of ctr_fds.h; borrowed */
	bool hold;		 /* everything but its last step: ctr_init */
};
/* Starts a created, initialized or exited container. Detached: returns when the program runs. Attached: returns when it ended or the
 * user detached; *ret_exit_code is its code (0 after a detach). */
int ctr_start(struct engine *engine, struct ctr *ctr, const struct ctr_start_opts *opts, int *ret_exit_code, struct err *err) must_check;
/* Everything of a start but its last step, which ctr_start does then. ERR_STATE for one that has been initialized or started. */
int ctr_init(struct engine *engine, struct ctr *ctr, struct err *err) must_check;
/* Detached, by a rule and not by a person: it has been started so often already. */
int ctr_start_counted(struct engine *engine, struct ctr *ctr, uint32_t restarts, struct err *err) must_check;
/* The same with what ctr_prepare made: published while the start goes on. One that cannot start is removed with --rm. */
int ctr_run(struct engine *engine, struct ctr *ctr, const struct ctr_start_opts *opts, int *ret_exit_code, struct err *err) must_check;

/* The stop signal, then SIGKILL after timeout_s (-1: the container's own). Not running: fine, *ret_stopped false. */
int ctr_stop(struct engine *engine, struct ctr *ctr, int timeout_s, bool *ret_stopped, struct err *err) must_check;
/* Stops what runs (timeout_s as above) and starts it; starts what does not run. */
int ctr_restart(struct engine *engine, struct ctr *ctr, int timeout_s, struct err *err) must_check;
/* Another name, running or not. ERR_EXISTS. */
int ctr_rename(struct engine *engine, struct ctr *ctr, const char *name, struct err *err) must_check;
/* A name that points to a container which has another: left by a rename that was killed, and dropped. */
bool ctr_rename_mend(struct engine *engine, const char *name, const char *id);
int ctr_kill(struct engine *engine, struct ctr *ctr, int sig, struct err *err) must_check;
int ctr_pause(struct engine *engine, struct ctr *ctr, bool pause, struct err *err) must_check;

/* Beside states, in the same set. ERR_STATE without a check, or when it does not run. */
enum { CTR_WAIT_HEALTHY = 1 << 16, CTR_WAIT_UNHEALTHY = 1 << 17 };
/* For its monitor, which writes the record, cleans up, and ends last: its end is the end of everything. */
void ctr_wait_monitor(const struct ctr *ctr);
/* Until its state is in the set (1 << CTR_x); the exit code when exited. interval_ms only bounds a poll where no pidfd helps. */
int ctr_wait(struct engine *engine, struct ctr *ctr, unsigned states, int interval_ms, int *ret_exit_code, struct err *err) must_check;
/* For the first of several. */
int ctr_wait_first(struct engine *engine, struct ctr *const *ctrs, size_t count, unsigned states, int interval_ms, int *ret_exit_code,
		   struct err *err) must_check;

struct ctr_rm_opts {
	bool depend;	 /* those that need it go first */
	char ***ret_first; /* their ids are added; or NULL */
	bool force;	 /* stop (kill after time_s) what runs */
	bool volumes;	 /* anonymous ones too */
	bool ignore;
	int time_s;	 /* -1: the container's own */
};
int ctr_remove(struct engine *engine, struct ctr *ctr, const struct ctr_rm_opts *opts, struct err *err) must_check;

/* What is left to do after the last process has gone: cgroup, network, run directory, the container itself with --rm. Idempotent;
 * run by the foreground command or by the engine that a monitor starts. */
int ctr_cleanup(struct engine *engine, struct ctr *ctr, bool remove, struct err *err) must_check;
/* The foreground command's part of it for --rm: the name is free and the record gone; the group, the run directory and the
 * bytes, which nobody waits for, are left to the monitor (ret_handed) or, where that dies, to ctr_sweep. */
int ctr_hand_over(struct engine *engine, struct ctr *ctr, bool *ret_handed, struct err *err) must_check;
/* Takes away what lies in trash, and what ran of it. max_ms: stop after about so long. */
void ctr_sweep(struct engine *engine, int max_ms);
