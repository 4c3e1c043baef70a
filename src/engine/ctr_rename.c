#include "base/log.h"
#include "codec/json.h"
#include "engine/ctr_life.h"
#include "engine/ctr_name.h"
#include "engine/events.h"
#include "storage/store.h"

/* The new name is taken, the definition says so, the old name goes: in this order, and under the container's lock. Who is killed
 * between two of these leaves a name that its container does not have: nobody finds the container by it (ctr_open), and who wants
 * it takes it away (ctr_rename_mend). */

static int take_name(struct engine *engine, const char *name, const char *id, struct err *err)
{
	for (int tries = 0; tries < 2; tries++) {
		if (store_name_reserve(engine->store, STORE_CONTAINER, name, id, err) >= 0)
			return store_name_sync(engine->store, STORE_CONTAINER, err);
		if (!err_is(err, ERR_EXISTS))
			return -1;
		auto_free char *holder = NULL;
		struct err gone = { 0 };
		err_clear(err);
		if (store_name_get(engine->store, STORE_CONTAINER, name, &holder, &gone) >= 0) {
			if (strcmp(holder, id) == 0)
				return 0; /* a rename that was killed took it */
			if (!ctr_rename_mend(engine, name, holder))
				break;
		}
	}
	return err_set(err, ERR_EXISTS, "the container name \"%s\" is already in use: remove that container to use the name again", name);
}

static int write_name(struct ctr *ctr, const char *name, struct err *err)
{
	char *old = ctr->def.name;
	ctr->def.name = mem_strdup(name);
	auto_ptr(json) record = ctr_def_to_json_new(&ctr->def);
	int rc = store_record_write(ctr->dir_fd, "definition.json", record, true, err);
	if (rc < 0) {
		free(ctr->def.name);
		ctr->def.name = old;
		return rc;
	}
	free(old);
	return 0;
}

static int drop_name(struct engine *engine, const char *name, const char *id, struct err *err)
{
	if (store_name_drop(engine->store, STORE_CONTAINER, name, id, err) >= 0)
		return 0;
	if (!err_is(err, ERR_NOT_FOUND))
		return -1;
	err_clear(err);
	return 0;
}

static int rename_locked(struct engine *engine, struct ctr *ctr, const char *name, struct err *err)
{
	auto_free char *old = mem_strdup(ctr->def.name);
	struct err ignored = { 0 };
	if (take_name(engine, name, ctr->id, err) < 0)
		return -1;
	if (write_name(ctr, name, err) < 0) {
		if (drop_name(engine, name, ctr->id, &ignored) < 0)
			log_debug("%s", ignored.text);
		return -1;
	}
	if (drop_name(engine, old, ctr->id, err) < 0)
		return -1;
	events_add_ctr(engine, ctr, "rename");
	return 0;
}

int ctr_rename(struct engine *engine, struct ctr *ctr, const char *name, struct err *err)
{
	if (!ctr_name_valid(name))
		return err_set(err, ERR_USAGE, "names must match [a-zA-Z0-9][a-zA-Z0-9_.-]*: invalid argument");
	if (strcmp(ctr->def.name, name) == 0)
		return 0;
	if (ctr_lock(engine, ctr, err) < 0)
		return -1;
	int rc = rename_locked(engine, ctr, name, err);
	ctr_unlock(ctr);
	return rc;
}

bool ctr_rename_mend(struct engine *engine, const char *name, const char *id)
{
	auto_ptr(ctr) ctr = NULL;
	struct err ignored = { 0 };
	if (ctr_open(engine, id, &ctr, &ignored) < 0 || strcmp(ctr->def.name, name) == 0 || ctr_lock(engine, ctr, &ignored) < 0)
		return false;
	/* a rename that was under way when we looked has ended its part once we have the lock */
	auto_ptr(ctr) now = NULL;
	bool stale = ctr_open(engine, id, &now, &ignored) >= 0 && strcmp(now->def.name, name) != 0 &&
		     drop_name(engine, name, id, &ignored) >= 0;
	ctr_unlock(ctr);
	if (ignored.kind)
		log_debug("%s", ignored.text);
	return stale;
}
