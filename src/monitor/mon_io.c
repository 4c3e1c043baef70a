#include "monitor/mon.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* The flow, and who may hold up whom:
 *  - A chunk is read from the container only when every client has the one before; a client that does not read therefore
 *    holds up the container as a pipe's reader would, and a client that has gone does not.
 *  - Input is taken from clients only when the container has taken what came before.
 *  - The log is written first and never waits for anybody.
 */

static void set_nonblock(int fd)
{
	if (fd >= 0)
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

void mon_io_init(struct mon *m)
{
	for (int i = 0; i < MON_STREAM_COUNT; i++)
		set_nonblock(m->out[i].fd);
	set_nonblock(m->in_fd);
	set_nonblock(m->console_fd);
	set_nonblock(m->listen_fd);
	for (int i = 0; i < MONITOR_CLIENTS_MAX; i++)
		set_nonblock(m->clients[i].fd);
}

static void close_input(struct mon *m)
{
	m->in_len = m->in_done = 0;
	if (m->in_fd >= 0 && m->in_fd != m->console_fd)
		close(m->in_fd);
	m->in_fd = -1;
}

static void drop_client(struct mon *m, int index)
{
	struct mon_client *c = &m->clients[index];
	close(c->fd);
	c->fd = -1;
	for (int i = 0; i < MON_STREAM_COUNT; i++) {
		m->out[i].waiting &= ~(1u << index);
		if (!m->out[i].waiting)
			m->out[i].len = 0;
	}
	/* COMPAT: the end of the foreground command is the end of the container's input, unless it was started detached */
	if (c->foreground && !m->keep_in && m->in_fd != m->console_fd)
		close_input(m);
	c->foreground = c->quiet = false;
}

static void send_output(struct mon *m, struct mon_output *o)
{
	for (int i = 0; i < MONITOR_CLIENTS_MAX; i++) {
		if (!(o->waiting & 1u << i))
			continue;
		if (send(m->clients[i].fd, o->data, 1 + o->len, MSG_NOSIGNAL) >= 0)
			o->waiting &= ~(1u << i);
		else if (errno != EAGAIN && errno != EINTR)
			drop_client(m, i);
	}
	if (!o->waiting)
		o->len = 0;
}

static void read_output(struct mon *m, enum mon_stream stream)
{
	struct mon_output *o = &m->out[stream];
	ssize_t got = read(o->fd, o->data + 1, MONITOR_CHUNK_BYTES);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) { /* EIO is a terminal's end of file */
		if (o->fd != m->console_fd)
			close(o->fd);
		o->fd = -1;
		return;
	}
	o->len = (size_t)got;
	o->data[0] = stream == MON_OUT ? MONITOR_OUT : MONITOR_ERR;
	mon_log_write(m, stream, o->data + 1, o->len);
	for (int i = 0; i < MONITOR_CLIENTS_MAX; i++)
		if (m->clients[i].fd >= 0 && !m->clients[i].quiet)
			o->waiting |= 1u << i;
	send_output(m, o);
}

static void write_input(struct mon *m)
{
	while (m->in_done < m->in_len) {
		ssize_t put = write(m->in_fd, m->in_data + 1 + m->in_done, m->in_len - m->in_done);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0 && errno == EAGAIN)
			return;
		if (put < 0) { /* nobody reads it any more */
			close_input(m);
			return;
		}
		m->in_done += (size_t)put;
	}
	m->in_len = m->in_done = 0;
}

static void take_done(struct mon *m, const char *name, size_t len)
{
	m->client_cleans = true;
	if (len <= MONITOR_TRASH_NAME_MAX && strspn(name, "0123456789abcdef") >= len) {
		memcpy(m->trash_name, name, len);
		m->trash_name[len] = 0;
	}
}

/* The program is let go by who asks: it is told at once what comes of it. */
static void give_control(struct mon *m, int index, bool foreground)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	char kind = MONITOR_GO;
	struct iovec iov = { &kind, 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &m->control_fd, sizeof(int));
	if (m->control_fd < 0 || sendmsg(m->clients[index].fd, &msg, MSG_NOSIGNAL) < 0) {
		drop_client(m, index);
		return;
	}
	close(m->control_fd);
	m->control_fd = -1;
	m->clients[index].foreground = foreground;
	if (foreground)
		m->keep_in = false;
}

static void take_packet(struct mon *m, int index)
{
	ssize_t got = recv(m->clients[index].fd, m->in_data, sizeof(m->in_data), 0);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		drop_client(m, index);
		return;
	}
	struct monitor_size size;
	struct monitor_health times;
	switch ((enum monitor_msg)m->in_data[0]) {
	case MONITOR_IN:
		if (m->in_fd >= 0) {
			m->in_len = (size_t)got - 1;
			write_input(m);
		}
		break;
	case MONITOR_EOF:
		if (!m->keep_in && m->in_fd != m->console_fd)
			close_input(m);
		break;
	case MONITOR_SIZE:
		if (m->console_fd >= 0 && (size_t)got == 1 + sizeof(size)) {
			memcpy(&size, m->in_data + 1, sizeof(size));
			struct winsize ws = { .ws_row = size.rows, .ws_col = size.cols };
			ioctl(m->console_fd, TIOCSWINSZ, &ws);
		}
		break;
	case MONITOR_HEALTH:
		if ((size_t)got == 1 + sizeof(times)) {
			memcpy(&times, m->in_data + 1, sizeof(times));
			mon_health_change(m, &times);
		}
		break;
	case MONITOR_GO:
		if (got == 2)
			give_control(m, index, m->in_data[1] == 1);
		break;
	case MONITOR_QUIET:
		m->clients[index].quiet = true;
		break;
	case MONITOR_DONE:
		if (m->clients[index].foreground)
			take_done(m, m->in_data + 1, (size_t)got - 1);
		break;
	case MONITOR_OUT:
	case MONITOR_ERR:
	case MONITOR_EXIT:
		break;
	}
}

static void accept_client(struct mon *m)
{
	int fd = accept4(m->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0)
		return;
	for (int i = 0; i < MONITOR_CLIENTS_MAX; i++) {
		if (m->clients[i].fd < 0) {
			m->clients[i] = (struct mon_client){ .fd = fd };
			return;
		}
	}
	close(fd); /* one too many: it sees the end of the connection */
}

size_t mon_io_poll(const struct mon *m, struct pollfd *ret_fds)
{
	size_t n = 0;
	unsigned waiting = 0;
	for (int i = 0; i < MON_STREAM_COUNT; i++) {
		waiting |= m->out[i].waiting;
		ret_fds[n++] = (struct pollfd){ .fd = m->out[i].len ? -1 : m->out[i].fd, .events = POLLIN };
	}
	ret_fds[n++] = (struct pollfd){ .fd = m->in_len ? m->in_fd : -1, .events = POLLOUT };
	ret_fds[n++] = (struct pollfd){ .fd = m->exited ? -1 : m->listen_fd, .events = POLLIN };
	for (int i = 0; i < MONITOR_CLIENTS_MAX; i++) {
		short events = (waiting & 1u << i ? POLLOUT : 0) | (m->in_len ? 0 : POLLIN);
		ret_fds[n++] = (struct pollfd){ .fd = m->clients[i].fd, .events = events };
	}
	return n;
}

void mon_io_handle(struct mon *m, const struct pollfd *fds, size_t count)
{
	size_t n = 0;
	for (int i = 0; i < MON_STREAM_COUNT; i++, n++)
		if (fds[n].fd >= 0 && fds[n].revents)
			read_output(m, i);
	if (fds[n].fd >= 0 && fds[n].revents)
		write_input(m);
	n++;
	if (fds[n].fd >= 0 && fds[n].revents)
		accept_client(m);
	n++;
	for (int i = 0; i < MONITOR_CLIENTS_MAX && n < count; i++, n++) {
		if (fds[n].fd < 0 || !fds[n].revents || m->clients[i].fd != fds[n].fd)
			continue;
		for (int s = 0; s < MON_STREAM_COUNT && fds[n].revents & POLLOUT; s++)
			if (m->out[s].waiting & 1u << i)
				send_output(m, &m->out[s]);
		if (m->clients[i].fd < 0)
			continue;
		if (fds[n].revents & POLLIN && !m->in_len)
			take_packet(m, i);
		else if (fds[n].revents & (POLLHUP | POLLERR) && !(fds[n].revents & POLLIN))
			drop_client(m, i);
	}
}

static bool readable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	return fd >= 0 && poll(&p, 1, 0) > 0 && p.revents & POLLIN;
}

bool mon_io_drained(const struct mon *m)
{
	for (int i = 0; i < MON_STREAM_COUNT; i++)
		if (readable(m->out[i].fd))
			return false;
	return true;
}

bool mon_io_delivered(const struct mon *m)
{
	return !m->out[MON_OUT].waiting && !m->out[MON_ERR].waiting;
}

enum { BYSTANDER_MS = 10 * 1000 }; /* an attached client that does not read is not waited for longer */

/* Its queue may be full of output it has yet to read: without this packet it would take us for killed. */
static bool send_exit(const struct mon *m, const struct mon_client *c)
{
	char packet[1 + sizeof(m->exit)] = { MONITOR_EXIT };
	memcpy(packet + 1, &m->exit, sizeof(m->exit));
	while (send(c->fd, packet, sizeof(packet), MSG_NOSIGNAL) < 0) {
		struct pollfd p = { .fd = c->fd, .events = POLLOUT };
		if (errno != EAGAIN && errno != EINTR)
			return false;
		if (poll(&p, 1, c->foreground ? -1 : BYSTANDER_MS) == 0)
			return false;
	}
	return true;
}

void mon_io_tell_exit(struct mon *m)
{
	for (int i = 0; i < MONITOR_CLIENTS_MAX; i++)
		if (m->clients[i].fd >= 0 && (!send_exit(m, &m->clients[i]) || !m->clients[i].foreground))
			drop_client(m, i);
}

bool mon_io_wait_done(struct mon *m)
{
	for (int i = 0; i < MONITOR_CLIENTS_MAX; i++) {
		struct mon_client *c = &m->clients[i];
		while (c->fd >= 0 && c->foreground && !m->client_cleans) {
			struct pollfd p = { .fd = c->fd, .events = POLLIN };
			if (poll(&p, 1, -1) > 0)
				take_packet(m, i);
		}
	}
	return m->client_cleans;
}
