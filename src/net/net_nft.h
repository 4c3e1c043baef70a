/* net_nft.h - the table `inet cpod`: masquerading, and one map element a published port.
 * Shape:  made whole, once a boot, by nft(8) from the text in net_nft.c; elements come and go by nfnetlink in process, so that no
 *         program is started on a container's way.
 * Errors: ERR_UNSUPPORTED nft is not installed.
 */
#pragma once

#include "base/err.h"
#include "net/net.h"

#include <netinet/in.h>

int net_nft_prepare(struct err *err) must_check;
int net_nft_add(const struct net_port *ports, size_t count, struct in_addr target, struct err *err) must_check;
/* Only what leads to the target; what is not there is fine. */
void net_nft_remove(const struct net_port *port, struct in_addr target);
