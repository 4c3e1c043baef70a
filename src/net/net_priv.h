/* net_priv.h - between net.c (the bridge), net_pasta.c, its words and net_addr.c.
 */
#pragma once

#include "net/net.h"

#include <stdbool.h>

void net_pasta_teardown(int run_fd, const char *id);

/* The command line of pasta, and what the container's files have to say about it. */
struct net_pasta_words {
	char **argv;
	char *dns_ip, *host_ip; /* --dns-forward and --map-guest-addr: ours, or the user's */
	bool maps_guest;	/* the latter is ours: it may go where pasta is too old for it */
};
void net_pasta_words_make(const char *program, const char *pid_file, const char *netns, bool is_old, const struct net_pasta_request *request,
			  struct net_pasta_words *ret);
void net_pasta_words_done(struct net_pasta_words *words);

/* The address of the process's network namespace that its name may stand for, IPv4 if there is one; NULL: none. */
char *net_addr_of_process_dup(pid_t pid);
/* An IPv4 address of this host but for `except`; NULL: none. */
char *net_addr_of_host_dup(const char *except);
/* Of the two files of /proc/PID/net, for tests. */
char *net_addr_v4_dup(const char *fib_trie);
char *net_addr_v6_dup(const char *if_inet6);
