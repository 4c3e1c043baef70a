#include "engine/ctr_inspect.h"

#include "base/ntime.h"
#include "codec/json.h"
#include "engine/ctr_deps.h"
#include "engine/ctr_health.h"
#include "engine/ctr_idmap.h"
#include "engine/ctr_log.h"
#include "engine/ctr_secrets.h"
#include "engine/ctr_size.h"
#include "engine/ctr_inspect_mounts.h"
#include "engine/ctr_spec.h"
#include "engine/ctr_user.h"
#include "engine/inspect_beside.h"
#include "engine/signal_names.h"
#include "host/cap.h"
#include "storage/layer.h"
#include "storage/store.h"

#include <stdio.h>
#include <sys/resource.h>

/* COMPAT: the members, their order and their types are Podman 5.8's `inspect`; what cpod has no thing for has the value an
 * ordinary container of Podman shows. */

static const char *text_or_empty(const char *text)
{
	return text ? text : "";
}

static const char *text_or(const char *text, const char *otherwise)
{
	return text && *text ? text : otherwise;
}

static void set_time(struct json *o, const char *name, int64_t ns)
{
	json_set(o, name, json_time_new(ns ? ntime_rfc3339(ns).text : "0001-01-01T00:00:00Z"));
}

/* KEY=VALUE list as an object; empty is null or {} */
static struct json *map_new(char *const *list, bool empty_null)
{
	if (!list || !*list)
		return empty_null ? NULL : json_object_new();
	struct json *o = json_object_new();
	auto_strv sorted = strv_dup(list); /* COMPAT: as Go writes maps */
	strv_sort(sorted);
	for (char **at = sorted; *at; at++) {
		auto_free char *key = mem_strdup(*at);
		char *value = strchr(key, '=');
		if (value)
			*value++ = 0;
		json_set_str(o, key, value ? value : "");
	}
	return o;
}

static struct json *list_or_null_new(char *const *list)
{
	return list && *list ? json_strv_new(list) : NULL;
}

static struct json *caps_new(uint64_t set)
{
	auto_strv names = NULL;
	for (int cap = 0; cap < 64; cap++)
		if (set & 1ULL << cap && cap_name(cap))
			strv_add(&names, cap_name(cap));
	strv_sort(names);
	return json_strv_new(names);
}

/* --- State --- */

static struct json *state_new(struct engine *engine, const struct ctr *ctr)
{
	const struct ctr_status *s = &ctr->status;
	struct json *o = json_object_new();
	json_set_str(o, "OciVersion", "1.2.1");
	json_set_str(o, "Status", ctr_state_word(s->state));
	json_set_bool(o, "Running", s->state == CTR_RUNNING);
	json_set_bool(o, "Paused", s->state == CTR_PAUSED);
	json_set_bool(o, "Restarting", false);
	json_set_bool(o, "OOMKilled", s->oom_killed);
	json_set_bool(o, "Dead", false);
	json_set_i64(o, "Pid", s->process.pid);
	if (s->process.pid)
		json_set_i64(o, "ConmonPid", s->monitor.pid);
	json_set_i64(o, "ExitCode", s->exit_code);
	json_set_str(o, "Error", text_or_empty(s->error));
	set_time(o, "StartedAt", s->started_ns);
	set_time(o, "FinishedAt", s->finished_ns);
	if (s->health)
		json_set(o, "Health", ctr_health_json_new(engine, ctr));
	if (s->cgroup && s->process.pid)
		json_set_str(o, "CgroupPath", s->cgroup);
	set_time(o, "CheckpointedAt", 0);
	set_time(o, "RestoredAt", 0);
	return o;
}

/* --- storage --- */

static int graph_driver_new(struct engine *engine, const struct ctr *ctr, struct json **ret, struct err *err)
{
	auto_str lower = { 0 };
	const char *root = store_graphroot(engine->store);
	for (size_t i = strv_len(ctr->def.layers); i-- > 0;) {
		auto_ptr(layer) layer = NULL;
		if (layer_get(engine->store, ctr->def.layers[i], &layer, err) < 0)
			return -1;
		auto_free char *diff = layer_diff_path(engine->store, layer);
		str_addf(&lower, "%s%s", lower.len ? ":" : "", diff);
	}
	struct json *data = json_object_new();
	auto_free char *upper = mem_printf("%s/containers/%s/upper", root, ctr->id);
	auto_free char *work = mem_printf("%s/containers/%s/work", root, ctr->id);
	if (lower.len)
		json_set_str(data, "LowerDir", lower.data);
	if (ctr->status.process.pid) {
		auto_free char *merged = mem_printf("/proc/%d/root", ctr->status.process.pid);
		json_set_str(data, "MergedDir", merged);
	}
	json_set_str(data, "UpperDir", upper);
	json_set_str(data, "WorkDir", work);
	*ret = json_object_new();
	json_set_str(*ret, "Name", "overlay");
	json_set(*ret, "Data", data);
	return 0;
}

/* --- network --- */

static struct json *ports_new(const struct ctr_def *def)
{
	struct json *o = json_object_new();
	for (size_t i = 0; i < def->port_count; i++) {
		const struct ctr_port *p = &def->ports[i];
		for (uint32_t n = 0; n < p->count; n++) {
			char key[32], port[16];
			snprintf(key, sizeof(key), "%u/%s", p->container_port + n, p->protocol);
			snprintf(port, sizeof(port), "%u", p->host_port + n);
			if (!json_has(o, key))
				json_set(o, key, json_array_new());
			struct json *binding = json_object_new();
			json_set_str(binding, "HostIp", text_or(p->host_ip, "0.0.0.0"));
			json_set_str(binding, "HostPort", port);
			json_add(json_get(o, key), binding);
		}
	}
	return o;
}

/* "90/udp": ports that are open and no more, and published ones; owned, sorted as Go writes maps */
static char **exposed_dup(const struct ctr_def *def, const struct json *published)
{
	char **all = NULL;
	for (struct json_iter it = json_iter(published); json_next(&it);)
		strv_add(&all, it.name);
	for (char **e = def->expose; e && *e; e++) {
		auto_free char *key = strchr(*e, '/') ? mem_strdup(*e) : mem_printf("%s/tcp", *e);
		if (!strv_has(all, key))
			strv_add(&all, key);
	}
	if (all)
		strv_sort(all);
	return all;
}

static struct json *all_ports_new(const struct ctr_def *def)
{
	auto_ptr(json) published = ports_new(def);
	auto_strv keys = exposed_dup(def, published);
	struct json *o = json_object_new();
	for (char **key = keys; key && *key; key++)
		json_set(o, *key, json_has(published, *key) ? json_ref(json_get(published, *key)) : NULL);
	return o;
}

static void set_exposed(struct json *config, const struct ctr_def *def)
{
	auto_ptr(json) published = ports_new(def);
	auto_strv keys = exposed_dup(def, published);
	struct json *o = keys ? json_object_new() : NULL;
	for (char **key = keys; key && *key; key++)
		json_set(o, *key, json_object_new());
	if (o)
		json_set(config, "ExposedPorts", o);
}

static void set_addresses(struct json *o, const struct ctr_net *net)
{
	json_set_str(o, "EndpointID", "");
	json_set_str(o, "Gateway", text_or_empty(net->gateway));
	json_set_str(o, "IPAddress", text_or_empty(net->ip));
	json_set_i64(o, "IPPrefixLen", net->prefix);
	json_set_str(o, "IPv6Gateway", text_or_empty(net->gateway6));
	json_set_str(o, "GlobalIPv6Address", text_or_empty(net->ip6));
	json_set_i64(o, "GlobalIPv6PrefixLen", net->prefix6);
	json_set_str(o, "MacAddress", text_or_empty(net->mac));
}

static struct json *networks_new(struct engine *engine, const struct ctr *ctr)
{
	const char *mode = ctr_spec_net_mode(engine, &ctr->def);
	const char *name = strcmp(mode, "bridge") == 0 ? "podman" : mode;
	struct json *one = json_object_new(), *all = json_object_new();
	set_addresses(one, &ctr->status.net);
	json_set_str(one, "NetworkID", name);
	json_set(one, "DriverOpts", NULL);
	json_set(one, "IPAMConfig", NULL);
	json_set(one, "Links", NULL);
	if (strcmp(name, "podman") == 0) {
		auto_free char *short_id = mem_strndup(ctr->id, 12);
		struct json *aliases = json_strv_new(ctr->def.network_aliases);
		json_add_str(aliases, short_id);
		json_set(one, "Aliases", aliases);
	}
	json_set(all, name, one);
	return all;
}

static struct json *network_settings_new(struct engine *engine, const struct ctr *ctr)
{
	struct json *o = json_object_new();
	auto_free char *key = ctr->status.process.pid ? mem_printf("/proc/%d/ns/net", ctr->status.process.pid) : mem_strdup("");
	set_addresses(o, &ctr->status.net);
	json_set_str(o, "Bridge", "");
	json_set_str(o, "SandboxID", "");
	json_set_bool(o, "HairpinMode", false);
	json_set_str(o, "LinkLocalIPv6Address", "");
	json_set_i64(o, "LinkLocalIPv6PrefixLen", 0);
	json_set(o, "Ports", all_ports_new(&ctr->def));
	json_set_str(o, "SandboxKey", key);
	if (!ctr_spec_net_is(engine, &ctr->def, "pasta")) /* COMPAT */
		json_set(o, "Networks", networks_new(engine, ctr));
	return o;
}

/* --- Config and HostConfig --- */

static struct json *annotations_new(const struct ctr_def *def)
{
	struct json *o = map_new(def->annotations, false);
	int sig = 15;
	char number[16];
	auto_free char *timeout = mem_printf("uint64 %d000000", def->stop_timeout_set ? def->stop_timeout_s : 10);
	if (def->stop_signal && *def->stop_signal && signal_names_parse(def->stop_signal, &sig) < 0)
		sig = 15;
	snprintf(number, sizeof(number), "%d", sig);
	json_set_str(o, "io.container.manager", "libpod");
	if (def->seccomp_profile && *def->seccomp_profile)
		json_set_str(o, "io.podman.annotations.seccomp", def->seccomp_profile);
	if (def->privileged)
		json_set_str(o, "io.podman.annotations.privileged", "TRUE");
	json_set_str(o, "org.opencontainers.image.stopSignal", number);
	json_set_str(o, "org.systemd.property.KillSignal", number);
	json_set_str(o, "org.systemd.property.TimeoutStopUSec", timeout);
	return o;
}

static struct json *config_new(struct engine *engine, const struct ctr *ctr)
{
	const struct ctr_def *def = &ctr->def;
	struct json *o = json_object_new();
	auto_free char *hostname = ctr_spec_hostname_dup(ctr);
	auto_val(ctr_user) user = { 0 };
	struct err ignored = { 0 };
	if (ctr_user_resolve(engine, ctr, def->user, NULL, &user, &ignored) < 0)
		user.home = mem_strdup("");
	auto_strv env = ctr_spec_env_dup(def, user.home, hostname);
	int sig = 15;
	if (def->stop_signal && *def->stop_signal && signal_names_parse(def->stop_signal, &sig) < 0)
		sig = 15;
	json_set_str(o, "Hostname", hostname);
	json_set_str(o, "Domainname", "");
	json_set_str(o, "User", text_or_empty(def->user));
	json_set_bool(o, "AttachStdin", false);
	json_set_bool(o, "AttachStdout", false);
	json_set_bool(o, "AttachStderr", false);
	json_set_bool(o, "Tty", def->tty);
	json_set_bool(o, "OpenStdin", def->interactive);
	json_set_bool(o, "StdinOnce", false);
	json_set(o, "Env", json_strv_new(env));
	json_set(o, "Cmd", list_or_null_new(def->command));
	json_set_str(o, "Image", text_or_empty(def->image_name));
	json_set(o, "Volumes", NULL);
	json_set_str(o, "WorkingDir", text_or(def->workdir, "/"));
	json_set(o, "Entrypoint", list_or_null_new(def->entrypoint));
	json_set(o, "OnBuild", NULL);
	json_set(o, "Labels", map_new(def->labels, true));
	json_set(o, "Annotations", annotations_new(def));
	json_set_str(o, "StopSignal", signal_names_text(sig));
	if (def->chrootdirs)
		json_set(o, "ChrootDirs", json_strv_new(def->chrootdirs));
	if (def->health)
		json_set(o, "Healthcheck", ctr_def_healthcheck_json_new(def->health));
	json_set_str(o, "HealthcheckOnFailureAction", text_or(def->health_on_failure, "none"));
	json_set_str(o, "HealthLogDestination", text_or(def->health_log_destination, "local"));
	json_set_i64(o, "HealthcheckMaxLogCount", def->health_max_log_count_set ? def->health_max_log_count : 5);
	json_set_i64(o, "HealthcheckMaxLogSize", def->health_max_log_size_set ? def->health_max_log_size : 500);
	json_set(o, "CreateCommand", list_or_null_new(def->create_command));
	if (def->timezone && *def->timezone)
		json_set_str(o, "Timezone", def->timezone);
	if (def->systemd_mode)
		json_set_bool(o, "SystemdMode", true);
	json_set_str(o, "Umask", text_or(def->umask, "0022"));
	json_set_i64(o, "Timeout", def->timeout_s);
	json_set_i64(o, "StopTimeout", def->stop_timeout_set ? def->stop_timeout_s : 10);
	json_set_bool(o, "Passwd", true);
	if (def->secret_count) {
		struct json *secrets = ctr_secrets_view_new(def);
		if (json_len(secrets))
			json_set(o, "Secrets", secrets);
		else
			json_free(secrets);
	}
	if (def->startup_health)
		json_set(o, "StartupHealthCheck", ctr_def_healthcheck_json_new(def->startup_health));
	json_set_str(o, "sdNotifyMode", text_or(def->sdnotify, "container"));
	set_exposed(o, def);
	return o;
}

static struct json *ulimits_new(const struct ctr_def *def)
{
	static const struct { const char *name; int resource; } defaults[] = { { "nofile", RLIMIT_NOFILE }, { "nproc", RLIMIT_NPROC } };
	struct json *list = json_array_new();
	for (size_t i = 0; i < def->ulimit_count; i++) {
		if (str_eq(def->ulimits[i].name, "host"))
			continue;
		struct json *one = json_object_new();
		auto_free char *upper = mem_printf("RLIMIT_%s", def->ulimits[i].name);
		for (char *c = upper; *c; c++)
			*c = (char)(*c >= 'a' && *c <= 'z' ? *c - 32 : *c);
		json_set_str(one, "Name", upper);
		json_set_i64(one, "Soft", def->ulimits[i].soft);
		json_set_i64(one, "Hard", def->ulimits[i].hard);
		json_add(list, one);
	}
	for (size_t i = 0; i < ARRAY_LEN(defaults); i++) {
		bool own = false;
		struct rlimit now;
		for (size_t u = 0; u < def->ulimit_count; u++)
			own |= str_eq(def->ulimits[u].name, defaults[i].name);
		if (own || getrlimit(defaults[i].resource, &now) < 0)
			continue;
		struct json *one = json_object_new();
		json_set_str(one, "Name", i ? "RLIMIT_NPROC" : "RLIMIT_NOFILE");
		json_set_u64(one, "Soft", now.rlim_max);
		json_set_u64(one, "Hard", now.rlim_max);
		json_add(list, one);
	}
	return list;
}

static struct json *devices_new(const struct ctr_def *def)
{
	struct json *list = json_array_new();
	for (size_t i = 0; i < def->device_count; i++) {
		struct json *one = json_object_new();
		json_set_str(one, "PathOnHost", def->devices[i].source);
		json_set_str(one, "PathInContainer", def->devices[i].path);
		json_set_str(one, "CgroupPermissions", "");
		json_add(list, one);
	}
	return list;
}

static struct json *io_list_new(const struct ctr_def *def, const char *kind, const char *number)
{
	struct json *list = NULL;
	for (char **word = def->io_limits; word && *word; word++) {
		auto_strv parts = strv_split(*word, ' ');
		if (strv_len(parts) != 3 || strcmp(parts[0], kind) != 0)
			continue;
		struct json *one = json_object_new();
		json_set_str(one, "Path", parts[1]);
		json_set(one, number, json_number_new(parts[2]));
		list = list ? list : json_array_new();
		json_add(list, one);
	}
	return list;
}

static void set_io_limits(struct json *o, const struct ctr_def *def)
{
	static const struct {
		const char *name, *kind, *number;
	} rows[] = {
		{ "BlkioWeightDevice", "blkio-weight-device", "Weight" }, { "BlkioDeviceReadBps", "device-read-bps", "Rate" },
		{ "BlkioDeviceWriteBps", "device-write-bps", "Rate" },	  { "BlkioDeviceReadIOps", "device-read-iops", "Rate" },
		{ "BlkioDeviceWriteIOps", "device-write-iops", "Rate" },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		json_set(o, rows[i].name, io_list_new(def, rows[i].kind, rows[i].number));
}

static void set_resources(struct json *o, const struct ctr_def *def)
{
	json_set_u64(o, "CpuShares", def->cpu_shares);
	json_set_i64(o, "Memory", def->memory_bytes);
	json_set_i64(o, "NanoCpus", def->cpu_period_us ? def->cpu_quota_us * 1000000000LL / (int64_t)def->cpu_period_us : 0);
	json_set_str(o, "CgroupParent", text_or_empty(def->cgroup_parent));
	json_set_u64(o, "BlkioWeight", def->blkio_weight);
	set_io_limits(o, def);
	json_set_u64(o, "CpuPeriod", def->cpu_period_us);
	json_set_i64(o, "CpuQuota", def->cpu_quota_us);
	json_set_i64(o, "CpuRealtimePeriod", 0);
	json_set_i64(o, "CpuRealtimeRuntime", 0);
	json_set_str(o, "CpusetCpus", text_or_empty(def->cpuset_cpus));
	json_set_str(o, "CpusetMems", text_or_empty(def->cpuset_mems));
	json_set(o, "Devices", devices_new(def));
	json_set_i64(o, "DiskQuota", 0);
	json_set_i64(o, "KernelMemory", 0);
	json_set_i64(o, "MemoryReservation", def->memory_reservation_bytes);
	json_set_i64(o, "MemorySwap", def->memory_swap_bytes);
	json_set_i64(o, "MemorySwappiness", def->memory_bytes ? def->memory_swappiness : 0);
	json_set_bool(o, "OomKillDisable", def->oom_kill_disable);
	json_set_i64(o, "PidsLimit", def->pids_limit_set ? def->pids_limit : 2048);
	json_set(o, "Ulimits", ulimits_new(def));
	json_set_i64(o, "CpuCount", 0);
	json_set_i64(o, "CpuPercent", 0);
	json_set_i64(o, "IOMaximumIOps", 0);
	json_set_i64(o, "IOMaximumBandwidth", 0);
	json_set(o, "CgroupConf", map_new(def->cgroup_conf, true));
}

static struct json *restart_policy_new(const struct ctr_def *def)
{
	struct json *o = json_object_new();
	json_set_str(o, "Name", text_or(def->restart_policy, "no"));
	json_set_u64(o, "MaximumRetryCount", def->restart_retries);
	return o;
}

static struct json *cap_words_new(char *const *words)
{
	struct json *list = json_array_new();
	for (; words && *words; words++) {
		uint64_t set;
		if (cap_parse(*words, &set) >= 0 && set == cap_all())
			json_add_str(list, "ALL");
		else if (cap_parse(*words, &set) >= 0)
			json_add_str(list, cap_name(__builtin_ctzll(set)));
	}
	return list;
}

static struct json *id_maps_new(const struct userns_map *maps)
{
	struct json *list = json_array_new();
	for (; maps->count; maps++) {
		auto_free char *text = mem_printf("%u:%u:%u", maps->inside, maps->outside, maps->count);
		json_add_str(list, text);
	}
	return list;
}

static void set_user_namespace(const struct engine *engine, const struct ctr_def *def, struct json *o)
{
	auto_val(ctr_idmap) map = { 0 };
	struct err ignored = { 0 };
	bool of_path = def->user_mode && str_starts(def->user_mode, "ns:"); /* COMPAT: nobody has told its ids */
	if (ctr_idmap_read(engine, def, &map, &ignored) < 0 || !map.uids || of_path) {
		json_set_str(o, "UsernsMode", text_or_empty(def->user_mode));
		return;
	}
	struct json *maps = json_object_new();
	json_set(maps, "UidMap", id_maps_new(map.uids));
	json_set(maps, "GidMap", id_maps_new(map.gids));
	json_set(o, "IDMappings", maps);
	json_set_str(o, "UsernsMode", ctr_idmap_joins(def) ? def->user_mode : "private"); /* COMPAT */
}

static struct json *host_config_new(struct engine *engine, const struct ctr *ctr)
{
	const struct ctr_def *def = &ctr->def;
	struct json *o = json_object_new(), *console = json_array_new();
	json_add(console, json_i64_new(0));
	json_add(console, json_i64_new(0));
	ctr_inspect_mounts_set(o, def);
	json_set_str(o, "CgroupManager", "cgroupfs");
	json_set_str(o, "CgroupMode", text_or(def->cgroup_mode, "private"));
	json_set_str(o, "ContainerIDFile", text_or_empty(def->cidfile));
	json_set(o, "LogConfig", ctr_log_json_new(engine, ctr));
	json_set_str(o, "NetworkMode", text_or(def->net_mode, ctr_spec_net_mode(engine, def)));
	json_set(o, "PortBindings", ports_new(def));
	json_set(o, "RestartPolicy", restart_policy_new(def));
	json_set_bool(o, "AutoRemove", def->remove);
	json_set_bool(o, "AutoRemoveImage", false);
	json_set(o, "Annotations", annotations_new(def));
	json_set_str(o, "VolumeDriver", "");
	json_set(o, "VolumesFrom", list_or_null_new(def->volumes_from));
	json_set(o, "CapAdd", cap_words_new(def->cap_add));
	json_set(o, "CapDrop", cap_words_new(def->cap_drop));
	json_set(o, "Dns", json_strv_new(def->dns));
	json_set(o, "DnsOptions", json_strv_new(def->dns_option));
	json_set(o, "DnsSearch", json_strv_new(def->dns_search));
	json_set(o, "ExtraHosts", json_strv_new(def->add_host));
	json_set_str(o, "HostsFile", text_or_empty(def->hosts_file));
	json_set(o, "GroupAdd", json_strv_new(def->group_add));
	json_set_str(o, "IpcMode", text_or(def->ipc_mode, "shareable"));
	json_set_str(o, "Cgroup", "");
	json_set_str(o, "Cgroups", str_eq(def->cgroups, "split") ? "default" : text_or(def->cgroups, "default"));
	json_set(o, "Links", NULL);
	json_set_i64(o, "OomScoreAdj", def->oom_score_adj);
	json_set_str(o, "PidMode", text_or(def->pid_mode, "private"));
	json_set_bool(o, "Privileged", def->privileged);
	json_set_bool(o, "PublishAllPorts", def->publish_all);
	json_set_bool(o, "ReadonlyRootfs", def->read_only);
	json_set(o, "SecurityOpt", json_strv_new(def->security_opt));
	json_set_str(o, "UTSMode", text_or(def->uts_mode, "private"));
	set_user_namespace(engine, def, o);
	json_set_u64(o, "ShmSize", def->shm_size_set ? def->shm_size_bytes : 65536000);
	json_set_str(o, "Runtime", "oci");
	json_set(o, "ConsoleSize", console);
	json_set_str(o, "Isolation", "");
	set_resources(o, def);
	if (def->init)
		json_set_bool(o, "Init", true);
	if (def->rdt_class && *def->rdt_class)
		json_set_str(o, "IntelRdtClosID", def->rdt_class);
	return o;
}

/* --- the whole --- */

static void set_paths(struct engine *engine, const struct ctr *ctr, struct json *o)
{
	static const struct { const char *member, *file; bool run; } rows[] = {
		{ "ResolvConfPath", "resolv.conf", true }, { "HostnamePath", "hostname", true }, { "HostsPath", "hosts", true },
		{ "StaticDir", NULL, false },		   { "OCIConfigPath", "config.json", false },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (str_eq(rows[i].member, "OCIConfigPath") && !ctr->status.started_ns)
			continue; /* COMPAT: made by a start */
		const char *root = rows[i].run ? store_runroot(engine->store) : store_graphroot(engine->store);
		auto_free char *path = mem_printf("%s/containers/%s%s%s", root, ctr->id, rows[i].file ? "/" : "", text_or_empty(rows[i].file));
		json_set_str(o, rows[i].member, path);
	}
	json_set_str(o, "OCIRuntime", "cpod");
	json_set_str(o, "ConmonPidFile", text_or_empty(ctr->def.conmon_pidfile));
	json_set_str(o, "PidFile", text_or_empty(ctr->def.pidfile));
}

static struct json *args_new(const struct ctr_def *def, const char **ret_path)
{
	auto_strv words = NULL;
	if (def->init) {
		strv_add(&words, CTR_SPEC_INIT_PATH);
		strv_add(&words, "--");
	}
	strv_extend(&words, def->entrypoint);
	strv_extend(&words, def->command);
	const char *first = def->init ? CTR_SPEC_INIT_PATH : def->entrypoint && *def->entrypoint ? def->entrypoint[0] : def->command ? def->command[0] : "";
	*ret_path = first;
	return json_strv_new(words && *words ? words + 1 : NULL);
}

static void set_beside(struct json *o)
{
	static const struct beside_row rows[] = {
		{ NULL, "OCIConfigPath", BESIDE_TEXT },
		{ NULL, "SizeRootFs", BESIDE_ZERO },
		{ NULL, "SizeRw", BESIDE_NULL },
		{ "Config", "ChrootDirs", BESIDE_LIST },
		{ "Config", "ExposedPorts", BESIDE_NULL },
		{ "Config", "Healthcheck", BESIDE_NULL },
		{ "Config", "HealthMaxLogCount", BESIDE_SAME, "HealthcheckMaxLogCount" },
		{ "Config", "HealthMaxLogSize", BESIDE_SAME, "HealthcheckMaxLogSize" },
		{ "Config", "SdNotifySocket", BESIDE_TEXT },
		{ "Config", "Secrets", BESIDE_LIST },
		{ "Config", "StartupHealthCheck", BESIDE_NULL },
		{ "Config", "SystemdMode", BESIDE_FALSE },
		{ "Config", "Timezone", BESIDE_TEXT },
		{ "Config", "V4PodmanCompatMarshal", BESIDE_FALSE },
		{ "State", "CgroupPath", BESIDE_TEXT },
		{ "State", "CheckpointLog", BESIDE_TEXT },
		{ "State", "CheckpointPath", BESIDE_TEXT },
		{ "State", "Checkpointed", BESIDE_FALSE },
		{ "State", "ConmonPid", BESIDE_ZERO },
		{ "State", "Health", BESIDE_NULL },
		{ "State", "Healthcheck", BESIDE_SAME, "Health" },
		{ "State", "RestoreLog", BESIDE_TEXT },
		{ "State", "Restored", BESIDE_FALSE },
		{ "State", "StoppedByUser", BESIDE_FALSE },
		{ "HostConfig", "IDMappings", BESIDE_NULL },
		{ "HostConfig", "Init", BESIDE_FALSE },
		{ "HostConfig", "IntelRdtClosID", BESIDE_TEXT },
		{ "NetworkSettings", "AdditionalMacAddresses", BESIDE_LIST },
		{ "NetworkSettings", "SecondaryIPAddresses", BESIDE_LIST },
		{ "NetworkSettings", "SecondaryIPv6Addresses", BESIDE_LIST },
		{ "NetworkSettings", "InspectBasicNetworkConfig", BESIDE_PART,
		  "EndpointID,Gateway,IPAddress,IPPrefixLen,SecondaryIPAddresses,IPv6Gateway,GlobalIPv6Address,GlobalIPv6PrefixLen,"
		  "SecondaryIPv6Addresses,MacAddress,AdditionalMacAddresses" },
	};
	static const struct beside_row mount[] = { { NULL, "Name", BESIDE_TEXT }, { NULL, "SubPath", BESIDE_TEXT } };
	struct json *mounts = json_get(o, "Mounts");
	inspect_beside(o, rows, ARRAY_LEN(rows));
	for (size_t i = 0; i < json_len(mounts); i++)
		inspect_beside(json_at(mounts, i), mount, ARRAY_LEN(mount));
}

int ctr_inspect(struct engine *engine, const struct ctr *ctr, bool size, struct json **ret, struct err *err)
{
	const struct ctr_def *def = &ctr->def;
	auto_ptr(json) o = json_object_new();
	struct json *driver;
	struct spec_caps caps;
	const char *path;
	if (graph_driver_new(engine, ctr, &driver, err) < 0)
		return -1;
	json_set_str(o, "Id", ctr->id);
	set_time(o, "Created", def->created_ns);
	struct json *args = args_new(def, &path);
	json_set_str(o, "Path", path);
	json_set(o, "Args", args);
	json_set(o, "State", state_new(engine, ctr));
	json_set_str(o, "Image", text_or_empty(def->image));
	json_set_str(o, "ImageDigest", text_or_empty(def->image_digest));
	json_set_str(o, "ImageName", text_or_empty(def->image_name));
	json_set_str(o, "Rootfs", text_or_empty(def->rootfs));
	json_set_str(o, "Pod", "");
	set_paths(engine, ctr, o);
	json_set_str(o, "Name", def->name);
	json_set_i64(o, "RestartCount", ctr->status.restarts);
	json_set_str(o, "Driver", "overlay");
	json_set_str(o, "MountLabel", "");
	json_set_str(o, "ProcessLabel", "");
	json_set_str(o, "AppArmorProfile", "");
	bool root = !def->user || !*def->user || str_eq(def->user, "0") || str_eq(def->user, "root");
	if (ctr_spec_caps(def, def->privileged, root ? 0 : 1, &caps, err) < 0) {
		json_free(driver);
		return -1;
	}
	json_set(o, "EffectiveCaps", caps.effective ? caps_new(caps.effective) : NULL);
	json_set(o, "BoundingCaps", caps_new(caps.bounding));
	json_set(o, "ExecIDs", json_array_new());
	json_set(o, "GraphDriver", driver);
	if (size) {
		int64_t rw, rootfs;
		if (ctr_size(engine, ctr, &rw, &rootfs, err) < 0)
			return -1;
		json_set_i64(o, "SizeRw", rw);
		json_set_i64(o, "SizeRootFs", rootfs);
	}
	json_set(o, "Mounts", ctr_inspect_mounts_new(engine, def));
	json_set(o, "Dependencies", ctr_deps_json_new(def));
	json_set(o, "NetworkSettings", network_settings_new(engine, ctr));
	json_set_str(o, "Namespace", "");
	json_set_bool(o, "IsInfra", false);
	json_set_bool(o, "IsService", false);
	json_set_str(o, "KubeExitCodePropagation", "invalid");
	json_set_i64(o, "lockNumber", 0);
	json_set(o, "Config", config_new(engine, ctr));
	json_set(o, "HostConfig", host_config_new(engine, ctr));
	json_set_bool(o, "UseImageHosts", def->no_hosts);
	json_set_bool(o, "UseImageHostname", false);
	set_beside(o);
	*ret = take_ptr(o);
	return 0;
}
