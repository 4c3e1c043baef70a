#include "engine/ctr_spec.h"

#include "base/path.h"
#include "base/file.h"
#include "base/log.h"
#include "base/num.h"
#include "engine/ctr_cdi.h"
#include "engine/ctr_devices.h"
#include "engine/ctr_idmap.h"
#include "engine/ctr_layers.h"
#include "engine/ctr_limits.h"
#include "engine/ctr_mount.h"
#include "engine/ctr_passwd.h"
#include "engine/ctr_secrets.h"
#include "engine/ctr_systemd.h"
#include "engine/ctr_user_ids.h"
#include "host/cap.h"
#include "host/seccomp.h"
#include "storage/layer.h"
#include "storage/skeleton.h"
#include "storage/store.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <unistd.h>

/* COMPAT: containers/common's lists */
static const char *const masked_paths[] = {
	"/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi", "/proc/timer_list",
	"/proc/timer_stats", "/sys/devices/virtual/powercap", "/sys/firmware", "/sys/fs/selinux", "/proc/interrupts",
};
static const char *const readonly_paths[] = {
	"/proc/asound", "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
};

static const char default_path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

static bool given(const char *text)
{
	return text && *text;
}

void ctr_spec_done(struct ctr_spec *s)
{
	for (int i = 0; i < SPEC_NS_COUNT; i++)
		if (s->spec.ns[i] == SPEC_NS_JOIN)
			fd_close(s->ns_fds[i]);
	spec_done(&s->spec);
}

/* --- who --- */

char *ctr_spec_hostname_dup(const struct ctr *ctr)
{
	if (given(ctr->def.hostname))
		return mem_strdup(ctr->def.hostname);
	if (str_eq(ctr->def.uts_mode, "host") || str_eq(ctr->def.net_mode, "host")) {
		char host[65] = "";
		if (gethostname(host, sizeof(host) - 1) == 0 && *host)
			return mem_strdup(host);
	}
	return mem_strndup(ctr->id, 12);
}

char **ctr_spec_env_dup(const struct ctr_def *def, const char *home, const char *hostname)
{
	char **env = NULL;
	if (!strv_env_get(def->env, "PATH"))
		strv_add(&env, default_path);
	strv_extend(&env, def->env);
	const char *const defaults[][2] = {
		{ "container", "podman" }, { "TERM", def->tty ? "xterm" : NULL }, { "HOME", home }, { "HOSTNAME", hostname },
	};
	for (size_t i = 0; i < ARRAY_LEN(defaults); i++)
		if (defaults[i][1] && !strv_env_get(env, defaults[i][0]))
			strv_env_set(&env, defaults[i][0], defaults[i][1]);
	ctr_systemd_env(def, &env);
	return env;
}

static int cap_list(char *const *names, uint64_t *ret, struct err *err)
{
	*ret = 0;
	for (; names && *names; names++) {
		uint64_t one;
		if (cap_parse(*names, &one) < 0)
			return err_set(err, ERR_USAGE, "unknown capability '%s': see capabilities(7) for the names", *names);
		*ret |= one;
	}
	return 0;
}

int ctr_spec_caps(const struct ctr_def *def, bool privileged, uid_t uid, struct spec_caps *ret, struct err *err)
{
	uint64_t add, drop, usual, possible = cap_bounding();
	if (cap_list(def->cap_add, &add, err) < 0 || cap_list(def->cap_drop, &drop, err) < 0 || cap_list(def->cap_default, &usual, err) < 0)
		return -1;
	if (!def->cap_default)
		usual = cap_default();
	bool drop_all = strv_has(def->cap_drop, "all") || strv_has(def->cap_drop, "ALL");
	/* COMPAT: --cap-drop all --cap-add x is x; otherwise a dropped one stays dropped */
	uint64_t set = privileged ? possible : drop_all ? add : (usual | add) & ~drop;
	if (drop_all && privileged)
		set = add;
	set &= possible;
	*ret = (struct spec_caps){ .bounding = set };
	if (uid == 0) {
		ret->effective = ret->permitted = set;
	} else {
		/* COMPAT: who is not root gets only what was added by name */
		uint64_t named = add & set;
		ret->effective = ret->permitted = ret->inheritable = ret->ambient = named;
	}
	return 0;
}

int ctr_spec_seccomp(struct engine *engine, const struct ctr_def *def, bool privileged, uint64_t caps, struct spec_seccomp *ret,
		     struct err *err)
{
	bool by_image = given(def->seccomp_image);
	if ((privileged && !by_image) || str_eq(def->seccomp_profile, "unconfined"))
		return 0;
	auto_free char *profile = by_image ? mem_strdup(def->seccomp_image) : NULL;
	size_t len = by_image ? strlen(profile) : 0;
	if (given(def->seccomp_profile) && !by_image) {
		int rc = file_read(AT_FDCWD, def->seccomp_profile, 4 << 20, &profile, &len);
		if (rc < 0)
			return err_sys(err, -rc, "opening seccomp profile failed: cannot read '%s'", def->seccomp_profile);
	}
	if (engine->looks)
		return 0;
	int graph_fd = store_graph_fd(engine->store);
	file_mkdirs(graph_fd, "cache/seccomp", 0700);
	auto_close int cache_fd = openat(graph_fd, "cache/seccomp", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	struct seccomp_program program;
	if (seccomp_compile(profile, len, caps, cache_fd, &program, err) < 0)
		return -1;
	*ret = (struct spec_seccomp){ .filter = program.filter, .count = program.count };
	return 0;
}

static int set_umask(const struct ctr_def *def, struct spec_process *p, struct err *err)
{
	uint32_t mask = 0022;
	if (given(def->umask) && num_octal(def->umask, 0777, &mask) < 0)
		return err_set(err, ERR_USAGE, "invalid umask '%s': expected an octal number up to 0777", def->umask);
	p->umask = (int)mask;
	return 0;
}

/* One that the image does not know may be a --hostuser. */
static int resolve_user(struct engine *engine, const struct ctr *ctr, struct ctr_user *ret, struct err *err)
{
	const struct ctr_def *def = &ctr->def;
	int rc = ctr_user_resolve(engine, ctr, def->user, def->group_add, ret, err);
	auto_free char *number = rc < 0 && err_is(err, ERR_NOT_FOUND) ? ctr_passwd_host_user_dup(def) : NULL;
	if (!number)
		return rc;
	err_clear(err);
	return ctr_user_resolve(engine, ctr, number, def->group_add, ret, err);
}

static int build_process(struct engine *engine, struct ctr *ctr, const struct ctr_idmap *map, struct spec *spec, struct err *err)
{
	const struct ctr_def *def = &ctr->def;
	struct spec_process *p = &spec->process;
	auto_val(ctr_user) user = { 0 };
	if (resolve_user(engine, ctr, &user, err) < 0)
		return -1;
	if (map->uids) /* COMPAT: what the caller's group may see stays visible, whoever runs */
		ctr_user_add_group(&user, map->gid);
	if (ctr_user_ids_fit(engine, map, &user, err) < 0 || ctr_passwd_add(engine, ctr, map, &user, spec, err) < 0)
		return -1;
	p->terminal = def->tty;
	p->uid = user.uid;
	p->gid = user.gid;
	p->groups = take_ptr(user.groups);
	p->group_count = user.group_count;
	p->keep_groups = strv_has(def->group_add, "keep-groups");
	if (def->init) {
		strv_add(&p->args, CTR_SPEC_INIT_PATH);
		strv_add(&p->args, "--");
	}
	strv_extend(&p->args, def->entrypoint);
	strv_extend(&p->args, def->command);
	if (!def->entrypoint && !def->command)
		return err_set(err, ERR_USAGE, "no command or entrypoint provided, and no CMD or ENTRYPOINT from image");
	p->env = ctr_spec_env_dup(def, user.home, spec->hostname);
	if (ctr_secrets_env(engine, def, &p->env, err) < 0)
		return -1;
	p->cwd = path_clean_dup(given(def->workdir) ? def->workdir : "/");
	p->cwd_must_exist = def->workdir_asked;
	p->no_new_privs = def->no_new_privileges;
	p->keep_keys = def->keep_keys;
	p->oom_score_adj = def->oom_score_adj;
	p->oom_score_adj_set = def->oom_score_adj_set;
	p->personality = str_eq(def->personality, "LINUX32") ? PER_LINUX32 : PER_LINUX;
	p->personality_set = given(def->personality);
	if (set_umask(def, p, err) < 0 || ctr_spec_caps(def, def->privileged, user.uid, &p->caps, err) < 0)
		return -1;
	return ctr_spec_seccomp(engine, def, def->privileged, p->caps.bounding, &spec->seccomp, err);
}

/* --- limits --- */

static const struct {
	const char *name;
	int resource;
} rlimit_names[] = {
	{ "as", RLIMIT_AS },	       { "core", RLIMIT_CORE },	      { "cpu", RLIMIT_CPU },
	{ "data", RLIMIT_DATA },       { "fsize", RLIMIT_FSIZE },     { "locks", RLIMIT_LOCKS },
	{ "memlock", RLIMIT_MEMLOCK }, { "msgqueue", RLIMIT_MSGQUEUE }, { "nice", RLIMIT_NICE },
	{ "nofile", RLIMIT_NOFILE },   { "nproc", RLIMIT_NPROC },     { "rss", RLIMIT_RSS },
	{ "rtprio", RLIMIT_RTPRIO },   { "rttime", RLIMIT_RTTIME },   { "sigpending", RLIMIT_SIGPENDING },
	{ "stack", RLIMIT_STACK },
};

const char *ctr_spec_rlimit_word(int resource)
{
	for (size_t i = 0; i < ARRAY_LEN(rlimit_names); i++)
		if (rlimit_names[i].resource == resource)
			return rlimit_names[i].name;
	return "";
}

static void add_rlimit(struct spec_process *p, struct spec_rlimit limit)
{
	p->rlimits = mem_resize(p->rlimits, p->rlimit_count + 1, sizeof(*p->rlimits));
	p->rlimits[p->rlimit_count++] = limit;
}

static bool has_rlimit(const struct spec_process *p, int resource)
{
	for (size_t i = 0; i < p->rlimit_count; i++)
		if (p->rlimits[i].resource == resource)
			return true;
	return false;
}

static int build_rlimits(const struct ctr_def *def, struct spec_process *p, struct err *err)
{
	static const struct { int resource; rlim_t want; } defaults[] = { { RLIMIT_NOFILE, 1048576 }, { RLIMIT_NPROC, 4194304 } };
	for (size_t i = 0; i < def->ulimit_count; i++) {
		const struct ctr_ulimit *u = &def->ulimits[i];
		size_t at = 0;
		if (str_eq(u->name, "host")) /* none but the usual ones */
			continue;
		while (at < ARRAY_LEN(rlimit_names) && !str_eq(rlimit_names[at].name, u->name))
			at++;
		if (at == ARRAY_LEN(rlimit_names))
			return err_set(err, ERR_USAGE, "invalid ulimit type: %s", u->name);
		add_rlimit(p, (struct spec_rlimit){ .resource = rlimit_names[at].resource,
						    .soft = u->soft < 0 ? RLIM_INFINITY : (uint64_t)u->soft,
						    .hard = u->hard < 0 ? RLIM_INFINITY : (uint64_t)u->hard });
	}
	for (size_t i = 0; i < ARRAY_LEN(defaults); i++) {
		struct rlimit now;
		if (has_rlimit(p, defaults[i].resource) || getrlimit(defaults[i].resource, &now) < 0)
			continue;
		/* COMPAT: as much as the caller may have, up to the usual maximum */
		rlim_t value = now.rlim_max < defaults[i].want ? now.rlim_max : defaults[i].want;
		add_rlimit(p, (struct spec_rlimit){ .resource = defaults[i].resource, .soft = value, .hard = value, .is_default = true });
	}
	return 0;
}

static void build_resources(const struct ctr_def *def, struct spec_resources *r)
{
	struct cgroup_limits l;
	ctr_limits_read(def, &l);
	*r = (struct spec_resources){
		.memory_bytes = l.memory_bytes,
		.memory_swap_bytes = l.memory_swap_bytes,
		.memory_reservation_bytes = l.memory_reservation_bytes,
		.memory_swappiness = def->memory_swappiness,
		.cpu_quota_us = l.cpu_quota_us,
		.cpu_period_us = l.cpu_period_us,
		.cpu_shares = l.cpu_shares,
		.cpuset_cpus = l.cpuset_cpus ? mem_strdup(l.cpuset_cpus) : NULL,
		.cpuset_mems = l.cpuset_mems ? mem_strdup(l.cpuset_mems) : NULL,
		.pids_max = l.pids_max,
		.pids_is_default = l.pids_is_default,
		.blkio_weight = l.blkio_weight,
		.oom_kill_disable = def->oom_kill_disable,
		.unified = strv_dup(l.unified),
	};
}

/* --- namespaces --- */

const char *ctr_spec_net_mode(const struct engine *engine, const struct ctr_def *def)
{
	static const char *const words[] = { "none", "host", "bridge", "pasta" };
	const char *mode = def->net_mode;
	if (!given(mode) || str_eq(mode, "private") || str_eq(mode, "default") || str_eq(mode, "podman"))
		return engine->rootless ? "pasta" : "bridge";
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_eq(mode, words[i]))
			return words[i];
	return str_starts(mode, "container:") ? "container" : str_starts(mode, "ns:") ? "ns" : "unknown";
}

bool ctr_spec_net_is(const struct engine *engine, const struct ctr_def *def, const char *mode)
{
	return strcmp(ctr_spec_net_mode(engine, def), mode) == 0;
}

const struct ctr_ns ctr_ns_rows[CTR_NS_COUNT] = {
	{ SPEC_NS_PID, "pid", "pid", offsetof(struct ctr_def, pid_mode) },
	{ SPEC_NS_NET, "net", "network", offsetof(struct ctr_def, net_mode) },
	{ SPEC_NS_IPC, "ipc", "ipc", offsetof(struct ctr_def, ipc_mode) },
	{ SPEC_NS_UTS, "uts", "uts", offsetof(struct ctr_def, uts_mode) },
	{ SPEC_NS_CGROUP, "cgroup", "cgroupns", offsetof(struct ctr_def, cgroup_mode) },
};

const struct ctr_ns ctr_ns_users = { SPEC_NS_USER, "user", "userns", offsetof(struct ctr_def, user_mode) };

const char *ctr_ns_mode(const struct ctr_ns *row, const struct ctr_def *def)
{
	return *(char *const *)((const char *)def + row->mode);
}

static int open_ns_of(struct engine *engine, const struct ctr_ns *row, const char *mode, int *ret_fd, struct err *err)
{
	auto_free char *path = NULL;
	const char *word = str_after(mode, "container:");
	if (word) {
		auto_ptr(ctr) other = NULL;
		if (ctr_open(engine, word, &other, err) < 0)
			return err_wrap(err, "--%s %s", row->flag, mode);
		if (!other->status.process.pid)
			return err_set(err, ERR_STATE, "cannot join the %s namespace of container %s: it is not running; start it first",
				       row->file, word);
		path = mem_printf("/proc/%d/ns/%s", other->status.process.pid, row->file);
	} else {
		path = mem_strdup(str_after(mode, "ns:"));
	}
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(err, errno, "cannot join namespace '%s'", path);
	*ret_fd = fd;
	return 0;
}

static int join_ns(struct engine *engine, const struct ctr_ns *row, const char *mode, struct ctr_spec *s, struct err *err)
{
	if (open_ns_of(engine, row, mode, &s->ns_fds[row->ns], err) < 0)
		return -1;
	s->spec.ns[row->ns] = SPEC_NS_JOIN;
	s->spec.ns_fd[row->ns] = s->ns_fds[row->ns];
	return 0;
}

/* The maps were told when the container was made: its layers and files have their owners. */
static int build_users(struct engine *engine, const struct ctr_def *def, const struct ctr_idmap *map, struct ctr_spec *s, struct err *err)
{
	ctr_idmap_apply(map, &s->spec);
	if (!ctr_idmap_joins(def))
		return 0;
	if (join_ns(engine, &ctr_ns_users, def->user_mode, s, err) < 0)
		return -1;
	return ctr_idmap_check_joined(map, s->ns_fds[SPEC_NS_USER], err) < 0 ? err_wrap(err, "--userns %s", def->user_mode) : 0;
}

static int build_ns(struct engine *engine, const struct ctr_def *def, const struct ctr_idmap *map, struct ctr_spec *s, struct err *err)
{
	struct spec *spec = &s->spec;
	spec->ns[SPEC_NS_MOUNT] = SPEC_NS_NEW;
	for (size_t i = 0; i < CTR_NS_COUNT; i++) {
		const struct ctr_ns *row = &ctr_ns_rows[i];
		const char *mode = ctr_ns_mode(row, def);
		if (str_eq(mode, "host")) {
			spec->ns[row->ns] = SPEC_NS_HOST;
		} else if (given(mode) && (str_starts(mode, "container:") || str_starts(mode, "ns:"))) {
			if (join_ns(engine, row, mode, s, err) < 0)
				return -1;
		} else {
			spec->ns[row->ns] = SPEC_NS_NEW;
		}
	}
	if (build_users(engine, def, map, s, err) < 0)
		return -1;
	s->joins_network = spec->ns[SPEC_NS_NET] == SPEC_NS_JOIN;
	s->new_network = spec->ns[SPEC_NS_NET] == SPEC_NS_NEW && !ctr_spec_net_is(engine, def, "none"); /* `lo` is the stage's */
	return 0;
}

/* --- root --- */

static int build_root(struct engine *engine, struct ctr *ctr, const struct ctr_idmap *map, struct spec *spec, struct err *err)
{
	const struct ctr_def *def = &ctr->def;
	spec->root.readonly = def->read_only;
	spec->root.is_volatile = def->remove;
	if (given(def->rootfs) && !def->rootfs_overlay) {
		spec->root.path = mem_strdup(def->rootfs);
		return 0;
	}
	spec->root.path = ctr->dir_fd >= 0 ? ctr_mount_path_dup(engine, ctr) : NULL;
	if (spec->root.path)
		return 0;
	struct ctr_layers layers;
	if (ctr_layers_how(engine, def, map, &layers, err) < 0)
		return -1;
	const struct shift *shift = engine->looks ? NULL : layers.copied; /* copies would be made */
	spec->root.maps_lower = layers.mapped != NULL;
	if (def->rootfs_overlay)
		strv_add(&spec->root.lower, def->rootfs);
	else if (layer_stack(engine->store, def->layers, shift, &spec->root.lower, err) < 0)
		return err_wrap(err, "container %s", ctr->def.name);
	if (!engine->looks && !def->no_hosts && !def->no_hostname) { /* what it holds is what ctr_files_add mounts on */
		char *path;
		if (skeleton_path(engine->store, !ctr_spec_net_is(engine, def, "none"), shift, &path, err) < 0)
			return -1;
		strv_add_take(&spec->root.lower, path);
	}
	spec->root.upper = mem_printf("%s/containers/%s/upper", store_graphroot(engine->store), ctr->id);
	spec->root.work = mem_printf("%s/containers/%s/work", store_graphroot(engine->store), ctr->id);
	return 0;
}

static void build_paths(const struct ctr_def *def, struct spec *spec)
{
	if (def->privileged)
		return;
	bool all = strv_has(def->unmask, "ALL") || strv_has(def->unmask, "all");
	for (size_t i = 0; i < ARRAY_LEN(masked_paths) && !all; i++)
		if (!strv_has(def->unmask, masked_paths[i]))
			strv_add(&spec->masked_paths, masked_paths[i]);
	strv_extend(&spec->masked_paths, def->mask);
	for (size_t i = 0; i < ARRAY_LEN(readonly_paths) && !all; i++)
		if (!strv_has(def->unmask, readonly_paths[i]))
			strv_add(&spec->readonly_paths, readonly_paths[i]);
}

static void build_sysctl(const struct ctr_def *def, struct spec *spec)
{
	if (spec->ns[SPEC_NS_NET] == SPEC_NS_NEW && !strv_env_get(def->sysctl, "net.ipv4.ping_group_range"))
		strv_add(&spec->sysctl, "net.ipv4.ping_group_range=0 0");
	strv_extend(&spec->sysctl, def->sysctl);
}

int ctr_spec_build(struct engine *engine, struct ctr *ctr, const char *run_path, struct ctr_spec *ret, struct err *err)
{
	auto_val(ctr_spec) s = { 0 };
	spec_init(&s.spec);
	s.spec.id = mem_strdup(ctr->id);
	s.spec.hostname = ctr_spec_hostname_dup(ctr);
	s.spec.annotations = strv_dup(ctr->def.annotations);
	build_resources(&ctr->def, &s.spec.resources);
	auto_val(ctr_idmap) map = { 0 };
	if (ctr_idmap_read(engine, &ctr->def, &map, err) < 0 || build_ns(engine, &ctr->def, &map, &s, err) < 0 ||
	    build_root(engine, ctr, &map, &s.spec, err) < 0 || build_process(engine, ctr, &map, &s.spec, err) < 0 || build_rlimits(&ctr->def, &s.spec.process, err) < 0 ||
	    ctr_devices_build(engine, &ctr->def, &s.spec, err) < 0 || ctr_mounts_build(engine, ctr, run_path, &s.spec, err) < 0 ||
	    ctr_cdi_apply(engine, &ctr->def, &s.spec, err) < 0)
		return -1;
	build_paths(&ctr->def, &s.spec);
	build_sysctl(&ctr->def, &s.spec);
	*ret = s;
	s = (struct ctr_spec){ 0 };
	return 0;
}
