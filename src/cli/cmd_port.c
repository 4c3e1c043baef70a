/* cmd_port.c - port: which addresses of the host lead to a running container */
#include "base/num.h"
#include "base/str.h"
#include "cli/pick.h"
#include "cli/session.h"
#include "cli/verbs.h"

#include <stdio.h>

struct port_values {
	bool all, latest;
};

struct published {
	char port[24]; /* "80/tcp" */
	const char *host_ip;
	uint32_t host_port;
};

static int by_port(const void *a, const void *b)
{
	const struct published *x = a, *y = b;
	int order = strcmp(x->port, y->port); /* COMPAT: as text */
	return order ? order : x->host_port < y->host_port ? -1 : x->host_port > y->host_port;
}

/* A range is as many rows as it has ports. A container that does not run has none. */
static struct published *published_new(const struct ctr *ctr, size_t *ret_count)
{
	const struct ctr_def *d = &ctr->def;
	size_t count = 0, at = 0;
	for (size_t i = 0; i < d->port_count && ctr->status.process.pid; i++)
		count += d->ports[i].count;
	struct published *list = mem_array(count + 1, sizeof(*list));
	for (size_t i = 0; i < d->port_count && at < count; i++) {
		for (uint32_t n = 0; n < d->ports[i].count; n++, at++) {
			const struct ctr_port *p = &d->ports[i];
			list[at].host_ip = p->host_ip && *p->host_ip ? p->host_ip : "0.0.0.0";
			list[at].host_port = p->host_port + n;
			snprintf(list[at].port, sizeof(list[at].port), "%u/%s", p->container_port + n, p->protocol);
		}
	}
	qsort(list, count, sizeof(*list), by_port);
	*ret_count = count;
	return list;
}

static int read_port(const char *word, char ret[32], struct err *err)
{
	auto_free char *number = mem_strndup(word, strcspn(word, "/"));
	const char *protocol = strchr(word, '/');
	uint64_t port;
	if (num_u64(number, UINT16_MAX, &port) < 0 || (protocol && strlen(protocol) > 8))
		return err_set(err, ERR_USAGE, "invalid port \"%s\": a number is expected, or number/protocol", word);
	snprintf(ret, 32, "%u%s", (unsigned)port, protocol ? protocol : "/tcp");
	return 0;
}

static int print_ports(const struct ctr *ctr, const struct port_values *v, const char *word, struct err *err)
{
	size_t count;
	char wanted[32];
	bool found = false;
	auto_free struct published *list = published_new(ctr, &count);
	if (word && read_port(word, wanted, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (word && strcmp(list[i].port, wanted) != 0)
			continue;
		found = true;
		if (v->all)
			printf("%.12s\t", ctr->id);
		if (!word)
			printf("%s -> ", list[i].port);
		printf("%s:%u\n", list[i].host_ip, list[i].host_port);
	}
	return word && count && !found ? err_set(err, ERR_NOT_FOUND, "failed to find published port \"%s\"", word) : 0;
}

static int run_port(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct port_values *v = values;
	char *named[] = { v->latest ? NULL : words[0], NULL };
	const char *word = v->latest ? words[0] : words[0] ? words[1] : NULL;
	const struct pick_opts how = { .words = named, .all = v->all, .latest = v->latest, .missing = "you must supply a running container name or id" };
	auto_ptr(engine) engine = NULL;
	auto_val(pick) pick = { 0 };
	if (strv_len(words) > 2)
		return err_set(err, ERR_USAGE, "`port` accepts at most 2 arguments");
	if (v->latest && words[0] && words[1])
		return err_set(err, ERR_USAGE, "--latest and containers cannot be used together");
	if (session_open(cli, ENGINE_READ, &engine, err) < 0 || pick_ctrs(engine, &how, &pick, err) < 0)
		return -1;
	for (size_t i = 0; i < pick.count; i++)
		if (print_ports(pick.ctrs[i], v, word, err) < 0)
			return -1;
	return 0;
}

#define AT(member) FLAG_AT(struct port_values, member)
static const struct flag port_rows[] = {
	{ "all", 'a', FLAG_BOOL, AT(all), .help = "Show the ports of every running container" },
	{ "latest", 'l', FLAG_BOOL, AT(latest), .help = "Take the container made last" },
};
static const struct flag_group port_groups[] = { { port_rows, ARRAY_LEN(port_rows), 0 }, { 0 } };
const struct verb cmd_port_verb = {
	.about = "Shows which addresses of the host lead to which ports of a running container.",
	.groups = port_groups, .values_size = sizeof(struct port_values), .run = run_port,
};
