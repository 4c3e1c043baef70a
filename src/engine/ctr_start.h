/* ctr_start.h - from a definition to a running process with its monitor: the fork M of the engine and what it does.
 * Life:   M: run directory, files, spec → cgroup → (published:) log, stdio, attach socket → rt_spawn → network → rt_wait_tree → its verification → rt_wait_ready → the rest of it → state.json →
 *         rt_release → tells the caller → becomes cpod-monitor. Whatever fails takes back what was done before.
 */
#pragma once

#include "engine/ctr_life.h"

/* One start under way, M its process. */
struct ctr_start_job {
	pid_t pid;
	int report_fd, go_fd;
};
/* client_fd: the monitor's end of a foreground command's socket, or -EBADF. With ctr->dir_fd < 0 the container is not published
 * yet: M does what needs no directory, then waits for ctr_start_go; it gives up when ctr_start_end comes instead.
 * The caller holds the container's lock from then on until the end. */
int ctr_start_begin(struct engine *engine, struct ctr *ctr, const struct ctr_start_opts *opts, int client_fd, struct ctr_start_job *ret,
		    struct err *err) must_check;
int ctr_start_go(struct ctr_start_job *job, const struct ctr *ctr, struct err *err) must_check;
/* Waits until the container runs or cannot. */
int ctr_start_end(struct ctr_start_job *job, struct err *err) must_check;
