/* proc_ask.c - see proc_ask.h */
#include "base/proc_ask.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/ntime.h"
#include "base/proc.h"

extern char **environ;

/* Of PATH only what is absolute: the directory one stands in is anybody's. */
static char *in_path_dup(const char *name)
{
	const char *path = getenv("PATH");
	auto_strv dirs = strv_split(path ? path : "", ':');

	for (char **dir = dirs; dir && *dir; dir++) {
		auto_free char *file = mem_printf("%s/%s", *dir, name);

		if (**dir == '/' && access(file, X_OK) == 0)
			return take_ptr(file);
	}
	return NULL;
}

static void child(const char *path, const char *const *argv, int in_fd, int out_fd)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (dup2(in_fd, STDIN_FILENO) >= 0 && dup2(out_fd, STDOUT_FILENO) >= 0)
		execve(path, (char *const *)argv, environ);
	_exit(127);
}

static int left_ms(int64_t deadline)
{
	int64_t left = (deadline - ntime_monotonic()) / NS_PER_MS;

	return left > 0 ? (int)left : 0;
}

/* To its end; 0, or why it is not waited for. */
static int read_answer(int fd, size_t max, int64_t deadline, struct str *to)
{
	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		char chunk[4096];
		int ready = poll(&p, 1, left_ms(deadline));
		ssize_t n = ready > 0 ? read(fd, chunk, sizeof(chunk)) : 0;

		if (ready == 0)
			return -ETIMEDOUT;
		if (ready < 0 || n < 0) {
			if (errno == EINTR)
				continue;
			return -errno;
		}
		if (n == 0)
			return 0;
		if (to->len + (size_t)n > max)
			return -EFBIG;
		str_add_mem(to, chunk, (size_t)n);
		explicit_bzero(chunk, (size_t)n);
	}
}

/* One that has answered may still not end. */
static int await_end(pid_t pid, int64_t deadline)
{
	auto_close int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	int r = fd < 0 ? -errno : proc_wait_gone(fd, left_ms(deadline));

	return r == 0 ? -ETIMEDOUT : r < 0 ? r : 0;
}

int proc_ask(const struct proc_ask *ask, struct str *ret_answer, int *ret_status)
{
	auto_free char *path = in_path_dup(ask->argv[0]);
	auto_close int in_fd = -EBADF, read_fd = -EBADF, write_fd = -EBADF;
	int64_t deadline = ntime_monotonic() + ask->limit_ms * NS_PER_MS;
	int fds[2], r = path ? fd_memory(ask->question, strlen(ask->question), &in_fd) : -ENOENT;

	if (r < 0 || (r = fd_pipe(fds)) < 0)
		return r;
	read_fd = fds[0];
	write_fd = fds[1];
	pid_t pid = proc_fork();
	if (pid == 0)
		child(path, ask->argv, in_fd, write_fd);
	if (pid < 0)
		return -errno;
	write_fd = fd_close(write_fd);
	r = read_answer(read_fd, ask->answer_max, deadline, ret_answer);
	if (r == 0)
		r = await_end(pid, deadline);
	if (r < 0)
		kill(pid, SIGKILL);
	*ret_status = proc_wait(pid);
	return r;
}
