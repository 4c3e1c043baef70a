/* init.c - cpod-init, process 1 of a container with --init: starts one program, passes signals on, reaps what is left to it, and
 * ends with the program's code.
 * usage: cpod-init -- PROGRAM [WORDS]
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* The kernel gives these to whoever caused them; passing them on would be wrong. */
static const int own[] = { SIGCHLD, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS, SIGABRT };

static pid_t start(char **words, const sigset_t *old)
{
	pid_t pid = fork();
	if (pid)
		return pid;
	setpgid(0, 0);
	if (isatty(0))
		tcsetpgrp(0, getpgrp()); /* the terminal's keys are for the program */
	sigprocmask(SIG_SETMASK, old, NULL);
	execvp(words[0], words);
	int code = errno == ENOENT ? 127 : 126;
	fprintf(stderr, "cpod-init: cannot run '%s': %s\n", words[0], strerror(errno));
	_exit(code);
}

int main(int argc, char **argv)
{
	char **words = argv + 1;
	sigset_t all, old;
	if (argc > 1 && strcmp(words[0], "--") == 0)
		words++;
	if (argc < 2 || !words[0]) {
		fprintf(stderr, "usage: cpod-init -- PROGRAM [WORDS]\n");
		return 125;
	}
	sigfillset(&all);
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (own[i] != SIGCHLD)
			sigdelset(&all, own[i]);
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigaction(SIGTTOU, &ignore, NULL); /* giving the terminal away is not a reason to stop */
	sigprocmask(SIG_BLOCK, &all, &old);
	pid_t child = start(words, &old);
	if (child < 0) {
		fprintf(stderr, "cpod-init: cannot start a process: %s\n", strerror(errno));
		return 126;
	}
	for (;;) {
		int status;
		siginfo_t info;
		int sig = sigwaitinfo(&all, &info);
		if (sig > 0 && sig != SIGCHLD)
			kill(child, sig);
		if (sig != SIGCHLD)
			continue;
		for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
			if (pid == child)
				return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	}
}
