/* doctor_user.c - checks of what an ordinary user needs to be root of containers */
#include "engine/doctor_priv.h"

#include "base/fd.h"
#include "base/proc.h"
#include "base/str.h"
#include "host/userns.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { SUBIDS_USUAL = 65536 };

static int make_userns(const void *arg)
{
	(void)arg;
	return unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0 ? -errno : 0;
}

/* Which of the known switches forbids it, and how to turn it. */
void doctor_userns(const struct doctor_host *host, struct doctor_finding *f)
{
	static const struct {
		const char *path;
		int64_t forbids;
		const char *fix;
	} switches[] = {
		{ "proc/sys/user/max_user_namespaces", 0, "sysctl -w user.max_user_namespaces=28633" },
		{ "proc/sys/kernel/unprivileged_userns_clone", 0, "sysctl -w kernel.unprivileged_userns_clone=1" },
		{ "proc/sys/kernel/apparmor_restrict_unprivileged_userns", 1, "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0" },
	};
	int rc = doctor_probe(make_userns, NULL);
	if (rc >= 0) {
		doctor_fine(f, "can be made");
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(switches); i++) {
		if (doctor_number(host, switches[i].path, -1) != switches[i].forbids)
			continue;
		auto_free char *name = mem_strdup(switches[i].path + strlen("proc/sys/"));
		for (char *slash = name; (slash = strchr(slash, '/'));)
			*slash = '.';
		doctor_broken(f, switches[i].fix, "forbidden by %s = %lld: nothing can be run", name, (long long)switches[i].forbids);
		return;
	}
	doctor_broken(f, rc == -EPERM ? "allow unshare(2) with CLONE_NEWUSER where this shell runs (a container: its seccomp profile)" : "use a kernel with CONFIG_USER_NS",
		      "cannot be made: %s", err_reason(-rc));
}

void doctor_subids(const struct doctor_host *host, struct doctor_finding *f)
{
	struct userns_range uids, gids;
	struct err err = { 0 };
	if (userns_subids(host->uid, host->user, &uids, &gids, &err) < 0) {
		doctor_broken(f, "mend /etc/subuid and /etc/subgid: NAME:FIRST:COUNT a line", "%s", err.text);
		return;
	}
	auto_free char *advice = userns_subid_advice_dup();
	if (!uids.count || !gids.count)
		doctor_broken(f, advice, "%s has none: containers have root only, and most images want more users", host->user);
	else if (uids.count < SUBIDS_USUAL || gids.count < SUBIDS_USUAL)
		doctor_hint(f, advice, "%s has %u users and %u groups: images with higher ids cannot be unpacked", host->user, uids.count, gids.count);
	else
		doctor_fine(f, "%s has %u from %u", host->user, uids.count, uids.first);
}

void doctor_idmap_helpers(const struct doctor_host *host, struct doctor_finding *f)
{
	static const char *const names[] = { "newuidmap", "newgidmap" };
	static const char *const again = "reinstall the package that has it with its privileges: apt install --reinstall uidmap (Debian, Ubuntu), dnf reinstall shadow-utils (Fedora)";
	(void)host;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		auto_free char *path = proc_find_helper(names[i]);
		struct stat st;
		if (!path || stat(path, &st) < 0) {
			doctor_broken(f, "apt install uidmap (Debian, Ubuntu), dnf install shadow-utils (Fedora), apk add shadow-uidmap (Alpine)",
				      "%s is not installed: subordinate ids cannot be used", names[i]);
			return;
		}
		/* a file capability is as good */
		if (!(st.st_mode & S_ISUID) && getxattr(path, "security.capability", NULL, 0) <= 0) {
			doctor_broken(f, again, "'%s' is neither set-uid nor has capabilities: it cannot write maps", path);
			return;
		}
	}
	doctor_fine(f, "installed");
}

static int mount_proc_inside(void)
{
	return mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0 ? -errno : 0;
}

static int mount_proc(const void *arg)
{
	(void)arg;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return -errno;
	pid_t pid = proc_fork(); /* the first process of the new process namespace: only its /proc is a new one */
	if (pid == 0)
		proc_exit(-mount_proc_inside());
	return pid < 0 ? -errno : -proc_wait(pid);
}

void doctor_proc(const struct doctor_host *host, struct doctor_finding *f)
{
	int rc = doctor_probe(mount_proc, NULL);
	(void)host;
	if (rc < 0)
		doctor_broken(f, "inside a container: run that one with --security-opt unmask=/proc/*; on a host: umount what is mounted below /proc",
			      "cannot be mounted: %s; parts of this host's /proc are covered", err_reason(-rc));
	else
		doctor_fine(f, "can be mounted");
}

void doctor_runtime_dir(const struct doctor_host *host, struct doctor_finding *f)
{
	const char *dir = getenv("XDG_RUNTIME_DIR");
	struct stat st;
	struct statfs fs;
	auto_free char *fix = mem_printf("log in by ssh or on a console (pam_systemd, elogind), or: export XDG_RUNTIME_DIR=/run/user/%u, a directory of yours on a tmpfs",
					 (unsigned)host->uid);
	if (!dir || !*dir)
		doctor_hint(f, fix, "not set: '%s' is used instead", host->runroot);
	else if (stat(dir, &st) < 0 || statfs(dir, &fs) < 0)
		doctor_broken(f, fix, "'%s': %s", dir, err_reason(errno));
	else if (st.st_uid != geteuid())
		doctor_broken(f, fix, "'%s' belongs to user %u: unset it after su or sudo", dir, (unsigned)st.st_uid);
	else if (fs.f_type != TMPFS_MAGIC)
		doctor_hint(f, fix, "'%s' is on a disk: what it says of running containers outlives a reboot, and is checked against the boot", dir);
	else
		doctor_fine(f, "%s", dir);
}

void doctor_linger(const struct doctor_host *host, struct doctor_finding *f)
{
	auto_free char *path = mem_printf("var/lib/systemd/linger/%s", host->user);
	auto_free char *fix = mem_printf("loginctl enable-linger %s", host->user);
	if (!doctor_has(host, "run/systemd/system"))
		doctor_fine(f, "nothing ends them here: no systemd");
	else if (!doctor_has(host, path))
		doctor_hint(f, fix, "systemd ends what %s has started at the last logout, and removes XDG_RUNTIME_DIR", host->user);
	else
		doctor_fine(f, "go on");
}
