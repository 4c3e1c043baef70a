#include "engine/ctr_def.h"

#include "codec/shape.h"

static const struct shape_field mount_fields[] = {
	SHAPE_STRING(struct ctr_mount, type, "type"),
	SHAPE_STRING(struct ctr_mount, source, "source", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRING(struct ctr_mount, target, "target"),
	SHAPE_STRING(struct ctr_mount, image, "image", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRV(struct ctr_mount, options, "options", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRV(struct ctr_mount, volume_options, "volume_options", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_BOOL(struct ctr_mount, anonymous, "anonymous", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_BOOL(struct ctr_mount, from_image, "from_image", .rule = SHAPE_OMIT_EMPTY),
};
static const struct shape mount_shape = SHAPE(struct ctr_mount, "mount", mount_fields);

static const struct shape_field port_fields[] = {
	SHAPE_STRING(struct ctr_port, host_ip, "host_ip"),
	SHAPE_U32(struct ctr_port, host_port, "host_port"),
	SHAPE_U32(struct ctr_port, container_port, "container_port"),
	SHAPE_U32(struct ctr_port, count, "range"),
	SHAPE_STRING(struct ctr_port, protocol, "protocol"),
};
static const struct shape port_shape = SHAPE(struct ctr_port, "port", port_fields);

static const struct shape_field ulimit_fields[] = {
	SHAPE_STRING(struct ctr_ulimit, name, "name"),
	SHAPE_I64(struct ctr_ulimit, soft, "soft"),
	SHAPE_I64(struct ctr_ulimit, hard, "hard"),
};
static const struct shape ulimit_shape = SHAPE(struct ctr_ulimit, "ulimit", ulimit_fields);

static const struct shape_field device_fields[] = {
	SHAPE_STRING(struct ctr_device, source, "source"),
	SHAPE_STRING(struct ctr_device, path, "path"),
	SHAPE_STRING(struct ctr_device, access, "access"),
};
static const struct shape device_shape = SHAPE(struct ctr_device, "device", device_fields);

static const struct shape_field secret_fields[] = {
	SHAPE_STRING(struct ctr_secret, name, "name"),
	SHAPE_STRING(struct ctr_secret, id, "id"),
	SHAPE_STRING(struct ctr_secret, target, "target", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_U32(struct ctr_secret, uid, "uid"),
	SHAPE_U32(struct ctr_secret, gid, "gid"),
	SHAPE_U32(struct ctr_secret, mode, "mode"),
	SHAPE_BOOL(struct ctr_secret, is_env, "env", .rule = SHAPE_OMIT_EMPTY),
};
static const struct shape secret_shape = SHAPE(struct ctr_secret, "secret", secret_fields);

static const struct shape_field health_fields[] = {
	SHAPE_STRV(struct ctr_healthcheck, test, "Test"),
	SHAPE_I64(struct ctr_healthcheck, start_period_ns, "StartPeriod", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_I64(struct ctr_healthcheck, interval_ns, "Interval", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_I64(struct ctr_healthcheck, timeout_ns, "Timeout", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_U32(struct ctr_healthcheck, retries, "Retries", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_U32(struct ctr_healthcheck, successes, "Successes", .rule = SHAPE_OMIT_EMPTY),
};
static const struct shape health_shape = SHAPE(struct ctr_healthcheck, "healthcheck", health_fields);

#define DEF_STRING(m) SHAPE_STRING(struct ctr_def, m, #m, .rule = SHAPE_OMIT_EMPTY)
#define DEF_STRV(m) SHAPE_STRV(struct ctr_def, m, #m, .rule = SHAPE_OMIT_EMPTY)
#define DEF_BOOL(m) SHAPE_BOOL(struct ctr_def, m, #m, .rule = SHAPE_OMIT_EMPTY)
#define DEF_I64(m) SHAPE_I64(struct ctr_def, m, #m, .rule = SHAPE_OMIT_EMPTY)
#define DEF_U64(m) SHAPE_U64(struct ctr_def, m, #m, .rule = SHAPE_OMIT_EMPTY)
#define DEF_U32(m) SHAPE_U32(struct ctr_def, m, #m, .rule = SHAPE_OMIT_EMPTY)
#define DEF_INT(m) SHAPE_INT(struct ctr_def, m, #m, .rule = SHAPE_OMIT_EMPTY)
#define DEF_ARRAY(m, count, type) \
	SHAPE_ARRAY(struct ctr_def, m, count, #m, struct ctr_##type, &type##_shape, .rule = SHAPE_OMIT_EMPTY)

static const struct shape_field def_fields[] = {
	SHAPE_STRING(struct ctr_def, id, "id", .rule = SHAPE_REQUIRED),
	SHAPE_STRING(struct ctr_def, name, "name", .rule = SHAPE_REQUIRED),
	DEF_I64(created_ns),
	DEF_STRV(create_command), DEF_STRV(volumes_from),
	DEF_STRING(image), DEF_STRING(image_name), DEF_STRING(image_digest), DEF_STRV(layers), DEF_STRING(rootfs), DEF_STRING(rootfs_idmap), DEF_BOOL(rootfs_overlay),
	DEF_STRV(entrypoint), DEF_STRV(command), DEF_STRV(env),
	DEF_STRING(workdir), DEF_BOOL(workdir_asked), DEF_STRING(user), DEF_STRING(umask), DEF_STRING(hostname), DEF_STRING(timezone),
	SHAPE_BOOL(struct ctr_def, passwd, "passwd"), DEF_STRING(passwd_entry), DEF_STRING(group_entry), DEF_STRV(group_add), DEF_STRV(requires), DEF_STRV(labels), DEF_STRV(annotations),
	DEF_BOOL(tty), DEF_BOOL(interactive), DEF_BOOL(init), DEF_STRING(init_path),
	DEF_STRING(stop_signal), DEF_INT(stop_timeout_s), DEF_BOOL(stop_timeout_set), DEF_U32(timeout_s), DEF_STRING(systemd), DEF_BOOL(systemd_mode), DEF_U64(systemd_shm_bytes),
	DEF_STRV(host_users), DEF_STRING(personality), DEF_STRING(sdnotify),
	DEF_BOOL(privileged), DEF_BOOL(read_only), SHAPE_BOOL(struct ctr_def, read_only_tmpfs, "read_only_tmpfs"),
	DEF_BOOL(no_new_privileges), DEF_BOOL(keep_keys),
	DEF_STRV(cap_add), DEF_STRV(cap_drop), DEF_STRV(cap_default), DEF_STRV(security_opt), DEF_STRING(seccomp_profile), DEF_STRING(seccomp_image), DEF_STRING(rdt_class), DEF_STRV(mask), DEF_STRV(unmask),
	DEF_STRING(net_mode), DEF_STRING(pid_mode), DEF_STRING(ipc_mode), DEF_STRING(uts_mode), DEF_STRING(cgroup_mode),
	DEF_STRING(user_mode), DEF_STRV(uid_map), DEF_STRV(gid_map), DEF_STRV(net_options),
	DEF_ARRAY(ports, port_count, port), DEF_BOOL(publish_all), DEF_STRV(expose),
	DEF_STRV(add_host), DEF_STRV(dns), DEF_STRV(dns_search), DEF_STRV(dns_option),
	DEF_STRING(mac_address), DEF_STRING(ip), DEF_STRING(ip6), DEF_STRV(network_aliases), DEF_BOOL(no_hosts), DEF_BOOL(no_hostname), DEF_STRING(hosts_file), DEF_STRING(host_internal_ip), DEF_STRV(chrootdirs),
	DEF_I64(memory_bytes), DEF_I64(memory_swap_bytes), DEF_I64(memory_reservation_bytes),
	SHAPE_I64(struct ctr_def, memory_swappiness, "memory_swappiness"),
	DEF_I64(cpu_quota_us), DEF_U64(cpu_period_us), DEF_U64(cpu_shares), DEF_STRING(cpuset_cpus), DEF_STRING(cpuset_mems),
	DEF_I64(pids_limit), DEF_BOOL(pids_limit_set), DEF_U32(blkio_weight), DEF_STRV(io_limits), DEF_BOOL(oom_kill_disable),
	DEF_INT(oom_score_adj), DEF_BOOL(oom_score_adj_set), DEF_U64(shm_size_bytes), DEF_BOOL(shm_size_set),
	DEF_STRV(cgroup_conf), DEF_STRING(cgroup_parent), DEF_STRING(cgroups),
	DEF_ARRAY(ulimits, ulimit_count, ulimit), DEF_STRV(sysctl), DEF_ARRAY(devices, device_count, device),
	DEF_STRV(cdi_devices), DEF_STRV(cdi_dirs), DEF_STRV(device_cgroup_rules),
	DEF_ARRAY(mounts, mount_count, mount), DEF_ARRAY(secrets, secret_count, secret), DEF_STRING(image_volumes),
	SHAPE_POINTER(struct ctr_def, health, "health", struct ctr_healthcheck, &health_shape, .rule = SHAPE_OMIT_EMPTY),
	SHAPE_POINTER(struct ctr_def, startup_health, "startup_health", struct ctr_healthcheck, &health_shape, .rule = SHAPE_OMIT_EMPTY),
	DEF_STRING(health_on_failure), DEF_STRING(health_log_destination), DEF_U32(health_max_log_count), DEF_U32(health_max_log_size),
	DEF_BOOL(health_max_log_count_set), DEF_BOOL(health_max_log_size_set),
	DEF_BOOL(remove), DEF_STRING(restart_policy), DEF_U32(restart_retries),
	DEF_STRING(log_driver), DEF_STRV(log_opts), DEF_STRING(detach_keys), DEF_STRING(pidfile), DEF_STRING(conmon_pidfile), DEF_STRING(cidfile),
};
static const struct shape def_shape = SHAPE(struct ctr_def, "definition", def_fields);

void ctr_def_init(struct ctr_def *def)
{
	*def = (struct ctr_def){ .memory_swappiness = -1, .read_only_tmpfs = true, .passwd = true };
}

void ctr_def_done(struct ctr_def *def)
{
	shape_done(&def_shape, def);
}

#define ADD(list, count)                                                  \
	({                                                                \
		(list) = mem_resize((list), (count) + 1, sizeof(*(list))); \
		memset(&(list)[(count)], 0, sizeof(*(list)));              \
		&(list)[(count)++];                                       \
	})

void ctr_def_mount_done(struct ctr_mount *mount)
{
	shape_done(&mount_shape, mount);
}

struct ctr_mount *ctr_def_add_mount(struct ctr_def *def)
{
	return ADD(def->mounts, def->mount_count);
}

struct ctr_port *ctr_def_add_port(struct ctr_def *def)
{
	return ADD(def->ports, def->port_count);
}

struct ctr_ulimit *ctr_def_add_ulimit(struct ctr_def *def)
{
	return ADD(def->ulimits, def->ulimit_count);
}

struct ctr_device *ctr_def_add_device(struct ctr_def *def)
{
	return ADD(def->devices, def->device_count);
}

struct ctr_secret *ctr_def_add_secret(struct ctr_def *def)
{
	return ADD(def->secrets, def->secret_count);
}

void ctr_def_healthcheck_free(struct ctr_healthcheck *check)
{
	if (check)
		shape_done(&health_shape, check);
	free(check);
}

struct json *ctr_def_healthcheck_json_new(const struct ctr_healthcheck *check)
{
	return check ? shape_encode_new(&health_shape, check, 0) : NULL;
}

struct json *ctr_def_to_json_new(const struct ctr_def *def)
{
	return shape_encode_new(&def_shape, def, 0);
}

int ctr_def_from_json(const struct json *v, struct ctr_def *ret, struct err *err)
{
	struct ctr_def def = { 0 };
	if (shape_decode(&def_shape, v, &def, err) < 0)
		return -1;
	*ret = def;
	return 0;
}
