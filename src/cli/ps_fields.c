/* ps_fields.c - see ps_fields.h */
#include "cli/ps_fields.h"

#include "base/ntime.h"
#include "base/num.h"
#include "base/str.h"
#include "codec/json.h"

#include <stdio.h>
#include <unistd.h>

enum { ID_SHORT = 12, COMMAND_SHORT = 17 };
#define ZERO_TIME_S (-62135596800LL) /* COMPAT: Go's zero time in seconds */

static const struct ctr_def *def_of(const void *row)
{
	return &((const struct ps_row *)row)->ctr->def;
}

static const struct ctr_status *status_of(const void *row)
{
	return &((const struct ps_row *)row)->ctr->status;
}

static int64_t now_of(const void *row)
{
	return ((const struct ps_row *)row)->now_ns;
}

static char *ago(const void *row, int64_t since_ns)
{
	return mem_printf("%s ago", ntime_human(now_of(row) - since_ns).text);
}

static char *text_id(const void *row)
{
	const struct ps_row *r = row;
	return mem_strndup(r->ctr->id, r->no_trunc ? 64 : ID_SHORT);
}

static char *text_image(const void *row)
{
	const struct ctr_def *d = def_of(row);
	return mem_strdup(d->image_name ? d->image_name : "");
}

static char *text_image_id(const void *row)
{
	const struct ctr_def *d = def_of(row);
	return mem_strndup(d->image ? d->image : "", ((const struct ps_row *)row)->no_trunc ? 64 : ID_SHORT);
}

static char **command_of(const void *row)
{
	char **words = NULL;
	strv_extend(&words, def_of(row)->entrypoint);
	strv_extend(&words, def_of(row)->command);
	return words;
}

static char *text_command(const void *row)
{
	auto_strv words = command_of(row);
	char *text = strv_join(words, " ");
	if (((const struct ps_row *)row)->no_trunc || strlen(text) <= COMMAND_SHORT)
		return text;
	auto_free char *whole = text;
	return mem_printf("%.*s...", COMMAND_SHORT, whole);
}

static char *text_created(const void *row)
{
	return ago(row, def_of(row)->created_ns);
}

static char *text_created_at(const void *row)
{
	return mem_strdup(ntime_go(def_of(row)->created_ns).text);
}

static char *text_state(const void *row)
{
	return mem_strdup(ctr_state_word(status_of(row)->state));
}

static char *text_life(const void *row)
{
	const struct ctr_status *s = status_of(row);
	switch (s->state) {
	case CTR_RUNNING:
		return mem_printf("Up %s", ntime_human(now_of(row) - s->started_ns).text);
	case CTR_PAUSED:
		return mem_strdup("Paused");
	case CTR_STOPPING:
		return mem_strdup("Stopping");
	case CTR_EXITED:
		return mem_printf("Exited (%d) %s ago", s->exit_code, ntime_human(now_of(row) - s->finished_ns).text);
	case CTR_REMOVING:
		return mem_strdup("Removing");
	case CTR_INITIALIZED:
		return mem_strdup("Initialized");
	case CTR_CREATED:
	case CTR_STATE_COUNT:
		break;
	}
	return mem_strdup("Created");
}

static char *text_status(const void *row)
{
	const struct ctr_status *s = status_of(row);
	auto_free char *life = text_life(row);
	return s->health && *s->health ? mem_printf("%s (%s)", life, s->health) : take_ptr(life);
}

static char *text_ports(const void *row)
{
	const struct ctr_def *d = def_of(row);
	auto_strv list = NULL;
	for (size_t i = 0; i < d->port_count; i++) {
		const struct ctr_port *p = &d->ports[i];
		const char *ip = p->host_ip && *p->host_ip ? p->host_ip : "0.0.0.0";
		if (p->count > 1)
			strv_addf(&list, "%s:%u-%u->%u-%u/%s", ip, p->host_port, p->host_port + p->count - 1, p->container_port,
				  p->container_port + p->count - 1, p->protocol);
		else
			strv_addf(&list, "%s:%u->%u/%s", ip, p->host_port, p->container_port, p->protocol);
	}
	for (char **e = d->expose; e && *e; e++)
		strv_add(&list, *e);
	return strv_join(list, ", ");
}

static char *text_names(const void *row)
{
	return mem_strdup(def_of(row)->name);
}

static char *text_empty(const void *row)
{
	(void)row;
	return mem_strdup("");
}

static char *text_pid(const void *row)
{
	return mem_printf("%d", (int)status_of(row)->process.pid);
}

/* COMPAT: here without the space */
static void add_size(struct str *out, const char *text)
{
	for (const char *p = text; *p; p++)
		if (*p != ' ')
			str_add_char(out, *p);
}

static char *text_size(const void *row)
{
	const struct ps_row *r = row;
	if (!r->sized)
		return mem_strdup("");
	auto_str out = { 0 };
	const struct num_text written = num_size_text((uint64_t)r->size_rw), root = num_size_text((uint64_t)r->size_root);
	add_size(&out, written.text);
	str_add(&out, " (virtual ");
	add_size(&out, root.text);
	str_add_char(&out, ')');
	return str_take(&out);
}

/* --- namespaces --- */

/* COMPAT: without --ns they are not looked at */
static char *text_ns(const void *row, const char *kind)
{
	char path[64], link[64] = { 0 };
	pid_t pid = status_of(row)->process.pid;
	if (!pid || !((const struct ps_row *)row)->ns)
		return mem_strdup("");
	snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)pid, kind);
	if (readlink(path, link, sizeof(link) - 1) < 0)
		return mem_strdup("");
	char *open = strchr(link, '['), *close = strchr(link, ']');
	return open && close ? mem_strndup(open + 1, (size_t)(close - open - 1)) : mem_strdup("");
}

#define NS_TEXT(name, kind)                   \
	static char *name(const void *row)    \
	{                                     \
		return text_ns(row, kind);    \
	}
NS_TEXT(text_ns_cgroup, "cgroup")
NS_TEXT(text_ns_ipc, "ipc")
NS_TEXT(text_ns_mnt, "mnt")
NS_TEXT(text_ns_net, "net")
NS_TEXT(text_ns_pid, "pid")
NS_TEXT(text_ns_user, "user")
NS_TEXT(text_ns_uts, "uts")

/* --- values that are no strings --- */

static struct json *value_labels(const void *row)
{
	struct json *o = json_object_new();
	auto_strv sorted = strv_dup(def_of(row)->labels); /* as Go writes maps */
	strv_sort(sorted);
	for (char **l = sorted; l && *l; l++) {
		auto_free char *key = mem_strdup(*l);
		char *eq = strchr(key, '=');
		if (eq)
			*eq++ = 0;
		json_set_str(o, key, eq ? eq : "");
	}
	return o;
}

static struct json *value_mounts(const void *row)
{
	const struct ctr_def *d = def_of(row);
	auto_strv targets = NULL;
	struct json *list = json_array_new();
	for (size_t i = 0; i < d->mount_count; i++)
		if (!str_eq(d->mounts[i].type, "tmpfs"))
			strv_add(&targets, d->mounts[i].target);
	strv_sort(targets);
	for (char **t = targets; t && *t; t++)
		json_add_str(list, *t);
	return list;
}

static struct json *value_networks(const void *row)
{
	const struct ctr_net *net = &status_of(row)->net;
	struct json *list = json_array_new();
	if (net->network && *net->network)
		json_add_str(list, net->network);
	return list;
}

static char *text_networks(const void *row)
{
	const struct ctr_net *net = &status_of(row)->net;
	return mem_strdup(net->network ? net->network : "");
}

static struct json *value_command(const void *row)
{
	auto_strv words = command_of(row);
	return json_strv_new(words);
}

static struct json *value_names(const void *row)
{
	struct json *list = json_array_new();
	json_add_str(list, def_of(row)->name);
	return list;
}

static struct json *value_ports(const void *row)
{
	const struct ctr_def *d = def_of(row);
	struct json *list = d->port_count ? json_array_new() : NULL;
	for (size_t i = 0; i < d->port_count; i++) {
		const struct ctr_port *p = &d->ports[i];
		struct json *o = json_object_new();
		json_set_str(o, "host_ip", p->host_ip ? p->host_ip : "");
		json_set_u64(o, "container_port", p->container_port);
		json_set_u64(o, "host_port", p->host_port);
		json_set_u64(o, "range", p->count);
		json_set_str(o, "protocol", p->protocol);
		json_add(list, o);
	}
	return list;
}

static struct json *value_exposed(const void *row)
{
	char **ports = def_of(row)->expose;
	struct json *o = ports ? json_object_new() : NULL;
	for (; ports && *ports; ports++) {
		auto_free char *port = mem_strdup(*ports);
		char *slash = strchr(port, '/');
		if (slash)
			*slash++ = 0;
		if (!json_has(o, port))
			json_set(o, port, json_array_new());
		json_add_str(json_get(o, port), slash ? slash : "tcp");
	}
	return o;
}

static struct json *value_size(const void *row)
{
	const struct ps_row *r = row;
	if (!r->sized)
		return NULL;
	struct json *o = json_object_new();
	json_set_i64(o, "rootFsSize", r->size_root);
	json_set_i64(o, "rwSize", r->size_rw);
	return o;
}

static struct json *value_exit_code(const void *row)
{
	return json_i64_new(status_of(row)->exit_code);
}

static struct json *value_exited(const void *row)
{
	return json_bool_new(status_of(row)->state == CTR_EXITED);
}

static int64_t seconds(int64_t ns)
{
	return ns ? ns / NS_PER_S : ZERO_TIME_S;
}

static struct json *value_exited_at(const void *row)
{
	return json_i64_new(seconds(status_of(row)->finished_ns));
}

static struct json *value_started_at(const void *row)
{
	return json_i64_new(seconds(status_of(row)->started_ns));
}

static struct json *value_pid(const void *row)
{
	return json_i64_new(status_of(row)->process.pid);
}

static struct json *value_restarts(const void *row)
{
	return json_u64_new(status_of(row)->restarts);
}

static struct json *value_auto_remove(const void *row)
{
	return json_bool_new(def_of(row)->remove);
}

static struct json *value_false(const void *row)
{
	(void)row;
	return json_bool_new(false);
}

static struct json *value_created(const void *row)
{
	return json_time_new(ntime_rfc3339(def_of(row)->created_ns).text);
}

static const struct {
	const char *json, *name, *other; /* in JSON; in templates, of Namespaces and of the whole */
	char *(*text)(const void *row);
} namespaces[] = {
	{ "Mnt", "MNT", "MNT", text_ns_mnt },	      { "Cgroup", "Cgroup", "CGROUPNS", text_ns_cgroup },
	{ "Ipc", "IPC", "IPC", text_ns_ipc },	      { "Net", "NET", "NET", text_ns_net },
	{ "Pidns", "PIDNS", "PIDNS", text_ns_pid },   { "Uts", "UTS", "UTS", text_ns_uts },
	{ "User", "User", "USERNS", text_ns_user },
};

static struct json *value_namespaces(const void *row)
{
	struct json *o = json_object_new();
	for (size_t i = 0; i < ARRAY_LEN(namespaces); i++) {
		auto_free char *text = namespaces[i].text(row);
		if (*text)
			json_set_str(o, namespaces[i].json, text);
		else
			json_set_beside(o, namespaces[i].name, json_str_new(""));
	}
	return o;
}

static struct json *value_label(const void *row)
{
	struct json *labels = value_labels(row);
	json_set_role(labels, JSON_ROLE_LOOKUP);
	return labels;
}

/* Podman's row without what is made for people. */
static struct json *value_whole(const void *row)
{
	struct json *o = ps_fields_json_new(row);
	const char *health = status_of(row)->health;
	json_set(o, "Created", value_created(row));
	json_set_str(o, "CreatedAt", "");
	if (!json_get(o, "Ports"))
		json_set(o, "Ports", json_array_new());
	json_set_str(o, "Status", health ? health : "");
	for (size_t i = 0; i < ARRAY_LEN(namespaces); i++) {
		auto_free char *text = namespaces[i].text(row);
		json_set_beside(o, namespaces[i].other, json_str_new(text));
	}
	return o;
}

const struct listing_field ps_fields[] = {
	{ "ID", "CONTAINER ID", text_id },
	{ "Image", "IMAGE", text_image },
	{ "ImageID", "IMAGE ID", text_image_id },
	{ "Command", "COMMAND", text_command },
	{ "CreatedHuman", "CREATED", text_created },
	{ "RunningFor", "RUNNING FOR", text_created },
	{ "CreatedAt", "CREATED AT", text_created_at },
	{ "Created", "CREATED", text_created_at, value_created, .then = "." },
	{ "Status", "STATUS", text_status },
	{ "State", "STATE", text_state },
	{ "Ports", "PORTS", text_ports },
	{ "Names", "NAMES", text_names },
	{ "Size", "SIZE", text_size },
	{ "Pid", "PID", text_pid, value_pid },
	{ "PID", "PID", text_pid, value_pid },
	{ "Labels", "LABELS", text_empty, value_labels, .then = "." },
	{ "Mounts", "MOUNTS", text_empty, value_mounts },
	{ "Networks", "NETWORKS", text_networks },
	{ "ExitCode", "EXIT CODE", text_empty, value_exit_code },
	{ "Exited", "EXITED", text_empty, value_exited },
	{ "ExitedAt", "EXITED AT", text_empty, value_exited_at },
	{ "StartedAt", "STARTED AT", text_empty, value_started_at },
	{ "Restarts", "RESTARTS", text_empty, value_restarts },
	{ "AutoRemove", "AUTO REMOVE", text_empty, value_auto_remove },
	{ "IsInfra", "IS INFRA", text_empty, value_false },
	{ "Pod", "POD ID", text_empty },
	{ "PodName", "PODNAME", text_empty },
	{ "CIDFile", "CID FILE", text_empty },
	{ "CGROUPNS", LISTING_NO_HEAD, text_ns_cgroup },
	{ "Cgroup", "CGROUPNS", text_ns_cgroup },
	{ "ExposedPorts", "EXPOSED PORTS", text_empty, value_exposed, .then = "." },
	{ "IPC", "IPC", text_ns_ipc },
	{ "MNT", "MNT", text_ns_mnt },
	{ "NET", "NET", text_ns_net },
	{ "PIDNS", "PIDNS", text_ns_pid },
	{ "USERNS", LISTING_NO_HEAD, text_ns_user },
	{ "User", "USERNS", text_ns_user },
	{ "Namespaces", "NAMESPACES", text_empty, value_namespaces, .then = "." },
	{ "Label", "LABEL", text_empty, value_label, .then = "" },
	{ "ListContainer", LISTING_NO_HEAD, text_empty, value_whole, .then = "." },
	{ "UTS", "UTS", text_ns_uts },
};

const size_t ps_fields_count = ARRAY_LEN(ps_fields);
const struct listing_fields ps_fields_all = { ps_fields, ARRAY_LEN(ps_fields) };

char *ps_fields_text(const struct ps_row *row, const char *name)
{
	for (size_t i = 0; i < ps_fields_count; i++)
		if (strcmp(ps_fields[i].name, name) == 0)
			return ps_fields[i].text(row);
	return mem_strdup("");
}

/* --- json --- */

struct json *ps_fields_json_new(const struct ps_row *r)
{
	const struct ctr_def *d = &r->ctr->def;
	auto_free char *created = text_created(r), *status = text_status(r), *image = text_image(r);
	struct json *o = json_object_new();
	json_set(o, "AutoRemove", value_auto_remove(r));
	json_set(o, "Command", value_command(r));
	json_set_str(o, "CreatedAt", created);
	json_set_str(o, "CIDFile", "");
	json_set(o, "Exited", value_exited(r));
	json_set(o, "ExitedAt", value_exited_at(r));
	json_set(o, "ExitCode", value_exit_code(r));
	json_set(o, "ExposedPorts", value_exposed(r));
	json_set_str(o, "Id", r->ctr->id);
	json_set_str(o, "Image", image);
	json_set_str(o, "ImageID", d->image ? d->image : "");
	json_set_bool(o, "IsInfra", false);
	json_set(o, "Labels", d->labels ? value_labels(r) : NULL);
	json_set(o, "Mounts", value_mounts(r));
	json_set(o, "Names", value_names(r));
	json_set(o, "Namespaces", value_namespaces(r));
	json_set(o, "Networks", value_networks(r));
	json_set(o, "Pid", value_pid(r));
	json_set_str(o, "Pod", "");
	json_set_str(o, "PodName", "");
	json_set(o, "Ports", value_ports(r));
	json_set(o, "Restarts", value_restarts(r));
	json_set(o, "Size", value_size(r));
	json_set(o, "StartedAt", value_started_at(r));
	json_set_str(o, "State", ctr_state_word(r->ctr->status.state));
	json_set_str(o, "Status", status);
	json_set_i64(o, "Created", d->created_ns / NS_PER_S);
	return o;
}
