#include "engine/ctr_net.h"

#include "base/fd.h"
#include "base/log.h"
#include "engine/ctr_spec.h"
#include "net/net.h"
#include "storage/store.h"

#include <fcntl.h>
#include <stdio.h>

static struct net_port *ports_new(const struct ctr_def *def)
{
	struct net_port *ports = mem_array(def->port_count + 1, sizeof(*ports));
	for (size_t i = 0; i < def->port_count; i++) {
		const struct ctr_port *p = &def->ports[i];
		ports[i] = (struct net_port){ .host_ip = p->host_ip, .host_port = p->host_port, .container_port = p->container_port,
					      .count = p->count, .protocol = p->protocol }; /* borrowed */
	}
	return ports;
}

/* --ip, --ip6: COMPAT: either may be given an address of the other kind. What the network has no subnet for comes first, to be told;
 * NULL: none is asked for. */
static const char *asked_address(const struct ctr_def *def)
{
	bool has_ip = def->ip && *def->ip, has_ip6 = def->ip6 && *def->ip6;
	if (has_ip6 && (!has_ip || strchr(def->ip6, ':')))
		return def->ip6;
	return has_ip ? def->ip : NULL;
}

int ctr_net_reserve(struct engine *engine, struct ctr *ctr, struct ctr_net_job *job, struct err *err)
{
	auto_free struct net_port *ports = ports_new(&ctr->def);
	if (ctr_spec_net_is(engine, &ctr->def, "pasta"))
		return net_ports_check(ports, ctr->def.port_count, err);
	if (!ctr_spec_net_is(engine, &ctr->def, "bridge"))
		return 0;
	struct net_request request = { .id = ctr->id, .ip = asked_address(&ctr->def), .mac = ctr->def.mac_address, .ports = ports, .port_count = ctr->def.port_count };
	if (net_reserve(store_run_fd(engine->store), &request, &job->lease, err) < 0)
		return -1;
	net_lease_take_holds(job->lease, &job->hold_fds, &job->hold_count);
	return 0;
}

static int open_netns(pid_t pid, int *ret_fd, struct err *err)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/ns/net", pid);
	*ret_fd = open(path, O_RDONLY | O_CLOEXEC);
	return *ret_fd < 0 ? err_sys(err, errno, "cannot open the container's network namespace") : 0;
}

int ctr_net_connect(struct engine *engine, struct ctr *ctr, struct ctr_net_job *job, pid_t pid, struct err *err)
{
	auto_close int netns_fd = -EBADF;
	int run_fd = store_run_fd(engine->store);
	const char *mode = ctr_spec_net_mode(engine, &ctr->def);
	if (strcmp(mode, "pasta") == 0) {
		auto_free struct net_port *ports = ports_new(&ctr->def);
		struct net_pasta_request request = { .id = ctr->id, .pid = pid, .options = ctr->def.net_options, .ports = ports,
						     .port_count = ctr->def.port_count };
		return net_pasta_start(run_fd, &request, &job->pasta, err);
	}
	return open_netns(pid, &netns_fd, err) < 0 ? -1 : net_connect(run_fd, job->lease, netns_fd, err);
}

static char *copy(const char *text)
{
	return text ? mem_strdup(text) : NULL;
}

static void take_result(struct ctr_net *net, const struct net_result *r)
{
	*net = (struct ctr_net){ .network = copy(r->network), .ip = copy(r->ip), .gateway = copy(r->gateway), .mac = copy(r->mac),
				 .ip6 = copy(r->ip6), .gateway6 = copy(r->gateway6), .device = copy(r->interface),
				 .prefix = r->prefix, .prefix6 = r->prefix6, .own_ip = copy(r->own_ip), .host_ip = copy(r->host_ip),
				 .dns_ip = copy(r->dns_ip) };
}

int ctr_net_finish(struct engine *engine, struct ctr *ctr, struct ctr_net_job *job, struct err *err)
{
	auto_val(net_result) result = { 0 };
	if (job->lease)
		take_result(&ctr->status.net, &job->lease->result);
	if (!job->pasta)
		return 0;
	if (net_pasta_wait(store_run_fd(engine->store), job->pasta, &result, err) < 0)
		return -1;
	take_result(&ctr->status.net, &result);
	return 0;
}

void ctr_net_job_done(struct ctr_net_job *job)
{
	net_lease_free(job->lease);
	net_pasta_free(job->pasta);
	for (size_t i = 0; i < job->hold_count; i++)
		fd_close(job->hold_fds[i]);
	free(job->hold_fds);
	*job = (struct ctr_net_job){ 0 };
}

void ctr_net_teardown(struct engine *engine, const struct ctr *ctr)
{
	struct err one = { 0 };
	const char *mode = ctr_spec_net_mode(engine, &ctr->def);
	if (strcmp(mode, "bridge") != 0 && strcmp(mode, "pasta") != 0)
		return;
	if (net_teardown(store_run_fd(engine->store), ctr->id, &one) < 0)
		log_warn("the network of container %s was not taken down: %s", ctr->def.name, one.text);
}
