#include "engine/ctr_exec.h"

#include "base/path.h"
#include "base/file.h"
#include "base/log.h"
#include "engine/ctr_client.h"
#include "engine/ctr_idmap.h"
#include "engine/ctr_complete.h"
#include "engine/ctr_secrets.h"
#include "engine/ctr_spec.h"
#include "engine/ctr_state.h"
#include "engine/ctr_user_ids.h"
#include "engine/events.h"
#include "host/cgroup.h"
#include "host/libexec.h"
#include "runtime/rt.h"
#include "storage/store.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* A session is a process in the container with a monitor of its own kind: cpod-monitor without log, attach socket and
 * exit record. Attached, the command talks to it as `run` does; its terminal never goes into the container. */

struct session {
	struct engine *engine;
	struct ctr *ctr;
	const struct ctr_exec_opts *opts;
	struct ctr_spec spec;
	struct rt_process process;
	char id[65];
	int stdio[3], ours[3], target_pidfd;
};

void ctr_exec_opts_done(struct ctr_exec_opts *opts)
{
	strv_free(opts->command);
	strv_free(opts->env);
	strv_free(opts->env_file);
	free(opts->user);
	free(opts->workdir);
	free(opts->detach_keys);
	free(opts->cidfile);
	*opts = (struct ctr_exec_opts){ 0 };
}

static int open_root(const struct ctr *ctr, int *ret_fd, struct err *err)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/root", ctr->status.process.pid);
	*ret_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *ret_fd < 0 ? err_sys(err, errno, "cannot look into container %s", ctr->def.name) : 0;
}

static int build_spec(struct session *s, struct err *err)
{
	const struct ctr_def *def = &s->ctr->def;
	const struct ctr_exec_opts *o = s->opts;
	struct spec *spec = &s->spec.spec;
	struct spec_process *p = &spec->process;
	auto_close int root_fd = -EBADF;
	auto_val(ctr_user) user = { 0 };
	auto_val(ctr_idmap) map = { 0 };
	spec_init(spec);
	if (ctr_idmap_read(s->engine, def, &map, err) < 0)
		return -1;
	ctr_idmap_apply(&map, spec);
	spec->id = mem_strdup(s->ctr->id);
	for (int i = 0; i < SPEC_NS_COUNT; i++)
		spec->ns[i] = SPEC_NS_HOST;
	if (open_root(s->ctr, &root_fd, err) < 0)
		return -1;
	const char *who = o->user && *o->user ? o->user : def->user && *def->user ? def->user : "0";
	if (ctr_user_resolve_at(root_fd, who, def->group_add, &user, err) < 0 || ctr_user_ids_fit(s->engine, &map, &user, err) < 0)
		return -1;
	p->terminal = o->tty;
	p->uid = user.uid;
	p->gid = user.gid;
	p->groups = take_ptr(user.groups);
	p->group_count = user.group_count;
	p->keep_groups = strv_has(def->group_add, "keep-groups");
	p->umask = 0022;
	p->args = strv_dup(o->command);
	auto_free char *hostname = ctr_spec_hostname_dup(s->ctr);
	p->env = ctr_spec_env_dup(def, user.home, hostname);
	for (char **file = o->env_file; file && *file; file++)
		if (ctr_complete_env_file(&p->env, *file, err) < 0)
			return -1;
	ctr_complete_env(&p->env, o->env);
	if (ctr_secrets_env(s->engine, def, &p->env, err) < 0) /* COMPAT: whatever -e says */
		return -1;
	if (o->tty && !strv_env_get(p->env, "TERM"))
		strv_env_set(&p->env, "TERM", "xterm");
	p->cwd = path_clean_dup(o->workdir && *o->workdir ? o->workdir : def->workdir && *def->workdir ? def->workdir : "/");
	p->no_new_privs = def->no_new_privileges;
	bool privileged = def->privileged || o->privileged;
	if (ctr_spec_caps(def, privileged, user.uid, &p->caps, err) < 0)
		return -1;
	return ctr_spec_seccomp(s->engine, def, privileged, p->caps.bounding, &spec->seccomp, err);
}

/* Every namespace the container does not share with us; rt_exec joins them through the pidfd. */
static void join_namespaces(struct session *s)
{
	static const struct { enum spec_ns ns; const char *file; } rows[] = {
		{ SPEC_NS_MOUNT, "mnt" }, { SPEC_NS_PID, "pid" }, { SPEC_NS_NET, "net" },  { SPEC_NS_IPC, "ipc" },
		{ SPEC_NS_UTS, "uts" },	  { SPEC_NS_CGROUP, "cgroup" }, { SPEC_NS_USER, "user" },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char ours[64], theirs[64], path[64];
		ssize_t a, b;
		snprintf(path, sizeof(path), "/proc/self/ns/%s", rows[i].file);
		a = readlink(path, ours, sizeof(ours));
		snprintf(path, sizeof(path), "/proc/%d/ns/%s", s->ctr->status.process.pid, rows[i].file);
		b = readlink(path, theirs, sizeof(theirs));
		if (a < 0 || b < 0 || a != b || memcmp(ours, theirs, (size_t)a) != 0) {
			s->spec.spec.ns[rows[i].ns] = SPEC_NS_JOIN;
			s->spec.spec.ns_fd[rows[i].ns] = s->spec.ns_fds[rows[i].ns] = -EBADF;
		}
	}
}

static int open_stdio(struct session *s, struct err *err)
{
	for (int i = 0; i < 3 && !s->opts->tty; i++) {
		int fds[2];
		if (i == 0 && !s->opts->interactive) {
			s->stdio[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
			if (s->stdio[0] < 0)
				return err_sys(err, errno, "cannot open '/dev/null'");
			continue;
		}
		int rc = fd_pipe(fds);
		if (rc < 0)
			return err_sys(err, -rc, "cannot make a pipe");
		s->stdio[i] = fds[i == 0 ? 0 : 1];
		s->ours[i] = fds[i == 0 ? 1 : 0];
		if (fchown(s->stdio[i], ctr_idmap_uid(&s->spec.spec, s->spec.spec.process.uid), ctr_idmap_gid(&s->spec.spec, s->spec.spec.process.gid)) < 0)
			log_debug("cannot give a pipe to the session's user: %s", err_reason(errno));
	}
	return 0;
}

static int launch(struct session *s, struct err *err)
{
	auto_val(cgroup) group = { .v2_fd = -EBADF };
	if (build_spec(s, err) < 0 || open_stdio(s, err) < 0)
		return -1;
	join_namespaces(s);
	if (s->ctr->status.cgroup && cgroup_open(s->ctr->status.cgroup, &group, err) < 0)
		return -1;
	struct rt_spawn_opts spawn = { .stdin_fd = s->stdio[0], .stdout_fd = s->stdio[1], .stderr_fd = s->stdio[2],
				       .cgroup_fd = group.v2_fd, .preserve = s->opts->preserve };
	if (rt_exec(&s->spec.spec, s->target_pidfd, &spawn, &s->process, err) < 0)
		return -1;
	fd_cloexec_from(STDERR_FILENO + 1); /* what the caller had open is not the monitor's */
	if ((group.path && cgroup_attach(&group, s->process.pid, err) < 0) || rt_wait_ready(&s->process, err) < 0 ||
	    rt_release(&s->process, err) < 0) {
		rt_abort(&s->process);
		return -1;
	}
	for (int i = 0; i < 3; i++)
		s->stdio[i] = fd_close(s->stdio[i]);
	return 0;
}

static void give_fd(char ***argv, const char *key, int fd)
{
	if (fd < 0)
		return;
	fd_set_cloexec(fd, false);
	strv_addf(argv, "%s=%d", key, fd);
}

static void become_monitor(struct session *s, int client_fd)
{
	struct err err = { 0 };
	int monitor_fd;
	auto_strv argv = NULL;
	if (libexec_open("cpod-monitor", &monitor_fd, &err) < 0)
		return;
	strv_add(&argv, "cpod-monitor");
	strv_addf(&argv, "pid=%d", s->process.pid);
	give_fd(&argv, "pid_fd", s->process.pidfd);
	give_fd(&argv, "console_fd", s->process.console_fd);
	give_fd(&argv, "in_fd", s->ours[0]);
	give_fd(&argv, "out_fd", s->ours[1]);
	give_fd(&argv, "err_fd", s->ours[2]);
	give_fd(&argv, "client_fd", client_fd);
	int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int fd = 0; fd <= 2; fd++)
		dup2(null_fd, fd);
	char **env = libexec_env_dup();
	fexecve(monitor_fd, argv, env);
}

static void run_m(struct session *s, int client_fd, int report_fd)
{
	struct err err = { 0 };
	setsid();
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (launch(s, &err) < 0) {
		proc_report(report_fd, &err);
		proc_exit(125);
	}
	proc_report(report_fd, &err);
	fd_close(report_fd);
	become_monitor(s, client_fd);
	rt_abort(&s->process);
	proc_exit(125);
}

static int start(struct session *s, int client_fd, struct err *err)
{
	int report[2];
	int rc = fd_pipe(report);
	if (rc < 0)
		return err_sys(err, -rc, "cannot make a pipe");
	pid_t pid = proc_fork();
	if (pid == 0) {
		fd_close(report[0]);
		run_m(s, client_fd, report[1]);
	}
	fd_close(report[1]);
	rc = pid < 0 ? err_sys(err, errno, "cannot start the session's monitor") : proc_collect(report[0], -1, "the session's monitor", err);
	fd_close(report[0]);
	if (rc < 0 && pid > 0)
		proc_wait(pid);
	return rc;
}

static int run_attached(struct session *s, int *ret_exit_code, struct err *err)
{
	int pair[2];
	int rc = fd_socketpair(SOCK_SEQPACKET, pair);
	if (rc < 0)
		return err_sys(err, -rc, "cannot make a socket");
	auto_close int client_fd = pair[0];
	rc = start(s, pair[1], err);
	fd_close(pair[1]);
	if (rc < 0)
		return -1;
	struct ctr_attach_opts attach = { .in = s->opts->interactive, .out = true, .err_out = true, .detach_keys = s->opts->detach_keys };
	bool detached = false, container_tty = s->ctr->def.tty;
	s->ctr->def.tty = s->opts->tty; /* the client's view of this session */
	rc = ctr_client_run(s->engine, s->ctr, client_fd, &attach, ret_exit_code, &detached, err);
	s->ctr->def.tty = container_tty;
	if (rc < 0)
		return -1;
	if (detached) {
		*ret_exit_code = 0;
		return 0;
	}
	ctr_client_say_done(client_fd, NULL);
	return 0;
}

static int begin(struct session *s, struct engine *engine, struct ctr *ctr, const struct ctr_exec_opts *opts, struct err *err)
{
	ctr_state_read(engine, ctr);
	if (ctr->status.state != CTR_RUNNING)
		/* COMPAT: the sentence scripts look for */
		return err_set(err, ERR_STATE, "can only create exec sessions on running containers: container state improper");
	*s = (struct session){ .engine = engine, .ctr = ctr, .opts = opts, .target_pidfd = -EBADF };
	for (int i = 0; i < 3; i++)
		s->stdio[i] = s->ours[i] = -EBADF;
	if (proc_open(&ctr->status.process, &s->target_pidfd) < 0)
		return err_set(err, ERR_STATE, "container %s has ended", ctr->def.name);
	return 0;
}

int ctr_exec(struct engine *engine, struct ctr *ctr, const struct ctr_exec_opts *opts, int *ret_exit_code, char ret_id[65], struct err *err)
{
	struct session s;
	if (begin(&s, engine, ctr, opts, err) < 0)
		return -1;
	file_random_hex(s.id, 32);
	*ret_exit_code = 0;
	int rc = opts->detach ? start(&s, -EBADF, err) : run_attached(&s, ret_exit_code, err);
	fd_close(s.target_pidfd);
	if (rc >= 0) {
		memcpy(ret_id, s.id, sizeof(s.id));
		events_add_ctr(engine, ctr, "exec");
	}
	return rc;
}

void ctr_exec_child_done(struct ctr_exec_child *child)
{
	fd_close(child->out_fd);
	fd_close(child->err_fd);
	rt_process_done(&child->process);
}

int ctr_exec_spawn(struct engine *engine, struct ctr *ctr, const struct ctr_exec_opts *opts, struct ctr_exec_child *ret, struct err *err)
{
	struct session s;
	if (begin(&s, engine, ctr, opts, err) < 0)
		return -1;
	int rc = launch(&s, err);
	ctr_spec_done(&s.spec);
	fd_close(s.target_pidfd);
	for (int i = 0; i < 3; i++)
		fd_close(s.stdio[i]);
	if (rc < 0) {
		for (int i = 0; i < 3; i++)
			fd_close(s.ours[i]);
		return -1;
	}
	*ret = (struct ctr_exec_child){ .process = s.process, .out_fd = s.ours[1], .err_fd = s.ours[2] };
	fd_set_nonblock(ret->out_fd, true);
	fd_set_nonblock(ret->err_fd, true);
	return 0;
}
