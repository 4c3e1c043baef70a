/* cgroup_life.c - freezing, killing and counting what is in a group. */
#include "host/cgroup_priv.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/ntime.h"
#include "base/num.h"
#include "base/str.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

enum { FREEZE_TIMEOUT_MS = 10 * 1000, KILL_ROUNDS = 100 };

/* Waits until `key` of cgroup.events is `wanted`; the kernel wakes us when the file changes. */
static int wait_event(int group_fd, const char *key, uint64_t wanted, int timeout_ms)
{
	auto_close int fd = openat(group_fd, "cgroup.events", O_RDONLY | O_CLOEXEC);
	int64_t deadline = ntime_monotonic() + timeout_ms * NS_PER_MS;
	char text[256];

	if (fd < 0)
		return -errno;
	for (;;) {
		/* reading this descriptor arms its poll */
		if (lseek(fd, 0, SEEK_SET) < 0 || read(fd, text, sizeof(text)) < 0)
			return -errno;
		if (cgroup_file_key(group_fd, "cgroup.events", key) == wanted)
			return 0;
		int64_t left = (deadline - ntime_monotonic()) / NS_PER_MS;
		if (left <= 0)
			return -ETIMEDOUT;
		struct pollfd p = { .fd = fd, .events = POLLPRI };
		if (poll(&p, 1, (int)left) < 0 && errno != EINTR)
			return -errno;
	}
}

int cgroup_freeze(const struct cgroup *cg, bool freeze, struct err *err)
{
	struct err ignored = { 0 };

	int rc = cgroup_file_write(cg->v2_fd, "cgroup.freeze", freeze ? "1" : "0");
	if (rc < 0)
		return err_sys(err, -rc, "cannot %s the control group '%s'", freeze ? "freeze" : "thaw", cg->path);
	rc = wait_event(cg->v2_fd, "frozen", freeze, FREEZE_TIMEOUT_MS);
	if (rc >= 0)
		return 0;
	if (freeze && cgroup_freeze(cg, false, &ignored) < 0)
		err_clear(&ignored);
	return err_sys(err, -rc, "the processes of the control group '%s' did not %s", cg->path, freeze ? "freeze" : "thaw");
}

/* --- who is in it --- */

static void add_pids(int group_fd, pid_t **pids, size_t *count)
{
	auto_free char *text = NULL;
	size_t len;
	auto_close int fd = openat(group_fd, "cgroup.procs", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0 || file_read_fd(fd, 8 << 20, &text, &len) < 0)
		return;
	char *rest = text;
	for (char *line; (line = strsep(&rest, "\n"));) {
		int64_t pid;
		if (num_i64(line, 1, INT32_MAX, &pid) < 0)
			continue;
		*pids = mem_resize(*pids, *count + 1, sizeof(**pids));
		(*pids)[(*count)++] = (pid_t)pid;
	}
}

static void walk_pids(int group_fd, pid_t **pids, size_t *count, unsigned depth)
{
	add_pids(group_fd, pids, count);
	if (depth > 32)
		return;
	int copy = openat(group_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	if (!dir) {
		fd_close(copy);
		return;
	}
	for (struct dirent *e; (e = readdir(dir));) {
		if (e->d_type != DT_DIR || str_eq(e->d_name, ".") || str_eq(e->d_name, "..")) /* a group is twenty files, mostly without another in it */
			continue;
		auto_close int fd = openat(group_fd, e->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
		if (fd >= 0)
			walk_pids(fd, pids, count, depth + 1);
	}
	closedir(dir);
}

int cgroup_pids(const struct cgroup *cg, pid_t **ret, size_t *ret_count, struct err *err)
{
	pid_t *pids = NULL;
	size_t count = 0;

	if (cg->v2_fd < 0)
		return err_set(err, ERR_UNSUPPORTED, "the container has no control group, so its processes cannot be listed by it");
	walk_pids(cg->v2_fd, &pids, &count, 0);
	*ret = pids;
	*ret_count = count;
	return 0;
}

/* Before Linux 5.14: what forks faster than we kill is met again in the next round. */
static int kill_in_rounds(const struct cgroup *cg, struct err *err)
{
	for (int i = 0; i < KILL_ROUNDS; i++) {
		auto_free pid_t *pids = NULL;
		size_t count;
		if (cgroup_pids(cg, &pids, &count, err) < 0)
			return -1;
		if (!count)
			return 0;
		for (size_t k = 0; k < count; k++)
			kill(pids[k], SIGKILL);
		if (wait_event(cg->v2_fd, "populated", 0, 100) >= 0)
			return 0;
	}
	return err_set(err, ERR_STATE, "the processes of the control group '%s' do not die", cg->path);
}

int cgroup_kill(const struct cgroup *cg, struct err *err)
{
	/* a frozen process dies only when it runs again */
	int rc = cgroup_file_write(cg->v2_fd, "cgroup.kill", "1");
	(void)cgroup_file_write(cg->v2_fd, "cgroup.freeze", "0");
	if (rc == -ENOENT)
		return kill_in_rounds(cg, err);
	return rc < 0 ? err_sys(err, -rc, "cannot kill the control group '%s'", cg->path) : 0;
}

/* --- counting --- */

static int open_v1_group(const struct cgroup *cg, enum cgroup_controller controller, int *ret_fd)
{
	auto_close int root_fd = -EBADF;

	int rc = cgroup_tree_open_v1(controller, &root_fd);
	return rc < 0 ? rc : cgroup_tree_open_group(root_fd, cg->path, ret_fd);
}

bool cgroup_oom_killed(const struct cgroup *cg)
{
	auto_close int v1_fd = -EBADF;

	if (cg->v2_fd >= 0 && cgroup_file_key(cg->v2_fd, "memory.events", "oom_kill") > 0)
		return true;
	return cg->path && open_v1_group(cg, CGROUP_MEMORY, &v1_fd) >= 0 && cgroup_file_key(v1_fd, "memory.oom_control", "oom_kill") > 0;
}
