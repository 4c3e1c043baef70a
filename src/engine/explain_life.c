/* explain_life.c - network and ports, logs, health, restarts */
#include "base/ntime.h"
#include "base/str.h"
#include "engine/ctr_create.h"
#include "engine/ctr_health.h"
#include "engine/ctr_log.h"
#include "engine/ctr_spec.h"
#include "engine/doctor.h"
#include "engine/explain_priv.h"

/* --- network --- */

static void add_port(const struct explain_job *job, const struct ctr_port *p)
{
	auto_free char *inside = mem_printf("%u/%s", p->container_port, p->protocol);
	auto_free char *last = p->count > 1 ? mem_printf("-%u", p->host_port + p->count - 1) : mem_strdup("");
	auto_free char *outside = p->host_port ? mem_printf("%s%s%u%s of the host", p->host_ip, *p->host_ip ? ":" : "", p->host_port, last) :
						 mem_strdup("a free port of the host");
	const struct origin *from = explain_origin(job, "publish", inside);
	auto_free char *name = mem_printf("port %s", inside);
	explain_add(job, EXPLAIN_NETWORK, name, outside, from ? from : explain_origin(job, "publish-all", ""));
}

static void add_list(const struct explain_job *job, const char *name, char *const *words, const char *flag)
{
	for (; words && *words; words++)
		explain_add_flag(job, EXPLAIN_NETWORK, name, *words, flag, *words);
}

/* What doctor says of a thing that this container needs. */
static void add_doctor(const struct explain_job *job, const char *check, const char *what)
{
	struct doctor_finding f = { 0 };
	if (doctor_look_at(job->engine, check, &f) && f.state == DOCTOR_BROKEN)
		explain_add_gap(job, what, f.text, f.fix, true);
	free(f.text);
	free(f.fix);
}

/* Root has all of them. */
static void check_low_ports(const struct explain_job *job)
{
	int64_t first = doctor_first_port();
	uint32_t lowest = UINT32_MAX;
	for (size_t i = 0; i < job->def->port_count; i++)
		if (job->def->ports[i].host_port && job->def->ports[i].host_port < lowest)
			lowest = job->def->ports[i].host_port;
	if (!job->engine->rootless || lowest >= first)
		return;
	auto_free char *what = mem_printf("--publish %u", lowest);
	auto_free char *why = mem_printf("users may publish from %lld on", (long long)first);
	auto_free char *way_out = mem_printf("sysctl -w net.ipv4.ip_unprivileged_port_start=%u, or publish a higher port", lowest);
	explain_add_gap(job, what, why, way_out, true);
}

void explain_network(const struct explain_job *job)
{
	const struct ctr_def *def = job->def;
	const char *mode = ctr_spec_net_mode(job->engine, def);
	auto_free char *options = def->net_options ? strv_join(def->net_options, ",") : NULL;
	explain_add_flag(job, EXPLAIN_NETWORK, "mode", mode, "network", "");
	explain_add_flag(job, EXPLAIN_NETWORK, "options", options, "network", "");
	explain_add_flag(job, EXPLAIN_NETWORK, "address", def->ip, "ip", "");
	explain_add_flag(job, EXPLAIN_NETWORK, "mac address", def->mac_address, "mac-address", "");
	for (size_t i = 0; i < def->port_count; i++)
		add_port(job, &def->ports[i]);
	add_list(job, "dns server", def->dns, "dns");
	add_list(job, "dns search", def->dns_search, "dns-search");
	add_list(job, "dns option", def->dns_option, "dns-option");
	add_list(job, "host", def->add_host, "add-host");
	explain_add_flag(job, EXPLAIN_NETWORK, "hosts file", def->no_hosts ? "the image's" : def->hosts_file, def->no_hosts ? "no-hosts" : "hosts-file", "");
	if (str_eq(mode, "bridge") || str_eq(mode, "pasta"))
		add_doctor(job, mode, "the network");
	check_low_ports(job);
}

/* --- life --- */

static void add_log(const struct explain_job *job)
{
	struct ctr_log log;
	struct err ignored = { 0 };
	static const char *const kinds[] = { [CTR_LOG_FILE] = "k8s-file", [CTR_LOG_JOURNAL] = "journald", [CTR_LOG_NONE] = "none", [CTR_LOG_PASSTHROUGH] = "passthrough" };
	if (ctr_log_read(job->def, &log, &ignored) < 0)
		return;
	explain_add_flag(job, EXPLAIN_LIFE, "log", kinds[log.kind], "log-driver", "");
	for (char **word = job->def->log_opts; word && *word; word++) {
		auto_free char *key = mem_strndup(*word, strcspn(*word, "="));
		explain_add_flag(job, EXPLAIN_LIFE, "log option", *word, "log-opt", key);
	}
}

static void add_duration(const struct explain_job *job, const char *name, int64_t ns, const char *flag)
{
	auto_free char *text = mem_printf("%g s", (double)ns / NS_PER_S);
	const struct origin *from = explain_origin(job, flag, "");
	explain_add(job, EXPLAIN_LIFE, name, ns > 0 ? text : "", from);
}

static void add_health(const struct explain_job *job)
{
	const struct ctr_def *def = job->def;
	auto_free char *test = def->health ? strv_join(def->health->test, " ") : NULL;
	if (!ctr_health_is_set(def)) {
		explain_add_flag(job, EXPLAIN_LIFE, "health check", "none", "no-healthcheck", "");
		return;
	}
	auto_free char *retries = mem_printf("%u failures make it unhealthy", def->health->retries);
	explain_add_flag(job, EXPLAIN_LIFE, "health check", test, "health-cmd", "");
	add_duration(job, "health interval", def->health->interval_ns, "health-interval");
	add_duration(job, "health timeout", def->health->timeout_ns, "health-timeout");
	add_duration(job, "health start", def->health->start_period_ns, "health-start-period");
	explain_add_flag(job, EXPLAIN_LIFE, "health retries", retries, "health-retries", "");
	explain_add_flag(job, EXPLAIN_LIFE, "when unhealthy", def->health_on_failure ? def->health_on_failure : "nothing", "health-on-failure", "");
}

/* Of one that is to be made; the id in a sentence is whose the name is. */
static void check_name(const struct explain_job *job)
{
	auto_free char *holder = NULL;
	struct err missing = { 0 };
	const char *name = job->def->name;
	if (strcmp(job->ctr->id, CTR_CREATE_NO_ID) != 0 || explain_origin(job, "replace", "") ||
	    store_name_get(job->engine->store, STORE_CONTAINER, name, &holder, &missing) < 0)
		return;
	auto_free char *what = mem_printf("--name %s", name);
	auto_free char *why = mem_printf("container %.12s has the name", holder);
	explain_add_gap(job, what, why, "take another name, or use --replace", true);
}

void explain_life(const struct explain_job *job)
{
	const struct ctr_def *def = job->def;
	auto_free char *timeout = def->timeout_s ? mem_printf("killed after %u s", def->timeout_s) : NULL;
	explain_add_flag(job, EXPLAIN_LIFE, "name", def->name, "name", "");
	check_name(job);
	add_log(job);
	add_health(job);
	explain_add_flag(job, EXPLAIN_LIFE, "restart", def->restart_policy && *def->restart_policy ? def->restart_policy : "no", "restart", "");
	for (char **id = def->requires; id && *id; id++)
		explain_add_flag(job, EXPLAIN_LIFE, "requires", *id, "requires", "");
	explain_add_flag(job, EXPLAIN_LIFE, "at its end", def->remove ? "removed" : "kept", "rm", "");
	explain_add_flag(job, EXPLAIN_LIFE, "time", timeout, "timeout", "");
}
