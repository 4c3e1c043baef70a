/* net_nl.h - rtnetlink and nfnetlink requests over libmnl: build, send, wait for the answer.
 * Errors: -errno as the kernel answered.
 */
#pragma once

#include <libmnl/libmnl.h>
#include <stddef.h>
#include <stdint.h>

enum { NET_NL_BYTES = 16 << 10 };

struct net_nl {
	struct mnl_socket *socket;
	uint32_t seq;
	char buffer[NET_NL_BYTES];
	size_t used; /* of a batch */
};
/* bus: NETLINK_ROUTE, NETLINK_NETFILTER; in the calling process's network namespace of now. */
int net_nl_open(struct net_nl *nl, int bus);
void net_nl_close(struct net_nl *nl);

/* One request: begin, add attributes with mnl_attr_put…, send and wait for the acknowledgement. */
struct nlmsghdr *net_nl_begin(struct net_nl *nl, uint16_t type, uint16_t flags);
int net_nl_send(struct net_nl *nl, struct nlmsghdr *h);
