#include "engine/ctr_deps.h"
#include "engine/ctr_life.h"
#include "engine/ctr_state.h"
#include "engine/events.h"

static int check_restartable(const struct ctr *ctr, struct err *err)
{
	enum ctr_state state = ctr->status.state;
	if (state == CTR_PAUSED || state == CTR_REMOVING) /* COMPAT: the sentence scripts look for */
		return err_set(err, ERR_STATE, "unable to restart a container in a paused or unknown state: container state improper");
	if (ctr->status.process.pid && ctr->def.remove)
		return err_set(err, ERR_UNSUPPORTED, "container %s was started with --rm and goes when it is stopped: it cannot be restarted",
			       ctr->def.name);
	return 0;
}

int ctr_restart(struct engine *engine, struct ctr *ctr, int timeout_s, struct err *err)
{
	bool stopped;
	int code;
	ctr_state_read(engine, ctr);
	if (check_restartable(ctr, err) < 0 || ctr_deps_check_running(engine, ctr, err) < 0)
		return -1;
	events_add_ctr(engine, ctr, "restart");
	if (ctr->status.process.pid && ctr_stop(engine, ctr, timeout_s, &stopped, err) < 0)
		return -1;
	return ctr_start(engine, ctr, &(struct ctr_start_opts){ 0 }, &code, err);
}
