/* cgroup_priv.h - what the files of cgroup share: where the trees are, and who limits what.
 */
#pragma once

#include "host/cgroup.h"

enum cgroup_controller {
	CGROUP_MEMORY,
	CGROUP_CPU,
	CGROUP_PIDS,
	CGROUP_CPUSET,
	CGROUP_IO,
	CGROUP_CONTROLLER_COUNT
};

/* Names: v2's, and the directory below the v1 mounts. */
struct cgroup_controller_row {
	const char *v2, *v1;
};
extern const struct cgroup_controller_row cgroup_controllers[CGROUP_CONTROLLER_COUNT];

/* "/sys/fs/cgroup", or "/sys/fs/cgroup/unified" of a hybrid host; NULL where there is no v2 tree. */
const char *cgroup_tree_v2(void);
/* Opens the root of the v2 tree, or of a v1 controller: -ENOENT where the host has none. */
int cgroup_tree_open_v2(int *ret_fd);
int cgroup_tree_open_v1(enum cgroup_controller controller, int *ret_fd);
/* "/sys/fs/cgroup/memory" */
char *cgroup_tree_v1_dup(enum cgroup_controller controller);
/* A group below such a root; never follows a link. path starts with '/'. */
int cgroup_tree_open_group(int root_fd, const char *path, int *ret_fd);
int cgroup_tree_make_group(int root_fd, const char *path, int *ret_fd);
/* The caller's own group in the v2 tree, owned; NULL when it cannot be told. */
char *cgroup_tree_own_dup(pid_t pid);

/* One file of a group. Values are short. */
int cgroup_file_write(int group_fd, const char *name, const char *value);
int cgroup_file_read(int group_fd, const char *name, char *buf, size_t len);
/* "key value" lines: 0 when the key is not there. */
uint64_t cgroup_file_key(int group_fd, const char *name, const char *key);

/* Sets cg->v1 for each group it had to make there. */
int cgroup_limits_apply(struct cgroup *cg, const struct cgroup_limits *limits, struct err *err) must_check;
/* One by one; no_group: why there is none. */
void cgroup_limits_try(struct cgroup *cg, const char *no_group, const struct cgroup_limits *limits, struct cgroup_trials *ret);
/* Is anything asked for that needs a group? The name of the first, or NULL. */
const char *cgroup_limits_asked(const struct cgroup_limits *limits);
