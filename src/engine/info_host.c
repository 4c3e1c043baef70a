/* info_host.c - what `info` tells about the host beside its kernel and memory.
 * COMPAT: the members are Podman's. Where it names a program of its own (crun, conmon, netavark), ours that does the same stands there;
 * where it has a thing that cpod has not (slirp4netns, a database), the member is empty. */
#include "engine/info_priv.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/proc.h"
#include "codec/json.h"
#include "config/conf_registries.h"
#include "host/cap.h"
#include "host/libexec.h"
#include "host/userns.h"
#include "storage/store.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

static struct json *program_new(const char *path_name, const char *path, const char *version)
{
	struct json *o = json_object_new();
	json_set_str(o, "package", path && *path ? "Unknown" : "");
	json_set_str(o, path_name, path ? path : "");
	json_set_str(o, "version", version);
	return o;
}

static struct json *own_new(const char *name)
{
	auto_free char *path = NULL;
	struct err ignored = { 0 };
	return libexec_path(name, &path, &ignored) < 0 ? program_new("path", "", "") : program_new("path", path, "cpod " CPOD_VERSION);
}

static struct json *network_new(void)
{
	struct json *o = program_new("path", "", "cpod " CPOD_VERSION);
	json_set_str(o, "backend", "cpod");
	json_set(o, "dns", program_new("path", "", "cpod " CPOD_VERSION));
	json_set_str(o, "defaultNetwork", "podman");
	return o;
}

/* --- processors --- */

static struct json *percent_new(uint64_t part, uint64_t whole)
{
	uint64_t hundredths = whole ? (part * 10000 + whole / 2) / whole : 0;
	return json_f64_new((double)hundredths / 100);
}

/* Since the machine was started: "cpu  user nice system idle …" */
static struct json *usage_new(void)
{
	auto_free char *text = NULL;
	size_t len;
	uint64_t n[4] = { 0 };
	struct json *o = json_object_new();
	if (file_read(AT_FDCWD, "/proc/stat", LIMIT_ETC_FILE_BYTES, &text, &len) < 0)
		text = mem_strdup("");
	text[strcspn(text, "\n")] = 0;
	auto_strv words = strv_split(text, ' ');
	size_t count = 0;
	for (char **word = words; word && *word && count < ARRAY_LEN(n); word++)
		count += num_u64(*word, UINT64_MAX / 100000, &n[count]) >= 0;
	uint64_t whole = n[0] + n[1] + n[2] + n[3];
	json_set(o, "userPercent", percent_new(n[0] + n[1], whole));
	json_set(o, "systemPercent", percent_new(n[2], whole));
	json_set(o, "idlePercent", percent_new(n[3], whole));
	return o;
}

static struct json *controllers_new(void)
{
	auto_free char *text = NULL;
	size_t len;
	if (file_read(AT_FDCWD, "/sys/fs/cgroup/cgroup.controllers", LIMIT_ETC_FILE_BYTES, &text, &len) < 0)
		return json_array_new();
	text[strcspn(text, "\n")] = 0;
	auto_strv words = *text ? strv_split(text, ' ') : NULL;
	return json_strv_new(words);
}

/* --- ids --- */

static void add_ids(struct json *list, uint32_t inside, uint32_t outside, uint32_t count)
{
	struct json *o = json_object_new();
	json_set_u64(o, "container_id", inside);
	json_set_u64(o, "host_id", outside);
	json_set_u64(o, "size", count);
	if (count)
		json_add(list, o);
	else
		json_free(o);
}

static struct json *ids_new(const struct engine *engine)
{
	struct json *o = json_object_new(), *gids = engine->rootless ? json_array_new() : NULL, *uids = gids ? json_array_new() : NULL;
	struct userns_range uid = { 0 }, gid = { 0 };
	struct err ignored = { 0 };
	auto_free char *name = gids ? userns_user_name_dup(userns_caller_uid()) : NULL;
	if (gids && userns_subids(userns_caller_uid(), name, &uid, &gid, &ignored) >= 0) {
		add_ids(gids, 0, userns_caller_gid(), 1);
		add_ids(gids, 1, gid.first, gid.count);
		add_ids(uids, 0, userns_caller_uid(), 1);
		add_ids(uids, 1, uid.first, uid.count);
	}
	json_set(o, "gidmap", gids);
	json_set(o, "uidmap", uids);
	return o;
}

static char *caps_dup(void)
{
	auto_strv names = NULL;
	for (int cap = 0; cap < 64; cap++)
		if (cap_default() & 1ULL << cap)
			strv_add(&names, cap_name(cap));
	strv_sort(names);
	return strv_join(names, ",");
}

void info_host_add(const struct engine *engine, struct json *host)
{
	struct json *security = json_get(host, "security"), *runtime = own_new("cpod-stage"), *socket = json_object_new();
	auto_free char *pasta = proc_find_helper("pasta"), *caps = caps_dup();
	auto_free char *path = engine->rootless ? mem_printf("/run/user/%u/podman/podman.sock", (unsigned)userns_caller_uid()) : mem_strdup("/run/podman/podman.sock");
	json_set(host, "cgroupControllers", controllers_new());
	json_set(host, "conmon", own_new("cpod-monitor"));
	json_set(host, "cpuUtilization", usage_new());
	json_set_str(host, "databaseBackend", "");
	json_set_i64(host, "freeLocks", 0); /* there are no locks by number */
	json_set(host, "idMappings", ids_new(engine));
	json_set_str(host, "linkmode", "static");
	json_set(host, "networkBackendInfo", network_new());
	json_set_str(runtime, "name", "cpod");
	json_set(host, "ociRuntime", runtime);
	json_set(host, "pasta", program_new("executable", pasta, ""));
	json_set_str(socket, "path", path);
	json_set_bool(socket, "exists", access(path, F_OK) == 0);
	json_set(host, "remoteSocket", socket);
	json_set_str(host, "rootlessNetworkCmd", "pasta");
	json_set_str(security, "capabilities", caps);
	json_set_str(security, "seccompProfilePath", "");
	json_set_bool(host, "serviceIsRemote", false);
	json_set(host, "slirp4netns", program_new("executable", "", ""));
	json_set_str(host, "variant", "");
	json_set_beside(host, "CgroupsVersion", json_ref(json_get(host, "cgroupVersion")));
	json_set_beside(host, "EmulatedArchitectures", json_array_new());
	json_set_beside(host, "RuntimeInfo", json_object_new());
}

/* --- the store, and the lists --- */

static const char *file_system_name(long type)
{
	static const struct {
		long magic;
		const char *name;
	} rows[] = {
		{ EXT4_SUPER_MAGIC, "extfs" }, { XFS_SUPER_MAGIC, "xfs" },	   { BTRFS_SUPER_MAGIC, "btrfs" },
		{ TMPFS_MAGIC, "tmpfs" },      { OVERLAYFS_SUPER_MAGIC, "overlayfs" },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].magic == type)
			return rows[i].name;
	return "<unknown>";
}

void info_host_add_store(const struct engine *engine, struct json *store)
{
	const char *root = store_graphroot(engine->store);
	struct json *status = json_object_new();
	struct statfs fs;
	auto_free char *volumes = mem_printf("%s/volumes", root);
	json_set_str(status, "Backing Filesystem", statfs(root, &fs) == 0 ? file_system_name((long)fs.f_type) : "<unknown>");
	json_set_str(status, "Native Overlay Diff", "true");
	json_set_str(status, "Supports d_type", "true");
	json_set_str(status, "Supports shifting", "false");
	json_set_str(status, "Supports volatile", "true");
	json_set_str(status, "Using metacopy", "false");
	json_set(store, "graphOptions", json_object_new());
	json_set(store, "graphStatus", status);
	json_set_str(store, "imageCopyTmpDir", "/var/tmp");
	json_set_bool(store, "transientStore", false);
	json_set_str(store, "volumePath", volumes);
	json_set_beside(store, "ConfigFile", json_str_new(""));
}

int info_host_add_lists(struct json *info, struct err *err)
{
	static const struct {
		const char *name;
		const char *words[7];
	} rows[] = { { "volume", { "local" } }, { "network", { "bridge" } }, { "log", { "k8s-file", "json-file", "journald", "none", "passthrough", "passthrough-tty" } } };
	struct json *plugins = json_object_new(), *registries = json_object_new();
	auto_strv search = NULL;
	int rc = conf_registries_search(&search, err);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		json_set(plugins, rows[i].name, json_strv_new((char *const *)rows[i].words));
	json_set(plugins, "authorization", NULL);
	if (search)
		json_set(registries, "search", json_strv_new(search));
	json_set(info, "registries", registries);
	json_set(info, "plugins", plugins);
	return rc;
}
