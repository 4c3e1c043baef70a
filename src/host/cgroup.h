/* cgroup.h - one group a container: made, limited, frozen, killed, counted, removed.
 * Shape:  v2 where it has the controllers; on a hybrid host the v2 tree groups, freezes and kills, and the v1 controllers
 *         limit. <parent>/cpod/<id>/ as root ("cpod" is ours), the delegated group of the user's session when rootless; none where
 *         nothing may be made (then only asked-for limits are an error).
 * Errors: ERR_UNSUPPORTED a limit that was asked for and cannot be enforced here, naming the controller.
 */
#pragma once

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/mem.h"

enum { CGROUP_IO_MAX = 32 }; /* limits of devices */

/* 0 means "not set" unless said otherwise. The engine fills it; it is not the OCI struct, because host knows no runtime. */
struct cgroup_limits {
	int64_t memory_bytes, memory_swap_bytes, memory_reservation_bytes; /* swap: -1 unlimited, counts memory+swap */
	int64_t cpu_quota_us;
	uint64_t cpu_period_us, cpu_shares;
	const char *cpuset_cpus, *cpuset_mems;
	int64_t pids_max;	/* -1: unlimited */
	bool pids_is_default;	/* skipped in silence where it cannot be enforced */
	uint16_t blkio_weight;
	char *const *io;	/* "KIND DEVICE NUMBER"; KIND: device-read-bps, …-write-iops, blkio-weight-device */
	char *const *unified;	/* "KEY=VALUE" */
};

struct cgroup {
	char *path;	 /* below the v2 mount, "/cpod/<id>"; NULL: none */
	int v2_fd;	 /* its directory, for CLONE_INTO_CGROUP; -EBADF */
	unsigned v1;	 /* bit by controller: may have a group of the same path there */
};

/* Makes the group and writes the limits. parent: --cgroup-parent or NULL. */
int cgroup_create(const char *id, const char *parent, const struct cgroup_limits *limits, struct cgroup *ret, struct err *err) must_check;

/* --cgroups=split, for a service whose group systemd has delegated: the container's is libpod-payload-<id> below the caller's own, and
 * whatever is in that moves to `runtime` beside it, because a group with limits for its children may hold no processes.
 * ERR_UNSUPPORTED where the caller's own is the root of the tree. */
int cgroup_split(const char *id, const struct cgroup_limits *limits, struct cgroup *ret, struct err *err) must_check;
/* The container's, of a start that did not write where it is; below another service's group it stays until that goes. */
int cgroup_split_remove(const char *id, int timeout_ms, struct err *err) must_check;

/* Other limits for a group that is in use: what is set here, the rest stays. */
int cgroup_update(struct cgroup *cg, const struct cgroup_limits *limits, struct err *err) must_check;

/* Which limits this host would enforce: each is tried in a group that is gone again. */
struct cgroup_trial {
	const char *option; /* "--memory" */
	char *value;	    /* as it was asked for: bytes, microseconds, … */
	bool is_default;    /* skipped where it cannot be enforced */
	char *why_not;	    /* NULL: it would be */
};
struct cgroup_trials {
	struct cgroup_trial *rows;
	size_t count;
};
void cgroup_try(const char *parent, const struct cgroup_limits *limits, struct cgroup_trials *ret);
void cgroup_trials_done(struct cgroup_trials *trials);
AUTO_VAL(cgroup_trials, cgroup_trials_done);

struct cgroup_device_rule {
	bool allow;
	char type;		/* 'a', 'c', 'b' */
	int64_t major, minor;	/* -1: any */
	const char *access;	/* "rwm" */
};
/* Which devices may be opened, by the v2 group (none: 0, nothing done); root only. The kernel takes a third of a millisecond
 * to check a program; usual: these rules are many containers', so the checked program is kept for the next one, by an empty
 * group cpod/devices-<hash of the program> it stays attached to. Any time before the container's program runs will do. */
int cgroup_devices_apply(const struct cgroup *cg, const struct cgroup_device_rule *rules, size_t count, bool usual, struct err *err) must_check;
/* Puts a process (a monitor's exec, an already running one) into it, in v2 and in the v1 controllers in use. */
int cgroup_attach(const struct cgroup *cg, pid_t pid, struct err *err) must_check;
/* Puts the caller, a container's monitor, into a group of all monitors beside cg: a unit or session of systemd that ends takes along
 * whoever is in its group. Nothing is done where systemd does not run; -errno where it may not be done. */
int cgroup_leave_unit(const struct cgroup *cg) must_check;
/* Opens the group of a running container by its v2 path. */
int cgroup_open(const char *path, struct cgroup *ret, struct err *err) must_check;
void cgroup_close(struct cgroup *cg);
AUTO_VAL(cgroup, cgroup_close);

int cgroup_freeze(const struct cgroup *cg, bool freeze, struct err *err) must_check;
/* cgroup.kill, or SIGKILL in rounds; thaws first. */
int cgroup_kill(const struct cgroup *cg, struct err *err) must_check;
/* Removes it and its v1 siblings, whatever they hold must be dead; waits at most timeout_ms for the kernel. */
int cgroup_remove(const char *path, int timeout_ms, struct err *err) must_check;
/* The same of a container whose record of it was never written: wherever cgroup_create may have made it. */
int cgroup_remove_any(const char *id, const char *parent, int timeout_ms, struct err *err) must_check;
/* The absolute directories of a group just made; added to the list. */
void cgroup_list_dirs(const struct cgroup *cg, char ***list);
/* Was a process of it killed for memory since it was made? */
bool cgroup_oom_killed(const struct cgroup *cg);

/* All process ids in it. */
int cgroup_pids(const struct cgroup *cg, pid_t **ret, size_t *ret_count, struct err *err) must_check;
