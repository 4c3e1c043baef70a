#include "net/net_nl.h"

#include "base/fd.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

int net_nl_open(struct net_nl *nl, int bus)
{
	nl->used = 0;
	nl->overflow = false;
	nl->seq = (uint32_t)time(NULL);
	nl->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, bus);
	if (nl->fd < 0)
		return -errno;
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	/* connected to the kernel: no other process can answer in its place */
	if (connect(nl->fd, (const struct sockaddr *)&kernel, sizeof(kernel)) < 0) {
		int rc = -errno;
		net_nl_close(nl);
		return rc;
	}
	return 0;
}

void net_nl_close(struct net_nl *nl)
{
	nl->fd = fd_close(nl->fd);
}

/* --- building --- */

void *net_nl_room(struct net_nl *nl, struct nlmsghdr *h, size_t bytes)
{
	size_t at = (size_t)((char *)h - nl->buffer) + NLMSG_ALIGN(h->nlmsg_len), aligned = NLMSG_ALIGN(bytes);
	if (aligned < bytes || aligned > sizeof(nl->buffer) - at) {
		nl->overflow = true;
		return NULL;
	}
	h->nlmsg_len = (uint32_t)(NLMSG_ALIGN(h->nlmsg_len) + aligned);
	return memset(nl->buffer + at, 0, aligned);
}

struct nlmsghdr *net_nl_begin(struct net_nl *nl, uint16_t type, uint16_t flags, size_t extra, void *ret_extra)
{
	/* where nothing fits any more the last message is overwritten: it will not be sent */
	if (nl->used + NLMSG_HDRLEN + NLMSG_ALIGN(extra) > sizeof(nl->buffer)) {
		nl->overflow = true;
		nl->used = 0;
	}
	struct nlmsghdr *h = (struct nlmsghdr *)(void *)(nl->buffer + nl->used);
	*h = (struct nlmsghdr){ .nlmsg_len = NLMSG_HDRLEN, .nlmsg_type = type, .nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags),
				.nlmsg_seq = ++nl->seq };
	*(void **)ret_extra = net_nl_room(nl, h, extra);
	return h;
}

static struct nlattr *put(struct net_nl *nl, struct nlmsghdr *h, uint16_t type, size_t len)
{
	struct nlattr *attr = len > UINT16_MAX - NLA_HDRLEN ? NULL : net_nl_room(nl, h, NLA_HDRLEN + len);
	if (attr)
		*attr = (struct nlattr){ .nla_len = (uint16_t)(NLA_HDRLEN + len), .nla_type = type };
	nl->overflow = nl->overflow || !attr;
	return attr;
}

void net_nl_put(struct net_nl *nl, struct nlmsghdr *h, uint16_t type, const void *data, size_t len)
{
	struct nlattr *attr = put(nl, h, type, len);
	if (attr)
		memcpy((char *)attr + NLA_HDRLEN, data, len);
}

void net_nl_put_u32(struct net_nl *nl, struct nlmsghdr *h, uint16_t type, uint32_t value)
{
	net_nl_put(nl, h, type, &value, sizeof(value));
}

void net_nl_put_text(struct net_nl *nl, struct nlmsghdr *h, uint16_t type, const char *text)
{
	net_nl_put(nl, h, type, text, strlen(text) + 1);
}

struct nlattr *net_nl_nest(struct net_nl *nl, struct nlmsghdr *h, uint16_t type)
{
	return put(nl, h, NLA_F_NESTED | type, 0);
}

void net_nl_nest_end(const struct nlmsghdr *h, struct nlattr *nest)
{
	if (nest)
		nest->nla_len = (uint16_t)((const char *)h + h->nlmsg_len - (const char *)nest);
}

void net_nl_keep(struct net_nl *nl, const struct nlmsghdr *h)
{
	nl->used += NLMSG_ALIGN(h->nlmsg_len);
}

/* --- talking --- */

static int send_bytes(const struct net_nl *nl, const void *data, size_t len)
{
	if (nl->overflow)
		return -EMSGSIZE;
	return send(nl->fd, data, len, 0) < 0 ? -errno : 0;
}

int net_nl_send_kept(const struct net_nl *nl)
{
	return send_bytes(nl, nl->buffer, nl->used);
}

ssize_t net_nl_receive(const struct net_nl *nl, void *buffer, size_t size)
{
	for (;;) {
		ssize_t len = recv(nl->fd, buffer, size, 0);
		if (len >= 0)
			return len;
		if (errno != EINTR)
			return -errno;
	}
}

int net_nl_send(struct net_nl *nl, struct nlmsghdr *h)
{
	char answer[8192] __attribute__((aligned(NLMSG_ALIGNTO)));
	int rc = send_bytes(nl, h, h->nlmsg_len);
	while (rc >= 0) {
		ssize_t len = net_nl_receive(nl, answer, sizeof(answer));
		if (len < 0)
			return (int)len;
		for (const struct nlmsghdr *a = net_nl_first(answer, (size_t)len); a; a = net_nl_next(a, answer, (size_t)len))
			if (a->nlmsg_type == NLMSG_ERROR && a->nlmsg_seq == h->nlmsg_seq && a->nlmsg_len >= NLMSG_LENGTH(sizeof(struct nlmsgerr)))
				return ((const struct nlmsgerr *)NLMSG_DATA(a))->error;
	}
	return rc;
}

/* --- reading --- */

static const struct nlmsghdr *whole(const char *at, const char *end)
{
	const struct nlmsghdr *h = (const void *)at;
	return (size_t)(end - at) >= sizeof(*h) && h->nlmsg_len >= sizeof(*h) && h->nlmsg_len <= (size_t)(end - at) ? h : NULL;
}

const struct nlmsghdr *net_nl_first(const void *buffer, size_t len)
{
	return whole(buffer, (const char *)buffer + len);
}

const struct nlmsghdr *net_nl_next(const struct nlmsghdr *h, const void *buffer, size_t len)
{
	const char *end = (const char *)buffer + len, *at = (const char *)h;
	return NLMSG_ALIGN(h->nlmsg_len) >= (size_t)(end - at) ? NULL : whole(at + NLMSG_ALIGN(h->nlmsg_len), end);
}

const struct nlattr *net_nl_find(const void *data, size_t len, uint16_t type)
{
	const char *at = data, *end = at + len;
	while ((size_t)(end - at) >= sizeof(struct nlattr)) {
		const struct nlattr *attr = (const void *)at;
		if (attr->nla_len < NLA_HDRLEN || attr->nla_len > (size_t)(end - at))
			return NULL;
		if ((attr->nla_type & NLA_TYPE_MASK) == type)
			return attr;
		size_t step = (size_t)NLA_ALIGN(attr->nla_len);
		if (step >= (size_t)(end - at))
			return NULL;
		at += step;
	}
	return NULL;
}
