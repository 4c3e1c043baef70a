/* net_addr.c - addresses that are there, read where no socket in the other namespace is needed. */
#include "base/file.h"
#include "base/limits.h"
#include "base/str.h"
#include "net/net_priv.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

static bool is_loopback_v4(struct in_addr address)
{
	return ntohl(address.s_addr) >> 24 == 127;
}

/* Leaves of the trie are "|-- ADDRESS", and below each the routes for it: those of our own say "/32 host LOCAL". */
char *net_addr_v4_dup(const char *fib_trie)
{
	static const char leaf[] = "|-- ";
	char text[INET_ADDRSTRLEN] = "";
	auto_strv lines = strv_split(fib_trie, '\n');
	for (char **line = lines; line && *line; line++) {
		const char *at = strstr(*line, leaf);
		struct in_addr address;
		if (at) {
			at += strlen(leaf);
			text[0] = 0;
			if (strlen(at) < sizeof(text) && inet_pton(AF_INET, at, &address) == 1 && !is_loopback_v4(address))
				memcpy(text, at, strlen(at) + 1);
		} else if (*text && strstr(*line, "/32 host LOCAL")) {
			return mem_strdup(text);
		}
	}
	return NULL;
}

/* A line: 32 digits of the address, index, prefix length, scope (00: global), flags, name. */
char *net_addr_v6_dup(const char *if_inet6)
{
	auto_strv lines = strv_split(if_inet6, '\n');
	for (char **line = lines; line && *line; line++) {
		auto_strv words = strv_split(*line, ' ');
		if (strv_len(words) < 4 || strlen(words[0]) != 32 || strcmp(words[3], "00") != 0)
			continue;
		char text[INET6_ADDRSTRLEN], groups[40];
		struct in6_addr address;
		for (size_t i = 0; i < 8; i++) {
			memcpy(groups + 5 * i, words[0] + 4 * i, 4);
			groups[5 * i + 4] = i == 7 ? 0 : ':';
		}
		if (inet_pton(AF_INET6, groups, &address) == 1 && inet_ntop(AF_INET6, &address, text, sizeof(text)))
			return mem_strdup(text);
	}
	return NULL;
}

static char *read_of(pid_t pid, const char *name)
{
	auto_free char *path = mem_printf("/proc/%d/net/%s", pid, name);
	char *text = NULL;
	size_t len;
	return file_read(AT_FDCWD, path, LIMIT_CONFIG_FILE_BYTES, &text, &len) < 0 ? mem_strdup("") : text;
}

char *net_addr_of_process_dup(pid_t pid)
{
	auto_free char *v4 = read_of(pid, "fib_trie");
	char *address = net_addr_v4_dup(v4);
	if (address)
		return address;
	auto_free char *v6 = read_of(pid, "if_inet6");
	return net_addr_v6_dup(v6);
}

char *net_addr_of_host_dup(const char *except)
{
	struct ifaddrs *list = NULL;
	char text[INET_ADDRSTRLEN], *found = NULL;
	if (getifaddrs(&list) < 0)
		return NULL;
	for (struct ifaddrs *i = list; i && !found; i = i->ifa_next) {
		const struct sockaddr_in *in = (const void *)i->ifa_addr;
		if (!in || in->sin_family != AF_INET || !(i->ifa_flags & IFF_UP) || is_loopback_v4(in->sin_addr) ||
		    !inet_ntop(AF_INET, &in->sin_addr, text, sizeof(text)))
			continue;
		if (!except || strcmp(text, except) != 0)
			found = mem_strdup(text);
	}
	freeifaddrs(list);
	return found;
}
