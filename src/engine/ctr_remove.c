#include "base/file.h"
#include "base/log.h"
#include "engine/ctr_deps.h"
#include "engine/ctr_life.h"
#include "engine/ctr_net.h"
#include "engine/ctr_state.h"
#include "engine/events.h"
#include "engine/mount_place.h"
#include "engine/volume.h"
#include "host/cgroup.h"
#include "storage/store.h"

#include <fcntl.h>
#include <stdio.h>

enum { SWEEP_MS = 50, REMOVE_MS = 1000 };

static void remove_run_dir(struct engine *engine, const char *id)
{
	auto_close int parent_fd = openat(store_run_fd(engine->store), "containers", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = parent_fd >= 0 ? file_remove_tree(parent_fd, id) : 0;
	if (rc < 0 && rc != -ENOENT)
		log_warn("cannot remove the run directory of container %s: %s", id, err_reason(-rc));
}

static void remove_cgroup(const struct ctr *ctr)
{
	struct err ignored = { 0 };
	const char *parent = ctr->def.cgroup_parent;
	int rc;
	if (ctr->status.cgroup)
		rc = cgroup_remove(ctr->status.cgroup, REMOVE_MS, &ignored);
	else if (str_eq(ctr->def.cgroups, "split")) /* a start that was killed has made it and not written where */
		rc = cgroup_split_remove(ctr->id, REMOVE_MS, &ignored);
	else
		rc = cgroup_remove_any(ctr->id, parent && *parent ? parent : NULL, REMOVE_MS, &ignored);
	if (rc < 0)
		log_debug("container %s: %s", ctr->def.name, ignored.text);
}

static void remove_volumes(struct engine *engine, const struct ctr *ctr)
{
	for (size_t i = 0; i < ctr->def.mount_count; i++) {
		const struct ctr_mount *m = &ctr->def.mounts[i];
		struct err one = { 0 };
		if (m->anonymous && str_eq(m->type, "volume") && volume_drop_with(engine, m->source, ctr->id, &one) < 0 &&
		    !err_is(&one, ERR_NOT_FOUND))
			log_warn("%s", one.text);
	}
}

/* COMPAT: the id file goes with the container; one that somebody has used again since does not. */
static void remove_cidfile(const struct ctr *ctr)
{
	auto_free char *id = NULL;
	size_t len;
	const char *path = ctr->def.cidfile;
	if (path && *path && file_read(AT_FDCWD, path, STORE_ID_MAX + 1, &id, &len) >= 0 && strncmp(id, ctr->id, strlen(ctr->id)) == 0 &&
	    file_unlink(AT_FDCWD, path, 0) < 0)
		log_debug("the id file '%s' stays", path);
}

/* Its volumes first: who is killed meanwhile finds them by it. Then the container: as long as it is there it has its name, and a
 * name that points to nothing may be taken at once. Who empties the trash drops the name of one that was killed between the two. */
static int drop(struct engine *engine, struct ctr *ctr, bool volumes, struct err *err)
{
	if (volumes)
		remove_volumes(engine, ctr);
	if (mount_place_forget(engine, MOUNT_CONTAINER, ctr->id, err) < 0 || store_trash(engine->store, STORE_CONTAINER, ctr->id, err) < 0)
		return -1;
	if (store_name_drop(engine->store, STORE_CONTAINER, ctr->def.name, ctr->id, err) < 0) {
		if (!err_is(err, ERR_NOT_FOUND))
			return -1;
		err_clear(err);
	}
	remove_cidfile(ctr);
	events_add_ctr(engine, ctr, "remove");
	return 0;
}

/* Another process was faster: it is gone, as was asked. */
static int drop_raced(int rc, struct err *err)
{
	if (rc >= 0 || !err_is(err, ERR_NOT_FOUND))
		return rc;
	err_clear(err);
	return 0;
}

static bool has_run_dir(struct engine *engine, const char *id)
{
	auto_close int run_fd = -EBADF;
	struct err absent = { 0 };
	return store_run_dir(engine->store, id, false, &run_fd, &absent) >= 0;
}

static void sweep_one(struct engine *engine, const char *id)
{
	struct ctr gone = { .dir_fd = -EBADF };
	snprintf(gone.id, sizeof(gone.id), "%s", id);
	gone.def.name = gone.id;
	ctr_state_read(engine, &gone);
	if (!gone.status.process.pid) {
		remove_cgroup(&gone);
		remove_run_dir(engine, id);
	}
	ctr_status_done(&gone.status);
}

void ctr_sweep(struct engine *engine, int max_ms)
{
	auto_strv removed = NULL;
	auto_strv unborn = NULL;
	struct err ignored = { 0 };
	if (store_list_trash(engine->store, &removed, &ignored) < 0 || store_list_abandoned(engine->store, &unborn, &ignored) < 0)
		log_debug("%s", ignored.text);
	/* the monitor that was to do it was killed, or is about to do it: either way it may be done twice */
	for (char **id = removed; id && *id; id++)
		if (has_run_dir(engine, *id))
			sweep_one(engine, *id);
	/* a start prepares while its container is published: see ctr_start_begin */
	for (char **id = unborn; id && *id; id++) {
		if (!has_run_dir(engine, *id))
			continue;
		volume_remove_orphans(engine, *id);
		sweep_one(engine, *id);
	}
	store_empty_trash(engine->store, max_ms);
}

/* --rm, and another needs it. */
static bool stays(struct engine *engine, const struct ctr *ctr)
{
	bool needed = ctr_deps_is_needed(engine, ctr);
	if (needed)
		log_warn("container %s stays: others need it (see Dependencies of inspect)", ctr->def.name);
	return needed;
}

int ctr_hand_over(struct engine *engine, struct ctr *ctr, bool *ret_handed, struct err *err)
{
	*ret_handed = false;
	if (ctr_lock(engine, ctr, err) < 0)
		return -1;
	int rc = 0;
	if (!ctr->status.process.pid && !stays(engine, ctr)) {
		ctr_net_teardown(engine, ctr);
		rc = drop(engine, ctr, true, err);
		*ret_handed = rc >= 0;
	}
	ctr_unlock(ctr);
	return drop_raced(rc, err);
}

int ctr_cleanup(struct engine *engine, struct ctr *ctr, bool remove, struct err *err)
{
	if (ctr_lock(engine, ctr, err) < 0)
		return -1;
	int rc = 0;
	if (!ctr->status.process.pid) { /* somebody has started it again otherwise */
		ctr_net_teardown(engine, ctr);
		remove_cgroup(ctr);
		bool kept = remove && stays(engine, ctr);
		if (remove && !kept)
			rc = drop(engine, ctr, true, err);
		else if (ctr->status.held && ctr->status.state == CTR_EXITED) /* it was never let go, but ended: its exit record counts */
			rc = ctr_state_started(ctr, err);
		if (!kept) /* how it ended is told there */
			remove_run_dir(engine, ctr->id);
		if (remove)
			ctr_sweep(engine, SWEEP_MS);
	}
	ctr_unlock(ctr);
	return drop_raced(rc, err);
}

/* Locked and without a process. A start that was under way when we looked has ended its part once we have the lock. */
static int lock_ended(struct engine *engine, struct ctr *ctr, const struct ctr_rm_opts *opts, struct err *err)
{
	ctr_state_read(engine, ctr);
	for (;;) {
		bool stopped;
		if (ctr->status.process.pid && !ctr->status.held && !opts->force)
			/* COMPAT: the sentence scripts look for */
			return err_set(err, ERR_STATE,
				       "cannot remove container %s as it is %s - running or paused containers cannot be removed without force: container state improper",
				       ctr->id, ctr_state_word(ctr->status.state));
		if ((ctr->status.process.pid && ctr_stop(engine, ctr, opts->time_s, &stopped, err) < 0) || ctr_lock(engine, ctr, err) < 0)
			return -1;
		if (!ctr->status.process.pid)
			return 0;
		ctr_unlock(ctr);
	}
}

/* What needs it may come until it is locked. */
static int lock_unneeded(struct engine *engine, struct ctr *ctr, const struct ctr_rm_opts *opts, struct err *err)
{
	for (;;) {
		if (ctr_deps_release(engine, ctr, opts, err) < 0 || lock_ended(engine, ctr, opts, err) < 0)
			return -1;
		if (!ctr_deps_is_needed(engine, ctr))
			return 0;
		ctr_unlock(ctr);
	}
}

int ctr_remove(struct engine *engine, struct ctr *ctr, const struct ctr_rm_opts *opts, struct err *err)
{
	int rc = lock_unneeded(engine, ctr, opts, err);
	if (rc < 0)
		return drop_raced(rc, err);
	ctr_net_teardown(engine, ctr);
	remove_cgroup(ctr);
	rc = drop(engine, ctr, opts->volumes, err);
	remove_run_dir(engine, ctr->id);
	ctr_sweep(engine, SWEEP_MS);
	ctr_unlock(ctr);
	return drop_raced(rc, err);
}
