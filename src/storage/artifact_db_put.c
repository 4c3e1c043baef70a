/* artifact_db_put.c - artifacts come and go; see artifact_db.h */
#include "storage/artifact_db.h"

#include "base/file.h"
#include "base/log.h"
#include "base/ntime.h"
#include "codec/json.h"
#include "storage/store_priv.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* A store made before there were artifacts has no place for them. */
static int make_places(struct store *store, struct err *err)
{
	static const char *const dirs[] = { "artifacts", "names/artifact" };
	for (size_t i = 0; i < ARRAY_LEN(dirs); i++) {
		int rc = file_mkdir(store->graph_fd, dirs[i], 0700);
		if (rc < 0 && rc != -EEXIST)
			return err_sys(err, -rc, "cannot make '%s' in the store", dirs[i]);
	}
	return 0;
}

int artifact_db_stage(struct store *store, struct store_stage *ret, struct err *err)
{
	return make_places(store, err) < 0 ? -1 : store_stage(store, ret, err);
}

static bool link_from(int kind_fd, const char *id, const struct store_stage *stage, const char *file, uint64_t size)
{
	auto_close int dir_fd = -EBADF;
	struct stat st;
	return file_open_dir(kind_fd, id, &dir_fd) >= 0 && fstatat(dir_fd, file, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
	       (uint64_t)st.st_size == size && file_link(dir_fd, file, stage->dir_fd, file) >= 0;
}

int artifact_db_link(struct store *store, const struct store_stage *stage, const char *digest, uint64_t size)
{
	auto_free char *file = artifact_db_file_dup(digest);
	auto_strv ids = NULL;
	struct err ignored = { 0 };
	struct stat st;
	if (fstatat(stage->dir_fd, file, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return (uint64_t)st.st_size == size;
	if (store_list(store, STORE_ARTIFACT, &ids, &ignored) < 0)
		return 0;
	for (char **id = ids; id && *id; id++)
		if (link_from(store_kind_fd(store, STORE_ARTIFACT), *id, stage, file, size))
			return 1;
	return 0;
}

/* --- under the lock of artifacts/ --- */

static int lock(struct store *store, struct err *err)
{
	int fd = store_kind_fd(store, STORE_ARTIFACT), rc = fd < 0 ? fd : file_lock(fd, FILE_LOCK_EXCLUSIVE, true);
	return rc < 0 ? err_sys(err, -rc, "cannot lock the artifacts") : fd;
}

/* What no name leads to: it had one, and another artifact got it. */
static void sweep(struct store *store)
{
	auto_strv ids = NULL;
	struct store_name *names;
	size_t count;
	struct err err = { 0 };
	if (store_list(store, STORE_ARTIFACT, &ids, &err) < 0 || store_name_list(store, STORE_ARTIFACT, &names, &count, &err) < 0)
		return;
	for (char **id = ids; id && *id; id++) {
		bool named = false;
		for (size_t i = 0; i < count; i++)
			named |= strcmp(names[i].id, *id) == 0;
		if (!named && store_trash(store, STORE_ARTIFACT, *id, &err) < 0) {
			log_debug("%s", err.text);
			err_clear(&err);
		}
	}
	store_name_list_free(names, count);
}

/* Who has the name now: its id, "" nobody; owned. */
static char *holder_dup(struct store *store, const char *name)
{
	auto_free char *id = NULL;
	struct err none = { 0 };
	int kind_fd = store_kind_fd(store, STORE_ARTIFACT);
	if (store_name_get(store, STORE_ARTIFACT, name, &id, &none) < 0 || faccessat(kind_fd, id, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
		return mem_strdup("");
	return take_ptr(id);
}

static int check_holder(const struct artifact_put *put, const char *holder, struct err *err)
{
	if (put->instead && strcmp(put->instead, holder) != 0)
		return err_set(err, ERR_STATE, "%s: another command has changed this artifact meanwhile: try again", put->name);
	if (*holder && !put->instead && !put->replace)
		return err_set(err, ERR_EXISTS, "%s: artifact already exists", put->name);
	return 0;
}

static int fill(int dir_fd, const struct artifact_put *put, struct err *err)
{
	auto_ptr(json) record = json_object_new();
	json_set_str(record, "name", put->name);
	json_set_str(record, "digest", put->digest);
	json_set_i64(record, "created_ns", ntime_now());
	int rc = file_create(dir_fd, "manifest", 0600, put->manifest, put->manifest_len, 0);
	return rc < 0 ? err_sys(err, -rc, "cannot write the manifest of %s", put->name) : store_record_create(dir_fd, "artifact.json", record, err);
}

static int publish(struct store *store, struct store_stage *stage, const struct artifact_put *put, struct err *err)
{
	char id[STORE_ID_MAX + 1];
	auto_free char *holder = holder_dup(store, put->name);
	file_random_hex(id, STORE_ID_MAX / 2);
	if (check_holder(put, holder, err) < 0 || store_publish(store, stage, STORE_ARTIFACT, id, true, err) < 0)
		return -1;
	if (store_name_set(store, STORE_ARTIFACT, put->name, id, err) < 0 || store_name_sync(store, STORE_ARTIFACT, err) < 0)
		return -1;
	sweep(store);
	return 0;
}

int artifact_db_put(struct store *store, struct store_stage *stage, const struct artifact_put *put, struct err *err)
{
	if (fill(stage->dir_fd, put, err) < 0)
		return -1;
	int fd = lock(store, err);
	if (fd < 0)
		return -1;
	int rc = publish(store, stage, put, err);
	file_unlock(fd);
	return rc;
}

int artifact_db_remove(struct store *store, const struct artifact *artifact, struct err *err)
{
	int fd = lock(store, err);
	if (fd < 0)
		return -1;
	int rc = store_trash(store, STORE_ARTIFACT, artifact->id, err);
	if (rc >= 0)
		rc = store_name_drop_all(store, STORE_ARTIFACT, artifact->id, err);
	if (rc >= 0)
		sweep(store);
	file_unlock(fd);
	if (rc >= 0 || !err_is(err, ERR_NOT_FOUND))
		return rc;
	err_clear(err);
	return err_set(err, ERR_NOT_FOUND, "%s: artifact does not exist", artifact->name);
}
