/* net_priv.h - between net.c (the bridge) and net_pasta.c.
 */
#pragma once

#include "net/net.h"

void net_pasta_teardown(int run_fd, const char *id);
