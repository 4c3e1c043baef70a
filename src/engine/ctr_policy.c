#include "engine/ctr_policy.h"

#include "base/file.h"
#include "base/ntime.h"
#include "engine/ctr_life.h"
#include "engine/ctr_state.h"
#include "engine/events.h"
#include "storage/store.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

enum { BACKOFF_MS = 100, BACKOFF_MAX_MS = 60 * 1000, LONG_RUN_MS = 10 * 1000 };

bool ctr_policy_is_set(const struct ctr *ctr)
{
	const char *policy = ctr->def.restart_policy;
	return policy && *policy && strcmp(policy, "no") != 0;
}

/* Below containers/, since the container's own descriptor is open only while it is locked. */
static char *mark_dup(const struct ctr *ctr)
{
	return mem_printf("%s/stopped", ctr->id);
}

int ctr_policy_stop(struct engine *engine, const struct ctr *ctr, struct err *err)
{
	auto_free char *mark = mark_dup(ctr);
	if (!ctr_policy_is_set(ctr))
		return 0;
	int rc = file_create(store_kind_fd(engine->store, STORE_CONTAINER), mark, 0600, "", 0, 0);
	return rc < 0 && rc != -EEXIST ? err_sys(err, -rc, "cannot keep container %s from starting again", ctr->def.name) : 0;
}

int ctr_policy_allow(struct engine *engine, struct ctr *ctr, struct err *err)
{
	auto_free char *mark = mark_dup(ctr);
	ctr->status.restarts = 0;
	if (!ctr_policy_is_set(ctr))
		return 0;
	int rc = file_unlink(store_kind_fd(engine->store, STORE_CONTAINER), mark, 0);
	return rc < 0 && rc != -ENOENT ? err_sys(err, -rc, "cannot let container %s start again", ctr->def.name) : 0;
}

static bool is_stopped(struct engine *engine, const struct ctr *ctr)
{
	auto_free char *mark = mark_dup(ctr);
	int dirs_fd = store_kind_fd(engine->store, STORE_CONTAINER);
	return faccessat(dirs_fd, mark, F_OK, 0) == 0 || faccessat(dirs_fd, ctr->id, F_OK, 0) < 0;
}

bool ctr_policy_at_boot(struct engine *engine, const struct ctr *ctr)
{
	const char *policy = ctr->def.restart_policy;
	if (ctr->status.state == CTR_CREATED)
		return false;
	return str_eq(policy, "always") || (str_eq(policy, "unless-stopped") && !is_stopped(engine, ctr));
}

static bool is_wanted(struct engine *engine, const struct ctr *ctr)
{
	const struct ctr_def *def = &ctr->def;
	if (!ctr_policy_is_set(ctr) || ctr->status.state != CTR_EXITED || is_stopped(engine, ctr))
		return false;
	if (strcmp(def->restart_policy, "on-failure") != 0)
		return true;
	return ctr->status.exit_code != 0 && (!def->restart_retries || ctr->status.restarts < def->restart_retries);
}

static int backoff_ms(const struct ctr_status *s)
{
	int64_t ran_ms = (s->finished_ns - s->started_ns) / NS_PER_MS;
	unsigned doubled = ran_ms >= LONG_RUN_MS ? 0 : s->restarts;
	return doubled >= 10 || BACKOFF_MS << doubled > BACKOFF_MAX_MS ? BACKOFF_MAX_MS : BACKOFF_MS << doubled;
}

/* Until the time is over, or somebody marks it or takes it away. Where nothing can be watched the time is waited out. */
static void wait_out(struct engine *engine, const struct ctr *ctr, int ms)
{
	auto_close int dir_fd = -EBADF;
	auto_close int watch_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	struct err gone = { 0 };
	if (store_object_open(engine->store, STORE_CONTAINER, ctr->id, &dir_fd, &gone) < 0)
		return;
	struct fd_path path = fd_proc_path(dir_fd);
	bool watched = watch_fd >= 0 && inotify_add_watch(watch_fd, path.text, IN_CREATE | IN_MOVE_SELF | IN_DELETE_SELF) >= 0;
	struct pollfd p = { .fd = watched ? watch_fd : -1, .events = POLLIN };
	int64_t end = ntime_monotonic() + ms * NS_PER_MS, left;
	while (!is_stopped(engine, ctr) && (left = end - ntime_monotonic()) > 0) {
		char events[4096];
		if (poll(&p, 1, (int)(left / NS_PER_MS) + 1) > 0 && read(watch_fd, events, sizeof(events)) < 0)
			p.fd = -1;
	}
}

int ctr_policy_ended(struct engine *engine, struct ctr *ctr, struct err *err)
{
	int code;
	ctr_state_read(engine, ctr);
	if (!is_wanted(engine, ctr))
		return 0;
	wait_out(engine, ctr, backoff_ms(&ctr->status));
	if (is_stopped(engine, ctr))
		return 0;
	if (ctr_lock(engine, ctr, err) < 0)
		return -1;
	if (!is_wanted(engine, ctr)) {
		ctr_unlock(ctr);
		return 0;
	}
	ctr->status.restarts++;
	events_add_ctr(engine, ctr, "restart");
	return ctr_run(engine, ctr, &(struct ctr_start_opts){ 0 }, &code, err);
}
