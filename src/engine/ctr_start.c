#include "engine/ctr_start.h"

#include "base/file.h"
#include "base/log.h"
#include "base/ntime.h"
#include "base/num.h"
#include "engine/ctr_cdi.h"
#include "engine/ctr_files.h"
#include "engine/ctr_health.h"
#include "engine/ctr_idmap.h"
#include "engine/ctr_limits.h"
#include "engine/ctr_log.h"
#include "engine/ctr_net.h"
#include "engine/ctr_notify.h"
#include "engine/ctr_policy.h"
#include "engine/ctr_spec.h"
#include "engine/ctr_state.h"
#include "engine/ctr_tree.h"
#include "engine/ctr_trees.h"
#include "engine/events.h"
#include "engine/volume.h"
#include "host/cgroup.h"
#include "host/libexec.h"
#include "host/resctrl.h"
#include "host/userns.h"
#include "runtime/rt.h"
#include "storage/extra_store.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* Everything one start holds. launch_done gives back what did not become the container's. */
struct launch {
	struct engine *engine;
	struct ctr *ctr;
	struct ctr_spec spec;
	struct cgroup cgroup;
	struct rt_process process;
	struct ctr_net_job net;
	int go_fd; /* of a container that is not published yet, or -EBADF */
	char *run_path, **monitor_words, **journal_words;
	char *self; /* our own program, which the monitor calls */
	int run_fd;
	int stdio[3], ours[3]; /* given to the process; our ends */
	struct ctr_log log;
	int listen_fd, log_fd, log_dir_fd, exit_fd, events_dir_fd, oom_fd, monitor_fd;
	bool spawned, reserved, recorded;
};

static void launch_init(struct launch *l, struct engine *engine, struct ctr *ctr)
{
	*l = (struct launch){ .engine = engine, .ctr = ctr, .cgroup.v2_fd = -EBADF, .run_fd = -EBADF, .listen_fd = -EBADF,
			      .log_fd = -EBADF, .log_dir_fd = -EBADF, .exit_fd = -EBADF, .events_dir_fd = -EBADF, .oom_fd = -EBADF,
			      .monitor_fd = -EBADF, .go_fd = -EBADF };
	for (int i = 0; i < 3; i++)
		l->stdio[i] = l->ours[i] = -EBADF;
	l->process = (struct rt_process){ .pidfd = -EBADF, .control_fd = -EBADF, .console_fd = -EBADF, .root_fd = -EBADF };
}

/* After a failure: the process, its network, its group, its run directory. */
static void launch_undo(struct launch *l)
{
	if (l->spawned)
		rt_abort(&l->process);
	if (l->reserved)
		ctr_net_teardown(l->engine, l->ctr);
	ctr_net_job_done(&l->net);
	struct err ignored = { 0 };
	if (l->cgroup.path && cgroup_remove(l->cgroup.path, 1000, &ignored) < 0)
		log_debug("%s", ignored.text);
	cgroup_close(&l->cgroup);
	if (l->recorded)
		ctr_state_forget(l->run_fd);
	if (l->run_fd >= 0 && !l->ctr->def.remove) /* the attach socket of a start that failed */
		unlinkat(l->run_fd, "attach", 0);
	if (l->ctr->dir_fd >= 0 || !l->run_path)
		return;
	/* never published */
	volume_remove_orphans(l->engine, l->ctr->id);
	if (file_remove_tree(AT_FDCWD, l->run_path) < 0)
		log_debug("'%s' stays", l->run_path);
}

static int open_log(struct launch *l, struct err *err)
{
	if (ctr_log_read(&l->ctr->def, &l->log, err) < 0)
		return -1;
	if (l->log.kind == CTR_LOG_JOURNAL)
		return ctr_log_journal_words(l->engine, l->ctr, &l->log, &l->journal_words, err);
	if (l->log.kind != CTR_LOG_FILE)
		return 0;
	if ((l->log.path || l->log.max_bytes) && ctr_log_open_dir(l->ctr, &l->log, &l->log_dir_fd, err) < 0)
		return -1;
	l->log_fd = openat(l->log_dir_fd >= 0 ? l->log_dir_fd : l->ctr->dir_fd, ctr_log_name(&l->log),
			   O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	return l->log_fd < 0 ? err_sys(err, errno, "cannot open the log of container %s", l->ctr->def.name) : 0;
}

/* Under a run directory the path may exceed what a socket address holds, so it is bound below a descriptor. */
static int open_attach(struct launch *l, struct err *err)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	snprintf(addr.sun_path, sizeof(addr.sun_path), "/proc/self/fd/%d/attach", l->run_fd);
	unlinkat(l->run_fd, "attach", 0);
	l->listen_fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	mode_t old = umask(0177);
	int rc = l->listen_fd < 0 || bind(l->listen_fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 || listen(l->listen_fd, 16) < 0 ? -errno : 0;
	umask(old);
	return rc < 0 ? err_sys(err, -rc, "cannot make the attach socket of container %s", l->ctr->def.name) : 0;
}

static int open_stdio(struct launch *l, struct err *err)
{
	bool interactive = l->ctr->def.interactive;
	if (l->ctr->def.tty)
		return 0; /* the stage makes the terminal */
	if (l->log.kind == CTR_LOG_PASSTHROUGH) {
		if (ctr_log_check_terminal(&l->log, err) < 0)
			return -1;
		for (int i = 0; i < 3; i++)
			l->stdio[i] = i; /* the caller's own */
		return 0;
	}
	for (int i = 0; i < 3; i++) {
		int fds[2];
		if (i == 0 && !interactive) {
			l->stdio[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
			if (l->stdio[0] < 0)
				return err_sys(err, errno, "cannot open '/dev/null'");
			continue;
		}
		int rc = fd_pipe(fds);
		if (rc < 0)
			return err_sys(err, -rc, "cannot make a pipe");
		l->stdio[i] = fds[i == 0 ? 0 : 1];
		l->ours[i] = fds[i == 0 ? 1 : 0];
		/* the container's user must be able to open /dev/stdout again */
		if (fchown(l->stdio[i], ctr_idmap_uid(&l->spec.spec, l->spec.spec.process.uid), ctr_idmap_gid(&l->spec.spec, l->spec.spec.process.gid)) < 0)
			log_debug("cannot give a pipe to the container's user: %s", err_reason(errno));
	}
	return 0;
}

static int open_files(struct launch *l, struct err *err)
{
	if (open_log(l, err) < 0 || open_attach(l, err) < 0 || open_stdio(l, err) < 0)
		return -1;
	l->exit_fd = l->ctr->def.remove ? l->run_fd : l->ctr->dir_fd;
	l->events_dir_fd = l->engine->events.backend == EVENTS_FILE ? events_open_dir(l->engine) : -EBADF;
	return 0;
}

/* Of a container that is published already something may be left from a run before. */
static bool is_again(const struct launch *l)
{
	return l->ctr->dir_fd >= 0;
}

static int make_cgroup(struct launch *l, struct err *err)
{
	struct cgroup_limits limits;
	if (str_eq(l->ctr->def.cgroups, "disabled"))
		return 0;
	ctr_limits_read(&l->ctr->def, &limits);
	const char *parent = l->ctr->def.cgroup_parent;
	int rc = str_eq(l->ctr->def.cgroups, "split") ? cgroup_split(l->ctr->id, &limits, &l->cgroup, err) :
							cgroup_create(l->ctr->id, parent && *parent ? parent : NULL, &limits, &l->cgroup, err);
	if (rc < 0)
		return -1;
	/* one that was there before may have been left by a pause whose processes were killed: what is born in it would wait for ever */
	if (l->cgroup.v2_fd >= 0 && is_again(l) && cgroup_freeze(&l->cgroup, false, err) < 0)
		return -1;
	/* COMPAT: no-conmon, split. systemd hears "ready" only from who is in the unit. */
	bool stays = str_eq(l->ctr->def.cgroups, "no-conmon") || str_eq(l->ctr->def.cgroups, "split") || getenv("NOTIFY_SOCKET");
	rc = stays ? 0 : cgroup_leave_unit(&l->cgroup);
	if (rc < 0)
		log_debug("the monitor stays in the group of whoever started it: %s", err_reason(-rc));
	if (l->cgroup.v2_fd >= 0)
		l->oom_fd = openat(l->cgroup.v2_fd, "memory.events", O_RDONLY | O_CLOEXEC);
	return 0;
}

/* --- the monitor's command line --- */

static void give_fd(char ***argv, const char *key, int fd)
{
	if (fd >= 0)
		strv_addf(argv, "%s=%d", key, fd);
}

/* Only now: nothing that is started before the monitor inherits them. */
static void let_inherit(char *const *words)
{
	for (; words && *words; words++) {
		const char *value = strchr(*words, '=');
		uint64_t fd;
		if (value && value - *words > 3 && strncmp(value - 3, "_fd", 3) == 0 && num_u64(value + 1, INT32_MAX, &fd) == 0)
			fd_set_cloexec((int)fd, false);
	}
}

static int zone_minutes(void)
{
	time_t now = time(NULL);
	struct tm tm;
	localtime_r(&now, &tm);
	return (int)(tm.tm_gmtoff / 60);
}

static void hold_namespace(struct launch *l, char ***argv, const char *name)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/ns/%s", l->process.pid, name);
	give_fd(argv, "hold_fd", open(path, O_RDONLY | O_CLOEXEC));
}

/* What the foreground command leaves to the monitor: see ctr_hand_over. */
static void add_leavings(struct launch *l, char ***argv)
{
	auto_strv groups = NULL;
	cgroup_list_dirs(&l->cgroup, &groups);
	for (char **group = groups; group && *group; group++)
		strv_addf(argv, "cgroup=%s", *group);
	strv_addf(argv, "run=%s", l->run_path);
	strv_addf(argv, "trash=%s/trash", store_graphroot(l->engine->store));
}

static void add_self(struct launch *l, char ***argv, const char *prefix)
{
	strv_addf(argv, "%s--root=%s", prefix, store_graphroot(l->engine->store));
	strv_addf(argv, "%s--runroot=%s", prefix, store_runroot(l->engine->store));
	strv_addf(argv, "%s--events-backend=%s", prefix, events_conf_word(l->engine->events.backend));
}

static void add_probe(struct launch *l, char ***argv)
{
	strv_addf(argv, "probe=%s", l->self);
	add_self(l, argv, "probe=");
	strv_add(argv, "probe=healthcheck");
	strv_add(argv, "probe=run");
	strv_add(argv, "probe=--from-monitor");
	strv_addf(argv, "probe=%s", l->ctr->id);
	struct monitor_health times;
	ctr_health_times(&l->ctr->def, &times);
	if (l->ctr->status.held) /* told when it is let go */
		return;
	if (times.regular_ms)
		strv_addf(argv, "probe_ms=%d", times.regular_ms);
	if (times.startup_ms)
		strv_addf(argv, "startup_ms=%d", times.startup_ms);
}

static void add_monitor_words(struct launch *l, int client_fd)
{
	char ***argv = &l->monitor_words;
	const struct ctr *ctr = l->ctr;
	strv_add(argv, "cpod-monitor");
	strv_addf(argv, "pid=%d", l->process.pid);
	give_fd(argv, "pid_fd", l->process.pidfd);
	give_fd(argv, "in_fd", l->ours[0]);
	give_fd(argv, "out_fd", l->ours[1]);
	give_fd(argv, "err_fd", l->ours[2]);
	if (client_fd < 0)
		strv_add(argv, "keep_in=1");
	give_fd(argv, "listen_fd", l->listen_fd);
	give_fd(argv, "client_fd", client_fd);
	give_fd(argv, "log_fd", l->log_fd);
	if (l->log.max_bytes && l->log_dir_fd >= 0) {
		give_fd(argv, "log_dir_fd", l->log_dir_fd);
		strv_addf(argv, "log_name=%s", ctr_log_name(&l->log));
		strv_addf(argv, "log_max=%lld", (long long)l->log.max_bytes);
		strv_addf(argv, "log_files=%u", l->log.files);
	}
	strv_extend(argv, l->journal_words);
	strv_addf(argv, "zone=%d", zone_minutes());
	give_fd(argv, "exit_dir_fd", l->exit_fd);
	if (!ctr->def.remove)
		strv_add(argv, "durable=1");
	give_fd(argv, "events_dir_fd", l->events_dir_fd);
	events_monitor_words(l->engine, ctr, argv);
	give_fd(argv, "oom_fd", l->oom_fd);
	if (ctr->def.timeout_s)
		strv_addf(argv, "timeout=%u", ctr->def.timeout_s);
	add_probe(l, argv);
	if (ctr->def.remove && client_fd >= 0)
		add_leavings(l, argv);
	/* taking these down takes milliseconds: not before the exit is known */
	hold_namespace(l, argv, "mnt");
	if (l->spec.spec.ns[SPEC_NS_NET] == SPEC_NS_NEW)
		hold_namespace(l, argv, "net");
	for (size_t i = 0; i < l->net.hold_count; i++)
		give_fd(argv, "hold_fd", l->net.hold_fds[i]);
}

static int limit_devices(struct launch *l, struct err *err)
{
	const struct spec_resources *r = &l->spec.spec.resources;
	auto_free struct cgroup_device_rule *rules = mem_array(r->device_count + 1, sizeof(*rules));
	for (size_t i = 0; i < r->device_count; i++)
		rules[i] = (struct cgroup_device_rule){ .allow = r->devices[i].allow, .type = r->devices[i].type,
							.major = r->devices[i].major, .minor = r->devices[i].minor,
							.access = r->devices[i].access };
	bool usual = !l->ctr->def.device_count && !l->ctr->def.device_cgroup_rules;
	return r->device_count ? cgroup_devices_apply(&l->cgroup, rules, r->device_count, usual, err) : 0;
}

/* What was looked at has gone with the process: then its own reason is the one to tell. */
static int why_it_ended(struct launch *l, struct err *err)
{
	struct err why = { 0 };
	if (rt_wait_ready(&l->process, &why) < 0)
		*err = why;
	return -1;
}

static int record(struct launch *l, struct err *err)
{
	struct ctr_status *s = &l->ctr->status;
	s->started_ns = ntime_now(); /* of one that is held: since when its end counts */
	s->cgroup = l->cgroup.path ? mem_strdup(l->cgroup.path) : NULL;
	if (proc_id_of(l->process.pid, &s->process) < 0 || proc_id_of(getpid(), &s->monitor) < 0)
		return err_set(err, ERR_INTERNAL, "the process of container %s has gone before it ran", l->ctr->def.name);
	l->recorded = true;
	return ctr_state_write(l->ctr, l->run_fd, err);
}

static int launch_process(struct launch *l, const struct ctr_start_opts *opts, int client_fd, struct err *err)
{
	struct ctr *ctr = l->ctr;
	struct rt_spawn_opts spawn = { .stdin_fd = l->stdio[0], .stdout_fd = l->stdio[1], .stderr_fd = l->stdio[2],
				       .cgroup_fd = l->cgroup.v2_fd, .preserve = opts->preserve };
	if (rt_spawn(&l->spec.spec, &spawn, &l->process, err) < 0)
		return -1;
	l->spawned = true;
	fd_cloexec_from(STDERR_FILENO + 1); /* what the caller had open is not the monitor's, nor a helper's */
	for (int i = 0; i < 3; i++)
		l->stdio[i] = l->stdio[i] > STDERR_FILENO ? fd_close(l->stdio[i]) : -EBADF;
	/* v1 controllers know no CLONE_INTO_CGROUP */
	if (l->cgroup.path && (cgroup_attach(&l->cgroup, l->process.pid, err) < 0 || limit_devices(l, err) < 0))
		return -1;
	if (resctrl_join(ctr->def.rdt_class, l->process.pid, err) < 0)
		return -1;
	if (l->spec.new_network && ctr_net_connect(l->engine, ctr, &l->net, l->process.pid, err) < 0)
		return why_it_ended(l, err);
	/* while it mounts: what does not depend on it */
	add_monitor_words(l, client_fd);
	if (!l->spec.new_network && ctr_files_network(l->engine, ctr, l->run_fd, err) < 0)
		return -1;
	if (rt_wait_tree(&l->process, err) < 0)
		return -1;
	if (l->spec.new_network && (ctr_net_finish(l->engine, ctr, &l->net, err) < 0 || ctr_files_network(l->engine, ctr, l->run_fd, err) < 0))
		return -1;
	/* while it gives up its privileges: what is seen of it from outside, and its record */
	if (rt_verify_tree(&l->spec.spec, &l->process, err) < 0 || record(l, err) < 0)
		return why_it_ended(l, err);
	if (rt_wait_ready(&l->process, err) < 0 || rt_verify_process(&l->spec.spec, &l->process, err) < 0)
		return -1;
	return ctr->status.held ? 0 : ctr_state_started(ctr, err);
}

static int write_pidfile(const char *path, pid_t pid, struct err *err)
{
	if (!path || !*path)
		return 0;
	auto_free char *text = mem_printf("%d", pid);
	int rc = file_write(AT_FDCWD, path, 0644, text, strlen(text), 0);
	return rc < 0 ? err_sys(err, -rc, "cannot write the pid file '%s'", path) : 0;
}

/* The record has its place, or never will have. */
static int wait_published(struct launch *l, struct err *err)
{
	char byte;
	if (l->ctr->dir_fd >= 0)
		return 0;
	ssize_t got = fd_recv(l->go_fd, &l->ctr->dir_fd, &byte, 1);
	l->go_fd = fd_close(l->go_fd);
	return got > 0 && l->ctr->dir_fd >= 0 ? 0 : err_set(err, ERR_STATE, "container %s was not published", l->ctr->def.name);
}

static int launch(struct launch *l, const struct ctr_start_opts *opts, int client_fd, struct err *err)
{
	struct ctr *ctr = l->ctr;
	ctr->status.held = opts->hold;
	if (store_run_dir(l->engine->store, ctr->id, true, &l->run_fd, err) < 0)
		return -1;
	if (is_again(l))
		ctr_tree_unmark(l->engine, ctr);
	l->run_path = mem_printf("%s/containers/%s", store_runroot(l->engine->store), ctr->id);
	if (ctr_spec_build(l->engine, ctr, l->run_path, &l->spec, err) < 0 || make_cgroup(l, err) < 0 || wait_published(l, err) < 0 ||
	    ctr_trees_open(l->engine, ctr, &l->spec.spec, err) < 0 || open_files(l, err) < 0)
		return -1;
	if (l->spec.new_network) {
		l->reserved = true;
		if (ctr_net_reserve(l->engine, ctr, &l->net, err) < 0)
			return -1;
	}
	if (launch_process(l, opts, client_fd, err) < 0)
		return -1;
	if (write_pidfile(ctr->def.pidfile, l->process.pid, err) < 0 || write_pidfile(ctr->def.conmon_pidfile, getpid(), err) < 0)
		return -1;
	if (l->engine->rootless && userns_record_holder(store_run_fd(l->engine->store), &ctr->status.monitor, err) < 0)
		return -1;
	if (ctr->status.held) {
		give_fd(&l->monitor_words, "control_fd", l->process.control_fd);
		events_add_ctr(l->engine, ctr, "init");
		return 0;
	}
	if (ctr_notify_started(&ctr->def, getpid(), err) < 0)
		return -1;
	if (ctr_health_is_set(&ctr->def) && ctr_health_begin(ctr, err) < 0)
		return -1;
	events_add_start(l->engine, ctr); /* before it runs: its own end must not come first */
	return rt_release(&l->process, err);
}

static void add_cleanup(struct launch *l, char ***argv)
{
	struct extra_store *const *extra;
	size_t count = extra_store_opened(l->engine->store, &extra);
	strv_add(argv, "--");
	strv_add(argv, l->self);
	add_self(l, argv, "");
	/* a restart looks for the layers again, and --root has left storage.conf behind */
	for (size_t i = 0; i < count; i++)
		strv_addf(argv, "--storage-opt=additionalimagestore=%s", extra_store_path(extra[i]));
	strv_add(argv, "container");
	strv_add(argv, "cleanup");
	/* a policy may come later, by update */
	strv_add(argv, l->ctr->def.remove ? "--rm" : "--ended");
	strv_add(argv, l->ctr->id);
}

static void become_monitor(struct launch *l)
{
	give_fd(&l->monitor_words, "console_fd", l->process.console_fd);
	let_inherit(l->monitor_words);
	add_cleanup(l, &l->monitor_words);
	int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int fd = 0; fd <= 2; fd++)
		dup2(null_fd, fd);
	char **env = libexec_env_dup();
	fexecve(l->monitor_fd, l->monitor_words, env);
}

/* --- M --- */

static void run_m(struct engine *engine, struct ctr *ctr, const struct ctr_start_opts *opts, int client_fd, int go_fd, int report_fd)
{
	struct launch l;
	struct err err = { 0 };
	setsid();
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	launch_init(&l, engine, ctr);
	ctr->stage.dir_fd = fd_close(ctr->stage.dir_fd); /* their locks are the command's alone */
	ctr_let_images_go(ctr);
	l.go_fd = go_fd;
	if (libexec_self(&l.self, &err) < 0 || libexec_open("cpod-monitor", &l.monitor_fd, &err) < 0 || launch(&l, opts, client_fd, &err) < 0) {
		launch_undo(&l);
		proc_report(report_fd, &err);
		proc_exit(125);
	}
	proc_report(report_fd, &err);
	fd_close(report_fd);
	store_unlock(ctr->dir_fd, STORE_CONTAINER); /* open still: the monitor's exit record may go there */
	become_monitor(&l);
	/* only reached when exec itself fails: no output is lost in silence, the container ends */
	rt_abort(&l.process);
	proc_exit(125);
}

static int open_channels(bool published, int report[2], int go[2], struct err *err)
{
	int rc = fd_pipe(report);
	if (rc >= 0 && !published) {
		rc = fd_socketpair(SOCK_SEQPACKET, go);
		if (rc < 0) {
			fd_close(report[0]);
			fd_close(report[1]);
		}
	}
	return rc < 0 ? err_sys(err, -rc, "cannot make a pipe") : 0;
}

int ctr_start_begin(struct engine *engine, struct ctr *ctr, const struct ctr_start_opts *opts, int client_fd, struct ctr_start_job *ret,
		    struct err *err)
{
	int report[2], go[2] = { -EBADF, -EBADF };
	if (ctr_cdi_need(&ctr->def, err) < 0 || open_channels(ctr->dir_fd >= 0, report, go, err) < 0)
		return -1;
	pid_t pid = proc_fork();
	if (pid == 0) {
		fd_close(report[0]);
		fd_close(go[0]);
		run_m(engine, ctr, opts, client_fd, go[1], report[1]);
	}
	int errnum = errno;
	fd_close(report[1]);
	fd_close(go[1]);
	*ret = (struct ctr_start_job){ .pid = pid, .report_fd = report[0], .go_fd = go[0] };
	if (pid >= 0)
		return 0;
	fd_close(report[0]);
	fd_close(go[0]);
	return err_sys(err, errnum, "cannot start the monitor of container %s", ctr->def.name);
}

int ctr_start_go(struct ctr_start_job *job, const struct ctr *ctr, struct err *err)
{
	int rc = fd_send(job->go_fd, ctr->dir_fd, "", 1);
	/* it has failed already: ctr_start_end tells why */
	return rc < 0 && rc != -EPIPE && rc != -ECONNRESET ? err_sys(err, -rc, "cannot go on with container %s", ctr->def.name) : 0;
}

int ctr_start_end(struct ctr_start_job *job, struct err *err)
{
	job->go_fd = fd_close(job->go_fd);
	int rc = proc_collect(job->report_fd, -1, "the monitor", err);
	job->report_fd = fd_close(job->report_fd);
	if (rc < 0)
		proc_wait(job->pid);
	return rc;
}
