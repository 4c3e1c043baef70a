/* ctr_exec.h - one more program in a running container.
 * Errors: ERR_STATE not running; ERR_CMD_NOT_FOUND 127, ERR_CMD_NOT_EXECUTABLE 126.
 */
#pragma once

#include "engine/ctr.h"
#include "runtime/rt.h"

struct ctr_exec_opts {
	char **command;
	char **env, **env_file;
	char *user, *workdir, *detach_keys, *cidfile;
	bool detach, interactive, tty, privileged;
	const int *preserve; /* of ctr_fds.h; borrowed */
};
void ctr_exec_opts_done(struct ctr_exec_opts *opts);

/* Attached: the program's exit code. Detached: 0, and the session's id in ret_id (65 bytes). */
int ctr_exec(struct engine *engine, struct ctr *ctr, const struct ctr_exec_opts *opts, int *ret_exit_code, char ret_id[65],
	     struct err *err) must_check;

/* A program whose output the caller reads, and whom it waits for: the process is the caller's child. No event, no session. */
struct ctr_exec_child {
	struct rt_process process;
	int out_fd, err_fd; /* do not block */
};
void ctr_exec_child_done(struct ctr_exec_child *child);
int ctr_exec_spawn(struct engine *engine, struct ctr *ctr, const struct ctr_exec_opts *opts, struct ctr_exec_child *ret, struct err *err) must_check;
