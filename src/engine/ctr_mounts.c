#include "base/file.h"
#include "base/fd.h"
#include "base/num.h"
#include "base/path.h"
#include "engine/ctr_artifacts.h"
#include "engine/ctr_files.h"
#include "engine/ctr_idmap.h"
#include "engine/ctr_notify.h"
#include "engine/ctr_secrets.h"
#include "engine/ctr_spec.h"
#include "engine/ctr_systemd.h"
#include "engine/ctr_trees.h"
#include "engine/volume.h"
#include "host/libexec.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a word in a mount's option list means. Words in neither table are the filesystem's own (size=64m, mode=1777). */
struct option_row {
	const char *word;
	uint64_t set, clear; /* MOUNT_ATTR_* */
	uint64_t propagation;
	bool recursive_attr;
};

static const struct option_row option_rows[] = {
	{ "ro", .set = MOUNT_ATTR_RDONLY },
	{ "readonly", .set = MOUNT_ATTR_RDONLY },
	{ "rro", .set = MOUNT_ATTR_RDONLY, .recursive_attr = true },
	{ "rw", .clear = MOUNT_ATTR_RDONLY },
	{ "nosuid", .set = MOUNT_ATTR_NOSUID },
	{ "suid", .clear = MOUNT_ATTR_NOSUID },
	{ "nodev", .set = MOUNT_ATTR_NODEV },
	{ "dev", .clear = MOUNT_ATTR_NODEV },
	{ "noexec", .set = MOUNT_ATTR_NOEXEC },
	{ "exec", .clear = MOUNT_ATTR_NOEXEC },
	{ "noatime", .set = MOUNT_ATTR_NOATIME, .clear = MOUNT_ATTR__ATIME },
	{ "strictatime", .set = MOUNT_ATTR_STRICTATIME, .clear = MOUNT_ATTR__ATIME },
	{ "relatime", .set = MOUNT_ATTR_RELATIME, .clear = MOUNT_ATTR__ATIME },
	{ "nodiratime", .set = MOUNT_ATTR_NODIRATIME },
	{ "diratime", .clear = MOUNT_ATTR_NODIRATIME },
	{ "private", .propagation = MS_PRIVATE },
	{ "rprivate", .propagation = MS_PRIVATE | MS_REC },
	{ "slave", .propagation = MS_SLAVE },
	{ "rslave", .propagation = MS_SLAVE | MS_REC },
	{ "shared", .propagation = MS_SHARED },
	{ "rshared", .propagation = MS_SHARED | MS_REC },
	{ "unbindable", .propagation = MS_UNBINDABLE },
	{ "runbindable", .propagation = MS_UNBINDABLE | MS_REC },
};

/* Words the engine itself acts upon, or that have no meaning on a host without SELinux. */
static const char *const engine_words[] = { "z",     "Z",    "U",      "O",         "idmap",          "bind",     "nocopy", "copy",
					    "async", "sync", "cached", "delegated", "no-dereference", "defaults", NULL };
static const char *const engine_keys[] = { "idmap=", "subpath=", "upperdir=", "workdir=", NULL };

static bool is_engines(const char *word)
{
	bool found = str_index(engine_words, word) >= 0;
	for (const char *const *key = engine_keys; !found && *key; key++)
		found = str_starts(word, *key);
	return found;
}

static void apply_option(struct spec_mount *m, const char *word, struct str *data)
{
	for (size_t i = 0; i < ARRAY_LEN(option_rows); i++) {
		const struct option_row *row = &option_rows[i];
		if (strcmp(row->word, word) != 0)
			continue;
		m->attr_set = (m->attr_set & ~row->clear) | row->set;
		m->attr_clear = (m->attr_clear | row->clear) & ~row->set;
		if (row->propagation)
			m->propagation = row->propagation;
		m->attr_recursive |= row->recursive_attr;
		return;
	}
	if (strcmp(word, "rbind") == 0)
		m->recursive = true;
	else if (strcmp(word, "tmpcopyup") == 0)
		m->copy_up = true;
	else if (strcmp(word, "notmpcopyup") == 0)
		m->copy_up = false;
	else if (!is_engines(word))
		str_addf(data, "%s%s", data->len ? "," : "", word);
}

struct spec_mount *ctr_mounts_add(struct spec *spec, const char *type, const char *source, const char *target, const char *options)
{
	struct spec_mount *m = spec_add_mount(spec);
	auto_str data = { 0 };
	auto_strv words = strv_split(options, ',');
	m->type = mem_strdup(type);
	m->source = mem_strdup(source);
	m->destination = path_clean_dup(target);
	for (char **word = words; word && *word; word++)
		apply_option(m, *word, &data);
	m->data = data.len ? str_take(&data) : NULL;
	return m;
}

/* --- the mounts every container has (COMPAT: Podman's order and options) --- */

static bool is_covered(const struct ctr_def *def, const char *target)
{
	for (size_t i = 0; i < def->mount_count; i++) {
		auto_free char *clean = path_clean_dup(def->mounts[i].target);
		if (strcmp(clean, target) == 0)
			return true;
	}
	return false;
}

static void add_default(const struct ctr_def *def, struct spec *spec, const char *type, const char *target, const char *options)
{
	if (!is_covered(def, target))
		ctr_mounts_add(spec, type, type, target, options);
}

static void add_system(const struct engine *engine, const struct ctr_def *def, struct spec *spec)
{
	const char *ro = def->privileged ? "rw" : "ro";
	auto_free char *sys = mem_printf("nosuid,noexec,nodev,%s", ro);
	auto_free char *cgroup = def->systemd_mode ? mem_strdup("rprivate,relatime,rw") : mem_printf("rprivate,nosuid,noexec,nodev,relatime,%s", ro);
	auto_free char *shm = mem_printf("nosuid,noexec,nodev,mode=1777,size=%llu",
					 (unsigned long long)(def->shm_size_set ? def->shm_size_bytes : 65536000));
	/* a fresh one belongs to the owner of the namespace that it shows */
	bool ours = !engine->rootless && spec->ns[SPEC_NS_USER] == SPEC_NS_HOST;
	if (spec->ns[SPEC_NS_PID] == SPEC_NS_HOST && !ours)
		ctr_mounts_add(spec, "bind", "/proc", "/proc", "rbind,nosuid,noexec,nodev");
	else
		add_default(def, spec, "proc", "/proc", "nosuid,noexec,nodev");
	add_default(def, spec, "tmpfs", "/dev", "nosuid,strictatime,mode=755,size=65536k");
	if (spec->ns[SPEC_NS_NET] != SPEC_NS_NEW && !ours && !is_covered(def, "/sys"))
		ctr_mounts_add(spec, "bind", "/sys", "/sys", "rbind,rslave,nosuid,noexec,nodev,ro");
	else
		add_default(def, spec, "sysfs", "/sys", sys);
	add_default(def, spec, "devpts", "/dev/pts", "nosuid,noexec,newinstance,ptmxmode=0666,mode=0620,gid=5");
	if (str_eq(def->ipc_mode, "host")) {
		if (access("/dev/mqueue", F_OK) == 0) /* not every host has it mounted */
			ctr_mounts_add(spec, "bind", "/dev/mqueue", "/dev/mqueue", "rbind,nosuid,noexec,nodev");
		ctr_mounts_add(spec, "bind", "/dev/shm", "/dev/shm", "rbind,nosuid,noexec,nodev");
	} else {
		add_default(def, spec, "mqueue", "/dev/mqueue", "nosuid,noexec,nodev");
		if (!is_covered(def, "/dev/shm") && !str_eq(def->ipc_mode, "none"))
			ctr_mounts_add(spec, "tmpfs", "shm", "/dev/shm", shm);
	}
	add_default(def, spec, "cgroup", "/sys/fs/cgroup", cgroup);
}

static void add_read_only_tmpfs(const struct ctr_def *def, struct spec *spec)
{
	static const char *const targets[] = { "/run", "/tmp", "/var/tmp" };
	for (size_t i = 0; i < ARRAY_LEN(targets) && def->read_only && def->read_only_tmpfs; i++)
		if (!is_covered(def, targets[i]))
			ctr_mounts_add(spec, "tmpfs", "tmpfs", targets[i], "rw,rprivate,nosuid,nodev,tmpcopyup");
}

static bool has_mount(const struct spec *spec, const char *target)
{
	for (size_t i = 0; i < spec->mount_count; i++)
		if (strcmp(spec->mounts[i].destination, target) == 0)
			return true;
	return false;
}

static void add_systemd_tmpfs(const struct ctr_def *def, struct spec *spec)
{
	if (!def->systemd_mode)
		return;
	auto_free char *options = ctr_systemd_options_dup(def);
	for (const char *const *target = ctr_systemd_tmpfs; *target; target++)
		if (!is_covered(def, *target) && !has_mount(spec, *target))
			ctr_mounts_add(spec, "tmpfs", "tmpfs", *target, options);
}

/* --- what was asked for --- */

static int chown_tree(int dir_fd, const char *name, uid_t uid, gid_t gid)
{
	/* :U: the container's user shall own it; links are changed, not followed */
	int fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return fchownat(dir_fd, name, uid, gid, AT_SYMLINK_NOFOLLOW | (*name ? 0 : AT_EMPTY_PATH)) < 0 ? -errno : 0;
	auto_strv names = NULL;
	int rc = file_list(fd, &names);
	for (char **n = names; rc >= 0 && n && *n; n++)
		rc = chown_tree(fd, *n, uid, gid);
	if (rc >= 0 && fchown(fd, uid, gid) < 0)
		rc = -errno;
	fd_close(fd);
	return rc;
}

static int source_of_bind(const struct ctr_mount *m, struct spec_mount *out, struct err *err)
{
	struct stat st;
	if (stat(m->source, &st) < 0)
		return err_sys(err, errno, "statfs %s", m->source); /* COMPAT */
	out->is_file = !S_ISDIR(st.st_mode);
	return 0;
}

static bool has_option(const struct ctr_mount *m, const char *word)
{
	return strv_has(m->options, word);
}

static char *options_dup(const struct ctr_mount *m, const char *defaults)
{
	auto_free char *own = strv_join(m->options, ",");
	return own && *own ? mem_printf("%s,%s", defaults, own) : mem_strdup(defaults);
}

/* Whom the container's user is on the disk. With idmap it has the number it has inside. */
static void owner_of(const struct ctr_mount *m, const struct spec *spec, uid_t *ret_uid, gid_t *ret_gid)
{
	const char *maps;
	bool mapped = ctr_trees_idmap(m, &maps);
	*ret_uid = mapped ? spec->process.uid : ctr_idmap_uid(spec, spec->process.uid);
	*ret_gid = mapped ? spec->process.gid : ctr_idmap_gid(spec, spec->process.gid);
}

int ctr_mounts_give(const struct ctr_mount *m, const struct spec *spec, int dir_fd, const char *path, struct err *err)
{
	uid_t uid;
	gid_t gid;
	if (!has_option(m, "U"))
		return 0;
	owner_of(m, spec, &uid, &gid);
	int rc = chown_tree(dir_fd, path, uid, gid);
	return rc < 0 ? err_sys(err, -rc, "cannot give '%s' to user %u (option U)", m->source, spec->process.uid) : 0;
}

/* What an overlay covers stays as it is, and so does what lies beside a part: then it is the tree that is given (ctr_trees_open). */
static int give_source(const struct engine *engine, const struct ctr_mount *m, const struct spec_mount *out, const struct spec *spec, struct err *err)
{
	return engine->looks || has_option(m, "O") || ctr_trees_subpath(m) ? 0 : ctr_mounts_give(m, spec, AT_FDCWD, out->source, err);
}

/* Each container has a tmpfs of its own: where another is to see the same files, it is refused. */
static int check_shared(struct engine *engine, const char *id, const char *name, struct err *err)
{
	auto_strv users = NULL;
	if (volume_users(engine, name, &users, err) < 0)
		return -1;
	for (char **user = users; user && *user; user++) {
		auto_ptr(ctr) ctr = NULL;
		struct err gone = { 0 };
		if (strcmp(*user, id) != 0 && ctr_open(engine, *user, &ctr, &gone) >= 0 && ctr->status.process.pid)
			return err_set(err, ERR_UNSUPPORTED, "volume '%s' is a tmpfs, and container %s uses it: sharing one is not done", name,
				       ctr->def.name);
	}
	return 0;
}

/* A volume of the host's files, or a tmpfs: what its options make of it. */
static int add_volume(struct engine *engine, const struct ctr_def *def, const struct ctr_mount *m, struct spec *spec, struct err *err)
{
	auto_val(volume_place) place = { 0 };
	const struct volume_want want = volume_wanted(def, m);
	if (volume_use(engine, &want, &place, err) < 0)
		return -1;
	bool tmpfs = place.kind == VOLUME_TMPFS;
	auto_free char *defaults = mem_printf("rprivate,nosuid,nodev%s%s%s", tmpfs ? "" : ",rbind", *place.options ? "," : "", place.options);
	auto_free char *options = options_dup(m, defaults);
	struct spec_mount *out = ctr_mounts_add(spec, tmpfs ? "tmpfs" : "bind", tmpfs ? "tmpfs" : place.path, m->target, options);
	out->copy_up = place.fresh && !has_option(m, "nocopy") && !ctr_trees_subpath(m);
	out->copy_given = out->copy_up && has_option(m, "U") && !tmpfs;
	if (tmpfs)
		return check_shared(engine, def->id, m->source, err);
	uid_t uid;
	gid_t gid;
	owner_of(m, spec, &uid, &gid);
	if (!engine->looks && volume_give(engine, m->source, &place, uid, gid, err) < 0)
		return -1;
	return give_source(engine, m, out, spec, err);
}

static int add_bind(const struct engine *engine, const struct ctr_mount *m, struct spec *spec, struct err *err)
{
	auto_free char *link = NULL;
	if (has_option(m, "no-dereference") && file_readlink(AT_FDCWD, m->source, &link) >= 0) {
		ctr_mounts_add(spec, "symlink", link, m->target, "");
		return 0;
	}
	auto_free char *options = options_dup(m, "rprivate,rbind");
	struct spec_mount *out = ctr_mounts_add(spec, "bind", m->source, m->target, options);
	return source_of_bind(m, out, err) < 0 ? -1 : give_source(engine, m, out, spec, err);
}

/* The tree is ctr_trees_open's. */
static void add_image(const struct ctr_mount *m, struct spec *spec)
{
	ctr_mounts_add(spec, "bind", m->source, m->target, has_option(m, "rw") ? "rprivate" : "rprivate,ro");
}

static int add_artifact(struct engine *engine, struct ctr *ctr, const struct ctr_mount *m, struct spec *spec, struct err *err)
{
	auto_val(ctr_artifact_files) files = { 0 };
	if (ctr_artifacts_find(engine, ctr, m, &files, err) < 0)
		return -1;
	for (size_t i = 0; i < files.count; i++)
		ctr_mounts_add(spec, "bind", files.rows[i].path, files.rows[i].target, "rprivate,ro")->is_file = true;
	return 0;
}

/* Where the container's own instance belongs, one asked for stands in for it. */
static void add_devpts(const struct ctr_mount *m, struct spec *spec)
{
	auto_free char *clean = path_clean_dup(m->target);
	bool own = strcmp(clean, "/dev/pts") == 0;
	auto_free char *options = options_dup(m, own ? "nosuid,noexec,ptmxmode=0666" : "rw");
	ctr_mounts_add(spec, "devpts", "devpts", m->target, options);
}

/* A tmpfs of the container's user. COMPAT: what is copied into it keeps its owners. */
static void add_tmpfs(const struct ctr_mount *m, struct spec *spec)
{
	auto_free char *own = has_option(m, "U") ? mem_printf(",uid=%u,gid=%u", spec->process.uid, spec->process.gid) : mem_strdup("");
	auto_free char *defaults = mem_printf("rprivate,nosuid,nodev,tmpcopyup%s", own);
	auto_free char *options = options_dup(m, defaults);
	struct spec_mount *out = ctr_mounts_add(spec, "tmpfs", "tmpfs", m->target, options);
	out->copy_mode = !out->copy_up && !strstr(options, ",mode=");
}

static void add_ramfs(const struct ctr_mount *m, struct spec *spec)
{
	auto_free char *options = options_dup(m, "rprivate");
	ctr_mounts_add(spec, "ramfs", "ramfs", m->target, options);
}

static int add_user_mount(struct engine *engine, struct ctr *ctr, const struct ctr_mount *m, struct spec *spec, struct err *err)
{
	if (str_eq(m->type, "volume"))
		return add_volume(engine, &ctr->def, m, spec, err);
	if (str_eq(m->type, "bind"))
		return add_bind(engine, m, spec, err);
	if (str_eq(m->type, "artifact"))
		return add_artifact(engine, ctr, m, spec, err);
	if (str_eq(m->type, "tmpfs"))
		add_tmpfs(m, spec);
	else if (str_eq(m->type, "image"))
		add_image(m, spec);
	else if (str_eq(m->type, "devpts"))
		add_devpts(m, spec);
	else if (str_eq(m->type, "ramfs"))
		add_ramfs(m, spec);
	else
		return err_set(err, ERR_UNSUPPORTED, "mounts of type '%s' are not done yet: use bind, volume or tmpfs", m->type);
	return 0;
}

static unsigned depth(const char *path)
{
	unsigned n = 0;
	for (; *path; path++)
		n += *path == '/';
	return n;
}

/* Parents before children; the order asked for where that does not decide. */
static void sort_by_depth(struct spec *spec, size_t from)
{
	for (size_t i = from + 1; i < spec->mount_count; i++) {
		struct spec_mount m = spec->mounts[i];
		size_t at = i;
		for (; at > from && depth(spec->mounts[at - 1].destination) > depth(m.destination); at--)
			spec->mounts[at] = spec->mounts[at - 1];
		spec->mounts[at] = m;
	}
}

static int add_init(const struct ctr_def *def, struct spec *spec, struct err *err)
{
	auto_free char *path = NULL;
	if (!def->init)
		return 0;
	if (def->init_path && *def->init_path)
		path = mem_strdup(def->init_path);
	else if (libexec_path("cpod-init", &path, err) < 0)
		return -1;
	if (access(path, X_OK) < 0)
		return err_sys(err, errno, "cannot use '%s' as init", path);
	ctr_mounts_add(spec, "bind", path, CTR_SPEC_INIT_PATH, "rprivate,ro")->is_file = true;
	return 0;
}

int ctr_mounts_build(struct engine *engine, struct ctr *ctr, const char *run_path, struct spec *spec, struct err *err)
{
	const struct ctr_def *def = &ctr->def;
	add_system(engine, def, spec);
	size_t own = spec->mount_count;
	if (add_init(def, spec, err) < 0)
		return -1;
	add_read_only_tmpfs(def, spec);
	add_systemd_tmpfs(def, spec);
	for (size_t i = 0; i < def->mount_count; i++)
		if (add_user_mount(engine, ctr, &def->mounts[i], spec, err) < 0)
			return -1;
	ctr_notify_add(def, spec);
	if (ctr_secrets_mount(engine, ctr, run_path, spec, err) < 0)
		return -1;
	sort_by_depth(spec, own);
	return ctr_files_add(engine, ctr, run_path, spec, err);
}
