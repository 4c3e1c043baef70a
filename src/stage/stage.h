/* stage.h - the program that runs inside the container's namespaces: executes a plan, then becomes process 1.
 * Life:   stage_main checks the plan, runs one function an operation, in order; the last one execs.
 * Owner:  no heap. Descriptors live in struct stage and are close-on-exec; the plan is mapped read-only.
 * Errors: -errno; stage_main reports the operation, the errno and the two subjects over the control socket and exits.
 */
#pragma once

#include "wire/plan.h"

#include <stddef.h>
#include <stdint.h>

struct stage {
	const struct plan_header *plan;
	const struct plan_op *command; /* PLAN_COMMAND, once it has been looked up */
	int control_fd;
	int proc_fd;   /* a procfs nobody else can have covered: the host's at first, then our own fresh one */
	int null_fd;   /* the host's /dev/null, checked */
	int root_fd;   /* of the container */
	int devpts_fd; /* our own instance */
	int empty_fd;  /* a read-only empty directory, once a mask needed it */
	int slots[PLAN_SLOTS];
	uint32_t current; /* the operation's code, for messages */
	uint32_t reason;
	const char *subject[2];
	char number[24];
	char detail[160]; /* the kernel's own words */
	char path[PLAN_MAX_PATH]; /* of the command */
};

typedef int stage_fn(struct stage *s, const struct plan_op *op);

/* stage_enter.c */
stage_fn stage_enter, stage_hostname, stage_domainname, stage_loopback, stage_label, stage_oom_score, stage_personality, stage_sysctl;
/* stage_root.c */
stage_fn stage_propagation, stage_root_dir, stage_root_overlay, stage_root_tree, stage_give_root, stage_append, stage_root_readonly, stage_pivot;
/* stage_mount.c */
stage_fn stage_open_tree, stage_take_tree, stage_mount, stage_bind, stage_readonly, stage_mask;
/* stage_dev.c */
stage_fn stage_device, stage_symlink, stage_terminal, stage_session;
/* stage_ids.c */
stage_fn stage_rlimit, stage_umask, stage_bounding, stage_groups, stage_user, stage_no_new_privs, stage_seccomp, stage_caps;
/* stage_run.c */
stage_fn stage_stands, stage_workdir, stage_chdir, stage_command, stage_run;

/* stage_path.c: resolves below the container's root, as a process in it would; magic links are never followed. */
int stage_path_open(const struct stage *s, const char *path, uint64_t flags, uint64_t resolve);
/* The directory or file at path, made when missing; O_PATH. */
int stage_path_make(const struct stage *s, const char *path, int is_file);
/* The directory path lies in, made when missing; *ret_name points into path. */
int stage_path_make_parent(const struct stage *s, const char *path, const char **ret_name);
/* Removes a link of the root itself. Where a mount of the user's covers its directory, it is the user's own file, and stays. */
int stage_path_drop_link(const struct stage *s, const char *path);
/* Opens path below proc_fd: no links that leave it, nothing mounted over it. */
int stage_path_open_proc(const struct stage *s, const char *path, int flags);

/* stage_copy.c: what is in from_fd into to_fd, with owners (NULL: those it has), modes, times and attributes. */
struct stage_owner {
	uint32_t uid, gid;
};
int stage_copy_tree(int from_fd, int to_fd, const struct stage_owner *owner);

/* stage_root.c: what the kernel said about a filesystem that was not made, as the second subject. */
void stage_keep_words(struct stage *s, int fs_fd);

/* stage_main.c */
int stage_say(struct stage *s, uint32_t kind, int errnum, int fd);
int stage_is_device(int fd, unsigned major, unsigned minor);
const char *stage_number(struct stage *s, int64_t value);
