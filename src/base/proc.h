/* proc.h - processes: fork with a reported failure, exec helpers without a shell, who is alive.
 * Errors: -errno, or err where a person reads it.
 */
#pragma once

#include "base/err.h"
#include "base/str.h"

#include <stdint.h>
#include <sys/types.h>

/* Who a process is beyond its number: a pid is reused, a pid with its start time and boot is not. */
struct proc_id {
	pid_t pid;
	uint64_t start_ticks; /* field 22 of /proc/PID/stat */
};

int proc_id_of(pid_t pid, struct proc_id *ret); /* -ESRCH */
/* A pidfd of exactly that process, or -ESRCH when it is gone or another has its number. */
int proc_open(const struct proc_id *id, int *ret_pidfd);
int proc_signal(int pidfd, int sig);
/* 1 exited, 0 still there after timeout_ms (-1: wait for ever). */
int proc_wait_gone(int pidfd, int timeout_ms);

/* This boot's id (36 characters), read once; "" where /proc does not tell. */
const char *proc_boot_id(void);

/* Runs a program with these arguments and this environment (NULL: PATH and LANG only), stdin from /dev/null, and waits.
 * The first 64 KiB of stdout (stderr) are kept for the caller when asked for. Not found on the fixed search path:
 * ERR_NOT_FOUND. The exit status is in *ret_status (128+n for a signal). */
int proc_run(const char *const *argv, char *const *envp, int *ret_status, struct str *ret_stdout, struct str *ret_stderr,
	     struct err *err) must_check;
/* Finds a helper in /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin only; owned, NULL when absent. */
char *proc_find_helper(const char *name);

/* fork with stdio flushed; 0 in the child. */
pid_t proc_fork(void);
/* waitpid with EINTR retried; exit code, 128+n for a signal, or -errno. */
int proc_wait(pid_t pid);
/* Ends a child of ours without atexit handlers, but with coverage and sanitizer data written. */
void proc_exit(int code) __attribute__((noreturn));

/* A child that ran with an err sends it here, the parent reads it: -1 with *err set when the child failed or vanished. */
int proc_report(int fd, const struct err *err);
int proc_collect(int fd, pid_t pid, const char *what, struct err *err) must_check;
