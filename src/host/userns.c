#include "base/fd.h"
#include "base/file.h"
#include "base/log.h"
#include "base/num.h"
#include "host/userns_priv.h"

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { DEAD_MAX = 3 }; /* lines of the gone that are worth looking past */

/* Inside our namespace everybody is root; who it is outside is remembered in the environment, which every process of ours
 * inherits and no container sees. */
static const char uid_variable[] = "CPOD_ROOTLESS_UID", gid_variable[] = "CPOD_ROOTLESS_GID";

/* Is this the host's own namespace, where every id is itself? */
static bool in_initial_namespace(void)
{
	char text[64];
	auto_close int fd = open("/proc/self/uid_map", O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
	unsigned inside = 1, outside = 1, count = 0;
	text[len > 0 ? len : 0] = 0;
	return sscanf(text, "%u %u %u", &inside, &outside, &count) == 3 && inside == 0 && outside == 0 && count == UINT32_MAX;
}

/* One line that maps one id. */
static bool is_single(void)
{
	char text[256];
	auto_close int fd = open("/proc/self/uid_map", O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
	unsigned inside, outside, count = 0;
	text[len > 0 ? len : 0] = 0;
	return sscanf(text, "%u %u %u", &inside, &outside, &count) == 3 && count == 1 && strchr(text, '\n') == strrchr(text, '\n');
}

static bool remembered(const char *variable, unsigned *ret)
{
	const char *text = getenv(variable);
	uint64_t value;
	if (!text || geteuid() != 0 || num_u64(text, UINT32_MAX - 1, &value) < 0 || in_initial_namespace())
		return false;
	*ret = (unsigned)value;
	return true;
}

static bool is_inside(void)
{
	unsigned ignored;
	return remembered(uid_variable, &ignored);
}

bool userns_is_rootless(void)
{
	return geteuid() != 0 || is_inside();
}

uid_t userns_caller_uid(void)
{
	unsigned uid;
	return remembered(uid_variable, &uid) ? uid : getuid();
}

gid_t userns_caller_gid(void)
{
	unsigned gid;
	return remembered(gid_variable, &gid) ? gid : getgid();
}

static int become_root(void)
{
	/* a single-id namespace forbids setgroups; nothing is lost then */
	if (setgroups(0, NULL) < 0 && errno != EPERM)
		return -errno;
	if (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)
		return -errno;
	prctl(PR_SET_DUMPABLE, 1); /* our own processes join through us */
	return 0;
}

/* --- making --- */

static int explain_unshare(int errnum, struct err *err)
{
	if (errnum == EPERM || errnum == ENOSPC || errnum == EACCES)
		return err_set(err, ERR_UNSUPPORTED,
			       "this host does not let users make user namespaces (%s): set sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces above 0 and, on Ubuntu, kernel.apparmor_restrict_unprivileged_userns=0",
			       err_reason(errnum));
	return err_sys(err, errnum, "cannot make a user namespace");
}

/* The helpers must run where we came from: a child that was born before waits there. */
static int map_from_outside(const struct userns_map *uid_maps, const struct userns_map *gid_maps, struct err *err)
{
	int go[2], told[2];
	int rc = fd_pipe(go);
	if (rc < 0 || (rc = fd_pipe(told)) < 0)
		return err_sys(err, -rc, "cannot make a pipe");
	pid_t us = getpid(), child = proc_fork();
	if (child < 0)
		return err_sys(err, errno, "cannot start a process");
	if (child == 0) {
		struct err own = { 0 };
		char byte;
		fd_close(go[1]);
		if (fd_read_full(go[0], &byte, 1) != 1)
			proc_exit(1);
		int code = userns_write_maps(us, uid_maps, gid_maps, &own) < 0;
		proc_report(told[1], &own);
		proc_exit(code);
	}
	fd_close(go[0]);
	fd_close(told[1]);
	if (unshare(CLONE_NEWUSER) < 0) {
		rc = explain_unshare(errno, err);
		fd_close(go[1]);
		proc_wait(child);
	} else {
		rc = fd_write_full(go[1], "", 1);
		fd_close(go[1]);
		rc = proc_collect(told[0], child, "the user map's helper", err);
	}
	fd_close(told[0]);
	return rc;
}

static int make(bool *ret_single, struct err *err)
{
	uid_t uid = getuid();
	gid_t gid = getgid();
	auto_free char *name = userns_user_name_dup(uid);
	struct userns_range uids, gids;
	if (userns_subids(uid, name, &uids, &gids, err) < 0)
		return -1;
	*ret_single = !uids.count || !gids.count;
	struct userns_map uid_maps[] = { { 0, uid, 1 }, { 1, uids.first, *ret_single ? 0 : uids.count }, { 0 } };
	struct userns_map gid_maps[] = { { 0, gid, 1 }, { 1, gids.first, *ret_single ? 0 : gids.count }, { 0 } };
	return map_from_outside(uid_maps, gid_maps, err);
}

static void remember(uid_t uid, gid_t gid)
{
	char text[16];
	snprintf(text, sizeof(text), "%u", uid);
	setenv(uid_variable, text, 1);
	snprintf(text, sizeof(text), "%u", gid);
	setenv(gid_variable, text, 1);
}

int userns_enter(int runroot_fd, bool *ret_single, struct err *err)
{
	*ret_single = false;
	if (!userns_is_rootless() || is_inside())
		return 0;
	uid_t uid = getuid();
	gid_t gid = getgid();
	auto_close int lock_fd = -EBADF;
	struct proc_id self;
	if (userns_join_lock(runroot_fd, &lock_fd, err) < 0)
		return -1;
	size_t dead;
	int joined = userns_join(runroot_fd, &dead, err);
	if (joined < 0 || (!joined && make(ret_single, err) < 0))
		return -1;
	int rc = become_root();
	if (rc < 0)
		return err_sys(err, -rc, "cannot become root of the user namespace");
	if (joined)
		*ret_single = is_single();
	remember(uid, gid);
	rc = proc_id_of(getpid(), &self);
	return rc < 0 ? err_sys(err, -rc, "cannot read /proc/self/stat") : userns_join_add(runroot_fd, &self, dead > DEAD_MAX, err);
}
