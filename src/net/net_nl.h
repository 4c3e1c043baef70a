/* net_nl.h - rtnetlink and nfnetlink requests: build, send, wait for the answer.
 * Shape:  a message grows in a buffer of fixed size; what does not fit any more is remembered and refused when it is sent.
 * Errors: -errno as the kernel answered, -EMSGSIZE.
 * Spec:   linux/netlink.h
 */
#pragma once

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { NET_NL_BYTES = 16 << 10 };

struct net_nl {
	int fd;
	uint32_t seq;
	size_t used;	/* whole messages before the one that grows */
	bool overflow;
	char buffer[NET_NL_BYTES] __attribute__((aligned(NLMSG_ALIGNTO)));
};
/* bus: NETLINK_ROUTE, NETLINK_NETFILTER; in the calling process's network namespace of now. */
int net_nl_open(struct net_nl *nl, int bus);
void net_nl_close(struct net_nl *nl);

/* A message after those kept, with the bus's own header of `extra` bytes, zeroed: ret_extra. flags: NLM_F_REQUEST is added. */
struct nlmsghdr *net_nl_begin(struct net_nl *nl, uint16_t type, uint16_t flags, size_t extra, void *ret_extra);
/* `bytes` more at its end, zeroed. */
void *net_nl_room(struct net_nl *nl, struct nlmsghdr *h, size_t bytes);
void net_nl_put(struct net_nl *nl, struct nlmsghdr *h, uint16_t type, const void *data, size_t len);
void net_nl_put_u32(struct net_nl *nl, struct nlmsghdr *h, uint16_t type, uint32_t value);
void net_nl_put_text(struct net_nl *nl, struct nlmsghdr *h, uint16_t type, const char *text); /* with its NUL */
struct nlattr *net_nl_nest(struct net_nl *nl, struct nlmsghdr *h, uint16_t type);
void net_nl_nest_end(const struct nlmsghdr *h, struct nlattr *nest);
/* It stays in the buffer: another one follows. */
void net_nl_keep(struct net_nl *nl, const struct nlmsghdr *h);

/* Sends what was kept. */
int net_nl_send_kept(const struct net_nl *nl);
/* One message with NLM_F_ACK: sends it and waits for the acknowledgement. */
int net_nl_send(struct net_nl *nl, struct nlmsghdr *h);
/* One datagram of answers from the kernel: its length. */
ssize_t net_nl_receive(const struct net_nl *nl, void *buffer, size_t size);

/* for (a = net_nl_first(buffer, len); a; a = net_nl_next(a, buffer, len)): the whole messages of a datagram. */
const struct nlmsghdr *net_nl_first(const void *buffer, size_t len);
const struct nlmsghdr *net_nl_next(const struct nlmsghdr *h, const void *buffer, size_t len);
/* The attribute of that type among those in [data, data + len); NULL when there is none. */
const struct nlattr *net_nl_find(const void *data, size_t len, uint16_t type);
static inline const void *net_nl_data(const struct nlattr *attr)
{
	return (const char *)attr + NLA_HDRLEN;
}
static inline size_t net_nl_len(const struct nlattr *attr)
{
	return attr->nla_len - (size_t)NLA_HDRLEN;
}
