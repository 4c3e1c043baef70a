#include "base/file.h"
#include "storage/store_priv.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

bool store_is_hex(const char *word)
{
	size_t len = strspn(word, "0123456789abcdef");
	return len && !word[len] && len <= STORE_ID_MAX;
}

/* '/' is kept as '=', which no reference and no name may hold. */
static char *file_name_dup(const char *name)
{
	char *copy = mem_strdup(name);
	for (char *c = copy; *c; c++)
		if (*c == '/')
			*c = '=';
	return copy;
}

static bool name_fits(const char *name)
{
	return *name && *name != '.' && strlen(name) <= 255;
}

/* A maker holds the lock of its stage from before it has the name until the object has its place. */
bool store_is_being_made(const struct store *store, const char *id)
{
	auto_close int fd = -EBADF;
	auto_free char *path = mem_printf("staging/%s", id);
	return file_open_dir(store->graph_fd, path, &fd) >= 0 && file_lock(fd, FILE_LOCK_EXCLUSIVE, false) < 0;
}

/* A name whose object does not exist, and which nobody is making either: left by a crash. In this order: a stage that has gone
 * may have become the object. */
static bool is_dangling(struct store *store, enum store_kind kind, int names_fd, const char *file)
{
	auto_free char *id = NULL;
	int kind_fd = store_kind_fd(store, kind);
	if (kind_fd < 0 || file_readlink(names_fd, file, &id) < 0 || strchr(id, '/') || store_is_being_made(store, id))
		return false;
	return faccessat(kind_fd, id, F_OK, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT;
}

/* To look and to change are one step: what another set meanwhile is never lost. store_name_reserve needs this only where it
 * takes a name over; EEXIST is its lock otherwise. */
static int lock_names(int names_fd)
{
	return file_lock(names_fd, FILE_LOCK_EXCLUSIVE, true);
}

static int take_over(struct store *store, enum store_kind kind, int names_fd, const char *file, const char *id)
{
	int rc = lock_names(names_fd);
	if (rc < 0)
		return rc;
	rc = is_dangling(store, kind, names_fd, file) ? file_symlink_replace(id, names_fd, file) : -EEXIST;
	file_unlock(names_fd);
	return rc;
}

int store_name_reserve(struct store *store, enum store_kind kind, const char *name, const char *id, struct err *err)
{
	auto_free char *file = file_name_dup(name);
	int names_fd = store_name_fd(store, kind);
	int rc = names_fd < 0 ? names_fd : !name_fits(file) ? -EINVAL : file_symlink(id, names_fd, file);
	if (rc == -EEXIST && is_dangling(store, kind, names_fd, file))
		rc = take_over(store, kind, names_fd, file, id);
	if (rc == -EEXIST)
		return err_set(err, ERR_EXISTS, "the %s name \"%s\" is in use", store_kind_word(kind), name);
	return rc < 0 ? err_sys(err, -rc, "cannot reserve the %s name \"%s\"", store_kind_word(kind), name) : 0;
}

int store_name_set(struct store *store, enum store_kind kind, const char *name, const char *id, struct err *err)
{
	auto_free char *file = file_name_dup(name);
	int names_fd = store_name_fd(store, kind);
	int rc = names_fd < 0 ? names_fd : !name_fits(file) ? -EINVAL : lock_names(names_fd);
	if (rc >= 0) {
		rc = file_symlink_replace(id, names_fd, file);
		file_unlock(names_fd);
	}
	return rc < 0 ? err_sys(err, -rc, "cannot set the %s name \"%s\"", store_kind_word(kind), name) : 0;
}

int store_name_get(struct store *store, enum store_kind kind, const char *name, char **ret_id, struct err *err)
{
	auto_free char *file = file_name_dup(name);
	int names_fd = store_name_fd(store, kind);
	int rc = names_fd < 0 ? names_fd : !name_fits(file) ? -ENOENT : file_readlink(names_fd, file, ret_id);
	if (rc == -ENOENT)
		return err_set(err, ERR_NOT_FOUND, "no %s has the name \"%s\"", store_kind_word(kind), name);
	return rc < 0 ? err_sys(err, -rc, "cannot read the %s name \"%s\"", store_kind_word(kind), name) : 0;
}

static int drop_locked(struct store *store, enum store_kind kind, const char *name, const char *id, struct err *err)
{
	auto_free char *file = file_name_dup(name), *now = NULL;
	if (store_name_get(store, kind, name, &now, err) < 0)
		return -1;
	if (id && strcmp(now, id) != 0) /* it is somebody else's by now */
		return err_set(err, ERR_NOT_FOUND, "the %s name \"%s\" belongs to another", store_kind_word(kind), name);
	int rc = file_unlink(store_name_fd(store, kind), file, 0);
	return rc < 0 && rc != -ENOENT ? err_sys(err, -rc, "cannot drop the %s name \"%s\"", store_kind_word(kind), name) : 0;
}

int store_name_drop(struct store *store, enum store_kind kind, const char *name, const char *id, struct err *err)
{
	int names_fd = store_name_fd(store, kind);
	int rc = names_fd < 0 ? names_fd : lock_names(names_fd);
	if (rc == -ENOENT)
		return err_set(err, ERR_NOT_FOUND, "no %s has the name \"%s\"", store_kind_word(kind), name);
	if (rc < 0)
		return err_sys(err, -rc, "cannot drop the %s name \"%s\"", store_kind_word(kind), name);
	rc = drop_locked(store, kind, name, id, err);
	file_unlock(names_fd);
	return rc;
}

int store_name_clear(struct store *store, enum store_kind kind, const char *name, struct err *err)
{
	auto_free char *file = file_name_dup(name);
	int names_fd = store_name_fd(store, kind);
	int rc = names_fd < 0 ? names_fd : !name_fits(file) ? -EINVAL : file_remove_tree(names_fd, file);
	return rc < 0 ? err_sys(err, -rc, "cannot clear the %s name \"%s\"", store_kind_word(kind), name) : 0;
}

int store_name_sync(struct store *store, enum store_kind kind, struct err *err)
{
	int names_fd = store_name_fd(store, kind);
	int rc = names_fd < 0 ? names_fd : file_sync(names_fd, store_kind_word(kind));
	return rc < 0 ? err_sys(err, -rc, "cannot make the %s names last", store_kind_word(kind)) : 0;
}

int store_name_list(struct store *store, enum store_kind kind, struct store_name **ret, size_t *ret_count, struct err *err)
{
	auto_strv files = NULL;
	int names_fd = store_name_fd(store, kind);
	int rc = names_fd < 0 ? names_fd : file_list(names_fd, &files);
	if (rc < 0 && rc != -ENOENT)
		return err_sys(err, -rc, "cannot list the %s names", store_kind_word(kind));
	struct store_name *list = mem_array(strv_len(files) + 1, sizeof(*list));
	size_t count = 0;
	for (char **file = files; file && *file; file++) {
		char *id;
		if ((*file)[0] == '.' || file_readlink(names_fd, *file, &id) < 0)
			continue;
		for (char *c = *file; *c; c++)
			if (*c == '=')
				*c = '/';
		list[count++] = (struct store_name){ .name = mem_strdup(*file), .id = id };
	}
	*ret = list;
	*ret_count = count;
	return 0;
}

void store_name_list_free(struct store_name *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(names[i].name);
		free(names[i].id);
	}
	free(names);
}

int store_name_drop_all(struct store *store, enum store_kind kind, const char *id, struct err *err)
{
	struct store_name *names;
	size_t count;
	if (store_name_list(store, kind, &names, &count, err) < 0)
		return -1;
	int rc = 0;
	for (size_t i = 0; rc >= 0 && i < count; i++) {
		if (strcmp(names[i].id, id) != 0)
			continue;
		rc = store_name_drop(store, kind, names[i].name, id, err);
		if (rc < 0 && err_is(err, ERR_NOT_FOUND)) {
			err_clear(err);
			rc = 0;
		}
	}
	store_name_list_free(names, count);
	return rc;
}

/* --- words --- */

static int find_prefix(struct store *store, enum store_kind kind, const char *word, char **ret_id, struct err *err)
{
	auto_strv ids = NULL;
	char *match = NULL;
	if (store_list(store, kind, &ids, err) < 0)
		return -1;
	for (char **id = ids; id && *id; id++) {
		if (!str_starts(*id, word))
			continue;
		if (match)
			return err_set(err, ERR_USAGE, "more than one result for %s ID %s: %s and %s begin so; give more digits",
				       store_kind_word(kind), word, match, *id);
		match = *id;
	}
	if (!match)
		return err_set(err, ERR_NOT_FOUND, "no such %s: %s", store_kind_word(kind), word);
	*ret_id = mem_strdup(match);
	return 0;
}

int store_find(struct store *store, enum store_kind kind, const char *word, char **ret_id, struct err *err)
{
	auto_close int dir_fd = -EBADF;
	auto_free char *id = NULL;
	int kind_fd = store_kind_fd(store, kind);
	if (store_name_get(store, kind, word, &id, err) >= 0) {
		if (kind_fd >= 0 && faccessat(kind_fd, id, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
			*ret_id = take_ptr(id);
			return 0;
		}
		return err_set(err, ERR_NOT_FOUND, "no such %s: %s", store_kind_word(kind), word); /* being made, or left by a crash */
	}
	if (!err_is(err, ERR_NOT_FOUND))
		return -1;
	err_clear(err);
	if (!store_is_hex(word))
		return err_set(err, ERR_NOT_FOUND, "no such %s: %s", store_kind_word(kind), word);
	if (strlen(word) == STORE_ID_MAX && kind_fd >= 0 && file_open_dir(kind_fd, word, &dir_fd) >= 0) {
		*ret_id = mem_strdup(word);
		return 0;
	}
	return find_prefix(store, kind, word, ret_id, err);
}
