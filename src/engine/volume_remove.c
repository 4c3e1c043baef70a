#include "base/log.h"
#include "engine/ctr_life.h"
#include "engine/events.h"
#include "engine/mount_place.h"
#include "engine/volume.h"
#include "storage/store.h"

enum { SWEEP_MS = 50 };

int volume_drop(struct engine *engine, const char *name, struct err *err)
{
	if (mount_place_forget(engine, MOUNT_VOLUME, name, err) < 0 || store_trash(engine->store, STORE_VOLUME, name, err) < 0)
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

int volume_prune(struct engine *engine, const char *name, struct err *err)
{
	if (volume_drop(engine, name, err) < 0)
		return -1;
	events_add_volume(engine, "prune", name);
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
