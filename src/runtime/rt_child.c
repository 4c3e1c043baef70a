/* Between clone and exec: no allocation, no log, no lock. It may share its maker's memory (vfork), so it writes to nothing but its
 * own stack frames. */
#include "runtime/rt_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A descriptor below 3 that is to become another one would be overwritten on the way. */
static int lift(int fd)
{
	return fd >= 0 && fd < 3 ? fcntl(fd, F_DUPFD_CLOEXEC, 3) : fd;
}

static int place_stdio(const struct rt_child *c)
{
	int fds[3];
	for (int i = 0; i < 3; i++)
		fds[i] = lift(c->stdio[i]);
	for (int i = 0; i < 3; i++) {
		if (fds[i] < 0)
			continue;
		if (dup2(fds[i], i) < 0)
			return -1;
	}
	return 0;
}

static void default_signals(const struct rt_child *c)
{
	/* the image's program starts with nothing ignored and nothing blocked */
	struct sigaction dfl = { .sa_handler = SIG_DFL };
	for (int sig = 1; sig < 65; sig++)
		if (sig != SIGKILL && sig != SIGSTOP && sig != 32 && sig != 33)
			sigaction(sig, &dfl, NULL);
	sigprocmask(SIG_SETMASK, c->old_mask, NULL);
}

static _Noreturn void child(const struct rt_child *c)
{
	static char *const no_env[] = { NULL };
	char go;
	default_signals(c);
	/* a parent that is killed meanwhile must be seen to be gone: we have copies of all it holds, its locks too */
	if (c->wait_for_maps)
		close(c->parent_fd);
	if (c->wait_for_maps && read(c->control_fd, &go, 1) != 1)
		_exit(125);
	/* a capability set is lost in an exec as nobody */
	if (c->become_root && (syscall(SYS_setresgid, 0, 0, 0) < 0 || syscall(SYS_setresuid, 0, 0, 0) < 0))
		_exit(125);
	if (place_stdio(c) < 0 || syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC) < 0)
		_exit(125);
	fcntl(c->control_fd, F_SETFD, 0);
	fcntl(c->plan_fd, F_SETFD, 0);
	for (const int *fd = c->keep; *fd >= 0; fd++)
		fcntl(*fd, F_SETFD, 0);
	for (const int *fd = c->preserve; fd && *fd >= 0; fd++)
		fcntl(*fd, F_SETFD, 0);
	syscall(SYS_execveat, c->stage_fd, "", c->argv, no_env, AT_EMPTY_PATH);
	_exit(125);
}

#if RT_CHILD_MAY_SHARE_MEMORY
/* In line, so that the child, which shares the stack, does not return through a frame the parent still needs. */
static inline __attribute__((always_inline)) long clone3_here(struct clone_args *args)
{
	long rc;
	__asm__ volatile("syscall" : "=a"(rc) : "0"(SYS_clone3), "D"(args), "S"(sizeof(*args)) : "rcx", "r11", "memory");
	return rc;
}
#else
static long clone3_here(struct clone_args *args)
{
	long rc = syscall(SYS_clone3, args, sizeof(*args));
	return rc < 0 ? -errno : rc;
}
#endif

__attribute__((noinline)) long rt_child_spawn(struct clone_args *args, const struct rt_child *c)
{
	long pid = clone3_here(args);
	if (pid == 0)
		child(c);
	return pid;
}
