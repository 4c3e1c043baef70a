#include "net/net_nft.h"

#include "base/fd.h"
#include "base/proc.h"
#include "net/net_nl.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char table_name[] = "cpod";

/* The maps: port → address and port of the container; in "addresses_" the host address is part of the key. */
static const char ruleset[] =
	"create table inet cpod\n"
	"table inet cpod {\n"
	" map ports_tcp { type inet_service : ipv4_addr . inet_service; }\n"
	" map ports_udp { type inet_service : ipv4_addr . inet_service; }\n"
	" map addresses_tcp { type ipv4_addr . inet_service : ipv4_addr . inet_service; }\n"
	" map addresses_udp { type ipv4_addr . inet_service : ipv4_addr . inet_service; }\n"
	" chain ports {\n"
	"  dnat ip to ip daddr . tcp dport map @addresses_tcp\n"
	"  dnat ip to ip daddr . udp dport map @addresses_udp\n"
	"  dnat ip to tcp dport map @ports_tcp\n"
	"  dnat ip to udp dport map @ports_udp\n"
	" }\n"
	" chain prerouting { type nat hook prerouting priority dstnat; policy accept; fib daddr type local jump ports; }\n"
	" chain output { type nat hook output priority -100; policy accept; fib daddr type local jump ports; }\n"
	" chain postrouting { type nat hook postrouting priority srcnat; policy accept;\n"
	"  ip saddr 10.88.0.0/16 ip daddr != { 10.88.0.0/16, 224.0.0.0/4 } masquerade\n"
	"  ip saddr 10.88.0.0/16 ip daddr 10.88.0.0/16 ct status dnat masquerade\n"
	"  ip saddr 127.0.0.0/8 oifname \"cpod0\" masquerade\n"
	" }\n"
	" chain forward { type filter hook forward priority filter; policy accept; ct state invalid drop; iifname \"cpod0\" accept; oifname \"cpod0\" accept; }\n"
	/* the bridge routes 127.0.0.1 for the host's own programs: a container must not come in that way (CVE-2020-8558) */
	" chain spoofed { type filter hook prerouting priority raw; policy accept; iifname \"cpod0\" ip daddr 127.0.0.0/8 drop; }\n"
	"}\n";

static int has_table(void)
{
	struct net_nl nl;
	int rc = net_nl_open(&nl, NETLINK_NETFILTER);
	if (rc < 0)
		return rc;
	struct nfgenmsg *msg;
	struct nlmsghdr *h = net_nl_begin(&nl, NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETTABLE, NLM_F_ACK, sizeof(*msg), &msg);
	msg->nfgen_family = NFPROTO_INET;
	net_nl_put_text(&nl, h, NFTA_TABLE_NAME, table_name);
	rc = net_nl_send(&nl, h);
	net_nl_close(&nl);
	return rc == -ENOENT ? 0 : rc < 0 ? rc : 1;
}

static void set_sysctl(const char *path, const char *value)
{
	auto_close int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd >= 0 && write(fd, value, strlen(value)) < 0)
		return; /* a read-only /proc/sys: the host decides, and connections show it */
}

int net_nft_prepare(struct err *err)
{
	auto_str said = { 0 };
	int status, rc = has_table();
	if (rc < 0)
		return err_set(err, ERR_UNSUPPORTED, "this kernel has no nf_tables (%s): use --network host or none", err_reason(-rc));
	if (rc > 0)
		return 0;
	set_sysctl("/proc/sys/net/ipv4/ip_forward", "1");
	const char *const argv[] = { "nft", "-f", "-", NULL };
	/* nft reads its text from a file: ours is in memory */
	auto_close int text_fd = memfd_create("ruleset", MFD_CLOEXEC);
	if (text_fd < 0 || fd_write_full(text_fd, ruleset, strlen(ruleset)) < 0)
		return err_sys(err, errno, "cannot prepare the firewall's rules");
	auto_free char *path = mem_printf("/proc/%d/fd/%d", getpid(), text_fd);
	const char *const words[] = { argv[0], argv[1], path, NULL };
	if (proc_run(words, NULL, &status, NULL, &said, err) < 0)
		return err_is(err, ERR_NOT_FOUND) ? err_wrap(err, "a bridge network needs nft: install the package nftables, or use --network host or none") : -1;
	/* another container's start may have made it meanwhile, and its ports must stay: hence `create` */
	if (status && has_table() > 0)
		return 0;
	return status ? err_set(err, ERR_UNSUPPORTED, "nft refused the rules of the bridge network: %s", str_text(&said)) : 0;
}

/* --- elements --- */

struct batch {
	struct net_nl nl;
	unsigned messages;
};

static struct nlmsghdr *message(struct batch *b, uint16_t type, uint16_t flags, uint8_t family, uint16_t resource)
{
	struct nfgenmsg *msg;
	struct nlmsghdr *h = net_nl_begin(&b->nl, type, flags, sizeof(*msg), &msg);
	msg->nfgen_family = family;
	msg->version = NFNETLINK_V0;
	msg->res_id = htons(resource);
	return h;
}

static void put_key(struct net_nl *nl, struct nlmsghdr *h, uint16_t attr, const void *data, size_t len)
{
	struct nlattr *nest = net_nl_nest(nl, h, attr);
	net_nl_put(nl, h, NFTA_DATA_VALUE, data, len);
	net_nl_nest_end(h, nest);
}

/* Each part of a concatenation fills whole words of 4 bytes. */
struct word_pair {
	uint32_t address;
	uint16_t port, pad;
};

enum element_work { ELEMENT_DEL, ELEMENT_ADD, ELEMENT_GET };
static const struct {
	uint16_t type, flags;
} element_works[] = {
	[ELEMENT_DEL] = { NFT_MSG_DELSETELEM, NLM_F_ACK },
	[ELEMENT_ADD] = { NFT_MSG_NEWSETELEM, NLM_F_CREATE | NLM_F_ACK },
	[ELEMENT_GET] = { NFT_MSG_GETSETELEM, 0 },
};

static void put_element(struct batch *b, const struct net_port *p, uint32_t n, struct in_addr target, enum element_work work)
{
	struct in_addr host;
	bool with_ip = p->host_ip && *p->host_ip && inet_pton(AF_INET, p->host_ip, &host) == 1 && host.s_addr != INADDR_ANY;
	char map[24];
	struct nlmsghdr *h = message(b, (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | element_works[work].type), element_works[work].flags,
				     NFPROTO_INET, 0);
	snprintf(map, sizeof(map), "%s_%s", with_ip ? "addresses" : "ports", strcmp(p->protocol, "udp") == 0 ? "udp" : "tcp");
	net_nl_put_text(&b->nl, h, NFTA_SET_ELEM_LIST_TABLE, table_name);
	net_nl_put_text(&b->nl, h, NFTA_SET_ELEM_LIST_SET, map);
	struct nlattr *list = net_nl_nest(&b->nl, h, NFTA_SET_ELEM_LIST_ELEMENTS), *one = net_nl_nest(&b->nl, h, NFTA_LIST_ELEM);
	uint16_t port = htons((uint16_t)(p->host_port + n));
	struct word_pair key = { .address = with_ip ? host.s_addr : 0, .port = port };
	struct word_pair value = { .address = target.s_addr, .port = htons((uint16_t)(p->container_port + n)) };
	if (with_ip)
		put_key(&b->nl, h, NFTA_SET_ELEM_KEY, &key, sizeof(key));
	else
		put_key(&b->nl, h, NFTA_SET_ELEM_KEY, &port, sizeof(port));
	if (work == ELEMENT_ADD)
		put_key(&b->nl, h, NFTA_SET_ELEM_DATA, &value, sizeof(value));
	net_nl_nest_end(h, one);
	net_nl_nest_end(h, list);
	net_nl_keep(&b->nl, h);
	b->messages++;
}

static int send_batch(struct batch *b)
{
	char answer[8192] __attribute__((aligned(NLMSG_ALIGNTO)));
	int result = 0;
	struct nlmsghdr *h = message(b, NFNL_MSG_BATCH_END, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
	net_nl_keep(&b->nl, h);
	int rc = net_nl_send_kept(&b->nl);
	if (rc < 0)
		return rc;
	for (unsigned left = b->messages; left;) {
		ssize_t len = net_nl_receive(&b->nl, answer, sizeof(answer));
		if (len < 0)
			return (int)len;
		for (const struct nlmsghdr *a = net_nl_first(answer, (size_t)len); left && a; a = net_nl_next(a, answer, (size_t)len)) {
			if (a->nlmsg_type != NLMSG_ERROR || a->nlmsg_len < NLMSG_LENGTH(sizeof(struct nlmsgerr)))
				continue;
			const struct nlmsgerr *e = NLMSG_DATA(a);
			if (e->error && !result)
				result = e->error;
			left--;
		}
	}
	return result;
}

static const struct nlattr *inside(const struct nlattr *nest, uint16_t type)
{
	return nest ? net_nl_find(net_nl_data(nest), net_nl_len(nest), type) : NULL;
}

/* Does the element lead to this address? Another container may have the port by now, when whoever held it for us was killed. */
static bool leads_to(const struct nlmsghdr *answer, struct in_addr target)
{
	const size_t header = NLMSG_LENGTH(NLMSG_ALIGN(sizeof(struct nfgenmsg)));
	if (answer->nlmsg_len < header)
		return false;
	const struct nlattr *list = net_nl_find((const char *)answer + header, answer->nlmsg_len - header, NFTA_SET_ELEM_LIST_ELEMENTS);
	const struct nlattr *value = inside(inside(inside(list, NFTA_LIST_ELEM), NFTA_SET_ELEM_DATA), NFTA_DATA_VALUE);
	return value && net_nl_len(value) >= sizeof(target) && memcmp(net_nl_data(value), &target, sizeof(target)) == 0;
}

static bool is_ours(const struct net_port *p, uint32_t n, struct in_addr target)
{
	char answer[8192] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct batch b = { .messages = 0 };
	bool ours = false;
	if (net_nl_open(&b.nl, NETLINK_NETFILTER) < 0)
		return false;
	put_element(&b, p, n, target, ELEMENT_GET);
	ssize_t len = net_nl_send_kept(&b.nl) < 0 ? -1 : net_nl_receive(&b.nl, answer, sizeof(answer));
	const struct nlmsghdr *a = len > 0 ? net_nl_first(answer, (size_t)len) : NULL;
	if (a && a->nlmsg_type == (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWSETELEM))
		ours = leads_to(a, target);
	net_nl_close(&b.nl);
	return ours;
}

/* Elements of one message each; so many fit the buffer. */
enum { PORTS_A_BATCH = 64 };

static int change(const struct net_port *p, uint32_t from, uint32_t count, struct in_addr target, bool add)
{
	struct batch b = { .messages = 0 };
	int rc = net_nl_open(&b.nl, NETLINK_NETFILTER);
	if (rc < 0)
		return rc;
	struct nlmsghdr *h = message(&b, NFNL_MSG_BATCH_BEGIN, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
	net_nl_keep(&b.nl, h);
	for (uint32_t n = 0; n < count; n++)
		put_element(&b, p, from + n, target, add ? ELEMENT_ADD : ELEMENT_DEL);
	rc = send_batch(&b);
	net_nl_close(&b.nl);
	return rc;
}

static int add_some(const struct net_port *p, uint32_t from, uint32_t count, struct in_addr target)
{
	int rc = change(p, from, count, target, true);
	if (rc != -EEXIST)
		return rc;
	/* the port is ours, its socket is held: the element is one a killed process left */
	for (uint32_t n = 0; n < count; n++)
		(void)change(p, from + n, 1, target, false);
	return change(p, from, count, target, true);
}

int net_nft_add(const struct net_port *ports, size_t count, struct in_addr target, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		for (uint32_t from = 0; from < ports[i].count; from += PORTS_A_BATCH) {
			uint32_t n = ports[i].count - from < PORTS_A_BATCH ? ports[i].count - from : PORTS_A_BATCH;
			int rc = add_some(&ports[i], from, n, target);
			if (rc < 0)
				return err_sys(err, -rc, "cannot publish host port %u", ports[i].host_port + from);
		}
	}
	return 0;
}

void net_nft_remove(const struct net_port *port, struct in_addr target)
{
	for (uint32_t n = 0; n < port->count; n++)
		if (is_ours(port, n, target))
			(void)change(port, n, 1, target, false);
}
