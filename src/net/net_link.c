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
	struct nlmsghdr *h = net_nl_begin(nl, type, flags);
	struct ifinfomsg *info = mnl_nlmsg_put_extra_header(h, sizeof(*info));
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
	struct nlmsghdr *h = net_nl_begin(nl, RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE);
	struct ifaddrmsg *msg = mnl_nlmsg_put_extra_header(h, sizeof(*msg));
	struct in_addr broadcast = { .s_addr = address.s_addr | htonl(prefix < 32 ? UINT32_MAX >> prefix : 0) };
	msg->ifa_family = AF_INET;
	msg->ifa_prefixlen = (uint8_t)prefix;
	msg->ifa_scope = RT_SCOPE_UNIVERSE;
	msg->ifa_index = if_nametoindex(name);
	if (!msg->ifa_index)
		return -errno;
	mnl_attr_put(h, IFA_LOCAL, sizeof(address), &address);
	mnl_attr_put(h, IFA_ADDRESS, sizeof(address), &address);
	mnl_attr_put(h, IFA_BROADCAST, sizeof(broadcast), &broadcast);
	return net_nl_send(nl, h);
}

static int add_default_route(struct net_nl *nl, const char *name, struct in_addr gateway)
{
	struct nlmsghdr *h = net_nl_begin(nl, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL);
	struct rtmsg *msg = mnl_nlmsg_put_extra_header(h, sizeof(*msg));
	msg->rtm_family = AF_INET;
	msg->rtm_table = RT_TABLE_MAIN;
	msg->rtm_protocol = RTPROT_STATIC;
	msg->rtm_scope = RT_SCOPE_UNIVERSE;
	msg->rtm_type = RTN_UNICAST;
	mnl_attr_put(h, RTA_GATEWAY, sizeof(gateway), &gateway);
	mnl_attr_put_u32(h, RTA_OIF, if_nametoindex(name));
	return net_nl_send(nl, h);
}

int net_link_bridge(struct net_nl *nl, const char *name, struct in_addr address, int prefix)
{
	if (if_nametoindex(name))
		return 0;
	struct nlmsghdr *h = link_begin(nl, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0, true);
	mnl_attr_put_strz(h, IFLA_IFNAME, name);
	struct nlattr *info = mnl_attr_nest_start(h, IFLA_LINKINFO);
	mnl_attr_put_strz(h, IFLA_INFO_KIND, "bridge");
	mnl_attr_nest_end(h, info);
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
	mnl_attr_put_strz(h, IFLA_IFNAME, outer);
	mnl_attr_put_u32(h, IFLA_MASTER, master);
	struct nlattr *info = mnl_attr_nest_start(h, IFLA_LINKINFO);
	mnl_attr_put_strz(h, IFLA_INFO_KIND, "veth");
	struct nlattr *data = mnl_attr_nest_start(h, IFLA_INFO_DATA), *peer = mnl_attr_nest_start(h, VETH_INFO_PEER);
	mnl_nlmsg_put_extra_header(h, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(h, IFLA_IFNAME, inner);
	mnl_attr_put(h, IFLA_ADDRESS, 6, mac);
	mnl_attr_put_u32(h, IFLA_NET_NS_FD, (uint32_t)netns_fd);
	mnl_attr_nest_end(h, peer);
	mnl_attr_nest_end(h, data);
	mnl_attr_nest_end(h, info);
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
