/* cgroup_usage.h - what the processes of a group have used, as the kernel counts it: of v2, or of v1 groups beside it.
 * Shape:  what no controller here counts is 0. Text of the kernel's files → numbers; nothing is kept.
 * Spec:   Documentation/admin-guide/cgroup-v2.rst, cgroup-v1/.
 */
#pragma once

#include "host/cgroup.h"

#include <stdint.h>

struct cgroup_usage {
	uint64_t cpu_ns, cpu_system_ns;
	uint64_t memory_bytes;	/* without file pages that can be dropped at once (COMPAT) */
	uint64_t memory_max_bytes; /* 0: no limit of its own */
	uint64_t pids;
	uint64_t read_bytes, write_bytes;
};
void cgroup_usage_read(const struct cgroup *cg, struct cgroup_usage *ret);

/* Of "KEY NUMBER" lines; 0 where there is none. */
uint64_t cgroup_usage_key(const char *text, const char *key);
/* The sum of every KEY=NUMBER of io.stat. */
uint64_t cgroup_usage_io(const char *text, const char *key);
/* The sum of the third words of lines whose second word is `what` ("Read"): blkio.throttle.io_service_bytes. */
uint64_t cgroup_usage_blkio(const char *text, const char *what);
