#include "engine/info_priv.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/ntime.h"
#include "base/num.h"
#include "codec/json.h"
#include "engine/ctr.h"
#include "engine/images.h"
#include "host/cgroup.h"
#include "storage/image_db.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

static const char api_version[] = "5.8.0"; /* COMPAT: the Podman whose words these are */

struct json *info_version_new(void)
{
	struct json *o = json_object_new();
	struct utsname uts;
	uname(&uts);
	auto_free char *os_arch = mem_printf("linux/%s", strcmp(uts.machine, "x86_64") == 0 ? "amd64" : strcmp(uts.machine, "aarch64") == 0 ? "arm64" : uts.machine);
	json_set_str(o, "APIVersion", api_version);
	json_set_str(o, "Version", api_version);
	json_set_str(o, "CpodVersion", CPOD_VERSION);
	json_set_str(o, "GoVersion", "gcc " __VERSION__);
	json_set_str(o, "GitCommit", "");
	json_set_str(o, "BuiltTime", "");
	json_set_i64(o, "Built", 0);
	json_set_str(o, "BuildOrigin", "");
	json_set_str(o, "OsArch", os_arch);
	json_set_str(o, "Os", "linux");
	return o;
}

static void set_distribution(struct json *host)
{
	static const struct { const char *key, *member; } rows[] = { { "ID=", "distribution" }, { "VERSION_ID=", "version" }, { "VERSION_CODENAME=", "codename" } };
	struct json *o = json_object_new();
	auto_free char *text = NULL;
	size_t len;
	auto_close int fd = open("/etc/os-release", O_RDONLY | O_CLOEXEC);
	if (fd < 0 || file_read_fd(fd, LIMIT_ETC_FILE_BYTES, &text, &len) < 0)
		text = mem_strdup("");
	for (char *line = text, *next; line && *line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
			const char *value = str_after(line, rows[i].key);
			if (!value)
				continue;
			auto_free char *bare = mem_strdup(value + (*value == '"'));
			size_t end = strlen(bare);
			if (end && bare[end - 1] == '"')
				bare[end - 1] = 0;
			json_set_str(o, rows[i].member, bare);
		}
	}
	json_set(host, "distribution", o);
}

static uint64_t available_memory(void)
{
	auto_free char *text = NULL;
	size_t len;
	uint64_t kib;
	if (file_read(AT_FDCWD, "/proc/meminfo", LIMIT_ETC_FILE_BYTES, &text, &len) < 0)
		return 0;
	char *line = strstr(text, "MemAvailable:");
	if (!line)
		return 0;
	line += strcspn(line, "0123456789");
	line[strspn(line, "0123456789")] = 0;
	return num_u64(line, UINT64_MAX / 1024, &kib) >= 0 ? kib * 1024 : 0;
}

static struct json *host_new(const struct engine *engine)
{
	struct json *o = json_object_new(), *security = json_object_new();
	struct utsname uts;
	struct sysinfo si;
	uname(&uts);
	sysinfo(&si);
	auto_free char *uptime = mem_printf("%ldh %ldm %lds", si.uptime / 3600, si.uptime / 60 % 60, si.uptime % 60);
	json_set_str(o, "arch", strcmp(uts.machine, "x86_64") == 0 ? "amd64" : uts.machine);
	json_set_str(o, "buildahVersion", "");
	json_set_str(o, "cgroupManager", "cgroupfs");
	json_set_str(o, "cgroupVersion", access("/sys/fs/cgroup/cgroup.controllers", F_OK) == 0 ? "v2" : "v1");
	json_set_i64(o, "cpus", sysconf(_SC_NPROCESSORS_ONLN));
	set_distribution(o);
	json_set_str(o, "eventLogger", events_conf_word(engine->events.backend));
	json_set_str(o, "hostname", uts.nodename);
	json_set_str(o, "kernel", uts.release);
	json_set_str(o, "logDriver", "k8s-file");
	json_set_u64(o, "memFree", available_memory());
	json_set_u64(o, "memTotal", (uint64_t)si.totalram * si.mem_unit);
	json_set_str(o, "networkBackend", "cpod");
	json_set_str(o, "os", "linux");
	json_set_bool(security, "apparmorEnabled", access("/sys/kernel/security/apparmor", F_OK) == 0);
	json_set_bool(security, "rootless", engine->rootless);
	json_set_bool(security, "seccompEnabled", true);
	json_set_bool(security, "selinuxEnabled", access("/sys/fs/selinux/enforce", F_OK) == 0);
	json_set(o, "security", security);
	json_set_u64(o, "swapFree", (uint64_t)si.freeswap * si.mem_unit);
	json_set_u64(o, "swapTotal", (uint64_t)si.totalswap * si.mem_unit);
	json_set_str(o, "uptime", uptime);
	info_host_add(engine, o);
	return o;
}

static int store_new(struct engine *engine, struct json **ret, struct err *err)
{
	struct ctr **ctrs;
	size_t count, by_state[CTR_STATE_COUNT] = { 0 };
	struct statvfs vfs;
	struct image **images;
	size_t image_count;
	if (ctr_list(engine, &ctrs, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		by_state[ctrs[i]->status.state]++;
	ctr_list_free(ctrs, count);
	if (image_db_list(engine->store, &images, &image_count, err) < 0)
		return -1;
	image_db_list_free(images, image_count);
	struct json *o = json_object_new(), *c = json_object_new(), *im = json_object_new();
	json_set_u64(c, "number", count);
	json_set_u64(c, "paused", by_state[CTR_PAUSED]);
	json_set_u64(c, "running", by_state[CTR_RUNNING]);
	json_set_u64(c, "stopped", count - by_state[CTR_PAUSED] - by_state[CTR_RUNNING]);
	json_set(o, "containerStore", c);
	json_set_str(o, "graphDriverName", "overlay");
	json_set_str(o, "graphRoot", store_graphroot(engine->store));
	if (statvfs(store_graphroot(engine->store), &vfs) == 0) {
		json_set_u64(o, "graphRootAllocated", (uint64_t)vfs.f_blocks * vfs.f_frsize);
		json_set_u64(o, "graphRootUsed", (uint64_t)(vfs.f_blocks - vfs.f_bfree) * vfs.f_frsize);
	}
	json_set_u64(im, "number", image_count);
	json_set(o, "imageStore", im);
	json_set_str(o, "runRoot", store_runroot(engine->store));
	info_host_add_store(engine, o);
	*ret = o;
	return 0;
}

int info_collect(struct engine *engine, struct json **ret, struct err *err)
{
	struct json *store;
	if (store_new(engine, &store, err) < 0)
		return -1;
	auto_ptr(json) o = json_object_new();
	json_set(o, "host", host_new(engine));
	json_set(o, "store", store);
	if (info_host_add_lists(o, err) < 0)
		return -1;
	json_set(o, "version", info_version_new());
	*ret = take_ptr(o);
	return 0;
}
