#include "base/file.h"
#include "base/log.h"
#include "base/ntime.h"
#include "codec/json.h"
#include "storage/store_priv.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TRASH_NAME_BYTES = 16 };

static int trash_fd(struct store *store)
{
	if (store->trash_fd < 0 && store->graph_fd >= 0) {
		int rc = file_open_dir(store->graph_fd, "trash", &store->trash_fd);
		if (rc < 0)
			return rc;
	}
	return store->trash_fd < 0 ? -ENOENT : store->trash_fd;
}

int store_trash(struct store *store, enum store_kind kind, const char *id, struct err *err)
{
	char name[2 * TRASH_NAME_BYTES + 1];
	int kind_fd = store_kind_fd(store, kind), to_fd = trash_fd(store);
	int rc = kind_fd < 0 ? kind_fd : to_fd < 0 ? to_fd : file_rename(kind_fd, id, to_fd, id, RENAME_NOREPLACE);
	if (rc == -EEXIST || rc == -ENOTEMPTY) { /* an image or volume that came back and goes again */
		file_random_hex(name, TRASH_NAME_BYTES);
		rc = file_rename(kind_fd, id, to_fd, name, 0);
	}
	if (rc == -ENOENT)
		return err_set(err, ERR_NOT_FOUND, "no such %s: %s", store_kind_word(kind), id);
	return rc < 0 ? err_sys(err, -rc, "cannot remove %s '%s'", store_kind_word(kind), id) : 0;
}

/* A staging directory whose maker holds no lock any more is nobody's. One that has not locked it yet makes another (store_stage). */
static bool is_abandoned(int staging_fd, const char *name)
{
	auto_close int fd = -EBADF;
	if (file_open_dir(staging_fd, name, &fd) < 0)
		return false;
	return file_lock(fd, FILE_LOCK_EXCLUSIVE, false) >= 0;
}

/* Its control group may be there as well, which only the engine knows to remove; the run directory goes after that. */
static bool has_run_dir(struct store *store, const char *name)
{
	auto_free char *path = mem_printf("containers/%s", name);
	return store->run_fd >= 0 && faccessat(store->run_fd, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* A container that was killed at its birth or on its way out leaves its name: that goes before the last trace of the id. */
static int forget_name(struct store *store, int dir_fd, const char *id, bool staging, struct err *err)
{
	auto_close int fd = -EBADF;
	auto_ptr(json) record = NULL;
	if (!store_is_hex(id) || strlen(id) != STORE_ID_MAX)
		return 0;
	if (staging) /* its record may not be written yet */
		return store_name_drop_all(store, STORE_CONTAINER, id, err);
	struct err none = { 0 };
	if (file_open_dir(dir_fd, id, &fd) < 0 || store_record_read(fd, "definition.json", &record, &none) < 0)
		return 0; /* an image, or half removed: the names go first */
	if (store_name_drop(store, STORE_CONTAINER, json_get_str(record, "name", ""), id, err) >= 0)
		return 0;
	if (!err_is(err, ERR_NOT_FOUND))
		return -1;
	err_clear(err);
	return 0;
}

/* Returns 1 when the time was up before the end. */
static int empty(struct store *store, int dir_fd, bool staging, int64_t deadline)
{
	auto_strv names = NULL;
	if (file_list(dir_fd, &names) < 0)
		return 1;
	for (char **name = names; name && *name; name++) {
		if (deadline && ntime_monotonic() > deadline)
			return 1;
		if ((staging && !is_abandoned(dir_fd, *name)) || has_run_dir(store, *name))
			continue;
		struct err stays = { 0 };
		if (forget_name(store, dir_fd, *name, staging, &stays) < 0) {
			log_debug("trash '%s' stays: %s", *name, stays.text);
			continue;
		}
		int rc = file_remove_tree(dir_fd, *name);
		if (rc < 0 && rc != -ENOENT)
			log_debug("trash '%s' stays: %s", *name, err_reason(-rc));
	}
	return 0;
}

int store_list_trash(struct store *store, char ***ret_names, struct err *err)
{
	int fd = trash_fd(store);
	int rc = fd < 0 ? fd : file_list(fd, ret_names);
	return rc < 0 ? err_sys(err, -rc, "cannot list the store's trash") : 0;
}

int store_list_abandoned(struct store *store, char ***ret_names, struct err *err)
{
	auto_close int fd = -EBADF;
	auto_strv stages = NULL;
	int rc = file_open_dir(store->graph_fd, "staging", &fd);
	if (rc >= 0)
		rc = file_list(fd, &stages);
	if (rc < 0)
		return err_sys(err, -rc, "cannot list what was being made in the store");
	*ret_names = NULL;
	for (char **name = stages; name && *name; name++)
		if (is_abandoned(fd, *name))
			strv_add(ret_names, *name);
	return 0;
}

int store_empty_trash(struct store *store, int max_ms)
{
	int64_t deadline = max_ms < 0 ? 0 : ntime_monotonic() + max_ms * NS_PER_MS;
	auto_close int staging_fd = -EBADF;
	int fd = trash_fd(store);
	int left = fd < 0 ? 0 : empty(store, fd, false, deadline);
	if (store->graph_fd >= 0 && file_open_dir(store->graph_fd, "staging", &staging_fd) >= 0)
		left |= empty(store, staging_fd, true, deadline);
	return left;
}
