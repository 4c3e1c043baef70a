#include "storage/list_db.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/ntime.h"
#include "codec/json.h"
#include "storage/store_priv.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

void list_free(struct list *list)
{
	if (!list)
		return;
	if (list->dir_fd >= 0) {
		store_unlock(list->dir_fd, STORE_LIST);
		fd_close(list->dir_fd);
	}
	free(list->index);
	strv_free(list->names);
	free(list);
}

/* --- reading --- */

static int read_index(int dir_fd, struct list *list, struct err *err)
{
	char *data;
	size_t len;
	int rc = file_read(dir_fd, "index", LIMIT_MANIFEST_BYTES, &data, &len);
	if (rc < 0)
		return err_set(err, ERR_CORRUPT, "manifest list %s: its index cannot be read: %s", list->id, err_reason(-rc));
	free(list->index);
	list->index = data;
	list->index_len = len;
	return 0;
}

static int read_names(struct store *store, struct list *list, struct err *err)
{
	struct store_name *names;
	size_t count;
	if (store_name_list(store, STORE_LIST, &names, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i].id, list->id) == 0)
			strv_add(&list->names, names[i].name);
	if (list->names)
		strv_sort(list->names);
	store_name_list_free(names, count);
	return 0;
}

static int read_list(struct store *store, const char *id, struct list **ret, struct err *err)
{
	auto_close int dir_fd = -EBADF;
	auto_ptr(json) record = NULL;
	auto_ptr(list) list = mem_alloc(sizeof(*list));
	list->dir_fd = -EBADF;
	snprintf(list->id, sizeof(list->id), "%s", id);
	if (store_object_open(store, STORE_LIST, id, &dir_fd, err) < 0)
		return -1;
	if (store_record_read(dir_fd, "list.json", &record, err) < 0)
		return err_wrap(err, "manifest list %s", id);
	list->created_ns = json_get_i64(record, "created_ns", 0);
	if (read_index(dir_fd, list, err) < 0 || read_names(store, list, err) < 0)
		return -1;
	*ret = take_ptr(list);
	return 0;
}

int list_db_get(struct store *store, const char *word, struct list **ret, struct err *err)
{
	auto_free char *id = NULL;
	return store_find(store, STORE_LIST, word, &id, err) < 0 ? -1 : read_list(store, id, ret, err);
}

static int newest_first(const void *a, const void *b)
{
	const struct list *x = *(struct list *const *)a, *y = *(struct list *const *)b;
	return x->created_ns != y->created_ns ? (x->created_ns > y->created_ns ? -1 : 1) : strcmp(x->id, y->id);
}

int list_db_list(struct store *store, struct list ***ret, size_t *ret_count, struct err *err)
{
	auto_strv ids = NULL;
	size_t count = 0;
	if (store_kind_fd(store, STORE_LIST) >= 0 && store_list(store, STORE_LIST, &ids, err) < 0)
		return -1;
	struct list **lists = mem_array(strv_len(ids) + 1, sizeof(*lists));
	for (char **id = ids; id && *id; id++) {
		struct err one = { 0 };
		if (read_list(store, *id, &lists[count], &one) >= 0)
			count++;
		else if (!err_is(&one, ERR_NOT_FOUND))
			log_debug("%s", one.text); /* `system check` tells of it */
	}
	qsort(lists, count, sizeof(*lists), newest_first);
	*ret = lists;
	*ret_count = count;
	return 0;
}

void list_db_list_free(struct list **lists, size_t count)
{
	for (size_t i = 0; i < count; i++)
		list_free(lists[i]);
	free(lists);
}

/* --- writing --- */

/* A store made before there were lists has no place for them. */
static int make_places(struct store *store, struct err *err)
{
	static const char *const dirs[] = { "lists", "names/list" };
	for (size_t i = 0; i < ARRAY_LEN(dirs); i++) {
		int rc = file_mkdir(store->graph_fd, dirs[i], 0700);
		if (rc < 0 && rc != -EEXIST)
			return err_sys(err, -rc, "cannot make '%s' in the store", dirs[i]);
	}
	return 0;
}

static int fill(int dir_fd, const void *index, size_t len, struct err *err)
{
	auto_ptr(json) record = json_object_new();
	json_set_i64(record, "created_ns", ntime_now());
	int rc = file_create(dir_fd, "index", 0600, index, len, 0);
	return rc < 0 ? err_sys(err, -rc, "cannot write the index") : store_record_create(dir_fd, "list.json", record, err);
}

int list_db_create(struct store *store, const char *name, const void *index, size_t len, struct list **ret, struct err *err)
{
	struct store_stage stage = { .dir_fd = -EBADF };
	char id[STORE_ID_MAX + 1];
	file_random_hex(id, STORE_ID_MAX / 2);
	if (make_places(store, err) < 0 || store_stage_for(store, id, &stage, err) < 0)
		return -1;
	int rc = store_name_reserve(store, STORE_LIST, name, id, err);
	bool named = rc >= 0;
	if (rc >= 0)
		rc = store_name_sync(store, STORE_LIST, err);
	if (rc >= 0)
		rc = fill(stage.dir_fd, index, len, err);
	if (rc >= 0)
		rc = store_publish(store, &stage, STORE_LIST, id, true, err);
	store_stage_done(store, &stage);
	struct err ignored = { 0 };
	if (rc < 0 && named && store_name_drop(store, STORE_LIST, name, id, &ignored) < 0)
		log_debug("%s", ignored.text);
	return rc < 0 ? -1 : read_list(store, id, ret, err);
}

int list_db_lock(struct store *store, struct list *list, struct err *err)
{
	auto_close int dir_fd = -EBADF;
	if (store_object_open(store, STORE_LIST, list->id, &dir_fd, err) < 0 || store_lock(dir_fd, STORE_LIST, list->id, true, err) < 0)
		return -1;
	list->dir_fd = take_fd(dir_fd);
	return read_index(list->dir_fd, list, err);
}

int list_db_write(struct list *list, const void *index, size_t len, struct err *err)
{
	int rc = file_write(list->dir_fd, "index", 0600, index, len, FILE_DURABLE | FILE_SOLE);
	return rc < 0 ? err_sys(err, -rc, "cannot write manifest list %s", list->id) : 0;
}

int list_db_tag(struct store *store, const struct list *list, const char *name, struct err *err)
{
	return store_name_set(store, STORE_LIST, name, list->id, err) < 0 ? -1 : store_name_sync(store, STORE_LIST, err);
}

int list_db_untag(struct store *store, const struct list *list, const char *name, struct err *err)
{
	return store_name_drop(store, STORE_LIST, name, list->id, err);
}

int list_db_remove(struct store *store, const struct list *list, struct err *err)
{
	return store_trash(store, STORE_LIST, list->id, err) < 0 ? -1 : store_name_drop_all(store, STORE_LIST, list->id, err);
}
