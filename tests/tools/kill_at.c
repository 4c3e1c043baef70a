/* kill_at.c - runs a command and kills it (SIGKILL) just before its n-th system call.
 *   kill_at --count [options] CMD [ARG...]      prints on stderr how many system calls are made
 *   kill_at N [options] CMD [ARG...]
 *      --self     only the command's own process is followed and killed; its children live on (the default)
 *      --tree     all its descendants are followed and counted; at the n-th call all of them are killed
 *      --one      as --tree, but only the process that makes the n-th call is killed
 *      --birth    n counts births: who has given birth to the n-th process is killed before the next call it makes
 *      --user UID:GID   the command runs as that user, without other groups
 *      --report FILE    says there what was killed where: "[child ]NAME syscall NUMBER", or "ended COUNT BIRTHS"
 * Ends with the command's exit code (128+n for a signal); with --tree and --one after the last descendant has ended, or, when
 * the command has ended and none makes a system call for --linger MS (200), lets the others go.
 * We are seized, not attached: group stops stay what they are. If we die, so do those we follow (PTRACE_O_EXITKILL).
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TRACEES_MAX = 4096, SYSCALL_STOP = SIGTRAP | 0x80 };
enum mode { MODE_SELF, MODE_TREE, MODE_ONE };

struct tracee {
	pid_t pid;
	bool in_call; /* between entry and exit */
};

struct run {
	enum mode mode;
	bool counting;
	long target, calls;
	int linger_ms;
	uid_t uid;
	gid_t gid;
	bool as_user;
	const char *report;
	char **argv;
	pid_t first;
	int first_status;
	bool first_ended, started, killed, letting_go;
	int signal_fd;
	struct tracee tracees[TRACEES_MAX];
	size_t count;
	long births;
	bool by_birth;
	pid_t parent; /* of the birth that was meant */
};

static void fail(const char *what)
{
	fprintf(stderr, "kill_at: %s: %s\n", what, strerror(errno));
	exit(125);
}

static struct tracee *find(struct run *r, pid_t pid)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->tracees[i].pid == pid)
			return &r->tracees[i];
	if (r->count == TRACEES_MAX)
		return NULL;
	r->tracees[r->count] = (struct tracee){ .pid = pid };
	return &r->tracees[r->count++];
}

static void forget(struct run *r, pid_t pid)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->tracees[i].pid == pid)
			r->tracees[i] = r->tracees[--r->count];
}

static void say(const struct run *r, const char *text)
{
	FILE *file = r->report ? fopen(r->report, "we") : NULL;
	if (file) {
		fprintf(file, "%s\n", text);
		fclose(file);
	}
}

static void say_killed(const struct run *r, pid_t pid)
{
	char path[64], name[32] = "?", call[64] = "?", text[160];
	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd >= 0 ? read(fd, name, sizeof(name) - 1) : 0;
	if (got > 0)
		name[got - 1] = 0;
	if (fd >= 0)
		close(fd);
	struct __ptrace_syscall_info info;
	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) > 0)
		snprintf(call, sizeof(call), "%llu", (unsigned long long)info.entry.nr);
	snprintf(text, sizeof(text), "%s%s syscall %s", pid == r->first ? "" : "child ", name, call);
	say(r, text);
}

static void say_ended(const struct run *r)
{
	char text[64];
	snprintf(text, sizeof(text), "ended %ld %ld", r->calls, r->births);
	say(r, text);
}

/* --- the command --- */

static _Noreturn void child(const struct run *r, int go_fd)
{
	char byte;
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (read(go_fd, &byte, 1) != 1)
		_exit(125);
	close(go_fd);
	if (r->as_user && (setgroups(0, NULL) < 0 || setgid(r->gid) < 0 || setuid(r->uid) < 0))
		fail("cannot become the user");
	execvp(r->argv[0], r->argv);
	fail(r->argv[0]);
	_exit(127);
}

static void start(struct run *r)
{
	int go[2];
	long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
	if (r->mode != MODE_SELF)
		options |= PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE;
	if (pipe2(go, O_CLOEXEC) < 0)
		fail("pipe");
	r->first = fork();
	if (r->first < 0)
		fail("fork");
	if (r->first == 0)
		child(r, go[0]);
	if (ptrace(PTRACE_SEIZE, r->first, 0, options) < 0)
		fail("cannot follow the command");
	find(r, r->first);
	close(go[0]);
	if (write(go[1], "x", 1) != 1)
		fail("pipe");
	close(go[1]);
}

/* --- its stops --- */

static void kill_at(struct run *r, struct tracee *t)
{
	r->killed = true;
	say_killed(r, t->pid);
	if (r->mode != MODE_TREE) {
		kill(t->pid, SIGKILL);
		return;
	}
	for (size_t i = 0; i < r->count; i++)
		kill(r->tracees[i].pid, SIGKILL);
}

static void syscall_stop(struct run *r, struct tracee *t)
{
	t->in_call = !t->in_call;
	if (!t->in_call || !r->started)
		return;
	r->calls++;
	if (!r->counting && !r->killed && (r->by_birth ? t->pid == r->parent : r->calls == r->target))
		kill_at(r, t);
}

static void go_on(struct run *r, pid_t pid, int sig)
{
	/* once it is done nobody needs to be stopped again; ESRCH: killed meanwhile */
	bool done = r->letting_go || (r->killed && r->mode != MODE_TREE);
	if (done ? ptrace(PTRACE_DETACH, pid, 0, sig) == 0 : false) {
		if (pid != r->first)
			forget(r, pid);
		return;
	}
	ptrace(PTRACE_SYSCALL, pid, 0, sig);
}

static void stopped(struct run *r, pid_t pid, int status)
{
	int sig = WSTOPSIG(status), event = status >> 16;
	struct tracee *t = find(r, pid);
	if (!t) {
		errno = E2BIG;
		fail("too many processes");
	}
	if (r->killed && r->mode == MODE_TREE) { /* born while we killed */
		kill(pid, SIGKILL);
		ptrace(PTRACE_CONT, pid, 0, 0);
		return;
	}
	if (event == PTRACE_EVENT_EXEC) {
		if (!r->started) {
			r->started = true;
			t->in_call = true; /* execve returns next */
		}
		sig = 0;
	} else if (event == PTRACE_EVENT_STOP) {
		if (sig != SIGTRAP && !r->letting_go) { /* a group stop: stay stopped, but listen */
			ptrace(PTRACE_LISTEN, pid, 0, 0);
			return;
		}
		sig = 0;
	} else if (event) {
		if (r->started && ++r->births == r->target && r->by_birth)
			r->parent = pid;
		sig = 0;
	} else if (sig == SYSCALL_STOP) {
		syscall_stop(r, t);
		sig = 0;
	}
	go_on(r, pid, sig);
}

static void ended(struct run *r, pid_t pid, int status)
{
	forget(r, pid);
	if (pid != r->first)
		return;
	r->first_ended = true;
	r->first_status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void let_go(struct run *r)
{
	r->letting_go = true;
	for (size_t i = 0; i < r->count; i++)
		ptrace(PTRACE_INTERRUPT, r->tracees[i].pid, 0, 0);
}

/* False: nothing is left to be waited for. */
static bool reap(struct run *r)
{
	for (;;) {
		int status;
		pid_t pid = waitpid(-1, &status, __WALL | WNOHANG);
		if (pid < 0 && errno == EINTR)
			continue;
		if (pid <= 0)
			return pid == 0 && (r->count || !r->first_ended);
		if (WIFSTOPPED(status))
			stopped(r, pid, status);
		else
			ended(r, pid, status);
	}
}

static int follow(struct run *r)
{
	while (reap(r)) {
		struct pollfd p = { .fd = r->signal_fd, .events = POLLIN };
		bool may_linger = r->first_ended && !r->letting_go && r->mode != MODE_SELF;
		int n = poll(&p, 1, may_linger ? r->linger_ms : 2000);
		struct signalfd_siginfo info;
		if (n > 0 && read(r->signal_fd, &info, sizeof(info)) < 0)
			continue;
		if (n == 0 && may_linger)
			let_go(r);
	}
	return r->first_status;
}

/* --- words --- */

static void usage(void)
{
	fprintf(stderr, "usage: kill_at (--count | N) [--self | --tree | --one] [--birth] [--user UID:GID] [--report FILE] [--linger MS] CMD [ARG...]\n");
	exit(125);
}

static void parse(struct run *r, char **argv)
{
	for (argv++; *argv && (strncmp(*argv, "--", 2) == 0 || (**argv >= '0' && **argv <= '9')); argv++) {
		if (strcmp(*argv, "--count") == 0)
			r->counting = true;
		else if (strcmp(*argv, "--self") == 0)
			r->mode = MODE_SELF;
		else if (strcmp(*argv, "--tree") == 0)
			r->mode = MODE_TREE;
		else if (strcmp(*argv, "--one") == 0)
			r->mode = MODE_ONE;
		else if (strcmp(*argv, "--birth") == 0)
			r->by_birth = true;
		else if (strcmp(*argv, "--report") == 0 && argv[1])
			r->report = *++argv;
		else if (strcmp(*argv, "--linger") == 0 && argv[1] && sscanf(argv[1], "%d", &r->linger_ms) == 1)
			argv++;
		else if (strcmp(*argv, "--user") == 0 && argv[1] && sscanf(argv[1], "%u:%u", &r->uid, &r->gid) == 2)
			argv++, r->as_user = true;
		else if (sscanf(*argv, "%ld", &r->target) != 1 || r->target < 1)
			usage();
	}
	if (!*argv || r->counting == (r->target > 0))
		usage();
	r->argv = argv;
}

int main(int argc, char **argv)
{
	static struct run r = { .linger_ms = 200 };
	sigset_t set;
	if (argc < 2)
		usage();
	parse(&r, argv);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	r.signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (r.signal_fd < 0)
		fail("signalfd");
	start(&r);
	int code = follow(&r);
	if (!r.killed)
		say_ended(&r);
	if (r.counting)
		fprintf(stderr, "%ld\n", r.calls);
	return code;
}
