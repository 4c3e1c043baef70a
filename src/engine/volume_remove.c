#include "base/log.h"
#include "engine/ctr_life.h"
#include "engine/events.h"
#include "engine/volume.h"
#include "storage/store.h"

enum { SWEEP_MS = 50 };

int volume_drop(struct engine *engine, const char *name, struct err *err)
{
	if (store_trash(engine->store, STORE_VOLUME, name, err) < 0)
		return -1;
	events_add_volume(engine, "remove", name);
	return 0;
}

int volume_drop_with(struct engine *engine, const char *name, const char *container, struct err *err)
{
	auto_strv users = NULL;
	if (volume_users(engine, name, &users, err) < 0)
		return -1;
	for (char **user = users; user && *user; user++)
		if (strcmp(*user, container) != 0)
			return 0;
	return volume_drop(engine, name, err);
}

/* COMPAT: their anonymous volumes stay. */
static int remove_users(struct engine *engine, char *const *ids, int time_s, struct err *err)
{
	const struct ctr_rm_opts opts = { .force = true, .ignore = true, .time_s = time_s };
	for (; ids && *ids; ids++) {
		auto_ptr(ctr) ctr = NULL;
		if (ctr_open(engine, *ids, &ctr, err) >= 0) {
			if (ctr_remove(engine, ctr, &opts, err) < 0)
				return -1;
			continue;
		}
		if (!err_is(err, ERR_NOT_FOUND))
			return -1;
		err_clear(err);
	}
	return 0;
}

int volume_remove(struct engine *engine, const char *name, bool force, int time_s, struct err *err)
{
	auto_strv users = NULL;
	if (volume_users(engine, name, &users, err) < 0)
		return -1;
	auto_free char *list = strv_join(users, ", ");
	if (users && !force)
		return err_set(err, ERR_IN_USE, "volume %s is being used by the following container(s): %s: volume is being used", name, list);
	if (remove_users(engine, users, time_s, err) < 0)
		return -1;
	if (volume_drop(engine, name, err) < 0)
		return -1;
	store_empty_trash(engine->store, SWEEP_MS);
	return 0;
}

int volume_unused(struct engine *engine, char *const *filters, char ***ret_names, struct err *err)
{
	struct volume **list;
	size_t count;
	int rc = 0;
	if (volume_list(engine, filters, false, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; rc >= 0 && i < count; i++) {
		auto_strv users = NULL;
		rc = volume_users(engine, list[i]->name, &users, err);
		if (rc >= 0 && !users)
			strv_add(ret_names, list[i]->name);
	}
	volume_list_free(list, count);
	return rc;
}

int volume_prune(struct engine *engine, char *const *filters, char ***ret_names, struct err *err)
{
	auto_strv names = NULL;
	if (volume_unused(engine, filters, &names, err) < 0)
		return -1;
	for (char **name = names; name && *name; name++) {
		struct err one = { 0 };
		if (volume_drop(engine, *name, &one) < 0) {
			if (!err_is(&one, ERR_NOT_FOUND))
				log_warn("%s", one.text);
			continue;
		}
		events_add_volume(engine, "prune", *name);
		strv_add(ret_names, *name);
	}
	store_empty_trash(engine->store, SWEEP_MS);
	return 0;
}

void volume_remove_orphans(struct engine *engine, const char *owner)
{
	auto_strv names = NULL;
	struct err ignored = { 0 };
	if (store_list(engine->store, STORE_VOLUME, &names, &ignored) < 0)
		log_debug("%s", ignored.text);
	for (char **name = names; name && *name; name++) {
		auto_ptr(volume) volume = NULL;
		struct err one = { 0 };
		if (volume_record_read(engine, *name, &volume, &one) < 0 ||
		    (str_eq(volume->owner, owner) && volume_drop_with(engine, *name, owner, &one) < 0))
			log_debug("%s", one.text);
	}
}
