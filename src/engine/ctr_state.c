#include "engine/ctr_state.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/ntime.h"
#include "codec/json_parse.h"
#include "codec/shape.h"
#include "engine/cgroup_state.h"
#include "engine/ctr_health.h"
#include "storage/store.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

struct run_record {
	struct proc_id process, monitor;
	int64_t started_ns;
	bool held;
	uint32_t restarts;
	char *cgroup;
	struct ctr_net net;
};

struct exit_record {
	int code;
	int64_t finished_ns, log_lost;
	bool oom;
};

struct started_record {
	int64_t started_ns;
	uint32_t restarts;
};

static const struct shape_field net_fields[] = {
	SHAPE_STRING(struct ctr_net, network, "network", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRING(struct ctr_net, ip, "ip", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_INT(struct ctr_net, prefix, "prefix", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRING(struct ctr_net, gateway, "gateway", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRING(struct ctr_net, mac, "mac", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRING(struct ctr_net, ip6, "ip6", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_INT(struct ctr_net, prefix6, "prefix6", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRING(struct ctr_net, gateway6, "gateway6", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRING(struct ctr_net, device, "device", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRING(struct ctr_net, own_ip, "own_ip", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRING(struct ctr_net, host_ip, "host_ip", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRING(struct ctr_net, dns_ip, "dns_ip", .rule = SHAPE_OMIT_EMPTY),
};
static const struct shape net_shape = SHAPE(struct ctr_net, "net", net_fields);

static const struct shape_field proc_fields[] = {
	SHAPE_INT(struct proc_id, pid, "pid"),
	SHAPE_U64(struct proc_id, start_ticks, "start_ticks"),
};
static const struct shape proc_shape = SHAPE(struct proc_id, "process", proc_fields);

static const struct shape_field run_fields[] = {
	SHAPE_STRUCT(struct run_record, process, "process", struct proc_id, &proc_shape),
	SHAPE_STRUCT(struct run_record, monitor, "monitor", struct proc_id, &proc_shape),
	SHAPE_I64(struct run_record, started_ns, "started_ns"),
	SHAPE_BOOL(struct run_record, held, "held", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_U32(struct run_record, restarts, "restarts", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRING(struct run_record, cgroup, "cgroup", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRUCT(struct run_record, net, "net", struct ctr_net, &net_shape),
};
static const struct shape run_shape = SHAPE(struct run_record, "state", run_fields);

static const struct shape_field exit_fields[] = {
	SHAPE_INT(struct exit_record, code, "code", .rule = SHAPE_REQUIRED),
	SHAPE_I64(struct exit_record, finished_ns, "finished_ns", .rule = SHAPE_REQUIRED),
	SHAPE_BOOL(struct exit_record, oom, "oom"),
	SHAPE_I64(struct exit_record, log_lost, "log_lost"),
};
static const struct shape exit_shape = SHAPE(struct exit_record, "exit", exit_fields);

static const struct shape_field started_fields[] = {
	SHAPE_I64(struct started_record, started_ns, "started_ns", .rule = SHAPE_REQUIRED),
	SHAPE_U32(struct started_record, restarts, "restarts", .rule = SHAPE_OMIT_EMPTY),
};
static const struct shape started_shape = SHAPE(struct started_record, "started", started_fields);

enum { RECORD_MAX_BYTES = 64 << 10 };

static bool read_record(int dir_fd, const char *file, const struct shape *shape, void *ret)
{
	auto_free char *data = NULL;
	size_t len;
	struct err ignored = { 0 };
	return dir_fd >= 0 && file_read(dir_fd, file, RECORD_MAX_BYTES, &data, &len) >= 0 &&
	       shape_parse(shape, data, len, LIMIT_JSON_DEPTH_OUTSIDE, 0, ret, &ignored) >= 0;
}

/* In its directory, which need not be open. */
static bool read_of(int dirs_fd, const struct ctr *ctr, const char *file, const struct shape *shape, void *ret)
{
	char path[sizeof(ctr->id) + 32];
	snprintf(path, sizeof(path), "%s/%s", ctr->id, file);
	return read_record(dirs_fd, path, shape, ret);
}

void ctr_status_done(struct ctr_status *status)
{
	free(status->error);
	free(status->cgroup);
	free(status->health);
	shape_done(&net_shape, &status->net);
	*status = (struct ctr_status){ 0 };
}

bool ctr_state_alive(const struct proc_id *id)
{
	int pidfd;
	if (id->pid <= 0 || proc_open(id, &pidfd) < 0)
		return false;
	bool gone = proc_wait_gone(pidfd, 0) == 1; /* a zombie's pidfd is readable */
	fd_close(pidfd);
	return !gone;
}

static void take_run(struct ctr_status *s, struct run_record *run)
{
	s->process = run->process;
	s->monitor = run->monitor;
	s->started_ns = run->started_ns;
	s->held = run->held;
	s->restarts = run->restarts;
	s->cgroup = take_ptr(run->cgroup);
	s->net = run->net;
	run->net = (struct ctr_net){ 0 };
}

/* The record of its last end; one of an earlier life does not count. */
static bool read_exit(const struct ctr *ctr, int run_fd, int dirs_fd, struct exit_record *ret)
{
	*ret = (struct exit_record){ 0 };
	bool there = ctr->def.remove ? read_record(run_fd, "exit", &exit_shape, ret) : read_of(dirs_fd, ctr, "exit", &exit_shape, ret);
	return there && ret->finished_ns >= ctr->status.started_ns;
}

static bool has_end(const struct ctr *ctr, int run_fd, int dirs_fd)
{
	struct exit_record end;
	return read_exit(ctr, run_fd, dirs_fd, &end);
}

static void read_state(struct engine *engine, struct ctr *ctr, int run_fd)
{
	struct ctr_status *s = &ctr->status;
	ctr_status_done(s);
	if (ctr_health_is_set(&ctr->def))
		s->health = ctr_health_status_dup(engine, ctr);
	struct run_record run = { 0 };
	bool has_run = read_record(run_fd, "state.json", &run_shape, &run);
	if (has_run)
		take_run(s, &run);
	if (has_run && ctr_state_alive(&s->process)) {
		s->state = s->held ? CTR_INITIALIZED : s->cgroup && cgroup_state_frozen(s->cgroup) ? CTR_PAUSED : CTR_RUNNING;
		s->started_ns = s->held ? 0 : s->started_ns;
		return;
	}
	struct started_record started = { 0 };
	int dirs_fd = store_kind_fd(engine->store, STORE_CONTAINER);
	if (has_run && s->held && !has_end(ctr, run_fd, dirs_fd)) {
		if (ctr_state_alive(&s->monitor)) { /* which is about to say it */
			s->state = CTR_INITIALIZED;
			return;
		}
		/* it went with its monitor, and is as if it had never been prepared */
		s->held = has_run = has_end(ctr, run_fd, dirs_fd);
		s->started_ns = has_run ? s->started_ns : 0;
	}
	if (!has_run && read_of(dirs_fd, ctr, "started", &started_shape, &started)) {
		s->started_ns = started.started_ns;
		s->restarts = started.restarts;
	}
	if (!s->started_ns) {
		s->process.pid = 0;
		s->state = CTR_CREATED;
		return;
	}
	struct exit_record end;
	bool known = read_exit(ctr, run_fd, dirs_fd, &end);
	if (has_run && !known) {
		/* it runs until its monitor has said how it ended */
		if (ctr_state_alive(&s->monitor)) {
			s->state = CTR_RUNNING;
			return;
		}
		known = read_exit(ctr, run_fd, dirs_fd, &end);
	}
	s->process.pid = 0;
	s->state = CTR_EXITED;
	if (known) {
		s->exit_code = end.code;
		s->finished_ns = end.finished_ns;
		s->oom_killed = end.oom;
		s->log_lost = end.log_lost;
	} else {
		s->exit_code = CTR_EXIT_UNKNOWN;
		s->finished_ns = s->started_ns;
	}
}

void ctr_state_read(struct engine *engine, struct ctr *ctr)
{
	char path[sizeof("containers/") + sizeof(ctr->id)];
	snprintf(path, sizeof(path), "containers/%s", ctr->id);
	auto_close int run_fd = openat(store_run_fd(engine->store), path, O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	read_state(engine, ctr, run_fd);
}

void ctr_state_read_at_rest(struct engine *engine, struct ctr *ctr)
{
	read_state(engine, ctr, -EBADF);
}

static int write_record(int dir_fd, const char *file, const struct shape *shape, const void *record, struct err *err)
{
	auto_str text = { 0 };
	shape_write(shape, record, &text, &json_style_compact);
	int rc = file_write(dir_fd, file, 0600, text.data, text.len, FILE_SOLE);
	return rc < 0 ? err_sys(err, -rc, "cannot write '%s'", file) : 0;
}

int ctr_state_write(const struct ctr *ctr, int run_dir_fd, struct err *err)
{
	const struct ctr_status *s = &ctr->status;
	struct run_record run = {
		.process = s->process, .monitor = s->monitor, .started_ns = s->started_ns,
		.held = s->held, .restarts = s->restarts, .cgroup = s->cgroup, .net = s->net, /* borrowed */
	};
	return write_record(run_dir_fd, "state.json", &run_shape, &run, err);
}

void ctr_state_forget(int run_dir_fd)
{
	unlinkat(run_dir_fd, "state.json", 0);
}

int ctr_state_started(const struct ctr *ctr, struct err *err)
{
	struct started_record started = { .started_ns = ctr->status.started_ns, .restarts = ctr->status.restarts };
	/* after a reboot a --rm container is only garbage, whatever it did */
	return ctr->def.remove ? 0 : write_record(ctr->dir_fd, "started", &started_shape, &started, err);
}
