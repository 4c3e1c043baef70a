/* cgroup.c - see cgroup.h. Making, entering and removing; limits are cgroup_limits.c, life is cgroup_life.c. */
#include "host/cgroup_priv.h"

#include "base/fd.h"
#include "base/log.h"
#include "base/ntime.h"
#include "base/str.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#define MONITORS "/monitors"

enum { BASES_MAX = 3, NEST_MAX = 32, PASSES_MAX = 20 };

void cgroup_close(struct cgroup *cg)
{
	free(cg->path);
	cg->path = NULL;
	cg->v2_fd = fd_close(cg->v2_fd);
}

/* Where a group may be made, best first: at the mount's root, beside our own group (a delegated tree takes processes only in
 * its leaves, and so gives limits only there), below it. What is not ours the kernel refuses. */
static size_t list_bases(char *ret[BASES_MAX])
{
	auto_free char *own = cgroup_tree_own_dup(0);
	size_t n = 0;

	/* a monitor that starts its container again does it where it did before */
	if (own && str_ends(own, "/cpod" MONITORS))
		*strrchr(own, '/') = 0;
	if (geteuid() == 0)
		ret[n++] = mem_strdup("");
	if (!own || strcmp(own, "/") == 0)
		return n;
	char *parent = mem_strndup(own, (size_t)(strrchr(own, '/') - own));
	if (*parent)
		ret[n++] = take_ptr(parent);
	free(parent);
	ret[n++] = take_ptr(own);
	return n;
}

/* <base>/cpod/<id>, at the first base that lets us. */
static int make_somewhere(int root_fd, const char *id, struct cgroup *cg)
{
	char *bases[BASES_MAX];
	size_t n = list_bases(bases);
	int rc = -EACCES;

	for (size_t i = 0; i < n; i++) {
		if (rc < 0) {
			auto_free char *path = mem_printf("%s/cpod/%s", bases[i], id);
			rc = cgroup_tree_make_group(root_fd, path, &cg->v2_fd);
			if (rc >= 0)
				cg->path = take_ptr(path);
		}
		free(bases[i]);
	}
	return rc;
}

static char *path_under_dup(const char *parent, const char *id)
{
	return mem_printf("%s%s%s%s", *parent == '/' ? "" : "/", parent, str_ends(parent, "/") ? "" : "/", id);
}

static int make_under(int root_fd, const char *parent, const char *id, struct cgroup *cg)
{
	auto_free char *path = path_under_dup(parent, id);

	int rc = cgroup_tree_make_group(root_fd, path, &cg->v2_fd);
	if (rc >= 0)
		cg->path = take_ptr(path);
	return rc;
}

static int make_group(const char *parent, const char *id, struct cgroup *cg)
{
	auto_close int root_fd = -EBADF;

	int rc = cgroup_tree_open_v2(&root_fd);
	return rc < 0 ? rc : parent ? make_under(root_fd, parent, id, cg) : make_somewhere(root_fd, id, cg);
}

int cgroup_create(const char *id, const char *parent, const struct cgroup_limits *limits, struct cgroup *ret, struct err *err)
{
	auto_val(cgroup) cg = { .v2_fd = -EBADF };
	struct err ignored = { 0 };

	int rc = make_group(parent, id, &cg);
	if (rc < 0 && parent)
		return err_sys(err, -rc, "cannot make a control group for container %.12s below '%s'", id, parent);
	if (rc < 0) {
		const char *asked = cgroup_limits_asked(limits);
		if (asked)
			return err_set(err, ERR_UNSUPPORTED, "cannot enforce %s: no control group can be made here (%s)", asked, err_reason(-rc));
		log_debug("container %.12s gets no control group: %s", id, err_reason(-rc));
		*ret = (struct cgroup){ .v2_fd = -EBADF };
		return 0;
	}
	if (cgroup_limits_apply(&cg, limits, err) < 0) {
		if (cgroup_remove(cg.path, 0, &ignored) < 0)
			log_debug("%s", ignored.text);
		return -1;
	}
	*ret = cg;
	cg = (struct cgroup){ .v2_fd = -EBADF };
	return 0;
}

void cgroup_try(const char *parent, const struct cgroup_limits *limits, struct cgroup_trials *ret)
{
	auto_val(cgroup) cg = { .v2_fd = -EBADF };
	auto_free char *id = mem_printf("try-%d", getpid());
	struct err ignored = { 0 };

	int rc = make_group(parent, id, &cg);
	auto_free char *no_group = rc < 0 ? mem_printf("no control group can be made here (%s)", err_reason(-rc)) : NULL;
	cgroup_limits_try(&cg, no_group, limits, ret);
	if (cg.path && cgroup_remove(cg.path, 0, &ignored) < 0)
		log_debug("%s", ignored.text);
}

void cgroup_trials_done(struct cgroup_trials *trials)
{
	for (size_t i = 0; i < trials->count; i++) {
		free(trials->rows[i].value);
		free(trials->rows[i].why_not);
	}
	free(trials->rows);
	*trials = (struct cgroup_trials){ 0 };
}

int cgroup_open(const char *path, struct cgroup *ret, struct err *err)
{
	auto_close int root_fd = -EBADF, fd = -EBADF;

	int rc = cgroup_tree_open_v2(&root_fd);
	if (rc >= 0)
		rc = cgroup_tree_open_group(root_fd, path, &fd);
	if (rc < 0)
		return err_sys(err, -rc, "cannot open the control group '%s'", path);
	*ret = (struct cgroup){ .path = mem_strdup(path), .v2_fd = take_fd(fd), .v1 = ~0u };
	return 0;
}

void cgroup_list_dirs(const struct cgroup *cg, char ***list)
{
	const char *v2 = cgroup_tree_v2();

	if (!cg->path)
		return;
	if (v2)
		strv_addf(list, "%s%s", v2, cg->path);
	for (int i = 0; i < CGROUP_CONTROLLER_COUNT; i++) {
		auto_free char *v1 = cgroup_tree_v1_dup((enum cgroup_controller)i);
		if (cg->v1 & 1u << i)
			strv_addf(list, "%s%s", v1, cg->path);
	}
}

/* --- entering --- */

static int enter(int group_fd, pid_t pid)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", pid);
	return cgroup_file_write(group_fd, "cgroup.procs", text);
}

int cgroup_attach(const struct cgroup *cg, pid_t pid, struct err *err)
{
	auto_free char *now = cgroup_tree_own_dup(pid);
	int rc = 0;

	/* born there, mostly; moving takes a lock of the whole system */
	if (cg->v2_fd >= 0 && !str_eq(now, cg->path))
		rc = enter(cg->v2_fd, pid);
	for (int i = 0; rc >= 0 && i < CGROUP_CONTROLLER_COUNT; i++) {
		auto_close int root_fd = -EBADF, fd = -EBADF;
		if (!(cg->v1 & 1u << i))
			continue;
		if (cgroup_tree_open_v1((enum cgroup_controller)i, &root_fd) < 0 || cgroup_tree_open_group(root_fd, cg->path, &fd) < 0)
			continue; /* no limit needed it */
		rc = enter(fd, pid);
	}
	return rc < 0 ? err_sys(err, -rc, "cannot put process %d into the control group '%s'", pid, cg->path) : 0;
}

int cgroup_leave_unit(const struct cgroup *cg)
{
	auto_close int root_fd = -EBADF, fd = -EBADF;

	if (!cg->path || access("/run/systemd/system", F_OK) < 0)
		return 0;
	auto_free char *path = mem_printf("%.*s" MONITORS, (int)(strrchr(cg->path, '/') - cg->path), cg->path);
	int rc = cgroup_tree_open_v2(&root_fd);
	if (rc >= 0)
		rc = cgroup_tree_make_group(root_fd, path, &fd);
	return rc < 0 ? rc : enter(fd, getpid());
}

/* On a hybrid host a first limit of its kind makes a v1 group, which nobody is in yet. Children are born beside their parents: when
 * a pass meets nobody new, everybody is there. */
static int enter_all(const struct cgroup *cg, struct err *err)
{
	size_t before = SIZE_MAX, count = 0;
	for (int pass = 0; pass < PASSES_MAX && count != before; pass++) {
		auto_free pid_t *pids = NULL;
		before = count;
		if (cgroup_pids(cg, &pids, &count, err) < 0)
			return -1;
		for (size_t i = 0; i < count; i++) {
			struct err one = { 0 };
			if (cgroup_attach(cg, pids[i], &one) < 0 && one.errnum != ESRCH) {
				*err = one;
				return -1;
			}
		}
	}
	return 0;
}

int cgroup_update(struct cgroup *cg, const struct cgroup_limits *limits, struct err *err)
{
	cg->v1 = 0;
	if (cgroup_limits_apply(cg, limits, err) < 0)
		return -1;
	return cg->v1 ? enter_all(cg, err) : 0;
}

/* --- removing --- */

/* Its groups first: a container makes some of its own. */
static int remove_below(int dir_fd, unsigned depth)
{
	int rc = 0;

	if (depth > NEST_MAX)
		return -ELOOP;
	int copy = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	if (!dir) {
		fd_close(copy);
		return -errno;
	}
	for (struct dirent *e; (e = readdir(dir));) {
		if (e->d_type != DT_DIR || e->d_name[0] == '.')
			continue;
		auto_close int fd = openat(dir_fd, e->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
		if (fd >= 0)
			(void)remove_below(fd, depth + 1);
		if (unlinkat(dir_fd, e->d_name, AT_REMOVEDIR) < 0 && errno != ENOENT)
			rc = -errno;
	}
	closedir(dir);
	return rc;
}

static int remove_at(int root_fd, const char *path)
{
	const char *name = *path == '/' ? path + 1 : path;

	if (unlinkat(root_fd, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
		return 0;
	if (errno != EBUSY && errno != ENOTEMPTY)
		return -errno;
	auto_close int fd = -EBADF;
	int rc = cgroup_tree_open_group(root_fd, path, &fd);
	if (rc >= 0)
		rc = remove_below(fd, 0);
	if (rc < 0 && rc != -EBUSY)
		return rc == -ENOENT ? 0 : rc;
	return unlinkat(root_fd, name, AT_REMOVEDIR) == 0 || errno == ENOENT ? 0 : -errno;
}

/* The kernel says when the last process has left a v2 group; a v1 group says nothing, so it is asked again. */
static void wait_a_little(int root_fd, const char *path)
{
	auto_close int fd = -EBADF, events = -EBADF;
	char text[256];

	if (root_fd >= 0 && cgroup_tree_open_group(root_fd, path, &fd) >= 0)
		events = openat(fd, "cgroup.events", O_RDONLY | O_CLOEXEC);
	struct pollfd p = { .fd = events, .events = POLLPRI };
	if (events >= 0 && (read(events, text, sizeof(text)) < 0 || cgroup_file_key(fd, "cgroup.events", "populated") == 0))
		p.fd = -1;
	poll(&p, 1, p.fd >= 0 ? 50 : 1);
}

static int remove_everywhere(const char *path, int v2_root_fd)
{
	int rc = v2_root_fd >= 0 ? remove_at(v2_root_fd, path) : 0;

	for (int i = 0; i < CGROUP_CONTROLLER_COUNT; i++) {
		auto_close int root_fd = -EBADF;
		if (cgroup_tree_open_v1((enum cgroup_controller)i, &root_fd) < 0)
			continue;
		int one = remove_at(root_fd, path);
		rc = rc < 0 ? rc : one;
	}
	return rc;
}

int cgroup_remove(const char *path, int timeout_ms, struct err *err)
{
	auto_close int root_fd = -EBADF;
	int64_t deadline = ntime_monotonic() + timeout_ms * NS_PER_MS;

	(void)cgroup_tree_open_v2(&root_fd);
	for (;;) {
		int rc = remove_everywhere(path, root_fd);
		if (rc >= 0)
			return 0;
		if (rc != -EBUSY || ntime_monotonic() >= deadline)
			return err_sys(err, -rc, "cannot remove the control group '%s'", path);
		wait_a_little(root_fd, path);
	}
}

int cgroup_remove_any(const char *id, const char *parent, int timeout_ms, struct err *err)
{
	char *bases[BASES_MAX];
	int rc = 0;

	if (parent) {
		auto_free char *path = path_under_dup(parent, id);
		return cgroup_remove(path, timeout_ms, err);
	}
	size_t n = list_bases(bases);
	for (size_t i = 0; i < n; i++) {
		auto_free char *path = mem_printf("%s/cpod/%s", bases[i], id);
		if (rc >= 0)
			rc = cgroup_remove(path, timeout_ms, err);
		free(bases[i]);
	}
	return rc;
}
