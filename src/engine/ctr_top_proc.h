/* ctr_top_proc.h - one process as top sees it.
 * Owner:  ctr_top_procs_free.
 */
#pragma once

#include "base/str.h"
#include "host/userns.h"

#include <stdint.h>

struct top_proc {
	pid_t pid;		/* as we see it */
	int ns_pid, ns_ppid, ns_pgid; /* as the container does */
	pid_t ppid;
	char comm[64], state;
	char *args;		/* "sleep 200 ", "[sleep]" of one that has none */
	unsigned tty;
	int nice;
	uint64_t cpu_ticks, start_ticks, vsz_kib, rss_kib;
	uint32_t uid[2], gid[2]; /* real, effective: in the container */
	uint32_t host_uid, host_gid;
	uint32_t groups[64], host_groups[64];
	size_t group_count;
	uint64_t caps[5];	/* inheritable, permitted, effective, bounding, ambient */
	int seccomp;
	char label[128];
};

/* Those of the PID namespace that leader is in, by their number there. */
int ctr_top_procs(pid_t leader, struct top_proc **ret, size_t *ret_count, struct err *err) must_check;
void ctr_top_procs_free(struct top_proc *list, size_t count);
