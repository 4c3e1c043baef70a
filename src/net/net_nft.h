/* net_nft.h - the table `inet cpod`: masquerading, and one map element a published port.
 * Shape:  made whole, once a boot, by nft(8) from the text in net_nft.c; elements come and go by nfnetlink in process, so that no
 *         program is started on a container's way.
 * Errors: ERR_UNSUPPORTED nft is not installed.
 */
#pragma once

#include "base/err.h"
#include "net/net.h"

#include <netinet/in.h>
#include <stdbool.h>

int net_nft_prepare(struct err *err) must_check;
/* Adds (or removes) the elements of all ports, in one transaction. Removing what is not there is fine. */
int net_nft_ports(const struct net_port *ports, size_t count, struct in_addr target, bool add, struct err *err) must_check;
