/* The engine's side of the control socket. */
#include "runtime/rt_priv.h"

#include "base/fd.h"
#include "base/log.h"
#include "base/proc.h"
#include "wire/plan_words.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

void rt_process_done(struct rt_process *p)
{
	p->pidfd = fd_close(p->pidfd);
	p->control_fd = fd_close(p->control_fd);
	p->console_fd = fd_close(p->console_fd);
	p->root_fd = fd_close(p->root_fd);
}

void rt_abort(struct rt_process *p)
{
	if (p->pid <= 0)
		return;
	if (p->pidfd >= 0)
		proc_signal(p->pidfd, SIGKILL);
	else
		kill(p->pid, SIGKILL); /* a child of ours that has not been waited for: the number is still its */
	proc_wait(p->pid);
	p->pid = -1;
}

/* COMPAT: the sentences are crun's through Podman */
static int command_failed(const struct plan_message *m, struct err *err)
{
	static const char not_found[] = "OCI runtime attempted to invoke a command that was not found";
	const char *what = m->subject[0];
	switch ((enum plan_reason)m->reason) {
	case PLAN_REASON_NOT_IN_PATH:
		return err_set(err, ERR_CMD_NOT_FOUND, "crun: executable file `%s` not found in $PATH: No such file or directory: %s", what, not_found);
	case PLAN_REASON_EMPTY:
		return err_set(err, ERR_CMD_NOT_FOUND, "crun: cannot find `` in $PATH: No such file or directory: %s", not_found);
	case PLAN_REASON_NOT_REGULAR:
		return err_set(err, ERR_CMD_NOT_EXECUTABLE, "crun: the path `%s` is not a regular file: Operation not permitted: OCI permission denied", what);
	case PLAN_REASON_NOT_EXECUTABLE:
		return err_set(err, ERR_CMD_NOT_EXECUTABLE, "crun: the path `%s` exists but it is not executable: Operation not permitted: OCI permission denied", what);
	case PLAN_REASON_NOT_FOUND:
		if (m->errnum == EACCES)
			return err_set(err, ERR_CMD_NOT_EXECUTABLE, "crun: open executable: `%s`: Permission denied: OCI permission denied", what);
		return err_set(err, ERR_CMD_NOT_FOUND, "crun: executable file `%s` not found: No such file or directory: %s", what, not_found);
	case PLAN_REASON_EXEC:
		if (m->errnum == ENOENT)
			return err_set(err, ERR_CMD_NOT_FOUND, "cannot run '%s': its interpreter or dynamic loader is missing", what);
		return err_set(err, ERR_CMD_NOT_EXECUTABLE, "cannot run '%s': %s", what, err_reason(m->errnum));
	case PLAN_REASON_NONE:
		break;
	}
	return err_set(err, ERR_INTERNAL, "cannot run '%s': %s", what, err_reason(m->errnum));
}

static int stage_failed(struct plan_message *m, struct err *err)
{
	if (m->op >= PLAN_CODE_COUNT)
		return err_set(err, ERR_INTERNAL, "the stage speaks another language: install cpod again");
	m->subject[0][PLAN_SUBJECT_BYTES - 1] = m->subject[1][PLAN_SUBJECT_BYTES - 1] = 0;
	if (m->op == PLAN_COMMAND || m->op == PLAN_RUN)
		return command_failed(m, err);
	if (m->op == PLAN_NONE)
		return err_sys(err, m->errnum, "cannot use '%s' of this host", m->subject[0]);
	return err_sys(err, m->errnum, plan_sentences[m->op], m->subject[0], m->subject[1]);
}

/* After the end of file: nobody there any more. */
static int stage_died(struct rt_process *p, const char *when, struct err *err)
{
	int code = proc_wait(p->pid);
	p->pid = -1;
	if (code > 128)
		return err_set(err, ERR_INTERNAL, "the container's first process was killed by signal %d %s", code - 128, when);
	return err_set(err, ERR_INTERNAL, "the container's first process ended with %d %s", code, when);
}

/* 1: a message, 0: end of file. */
static int receive(struct rt_process *p, struct plan_message *m, struct err *err)
{
	int fd = -EBADF;
	ssize_t n = fd_recv(p->control_fd, &fd, m, sizeof(*m));
	if (n == -ECONNRESET)
		n = 0;
	if (n < 0)
		return err_sys(err, (int)-n, "cannot hear from the container's first process");
	if (n == 0)
		return 0;
	if (n != sizeof(*m)) {
		fd_close(fd);
		return err_set(err, ERR_INTERNAL, "the stage speaks another language: install cpod again");
	}
	if (m->kind == PLAN_SAYS_TERMINAL && p->console_fd < 0)
		p->console_fd = fd;
	else if (m->kind == PLAN_SAYS_ROOT && p->root_fd < 0)
		p->root_fd = fd;
	else
		fd_close(fd);
	return 1;
}

static int reap_failed(struct rt_process *p, struct plan_message *m, struct err *err)
{
	rt_abort(p);
	return stage_failed(m, err);
}

/* Until the stage says `wanted`, or something later. */
static int wait_for(struct rt_process *p, enum plan_message_kind wanted, struct err *err)
{
	struct plan_message m;
	char path[64];
	for (;;) {
		int rc = receive(p, &m, err);
		if (rc < 0)
			return -1;
		if (rc == 0)
			return stage_died(p, "while its surroundings were made", err);
		if (m.kind == PLAN_SAYS_FAILED)
			return reap_failed(p, &m, err);
		if (m.kind == PLAN_SAYS_NOTE)
			log_debug("a default limit is lowered to what this host permits: %s", m.subject[0]);
		if (m.kind == wanted)
			break;
		if (m.kind == PLAN_SAYS_READY)
			return err_set(err, ERR_INTERNAL, "the stage speaks another language: install cpod again");
	}
	if (p->root_fd >= 0)
		return 0;
	snprintf(path, sizeof(path), "/proc/%d/root", p->pid);
	p->root_fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (p->root_fd >= 0)
		return 0;
	int errnum = errno;
	/* it went on, and may have failed: its reason is the one to tell */
	if (wanted == PLAN_SAYS_STANDS && wait_for(p, PLAN_SAYS_READY, err) < 0)
		return -1;
	return err_sys(err, errnum, "cannot look into the container");
}

int rt_wait_root(struct rt_process *p, struct err *err)
{
	return wait_for(p, PLAN_SAYS_ROOT, err);
}

int rt_wait_tree(struct rt_process *p, struct err *err)
{
	return wait_for(p, PLAN_SAYS_STANDS, err);
}

int rt_wait_ready(struct rt_process *p, struct err *err)
{
	return wait_for(p, PLAN_SAYS_READY, err);
}

int rt_release(struct rt_process *p, struct err *err)
{
	struct plan_message m;
	const char go = PLAN_RELEASE;
	if (send(p->control_fd, &go, 1, MSG_NOSIGNAL) != 1)
		return stage_died(p, "before it ran", err);
	int rc = receive(p, &m, err);
	if (rc < 0)
		return -1;
	if (rc > 0)
		return reap_failed(p, &m, err);
	p->control_fd = fd_close(p->control_fd);
	return 0;
}
