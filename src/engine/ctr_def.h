/* ctr_def.h - what was asked for: the definition of one container, as it lies in containers/<id>/definition.json.
 * Shape:  flags fill it first (ctr_opts.h), creating completes it from the image and the defaults; then it never changes,
 *         except by being replaced whole (rename, update).
 * Owner:  ctr_def_done frees everything.
 * Units:  bytes, microseconds, seconds where named; "" and NULL are the same: not given.
 */
#pragma once

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct json;

/* -v, --mount, --tmpfs, image volumes. */
struct ctr_mount {
	char *type;	/* "bind", "volume", "tmpfs", "devpts", "image", "artifact", … */
	char *source;	/* bind: absolute host path; volume: its name ("" anonymous, until created); image, artifact: the word */
	char *target;	/* absolute, inside */
	char *image;	/* of type image: its id */
	char **options; /* as Podman keeps them: "ro", "rw", "z", "Z", "U", "rbind", "rprivate", "noexec", "size=64m", "subpath=…", "O", "idmap=…" */
	char **volume_options; /* type volume: what it is made with where it is not there yet: "type=tmpfs", as volume create -o takes them */
	bool anonymous; /* goes with the container */
	bool from_image;
};

struct ctr_port {
	char *host_ip;		  /* "" every address */
	uint32_t host_port;	  /* 0: any free one, chosen at creation */
	uint32_t container_port;
	uint32_t count;		  /* of consecutive ports, at least 1 */
	char *protocol;		  /* "tcp", "udp" */
};

struct ctr_ulimit {
	char *name;		  /* "nofile" */
	int64_t soft, hard;	  /* -1 unlimited */
};

/* COMPAT: the members, in this order, are what inspect shows. */
struct ctr_healthcheck {
	char **test; /* {"NONE"}, {"CMD", WORD…}, {"CMD-SHELL", LINE} */
	int64_t start_period_ns, interval_ns, timeout_ns; /* interval 0: only by hand */
	uint32_t retries;
	uint32_t successes; /* of a startup check */
};

struct ctr_device {
	char *source, *path;	  /* on the host, inside */
	char *access;		  /* "rwm" */
};

/* --secret: see ctr_secrets.h */
struct ctr_secret {
	char *name, *id;	  /* the word, until created */
	char *target;		  /* "": its name; relative: below /run/secrets; of a variable: its name */
	uint32_t uid, gid, mode;
	bool is_env;
};

struct ctr_def {
	char *id, *name;
	int64_t created_ns;
	char **create_command;	  /* the words typed */
	char *image;		  /* id, "" with --rootfs */
	char *image_name;	  /* as resolved: docker.io/library/debian:12 */
	char *image_digest;
	char **layers;		  /* diff-ids, bottom first */
	char *rootfs;		  /* --rootfs: a directory of the host */
	char *rootfs_idmap;	  /* "idmap", "idmap=uids=…;gids=…"; NULL: its owners are as they are */
	bool rootfs_overlay;	  /* what the container changes of it is the container's */

	/* process */
	char **entrypoint, **command; /* together the words that run */
	char **env;		  /* KEY=VALUE */
	char *workdir, *user, *umask, *hostname;
	char *timezone;		/* "Area/City", "local"; NULL or "": the image's */
	bool workdir_asked;	/* by -w: it must be there, while an image's is made */
	bool passwd;		/* a line of /etc/passwd for a user without one, */
	char *passwd_entry, *group_entry; /* by these templates, "" the usual ones */
	char **group_add;
	char **requires;	  /* ids: see ctr_deps.h */
	char **labels, **annotations; /* KEY=VALUE */
	bool tty, interactive, init;
	char *init_path;
	char *stop_signal;	  /* "SIGTERM" */
	int stop_timeout_s;
	bool stop_timeout_set;
	uint32_t timeout_s;	  /* --timeout: killed after; 0 never */
	char *systemd;		  /* "true", "false", "always" */
	bool systemd_mode;	  /* what that came to: see ctr_systemd.h */
	uint64_t systemd_shm_bytes; /* of each of its tmpfs; 0 the kernel's default */
	char **host_users;	  /* users of the host that get lines in /etc/passwd */
	char *personality;	  /* "LINUX32", "LINUX"; NULL or "": the engine's */
	char *sdnotify;		  /* "container", "conmon", "healthy", "ignore" */

	/* confinement */
	bool privileged, read_only, read_only_tmpfs, no_new_privileges;
	bool keep_keys;		  /* no session keyring of its own */
	char **cap_add, **cap_drop;
	char **cap_default;	  /* instead of the usual set; NULL that */
	char **security_opt;	  /* as given */
	char *seccomp_profile;	  /* path, "unconfined", "" default */
	char *seccomp_image;	  /* the profile itself, as the image's label has it (--seccomp-policy image); counts more than a path */
	char *rdt_class;	  /* of resctrl */
	char **mask, **unmask;

	/* namespaces: "", "host", "private", "none", "container:ID", "ns:PATH", "keep-id[:…]", … */
	char *net_mode, *pid_mode, *ipc_mode, *uts_mode, *cgroup_mode, *user_mode;
	char **uid_map, **gid_map; /* "INSIDE:OURS:COUNT": a user namespace of its own; NULL none, or as user_mode says */
	char **net_options;	  /* what followed the colon of --network pasta:… */

	/* network */
	struct ctr_port *ports;
	size_t port_count;
	bool publish_all;
	char **expose;		  /* "80/tcp" */
	char **add_host, **dns, **dns_search, **dns_option;
	char *mac_address, *ip, *ip6;
	char **network_aliases;
	bool no_hosts, no_hostname;
	char *hosts_file;	  /* a path; "none"; "image": the image's; NULL or "": the host's */
	char *host_internal_ip;	  /* what host.containers.internal is; "none": the name is left out; NULL or "": where the host is reached */
	char **chrootdirs;	  /* directories inside that get etc/hosts and etc/resolv.conf, too */

	/* resources; 0 not given unless said otherwise */
	int64_t memory_bytes, memory_swap_bytes, memory_reservation_bytes; /* swap: -1 unlimited */
	int64_t memory_swappiness; /* -1 not given */
	int64_t cpu_quota_us;
	uint64_t cpu_period_us, cpu_shares;
	char *cpuset_cpus, *cpuset_mems;
	int64_t pids_limit;	  /* -1 unlimited; the default when !pids_limit_set */
	bool pids_limit_set;
	uint32_t blkio_weight;
	char **io_limits;	  /* "device-read-bps /dev/sda 1048576", …, "blkio-weight-device /dev/sda 200" */
	bool oom_kill_disable;
	int oom_score_adj;
	bool oom_score_adj_set;
	uint64_t shm_size_bytes;
	bool shm_size_set;
	char **cgroup_conf;	  /* KEY=VALUE */
	char *cgroup_parent;
	char *cgroups;		  /* "enabled", "disabled", "no-conmon", "split" */
	struct ctr_ulimit *ulimits;
	size_t ulimit_count;
	char **sysctl;		  /* KEY=VALUE */
	struct ctr_device *devices;
	size_t device_count;
	char **cdi_devices;	  /* "vendor.com/class=name": see ctr_cdi.h */
	char **cdi_dirs;	  /* NULL: the usual ones */
	char **device_cgroup_rules;

	/* files */
	struct ctr_mount *mounts;
	size_t mount_count;
	struct ctr_secret *secrets;
	size_t secret_count;
	char **volumes_from;	  /* the words; what came of them is among the mounts */
	char *image_volumes;	  /* "anonymous", "ignore", "tmpfs" */

	/* health; test {"NONE"}: none */
	struct ctr_healthcheck *health, *startup_health; /* NULL: none was asked for */
	char *health_on_failure;  /* "kill", "restart", "stop"; NULL: "none" */
	char *health_log_destination; /* a directory, "events_logger"; NULL: "local" */
	uint32_t health_max_log_count, health_max_log_size; /* 0: no bound but ours */
	bool health_max_log_count_set, health_max_log_size_set;

	/* life */
	bool remove;
	char *restart_policy;	  /* "no", "always", "on-failure", "unless-stopped" */
	uint32_t restart_retries;
	char *log_driver;	  /* "k8s-file", "journald", "none", "passthrough" */
	char **log_opts;	  /* KEY=VALUE */
	char *detach_keys;	  /* "ctrl-p,ctrl-q" */
	char *pidfile, *conmon_pidfile;
	char *cidfile;		/* absolute; goes with the container */
};

void ctr_def_init(struct ctr_def *def); /* the values that are not zero when not given */
void ctr_def_done(struct ctr_def *def);
AUTO_VAL(ctr_def, ctr_def_done);

/* Append one; the element is zeroed and belongs to the definition. */
struct ctr_mount *ctr_def_add_mount(struct ctr_def *def);
void ctr_def_mount_done(struct ctr_mount *mount);
struct ctr_port *ctr_def_add_port(struct ctr_def *def);
struct ctr_ulimit *ctr_def_add_ulimit(struct ctr_def *def);
struct ctr_device *ctr_def_add_device(struct ctr_def *def);
struct ctr_secret *ctr_def_add_secret(struct ctr_def *def);

void ctr_def_healthcheck_free(struct ctr_healthcheck *check);
struct json *ctr_def_healthcheck_json_new(const struct ctr_healthcheck *check); /* NULL for none */
struct json *ctr_def_to_json_new(const struct ctr_def *def);
int ctr_def_from_json(const struct json *v, struct ctr_def *ret, struct err *err) must_check;
