/* ctr_start.h - from a definition to a running process with its monitor: the fork M of the engine and what it does.
 * Life:   M: run directory, files, spec → cgroup, stdio, attach socket → rt_spawn → network → rt_wait_ready → rt_verify → state.json →
 *         rt_release → tells the caller → becomes cpod-monitor. Whatever fails takes back what was done before.
 */
#pragma once

#include "engine/ctr_life.h"

/* client_fd: the monitor's end of a foreground command's socket, or -EBADF. The caller holds the container's lock. */
int ctr_start_monitor(struct engine *engine, struct ctr *ctr, const struct ctr_start_opts *opts, int client_fd, struct err *err) must_check;
