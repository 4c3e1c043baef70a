/* net_link.h - interfaces, addresses and routes by rtnetlink.
 * Errors: -errno.
 */
#pragma once

#include "net/net_nl.h"

#include <netinet/in.h>

/* A bridge that is up and has this address; made when missing. */
int net_link_bridge(struct net_nl *nl, const char *name, struct in_addr address, int prefix);
/* A pair: `outer` here, up and in the bridge; `inner` in the other namespace, down. mac: 6 bytes. */
int net_link_veth(struct net_nl *nl, const char *outer, const char *bridge, const char *inner, int netns_fd, const unsigned char *mac);
/* Inside: lo and the interface up, its address, the default route. */
int net_link_configure(struct net_nl *nl, const char *name, struct in_addr address, int prefix, struct in_addr gateway);
int net_link_loopback(struct net_nl *nl);
int net_link_delete(struct net_nl *nl, const char *name);
