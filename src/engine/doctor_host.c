/* doctor_host.c - checks of the kernel, its limits, its control groups and its clock */
#include "engine/doctor_priv.h"

#include "base/fd.h"
#include "base/ntime.h"
#include "base/num.h"
#include "base/str.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { KERNEL_MAJOR = 5, KERNEL_MINOR = 13 }; /* overlay in a user namespace, with attributes of its own */
enum { INOTIFY_FEW = 256, KEYS_FEW = 1000, BUILT_YEAR_S = 1735689600 /* 2025: nobody has run this earlier */ };

/* "6.1.0-13-amd64" → 6 and 1. */
static bool read_version(const char *release, uint64_t ret[2])
{
	auto_strv parts = strv_split(release ? release : "", '.');
	for (int i = 0; i < 2; i++) {
		if (strv_len(parts) < 2)
			return false;
		parts[i][strspn(parts[i], "0123456789")] = 0;
		if (num_u64(parts[i], INT32_MAX, &ret[i]) < 0)
			return false;
	}
	return true;
}

void doctor_kernel(const struct doctor_host *host, struct doctor_finding *f)
{
	auto_free char *release = doctor_read_dup(host, "proc/sys/kernel/osrelease");
	uint64_t version[2];
	if (!read_version(release, version))
		doctor_broken(f, "mount it: mount -t proc proc /proc", "/proc does not tell the kernel's version");
	else if (version[0] < KERNEL_MAJOR || (version[0] == KERNEL_MAJOR && version[1] < KERNEL_MINOR))
		doctor_broken(f, "update the kernel", "Linux %s is older than 5.13: users cannot mount the layers of images", release);
	else if (!doctor_has(host, "proc/sys/kernel/seccomp"))
		doctor_broken(f, "use a kernel with CONFIG_SECCOMP_FILTER, or run with --security-opt seccomp=unconfined",
			      "Linux %s has no seccomp: containers cannot be confined as they should", release);
	else
		doctor_fine(f, "Linux %s", release);
}

void doctor_clock(const struct doctor_host *host, struct doctor_finding *f)
{
	int64_t now_ns = ntime_now();
	(void)host;
	if (now_ns / NS_PER_S < BUILT_YEAR_S)
		doctor_broken(f, "timedatectl set-ntp true", "it says %s: the certificates of registries will not be valid yet", ntime_go(now_ns).text);
	else
		doctor_fine(f, "it says %.19s", ntime_go(now_ns).text);
}

void doctor_inotify(const struct doctor_host *host, struct doctor_finding *f)
{
	int64_t have = doctor_number(host, "proc/sys/fs/inotify/max_user_instances", -1);
	if (have >= 0 && have < INOTIFY_FEW)
		doctor_hint(f, "sysctl -w fs.inotify.max_user_instances=1024", "%lld a user: programs in many containers share them and run out",
			    (long long)have);
	else
		doctor_fine(f, have < 0 ? "not limited" : "%lld a user", (long long)have);
}

void doctor_keys(const struct doctor_host *host, struct doctor_finding *f)
{
	int64_t have = doctor_number(host, "proc/sys/kernel/keys/maxkeys", -1);
	if (have >= 0 && have < KEYS_FEW)
		doctor_hint(f, "sysctl -w kernel.keys.maxkeys=20000 kernel.keys.maxbytes=500000", "%lld keys a user: each container takes one",
			    (long long)have);
	else
		doctor_fine(f, have < 0 ? "not limited" : "%lld keys a user", (long long)have);
}

/* The names of `wanted` that the list of words lacks, comma-separated; owned, "" when it has all. */
static char *lacks_dup(const char *list, const char *const *wanted)
{
	auto_strv have = strv_split(list ? list : "", ' ');
	auto_strv missing = NULL;
	for (; *wanted; wanted++)
		if (!strv_has(have, *wanted))
			strv_add(&missing, *wanted);
	return missing ? strv_join(missing, ", ") : mem_strdup("");
}

static const char *const wanted[] = { "cpu", "memory", "pids", NULL };

void doctor_cgroup(const struct doctor_host *host, struct doctor_finding *f)
{
	static const char boot[] = "boot with systemd.unified_cgroup_hierarchy=1";
	auto_free char *v2 = doctor_read_dup(host, "sys/fs/cgroup/cgroup.controllers");
	if (v2) {
		auto_free char *missing = lacks_dup(v2, wanted);
		if (*missing)
			doctor_hint(f, "boot with cgroup_enable=memory, or use a kernel that has them", "version 2 without %s: such limits are refused", missing);
		else
			doctor_fine(f, "version 2");
	} else if (!doctor_has(host, "sys/fs/cgroup/unified/cgroup.procs")) {
		doctor_broken(f, boot, "no version 2 tree is mounted: containers are neither grouped nor stopped as a whole");
	} else {
		doctor_hint(f, boot, "version 1 with version 2 for grouping: limits work, pressure and delegation to users do not");
	}
}

/* The group this process is in, of the version 2 tree: "user.slice/…"; owned, NULL where there is none. */
static char *own_group_dup(const struct doctor_host *host)
{
	auto_free char *text = doctor_read_dup(host, "proc/self/cgroup");
	for (char *line = text, *next; line && *line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		const char *path = str_after(line, "0::/");
		if (path)
			return mem_strdup(path);
		if (!next)
			break;
	}
	return NULL;
}

void doctor_cgroup_user(const struct doctor_host *host, struct doctor_finding *f)
{
	static const char delegate[] = "mkdir -p /etc/systemd/system/user@.service.d && printf '[Service]\\nDelegate=cpu cpuset io memory pids\\n' "
				       "> /etc/systemd/system/user@.service.d/delegate.conf && systemctl daemon-reload, then log in anew";
	auto_free char *group = own_group_dup(host);
	bool systemd = doctor_has(host, "run/systemd/system");
	if (!doctor_has(host, "sys/fs/cgroup/cgroup.controllers") || !group) {
		doctor_hint(f, "boot with systemd.unified_cgroup_hierarchy=1", "only version 2 can be given to users: limits are refused, stop and kill work");
		return;
	}
	/* systemd hands out the user's manager, above whatever this process is in */
	auto_free char *manager = systemd ? mem_printf("user.slice/user-%u.slice/user@%u.service", (unsigned)host->uid, (unsigned)host->uid) : mem_strdup(group);
	auto_free char *list_path = mem_printf("sys/fs/cgroup/%s/cgroup.controllers", manager);
	auto_free char *procs_path = mem_printf("sys/fs/cgroup/%s/cgroup.procs", manager);
	auto_free char *list = doctor_read_dup(host, list_path);
	auto_free char *missing = lacks_dup(list, wanted);
	if (faccessat(host->root_fd, procs_path, W_OK, 0) < 0)
		doctor_hint(f, systemd ? "log in by ssh, on a console or with machinectl shell, not with su" : "let the init system make a group of this user's",
			    "no group belongs to this user here: limits are refused, stop and kill work");
	else if (*missing)
		doctor_hint(f, systemd ? delegate : "write the controllers into cgroup.subtree_control of the group above", "without %s: such limits are refused", missing);
	else if (systemd && !str_starts(group, manager))
		doctor_hint(f, "systemd-run --user --scope cpod run --memory 1g ...", "the group of this login session is root's: limits asked for in it are refused");
	else
		doctor_fine(f, "cpu, memory and pids can be limited");
}
