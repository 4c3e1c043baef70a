/* A process between us and the container's, for one with users of its own that joins namespaces of others.
 * Theory of operation
 *  A namespace belongs to the user namespace of whoever makes it, and who has entered one cannot come back. So we can neither make
 *  the container's (they would be ours) nor enter (we have to stay). A go-between joins what is to be joined, its user namespace
 *  last, since before that it may join anything that we may; what it clones then is born in all of them. CLONE_PARENT makes it our
 *  child, a brother of the go-between, who hands its pidfd over and ends. */
#include "runtime/rt_priv.h"

#include "base/fd.h"
#include "base/proc.h"

#include <errno.h>
#include <linux/sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

int setns(int fd, int type);

struct answer {
	pid_t pid;
	int errnum;
	int ns; /* which one could not be joined; SPEC_NS_COUNT: the clone has failed */
};

static const struct join {
	enum spec_ns ns;
	int flag;
	const char *name;
} joins[] = {
	{ SPEC_NS_PID, CLONE_NEWPID, "pid" },	   { SPEC_NS_NET, CLONE_NEWNET, "network" },	{ SPEC_NS_IPC, CLONE_NEWIPC, "ipc" },
	{ SPEC_NS_UTS, CLONE_NEWUTS, "hostname" }, { SPEC_NS_CGROUP, CLONE_NEWCGROUP, "cgroup" }, { SPEC_NS_USER, CLONE_NEWUSER, "user" },
};

static int join_all(const struct spec *spec, int *ret_ns)
{
	for (size_t i = 0; i < ARRAY_LEN(joins); i++) {
		*ret_ns = (int)i;
		if (spec->ns[joins[i].ns] == SPEC_NS_JOIN && setns(spec->ns_fd[joins[i].ns], joins[i].flag) < 0)
			return -errno;
	}
	*ret_ns = ARRAY_LEN(joins);
	return 0;
}

static _Noreturn void go_between(const struct spec *spec, struct clone_args *args, struct rt_child *c, int reply_fd)
{
	int pidfd = -EBADF;
	struct answer answer = { 0 };
	sigset_t all, none;
	/* who is there already could look into a copy of us */
	if (spec->ns[SPEC_NS_PID] == SPEC_NS_JOIN || spec->ns[SPEC_NS_USER] == SPEC_NS_JOIN)
		prctl(PR_SET_DUMPABLE, 0);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	sigemptyset(&none);
	c->old_mask = &none;
	args->flags |= CLONE_PARENT;
	args->pidfd = (uintptr_t)&pidfd;
	int rc = join_all(spec, &answer.ns);
	long pid = rc < 0 ? rc : rt_child_spawn(args, c);
	answer.pid = (pid_t)pid;
	answer.errnum = pid < 0 ? (int)-pid : 0;
	if (pid < 0)
		send(reply_fd, &answer, sizeof(answer), MSG_NOSIGNAL);
	else
		fd_send(reply_fd, pidfd, &answer, sizeof(answer));
	proc_exit(0);
}

static int explain(const struct answer *a, struct err *err)
{
	if ((size_t)a->ns < ARRAY_LEN(joins))
		return err_sys(err, a->errnum, "cannot join the %s namespace", joins[a->ns].name);
	return err_sys(err, a->errnum, "cannot start the container's process in its user namespace");
}

int rt_between_clone(const struct rt_launch *l, struct clone_args *args, const struct rt_child *c, struct rt_process *ret, struct err *err)
{
	int ends[2], pidfd = -EBADF;
	struct answer answer = { .errnum = ECHILD, .ns = ARRAY_LEN(joins) };
	int rc = fd_socketpair(SOCK_SEQPACKET, ends);
	if (rc < 0)
		return err_sys(err, -rc, "cannot make a socket");
	pid_t pid = proc_fork();
	if (pid == 0) {
		struct rt_child own = *c;
		go_between(l->spec, args, &own, ends[1]);
	}
	answer.errnum = pid < 0 ? errno : ECHILD;
	fd_close(ends[1]);
	if (pid > 0 && fd_recv(ends[0], &pidfd, &answer, sizeof(answer)) != sizeof(answer))
		answer.errnum = ECHILD;
	fd_close(ends[0]);
	if (pid > 0)
		proc_wait(pid);
	if (answer.errnum)
		return explain(&answer, err);
	ret->pid = answer.pid;
	ret->pidfd = pidfd;
	return 0;
}
