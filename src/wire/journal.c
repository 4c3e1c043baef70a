/* journal.c - see journal.h. Compiled into cpod-monitor again, which has nothing but libc. */
#include "wire/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

enum { PARTS_A_FIELD = 5 };

int journal_field_of(char *word, struct journal_field *ret)
{
	char *sign = strchr(word, '=');
	if (!sign)
		return -EINVAL;
	*sign = 0;
	*ret = (struct journal_field){ .name = word, .value = sign + 1, .len = strlen(sign + 1) };
	return 0;
}

int journal_socket(int wait_ms)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	const struct timeval wait = { .tv_sec = wait_ms / 1000, .tv_usec = wait_ms % 1000 * 1000 };
	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait)) == 0)
		return fd;
	int errnum = errno;
	if (fd >= 0)
		close(fd);
	return -errnum;
}

static size_t encode(const struct journal_field *fields, size_t count, unsigned char lengths[][8], struct iovec *parts)
{
	size_t n = 0;
	for (size_t i = 0; i < count; i++) {
		const struct journal_field *f = &fields[i];
		int plain = !memchr(f->value, '\n', f->len);
		parts[n++] = (struct iovec){ (char *)f->name, strlen(f->name) };
		parts[n++] = (struct iovec){ (char *)(plain ? "=" : "\n"), 1 };
		if (!plain) {
			for (int byte = 0; byte < 8; byte++)
				lengths[i][byte] = (unsigned char)((uint64_t)f->len >> (8 * byte));
			parts[n++] = (struct iovec){ lengths[i], 8 };
		}
		parts[n++] = (struct iovec){ (char *)f->value, f->len };
		parts[n++] = (struct iovec){ (char *)"\n", 1 };
	}
	return n;
}

static int write_parts(int fd, struct iovec *parts, size_t count)
{
	while (count > 0) {
		ssize_t done = writev(fd, parts, (int)count);
		if (done < 0 && errno != EINTR)
			return -errno;
		for (; done >= 0 && count > 0 && (size_t)done >= parts->iov_len; parts++, count--)
			done -= (ssize_t)parts->iov_len;
		if (done > 0) {
			parts->iov_base = (char *)parts->iov_base + done;
			parts->iov_len -= (size_t)done;
		}
	}
	return 0;
}

static int send_message(int fd, struct msghdr *msg, int flags)
{
	while (sendmsg(fd, msg, flags) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

/* The journal takes a file only when nobody can change it any more. */
static int make_sealed(struct iovec *parts, size_t count)
{
	int fd = memfd_create("journal-entry", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return -errno;
	int rc = write_parts(fd, parts, count);
	if (rc == 0 && fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) == 0)
		return fd;
	rc = rc < 0 ? rc : -errno;
	close(fd);
	return rc;
}

static int send_sealed(int fd, struct msghdr *msg, int flags)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	int sealed = make_sealed(msg->msg_iov, msg->msg_iovlen);
	if (sealed < 0)
		return sealed;
	msg->msg_iov = NULL;
	msg->msg_iovlen = 0;
	msg->msg_control = &control;
	msg->msg_controllen = sizeof(control);
	struct cmsghdr *c = CMSG_FIRSTHDR(msg);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &sealed, sizeof(sealed));
	int rc = send_message(fd, msg, flags);
	close(sealed);
	return rc;
}

/* The address is looked up each time: a journal that was started anew has another socket behind it. */
int journal_send(int fd, const struct journal_field *fields, size_t count, int no_wait)
{
	static const struct sockaddr_un journal = { .sun_family = AF_UNIX, .sun_path = "/run/systemd/journal/socket" };
	unsigned char lengths[JOURNAL_FIELDS_MAX][8];
	struct iovec parts[JOURNAL_FIELDS_MAX * PARTS_A_FIELD];
	if (count > JOURNAL_FIELDS_MAX)
		return -E2BIG;
	struct msghdr msg = { .msg_name = (void *)&journal, .msg_namelen = sizeof(journal), .msg_iov = parts,
			      .msg_iovlen = encode(fields, count, lengths, parts) };
	int flags = MSG_NOSIGNAL | (no_wait ? MSG_DONTWAIT : 0);
	int rc = send_message(fd, &msg, flags);
	return rc == -EMSGSIZE || rc == -ENOBUFS ? send_sealed(fd, &msg, flags) : rc;
}
