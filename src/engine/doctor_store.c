/* doctor_store.c - checks of the place where images and containers lie */
#include "engine/doctor_priv.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/num.h"
#include "base/str.h"
#include "host/overlay.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { SPACE_LOW_PERCENT = 5 };

static const char move[] = "keep the store elsewhere: cpod --root DIR, or graphroot in storage.conf";

/* SPEC linux/magic.h, and the headers of the file systems that are not in it */
static const struct {
	unsigned long magic;
	const char *name, *trouble; /* NULL: none */
	bool for_users_only;
} file_systems[] = {
	{ 0x6969, "NFS", "owners of files cannot be set by a user", true },
	{ 0x0BD00BD0, "Lustre", "owners of files cannot be set by a user", true },
	{ 0x47504653, "GPFS", "owners of files cannot be set by a user", true },
	{ 0xFF534D42, "CIFS", "it keeps neither owners nor modes" },
	{ 0xFE534D42, "SMB", "it keeps neither owners nor modes" },
	{ 0x4d44, "FAT", "it keeps neither owners nor modes" },
	{ 0x2011BAB0, "exFAT", "it keeps neither owners nor modes" },
	{ 0x01021994, "tmpfs", "images are gone after a reboot" },
	{ 0x794c7630, "overlay", "the kernel puts no overlay's upper directory on an overlay" },
	{ 0xf15f, "eCryptfs", "names are cut to 143 characters" },
	{ 0xEF53, "ext4" }, { 0x58465342, "xfs" }, { 0x9123683E, "btrfs" }, { 0x2FC12FC1, "zfs" }, { 0xF2F52010, "f2fs" }, { 0xca451a4e, "bcachefs" },
};

/* The store, or the nearest directory above it that is there: where it would be made. */
static char *nearest_dup(const char *path)
{
	struct stat st;
	char *dir = mem_strdup(path);
	while (stat(dir, &st) < 0 && strcmp(dir, "/") != 0) {
		char *slash = strrchr(dir, '/');
		if (!slash)
			break;
		slash[slash == dir] = 0;
	}
	return dir;
}

static void judge_type(const struct doctor_host *host, const char *dir, unsigned long type, struct doctor_finding *f)
{
	for (size_t i = 0; i < ARRAY_LEN(file_systems); i++) {
		if (file_systems[i].magic != type)
			continue;
		if (file_systems[i].trouble && (host->rootless || !file_systems[i].for_users_only))
			doctor_hint(f, move, "'%s' is on %s: %s", dir, file_systems[i].name, file_systems[i].trouble);
		else
			doctor_fine(f, "'%s' is on %s", dir, file_systems[i].name);
		return;
	}
	doctor_fine(f, "'%s' is on a file system of type 0x%lx", dir, type);
}

void doctor_filesystem(const struct doctor_host *host, struct doctor_finding *f)
{
	auto_free char *dir = nearest_dup(host->graphroot);
	struct statfs fs;
	struct statvfs flags;
	if (statfs(dir, &fs) < 0 || statvfs(dir, &flags) < 0)
		doctor_broken(f, move, "cannot look at '%s': %s", dir, err_reason(errno));
	else if (flags.f_flag & ST_RDONLY)
		doctor_broken(f, move, "'%s' is mounted read-only", dir);
	else if (access(dir, W_OK | X_OK) < 0)
		doctor_broken(f, move, "'%s' cannot be written to by %s: %s", dir, host->user, err_reason(errno));
	else if (flags.f_flag & ST_NOEXEC)
		doctor_broken(f, move, "'%s' is mounted noexec: no program of an image can run", dir);
	else if (flags.f_flag & (ST_NOSUID | ST_NODEV) && !host->rootless)
		doctor_hint(f, move, "'%s' is mounted %s: su, ping and the like in images will not work", dir, flags.f_flag & ST_NOSUID ? "nosuid" : "nodev");
	else
		judge_type(host, dir, (unsigned long)fs.f_type, f);
}

struct trial {
	const char *dir; /* with lower, upper, work below it */
	bool rootless;
};

static int write_through(int mount_fd)
{
	auto_close int fd = openat(mount_fd, "file", O_WRONLY | O_TRUNC | O_CLOEXEC); /* copied up, so attributes are tried as well */
	return fd < 0 || write(fd, "x", 1) != 1 || unlinkat(mount_fd, "file", 0) < 0 ? -errno : 0;
}

/* Of a namespace where nobody else is. */
static int become_root(void)
{
	char uids[32], gids[32];
	snprintf(uids, sizeof(uids), "0 %u 1", (unsigned)geteuid());
	snprintf(gids, sizeof(gids), "0 %u 1", (unsigned)getegid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
		return -errno;
	const struct {
		const char *path, *text;
	} files[] = { { "/proc/self/setgroups", "deny" }, { "/proc/self/uid_map", uids }, { "/proc/self/gid_map", gids } };
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		auto_close int fd = open(files[i].path, O_WRONLY | O_CLOEXEC);
		if (fd < 0 || write(fd, files[i].text, strlen(files[i].text)) < 0)
			return -errno;
	}
	return 0;
}

static int mount_overlay(const void *arg)
{
	const struct trial *t = arg;
	auto_free char *lower = mem_printf("%s/lower", t->dir), *second = mem_printf("%s/second", t->dir);
	auto_free char *upper = mem_printf("%s/upper", t->dir), *work = mem_printf("%s/work", t->dir);
	char *const layers[] = { lower, second, NULL };
	const struct overlay o = { .lower = layers, .upper = upper, .work = work, .in_userns = t->rootless };
	auto_close int fd = -EBADF;
	struct err err = { 0 };
	int rc = t->rootless ? become_root() : 0;
	if (rc < 0)
		return rc;
	if (overlay_open(&o, t->dir, &fd, &err) < 0)
		return err.errnum ? -err.errnum : -EIO;
	return write_through(fd);
}

static int make_layers(int dir_fd)
{
	static const char *const names[] = { "lower", "second", "upper", "work" };
	int rc = 0;
	for (size_t i = 0; rc >= 0 && i < ARRAY_LEN(names); i++)
		rc = file_mkdir(dir_fd, names[i], 0700);
	auto_close int lower_fd = -EBADF;
	if (rc >= 0)
		rc = file_open_dir(dir_fd, "lower", &lower_fd);
	return rc < 0 ? rc : file_create(lower_fd, "file", 0600, "", 0, 0);
}

static int try_overlay(const struct doctor_host *host, const char *dir)
{
	auto_free char *path = mem_printf("%s/.cpod-doctor-XXXXXX", dir);
	auto_close int parent_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (parent_fd < 0 || !mkdtemp(path))
		return -errno;
	auto_close int dir_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = dir_fd < 0 ? -errno : make_layers(dir_fd);
	if (rc >= 0)
		rc = doctor_probe(mount_overlay, &(struct trial){ .dir = path, .rootless = host->rootless });
	int gone = file_remove_tree(parent_fd, strrchr(path, '/') + 1);
	return rc < 0 ? rc : gone;
}

void doctor_overlay(const struct doctor_host *host, struct doctor_finding *f)
{
	auto_free char *dir = nearest_dup(host->graphroot);
	int rc = try_overlay(host, dir);
	if (rc < 0)
		doctor_broken(f, move, "no overlay in '%s': %s", dir, err_reason(-rc));
	else
		doctor_fine(f, "can be mounted and written to");
}

void doctor_space(const struct doctor_host *host, struct doctor_finding *f)
{
	auto_free char *dir = nearest_dup(host->graphroot);
	struct statvfs v;
	if (statvfs(dir, &v) < 0) {
		doctor_broken(f, move, "cannot look at '%s': %s", dir, err_reason(errno));
		return;
	}
	struct num_text left = num_size_text((uint64_t)v.f_bavail * v.f_frsize);
	/* file systems that make inodes as they go tell none */
	bool few_inodes = v.f_files && v.f_favail * 100 < v.f_files * SPACE_LOW_PERCENT;
	if (few_inodes || v.f_bavail * 100 < v.f_blocks * SPACE_LOW_PERCENT)
		doctor_hint(f, "see what is not in use: cpod system df; remove images that are not: cpod image prune -a", "%s left%s", left.text,
			    few_inodes ? ", and few inodes" : "");
	else
		doctor_fine(f, "%s left", left.text);
}
