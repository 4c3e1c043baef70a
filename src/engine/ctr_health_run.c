#include "engine/ctr_health.h"

#include "base/fd.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/ntime.h"
#include "base/proc.h"
#include "codec/json.h"
#include "engine/ctr_exec.h"
#include "engine/ctr_life.h"
#include "engine/ctr_state.h"
#include "engine/events.h"
#include "wire/monitor_proto.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <strings.h>
#include <sys/prctl.h>
#include <unistd.h>

/* --- the program that asks --- */

enum { OUT, ERR_OUT, STREAM_COUNT };
enum { ENDING_MS = 1000 };

struct probe {
	struct ctr_exec_child child;
	struct str text[STREAM_COUNT];
	bool timed_out;
};

/* Bounded: what comes beyond it is read, so that the program does not stop at a full pipe, and dropped. */
static void take_output(int *fd, struct str *text)
{
	char chunk[16 << 10];
	ssize_t got = read(*fd, chunk, sizeof(chunk));
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		*fd = fd_close(*fd);
		return;
	}
	size_t room = LIMIT_HEALTH_OUTPUT_BYTES - text->len;
	str_add_mem(text, chunk, (size_t)got < room ? (size_t)got : room);
}

/* Until it ends: a child of it that keeps the pipes open is not waited for. */
static void watch(struct probe *p, int64_t timeout_ns)
{
	int64_t deadline = timeout_ns > 0 ? ntime_monotonic() + timeout_ns : INT64_MAX;
	int *fds[] = { &p->child.out_fd, &p->child.err_fd };
	for (bool ended = false; !ended;) {
		int64_t left = deadline - ntime_monotonic();
		int ms = deadline == INT64_MAX ? -1 : left <= 0 ? 0 : left / NS_PER_MS >= INT32_MAX ? INT32_MAX : (int)(left / NS_PER_MS) + 1;
		struct pollfd polled[] = { { *fds[OUT], POLLIN, 0 }, { *fds[ERR_OUT], POLLIN, 0 }, { p->child.process.pidfd, POLLIN, 0 } };
		if (poll(polled, ARRAY_LEN(polled), p->timed_out ? -1 : ms) < 0)
			continue;
		if (!p->timed_out && deadline != INT64_MAX && ntime_monotonic() >= deadline) {
			proc_signal(p->child.process.pidfd, SIGKILL);
			p->timed_out = true;
		}
		ended = polled[2].revents;
		for (int i = 0; i < STREAM_COUNT; i++)
			if (polled[i].revents || (ended && *fds[i] >= 0))
				take_output(fds[i], &p->text[i]);
	}
}

static char **command_new(const struct ctr_healthcheck *check)
{
	char **words = NULL;
	if (strcasecmp(check->test[0], "CMD-SHELL") == 0) {
		auto_free char *line = strv_join(check->test + 1, " ");
		strv_add(&words, "/bin/sh");
		strv_add(&words, "-c");
		strv_add(&words, line);
	} else {
		strv_extend(&words, strcasecmp(check->test[0], "CMD") == 0 ? check->test + 1 : check->test);
	}
	return words;
}

/* How it ended, where that is not its answer: killed, and not by us. */
struct outcome {
	bool timed_out, killed;
};

/* What the asking child tells, before the output. */
struct told {
	int64_t start_ns, end_ns;
	int exit_code;
	struct outcome outcome;
};

static void ask(struct engine *engine, struct ctr *ctr, const struct ctr_healthcheck *check, char *const *words, int fd)
{
	const struct ctr_exec_opts opts = { .command = (char **)words };
	struct probe p = { 0 };
	struct err why = { 0 };
	struct told told = { .start_ns = ntime_now(), .exit_code = 1 };
	prctl(PR_SET_CHILD_SUBREAPER, 1); /* the program is our child, as that of a session is its monitor's */
	if (ctr_exec_spawn(engine, ctr, &opts, &p.child, &why) < 0) { /* it cannot be run: that is an answer */
		str_add(&p.text[OUT], why.text);
	} else {
		watch(&p, check->timeout_ns);
		int code = proc_wait(p.child.process.pid);
		told.exit_code = code == 0 && !p.timed_out ? 0 : p.timed_out ? 125 : 1; /* COMPAT */
		told.outcome = (struct outcome){ .timed_out = p.timed_out, .killed = !p.timed_out && code == 128 + SIGKILL };
	}
	told.end_ns = ntime_now();
	if (fd_write_full(fd, &told, sizeof(told)) < 0 || fd_write_full(fd, str_text(&p.text[OUT]), p.text[OUT].len) < 0 ||
	    fd_write_full(fd, str_text(&p.text[ERR_OUT]), p.text[ERR_OUT].len) < 0)
		proc_exit(125);
	proc_exit(0);
}

static int hear(int fd, const struct ctr *ctr, struct ctr_health_entry *ret, struct outcome *ret_outcome, struct err *err)
{
	struct told told;
	char *output = mem_alloc(STREAM_COUNT * LIMIT_HEALTH_OUTPUT_BYTES + 1);
	if (fd_read_full(fd, &told, sizeof(told)) != sizeof(told) || fd_read_full(fd, output, STREAM_COUNT * LIMIT_HEALTH_OUTPUT_BYTES) < 0) {
		free(output);
		return err_set(err, ERR_INTERNAL, "the health check of container %s ended without an answer", ctr->def.name);
	}
	*ret = (struct ctr_health_entry){ .start_ns = told.start_ns, .end_ns = told.end_ns, .exit_code = told.exit_code, .output = output };
	*ret_outcome = told.outcome;
	return 0;
}

/* In a child: who has started a program in a container's process namespace may be unable to come back to ours (rt_spawn.c), and what
 * follows an answer starts processes, too. */
static int ask_in_child(struct engine *engine, struct ctr *ctr, const struct ctr_healthcheck *check, struct ctr_health_entry *ret,
			struct outcome *ret_outcome, struct err *err)
{
	auto_strv words = command_new(check);
	int fds[2];
	if (!strv_len(words)) /* COMPAT */
		return err_set(err, ERR_STATE, "container %s has no defined healthcheck", ctr->id);
	int rc = fd_pipe(fds);
	if (rc < 0)
		return err_sys(err, -rc, "cannot make a pipe");
	pid_t pid = proc_fork();
	if (pid == 0) {
		fd_close(fds[0]);
		ask(engine, ctr, check, words, fds[1]);
	}
	fd_close(fds[1]);
	rc = pid < 0 ? err_sys(err, errno, "cannot run the health check of container %s", ctr->def.name) : hear(fds[0], ctr, ret, ret_outcome, err);
	fd_close(fds[0]);
	if (pid > 0)
		proc_wait(pid);
	return rc;
}

/* --- what follows --- */

static int start_again(struct engine *engine, struct ctr *ctr, bool counts, struct err *err)
{
	bool stopped;
	uint32_t restarts = ctr->status.restarts + counts;
	if (ctr->def.remove)
		return err_set(err, ERR_UNSUPPORTED, "container %s was started with --rm and goes when it is stopped: it cannot be restarted", ctr->def.name);
	if (ctr_stop(engine, ctr, -1, &stopped, err) < 0)
		return -1;
	events_add_ctr(engine, ctr, "restart");
	return ctr_start_counted(engine, ctr, restarts, err);
}

static int act(struct engine *engine, struct ctr *ctr, enum ctr_health_step step, struct err *err)
{
	const char *action = ctr->def.health_on_failure;
	bool stopped;
	if (step == CTR_HEALTH_START_AGAIN)
		return start_again(engine, ctr, false, err);
	if (step == CTR_HEALTH_GO_ON || !action)
		return 0;
	if (str_eq(action, "kill")) /* COMPAT: as if a person had, so that --restart is over */
		return ctr_kill(engine, ctr, SIGKILL, err);
	if (str_eq(action, "stop"))
		return ctr_stop(engine, ctr, -1, &stopped, err);
	return str_eq(action, "restart") ? start_again(engine, ctr, true, err) : 0;
}

static int check_runs(struct ctr *ctr, struct err *err)
{
	if (!ctr_health_is_set(&ctr->def)) /* COMPAT: the sentences scripts look for */
		return err_set(err, ERR_STATE, "container %s has no defined healthcheck", ctr->id);
	if (ctr->status.state != CTR_RUNNING)
		return err_set(err, ERR_STATE, "container %s is not running", ctr->id);
	return 0;
}

/* The kernel kills everybody else in a process namespace before its first process is gone: who was killed, and not by us, may have
 * been told by that. */
static bool is_ending(const struct ctr *ctr, const struct outcome *outcome)
{
	auto_close int pidfd = -EBADF;
	if (!outcome->killed)
		return false;
	return proc_open(&ctr->status.process, &pidfd) < 0 || proc_wait_gone(pidfd, ENDING_MS) > 0;
}

/* The record as it is now, since another check may have been faster, with this answer. */
static int record(struct engine *engine, struct ctr *ctr, int64_t asked_of_ns, struct ctr_health_entry *answer, const struct outcome *outcome,
		  enum ctr_health_step *ret_step, struct ctr_health_result *ret, struct err *err)
{
	auto_val(ctr_health) health = { 0 };
	bool well = answer->exit_code == 0, ending = is_ending(ctr, outcome);
	*ret_step = CTR_HEALTH_GO_ON;
	if (ctr_lock(engine, ctr, err) < 0)
		return -1;
	ctr_health_read(engine, ctr, &health);
	if (ctr->status.started_ns != asked_of_ns) { /* another life of it: this answer says nothing about that one */
		free(take_ptr(answer->output));
		ret->monitor_word = health.started ? MONITOR_PROBE_REGULAR : MONITOR_PROBE_STARTUP;
		ctr_unlock(ctr);
		return 0;
	}
	bool startup = ctr_health_current(&ctr->def, &health) != ctr->def.health, was_well = str_eq(health.status, "healthy");
	bool ended = ending || (ctr->status.state != CTR_RUNNING && ctr->status.state != CTR_PAUSED);
	*ret_step = ctr_health_judge(&ctr->def, ctr->status.started_ns, answer, &health);
	if (ended) { /* it was asked while it ended */
		*ret_step = CTR_HEALTH_GO_ON;
		health.streak = 0;
		free(health.status);
		health.status = mem_strdup("stopped");
	}
	int rc = ctr_health_write(ctr, &health, err);
	ret->monitor_word = health.started ? MONITOR_PROBE_REGULAR : MONITOR_PROBE_STARTUP;
	ret->turned_well = !was_well && str_eq(health.status, "healthy");
	snprintf(ret->word, sizeof(ret->word), "%s", well ? "" : ended ? "stopped" : startup ? "starting" : "unhealthy");
	if (rc >= 0)
		events_add_health(engine, ctr, &health);
	ctr_unlock(ctr);
	return rc;
}

int ctr_health_run(struct engine *engine, struct ctr *ctr, struct ctr_health_result *ret, struct err *err)
{
	auto_val(ctr_health) health = { 0 };
	struct ctr_health_entry answer;
	enum ctr_health_step step;
	struct outcome outcome = { 0 };
	*ret = (struct ctr_health_result){ .monitor_word = MONITOR_PROBE_UNKNOWN };
	ctr_state_read(engine, ctr);
	if (check_runs(ctr, err) < 0)
		return -1;
	ctr_health_read(engine, ctr, &health);
	const struct ctr_healthcheck *check = ctr_health_current(&ctr->def, &health);
	int64_t asked_of_ns = ctr->status.started_ns;
	if (ask_in_child(engine, ctr, check, &answer, &outcome, err) < 0 || record(engine, ctr, asked_of_ns, &answer, &outcome, &step, ret, err) < 0 ||
	    act(engine, ctr, step, err) < 0)
		return -1;
	if (outcome.timed_out) /* COMPAT */
		return err_set(err, ERR_STATE, "healthcheck command exceeded timeout of %s", ntime_duration(check->timeout_ns).text);
	return 0;
}
