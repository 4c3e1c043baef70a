#include "engine/ctr_deps.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/str.h"
#include "codec/json.h"
#include "storage/store.h"

#include <fcntl.h>
#include <unistd.h>

#define NEEDED_BY "needed_by"

/* --- what it needs --- */

static int open_needed(struct engine *engine, const char *word, struct ctr **ret, struct err *err)
{
	if (ctr_open(engine, word, ret, err) >= 0)
		return 0;
	return err_wrap(err, "\"%s\" is not a valid container, cannot be used as a dependency", word); /* COMPAT */
}

static void add_once(char ***list, const char *id)
{
	if (!strv_has(*list, id))
		strv_add(list, id);
}

/* The id instead of the name, which may change. */
static int complete_mode(struct engine *engine, char **mode, char ***needs, struct err *err)
{
	auto_ptr(ctr) other = NULL;
	const char *word = *mode ? str_after(*mode, "container:") : NULL;
	if (!word)
		return 0;
	if (ctr_open(engine, word, &other, err) < 0)
		return -1;
	free(*mode);
	*mode = mem_printf("container:%s", other->id);
	add_once(needs, other->id);
	return 0;
}

int ctr_deps_complete(struct engine *engine, struct ctr_def *def, struct err *err)
{
	char **const modes[] = { &def->pid_mode, &def->net_mode, &def->ipc_mode, &def->uts_mode, &def->cgroup_mode, &def->user_mode };
	auto_strv words = take_ptr(def->requires);
	for (char **word = words; word && *word; word++) {
		auto_ptr(ctr) other = NULL;
		if (open_needed(engine, *word, &other, err) < 0)
			return -1;
		add_once(&def->requires, other->id);
	}
	for (size_t i = 0; i < ARRAY_LEN(modes); i++)
		if (complete_mode(engine, modes[i], &def->requires, err) < 0)
			return -1;
	return 0;
}

static int mark(const struct ctr *needed, const char *id)
{
	auto_close int dir_fd = -EBADF;
	int rc = file_mkdir(needed->dir_fd, NEEDED_BY, 0700);
	if (rc >= 0 || rc == -EEXIST)
		rc = file_open_dir(needed->dir_fd, NEEDED_BY, &dir_fd);
	return rc < 0 ? rc : file_create(dir_fd, id, 0600, "", 0, 0);
}

int ctr_deps_mark(struct engine *engine, const struct ctr_def *def, struct err *err)
{
	for (char **id = def->requires; id && *id; id++) {
		auto_ptr(ctr) needed = NULL;
		if (open_needed(engine, *id, &needed, err) < 0 || ctr_lock(engine, needed, err) < 0)
			return -1;
		int rc = mark(needed, def->id);
		ctr_unlock(needed);
		if (rc < 0)
			return err_sys(err, -rc, "cannot note that container %s is needed by %s", needed->def.name, def->id);
	}
	return 0;
}

struct json *ctr_deps_json_new(const struct ctr_def *def)
{
	struct json *list = json_array_new();
	for (char **id = def->requires; id && *id; id++)
		json_add(list, json_str_new(*id));
	return list;
}

/* --- starting --- */

int ctr_deps_start(struct engine *engine, const struct ctr *ctr, struct err *err)
{
	for (char **id = ctr->def.requires; id && *id; id++) {
		auto_ptr(ctr) needed = NULL;
		int code;
		if (ctr_open(engine, *id, &needed, err) < 0)
			return err_wrap(err, "container %s needs another", ctr->def.name);
		if (needed->status.process.pid && !needed->status.held)
			continue;
		if (ctr_start(engine, needed, &(struct ctr_start_opts){ 0 }, &code, err) < 0)
			return err_wrap(err, "container %s needs %s, which cannot be started", ctr->def.name, needed->def.name);
	}
	return 0;
}

int ctr_deps_check_running(struct engine *engine, const struct ctr *ctr, struct err *err)
{
	auto_str missing = { 0 };
	for (char **id = ctr->def.requires; id && *id; id++) {
		auto_ptr(ctr) needed = NULL;
		if (ctr_open(engine, *id, &needed, err) < 0)
			return err_wrap(err, "container %s needs another", ctr->def.name);
		if (!needed->status.process.pid || needed->status.held)
			str_addf(&missing, "%s%s", missing.len ? ", " : "", *id);
	}
	if (!missing.len)
		return 0;
	/* COMPAT: the sentence scripts look for */
	return err_set(err, ERR_STATE, "some dependencies of container %s are not started: %s: container state improper", ctr->id, missing.data);
}

/* --- who needs it --- */

/* Owned, sorted; NULL: nobody. What means nothing any more goes. */
static char **users_new(struct engine *engine, const struct ctr *ctr)
{
	auto_close int dir_fd = -EBADF;
	auto_strv ids = NULL;
	char **users = NULL;
	if (file_open_dir(ctr->dir_fd, NEEDED_BY, &dir_fd) < 0 || file_list(dir_fd, &ids) < 0)
		return NULL;
	for (char **id = ids; id && *id; id++) {
		auto_close int user_fd = -EBADF;
		struct err gone = { 0 };
		/* asked first: one that is published meanwhile is found by the other question */
		bool made = store_is_being_made(engine->store, *id);
		if (made || store_object_open(engine->store, STORE_CONTAINER, *id, &user_fd, &gone) >= 0 || !err_is(&gone, ERR_NOT_FOUND))
			strv_add(&users, *id);
		else
			unlinkat(dir_fd, *id, 0);
	}
	strv_sort(users);
	return users;
}

bool ctr_deps_is_needed(struct engine *engine, const struct ctr *ctr)
{
	auto_strv users = users_new(engine, ctr);
	return users != NULL;
}

static int remove_user(struct engine *engine, const char *id, const struct ctr_rm_opts *opts, struct err *err)
{
	auto_ptr(ctr) user = NULL;
	if (ctr_open(engine, id, &user, err) < 0) {
		if (!err_is(err, ERR_NOT_FOUND))
			return -1;
		err_clear(err);
		return 0;
	}
	if (ctr_remove(engine, user, opts, err) < 0)
		return -1;
	if (opts->ret_first)
		strv_add(opts->ret_first, id);
	return 0;
}

int ctr_deps_release(struct engine *engine, struct ctr *ctr, const struct ctr_rm_opts *opts, struct err *err)
{
	if (ctr_need_dir(engine, ctr, err) < 0)
		return -1;
	auto_strv users = users_new(engine, ctr);
	if (!users)
		return 0;
	for (char **id = users; opts->depend && *id; id++)
		if (remove_user(engine, *id, opts, err) < 0)
			return -1;
	if (opts->depend)
		return 0;
	auto_free char *all = strv_join(users, ", ");
	/* COMPAT: the sentence scripts look for */
	return err_set(err, ERR_IN_USE, "container %s has dependent containers which must be removed before it: %s: container already exists", ctr->id, all);
}
