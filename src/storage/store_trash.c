#include "base/file.h"
#include "base/log.h"
#include "base/ntime.h"
#include "storage/store_priv.h"

#include <fcntl.h>
#include <sys/stat.h>

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
	file_random_hex(name, TRASH_NAME_BYTES);
	int rc = kind_fd < 0 ? kind_fd : to_fd < 0 ? to_fd : file_rename(kind_fd, id, to_fd, name, 0);
	if (rc == -ENOENT)
		return err_set(err, ERR_NOT_FOUND, "no such %s: %s", store_kind_word(kind), id);
	return rc < 0 ? err_sys(err, -rc, "cannot remove %s '%s'", store_kind_word(kind), id) : 0;
}

/* A staging directory whose maker holds no lock any more is nobody's. */
static bool is_abandoned(int staging_fd, const char *name)
{
	auto_close int fd = -EBADF;
	struct stat st;
	if (file_open_dir(staging_fd, name, &fd) < 0 || fstat(fd, &st) < 0)
		return false;
	return ntime_now() / NS_PER_S - st.st_ctime > 1 && file_lock(fd, FILE_LOCK_EXCLUSIVE, false) >= 0;
}

/* Returns 1 when the time was up before the end. */
static int empty(int dir_fd, bool staging, int64_t deadline)
{
	auto_strv names = NULL;
	if (file_list(dir_fd, &names) < 0)
		return 1;
	for (char **name = names; name && *name; name++) {
		if (deadline && ntime_monotonic() > deadline)
			return 1;
		if (staging && !is_abandoned(dir_fd, *name))
			continue;
		int rc = file_remove_tree(dir_fd, *name);
		if (rc < 0 && rc != -ENOENT)
			log_debug("trash '%s' stays: %s", *name, err_reason(-rc));
	}
	return 0;
}

int store_empty_trash(struct store *store, int max_ms)
{
	int64_t deadline = max_ms < 0 ? 0 : ntime_monotonic() + max_ms * NS_PER_MS;
	auto_close int staging_fd = -EBADF;
	int fd = trash_fd(store);
	int left = fd < 0 ? 0 : empty(fd, false, deadline);
	if (store->graph_fd >= 0 && file_open_dir(store->graph_fd, "staging", &staging_fd) >= 0)
		left |= empty(staging_fd, true, deadline);
	return left;
}
