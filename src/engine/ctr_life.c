#include "engine/ctr_life.h"

#include "base/log.h"
#include "base/ntime.h"
#include "engine/ctr_attach.h"
#include "engine/ctr_client.h"
#include "engine/ctr_create.h"
#include "engine/ctr_deps.h"
#include "engine/ctr_health.h"
#include "engine/ctr_hold.h"
#include "engine/ctr_log.h"
#include "engine/ctr_policy.h"
#include "engine/ctr_start.h"
#include "engine/ctr_state.h"
#include "engine/events.h"
#include "engine/signal_names.h"
#include "host/cgroup.h"
#include "storage/store.h"

#include <signal.h>
#include <sys/socket.h>
#include <time.h>

enum {
	DEFAULT_STOP_TIMEOUT_S = 10,
	KILL_GRACE_MS = 10 * 1000,
};

/* --- start --- */

/* The record is written while M prepares what needs no directory. */
static int publish(struct engine *engine, struct ctr *ctr, struct ctr_start_job *job, const struct ctr_start_opts *opts, struct err *err)
{
	return ctr_publish(engine, ctr, err) < 0 || ctr_start_go(job, ctr, err) < 0 ? -1 : 0;
}

static int start_monitor(struct engine *engine, struct ctr *ctr, const struct ctr_start_opts *opts, int client_fd, struct err *err)
{
	struct ctr_start_job job;
	struct err given_up = { 0 };
	bool published = ctr->dir_fd >= 0;
	if (ctr_start_begin(engine, ctr, opts, client_fd, &job, err) < 0)
		return -1;
	int rc = published ? 0 : publish(engine, ctr, &job, opts, err);
	int ended = ctr_start_end(&job, rc < 0 ? &given_up : err);
	if (ctr->dir_fd >= 0)
		ctr_unlock(ctr);
	return rc < 0 || ended < 0 ? -1 : 0;
}

/* The monitor of the run before holds its ports, and may be about to clean up, for which it needs the lock. */
static int lock_at_rest(struct engine *engine, struct ctr *ctr, struct err *err)
{
	if (ctr_lock(engine, ctr, err) < 0)
		return -1;
	if (ctr->status.state != CTR_EXITED || !ctr->status.monitor.pid)
		return 0;
	ctr_unlock(ctr);
	ctr_wait_monitor(ctr);
	return ctr_lock(engine, ctr, err);
}

/* As the foreground command, to its end. */
static int attend(struct engine *engine, struct ctr *ctr, int client_fd, const struct ctr_start_opts *opts, int *ret_code, struct err *err)
{
	struct ctr_attach_opts attach = { .in = opts->attach_stdin && ctr->def.interactive && !ctr_log_passes(&ctr->def), .out = opts->attach_stdout,
					  .err_out = opts->attach_stderr, .sig_proxy = opts->sig_proxy,
					  .detach_keys = opts->detach_keys };
	bool detached = false;
	ctr_state_read(engine, ctr);
	if (ctr_client_run(engine, ctr, client_fd, &attach, ret_code, &detached, err) < 0)
		return -1;
	if (detached || ctr_policy_is_set(ctr)) /* whether it starts again is for the monitor to find out */
		return 0;
	bool handed = false;
	if (ctr->def.remove ? ctr_hand_over(engine, ctr, &handed, err) < 0 : ctr_cleanup(engine, ctr, false, err) < 0)
		return -1;
	ctr_client_say_done(client_fd, handed ? ctr->id : NULL);
	return 0;
}

static int start_attached(struct engine *engine, struct ctr *ctr, const struct ctr_start_opts *opts, int *ret_code, struct err *err)
{
	int pair[2];
	int rc = fd_socketpair(SOCK_SEQPACKET, pair);
	if (rc < 0)
		return err_sys(err, -rc, "cannot make a socket");
	auto_close int client_fd = pair[0], monitor_fd = pair[1];
	rc = start_monitor(engine, ctr, opts, monitor_fd, err);
	monitor_fd = fd_close(monitor_fd);
	return rc < 0 ? -1 : attend(engine, ctr, client_fd, opts, ret_code, err);
}

static bool is_attached(const struct ctr_start_opts *opts)
{
	return opts->attach_stdin || opts->attach_stdout || opts->attach_stderr;
}

/* Locked; unlocked when it has been let go. */
static int start_held(struct engine *engine, struct ctr *ctr, const struct ctr_start_opts *opts, int *ret_code, struct err *err)
{
	auto_close int client_fd = -EBADF;
	int rc = ctr_hold_release(engine, ctr, is_attached(opts), &client_fd, err);
	ctr_unlock(ctr);
	if (rc < 0) {
		ctr_wait_monitor(ctr); /* it ends with what it kept */
		return -1;
	}
	if (is_attached(opts))
		return attend(engine, ctr, client_fd, opts, ret_code, err);
	ctr_state_read(engine, ctr);
	return 0;
}

static int check_startable(const struct ctr *ctr, bool attached, struct err *err)
{
	switch (ctr->status.state) {
	case CTR_CREATED:
	case CTR_INITIALIZED:
	case CTR_EXITED:
		return 1;
	case CTR_RUNNING:
	case CTR_STOPPING:
		return attached ? err_set(err, ERR_STATE, "container %s is running already: use attach", ctr->def.name) : 0;
	case CTR_PAUSED:
		return err_set(err, ERR_STATE, "container %s is paused: unpause it", ctr->def.name);
	case CTR_REMOVING:
	case CTR_STATE_COUNT:
		break;
	}
	return err_set(err, ERR_STATE, "container %s is being removed", ctr->def.name);
}

static int start(struct engine *engine, struct ctr *ctr, const struct ctr_start_opts *opts, int *ret_exit_code, struct err *err)
{
	*ret_exit_code = 0;
	if (is_attached(opts))
		return start_attached(engine, ctr, opts, ret_exit_code, err);
	int rc = start_monitor(engine, ctr, opts, -EBADF, err);
	if (rc >= 0)
		ctr_state_read(engine, ctr);
	return rc;
}

static int start_at_rest(struct engine *engine, struct ctr *ctr, const struct ctr_start_opts *opts, uint32_t restarts, int *ret_exit_code, struct err *err)
{
	*ret_exit_code = 0;
	if (ctr_deps_start(engine, ctr, err) < 0 || lock_at_rest(engine, ctr, err) < 0)
		return -1;
	int rc = check_startable(ctr, is_attached(opts), err);
	if (rc > 0 && ctr_policy_allow(engine, ctr, err) < 0)
		rc = -1;
	ctr->status.restarts = restarts;
	if (rc > 0)
		return ctr->status.held ? start_held(engine, ctr, opts, ret_exit_code, err) : start(engine, ctr, opts, ret_exit_code, err);
	ctr_unlock(ctr);
	return rc;
}

int ctr_init(struct engine *engine, struct ctr *ctr, struct err *err)
{
	if (ctr_deps_check_running(engine, ctr, err) < 0 || lock_at_rest(engine, ctr, err) < 0)
		return -1;
	if (ctr->status.state != CTR_CREATED && ctr->status.state != CTR_EXITED) {
		ctr_unlock(ctr);
		return err_set(err, ERR_STATE, "container %s has already been created in runtime: container state improper", ctr->id); /* COMPAT */
	}
	ctr->status.restarts = 0;
	return start_monitor(engine, ctr, &(struct ctr_start_opts){ .hold = true }, -EBADF, err);
}

int ctr_start(struct engine *engine, struct ctr *ctr, const struct ctr_start_opts *opts, int *ret_exit_code, struct err *err)
{
	return start_at_rest(engine, ctr, opts, 0, ret_exit_code, err);
}

int ctr_start_counted(struct engine *engine, struct ctr *ctr, uint32_t restarts, struct err *err)
{
	int code;
	return start_at_rest(engine, ctr, &(struct ctr_start_opts){ 0 }, restarts, &code, err);
}

/* What could not be started and was to go when it ends, goes now. */
static void remove_failed(struct engine *engine, struct ctr *ctr)
{
	struct err ignored = { 0 };
	const struct ctr_rm_opts all = { .force = true, .volumes = true };
	if (ctr->def.remove && ctr_remove(engine, ctr, &all, &ignored) < 0 && !err_is(&ignored, ERR_NOT_FOUND))
		log_warn("container %s could not be removed: %s", ctr->id, ignored.text);
}

int ctr_run(struct engine *engine, struct ctr *ctr, const struct ctr_start_opts *opts, int *ret_exit_code, struct err *err)
{
	if (ctr_deps_start(engine, ctr, err) < 0) {
		ctr_give_up(engine, ctr);
		return -1;
	}
	int rc = start(engine, ctr, opts, ret_exit_code, err);
	if (rc < 0)
		remove_failed(engine, ctr);
	return rc;
}

/* --- signals --- */

static int open_process(const struct ctr *ctr, int *ret_pidfd, struct err *err)
{
	int rc = proc_open(&ctr->status.process, ret_pidfd);
	return rc < 0 ? err_set(err, ERR_STATE, "container %s has ended", ctr->def.name) : 0;
}

/* A reload is no end. */
static bool is_meant_to_end(const struct ctr *ctr, int sig)
{
	int own = SIGTERM;
	const char *word = ctr->def.stop_signal;
	bool known = word && *word && signal_names_parse(word, &own) >= 0;
	return sig == SIGKILL || sig == SIGTERM || sig == SIGINT || sig == SIGQUIT || (known && sig == own);
}

int ctr_kill(struct engine *engine, struct ctr *ctr, int sig, struct err *err)
{
	ctr_state_read(engine, ctr);
	if (!ctr->status.process.pid || ctr->status.held)
		/* COMPAT: the sentence scripts look for */
		return err_set(err, ERR_STATE,
			       "can only kill running containers. %s is in state %s: container state improper", ctr->id,
			       ctr_state_word(ctr->status.state));
	auto_close int pidfd = -EBADF;
	if (open_process(ctr, &pidfd, err) < 0 || (is_meant_to_end(ctr, sig) && ctr_policy_stop(engine, ctr, err) < 0))
		return -1;
	int rc = proc_signal(pidfd, sig);
	if (rc < 0)
		return err_sys(err, -rc, "cannot send signal %d to container %s", sig, ctr->def.name);
	events_add_ctr(engine, ctr, "kill");
	return 0;
}

int ctr_pause(struct engine *engine, struct ctr *ctr, bool pause, struct err *err)
{
	ctr_state_read(engine, ctr);
	enum ctr_state needed = pause ? CTR_RUNNING : CTR_PAUSED;
	if (ctr->status.state != needed)
		return err_set(err, ERR_STATE, "\"%s\" is not %s, can't %s: container state improper", ctr_state_word(ctr->status.state),
			       ctr_state_word(needed), pause ? "pause" : "unpause"); /* COMPAT */
	if (!ctr->status.cgroup)
		return err_set(err, ERR_UNSUPPORTED, "container %s has no cgroup of its own, so it cannot be paused", ctr->def.name);
	auto_val(cgroup) group = { .v2_fd = -EBADF };
	if (cgroup_open(ctr->status.cgroup, &group, err) < 0 || cgroup_freeze(&group, pause, err) < 0)
		return -1;
	events_add_ctr(engine, ctr, pause ? "pause" : "unpause");
	return !pause && ctr_health_is_set(&ctr->def) ? ctr_health_reset(engine, ctr, err) : 0;
}

static int stop_process(struct ctr *ctr, int pidfd, int timeout_s, struct err *err)
{
	int sig = SIGTERM;
	if (ctr->def.stop_signal && *ctr->def.stop_signal && signal_names_parse(ctr->def.stop_signal, &sig) < 0)
		return err_set(err, ERR_INVALID, "container %s: unknown stop signal '%s'", ctr->def.name, ctr->def.stop_signal);
	if (timeout_s > 0) {
		proc_signal(pidfd, sig);
		if (proc_wait_gone(pidfd, timeout_s > INT32_MAX / 1000 ? -1 : timeout_s * 1000) == 1)
			return 0;
		log_warn("StopSignal %s failed to stop container %s in %d seconds, resorting to SIGKILL", signal_names_text(sig),
			 ctr->def.name, timeout_s);
	}
	proc_signal(pidfd, SIGKILL);
	if (proc_wait_gone(pidfd, KILL_GRACE_MS) != 1)
		return err_set(err, ERR_STATE, "container %s does not end, though it was killed: a process of it hangs in the kernel",
			       ctr->def.name);
	return 0;
}

static int stop(struct engine *engine, struct ctr *ctr, int timeout_s, bool *ret_stopped, struct err *err)
{
	ctr_state_read(engine, ctr);
	if (ctr->status.process.pid) {
		auto_close int pidfd = -EBADF;
		if (ctr->status.state == CTR_PAUSED && ctr_pause(engine, ctr, false, err) < 0)
			return -1;
		if (ctr->status.held) /* nothing of the program runs that could do something about it */
			timeout_s = 0;
		else if (timeout_s < 0)
			timeout_s = ctr->def.stop_timeout_set ? ctr->def.stop_timeout_s : DEFAULT_STOP_TIMEOUT_S;
		if (proc_open(&ctr->status.process, &pidfd) >= 0 && stop_process(ctr, pidfd, timeout_s, err) < 0)
			return -1;
		events_add_ctr(engine, ctr, "stop");
		*ret_stopped = true;
	}
	ctr_wait_monitor(ctr);
	if (ctr->def.remove)
		return 0; /* it cleaned up after itself, or the next command does */
	return ctr_cleanup(engine, ctr, false, err);
}

int ctr_stop(struct engine *engine, struct ctr *ctr, int timeout_s, bool *ret_stopped, struct err *err)
{
	*ret_stopped = false;
	if (ctr_policy_stop(engine, ctr, err) < 0)
		return -1;
	/* one that was just starting again has it done when cleaning up has had its lock */
	do {
		if (stop(engine, ctr, timeout_s, ret_stopped, err) < 0)
			return -1;
	} while (ctr_policy_is_set(ctr) && ctr->status.process.pid);
	return 0;
}
