/* ctr_net.h - a starting container's network, whatever its mode: reserved before, connected while it mounts, ready before it runs.
 * Errors: ERR_CMD_NOT_EXECUTABLE (126, as Podman's) a host port somebody has; ERR_UNSUPPORTED.
 */
#pragma once

#include "engine/ctr.h"

struct ctr_net_job {
	struct net_lease *lease;
	struct net_pasta *pasta;
	int *hold_fds; /* sockets that keep host ports ours */
	size_t hold_count;
};
int ctr_net_reserve(struct engine *engine, struct ctr *ctr, struct ctr_net_job *job, struct err *err) must_check;
int ctr_net_connect(struct engine *engine, struct ctr *ctr, struct ctr_net_job *job, pid_t pid, struct err *err) must_check;
/* Waits for helpers and fills ctr->status.net. */
int ctr_net_finish(struct engine *engine, struct ctr *ctr, struct ctr_net_job *job, struct err *err) must_check;
void ctr_net_job_done(struct ctr_net_job *job);
/* Whatever a container that has ended left: rules, lease. Idempotent. */
void ctr_net_teardown(struct engine *engine, const struct ctr *ctr);
