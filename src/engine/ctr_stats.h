/* ctr_stats.h - what a container uses: samples, and what lies between two of them.
 * Shape:  a container that does not run, or has no group, used nothing. The share of the processor is of one processor: 200 is two
 *         of them. The first sample's is the average since the start (COMPAT).
 * Units:  bytes, nanoseconds, per cent.
 * Errors: ERR_NOT_FOUND it is gone.
 */
#pragma once

#include "engine/ctr.h"
#include "host/cgroup_usage.h"

/* One network device, seen from the container; the loopback is none. */
struct ctr_stats_device {
	char name[16];
	uint64_t in_bytes, in_packets, in_errors, in_dropped;
	uint64_t out_bytes, out_packets, out_errors, out_dropped;
};

struct ctr_stats {
	char id[65];
	char *name;
	struct cgroup_usage used;
	uint64_t memory_max_bytes;	/* the limit, at most what the host has; 0 not running */
	struct ctr_stats_device *devices;
	size_t device_count;
	uint64_t in_bytes, out_bytes;	/* of all devices */
	int64_t taken_ns;		/* CLOCK_REALTIME */
	double cpu_percent, average_percent;
};
void ctr_stats_done(struct ctr_stats *stats);
AUTO_VAL(ctr_stats, ctr_stats_done);

/* before: the sample before this one, or NULL. The container's status is as it was read last: */
void ctr_stats_take(struct engine *engine, const struct ctr *ctr, const struct ctr_stats *before, struct ctr_stats *ret);
/* reads it again. */
int ctr_stats_refresh(struct engine *engine, struct ctr *ctr, struct err *err) must_check;
/* The devices of a /proc/PID/net/dev, into devices and their sums. */
void ctr_stats_devices(struct ctr_stats *stats, const char *text);
