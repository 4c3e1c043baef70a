#include "base/str.h"
#include "net/net_priv.h"

#include <stdlib.h>
#include <string.h>

/* COMPAT: the addresses Podman takes; a container keeps working when it moves from one to the other. */
#define DNS_FORWARD "169.254.1.1"
#define MAP_GUEST "169.254.1.2"

static void add_ports(char ***argv, const char *flag, const char *protocol, const struct net_pasta_request *r)
{
	for (size_t i = 0; i < r->port_count; i++) {
		const struct net_port *p = &r->ports[i];
		const char *ip = p->host_ip ? p->host_ip : "";
		if (strcmp(p->protocol, protocol) != 0)
			continue;
		strv_add(argv, flag);
		strv_addf(argv, "%s%s%u-%u:%u-%u", ip, *ip ? "/" : "", p->host_port, p->host_port + p->count - 1, p->container_port,
			  p->container_port + p->count - 1);
	}
}

/* The value of an option in all its spellings: -f VALUE, -fVALUE, --flag VALUE, --flag=VALUE; the last one counts. NULL: not there. */
static const char *value_of(char *const *words, const char *brief, const char *flag)
{
	const char *found = NULL;
	for (; words && *words; words++) {
		const char *rest = str_after(*words, flag);
		if (rest && *rest == '=')
			found = rest + 1;
		if (brief && !rest && !str_starts(*words, "--"))
			rest = str_after(*words, brief);
		if (rest && !*rest)
			found = words[1] ? words[1] : "";
		else if (rest && !str_starts(*words, "--"))
			found = rest;
	}
	return found;
}

static void add_default(char ***argv, const char *brief, const char *flag, const char *value)
{
	if (value_of(*argv, brief, flag))
		return;
	strv_add(argv, brief);
	strv_add(argv, value);
}

/* Ours unless the user has said it; `is_left_out` has neither. */
static char *add_address(char ***argv, const char *flag, const char *value, bool is_left_out)
{
	const char *said = value_of(*argv, NULL, flag);
	if (said)
		return mem_strdup(said);
	if (is_left_out)
		return NULL;
	strv_add(argv, flag);
	strv_add(argv, value);
	return mem_strdup(value);
}

void net_pasta_words_make(const char *program, const char *pid_file, const char *netns, bool is_old, const struct net_pasta_request *r,
			  struct net_pasta_words *ret)
{
	bool only_v6 = strv_has(r->options, "-6") || strv_has(r->options, "--ipv6-only");
	const char *const always[] = { program, "--config-net", "--quiet" };
	*ret = (struct net_pasta_words){ 0 };
	char ***argv = &ret->argv;
	for (size_t i = 0; i < ARRAY_LEN(always); i++)
		strv_add(argv, always[i]);
	add_ports(argv, "-t", "tcp", r);
	add_ports(argv, "-u", "udp", r);
	for (char *const *o = r->options; o && *o; o++)
		if (strcmp(*o, "--map-gw") != 0) /* COMPAT: not a word of pasta's own, it takes --no-map-gw back */
			strv_add(argv, *o);
	if (!strv_has(r->options, "--map-gw"))
		strv_add(argv, "--no-map-gw");
	add_default(argv, "-t", "--tcp-ports", "none");
	add_default(argv, "-u", "--udp-ports", "none");
	add_default(argv, "-T", "--tcp-ns", "none");
	add_default(argv, "-U", "--udp-ns", "none");
	ret->maps_guest = !is_old && !only_v6 && !value_of(r->options, NULL, "--map-guest-addr");
	ret->dns_ip = add_address(argv, "--dns-forward", DNS_FORWARD, only_v6);
	ret->host_ip = add_address(argv, "--map-guest-addr", MAP_GUEST, !ret->maps_guest);
	strv_add(argv, "--pid");
	strv_add(argv, pid_file);
	strv_add(argv, "--netns");
	strv_add(argv, netns);
}

void net_pasta_words_done(struct net_pasta_words *words)
{
	strv_free(words->argv);
	free(words->dns_ip);
	free(words->host_ip);
	*words = (struct net_pasta_words){ 0 };
}
