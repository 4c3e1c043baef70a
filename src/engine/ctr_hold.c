#include "engine/ctr_hold.h"

#include "base/fd.h"
#include "base/ntime.h"
#include "engine/ctr_client.h"
#include "engine/ctr_health.h"
#include "engine/ctr_notify.h"
#include "engine/ctr_state.h"
#include "engine/events.h"
#include "runtime/rt.h"
#include "storage/store.h"

#include <sys/socket.h>

static int no_answer(const struct ctr *ctr, struct err *err)
{
	return err_set(err, ERR_STATE, "the monitor of container %s does not answer: stop the container, and start it then", ctr->def.name);
}

/* The socket to its stage: whoever has it, and nobody else, decides whether the program runs. */
static int take_control(struct engine *engine, const struct ctr *ctr, bool foreground, int *ret_client_fd, struct rt_process *ret, struct err *err)
{
	auto_close int fd = -EBADF, control_fd = -EBADF;
	const char ask[] = { MONITOR_GO, foreground };
	char answer;
	if (proc_open(&ctr->status.process, &ret->pidfd) < 0 || ctr_client_connect(engine, ctr, &fd) < 0 || send(fd, ask, sizeof(ask), MSG_NOSIGNAL) < 0)
		return no_answer(ctr, err);
	ssize_t got = fd_recv(fd, &control_fd, &answer, sizeof(answer));
	if (got != sizeof(answer) || answer != MONITOR_GO || control_fd < 0)
		return no_answer(ctr, err);
	*ret_client_fd = take_fd(fd);
	ret->control_fd = take_fd(control_fd);
	return 0;
}

static int record(struct engine *engine, struct ctr *ctr, struct err *err)
{
	auto_close int run_fd = -EBADF;
	ctr->status.held = false;
	ctr->status.started_ns = ntime_now();
	return store_run_dir(engine->store, ctr->id, false, &run_fd, err) < 0 || ctr_state_write(ctr, run_fd, err) < 0 ? -1 : ctr_state_started(ctr, err);
}

static int begin_health(struct engine *engine, const struct ctr *ctr, struct err *err)
{
	struct monitor_health times;
	if (!ctr_health_is_set(&ctr->def))
		return 0;
	if (ctr_health_begin(ctr, err) < 0)
		return -1;
	ctr_health_times(&ctr->def, &times);
	ctr_client_say_health(engine, ctr, &times);
	return 0;
}

int ctr_hold_release(struct engine *engine, struct ctr *ctr, bool foreground, int *ret_client_fd, struct err *err)
{
	auto_close int client_fd = -EBADF;
	struct rt_process process = { .pid = ctr->status.process.pid, .pidfd = -EBADF, .control_fd = -EBADF, .console_fd = -EBADF, .root_fd = -EBADF };
	int rc = take_control(engine, ctr, foreground, &client_fd, &process, err);
	if (rc >= 0)
		rc = record(engine, ctr, err);
	if (rc >= 0)
		rc = ctr_notify_started(&ctr->def, ctr->status.monitor.pid, err);
	if (rc >= 0)
		rc = begin_health(engine, ctr, err);
	if (rc >= 0) {
		events_add_ctr(engine, ctr, "start"); /* before it runs: its own end must not come first */
		rc = rt_release(&process, err);
	}
	rt_process_done(&process); /* of one that was not let go this is the end: the stage hears it */
	if (rc < 0)
		return -1;
	*ret_client_fd = take_fd(client_fd);
	return 0;
}
