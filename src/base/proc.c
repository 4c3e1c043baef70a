/* proc.c - see proc.h */
#include "base/proc.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/ntime.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OUTPUT_MAX_BYTES = 64 << 10 };

/* Field 22, counted after the last ')': a command name may hold anything. ret_state: 'R', 'S', 'Z' … */
static int read_stat(pid_t pid, uint64_t *ret_start, char *ret_state)
{
	char path[64], text[1024];

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -ESRCH;
	ssize_t len = fd_read_full(fd, text, sizeof(text) - 1);
	if (len <= 0)
		return -ESRCH;
	text[len] = 0;
	char *at = strrchr(text, ')');
	if (!at || at[1] != ' ')
		return -ESRCH;
	*ret_state = at[2];
	for (int field = 2; field < 22; field++) {
		at = strchr(at + 1, ' ');
		if (!at)
			return -ESRCH;
	}
	unsigned long long start = 0;
	for (at++; *at >= '0' && *at <= '9'; at++)
		start = start * 10 + (unsigned)(*at - '0');
	*ret_start = start;
	return 0;
}

int proc_id_of(pid_t pid, struct proc_id *ret)
{
	char state;
	uint64_t start;
	int rc = read_stat(pid, &start, &state);

	if (rc < 0)
		return rc;
	*ret = (struct proc_id){ .pid = pid, .start_ticks = start };
	return 0;
}

int proc_open(const struct proc_id *id, int *ret_pidfd)
{
	struct proc_id now;

	if (id->pid <= 0)
		return -ESRCH;
	auto_close int fd = (int)syscall(SYS_pidfd_open, id->pid, 0);
	if (fd < 0)
		return -errno;
	/* asked after the descriptor is held: if it is that process now, the descriptor is that process */
	if (proc_id_of(id->pid, &now) < 0 || now.start_ticks != id->start_ticks)
		return -ESRCH;
	*ret_pidfd = take_fd(fd);
	return 0;
}

int proc_signal(int pidfd, int sig)
{
	return syscall(SYS_pidfd_send_signal, pidfd, sig, NULL, 0) < 0 ? -errno : 0;
}

int proc_wait_gone(int pidfd, int timeout_ms)
{
	int64_t deadline = timeout_ms < 0 ? 0 : ntime_monotonic() + timeout_ms * NS_PER_MS;
	struct pollfd p = { .fd = pidfd, .events = POLLIN };

	for (;;) {
		int n = poll(&p, 1, timeout_ms);
		if (n >= 0)
			return n > 0;
		if (errno != EINTR)
			return -errno;
		if (timeout_ms >= 0) {
			int64_t left = (deadline - ntime_monotonic()) / NS_PER_MS;
			timeout_ms = left > 0 ? (int)left : 0;
		}
	}
}

const char *proc_boot_id(void)
{
	static char id[40]; /* a cache of what cannot change */

	if (!id[0]) {
		auto_close int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
		ssize_t len = fd < 0 ? -1 : fd_read_full(fd, id, 36);
		id[len == 36 ? 36 : 0] = 0;
	}
	return id;
}

char *proc_find_helper(const char *name)
{
	static const char *const dirs[] = { "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin" };

	for (size_t i = 0; i < ARRAY_LEN(dirs); i++) {
		char *path = mem_printf("%s/%s", dirs[i], name);
		if (access(path, X_OK) == 0)
			return path;
		free(path);
	}
	return NULL;
}

pid_t proc_fork(void)
{
	fflush(NULL);
	return fork();
}

int proc_wait(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

#if defined(__SANITIZE_ADDRESS__)
extern void __lsan_do_leak_check(void) __attribute__((weak));
#endif
extern void __gcov_dump(void) __attribute__((weak));

void proc_exit(int code)
{
	fflush(NULL);
	if (__gcov_dump)
		__gcov_dump();
	_exit(code);
}

int proc_report(int fd, const struct err *err)
{
	return fd_write_full(fd, err, sizeof(*err));
}

int proc_collect(int fd, pid_t pid, const char *what, struct err *err)
{
	struct err told;
	ssize_t len = fd_read_full(fd, &told, sizeof(told));
	int code = pid > 0 ? proc_wait(pid) : 0;

	if (len == sizeof(told) && told.kind == ERR_NONE)
		return 0;
	if (len == sizeof(told) && told.kind < ERR_KIND_COUNT) {
		told.text[sizeof(told.text) - 1] = 0;
		*err = told;
		return -1;
	}
	if (code > 128)
		return err_set(err, ERR_INTERNAL, "%s was killed by signal %d", what, code - 128);
	return err_set(err, ERR_INTERNAL, "%s ended without a word", what);
}

/* --- helpers --- */

static void run_child(const char *path, const char *const *argv, char *const *envp, int out_fd, int err_fd)
{
	static const char *const few[] = { "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C", NULL };
	int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (null_fd < 0 || dup2(null_fd, 0) < 0 || dup2(out_fd >= 0 ? out_fd : null_fd, 1) < 0 || dup2(err_fd >= 0 ? err_fd : null_fd, 2) < 0)
		_exit(127);
	execve(path, (char *const *)argv, envp ? envp : (char *const *)few);
	_exit(127);
}

/* Reads both to their ends; keeps the beginning, drains the rest, so that the helper never blocks. */
static void drain(int fds[2], struct str *const outs[2])
{
	while (fds[0] >= 0 || fds[1] >= 0) {
		struct pollfd p[2] = { { .fd = fds[0], .events = POLLIN }, { .fd = fds[1], .events = POLLIN } };
		if (poll(p, 2, -1) < 0)
			continue;
		for (int i = 0; i < 2; i++) {
			char chunk[4096];
			if (!p[i].revents)
				continue;
			ssize_t n = read(fds[i], chunk, sizeof(chunk));
			if (n < 0 && errno == EINTR)
				continue;
			if (n <= 0)
				fds[i] = fd_close(fds[i]);
			else if (outs[i] && outs[i]->len < OUTPUT_MAX_BYTES)
				str_add_mem(outs[i], chunk, (size_t)n);
		}
	}
}

int proc_run(const char *const *argv, char *const *envp, int *ret_status, struct str *ret_stdout, struct str *ret_stderr, struct err *err)
{
	auto_free char *path = strchr(argv[0], '/') ? mem_strdup(argv[0]) : proc_find_helper(argv[0]);
	struct str *const outs[2] = { ret_stdout, ret_stderr };
	int pipes[2][2] = { { -EBADF, -EBADF }, { -EBADF, -EBADF } };

	if (!path)
		return err_set(err, ERR_NOT_FOUND, "the program '%s' is not installed", argv[0]);
	for (int i = 0; i < 2; i++) {
		int rc = outs[i] ? fd_pipe(pipes[i]) : 0;
		if (rc < 0)
			return err_sys(err, -rc, "cannot run '%s'", path);
	}
	pid_t pid = proc_fork();
	if (pid == 0)
		run_child(path, argv, envp, pipes[0][1], pipes[1][1]);
	int errnum = errno;
	for (int i = 0; i < 2; i++)
		fd_close(pipes[i][1]);
	int ends[2] = { pipes[0][0], pipes[1][0] };
	if (pid < 0) {
		fd_close(ends[0]);
		fd_close(ends[1]);
		return err_sys(err, errnum, "cannot run '%s'", path);
	}
	drain(ends, outs);
	*ret_status = proc_wait(pid);
	return 0;
}
