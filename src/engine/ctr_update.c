#include "engine/ctr_update.h"

#include "base/str.h"
#include "codec/json.h"
#include "engine/boot_notice.h"
#include "engine/ctr_client.h"
#include "engine/ctr_complete.h"
#include "engine/ctr_health.h"
#include "engine/ctr_health_words.h"
#include "engine/ctr_limits.h"
#include "engine/events.h"
#include "host/cgroup.h"
#include "storage/store.h"

int ctr_update_begin(struct engine *engine, struct ctr *ctr, struct ctr_opts *opts, struct err *err)
{
	if (ctr_lock(engine, ctr, err) < 0)
		return -1;
	auto_ptr(json) record = NULL;
	int rc = store_record_read(ctr->dir_fd, "definition.json", &record, err);
	if (rc >= 0) {
		ctr_def_done(&opts->def);
		rc = ctr_def_from_json(record, &opts->def, err);
	}
	if (rc >= 0)
		rc = ctr_refresh(engine, ctr, err);
	if (rc < 0)
		ctr_unlock(ctr);
	return rc;
}

void ctr_update_done(struct ctr *ctr)
{
	ctr_unlock(ctr);
}

/* What was added to the list of variables is still in the words of flags. */
static void settle_env(struct ctr_opts *opts)
{
	auto_strv words = opts->def.env;
	opts->def.env = NULL;
	ctr_complete_env(&opts->def.env, words);
	for (char **key = opts->unsetenv; key && *key && opts->def.env; key++)
		strv_env_unset(opts->def.env, *key);
}

static int limit_running(const struct ctr *ctr, const struct ctr_def *def, struct err *err)
{
	struct cgroup_limits limits;
	auto_val(cgroup) cg = { .v2_fd = -EBADF };
	ctr_limits_read(def, &limits);
	if (!ctr->status.process.pid)
		return 0;
	if (!ctr->status.cgroup || !*ctr->status.cgroup)
		return err_set(err, ERR_UNSUPPORTED, "container %s has no control group here: stop it, and update it then", ctr->def.name);
	return cgroup_open(ctr->status.cgroup, &cg, err) < 0 ? -1 : cgroup_update(&cg, &limits, err);
}

/* A check that is new begins with nothing known; one that was changed goes on. */
static int ask_anew(struct engine *engine, const struct ctr *ctr, const struct ctr_def *def, bool had_health, struct err *err)
{
	struct monitor_health times;
	if (!had_health && ctr_health_is_set(def) && ctr_health_begin(ctr, err) < 0)
		return -1;
	ctr_health_times(def, &times);
	ctr_client_say_health(engine, ctr, &times);
	return 0;
}

int ctr_update_apply(struct engine *engine, struct ctr *ctr, struct ctr_opts *opts, struct err *err)
{
	settle_env(opts);
	if (opts->def.remove && opts->def.restart_policy && *opts->def.restart_policy && !str_eq(opts->def.restart_policy, "no"))
		return err_set(err, ERR_USAGE, "container %s goes when it ends (--rm): it cannot have a restart policy", ctr->def.name);
	bool health = false, had_health = ctr_health_is_set(&ctr->def);
	if (ctr_health_change(opts, &health, err) < 0 || ctr_complete_limits(opts, err) < 0 || limit_running(ctr, &opts->def, err) < 0)
		return err_wrap(err, "container %s", ctr->def.name);
	auto_ptr(json) record = ctr_def_to_json_new(&opts->def);
	if (store_record_write(ctr->dir_fd, "definition.json", record, true, err) < 0)
		return -1;
	if (health && ctr->status.process.pid && ask_anew(engine, ctr, &opts->def, had_health, err) < 0)
		return -1;
	boot_notice(engine, &opts->def);
	events_add_ctr(engine, ctr, "update");
	return 0;
}
