#include "runtime/rt_trees.h"

#include "base/fd.h"
#include "base/proc.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

struct source {
	const char *path; /* borrowed */
	bool recursive;
};

void rt_trees_done(struct rt_trees *trees)
{
	for (size_t i = 0; i < trees->count; i++)
		fd_close(trees->fds[i]);
	trees->count = 0;
}

static size_t list_sources(const struct spec *spec, struct source ret[PLAN_SLOTS])
{
	size_t count = 0;
	for (size_t i = 0; i < spec->mount_count && count < PLAN_SLOTS; i++)
		if (str_eq(spec->mounts[i].type, "bind") && spec->mounts[i].tree_fd <= 0)
			ret[count++] = (struct source){ spec->mounts[i].source, spec->mounts[i].recursive };
	for (char **file = spec->files; file && *file && count < PLAN_SLOTS; file++)
		if (strchr(*file, '='))
			ret[count++] = (struct source){ strchr(*file, '=') + 1, false };
	return count;
}

static int open_one(const struct source *s, int *ret_fd, struct err *err)
{
	int fd = (int)syscall(SYS_open_tree, AT_FDCWD, s->path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (s->recursive ? AT_RECURSIVE : 0));
	if (fd < 0)
		return err_sys(err, errno, "cannot open '%s' for a mount", s->path);
	*ret_fd = fd;
	return 0;
}

static int open_here(const struct source *sources, size_t count, struct rt_trees *ret, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		if (open_one(&sources[i], &ret->fds[ret->count], err) < 0)
			return -1;
		ret->count++;
	}
	return 0;
}

/* --- where the mount namespace is not ours --- */

static int send_all(const struct source *sources, size_t count, int socket_fd, struct err *err)
{
	if (unshare(CLONE_NEWNS) < 0)
		return err_sys(err, errno, "cannot make a mount namespace");
	for (size_t i = 0; i < count; i++) {
		auto_close int fd = -EBADF;
		if (open_one(&sources[i], &fd, err) < 0)
			return -1;
		int rc = fd_send(socket_fd, fd, "", 1);
		if (rc < 0)
			return err_sys(err, -rc, "cannot pass '%s' on", sources[i].path);
	}
	return 0;
}

static _Noreturn void run_opener(const struct source *sources, size_t count, int socket_fd, int report_fd)
{
	struct err err = { 0 };
	int rc = send_all(sources, count, socket_fd, &err);
	proc_report(report_fd, &err);
	proc_exit(rc < 0);
}

static void receive_all(int socket_fd, size_t count, struct rt_trees *ret)
{
	char byte;
	while (ret->count < count && fd_recv(socket_fd, &ret->fds[ret->count], &byte, 1) > 0)
		ret->count++;
}

/* The host's mount namespace is not our user namespace's: a child of its own opens them in a copy, and hands them over. */
static int open_elsewhere(const struct source *sources, size_t count, struct rt_trees *ret, struct err *err)
{
	int pair[2], report[2];
	int rc = fd_socketpair(SOCK_SEQPACKET, pair);
	if (rc < 0)
		return err_sys(err, -rc, "cannot make a socket");
	rc = fd_pipe(report);
	pid_t pid = rc < 0 ? -1 : proc_fork();
	if (pid == 0)
		run_opener(sources, count, pair[1], report[1]);
	int errnum = rc < 0 ? -rc : errno;
	fd_close(pair[1]);
	if (rc >= 0)
		fd_close(report[1]);
	if (pid < 0)
		rc = err_sys(err, errnum, "cannot start a process");
	if (pid > 0) {
		receive_all(pair[0], count, ret);
		rc = proc_collect(report[0], pid, "what opens the sources of mounts", err);
		if (rc >= 0 && ret->count < count)
			rc = err_set(err, ERR_INTERNAL, "%zu of %zu sources of mounts were opened", ret->count, count);
	}
	fd_close(pair[0]);
	if (pid >= 0)
		fd_close(report[0]);
	return rc;
}

int rt_trees_open(const struct spec *spec, struct rt_trees *ret, struct err *err)
{
	struct source sources[PLAN_SLOTS];
	size_t count = list_sources(spec, sources);
	struct err denied = { 0 };
	int rc = open_here(sources, count, ret, &denied);
	if (rc < 0 && ret->count == 0 && err_is(&denied, ERR_DENIED))
		rc = open_elsewhere(sources, count, ret, err);
	else if (rc < 0)
		*err = denied;
	ret->fds[ret->count] = -EBADF;
	return rc;
}
