/* values_port.c - --publish and --expose: see values.h */
#include "options/values.h"

#include "base/num.h"

#include <arpa/inet.h>
#include <errno.h>

struct range {
	uint32_t first, count;
};

static int read_port(const char *side, const char *text, uint32_t *ret, struct err *err)
{
	uint64_t port;
	int rc = num_u64(text, UINT32_MAX, &port);
	if (rc == -EINVAL)
		return err_set(err, ERR_USAGE, "parsing %s port: invalid port number: strconv.Atoi: parsing \"%s\": invalid syntax", side, text);
	if (rc < 0 || port < 1 || port > 65535)
		return err_set(err, ERR_USAGE, "parsing %s port: port numbers must be between 1 and 65535 (inclusive), got %s", side, text);
	*ret = (uint32_t)port;
	return 0;
}

static int read_range(const char *side, const char *text, struct range *ret, struct err *err)
{
	const char *dash = strchr(text, '-');
	auto_free char *first = mem_strndup(text, dash ? (size_t)(dash - text) : strlen(text));
	uint32_t last;
	if (read_port(side, first, &ret->first, err) < 0)
		return -1;
	ret->count = 1;
	if (!dash)
		return 0;
	if (read_port(side, dash + 1, &last, err) < 0)
		return -1;
	if (last <= ret->first)
		return err_set(err, ERR_USAGE,
			       "parsing %s port: the end port of a range must be higher than the start port - %u is not higher than %u",
			       side, last, ret->first);
	ret->count = last - ret->first + 1;
	return 0;
}

/* cuts "/tcp" off; protocol is owned */
static int cut_protocol(char *text, char **ret, struct err *err)
{
	static const char *const known[] = { "tcp", "udp", NULL };
	char *slash = strchr(text, '/');
	if (!slash) {
		*ret = mem_strdup("tcp");
		return 0;
	}
	*slash++ = 0;
	if (strchr(slash, '/'))
		return err_set(err, ERR_USAGE, "invalid port format - protocol can only be specified once");
	auto_free char *low = str_lower_dup(slash);
	if (strcmp(low, "sctp") == 0)
		return err_set(err, ERR_UNSUPPORTED, "publishing sctp ports is not done yet: use tcp or udp");
	if (str_index(known, low) < 0)
		return err_set(err, ERR_USAGE, "unrecognized protocol \"%s\" in port mapping", slash);
	*ret = take_ptr(low);
	return 0;
}

static int check_ip(const char *ip, struct err *err)
{
	unsigned char buf[16];
	if (*ip && inet_pton(AF_INET, ip, buf) != 1 && inet_pton(AF_INET6, ip, buf) != 1)
		return err_set(err, ERR_USAGE, "cannot parse \"%s\" as an IP address", ip);
	return 0;
}

/* Splits "ip:host:container" from the right; an IPv6 address stands in brackets. */
static int split_sides(char *text, char **ip, char **host, char **container, struct err *err)
{
	*ip = *host = (char *)"";
	if (*text == '[') {
		char *end = strchr(text, ']');
		if (!end || end[1] != ':')
			return err_set(err, ERR_USAGE, "invalid IPv6 format - must be [addr]:port");
		*end = 0;
		*ip = text + 1;
		text = end + 2;
		char *colon = strchr(text, ':');
		*container = colon ? colon + 1 : text;
		if (colon) {
			*colon = 0;
			*host = text;
		}
		return strchr(*container, ':') ? err_set(err, ERR_USAGE, "invalid port format - format is [[hostIP:]hostPort:]containerPort") : 0;
	}
	auto_strv parts = strv_split(text, ':');
	size_t count = strv_len(parts);
	if (count > 3)
		return err_set(err, ERR_USAGE, "invalid port format - format is [[hostIP:]hostPort:]containerPort");
	*container = text;
	char *colon = strrchr(text, ':');
	if (!colon)
		return 0;
	*container = colon + 1;
	*colon = 0;
	*host = text;
	colon = strchr(text, ':');
	if (colon) {
		*colon = 0;
		*ip = text;
		*host = colon + 1;
	}
	return 0;
}

int values_publish(struct ctr_def *def, const char *text, struct err *err)
{
	auto_free char *copy = mem_strdup(text), *protocol = NULL;
	char *ip, *host, *container = NULL;
	struct range inner, outer = { 0 };
	if (cut_protocol(copy, &protocol, err) < 0 || split_sides(copy, &ip, &host, &container, err) < 0 || check_ip(ip, err) < 0 ||
	    read_range("container", container, &inner, err) < 0)
		return -1;
	if (*host) {
		if (read_range("host", host, &outer, err) < 0)
			return -1;
		if (outer.count != inner.count)
			return err_set(err, ERR_USAGE, "host and container port ranges have different lengths: %u vs %u", outer.count, inner.count);
	}
	struct ctr_port *p = ctr_def_add_port(def);
	p->host_ip = mem_strdup(ip);
	p->host_port = outer.first;
	p->container_port = inner.first;
	p->count = inner.count;
	p->protocol = take_ptr(protocol);
	return 0;
}

int values_expose(struct ctr_def *def, const char *text, struct err *err)
{
	auto_free char *copy = mem_strdup(text), *protocol = NULL;
	struct range range;
	struct err why = { 0 };
	if (cut_protocol(copy, &protocol, err) < 0)
		return err_wrap(err, "validating protocols for exposed port %s", copy);
	if (read_range("container", copy, &range, &why) < 0)
		return err_set(err, ERR_USAGE, "invalid range format for --expose: %s: %s", text, why.text);
	for (uint32_t i = 0; i < range.count; i++)
		strv_addf(&def->expose, "%u/%s", range.first + i, protocol);
	return 0;
}
