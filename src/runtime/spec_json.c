#include "runtime/spec.h"

#include "codec/json.h"
#include "host/cap.h"

#include <linux/mount.h>
#include <stdio.h>
#include <sys/resource.h>

/* SPEC runtime-spec 1.2 config.md; members in the order Podman's config.json has them. */

static struct json *caps_new(uint64_t set)
{
	struct json *list = json_array_new();
	for (int cap = 0; cap < 64; cap++)
		if ((set & (1ULL << cap)) && cap_name(cap))
			json_add_str(list, cap_name(cap));
	return list;
}

static void add_caps(struct json *process, const struct spec_caps *caps)
{
	const struct { const char *name; uint64_t set; } rows[] = {
		{ "bounding", caps->bounding },	      { "effective", caps->effective }, { "permitted", caps->permitted },
		{ "inheritable", caps->inheritable }, { "ambient", caps->ambient },
	};
	struct json *o = json_object_new();
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].set)
			json_set(o, rows[i].name, caps_new(rows[i].set));
	json_set(process, "capabilities", o);
}

static const char *const rlimit_names[] = {
	[RLIMIT_CPU] = "CPU", [RLIMIT_FSIZE] = "FSIZE", [RLIMIT_DATA] = "DATA", [RLIMIT_STACK] = "STACK", [RLIMIT_CORE] = "CORE",
	[RLIMIT_RSS] = "RSS", [RLIMIT_NPROC] = "NPROC", [RLIMIT_NOFILE] = "NOFILE", [RLIMIT_MEMLOCK] = "MEMLOCK", [RLIMIT_AS] = "AS",
	[RLIMIT_LOCKS] = "LOCKS", [RLIMIT_SIGPENDING] = "SIGPENDING", [RLIMIT_MSGQUEUE] = "MSGQUEUE", [RLIMIT_NICE] = "NICE",
	[RLIMIT_RTPRIO] = "RTPRIO", [RLIMIT_RTTIME] = "RTTIME",
};

static void add_rlimits(struct json *process, const struct spec_process *p)
{
	struct json *list = json_array_new();
	for (size_t i = 0; i < p->rlimit_count; i++) {
		const struct spec_rlimit *r = &p->rlimits[i];
		if (r->resource < 0 || (size_t)r->resource >= ARRAY_LEN(rlimit_names))
			continue;
		auto_free char *name = mem_printf("RLIMIT_%s", rlimit_names[r->resource]);
		struct json *o = json_object_new();
		json_set_str(o, "type", name);
		json_set_u64(o, "hard", r->hard);
		json_set_u64(o, "soft", r->soft);
		json_add(list, o);
	}
	json_set(process, "rlimits", list);
}

static struct json *process_new(const struct spec_process *p)
{
	struct json *o = json_object_new(), *user = json_object_new();
	if (p->terminal)
		json_set_bool(o, "terminal", true);
	if (p->rows) {
		struct json *size = json_object_new();
		json_set_u64(size, "height", p->rows);
		json_set_u64(size, "width", p->cols);
		json_set(o, "consoleSize", size);
	}
	json_set_u64(user, "uid", p->uid);
	json_set_u64(user, "gid", p->gid);
	json_set_u64(user, "umask", p->umask < 0 ? 0022 : (uint64_t)p->umask);
	struct json *groups = json_array_new();
	for (size_t i = 0; i < p->group_count; i++)
		json_add(groups, json_u64_new(p->groups[i]));
	if (p->group_count)
		json_set(user, "additionalGids", groups);
	else
		json_free(groups);
	json_set(o, "user", user);
	json_set(o, "args", json_strv_new(p->args));
	json_set(o, "env", json_strv_new(p->env));
	json_set_str(o, "cwd", p->cwd ? p->cwd : "/");
	add_caps(o, &p->caps);
	add_rlimits(o, p);
	if (p->no_new_privs)
		json_set_bool(o, "noNewPrivileges", true);
	if (p->apparmor_profile)
		json_set_str(o, "apparmorProfile", p->apparmor_profile);
	if (p->oom_score_adj_set)
		json_set_i64(o, "oomScoreAdj", p->oom_score_adj);
	if (p->selinux_label)
		json_set_str(o, "selinuxLabel", p->selinux_label);
	return o;
}

/* --- mounts --- */

static void add_option(struct json *options, bool on, const char *word)
{
	if (on)
		json_add_str(options, word);
}

static struct json *options_new(const struct spec_mount *m)
{
	struct json *options = json_array_new();
	if (str_eq(m->type, "bind"))
		json_add_str(options, m->recursive ? "rbind" : "bind");
	add_option(options, m->attr_set & MOUNT_ATTR_NOSUID, "nosuid");
	add_option(options, m->attr_set & MOUNT_ATTR_NOEXEC, "noexec");
	add_option(options, m->attr_set & MOUNT_ATTR_NODEV, "nodev");
	add_option(options, m->attr_set & MOUNT_ATTR_RDONLY, m->attr_recursive ? "rro" : "ro");
	add_option(options, m->attr_set & MOUNT_ATTR_NOATIME, "noatime");
	add_option(options, m->attr_set & MOUNT_ATTR_STRICTATIME, "strictatime");
	static const struct { uint64_t flags; const char *word; } propagation[] = {
		{ MS_PRIVATE | MS_REC, "rprivate" }, { MS_PRIVATE, "private" }, { MS_SLAVE | MS_REC, "rslave" }, { MS_SLAVE, "slave" },
		{ MS_SHARED | MS_REC, "rshared" },   { MS_SHARED, "shared" },
	};
	for (size_t i = 0; i < ARRAY_LEN(propagation); i++)
		add_option(options, m->propagation == propagation[i].flags, propagation[i].word);
	auto_strv words = strv_split(m->data ? m->data : "", ',');
	for (char **word = words; word && *word; word++)
		json_add_str(options, *word);
	add_option(options, m->copy_up, "tmpcopyup");
	return options;
}

static struct json *mounts_new(const struct spec *spec)
{
	struct json *list = json_array_new();
	for (size_t i = 0; i < spec->mount_count; i++) {
		const struct spec_mount *m = &spec->mounts[i];
		struct json *o = json_object_new();
		json_set_str(o, "destination", m->destination);
		json_set_str(o, "type", m->type);
		json_set_str(o, "source", m->source);
		json_set(o, "options", options_new(m));
		json_add(list, o);
	}
	for (char **file = spec->files; file && *file; file++) {
		const char *equals = strchr(*file, '=');
		if (!equals)
			continue;
		auto_free char *destination = mem_strndup(*file, (size_t)(equals - *file));
		struct json *o = json_object_new();
		const char *const options[] = { "bind", "rprivate", NULL };
		json_set_str(o, "destination", destination);
		json_set_str(o, "type", "bind");
		json_set_str(o, "source", equals + 1);
		json_set(o, "options", json_strv_new((char *const *)options));
		json_add(list, o);
	}
	return list;
}

/* --- linux --- */

static struct json *map_new(char *const *pairs)
{
	struct json *o = json_object_new();
	for (; pairs && *pairs; pairs++) {
		const char *equals = strchr(*pairs, '=');
		auto_free char *key = mem_strndup(*pairs, equals ? (size_t)(equals - *pairs) : strlen(*pairs));
		json_set_str(o, key, equals ? equals + 1 : "");
	}
	return o;
}

static struct json *namespaces_new(const struct spec *spec)
{
	static const char *const names[SPEC_NS_COUNT] = {
		[SPEC_NS_MOUNT] = "mount", [SPEC_NS_PID] = "pid", [SPEC_NS_NET] = "network", [SPEC_NS_IPC] = "ipc",
		[SPEC_NS_UTS] = "uts",	   [SPEC_NS_CGROUP] = "cgroup", [SPEC_NS_USER] = "user",
	};
	struct json *list = json_array_new();
	for (int i = 0; i < SPEC_NS_COUNT; i++) {
		if (spec->ns[i] == SPEC_NS_HOST)
			continue;
		struct json *o = json_object_new();
		json_set_str(o, "type", names[i]);
		if (spec->ns[i] == SPEC_NS_JOIN && spec->ns_fd[i] >= 0) {
			auto_free char *path = mem_printf("/proc/self/fd/%d", spec->ns_fd[i]);
			json_set_str(o, "path", path);
		}
		json_add(list, o);
	}
	return list;
}

static struct json *id_maps_new(const struct spec_id_map *maps)
{
	struct json *list = json_array_new();
	for (; maps && maps->count; maps++) {
		struct json *o = json_object_new();
		json_set_u64(o, "containerID", maps->inside);
		json_set_u64(o, "hostID", maps->outside);
		json_set_u64(o, "size", maps->count);
		json_add(list, o);
	}
	return list;
}

static void set_positive(struct json *o, const char *name, int64_t value)
{
	if (value)
		json_set_i64(o, name, value);
}

static struct json *resources_new(const struct spec_resources *r)
{
	struct json *o = json_object_new(), *memory = json_object_new(), *cpu = json_object_new();
	set_positive(memory, "limit", r->memory_bytes);
	set_positive(memory, "reservation", r->memory_reservation_bytes);
	set_positive(memory, "swap", r->memory_swap_bytes);
	if (r->memory_swappiness >= 0)
		json_set_i64(memory, "swappiness", r->memory_swappiness);
	set_positive(cpu, "shares", (int64_t)r->cpu_shares);
	set_positive(cpu, "quota", r->cpu_quota_us);
	set_positive(cpu, "period", (int64_t)r->cpu_period_us);
	if (r->cpuset_cpus)
		json_set_str(cpu, "cpus", r->cpuset_cpus);
	if (r->cpuset_mems)
		json_set_str(cpu, "mems", r->cpuset_mems);
	json_set(o, "memory", memory);
	json_set(o, "cpu", cpu);
	if (r->pids_max) {
		struct json *pids = json_object_new();
		json_set_i64(pids, "limit", r->pids_max);
		json_set(o, "pids", pids);
	}
	if (r->unified)
		json_set(o, "unified", map_new(r->unified));
	return o;
}

static struct json *linux_new(const struct spec *spec)
{
	struct json *o = json_object_new();
	if (spec->ns[SPEC_NS_USER] == SPEC_NS_NEW) {
		json_set(o, "uidMappings", id_maps_new(spec->uid_maps));
		json_set(o, "gidMappings", id_maps_new(spec->gid_maps));
	}
	json_set(o, "sysctl", map_new(spec->sysctl));
	json_set(o, "resources", resources_new(&spec->resources));
	json_set(o, "namespaces", namespaces_new(spec));
	json_set(o, "maskedPaths", json_strv_new(spec->masked_paths));
	json_set(o, "readonlyPaths", json_strv_new(spec->readonly_paths));
	return o;
}

/* The filter is compiled already and has no JSON; an overlay's root is told by its upper directory. */
struct json *spec_to_json_new(const struct spec *spec)
{
	struct json *o = json_object_new(), *root = json_object_new();
	json_set_str(o, "ociVersion", "1.2.1");
	json_set(o, "process", process_new(&spec->process));
	json_set_str(root, "path", spec->root.path ? spec->root.path : spec->root.upper);
	if (spec->root.readonly)
		json_set_bool(root, "readonly", true);
	json_set(o, "root", root);
	if (spec->hostname)
		json_set_str(o, "hostname", spec->hostname);
	if (spec->domainname)
		json_set_str(o, "domainname", spec->domainname);
	json_set(o, "mounts", mounts_new(spec));
	json_set(o, "annotations", map_new(spec->annotations));
	json_set(o, "linux", linux_new(spec));
	return o;
}
