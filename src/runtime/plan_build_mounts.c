#include "runtime/plan_build.h"

#include "base/path.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* --- refused before anything is made --- */

/* What lxcfs and its like may put into /proc. COMPAT: runc's list */
static const char *const proc_allowed[] = {
	"/proc/cpuinfo", "/proc/diskstats", "/proc/meminfo", "/proc/stat", "/proc/swaps", "/proc/uptime", "/proc/loadavg",
	"/proc/slabinfo", "/proc/net/dev", "/proc/sys/kernel/ns_last_pid", "/proc/sys/crypto/fips_enabled", NULL,
};

static bool is_below(const char *path, const char *dir)
{
	const char *rest = str_after(path, dir);
	return rest && (*rest == '/' || !*rest);
}

static bool is_path(const char *path)
{
	return path && path[0] == '/' && strlen(path) < PLAN_MAX_PATH;
}

static int check_mount(const struct spec_mount *m, struct err *err)
{
	bool bind = str_eq(m->type, "bind");
	if (!is_path(m->destination))
		return err_set(err, ERR_INVALID, "mount destination '%s' is not an absolute path", m->destination ? m->destination : "");
	auto_free char *clean = path_clean_dup(m->destination);
	if (bind && m->tree_fd <= 0 && !is_path(m->source))
		return err_set(err, ERR_INVALID, "mount source '%s' is not an absolute path", m->source ? m->source : "");
	if (!m->type || !*m->type)
		return err_set(err, ERR_INVALID, "the mount on '%s' has no type", clean);
	if (strcmp(clean, "/") == 0)
		return err_set(err, ERR_INVALID, "cannot mount over the container's root '/'");
	/* what is written below /proc and /sys at the start must reach the kernel, and nothing else */
	bool own = str_eq(m->type, "proc") || (bind && strcmp(m->source, "/proc") == 0);
	if (strcmp(clean, "/proc") == 0 ? !own : is_below(clean, "/proc") && str_index(proc_allowed, clean) < 0)
		return err_set(err, ERR_INVALID, "cannot mount on '%s': /proc is the kernel's; choose another place", clean);
	return 0;
}

static int check_root(const struct spec *spec, struct err *err)
{
	const struct spec_root *r = &spec->root;
	if (r->path)
		return is_path(r->path) ? 0 : err_set(err, ERR_INVALID, "root '%s' is not an absolute path", r->path);
	if (!r->lower || !*r->lower)
		return err_set(err, ERR_INVALID, "container %s has no root", spec->id);
	if (!r->upper != !r->work)
		return err_set(err, ERR_INVALID, "container %s: an overlay needs both an upper and a work directory, or none", spec->id);
	if (r->maps_lower && (!spec->uid_maps || !spec->gid_maps))
		return err_set(err, ERR_INVALID, "container %s: other owners of its layers need a user namespace", spec->id);
	return 0;
}

/* A tree that the engine has made must have a place in the stage. Of the others, those without one are opened by name. */
static int check_trees(const struct spec *spec, struct err *err)
{
	size_t taken = 0;
	for (size_t i = 0; i < spec->mount_count; i++) {
		const struct spec_mount *m = &spec->mounts[i];
		bool made = m->tree_fd > 0;
		taken += str_eq(m->type, "bind") && (made || (m->propagation & MS_SHARED) || spec->ns[SPEC_NS_USER] != SPEC_NS_HOST);
		if (made && taken > PLAN_SLOTS)
			return err_set(err, ERR_LIMIT,
				       "too many mounts before '%s', which is of an image, an overlay, a part of a volume or with idmap: "
				       "at most %d can be: name fewer",
				       m->destination, PLAN_SLOTS - 1);
	}
	return 0;
}

int plan_build_check(const struct spec *spec, struct err *err)
{
	if (spec->ns[SPEC_NS_MOUNT] != SPEC_NS_NEW)
		return err_set(err, ERR_UNSUPPORTED, "a container without a mount namespace of its own is not done");
	if (spec->ns[SPEC_NS_USER] == SPEC_NS_JOIN && (!spec->uid_maps || !spec->gid_maps || spec->ns_fd[SPEC_NS_USER] < 0))
		return err_set(err, ERR_INVALID, "container %s joins a user namespace whose ids are not told", spec->id);
	if (!spec->process.args || !*spec->process.args)
		return err_set(err, ERR_INVALID, "container %s has no command", spec->id);
	if (check_root(spec, err) < 0)
		return -1;
	for (size_t i = 0; i < spec->mount_count; i++)
		if (check_mount(&spec->mounts[i], err) < 0)
			return -1;
	return check_trees(spec, err);
}

/* --- root --- */

void plan_build_root(struct plan_buf *b)
{
	const struct spec_root *r = &b->spec->root;
	if (r->path && b->host->root_fd <= 0) {
		struct plan_op *dir = plan_add(b, PLAN_ROOT_DIR);
		dir->num[0] = b->spec->rootfs_propagation;
		plan_set_text(b, dir, 0, r->path);
		return;
	}
	if (b->host->root_fd > 0) {
		plan_add(b, PLAN_ROOT_TREE)->num[0] = (uint64_t)b->host->root_fd;
		return;
	}
	struct plan_op *op = plan_add(b, PLAN_ROOT_OVERLAY);
	op->flags = (uint16_t)((r->is_volatile && r->upper ? PLAN_VOLATILE : 0) | (b->host->in_userns ? PLAN_USERXATTR : 0));
	plan_set_list(b, op, 0, r->lower);
	plan_set_text(b, op, 1, r->upper);
	plan_set_text(b, op, 2, r->work);
	plan_set_text(b, op, 3, r->upper ? r->upper : r->lower[0]);
}

void plan_build_appends(struct plan_buf *b)
{
	for (char **pair = b->spec->appends; pair && *pair; pair++) {
		const char *equals = strchr(*pair, '=');
		auto_free char *path = mem_strndup(*pair, (size_t)(equals - *pair));
		struct plan_op *op = plan_add(b, PLAN_APPEND);
		plan_set_text(b, op, 0, path);
		plan_set_text(b, op, 1, equals + 1);
	}
}

/* --- mounts --- */

static void take_tree(struct plan_buf *b, int fd)
{
	struct plan_op *op = plan_add(b, PLAN_TAKE_TREE);
	op->num[0] = b->slots++;
	op->num[1] = (uint64_t)fd;
}

static void open_tree(struct plan_buf *b, const struct spec_mount *m)
{
	struct plan_op *op = plan_add(b, PLAN_OPEN_TREE);
	op->num[0] = b->slots++;
	op->flags = m->recursive ? PLAN_RECURSIVE : 0;
	plan_set_text(b, op, 0, m->source);
}

/* Is its tree in a slot? add_bind asks in the same order. */
static bool is_taken(const struct plan_buf *b, const struct spec_mount *m)
{
	return m->tree_fd > 0 || b->host->tree_fds || (m->propagation & MS_SHARED);
}

void plan_build_open(struct plan_buf *b)
{
	const int *fd = b->host->tree_fds;
	for (size_t i = 0; i < b->spec->mount_count && b->slots < PLAN_SLOTS; i++) {
		const struct spec_mount *m = &b->spec->mounts[i];
		if (!str_eq(m->type, "bind") || !is_taken(b, m))
			continue;
		if (m->tree_fd > 0)
			take_tree(b, m->tree_fd);
		else if (fd && *fd >= 0)
			take_tree(b, *fd++);
		else
			open_tree(b, m);
	}
	for (; fd && *fd >= 0 && b->slots < PLAN_SLOTS; fd++)
		take_tree(b, *fd);
}

static void add_bind(struct plan_buf *b, const struct spec_mount *m, const char *destination, unsigned *slot)
{
	struct plan_op *op = plan_add(b, PLAN_BIND);
	op->num[0] = m->attr_set;
	op->num[1] = m->attr_clear & ~(uint64_t)MOUNT_ATTR__ATIME;
	if (m->attr_set & MOUNT_ATTR__ATIME || m->attr_clear & MOUNT_ATTR__ATIME)
		op->num[1] |= MOUNT_ATTR__ATIME; /* the kernel wants all of its bits */
	op->num[2] = m->propagation ? m->propagation : MS_PRIVATE | MS_REC;
	op->flags = (uint16_t)((m->recursive ? PLAN_RECURSIVE : 0) | (m->attr_recursive ? PLAN_ATTR_RECURSIVE : 0) |
			       (m->is_file ? PLAN_IS_FILE : 0) | (m->copy_up ? PLAN_COPY_UP : 0) | (m->copy_given ? PLAN_GIVE : 0));
	if (m->copy_given)
		op->num[4] = (uint64_t)b->spec->process.uid << 32 | b->spec->process.gid;
	if (is_taken(b, m) && *slot < b->slots)
		op->num[3] = (*slot)++;
	else
		plan_set_text(b, op, 0, m->source);
	plan_set_text(b, op, 1, destination);
}

/* A user namespace with one group has no group "tty". */
static char *options_dup(const struct plan_buf *b, const struct spec_mount *m)
{
	if (!m->data || !str_eq(m->type, "devpts") || b->host->has_tty_group)
		return m->data ? mem_strdup(m->data) : NULL;
	auto_strv words = strv_split(m->data, ',');
	char **kept = NULL;
	for (char **word = words; word && *word; word++)
		if (!str_starts(*word, "gid="))
			strv_add(&kept, *word);
	char *text = strv_join(kept, ",");
	strv_free(kept);
	return text;
}

static void add_fs(struct plan_buf *b, const struct spec_mount *m, const char *destination)
{
	struct plan_op *op = plan_add(b, PLAN_MOUNT);
	bool cgroup = str_eq(m->type, "cgroup"), system = is_below(destination, "/dev") || is_below(destination, "/proc") || is_below(destination, "/sys");
	auto_free char *options = options_dup(b, m);
	op->num[0] = m->attr_set;
	op->num[1] = m->propagation == MS_PRIVATE || m->propagation == (MS_PRIVATE | MS_REC) ? 0 : m->propagation; /* new ones are private */
	op->flags = (uint16_t)((m->copy_up ? PLAN_COPY_UP : 0) | (m->copy_mode ? PLAN_COPY_MODE : 0) | (system ? PLAN_NO_LINKS : 0) |
			       (cgroup ? PLAN_OR_BIND : 0));
	plan_set_text(b, op, 0, cgroup ? "cgroup2" : m->type);
	plan_set_text(b, op, 1, m->source && *m->source ? m->source : m->type);
	plan_set_text(b, op, 2, destination);
	plan_set_text(b, op, 3, options);
}

/* Mostly a link to a zone that others read by its own name, too: what is mounted there must not be seen under that. */
#define LINKED_FILE "/etc/localtime"

static void add_file(struct plan_buf *b, const char *pair, unsigned *slot)
{
	const char *equals = strchr(pair, '=');
	if (!equals)
		return;
	auto_free char *destination = mem_strndup(pair, (size_t)(equals - pair));
	struct plan_op *op = plan_add(b, PLAN_BIND);
	op->num[2] = MS_PRIVATE;
	op->flags = (uint16_t)(PLAN_IS_FILE | (strcmp(destination, LINKED_FILE) == 0 ? PLAN_REPLACE_LINK : 0));
	if (b->host->tree_fds && *slot < b->slots)
		op->num[3] = (*slot)++;
	else
		plan_set_text(b, op, 0, equals + 1);
	plan_set_text(b, op, 1, destination);
}

static void add_symlink(struct plan_buf *b, const char *to, const char *path, unsigned flags)
{
	struct plan_op *op = plan_add(b, PLAN_SYMLINK);
	op->flags = (uint16_t)flags;
	plan_set_text(b, op, 0, to);
	plan_set_text(b, op, 1, path);
}

void plan_build_mounts(struct plan_buf *b)
{
	unsigned slot = 0;
	for (size_t i = 0; i < b->spec->mount_count; i++) {
		const struct spec_mount *m = &b->spec->mounts[i];
		auto_free char *destination = path_clean_dup(m->destination);
		if (str_eq(m->type, "bind"))
			add_bind(b, m, destination, &slot);
		else if (str_eq(m->type, "symlink"))
			add_symlink(b, m->source, destination, PLAN_REPLACE_LINK);
		else
			add_fs(b, m, destination);
		if (strcmp(destination, "/dev") == 0)
			b->has_dev = str_eq(m->type, "tmpfs");
	}
	for (char **file = b->spec->files; file && *file; file++)
		add_file(b, *file, &slot);
}

/* --- devices --- */

static void add_device(struct plan_buf *b, const struct spec_device *d)
{
	mode_t kind = d->type == 'c' || d->type == 'u' ? S_IFCHR : d->type == 'b' ? S_IFBLK : S_IFIFO;
	struct plan_op *op = plan_add(b, PLAN_DEVICE);
	op->num[0] = kind | (d->mode & 07777);
	op->num[1] = d->major;
	op->num[2] = d->minor;
	op->num[3] = d->uid;
	op->num[4] = d->gid;
	plan_set_text(b, op, 0, d->path);
	plan_set_text(b, op, 1, d->source ? d->source : d->path);
}

/* SPEC runtime-spec config-linux.md "Default Devices"; runtime-linux.md "/dev symbolic links" */
void plan_build_devices(struct plan_buf *b)
{
	static const struct { const char *path; uint32_t major, minor; } defaults[] = {
		{ "/dev/null", 1, 3 },	 { "/dev/zero", 1, 5 },	   { "/dev/full", 1, 7 },
		{ "/dev/random", 1, 8 }, { "/dev/urandom", 1, 9 }, { "/dev/tty", 5, 0 },
	};
	static const char *const links[][2] = {
		{ "/proc/self/fd", "/dev/fd" },	    { "/proc/self/fd/0", "/dev/stdin" }, { "/proc/self/fd/1", "/dev/stdout" },
		{ "/proc/self/fd/2", "/dev/stderr" }, { "/proc/kcore", "/dev/core" },	 { "pts/ptmx", "/dev/ptmx" },
	};
	for (size_t i = 0; i < ARRAY_LEN(defaults) && b->has_dev; i++) {
		struct spec_device d = { .path = (char *)(uintptr_t)defaults[i].path, .type = 'c', .major = defaults[i].major,
					 .minor = defaults[i].minor, .mode = 0666 };
		add_device(b, &d);
	}
	for (size_t i = 0; i < ARRAY_LEN(links) && b->has_dev; i++)
		add_symlink(b, links[i][0], links[i][1], 0);
	for (size_t i = 0; i < b->spec->device_count; i++)
		add_device(b, &b->spec->devices[i]);
}

void plan_build_paths(struct plan_buf *b)
{
	for (char **path = b->spec->readonly_paths; path && *path; path++)
		plan_set_text(b, plan_add(b, PLAN_READONLY), 0, *path);
	for (char **path = b->spec->masked_paths; path && *path; path++)
		plan_set_text(b, plan_add(b, PLAN_MASK), 0, *path);
}
