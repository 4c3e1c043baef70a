#include "engine/ctr_client.h"

#include "base/log.h"
#include "engine/ctr_state.h"
#include "engine/detach_keys.h"
#include "host/tty.h"
#include "storage/store.h"
#include "wire/monitor_proto.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Neither side may wait for the other while the other waits for it: input is sent without blocking and kept until it went,
 * output is always read. */
struct client {
	struct engine *engine;
	struct ctr *ctr;
	const struct ctr_attach_opts *opts;
	struct detach_keys keys;
	int fd, signal_fd, pidfd;
	bool tty, raw, in_open, in_ended, exited, detached;
	struct monitor_exit exit;
	size_t pending; /* bytes of packet not sent yet */
	char packet[1 + MONITOR_CHUNK_BYTES];
};

int ctr_client_connect(struct engine *engine, const struct ctr *ctr, int *ret_fd)
{
	struct err ignored = { 0 };
	auto_close int dir_fd = -EBADF;
	if (store_run_dir(engine->store, ctr->id, false, &dir_fd, &ignored) < 0)
		return -ENOENT;
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	snprintf(addr.sun_path, sizeof(addr.sun_path), "/proc/self/fd/%d/attach", dir_fd);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0) {
		int rc = -errno;
		fd_close(fd);
		return rc;
	}
	*ret_fd = fd;
	return 0;
}

static void say(int fd, enum monitor_msg kind)
{
	char byte = (char)kind;
	if (send(fd, &byte, 1, MSG_NOSIGNAL) < 0)
		log_debug("the monitor has gone: %s", err_reason(errno));
}

void ctr_client_say_done(int fd, const char *trash_name)
{
	char packet[1 + MONITOR_TRASH_NAME_MAX] = { MONITOR_DONE };
	size_t len = trash_name ? strlen(trash_name) : 0;
	if (len > MONITOR_TRASH_NAME_MAX)
		len = 0;
	memcpy(packet + 1, trash_name ? trash_name : "", len);
	if (send(fd, packet, 1 + len, MSG_NOSIGNAL) < 0)
		log_debug("the monitor has gone: %s", err_reason(errno));
}

void ctr_client_say_health(struct engine *engine, const struct ctr *ctr, const struct monitor_health *times)
{
	auto_close int fd = -EBADF;
	char packet[1 + sizeof(*times)] = { MONITOR_HEALTH };
	memcpy(packet + 1, times, sizeof(*times));
	if (ctr_client_connect(engine, ctr, &fd) < 0 || send(fd, packet, sizeof(packet), MSG_NOSIGNAL) < 0)
		log_debug("no monitor of container %s hears of its new health check", ctr->def.name);
}

int ctr_client_listen(struct engine *engine, const struct ctr *ctr, int *ret_fd)
{
	int rc = ctr_client_connect(engine, ctr, ret_fd);
	if (rc >= 0)
		say(*ret_fd, MONITOR_QUIET);
	return rc;
}

int ctr_client_hear_exit(int fd, int *ret_exit_code)
{
	char packet[1 + MONITOR_CHUNK_BYTES];
	for (;;) {
		ssize_t got = recv(fd, packet, sizeof(packet), 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return -EPIPE;
		struct monitor_exit end;
		if (packet[0] == MONITOR_EXIT && (size_t)got == 1 + sizeof(end)) {
			memcpy(&end, packet + 1, sizeof(end));
			*ret_exit_code = end.code;
			return 0;
		}
	}
}

int ctr_client_wait_exit(struct engine *engine, const struct ctr *ctr, int *ret_exit_code)
{
	auto_close int fd = -EBADF;
	int rc = ctr_client_listen(engine, ctr, &fd);
	return rc < 0 ? rc : ctr_client_hear_exit(fd, ret_exit_code);
}

/* --- signals and size --- */

static void send_size(struct client *c)
{
	struct monitor_size size;
	char packet[1 + sizeof(size)] = { MONITOR_SIZE };
	if (!c->tty || tty_size(STDOUT_FILENO, &size.rows, &size.cols) < 0)
		return;
	memcpy(packet + 1, &size, sizeof(size));
	if (send(c->fd, packet, sizeof(packet), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		log_debug("the terminal's size was not sent: %s", err_reason(errno));
}

static void open_signals(struct client *c, sigset_t *ret_old)
{
	static const int kept[] = { SIGCHLD, SIGPIPE, SIGURG, SIGTTIN, SIGTTOU, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGCONT };
	sigset_t set;
	sigemptyset(&set);
	if (c->opts->sig_proxy) {
		sigfillset(&set);
		for (size_t i = 0; i < ARRAY_LEN(kept); i++)
			sigdelset(&set, kept[i]);
	}
	sigaddset(&set, SIGWINCH);
	sigprocmask(SIG_BLOCK, &set, ret_old);
	c->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void take_signal(struct client *c)
{
	struct signalfd_siginfo info;
	if (read(c->signal_fd, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGWINCH)
		send_size(c);
	if (c->opts->sig_proxy && !(c->tty && info.ssi_signo == SIGWINCH) && c->pidfd >= 0)
		proc_signal(c->pidfd, (int)info.ssi_signo);
}

/* --- input --- */

static void send_pending(struct client *c)
{
	if (c->pending && (send(c->fd, c->packet, c->pending, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0 || errno != EAGAIN))
		c->pending = 0;
	if (!c->pending && c->in_ended && c->in_open) {
		say(c->fd, MONITOR_EOF);
		c->in_open = false;
	}
}

static void read_input(struct client *c)
{
	char raw[MONITOR_CHUNK_BYTES - DETACH_KEYS_MAX];
	ssize_t got = read(STDIN_FILENO, raw, sizeof(raw));
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	size_t len = 0;
	if (got <= 0)
		c->in_ended = true;
	else if (!c->tty)
		memcpy(c->packet + 1, raw, len = (size_t)got);
	else if (detach_keys_filter(&c->keys, raw, (size_t)got, c->packet + 1, &len) < 0)
		c->detached = true;
	c->packet[0] = MONITOR_IN;
	c->pending = len ? 1 + len : 0;
	send_pending(c);
}

/* --- output --- */

static void write_output(const struct client *c, enum monitor_msg kind, const char *data, size_t len)
{
	bool wanted = kind == MONITOR_OUT ? c->opts->out : c->opts->err_out;
	/* closed output: SIGPIPE ends the command as it ends any other; the container goes on and its monitor cleans up */
	int rc = wanted ? fd_write_full(kind == MONITOR_OUT ? STDOUT_FILENO : STDERR_FILENO, data, len) : 0;
	if (rc < 0)
		log_debug("output was lost: %s", err_reason(-rc));
}

static int take_packet(struct client *c, struct err *err)
{
	char packet[1 + MONITOR_CHUNK_BYTES];
	ssize_t got = recv(c->fd, packet, sizeof(packet), MSG_DONTWAIT);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (got <= 0)
		return err_set(err, ERR_STATE,
			       "the monitor of container %s was killed: its exit code and the rest of its output are lost; see `inspect` for its state",
			       c->ctr->def.name);
	switch ((enum monitor_msg)packet[0]) {
	case MONITOR_OUT:
	case MONITOR_ERR:
		write_output(c, packet[0], packet + 1, (size_t)got - 1);
		return 0;
	case MONITOR_EXIT:
		if ((size_t)got == 1 + sizeof(c->exit))
			memcpy(&c->exit, packet + 1, sizeof(c->exit));
		c->exited = true;
		return 0;
	case MONITOR_IN:
	case MONITOR_EOF:
	case MONITOR_SIZE:
	case MONITOR_GO:
	case MONITOR_HEALTH:
	case MONITOR_QUIET:
	case MONITOR_DONE:
		break;
	}
	return 0;
}

static int serve(struct client *c, struct err *err)
{
	while (!c->exited && !c->detached) {
		bool want_in = c->in_open && !c->in_ended && !c->pending;
		struct pollfd fds[] = {
			{ .fd = c->fd, .events = (short)(POLLIN | (c->pending ? POLLOUT : 0)) },
			{ .fd = want_in ? STDIN_FILENO : -1, .events = POLLIN },
			{ .fd = c->signal_fd, .events = POLLIN },
		};
		if (poll(fds, ARRAY_LEN(fds), -1) < 0)
			continue;
		if (fds[2].revents)
			take_signal(c);
		if (fds[0].revents & POLLOUT)
			send_pending(c);
		if (fds[0].revents & (POLLIN | POLLHUP | POLLERR) && take_packet(c, err) < 0)
			return -1;
		if (fds[1].revents)
			read_input(c);
	}
	return 0;
}

int ctr_client_run(struct engine *engine, struct ctr *ctr, int fd, const struct ctr_attach_opts *opts, int *ret_exit_code,
		   bool *ret_detached, struct err *err)
{
	struct client *c = &(struct client){ .engine = engine, .ctr = ctr, .opts = opts, .fd = fd, .signal_fd = -EBADF, .pidfd = -EBADF,
					     .tty = ctr->def.tty, .in_open = opts->in };
	const char *keys = opts->detach_keys ? opts->detach_keys : ctr->def.detach_keys ? ctr->def.detach_keys : "ctrl-p,ctrl-q";
	if (detach_keys_parse(keys, &c->keys) < 0)
		return err_set(err, ERR_USAGE, "invalid detach keys '%s': give characters or ctrl-a to ctrl-z, separated by commas", keys);
	if (ctr->status.process.pid && proc_open(&ctr->status.process, &c->pidfd) < 0)
		log_debug("container %s has ended already", ctr->def.name);
	sigset_t old;
	open_signals(c, &old);
	c->raw = c->tty && c->in_open && tty_is(STDIN_FILENO) && tty_raw(STDIN_FILENO) >= 0;
	send_size(c);
	int rc = serve(c, err);
	if (c->raw)
		tty_restore();
	sigprocmask(SIG_SETMASK, &old, NULL);
	fd_close(c->signal_fd);
	fd_close(c->pidfd);
	if (rc < 0)
		return -1;
	*ret_exit_code = c->exit.code;
	*ret_detached = c->detached;
	return 0;
}

int ctr_attach(struct engine *engine, struct ctr *ctr, const struct ctr_attach_opts *opts, int *ret_exit_code, bool *ret_detached,
	       struct err *err)
{
	ctr_state_read(engine, ctr);
	if (ctr->status.state != CTR_RUNNING)
		/* COMPAT: the sentence scripts look for */
		return err_set(err, ERR_STATE, "you can only attach to running containers");
	auto_close int fd = -EBADF;
	int rc = ctr_client_connect(engine, ctr, &fd);
	if (rc < 0)
		return err_sys(err, -rc, "cannot attach to container %s: its monitor does not answer", ctr->def.name);
	struct ctr_attach_opts own = *opts;
	own.in = own.in && ctr->def.interactive;
	return ctr_client_run(engine, ctr, fd, &own, ret_exit_code, ret_detached, err);
}
