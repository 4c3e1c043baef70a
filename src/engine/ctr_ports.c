#include "engine/ctr_ports.h"

#include "base/fd.h"
#include "base/log.h"
#include "base/num.h"
#include "engine/ctr_spec.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

static bool is_published(const struct ctr_def *def, uint32_t port, const char *protocol)
{
	for (size_t i = 0; i < def->port_count; i++) {
		const struct ctr_port *p = &def->ports[i];
		if (strcmp(p->protocol, protocol) == 0 && port >= p->container_port && port < p->container_port + p->count)
			return true;
	}
	return false;
}

static int publish_exposed(struct ctr_def *def, char *const *list, struct err *err)
{
	for (; list && *list; list++) {
		auto_free char *text = mem_strdup(*list);
		char *protocol = strchr(text, '/'), *last = strchr(text, '-');
		uint16_t from, to;
		if (protocol)
			*protocol++ = 0;
		if (last && (!protocol || last < protocol))
			*last++ = 0;
		else
			last = NULL;
		if (num_port(text, &from) < 0 || num_port(last ? last : text, &to) < 0 || to < from)
			return err_set(err, ERR_USAGE, "invalid exposed port '%s': expected PORT[-PORT][/PROTOCOL]", *list);
		for (uint32_t port = from; port <= to; port++) {
			if (is_published(def, port, protocol ? protocol : "tcp"))
				continue;
			struct ctr_port *p = ctr_def_add_port(def);
			*p = (struct ctr_port){ .host_ip = mem_strdup(""), .container_port = port, .count = 1,
						.protocol = mem_strdup(protocol ? protocol : "tcp") };
		}
	}
	return 0;
}

/* The kernel picks one that nobody has now. It is held for good only when the container starts. */
static int free_port(const struct ctr_port *p, uint32_t *ret, struct err *err)
{
	bool udp = strcmp(p->protocol, "udp") == 0;
	struct sockaddr_in addr = { .sin_family = AF_INET };
	socklen_t len = sizeof(addr);
	if (p->host_ip && *p->host_ip && inet_pton(AF_INET, p->host_ip, &addr.sin_addr) != 1)
		addr.sin_addr.s_addr = INADDR_ANY;
	auto_close int fd = socket(AF_INET, (udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 || getsockname(fd, (struct sockaddr *)&addr, &len) < 0)
		return err_sys(err, errno, "no free host port for container port %u/%s", p->container_port, p->protocol);
	*ret = ntohs(addr.sin_port);
	return 0;
}

static bool overlap(const struct ctr_port *a, const struct ctr_port *b)
{
	bool same_ip = !*a->host_ip || !*b->host_ip || strcmp(a->host_ip, b->host_ip) == 0;
	return same_ip && strcmp(a->protocol, b->protocol) == 0 && a->host_port < b->host_port + b->count && b->host_port < a->host_port + a->count;
}

int ctr_ports_complete(struct engine *engine, struct ctr_def *def, char *const *exposed, struct err *err)
{
	if (def->publish_all && (publish_exposed(def, def->expose, err) < 0 || publish_exposed(def, exposed, err) < 0))
		return -1;
	const char *mode = ctr_spec_net_mode(engine, def);
	if (def->port_count && strcmp(mode, "bridge") != 0 && strcmp(mode, "pasta") != 0) {
		log_warn("Port mappings have been discarded because \"%s\" network namespace mode does not support them", mode);
		for (size_t i = 0; i < def->port_count; i++) {
			free(def->ports[i].host_ip);
			free(def->ports[i].protocol);
		}
		def->port_count = 0;
	}
	for (size_t i = 0; i < def->port_count; i++) {
		struct ctr_port *p = &def->ports[i];
		if (!p->count)
			p->count = 1;
		if (!p->host_ip)
			p->host_ip = mem_strdup("");
		if (!p->protocol)
			p->protocol = mem_strdup("tcp");
		if (!p->host_port && engine->looks) /* which one is known when it is taken */
			continue;
		if (!p->host_port && free_port(p, &p->host_port, err) < 0)
			return -1;
		for (size_t j = 0; j < i; j++)
			if (overlap(p, &def->ports[j]))
				return err_set(err, ERR_USAGE, "conflicting port mappings for host port %u (protocol %s)", p->host_port, p->protocol);
	}
	return 0;
}
