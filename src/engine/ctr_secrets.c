#include "engine/ctr_secrets.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "codec/json.h"
#include "engine/ctr_idmap.h"
#include "engine/secret.h"
#include "runtime/spec.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

struct number { char text[24]; };

static struct number number_of(size_t at)
{
	struct number n;
	snprintf(n.text, sizeof(n.text), "%zu", at);
	return n;
}

/* --- made --- */

int ctr_secrets_resolve(struct engine *engine, struct ctr_def *def, struct err *err)
{
	for (size_t i = 0; i < def->secret_count; i++) {
		struct ctr_secret *s = &def->secrets[i];
		auto_ptr(secret) secret = NULL;
		if (secret_find(engine, s->name, &secret, err) < 0)
			return -1;
		free(s->name);
		s->name = take_ptr(secret->name);
		free(s->id); /* of a copy */
		s->id = take_ptr(secret->id);
	}
	return 0;
}

static int copy_one(struct engine *engine, const struct ctr_secret *s, size_t at, int secrets_fd, struct err *err)
{
	auto_val(secret_data) data = { 0 };
	if (secret_find_data(engine, s->id, &data, err) < 0)
		return -1;
	int rc = file_create(secrets_fd, number_of(at).text, 0600, data.bytes, data.len, 0);
	return rc < 0 ? err_sys(err, -rc, "cannot copy secret %s for the container", s->name) : 0;
}

int ctr_secrets_copy(struct engine *engine, const struct ctr_def *def, int dir_fd, int *ret_fd, struct err *err)
{
	auto_close int secrets_fd = -EBADF;
	for (size_t i = 0; i < def->secret_count; i++) {
		if (def->secrets[i].is_env)
			continue;
		int rc = secrets_fd >= 0 ? 0 : file_mkdir(dir_fd, "secrets", 0700);
		if (rc >= 0 && secrets_fd < 0)
			rc = file_open_dir(dir_fd, "secrets", &secrets_fd);
		if (rc < 0)
			return err_sys(err, -rc, "cannot make the directory of the container's secrets");
		if (copy_one(engine, &def->secrets[i], i, secrets_fd, err) < 0)
			return -1;
	}
	*ret_fd = take_fd(secrets_fd);
	return 0;
}

/* --- started --- */

/* COMPAT: a relative target is below /run/secrets. */
static char *target_dup(const struct ctr_secret *s)
{
	const char *target = s->target && *s->target ? s->target : s->name;
	auto_free char *whole = *target == '/' ? mem_strdup(target) : mem_printf(CTR_SECRETS_DIR "/%s", target);
	return path_clean_dup(whole);
}

static void bind(struct spec *spec, const char *source, const char *target, bool is_file, bool read_only)
{
	struct spec_mount *m = spec_add_mount(spec);
	m->type = mem_strdup("bind");
	m->source = mem_strdup(source);
	m->destination = mem_strdup(target);
	m->propagation = MS_PRIVATE | MS_REC;
	m->attr_set = read_only ? MOUNT_ATTR_RDONLY : 0;
	m->is_file = is_file;
}

static int make_dir(const char *path, const struct spec *spec, struct err *err)
{
	int rc = file_mkdir(AT_FDCWD, path, 0755);
	bool earlier = rc == -EEXIST; /* of a start before this one */
	if (earlier)
		rc = 0;
	if (rc >= 0 && !earlier && (chmod(path, 0755) < 0 || lchown(path, ctr_idmap_uid(spec, 0), ctr_idmap_gid(spec, 0)) < 0))
		rc = -errno;
	return rc < 0 ? err_sys(err, -rc, "cannot make '%s'", path) : 0;
}

static void bind_dir(const char *path, const struct ctr_def *def, struct spec *spec)
{
	bind(spec, path, CTR_SECRETS_DIR, false, false);
	if (def->read_only) /* after what lies on it has its place */
		strv_add(&spec->readonly_paths, CTR_SECRETS_DIR);
}

/* Open to nobody until it is the owner's; an earlier start's goes first. */
static int write_one(const char *path, const struct ctr_secret *s, const struct spec *spec, const struct secret_data *data)
{
	int rc = file_unlink(AT_FDCWD, path, 0);
	if (rc >= 0 || rc == -ENOENT)
		rc = file_create(AT_FDCWD, path, 0600, data->bytes, data->len, 0);
	if (rc >= 0 && lchown(path, ctr_idmap_uid(spec, s->uid), ctr_idmap_gid(spec, s->gid)) < 0)
		rc = -errno;
	if (rc >= 0 && chmod(path, s->mode & 0777) < 0)
		rc = -errno;
	return rc;
}

static int put_one(const struct ctr *ctr, size_t at, int secrets_fd, const char *path, struct spec *spec, struct err *err)
{
	const struct ctr_secret *s = &ctr->def.secrets[at];
	auto_val(secret_data) data = { 0 };
	int rc = file_read(secrets_fd, number_of(at).text, LIMIT_SECRET_BYTES, &data.bytes, &data.len);
	if (rc < 0)
		return err_sys(err, -rc, "cannot read the copy of secret %s that container %s has", s->name, ctr->def.name);
	if (ctr_idmap_uid(spec, s->uid) == (uid_t)-1 || ctr_idmap_gid(spec, s->gid) == (gid_t)-1)
		return err_set(err, ERR_USAGE, "secret %s cannot be given to %u:%u: the container's user namespace has no such ids", s->name, s->uid, s->gid);
	rc = write_one(path, s, spec, &data);
	return rc < 0 ? err_sys(err, -rc, "cannot give secret %s to container %s", s->name, ctr->def.name) : 0;
}

static int open_copies(const struct ctr *ctr, int *opened_fd, int *ret_fd, struct err *err)
{
	int rc = ctr->secrets_fd >= 0 ? 0 : file_open_dir(ctr->dir_fd, "secrets", opened_fd);
	*ret_fd = ctr->secrets_fd >= 0 ? ctr->secrets_fd : *opened_fd;
	return rc < 0 ? err_sys(err, -rc, "cannot open the secrets of container %s", ctr->def.name) : 0;
}

static bool has_files(const struct ctr_def *def)
{
	for (size_t i = 0; i < def->secret_count; i++)
		if (!def->secrets[i].is_env)
			return true;
	return false;
}

int ctr_secrets_mount(const struct engine *engine, const struct ctr *ctr, const char *run_path, struct spec *spec, struct err *err)
{
	const struct ctr_def *def = &ctr->def;
	auto_close int opened = -EBADF;
	int secrets_fd = -EBADF;
	if (!has_files(def))
		return 0;
	auto_free char *dir = mem_printf("%s/secrets", run_path);
	if (!engine->looks && (open_copies(ctr, &opened, &secrets_fd, err) < 0 || make_dir(dir, spec, err) < 0))
		return -1;
	bind_dir(dir, def, spec);
	for (size_t i = 0; i < def->secret_count; i++) {
		auto_free char *path = mem_printf("%s/secret-%zu", run_path, i), *target = target_dup(&def->secrets[i]);
		if (def->secrets[i].is_env)
			continue;
		if (!engine->looks && put_one(ctr, i, secrets_fd, path, spec, err) < 0)
			return -1;
		bind(spec, path, target, true, def->read_only);
	}
	return 0;
}

int ctr_secrets_env(struct engine *engine, const struct ctr_def *def, char ***env, struct err *err)
{
	for (size_t i = 0; i < def->secret_count; i++) {
		const struct ctr_secret *s = &def->secrets[i];
		auto_val(secret_data) data = { 0 };
		const char *name = s->target && *s->target ? s->target : s->name;
		if (!s->is_env)
			continue;
		if (engine->looks) { /* shown to people: where it is from, not what it is */
			auto_free char *told = mem_printf("<secret %s>", s->name);
			strv_env_set(env, name, told);
			continue;
		}
		if (secret_find_data(engine, s->name, &data, err) < 0)
			return -1;
		if (memchr(data.bytes, 0, data.len))
			return err_set(err, ERR_INVALID, "secret %s cannot be a variable: it holds a NUL; mount it as a file", s->name);
		strv_env_set(env, name, data.len ? data.bytes : "");
	}
	return 0;
}

/* --- shown --- */

struct json *ctr_secrets_view_new(const struct ctr_def *def)
{
	struct json *list = json_array_new();
	for (size_t i = 0; i < def->secret_count; i++) {
		const struct ctr_secret *s = &def->secrets[i];
		if (s->is_env) /* COMPAT */
			continue;
		struct json *one = json_object_new();
		json_set_str(one, "Name", s->name);
		json_set_str(one, "ID", s->id);
		json_set_u64(one, "UID", s->uid);
		json_set_u64(one, "GID", s->gid);
		json_set_u64(one, "Mode", s->mode);
		json_add(list, one);
	}
	return list;
}
