#include "net/net.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/log.h"
#include "base/ntime.h"
#include "base/num.h"
#include "base/str.h"
#include "net/net_link.h"
#include "net/net_nft.h"
#include "net/net_priv.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* The network: 10.88.0.0/16, .0.1 is the host. A lease is a link leases/<address> → id: EEXIST is the lock on an address. Ports of a
 * container are lines of containers/<id>: what has to be undone is read from there. */
enum { NETWORK = 0x0a580000, PREFIX = 16, GATEWAY = NETWORK + 1, FIRST = NETWORK + 2, LAST = NETWORK + 0xfffe, RECORD_MAX = 1 << 20 };
enum { PORT_PAUSE_MS = 5, PORT_TRIES = 30 };

static struct in_addr address_of(uint32_t host_order)
{
	return (struct in_addr){ .s_addr = htonl(host_order) };
}

void net_result_done(struct net_result *r)
{
	char *texts[] = { r->network, r->interface, r->ip, r->gateway, r->mac, r->ip6, r->gateway6, r->own_ip, r->host_ip, r->dns_ip };
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		free(texts[i]);
	*r = (struct net_result){ 0 };
}

void net_lease_free(struct net_lease *lease)
{
	if (!lease)
		return;
	for (size_t i = 0; i < lease->hold_count; i++)
		fd_close(lease->hold_fds[i]);
	for (size_t i = 0; i < lease->port_count; i++) {
		free(lease->ports[i].host_ip);
		free(lease->ports[i].protocol);
	}
	free(lease->hold_fds);
	free(lease->ports);
	net_result_done(&lease->result);
	free(lease);
}

void net_lease_take_holds(struct net_lease *lease, int **ret_fds, size_t *ret_count)
{
	*ret_fds = take_ptr(lease->hold_fds);
	*ret_count = lease->hold_count;
	lease->hold_count = 0;
}

/* --- the directory --- */

static int open_network(int run_fd, int *ret_fd, struct err *err)
{
	static const char *const dirs[] = { "networks/podman/leases", "networks/podman/containers" };
	for (size_t i = 0; i < ARRAY_LEN(dirs); i++) {
		int rc = file_mkdirs(run_fd, dirs[i], 0700);
		if (rc < 0 && rc != -EEXIST)
			return err_sys(err, -rc, "cannot make '%s' in the run directory", dirs[i]);
	}
	int rc = file_open_dir(run_fd, "networks/podman", ret_fd);
	return rc < 0 ? err_sys(err, -rc, "cannot open the network's directory") : 0;
}

/* --- ports: a bound socket keeps others away; nothing ever comes through it, the firewall redirects before --- */

/* The monitor of a container that has just ended holds its ports to its own last moment; nothing tells when that was. */
static int bind_soon(int fd, const struct sockaddr_in *addr)
{
	const struct timespec pause = { .tv_nsec = PORT_PAUSE_MS * NS_PER_MS };
	for (int i = 0;; i++) {
		if (bind(fd, (const struct sockaddr *)addr, sizeof(*addr)) == 0)
			return 0;
		if (errno != EADDRINUSE || i == PORT_TRIES)
			return -errno;
		nanosleep(&pause, NULL);
	}
}

static int hold_port(const struct net_port *p, uint32_t port, int *ret_fd, struct err *err)
{
	bool udp = strcmp(p->protocol, "udp") == 0;
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	if (p->host_ip && *p->host_ip && inet_pton(AF_INET, p->host_ip, &addr.sin_addr) != 1)
		return err_set(err, ERR_UNSUPPORTED, "publishing on the address '%s' is not done: give an IPv4 address", p->host_ip);
	auto_close int fd = socket(AF_INET, (udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_sys(err, errno, "cannot hold port %u", port);
	int yes = 1; /* what an ended connection left in TIME_WAIT is no conflict; another listener still is */
	if (!udp && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) < 0)
		return err_sys(err, errno, "cannot hold port %u", port);
	int rc = bind_soon(fd, &addr);
	if (rc >= 0 && !udp && listen(fd, 1) < 0)
		rc = -errno;
	if (rc < 0)
		/* COMPAT: 126 and these words */
		return err_set(err, ERR_CMD_NOT_EXECUTABLE, "cannot listen on the %s port: listen %s4 %s:%u: bind: %s%s", udp ? "UDP" : "TCP", p->protocol,
			       p->host_ip ? p->host_ip : "", port, err_reason(-rc),
			       rc == -EACCES ? ": users have the ports from net.ipv4.ip_unprivileged_port_start on" : "");
	*ret_fd = take_fd(fd);
	return 0;
}

int net_ports_check(const struct net_port *ports, size_t count, struct err *err)
{
	struct in_addr v4;
	for (size_t i = 0; i < count; i++) {
		const struct net_port *p = &ports[i];
		if (p->host_ip && *p->host_ip && inet_pton(AF_INET, p->host_ip, &v4) != 1)
			continue; /* its helper will tell */
		for (uint32_t n = 0; n < p->count; n++) {
			auto_close int fd = -EBADF;
			if (hold_port(p, p->host_port + n, &fd, err) < 0)
				return -1;
		}
	}
	return 0;
}

static int hold_ports(const struct net_request *r, struct net_lease *lease, struct err *err)
{
	size_t total = 0;
	for (size_t i = 0; i < r->port_count; i++)
		total += r->ports[i].count;
	lease->hold_fds = mem_array(total + 1, sizeof(int));
	lease->ports = mem_array(r->port_count + 1, sizeof(*lease->ports));
	for (size_t i = 0; i < r->port_count; i++) {
		const struct net_port *p = &r->ports[i];
		lease->ports[lease->port_count++] = (struct net_port){ .host_ip = mem_strdup(p->host_ip ? p->host_ip : ""), .host_port = p->host_port,
			.container_port = p->container_port, .count = p->count, .protocol = mem_strdup(p->protocol) };
		for (uint32_t n = 0; n < p->count; n++) {
			if (hold_port(p, p->host_port + n, &lease->hold_fds[lease->hold_count], err) < 0)
				return -1;
			lease->hold_count++;
		}
	}
	return 0;
}

/* --- the record: address, then a port a line --- */

static int write_record(int net_fd, const struct net_lease *lease)
{
	auto_str text = { 0 };
	auto_free char *name = mem_printf("containers/%s", lease->id);
	str_addf(&text, "%s\n", lease->result.ip);
	for (size_t i = 0; i < lease->port_count; i++) {
		const struct net_port *p = &lease->ports[i];
		str_addf(&text, "%s %u %u %u %s\n", *p->host_ip ? p->host_ip : "-", p->host_port, p->container_port, p->count, p->protocol);
	}
	/* not complete, not used: the address is taken after it */
	int rc = file_unlink(net_fd, name, 0);
	return rc < 0 && rc != -ENOENT ? rc : file_create(net_fd, name, 0600, text.data, text.len, 0);
}

static bool parse_port(char *line, struct net_port *ret)
{
	auto_strv words = strv_split(line, ' ');
	uint64_t host, container, count;
	if (strv_len(words) != 5 || num_u64(words[1], 65535, &host) < 0 || num_u64(words[2], 65535, &container) < 0 ||
	    num_u64(words[3], 65535, &count) < 0)
		return false;
	*ret = (struct net_port){ .host_ip = mem_strdup(strcmp(words[0], "-") == 0 ? "" : words[0]), .host_port = (uint32_t)host,
				  .container_port = (uint32_t)container, .count = (uint32_t)count, .protocol = mem_strdup(words[4]) };
	return true;
}

/* --- addresses --- */

/* The record first: what has to be undone is known before there is anything to undo. */
static int claim(int net_fd, struct net_lease *lease, uint32_t address)
{
	char name[64];
	struct stat st;
	snprintf(name, sizeof(name), "leases/%s", inet_ntoa(address_of(address)));
	if (fstatat(net_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return -EEXIST;
	free(lease->result.ip);
	lease->result.ip = mem_strdup(inet_ntoa(address_of(address)));
	int rc = write_record(net_fd, lease);
	return rc < 0 ? rc : file_symlink(lease->id, net_fd, name);
}

/* After the one given last, so that an address rests a while after its container. */
static int claim_next(int net_fd, struct net_lease *lease)
{
	auto_free char *text = NULL;
	size_t len;
	uint64_t last = FIRST - 1;
	char number[16];
	if (file_read(net_fd, "last", 32, &text, &len) >= 0 && (num_u64(text, LAST, &last) < 0 || last < FIRST || last >= LAST))
		last = FIRST - 1;
	for (uint32_t i = 1; i <= LAST - FIRST + 1; i++) {
		uint32_t address = FIRST + (uint32_t)((last - FIRST + i + (LAST - FIRST + 1)) % (LAST - FIRST + 1));
		int rc = claim(net_fd, lease, address);
		if (rc == -EEXIST)
			continue;
		if (rc < 0)
			return rc;
		snprintf(number, sizeof(number), "%u", address);
		/* a hint: without it the search begins at the first */
		if (file_unlink(net_fd, "last", 0) == 0 || errno == ENOENT)
			file_create(net_fd, "last", 0600, number, strlen(number), 0);
		return 0;
	}
	return -ENOSPC;
}

static int take_address(int net_fd, const struct net_request *r, struct net_lease *lease, struct err *err)
{
	struct in_addr asked;
	if (!r->ip || !*r->ip) {
		int rc = claim_next(net_fd, lease);
		return rc == -ENOSPC ? err_sys(err, -rc, "no address is free in 10.88.0.0/16") :
		       rc < 0 ? err_sys(err, -rc, "cannot record the container's network") : 0;
	}
	if (inet_pton(AF_INET, r->ip, &asked) != 1 || ntohl(asked.s_addr) < FIRST || ntohl(asked.s_addr) > LAST)
		return err_set(err, ERR_INVALID, "requested static ip %s not in any subnet on network podman: it has 10.88.0.2 to 10.88.255.254", r->ip);
	int rc = claim(net_fd, lease, ntohl(asked.s_addr));
	if (rc == -EEXIST)
		return err_set(err, ERR_EXISTS, "the address %s is taken by another container", r->ip);
	return rc < 0 ? err_sys(err, -rc, "cannot take the address %s", r->ip) : 0;
}

/* --- life --- */

static void random_mac(unsigned char mac[6])
{
	char hex[13];
	uint64_t value = 0;
	file_random_hex(hex, 6);
	for (const char *c = hex; *c; c++)
		value = value << 4 | (uint64_t)(*c <= '9' ? *c - '0' : *c - 'a' + 10);
	for (int i = 0; i < 6; i++)
		mac[i] = (unsigned char)(value >> (8 * i));
	mac[0] = (unsigned char)((mac[0] & 0xfe) | 0x02); /* one address, made here */
}

static int parse_mac(const char *text, unsigned char mac[6])
{
	unsigned m[6];
	char rest;
	if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%c", &m[0], &m[1], &m[2], &m[3], &m[4], &m[5], &rest) != 6)
		return -EINVAL;
	for (int i = 0; i < 6; i++)
		mac[i] = (unsigned char)m[i];
	return 0;
}

static int fill_result(const struct net_request *r, struct net_result *result, struct err *err)
{
	unsigned char mac[6];
	if (r->mac && *r->mac) {
		if (parse_mac(r->mac, mac) < 0)
			return err_set(err, ERR_USAGE, "'%s' is no MAC address: six pairs of hex digits are expected", r->mac);
	} else {
		random_mac(mac);
	}
	*result = (struct net_result){ .network = mem_strdup(NET_DEFAULT_NAME), .interface = mem_strdup(r->interface && *r->interface ? r->interface : "eth0"),
				       .gateway = mem_strdup(inet_ntoa(address_of(GATEWAY))),
				       .mac = mem_printf("%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]), .prefix = PREFIX };
	return 0;
}

static void undo_record(int net_fd, const char *id, char *text)
{
	char *line = text, *next = strchr(line, '\n'), name[64];
	struct in_addr address;
	if (next)
		*next++ = 0;
	if (inet_pton(AF_INET, line, &address) != 1)
		return;
	snprintf(name, sizeof(name), "leases/%s", line);
	while (next && *next) {
		struct net_port port;
		line = next;
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		if (!parse_port(line, &port))
			continue;
		net_nft_remove(&port, address);
		free(port.host_ip);
		free(port.protocol);
	}
	auto_free char *holder = NULL;
	if (file_readlink(net_fd, name, &holder) >= 0 && strcmp(holder, id) == 0)
		file_unlink(net_fd, name, 0);
}

int net_teardown(int run_fd, const char *id, struct err *err)
{
	auto_close int net_fd = -EBADF;
	auto_free char *record = mem_printf("containers/%s", id), *text = NULL;
	size_t len;
	net_pasta_teardown(run_fd, id);
	if (file_open_dir(run_fd, "networks/podman", &net_fd) < 0 || file_read(net_fd, record, RECORD_MAX, &text, &len) < 0)
		return 0;
	undo_record(net_fd, id, text);
	int rc = file_unlink(net_fd, record, 0);
	return rc < 0 && rc != -ENOENT ? err_sys(err, -rc, "cannot forget the network of container %s", id) : 0;
}

int net_reserve(int run_fd, const struct net_request *request, struct net_lease **ret, struct err *err)
{
	auto_close int net_fd = -EBADF;
	auto_ptr(net_lease) lease = mem_alloc(sizeof(*lease));
	snprintf(lease->id, sizeof(lease->id), "%s", request->id);
	/* an earlier start that was killed left its address and its ports */
	if (net_teardown(run_fd, request->id, err) < 0 || open_network(run_fd, &net_fd, err) < 0 || hold_ports(request, lease, err) < 0 ||
	    fill_result(request, &lease->result, err) < 0)
		return -1;
	if (take_address(net_fd, request, lease, err) < 0) {
		struct err ignored = { 0 };
		if (net_teardown(run_fd, request->id, &ignored) < 0)
			log_debug("%s", ignored.text);
		return -1;
	}
	*ret = take_ptr(lease);
	return 0;
}

/* The outer end's name. Never that of an earlier start: the kernel takes a dead namespace's interface away when it likes. */
static void outer_name(char name[16])
{
	memcpy(name, "cv", 3);
	file_random_hex(name + 2, 6);
}

/* The host's own programs reach published ports at 127.0.0.1 too: those packets must be let onto the bridge. */
static void allow_localhost(void)
{
	auto_close int fd = open("/proc/sys/net/ipv4/conf/" NET_DEFAULT_BRIDGE "/route_localnet", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "1", 1) < 0)
		log_debug("published ports are not reachable at 127.0.0.1: %s", err_reason(errno));
}

static int connect_outside(const struct net_lease *lease, int netns_fd)
{
	struct net_nl nl;
	char outer[16];
	unsigned char mac[6];
	int rc = net_nl_open(&nl, NETLINK_ROUTE);
	if (rc < 0)
		return rc;
	outer_name(outer);
	rc = parse_mac(lease->result.mac, mac);
	if (rc >= 0)
		rc = net_link_bridge(&nl, NET_DEFAULT_BRIDGE, address_of(GATEWAY), PREFIX);
	if (rc >= 0 && lease->port_count)
		allow_localhost();
	if (rc >= 0)
		rc = net_link_veth(&nl, outer, NET_DEFAULT_BRIDGE, lease->result.interface, netns_fd, mac);
	net_nl_close(&nl);
	return rc;
}

/* Runs in the container's namespace; the caller is back in its own afterwards. */
static int with_netns(int netns_fd, int (*work)(struct net_nl *nl, const struct net_lease *lease), const struct net_lease *lease)
{
	struct net_nl nl;
	auto_close int own_fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (own_fd < 0 || setns(netns_fd, CLONE_NEWNET) < 0)
		return -errno;
	int rc = net_nl_open(&nl, NETLINK_ROUTE);
	if (rc >= 0) {
		rc = work(&nl, lease);
		net_nl_close(&nl);
	}
	if (setns(own_fd, CLONE_NEWNET) < 0) /* nothing may be done in the wrong network */
		abort();
	return rc;
}

static int configure(struct net_nl *nl, const struct net_lease *lease)
{
	struct in_addr address, gateway = address_of(GATEWAY);
	return inet_pton(AF_INET, lease->result.ip, &address) == 1 ? net_link_configure(nl, lease->result.interface, address, PREFIX, gateway) : -EINVAL;
}

int net_connect(int run_fd, const struct net_lease *lease, int netns_fd, struct err *err)
{
	struct in_addr address;
	if (net_nft_prepare(err) < 0)
		return -1;
	int rc = connect_outside(lease, netns_fd);
	if (rc < 0)
		return err_sys(err, -rc, "cannot connect the container to the bridge " NET_DEFAULT_BRIDGE);
	rc = with_netns(netns_fd, configure, lease);
	if (rc < 0)
		return err_sys(err, -rc, "cannot set up the container's interface");
	if (inet_pton(AF_INET, lease->result.ip, &address) != 1)
		return err_set(err, ERR_INTERNAL, "'%s' is no address", lease->result.ip);
	return net_nft_add(lease->ports, lease->port_count, address, err);
}

static int only_loopback(struct net_nl *nl, const struct net_lease *lease)
{
	return net_link_loopback(nl);
}

int net_loopback_up(int netns_fd, struct err *err)
{
	int rc = with_netns(netns_fd, only_loopback, NULL);
	return rc < 0 ? err_sys(err, -rc, "cannot bring the container's loopback interface up") : 0;
}
