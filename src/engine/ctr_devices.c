#include "engine/ctr_devices.h"

#include "base/file.h"
#include "base/path.h"
#include "engine/ctr_device_rule.h"
#include "engine/engine.h"
#include "runtime/spec.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static void add_rule(struct spec_resources *r, struct spec_device_rule rule)
{
	r->devices = mem_resize(r->devices, r->device_count + 1, sizeof(*r->devices));
	r->devices[r->device_count++] = rule;
}

/* COMPAT: what crun and runc allow every container: making nodes, and opening the harmless ones. */
static void add_default_rules(struct spec_resources *r)
{
	static const struct { char type; int64_t major, minor; const char *access; } rows[] = {
		{ 'c', -1, -1, "m" },  { 'b', -1, -1, "m" },  { 'c', 1, 3, "rwm" },  { 'c', 1, 8, "rwm" }, { 'c', 1, 7, "rwm" },
		{ 'c', 5, 0, "rwm" },  { 'c', 1, 5, "rwm" },  { 'c', 1, 9, "rwm" },  { 'c', 5, 1, "rwm" }, { 'c', 136, -1, "rwm" },
		{ 'c', 5, 2, "rwm" },
	};
	add_rule(r, (struct spec_device_rule){ .type = 'a', .major = -1, .minor = -1, .access = "rwm" });
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct spec_device_rule rule = { .allow = true, .type = rows[i].type, .major = rows[i].major, .minor = rows[i].minor };
		snprintf(rule.access, sizeof(rule.access), "%s", rows[i].access);
		add_rule(r, rule);
	}
}

struct spec_device *ctr_devices_add(struct spec *spec, const char *source, const char *path, const char *access, const struct stat *st, bool rule)
{
	struct spec_device *d = spec_add_device(spec);
	d->path = mem_strdup(path);
	d->source = mem_strdup(source);
	d->type = S_ISBLK(st->st_mode) ? 'b' : 'c';
	d->major = major(st->st_rdev);
	d->minor = minor(st->st_rdev);
	d->mode = st->st_mode & 07777;
	d->uid = 0;
	d->gid = 0;
	if (rule) {
		struct spec_device_rule allow = { .allow = true, .type = d->type, .major = d->major, .minor = d->minor };
		snprintf(allow.access, sizeof(allow.access), "%s", access && *access ? access : "rwm");
		add_rule(&spec->resources, allow);
	}
	return d;
}

static bool is_device(mode_t mode)
{
	return S_ISCHR(mode) || S_ISBLK(mode);
}

/* Every node below a directory of devices (--device /dev/snd), or of /dev itself (--privileged). */
static void add_tree(struct spec *spec, const char *source, const char *path, const char *access, bool rule, bool privileged)
{
	/* every container has these already, or gets its own */
	static const char *const skipped[] = { "pts",  "shm",  "fd",	 "mqueue",  "console", "ptmx", "tty", "null",
					       "zero", "full", "random", "urandom", ".lxc",    ".lxd-mounts", ".udev", NULL };
	auto_strv names = NULL;
	int dir_fd;
	if (file_open_dir(AT_FDCWD, source, &dir_fd) < 0 || file_list(dir_fd, &names) < 0)
		return;
	strv_sort(names);
	for (char **name = names; name && *name; name++) {
		struct stat st;
		if ((privileged && str_index(skipped, *name) >= 0) || fstatat(dir_fd, *name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		auto_free char *from = path_join_dup(source, *name), *to = path_join_dup(path, *name);
		if (S_ISDIR(st.st_mode))
			add_tree(spec, from, to, access, rule, privileged);
		else if (is_device(st.st_mode))
			ctr_devices_add(spec, from, to, access, &st, rule);
	}
	close(dir_fd);
}

/* Rootless the kernel allows a user nothing that rules could widen. */
bool ctr_devices_ruled(const struct engine *engine, const struct ctr_def *def)
{
	return !engine->rootless && !def->privileged;
}

int ctr_devices_build(const struct engine *engine, const struct ctr_def *def, struct spec *spec, struct err *err)
{
	bool rules = ctr_devices_ruled(engine, def);
	if (rules)
		add_default_rules(&spec->resources);
	if (def->privileged)
		add_tree(spec, "/dev", "/dev", "rwm", false, true);
	for (size_t i = 0; i < def->device_count; i++) {
		const struct ctr_device *d = &def->devices[i];
		const char *path = d->path && *d->path ? d->path : d->source;
		struct stat st;
		if (stat(d->source, &st) < 0)
			return err_sys(err, errno, "stat %s", d->source); /* COMPAT */
		if (S_ISDIR(st.st_mode))
			add_tree(spec, d->source, path, d->access, rules, false);
		else if (is_device(st.st_mode))
			ctr_devices_add(spec, d->source, path, d->access, &st, rules);
		else
			return err_set(err, ERR_USAGE, "%s is not a device node", d->source);
	}
	for (char **text = def->device_cgroup_rules; rules && text && *text; text++) {
		struct spec_device_rule rule;
		if (ctr_device_rule_read(*text, &rule, err) < 0)
			return -1;
		add_rule(&spec->resources, rule);
	}
	return 0;
}
