/* net.h - a container's network on this host: the default bridge with NAT as root, pasta for everybody else.
 * Shape:  network "podman": 10.88.0.0/16 on the bridge cpod0 (gateway 10.88.0.1), made when the first container needs it.
 *         <runroot>/networks/podman/: lock, last, leases/<address> (whose it is), containers/<id> (what to undo).
 *         <runroot>/networks/pasta/<id>: the helper's process.
 *         Firewall: the table `inet cpod`, ours alone: one map element a published port.
 * Life:   bridge: net_reserve → (the container's process exists) → net_connect → … → net_teardown.
 *         pasta:  net_pasta_start → net_pasta_wait → … → net_teardown. Nothing but run_fd and the id is needed to undo.
 *         The sockets in hold_fds keep host ports ours: somebody keeps them as long as the container runs.
 * Owner:  requests are borrowed; leases and results are owned by the caller.
 * Locks:  networks/podman/lock (exclusive, a few file operations long). Takes no other.
 * Errors: ERR_CMD_NOT_EXECUTABLE (126, as Podman's) a host port somebody has; ERR_EXISTS an address that is taken, ERR_INVALID one of no subnet;
 *         ERR_UNSUPPORTED a helper or kernel feature that is missing.
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define NET_DEFAULT_NAME "podman"
#define NET_DEFAULT_BRIDGE "cpod0"

struct net_port {
	char *host_ip;		/* "" or NULL: every address */
	uint32_t host_port, container_port; /* the first ones; neither is 0 */
	uint32_t count;		/* of consecutive ports, at least 1 */
	char *protocol;		/* "tcp", "udp" */
};

struct net_request {
	const char *id;		/* the container's, 64 hex digits */
	const char *ip, *mac;	/* asked for; NULL or "": ours to choose */
	const char *interface;	/* inside; NULL: "eth0" */
	const struct net_port *ports;
	size_t port_count;
};

/* What a container has, for inspect, hosts and resolv.conf. Strings are NULL where it has no such thing. */
struct net_result {
	char *network;		/* "podman", or "" for pasta */
	char *interface, *ip, *gateway, *mac, *ip6, *gateway6;
	int prefix, prefix6;
	char *own_ip;		/* what its own name stands for; pasta gives it the host's address */
	char *host_ip;		/* where it reaches the host */
	char *dns_ip;		/* where it may ask for names before the host's servers */
};
void net_result_done(struct net_result *result);
AUTO_VAL(net_result, net_result_done);

/* --- bridge --- */

struct net_lease {
	char id[65];
	struct net_result result; /* known before it is connected */
	struct net_port *ports;
	size_t port_count;
	int *hold_fds;		/* one bound socket a host port */
	size_t hold_count;
};
void net_lease_free(struct net_lease *lease); /* closes the sockets; what is recorded stays */
AUTO_PTR(net_lease, net_lease_free);

/* Takes an address and the host ports; half done is undone. */
int net_reserve(int run_fd, const struct net_request *request, struct net_lease **ret, struct err *err) must_check;
/* Puts eth0 into the (fresh) network namespace and opens the ports. About a millisecond; meant to run while the container
 * mounts. The caller enters the namespace and is back in its own when this returns. */
int net_connect(int run_fd, const struct net_lease *lease, int netns_fd, struct err *err) must_check;
/* The sockets, for whoever outlives the caller. */
void net_lease_take_holds(struct net_lease *lease, int **ret_fds, size_t *ret_count);

/* --- pasta --- */

/* Whether the host ports are free now, waiting a moment for one that is just being given up. Old helpers take half of a port. */
int net_ports_check(const struct net_port *ports, size_t count, struct err *err) must_check;

struct net_pasta;
struct net_pasta_request {
	const char *id;
	pid_t pid;		/* a process whose network namespace (and user namespace) it is */
	char *const *options;	/* the user's words after --network pasta:, given last */
	const struct net_port *ports;
	size_t port_count;
};
/* Starts it and returns: it takes some 15 ms, during which the container mounts. */
int net_pasta_start(int run_fd, const struct net_pasta_request *request, struct net_pasta **ret, struct err *err) must_check;
/* Waits until it forwards; reads the addresses it gave. It has then gone to the background and ends with the namespace. One
 * too old for --map-guest-addr is started again without, and remembered until the next boot. */
int net_pasta_wait(int run_fd, struct net_pasta *pasta, struct net_result *ret, struct err *err) must_check;
/* Ends one that was not waited for. */
void net_pasta_free(struct net_pasta *pasta);
AUTO_PTR(net_pasta, net_pasta_free);

/* --- both --- */

/* `lo` up in a namespace that gets no other interface (--network none). */
int net_loopback_up(int netns_fd, struct err *err) must_check;
/* Undoes what a container left: ports, lease, helper. Idempotent; a container that had nothing is fine. The interface
 * goes with its namespace. */
int net_teardown(int run_fd, const char *id, struct err *err) must_check;
