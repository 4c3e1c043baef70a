#include "engine/ctr.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/log.h"
#include "engine/ctr_state.h"
#include "engine/names.h"
#include "codec/json.h"
#include "storage/store.h"

#include <stdio.h>

static const char *const state_words[CTR_STATE_COUNT] = {
	[CTR_CREATED] = "created", [CTR_INITIALIZED] = "initialized", [CTR_RUNNING] = "running",	[CTR_PAUSED] = "paused",
	[CTR_STOPPING] = "stopping", [CTR_EXITED] = "exited", [CTR_REMOVING] = "removing",
};

const char *ctr_state_word(enum ctr_state state)
{
	return state_words[state];
}

void ctr_let_images_go(struct ctr *ctr)
{
	ctr->image_fd = fd_close(ctr->image_fd);
	for (int *fd = ctr->mount_image_fds; fd && *fd >= 0; fd++)
		fd_close(*fd);
	free(take_ptr(ctr->mount_image_fds));
}

void ctr_free(struct ctr *ctr)
{
	if (!ctr)
		return;
	ctr_def_done(&ctr->def);
	ctr_status_done(&ctr->status);
	fd_close(ctr->dir_fd);
	fd_close(ctr->secrets_fd);
	ctr_let_images_go(ctr);
	fd_close(ctr->stage.dir_fd); /* given up: it is nobody's without its lock */
	free(ctr);
}

struct ctr *ctr_new(void)
{
	struct ctr *ctr = mem_alloc(sizeof(*ctr));
	ctr->dir_fd = ctr->stage.dir_fd = ctr->image_fd = ctr->secrets_fd = -EBADF;
	return ctr;
}

/* dir_fd: what the file is named from. */
static int read_def(struct ctr *ctr, const char *id, int dir_fd, const char *file, struct err *err)
{
	auto_ptr(json) record = NULL;
	if (store_record_read(dir_fd, file, &record, err) < 0 || ctr_def_from_json(record, &ctr->def, err) < 0)
		return err_wrap(err, "container '%s'", id);
	snprintf(ctr->id, sizeof(ctr->id), "%s", id);
	return 0;
}

static int open_id(struct engine *engine, const char *id, struct ctr **ret, struct err *err)
{
	auto_ptr(ctr) ctr = ctr_new();
	if (store_object_open(engine->store, STORE_CONTAINER, id, &ctr->dir_fd, err) < 0 || read_def(ctr, id, ctr->dir_fd, "definition.json", err) < 0)
		return -1;
	ctr_state_read(engine, ctr);
	*ret = take_ptr(ctr);
	return 0;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* One of many: without its directory, and run_ids has those that have a run directory, sorted. */
static int list_id(struct engine *engine, const char *id, char *const *run_ids, size_t run_count, struct ctr **ret, struct err *err)
{
	auto_ptr(ctr) ctr = ctr_new();
	char file[sizeof(ctr->id) + sizeof("/definition.json")];
	auto_close int dir_fd = -EBADF;
	struct err gone = { 0 };
	if (snprintf(file, sizeof(file), "%s/definition.json", id) >= (int)sizeof(file))
		return err_set(err, ERR_CORRUPT, "container '%s': no such name is given here", id);
	if (read_def(ctr, id, store_kind_fd(engine->store, STORE_CONTAINER), file, err) < 0) {
		if (store_object_open(engine->store, STORE_CONTAINER, id, &dir_fd, &gone) < 0)
			*err = gone;
		return -1;
	}
	if (run_count && bsearch(&id, run_ids, run_count, sizeof(*run_ids), by_text))
		ctr_state_read(engine, ctr);
	else
		ctr_state_read_at_rest(engine, ctr);
	*ret = take_ptr(ctr);
	return 0;
}

/* COMPAT: the sentence scripts look for, and what was probably meant */
static int refuse_word(struct engine *engine, const char *word, struct err *err)
{
	auto_free char *near = strlen(word) < sizeof(((struct ctr *)0)->id) - 1 ? names_near_dup(engine, NAMES_CTR, word) : NULL;
	err_clear(err);
	return err_set(err, ERR_NOT_FOUND, "no container with name or ID \"%s\" found: no such container%s%s%s", word,
		       near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

int ctr_open(struct engine *engine, const char *word, struct ctr **ret, struct err *err)
{
	auto_free char *id = NULL;
	if (store_find(engine->store, STORE_CONTAINER, word, &id, err) < 0)
		return err_is(err, ERR_NOT_FOUND) ? refuse_word(engine, word, err) : -1;
	auto_ptr(ctr) ctr = NULL;
	if (open_id(engine, id, &ctr, err) < 0)
		return -1;
	if (strcmp(ctr->def.name, word) != 0 && !str_starts(id, word)) /* see ctr_rename.c */
		return refuse_word(engine, word, err);
	*ret = take_ptr(ctr);
	return 0;
}

static int by_age(const void *a, const void *b)
{
	const struct ctr *left = *(struct ctr *const *)a, *right = *(struct ctr *const *)b;
	if (left->def.created_ns != right->def.created_ns)
		return left->def.created_ns < right->def.created_ns ? -1 : 1;
	return strcmp(left->id, right->id);
}

/* Sorted, owned. */
static char **list_run_dirs(const struct engine *engine)
{
	auto_close int fd = -EBADF;
	char **names = NULL;
	if (file_open_dir(store_run_fd(engine->store), "containers", &fd) < 0 || file_list(fd, &names) < 0)
		return NULL;
	strv_sort(names);
	return names;
}

int ctr_list(struct engine *engine, struct ctr ***ret, size_t *ret_count, struct err *err)
{
	auto_strv ids = NULL;
	auto_strv run_ids = list_run_dirs(engine); /* before: what ran when we were asked is known to run */
	size_t count = 0, run_count = strv_len(run_ids);
	if (store_list(engine->store, STORE_CONTAINER, &ids, err) < 0)
		return -1;
	struct ctr **list = mem_array(strv_len(ids) + 1, sizeof(struct ctr *));
	for (char **id = ids; id && *id; id++) {
		struct err one = { 0 };
		if (list_id(engine, *id, run_ids, run_count, &list[count], &one) >= 0) {
			count++;
		} else if (!err_is(&one, ERR_NOT_FOUND)) { /* removed meanwhile */
			log_warn("%s", one.text);
		}
	}
	qsort(list, count, sizeof(*list), by_age);
	*ret = list;
	*ret_count = count;
	return 0;
}

void ctr_list_free(struct ctr **ctrs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		ctr_free(ctrs[i]);
	free(ctrs);
}

int ctr_open_latest(struct engine *engine, struct ctr **ret, struct err *err)
{
	struct ctr **list;
	size_t count;
	if (ctr_list(engine, &list, &count, err) < 0)
		return -1;
	if (count)
		*ret = take_ptr(list[count - 1]);
	ctr_list_free(list, count);
	return count ? 0 : err_set(err, ERR_NOT_FOUND, "no containers exist: no such container");
}

int ctr_refresh(struct engine *engine, struct ctr *ctr, struct err *err)
{
	ctr_state_read(engine, ctr);
	return 0;
}

int ctr_need_dir(struct engine *engine, struct ctr *ctr, struct err *err)
{
	return ctr->dir_fd >= 0 ? 0 : store_object_open(engine->store, STORE_CONTAINER, ctr->id, &ctr->dir_fd, err);
}

int ctr_lock(struct engine *engine, struct ctr *ctr, struct err *err)
{
	if (ctr_need_dir(engine, ctr, err) < 0 || store_lock(ctr->dir_fd, STORE_CONTAINER, ctr->id, true, err) < 0)
		return -1;
	ctr_state_read(engine, ctr);
	return 0;
}

void ctr_unlock(struct ctr *ctr)
{
	store_unlock(ctr->dir_fd, STORE_CONTAINER);
	ctr->dir_fd = fd_close(ctr->dir_fd);
}
