#include "engine/ctr_specgen.h"

#include "base/num.h"
#include "base/str.h"
#include "codec/shape.h"
#include "engine/ctr_specgen_priv.h"

/* Members that are objects or lists of objects are made where their parts are known. */
struct specgen {
	char *name, *restart_policy, *sdnotify, *timezone, *init_container_type, *passwd_entry, *image, *rootfs, *user, *umask, *health_log;
	char **entrypoint, **command, **env, **labels, **host_users, **create_command, **groups, **selinux_opts;
	bool stdin_open, label_nested, volatile_, privileged, no_hostname, no_hosts;
	uint32_t timeout;
	int health_action;
	int64_t health_log_count, health_log_size;
	uint64_t shm_size, shm_size_systemd;
	struct json *secret_env, *pid, *uts, *ipc, *userns, *cgroup, *net, *devices, *mounts, *overlays, *volumes, *images, *secrets, *ids, *ports,
		*networks, *limits, *health, *startup_health;
};

#define SPECGEN(kind, member, name, ...) SHAPE_##kind(struct specgen, member, name, ##__VA_ARGS__)
#define OMIT .rule = SHAPE_OMIT_EMPTY
static const struct shape_field fields[] = {
	SPECGEN(STRING, name, "name"),
	SPECGEN(STRV, entrypoint, "entrypoint", OMIT),
	SPECGEN(STRV, command, "command", OMIT),
	SPECGEN(MAP, env, "env", OMIT),
	SPECGEN(JSON, secret_env, "secret_env", OMIT),
	SPECGEN(BOOL, stdin_open, "stdin", OMIT),
	SPECGEN(MAP, labels, "labels", OMIT),
	SPECGEN(U32, timeout, "timeout", OMIT),
	SPECGEN(STRING, restart_policy, "restart_policy", OMIT),
	SPECGEN(STRING, sdnotify, "sdnotifyMode", OMIT),
	SPECGEN(JSON, pid, "pidns"),
	SPECGEN(JSON, uts, "utsns"),
	SPECGEN(STRV, host_users, "hostusers", OMIT),
	SPECGEN(STRV, create_command, "containerCreateCommand", OMIT),
	SPECGEN(STRING, timezone, "timezone", OMIT),
	SPECGEN(STRING, init_container_type, "init_container_type"),
	SPECGEN(STRING, passwd_entry, "passwd_entry", OMIT),
	SPECGEN(STRING, image, "image"),
	SPECGEN(STRING, rootfs, "rootfs", OMIT),
	SPECGEN(JSON, devices, "host_device_list", OMIT),
	SPECGEN(JSON, mounts, "mounts", OMIT),
	SPECGEN(JSON, volumes, "volumes", OMIT),
	SPECGEN(JSON, overlays, "overlay_volumes", OMIT),
	SPECGEN(JSON, images, "image_volumes", OMIT),
	SPECGEN(JSON, ipc, "ipcns"),
	SPECGEN(U64, shm_size, "shm_size"),
	SPECGEN(U64, shm_size_systemd, "shm_size_systemd"),
	SPECGEN(JSON, secrets, "secrets", OMIT),
	SPECGEN(BOOL, volatile_, "volatile", OMIT),
	SPECGEN(BOOL, privileged, "privileged"),
	SPECGEN(STRING, user, "user", OMIT),
	SPECGEN(STRV, groups, "groups", OMIT),
	SPECGEN(STRV, selinux_opts, "selinux_opts", OMIT),
	SPECGEN(JSON, userns, "userns"),
	SPECGEN(JSON, ids, "idmappings"),
	SPECGEN(BOOL, label_nested, "label_nested"),
	SPECGEN(STRING, umask, "umask", OMIT),
	SPECGEN(JSON, cgroup, "cgroupns"),
	SPECGEN(JSON, net, "netns"),
	SPECGEN(JSON, ports, "portmappings", OMIT),
	SPECGEN(JSON, networks, "Networks"),
	SPECGEN(BOOL, no_hostname, "use_image_hostname"),
	SPECGEN(BOOL, no_hosts, "use_image_hosts"),
	SPECGEN(JSON, limits, "resource_limits"),
	SPECGEN(JSON, health, "healthconfig", OMIT),
	SPECGEN(INT, health_action, "health_check_on_failure_action", OMIT),
	SPECGEN(JSON, startup_health, "startupHealthConfig", OMIT),
	SPECGEN(STRING, health_log, "healthLogDestination"),
	SPECGEN(I64, health_log_count, "healthMaxLogCount"),
	SPECGEN(I64, health_log_size, "healthMaxLogSize"),
};
static const struct shape shape = SHAPE(struct specgen, "specgen.SpecGenerator", fields);

static void specgen_done(struct specgen *s)
{
	shape_done(&shape, s);
}
AUTO_VAL(specgen, specgen_done);

static char *text_dup(const char *text, const char *otherwise)
{
	return mem_strdup(text && *text ? text : otherwise);
}

/* --- namespaces --- */

/* COMPAT: {} is another container's; which, is not told. */
static struct json *namespace_new(const char *asked, const char *shown)
{
	struct json *o = json_object_new();
	if (!asked || !str_starts(asked, "container:"))
		json_set_str(o, "nsmode", shown);
	return o;
}

static void set_namespaces(struct specgen *s, const struct ctr_def *def)
{
	const char *ipc = str_eq(def->ipc_mode, "host") || str_eq(def->ipc_mode, "none") ? def->ipc_mode : "default";
	bool keep_id = def->user_mode && str_starts(def->user_mode, "keep-id");
	s->pid = namespace_new(def->pid_mode, "default");
	s->uts = namespace_new(def->uts_mode, "private");
	s->ipc = namespace_new(def->ipc_mode, ipc);
	s->userns = namespace_new(def->user_mode, keep_id ? "keep-id" : "default");
	s->cgroup = namespace_new(def->cgroup_mode, "default");
	s->net = namespace_new(def->net_mode, str_eq(def->net_mode, "bridge") ? "bridge" : "private");
}

/* "INSIDE:OURS:COUNT" */
static struct json *map_new(char *const *rows)
{
	static const char *const names[] = { "container_id", "host_id", "size" };
	struct json *list = rows && *rows ? json_array_new() : NULL;
	for (; rows && *rows; rows++) {
		struct json *one = json_object_new();
		auto_strv parts = strv_split(*rows, ':');
		for (size_t i = 0; i < ARRAY_LEN(names) && i < strv_len(parts); i++)
			json_set(one, names[i], json_number_new(parts[i]));
		json_add(list, one);
	}
	return list;
}

static struct json *ids_new(const struct ctr_def *def)
{
	static const char *const sizes[] = { "Size", "InitialSize" }, *const files[] = { "PasswdFile", "GroupFile" };
	static const char *const maps[] = { "AdditionalUIDMappings", "AdditionalGIDMappings" };
	bool host = !def->uid_map || !*def->uid_map || str_eq(def->user_mode, "nomap");
	struct json *o = json_object_new(), *opts = json_object_new();
	json_set_bool(o, "HostUIDMapping", host);
	json_set_bool(o, "HostGIDMapping", host);
	json_set(o, "UIDMap", map_new(def->uid_map));
	json_set(o, "GIDMap", map_new(def->gid_map));
	json_set_bool(o, "AutoUserNs", def->user_mode && str_starts(def->user_mode, "auto"));
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
		json_set_i64(opts, sizes[i], 0);
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		json_set_str(opts, files[i], "");
	for (size_t i = 0; i < ARRAY_LEN(maps); i++)
		json_set(opts, maps[i], NULL);
	json_set(o, "AutoUserNsOpts", opts);
	return o;
}

/* --- network --- */

static struct json *ports_new(const struct ctr_def *def)
{
	struct json *list = def->port_count ? json_array_new() : NULL;
	for (size_t i = 0; i < def->port_count; i++) {
		const struct ctr_port *p = &def->ports[i];
		struct json *one = json_object_new();
		json_set_str(one, "host_ip", p->host_ip ? p->host_ip : "");
		json_set_u64(one, "container_port", p->container_port);
		json_set_u64(one, "host_port", p->host_port);
		json_set_u64(one, "range", p->count);
		json_set_str(one, "protocol", p->protocol);
		json_add(list, one);
	}
	return list;
}

static struct json *networks_new(const struct ctr *ctr)
{
	const struct ctr_def *def = &ctr->def;
	if (!str_eq(def->net_mode, "bridge"))
		return NULL;
	auto_strv ips = NULL;
	auto_strv aliases = NULL;
	struct json *one = json_object_new(), *o = json_object_new();
	if (def->ip && *def->ip)
		strv_add(&ips, def->ip);
	if (def->ip6 && *def->ip6)
		strv_add(&ips, def->ip6);
	if (ips)
		json_set(one, "static_ips", json_strv_new(ips));
	strv_addf(&aliases, "%.12s", ctr->id);
	if (def->hostname && *def->hostname)
		strv_add(&aliases, def->hostname);
	json_set(one, "aliases", json_strv_new(aliases));
	if (def->mac_address && *def->mac_address)
		json_set_str(one, "static_mac", def->mac_address);
	json_set_str(one, "interface_name", "eth0");
	json_set(o, "podman", one);
	return o;
}

/* --- the process --- */

static void set_process(struct specgen *s, const struct ctr_def *def)
{
	s->entrypoint = strv_dup(def->entrypoint);
	s->command = strv_dup(def->command);
	s->env = strv_dup(def->env);
	if (!strv_env_get(s->env, "container"))
		strv_env_set(&s->env, "container", "podman");
	if (def->tty && !strv_env_get(s->env, "TERM"))
		strv_env_set(&s->env, "TERM", "xterm");
	if (def->hostname && *def->hostname && !strv_env_get(s->env, "HOSTNAME"))
		strv_env_set(&s->env, "HOSTNAME", def->hostname);
	s->labels = strv_dup(def->labels);
	s->stdin_open = def->interactive;
	s->user = text_dup(def->user, "");
	s->umask = text_dup(def->umask, "0022");
	s->timezone = text_dup(def->timezone, "");
	s->host_users = strv_dup(def->host_users);
	s->passwd_entry = text_dup(def->passwd_entry, "");
	if (!strv_has(def->group_add, "keep-groups"))
		s->groups = strv_dup(def->group_add);
	s->privileged = def->privileged;
	strv_add(&s->selinux_opts, "disable");
}

static void set_life(struct specgen *s, const struct ctr_def *def)
{
	static const char *const actions[] = { "none", "", "kill", "restart", "stop", NULL };
	int action = str_index(actions, def->health_on_failure ? def->health_on_failure : "none");
	s->timeout = def->timeout_s;
	if (!str_eq(def->restart_policy, "no"))
		s->restart_policy = text_dup(def->restart_policy, "");
	s->sdnotify = text_dup(def->sdnotify, "container");
	s->volatile_ = def->remove;
	s->health = def->health ? ctr_def_healthcheck_json_new(def->health) : NULL;
	s->startup_health = def->startup_health ? ctr_def_healthcheck_json_new(def->startup_health) : NULL;
	s->health_action = action < 0 ? 0 : action;
	s->health_log = text_dup(def->health_log_destination, "local");
	s->health_log_count = def->health_max_log_count_set ? def->health_max_log_count : 5;
	s->health_log_size = def->health_max_log_size_set ? def->health_max_log_size : 500;
}

static void set_files(struct specgen *s, const struct ctr_def *def)
{
	s->image = text_dup(def->image, "");
	s->rootfs = text_dup(def->rootfs, "");
	s->devices = ctr_specgen_devices_new(def);
	s->mounts = ctr_specgen_mounts_new(def);
	s->overlays = ctr_specgen_overlays_new(def);
	s->volumes = ctr_specgen_volumes_new(def);
	s->images = ctr_specgen_images_new(def);
	s->secrets = ctr_specgen_secrets_new(def);
	s->secret_env = ctr_specgen_secret_env_new(def);
	s->shm_size = def->shm_size_set ? def->shm_size_bytes : 65536000;
	s->shm_size_systemd = def->systemd_shm_bytes;
	s->no_hostname = def->no_hostname;
	s->no_hosts = def->no_hosts;
}

int ctr_specgen_new(const struct ctr *ctr, const char *name, struct json **ret, struct err *err)
{
	const struct ctr_def *def = &ctr->def;
	auto_val(specgen) s = { .name = mem_strdup(name), .create_command = strv_dup(def->create_command) };
	if (ctr_specgen_limits_new(def, &s.limits, err) < 0)
		return -1;
	set_process(&s, def);
	set_life(&s, def);
	set_files(&s, def);
	set_namespaces(&s, def);
	s.ids = ids_new(def);
	s.ports = ports_new(def);
	s.networks = networks_new(ctr);
	*ret = shape_encode_new(&shape, &s, 0);
	return 0;
}
