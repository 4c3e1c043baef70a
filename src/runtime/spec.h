/* spec.h - what a container is to the kernel: the OCI runtime configuration as C structs.
 * Shape:  one struct per object of config.json, plus what the engine knows better than a bundle does (overlay layers by path,
 *         descriptors instead of names). Filled by engine/ctr_spec (or decoded from config.json by `cpod oci`), read by plan_build.
 * Owner:  everything hangs on the spec's own allocations; spec_done frees.
 * Spec:   OCI runtime-spec 1.2 config.md, config-linux.md.
 */
#pragma once

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum spec_ns {
	SPEC_NS_MOUNT,
	SPEC_NS_PID,
	SPEC_NS_NET,
	SPEC_NS_IPC,
	SPEC_NS_UTS,
	SPEC_NS_CGROUP,
	SPEC_NS_USER,
	SPEC_NS_COUNT
};

enum spec_ns_mode {
	SPEC_NS_HOST,	/* stay in ours */
	SPEC_NS_NEW,
	SPEC_NS_JOIN,	/* ns_fd[] */
};

struct spec_id_map {
	uint32_t inside, outside, count;
};

/* Attributes for mount_setattr, so MOUNT_ATTR_* from linux/mount.h. */
struct spec_mount {
	char *destination;	/* absolute, as the container sees it */
	char *type;		/* "bind", "tmpfs", "proc", "sysfs", "devpts", "mqueue", "cgroup", …; "symlink": a link to source is made */
	char *source;		/* bind: absolute host path; else a name */
	char *data;		/* filesystem options, comma separated, or NULL */
	uint64_t attr_set, attr_clear;
	uint64_t propagation;	/* MS_PRIVATE, MS_RSLAVE… or 0 */
	bool recursive;		/* rbind */
	bool attr_recursive;	/* rro and friends: apply attr_set to the whole tree */
	bool copy_up;		/* tmpcopyup: fill a tmpfs from what it covers */
	bool copy_given;	/* what is copied belongs to process.uid and process.gid */
	bool copy_mode;		/* of a tmpfs that is not filled: the mode of what it covers */
	bool is_file;		/* bind: the source is not a directory (so is the mount point made) */
	int tree_fd;		/* bind: the tree itself, opened already; it hangs nowhere. 0: the stage opens source. Closed by spec_done */
};

struct spec_device {
	char *path;		/* inside */
	char *source;		/* host path to bind where mknod is not permitted; NULL: the same as path */
	char type;		/* 'c', 'b', 'p' */
	uint32_t major, minor;
	mode_t mode;
	uid_t uid;
	gid_t gid;
};

struct spec_rlimit {
	int resource;		/* RLIMIT_* */
	uint64_t soft, hard;
	bool is_default;	/* not asked for: lowered with a debug line when it cannot be raised */
};

struct spec_caps {
	uint64_t bounding, effective, permitted, inheritable, ambient;
};

struct spec_device_rule {
	bool allow;
	char type;		/* 'a', 'c', 'b' */
	int64_t major, minor;	/* -1: any */
	char access[4];		/* "rwm" */
};

/* 0 / -1 as noted mean "not set". */
struct spec_resources {
	int64_t memory_bytes, memory_swap_bytes, memory_reservation_bytes; /* 0 unset; swap -1 unlimited */
	int64_t cpu_quota_us;	/* 0 unset */
	uint64_t cpu_period_us, cpu_shares;
	char *cpuset_cpus, *cpuset_mems;
	int64_t pids_max;	/* 0 unset, -1 unlimited */
	bool pids_is_default;	/* skipped where it cannot be enforced */
	uint16_t blkio_weight;
	int oom_kill_disable;
	int64_t memory_swappiness; /* -1 unset */
	char **unified;		/* "KEY=VALUE" written as cgroup v2 files */
	struct spec_device_rule *devices;
	size_t device_count;
};

struct spec_process {
	bool terminal;
	uint16_t rows, cols;
	uid_t uid;
	gid_t gid;
	gid_t *groups;		/* supplementary, complete: setgroups is always called where the namespace allows it */
	size_t group_count;
	bool keep_groups;	/* run.oci.keep_original_groups: no setgroups at all */
	int umask;		/* -1: 0022 */
	char **args;
	char **env;
	char *cwd;		/* made when missing (mode 0755), owned by root of the container, unless */
	bool cwd_must_exist;
	struct spec_caps caps;
	struct spec_rlimit *rlimits;
	size_t rlimit_count;
	bool no_new_privs;
	bool keep_keys;		/* the session keyring stays the caller's */
	int oom_score_adj;
	bool oom_score_adj_set;
	uint32_t personality; /* PER_* */
	bool personality_set;
	char *apparmor_profile, *selinux_label;
};

struct spec_root {
	char **lower;		/* diff directories, top first (overlayfs order); with upper+work: an overlay */
	char *upper, *work;	/* absolute */
	char *path;		/* instead: a directory that is the root (--rootfs) */
	int tree_fd;		/* that directory's tree, opened already; it hangs nowhere. 0: the stage opens path. Closed by spec_done */
	bool readonly;
	bool is_volatile;	/* nothing of it survives: no syncs */
	bool maps_lower;	/* its layers have the ids of ours on the disk: to be mounted with those of uid_maps and gid_maps (root only) */
};

struct spec_seccomp {
	const void *filter;	/* struct sock_filter[]; NULL: none */
	size_t count;
};

struct spec {
	char *id;
	char *hostname, *domainname;
	struct spec_root root;
	struct spec_process process;
	struct spec_mount *mounts;  /* in order */
	size_t mount_count;
	struct spec_device *devices;
	size_t device_count;
	enum spec_ns_mode ns[SPEC_NS_COUNT];
	int ns_fd[SPEC_NS_COUNT];   /* SPEC_NS_JOIN; borrowed */
	struct spec_id_map *uid_maps, *gid_maps; /* SPEC_NS_USER NEW; count 0 ends */
	struct spec_resources resources;
	char **sysctl;		    /* "net.ipv4.x=1" */
	char **masked_paths, **readonly_paths;
	struct spec_seccomp seccomp;
	uint64_t rootfs_propagation;
	char **files;		    /* generated files to bind over the root: "/etc/hosts=/run/…/hosts" destination=source */
	char **appends;		    /* lines for files of the root: "/etc/passwd=TEXT" path=text */
	char **annotations;	    /* KEY=VALUE; never control input */
};

void spec_init(struct spec *spec);
void spec_done(struct spec *spec);
AUTO_VAL(spec, spec_done);

/* Appends; returns the new, zeroed element. */
struct spec_mount *spec_add_mount(struct spec *spec);
struct spec_device *spec_add_device(struct spec *spec);
/* OCI config.json of the spec (for `inspect`, `explain`, hooks and external runtimes). */
struct json;
struct json *spec_to_json_new(const struct spec *spec);
