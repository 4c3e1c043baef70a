/* cgroup_split.c - a service's own group, split: see cgroup.h */
#include "host/cgroup_priv.h"

#include "base/fd.h"
#include "base/str.h"

#include <errno.h>
#include <string.h>

enum { PASSES_MAX = 100 };
#define PAYLOAD "libpod-payload-"

/* The group to split. A command that a monitor has started is in `runtime` already. */
static char *base_dup(void)
{
	auto_free char *own = cgroup_tree_own_dup(0);

	if (own && str_ends(own, "/runtime"))
		own[strlen(own) - strlen("/runtime")] = 0;
	return own && *own && strcmp(own, "/") != 0 ? take_ptr(own) : NULL;
}

static int move_all(char *pids, int runtime_fd)
{
	int rc = 0;

	for (char *pid; rc >= 0 && (pid = strsep(&pids, "\n"));) {
		rc = *pid ? cgroup_file_write(runtime_fd, "cgroup.procs", pid) : 0;
		if (rc == -ESRCH) /* it has gone since */
			rc = 0;
	}
	return rc;
}

/* Children are born beside their parents: when nobody is left, everybody has moved. */
static int empty_into(int base_fd, int runtime_fd)
{
	char pids[4096];
	int rc = 0;

	for (int pass = 0; pass < PASSES_MAX && rc >= 0; pass++) {
		rc = cgroup_file_read(base_fd, "cgroup.procs", pids, sizeof(pids));
		if (rc < 0 || !*pids)
			return rc;
		char *last = strrchr(pids, '\n');
		if (last && strlen(pids) + 1 == sizeof(pids)) /* cut within a number */
			*last = 0;
		rc = move_all(pids, runtime_fd);
	}
	return rc < 0 ? rc : -EBUSY;
}

int cgroup_split(const char *id, const struct cgroup_limits *limits, struct cgroup *ret, struct err *err)
{
	auto_close int root_fd = -EBADF, base_fd = -EBADF, runtime_fd = -EBADF;
	auto_free char *base = base_dup(), *name = mem_printf(PAYLOAD "%s", id);

	if (!base)
		return err_set(err, ERR_SYSTEM, "--cgroups=split needs a control group of the caller's own, as a service with Delegate=yes has: use enabled");
	auto_free char *runtime = mem_printf("%s/runtime", base);
	int rc = cgroup_tree_open_v2(&root_fd);
	if (rc >= 0)
		rc = cgroup_tree_open_group(root_fd, base, &base_fd);
	if (rc >= 0)
		rc = cgroup_tree_make_group(root_fd, runtime, &runtime_fd);
	if (rc >= 0)
		rc = empty_into(base_fd, runtime_fd);
	if (rc < 0)
		return err_sys(err, -rc, "cannot split the control group '%s' (--cgroups=split)", base);
	return cgroup_create(name, base, limits, ret, err);
}

int cgroup_split_remove(const char *id, int timeout_ms, struct err *err)
{
	auto_free char *base = base_dup(), *path = base ? mem_printf("%s/" PAYLOAD "%s", base, id) : NULL;

	return path ? cgroup_remove(path, timeout_ms, err) : 0;
}
