#include "net/net_nl.h"

#include <errno.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <time.h>

int net_nl_open(struct net_nl *nl, int bus)
{
	nl->used = 0;
	nl->seq = (uint32_t)time(NULL);
	nl->socket = mnl_socket_open2(bus, SOCK_CLOEXEC);
	if (!nl->socket)
		return -errno;
	if (mnl_socket_bind(nl->socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		int rc = -errno;
		net_nl_close(nl);
		return rc;
	}
	return 0;
}

void net_nl_close(struct net_nl *nl)
{
	if (nl->socket)
		mnl_socket_close(nl->socket);
	nl->socket = NULL;
}

struct nlmsghdr *net_nl_begin(struct net_nl *nl, uint16_t type, uint16_t flags)
{
	struct nlmsghdr *h = mnl_nlmsg_put_header(nl->buffer);
	h->nlmsg_type = type;
	h->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags);
	h->nlmsg_seq = ++nl->seq;
	return h;
}

int net_nl_send(struct net_nl *nl, struct nlmsghdr *h)
{
	char answer[8192];
	if (mnl_socket_sendto(nl->socket, h, h->nlmsg_len) < 0)
		return -errno;
	for (;;) {
		ssize_t len = mnl_socket_recvfrom(nl->socket, answer, sizeof(answer));
		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			return -errno;
		int rc = mnl_cb_run(answer, (size_t)len, nl->seq, mnl_socket_get_portid(nl->socket), NULL, NULL);
		if (rc < 0)
			return -errno;
		if (rc == MNL_CB_STOP)
			return 0;
	}
}
