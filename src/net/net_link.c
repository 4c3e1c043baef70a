#include "net/net_link.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <stdbool.h>
#include <string.h>

static struct nlmsghdr *link_begin(struct net_nl *nl, uint16_t type, uint16_t flags, unsigned index, bool up)
{
	struct ifinfomsg *info;
	struct nlmsghdr *h = net_nl_begin(nl, type, NLM_F_ACK | flags, sizeof(*info), &info);
	info->ifi_family = AF_UNSPEC;
	info->ifi_index = (int)index;
	info->ifi_flags = up ? IFF_UP : 0;
	info->ifi_change = up ? IFF_UP : 0;
	return h;
}

static int set_up(struct net_nl *nl, const char *name)
{
	unsigned index = if_nametoindex(name);
	return index ? net_nl_send(nl, link_begin(nl, RTM_NEWLINK, 0, index, true)) : -errno;
}

static int add_address(struct net_nl *nl, const char *name, struct in_addr address, int prefix)
{
	struct ifaddrmsg *msg;
	struct nlmsghdr *h = net_nl_begin(nl, RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE, sizeof(*msg), &msg);
	struct in_addr broadcast = { .s_addr = address.s_addr | htonl(prefix < 32 ? UINT32_MAX >> prefix : 0) };
	msg->ifa_family = AF_INET;
	msg->ifa_prefixlen = (uint8_t)prefix;
	msg->ifa_scope = RT_SCOPE_UNIVERSE;
	msg->ifa_index = if_nametoindex(name);
	if (!msg->ifa_index)
		return -errno;
	net_nl_put(nl, h, IFA_LOCAL, &address, sizeof(address));
	net_nl_put(nl, h, IFA_ADDRESS, &address, sizeof(address));
	net_nl_put(nl, h, IFA_BROADCAST, &broadcast, sizeof(broadcast));
	return net_nl_send(nl, h);
}

static int add_default_route(struct net_nl *nl, const char *name, struct in_addr gateway)
{
	struct rtmsg *msg;
	struct nlmsghdr *h = net_nl_begin(nl, RTM_NEWROUTE, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, sizeof(*msg), &msg);
	msg->rtm_family = AF_INET;
	msg->rtm_table = RT_TABLE_MAIN;
	msg->rtm_protocol = RTPROT_STATIC;
	msg->rtm_scope = RT_SCOPE_UNIVERSE;
	msg->rtm_type = RTN_UNICAST;
	net_nl_put(nl, h, RTA_GATEWAY, &gateway, sizeof(gateway));
	net_nl_put_u32(nl, h, RTA_OIF, if_nametoindex(name));
	return net_nl_send(nl, h);
}

int net_link_bridge(struct net_nl *nl, const char *name, struct in_addr address, int prefix)
{
	if (if_nametoindex(name))
		return 0;
	struct nlmsghdr *h = link_begin(nl, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0, true);
	net_nl_put_text(nl, h, IFLA_IFNAME, name);
	struct nlattr *info = net_nl_nest(nl, h, IFLA_LINKINFO);
	net_nl_put_text(nl, h, IFLA_INFO_KIND, "bridge");
	net_nl_nest_end(h, info);
	int rc = net_nl_send(nl, h);
	if (rc < 0 && rc != -EEXIST)
		return rc;
	rc = add_address(nl, name, address, prefix);
	return rc == -EEXIST ? 0 : rc;
}

int net_link_veth(struct net_nl *nl, const char *outer, const char *bridge, const char *inner, int netns_fd, const unsigned char *mac)
{
	unsigned master = if_nametoindex(bridge);
	if (!master)
		return -errno;
	struct nlmsghdr *h = link_begin(nl, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0, true);
	net_nl_put_text(nl, h, IFLA_IFNAME, outer);
	net_nl_put_u32(nl, h, IFLA_MASTER, master);
	struct nlattr *info = net_nl_nest(nl, h, IFLA_LINKINFO);
	net_nl_put_text(nl, h, IFLA_INFO_KIND, "veth");
	struct nlattr *data = net_nl_nest(nl, h, IFLA_INFO_DATA), *peer = net_nl_nest(nl, h, VETH_INFO_PEER);
	net_nl_room(nl, h, sizeof(struct ifinfomsg));
	net_nl_put_text(nl, h, IFLA_IFNAME, inner);
	net_nl_put(nl, h, IFLA_ADDRESS, mac, 6);
	net_nl_put_u32(nl, h, IFLA_NET_NS_FD, (uint32_t)netns_fd);
	net_nl_nest_end(h, peer);
	net_nl_nest_end(h, data);
	net_nl_nest_end(h, info);
	return net_nl_send(nl, h);
}

int net_link_loopback(struct net_nl *nl)
{
	return set_up(nl, "lo");
}

int net_link_configure(struct net_nl *nl, const char *name, struct in_addr address, int prefix, struct in_addr gateway)
{
	int rc = set_up(nl, "lo");
	if (rc >= 0)
		rc = add_address(nl, name, address, prefix);
	if (rc >= 0)
		rc = set_up(nl, name);
	return rc < 0 ? rc : add_default_route(nl, name, gateway);
}

int net_link_delete(struct net_nl *nl, const char *name)
{
	unsigned index = if_nametoindex(name);
	return index ? net_nl_send(nl, link_begin(nl, RTM_DELLINK, 0, index, false)) : 0;
}
