#include "base/fd.h"
#include "base/ntime.h"
#include "engine/ctr_client.h"
#include "engine/ctr_life.h"
#include "engine/ctr_state.h"
#include "storage/store.h"

#include <poll.h>
#include <time.h>

enum { MONITOR_GRACE_MS = 10 * 1000 }; /* from a container's last breath to its monitor's */

void ctr_wait_monitor(const struct ctr *ctr)
{
	auto_close int pidfd = -EBADF;
	if (proc_open(&ctr->status.monitor, &pidfd) >= 0)
		proc_wait_gone(pidfd, MONITOR_GRACE_MS);
}

static int wait_end(struct engine *engine, struct ctr *ctr, int *ret_exit_code, struct err *err)
{
	int code;
	if (ctr->status.process.pid && ctr_client_wait_exit(engine, ctr, &code) >= 0) {
		*ret_exit_code = code;
		return 0;
	}
	/* no monitor answers: it has just ended, or was killed */
	auto_close int pidfd = -EBADF;
	if (ctr->status.process.pid && proc_open(&ctr->status.process, &pidfd) >= 0)
		proc_wait_gone(pidfd, -1);
	ctr_wait_monitor(ctr);
	ctr_state_read(engine, ctr);
	*ret_exit_code = ctr->status.exit_code;
	return 0;
}

/* 1: it is as asked */
static int wait_health(const struct ctr *ctr, unsigned states, struct err *err)
{
	const char *health = ctr->status.health;
	if (!(states & (CTR_WAIT_HEALTHY | CTR_WAIT_UNHEALTHY)))
		return 0;
	if (!health)
		return err_set(err, ERR_STATE, "cannot use condition \"%s\": container %s has no healthcheck",
			       states & CTR_WAIT_HEALTHY ? "healthy" : "unhealthy", ctr->id);
	if ((states & CTR_WAIT_HEALTHY && strcmp(health, "healthy") == 0) || (states & CTR_WAIT_UNHEALTHY && strcmp(health, "unhealthy") == 0))
		return 1;
	return ctr->status.process.pid ? 0 : err_set(err, ERR_STATE, "container is stopped"); /* COMPAT */
}

/* 1: it is as asked. */
static int look(const struct ctr *ctr, unsigned states, int *ret_exit_code, struct err *err)
{
	bool there = states & 1u << ctr->status.state;
	*ret_exit_code = there && ctr->status.state == CTR_EXITED ? ctr->status.exit_code : -1;
	return there ? 1 : wait_health(ctr, states, err);
}

static int look_again(struct engine *engine, struct ctr *ctr, struct err *err)
{
	auto_close int still = -EBADF;
	struct err gone = { 0 };
	if (store_object_open(engine->store, STORE_CONTAINER, ctr->id, &still, &gone) < 0)
		return err_set(err, ERR_NOT_FOUND, "container %s was removed: no such container", ctr->def.name);
	ctr_state_read(engine, ctr);
	return 0;
}

int ctr_wait(struct engine *engine, struct ctr *ctr, unsigned states, int interval_ms, int *ret_exit_code, struct err *err)
{
	ctr_state_read(engine, ctr);
	for (;;) {
		int rc = look(ctr, states, ret_exit_code, err);
		if (rc != 0)
			return rc < 0 ? -1 : 0;
		if (states == 1u << CTR_EXITED && ctr->status.process.pid)
			return wait_end(engine, ctr, ret_exit_code, err);
		/* Nothing tells when another command starts or pauses it */
		struct timespec pause = { interval_ms / 1000, interval_ms % 1000 * NS_PER_MS };
		nanosleep(&pause, NULL);
		if (look_again(engine, ctr, err) < 0)
			return -1;
	}
}

/* --- the first of several --- */

/* Who runs is listened to: its monitor tells the code, also of one that is gone by then. 1: told. */
static int listen_to(struct engine *engine, struct ctr *const *ctrs, struct pollfd *fds, size_t count, int timeout_ms, int *ret_exit_code)
{
	for (size_t i = 0; i < count; i++)
		if (fds[i].fd < 0 && ctrs[i]->status.process.pid && ctr_client_listen(engine, ctrs[i], &fds[i].fd) < 0)
			fds[i].fd = -EBADF;
	if (poll(fds, count, timeout_ms) <= 0)
		return 0;
	for (size_t i = 0; i < count; i++) {
		if (fds[i].fd < 0 || !fds[i].revents)
			continue;
		if (ctr_client_hear_exit(fds[i].fd, ret_exit_code) >= 0)
			return 1;
		fds[i].fd = fd_close(fds[i].fd);
	}
	return 0;
}

static int first_of(struct engine *engine, struct ctr *const *ctrs, struct pollfd *fds, size_t count, unsigned states, int interval_ms, int *ret_exit_code,
		    struct err *err)
{
	for (;;) {
		for (size_t i = 0; i < count; i++) {
			int rc = look_again(engine, ctrs[i], err) < 0 ? -1 : look(ctrs[i], states, ret_exit_code, err);
			if (rc != 0)
				return rc < 0 ? -1 : 0;
		}
		if (listen_to(engine, ctrs, fds, states & 1u << CTR_EXITED ? count : 0, interval_ms, ret_exit_code))
			return 0;
	}
}

int ctr_wait_first(struct engine *engine, struct ctr *const *ctrs, size_t count, unsigned states, int interval_ms, int *ret_exit_code, struct err *err)
{
	auto_free struct pollfd *fds = mem_array(count + 1, sizeof(*fds));
	for (size_t i = 0; i < count; i++)
		fds[i] = (struct pollfd){ .fd = -EBADF, .events = POLLIN };
	int rc = first_of(engine, ctrs, fds, count, states, interval_ms, ret_exit_code, err);
	for (size_t i = 0; i < count; i++)
		fd_close(fds[i].fd);
	return rc;
}
