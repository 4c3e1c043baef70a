/* From the plan to a running cpod-stage.
 * Theory of operation
 *  1. Everything that can fail with words happens before the clone: plan and program lie in sealed memory files.
 *  2. clone3 with all namespaces at once, into the cgroup. The child shares our memory until its exec (vfork), so no page
 *     table is copied; it therefore runs rt_child.c only. With a new user namespace it has to wait for its maps first, and is
 *     an ordinary fork then. With users of its own and another's namespaces a go-between makes it (rt_between.c).
 *  3. The child puts the descriptors in their places and becomes the stage.
 */
#include "runtime/rt_priv.h"
#include "runtime/rt_trees.h"

#include "base/fd.h"
#include "base/log.h"
#include "host/libexec.h"
#include "host/overlay.h"
#include "host/userns.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* glibc's <sched.h> has setns but not struct clone_args; both headers together define things twice */
int setns(int fd, int type);

/* --- the parent's part --- */

static int plan_memfd(const struct str *plan, int *ret_fd, struct err *err)
{
	auto_close int fd = memfd_create("cpod-plan", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int rc = fd < 0 ? -errno : fd_write_full(fd, plan->data, plan->len);
	if (rc >= 0 && fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) < 0)
		rc = -errno;
	if (rc < 0)
		return err_sys(err, -rc, "cannot write the plan");
	*ret_fd = take_fd(fd);
	return 0;
}

int rt_count_preserved(const struct rt_spawn_opts *opts)
{
	int count = 0;
	while (opts->preserve && opts->preserve[count] >= 0)
		count++;
	return count;
}

static int check_preserved(const int *list, struct err *err)
{
	for (; list && *list >= 0; list++)
		if (*list < 3 || fcntl(*list, F_GETFD) < 0)
			return err_set(err, ERR_USAGE, "file descriptor %d is not available", *list);
	return 0;
}

static int write_debug(const struct rt_launch *l, struct err *err)
{
	if (!l->opts->debug_plan)
		return 0;
	auto_free char *text = plan_text_dup(&l->plan);
	auto_close int fd = open(l->opts->debug_plan, O_WRONLY | O_CLOEXEC);
	int rc = fd < 0 ? -errno : fd_write_full(fd, text, strlen(text));
	return rc < 0 ? err_sys(err, -rc, "cannot write the plan to '%s'", l->opts->debug_plan) : 0;
}

static int write_maps(const struct spec *spec, pid_t pid, int wait_fd, struct err *err)
{
	_Static_assert(sizeof(struct spec_id_map) == sizeof(struct userns_map), "one shape");
	if (!spec->uid_maps || !spec->gid_maps)
		return err_set(err, ERR_INVALID, "a new user namespace needs maps of users and of groups");
	if (userns_write_maps(pid, (const struct userns_map *)spec->uid_maps, (const struct userns_map *)spec->gid_maps, err) < 0)
		return -1;
	return write(wait_fd, "G", 1) == 1 ? 0 : err_sys(err, errno, "cannot start the container's process");
}

static void keep_fds(const struct rt_launch *l, struct rt_child *c)
{
	size_t n = 0;
	for (int i = 0; i < SPEC_NS_COUNT; i++)
		if (!l->between && l->spec->ns[i] == SPEC_NS_JOIN && l->spec->ns_fd[i] >= 0 && i != SPEC_NS_PID)
			c->keep[n++] = l->spec->ns_fd[i];
	if (l->extra_fd >= 0 && n < SPEC_NS_COUNT)
		c->keep[n++] = l->extra_fd;
	for (const int *fd = l->tree_fds; fd && *fd >= 0 && n < ARRAY_LEN(c->keep) - 1; fd++)
		c->keep[n++] = *fd;
	for (size_t i = 0; i < l->spec->mount_count && n < ARRAY_LEN(c->keep) - 1; i++)
		if (l->spec->mounts[i].tree_fd > 0)
			c->keep[n++] = l->spec->mounts[i].tree_fd;
	c->keep[n] = -EBADF;
}

/* Children are born in another pid namespace while it lasts; we stay where we are. */
static int enter_pid_ns(int fd, struct err *err)
{
	if (fd < 0)
		return 0;
	return setns(fd, CLONE_NEWPID) < 0 ? err_sys(err, errno, "cannot join the container's pid namespace") : 0;
}

static int leave_pid_ns(int fd, struct err *err)
{
	if (fd < 0)
		return 0;
	auto_close int own_fd = open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC);
	/* an ordinary user may not come back to a namespace of root's. The caller becomes a monitor, which has no more children. */
	if (own_fd >= 0 && setns(own_fd, CLONE_NEWPID) < 0 && errno == EPERM)
		return 0;
	return own_fd < 0 || setns(own_fd, CLONE_NEWPID) < 0 ? err_sys(err, errno, "cannot return to our own pid namespace") : 0;
}

static int clone_here(struct rt_launch *l, struct clone_args *args, struct rt_child *c, struct rt_process *ret, struct err *err)
{
	sigset_t all, old;
	int pidfd = -EBADF;
	args->pidfd = (uintptr_t)&pidfd;
	args->exit_signal = SIGCHLD;
	if (RT_CHILD_MAY_SHARE_MEMORY && !c->wait_for_maps)
		args->flags |= CLONE_VM | CLONE_VFORK;
	if (enter_pid_ns(l->pid_ns_fd, err) < 0)
		return -1;
	/* a handler of ours must not run in a child that shares our memory */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	sigset_t none;
	sigemptyset(&none);
	c->old_mask = &none;
	int dumpable = prctl(PR_GET_DUMPABLE);
	if (l->pid_ns_fd >= 0) /* what is in the container could look into a copy of us */
		prctl(PR_SET_DUMPABLE, 0);
	long pid = rt_child_spawn(args, c);
	if (l->pid_ns_fd >= 0 && dumpable == 1)
		prctl(PR_SET_DUMPABLE, 1);
	sigprocmask(SIG_SETMASK, &old, NULL);
	if (pid < 0) {
		struct err ignored = { 0 };
		if (leave_pid_ns(l->pid_ns_fd, &ignored) < 0)
			log_debug("%s", ignored.text);
		return err_sys(err, (int)-pid, "cannot start the container's process%s",
			       l->clone_flags & CLONE_NEWUSER ? " in a new user namespace" : "");
	}
	ret->pid = (pid_t)pid;
	ret->pidfd = pidfd;
	return leave_pid_ns(l->pid_ns_fd, err);
}

static int clone_stage(struct rt_launch *l, struct rt_child *c, struct rt_process *ret, struct err *err)
{
	struct clone_args args = { .flags = l->clone_flags | CLONE_PIDFD };
	if (l->opts->cgroup_fd >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)l->opts->cgroup_fd;
	}
	return l->between ? rt_between_clone(l, &args, c, ret, err) : clone_here(l, &args, c, ret, err);
}

static int launch(struct rt_launch *l, struct rt_process *ret, struct err *err)
{
	auto_close int stage_fd = -EBADF;
	auto_close int plan_fd = -EBADF;
	auto_close int child_fd = -EBADF;
	int pair[2];
	if (check_preserved(l->opts->preserve, err) < 0 || write_debug(l, err) < 0 || libexec_memfd("cpod-stage", &stage_fd, err) < 0 ||
	    plan_memfd(&l->plan, &plan_fd, err) < 0)
		return -1;
	int rc = fd_socketpair(SOCK_SEQPACKET, pair);
	if (rc < 0)
		return err_sys(err, -rc, "cannot make a socket");
	ret->control_fd = pair[0];
	child_fd = pair[1];
	if (stage_fd < 3 || plan_fd < 3 || child_fd < 3)
		return err_set(err, ERR_INTERNAL, "descriptors 0 to 2 must be open before a container is started");
	struct rt_child c = { .stage_fd = stage_fd, .plan_fd = plan_fd, .control_fd = child_fd, .parent_fd = ret->control_fd,
			   .stdio = { l->opts->stdin_fd, l->opts->stdout_fd, l->opts->stderr_fd },
			   .preserve = l->opts->preserve, .wait_for_maps = (l->clone_flags & CLONE_NEWUSER) != 0,
			   .become_root = l->between || (l->clone_flags & CLONE_NEWUSER) };
	for (int i = 0; i < 3; i++)
		c.stdio[i] = l->spec->process.terminal ? -EBADF : c.stdio[i];
	keep_fds(l, &c);
	snprintf(c.control_text, sizeof(c.control_text), "%d", child_fd);
	snprintf(c.plan_text, sizeof(c.plan_text), "%d", plan_fd);
	c.argv[0] = (char *)(uintptr_t)"cpod-stage";
	c.argv[1] = c.control_text;
	c.argv[2] = c.plan_text;
	if (clone_stage(l, &c, ret, err) < 0)
		return -1;
	return c.wait_for_maps ? write_maps(l->spec, ret->pid, ret->control_fd, err) : 0;
}

int rt_launch(struct rt_launch *l, struct rt_process *ret, struct err *err)
{
	struct rt_process p = { .pid = -1, .pidfd = -EBADF, .control_fd = -EBADF, .console_fd = -EBADF, .root_fd = -EBADF };
	if (launch(l, &p, err) < 0) {
		rt_abort(&p);
		rt_process_done(&p);
		return -1;
	}
	*ret = p;
	return 0;
}

/* Layers with other owners are mounts that hang nowhere: no stage could name them. */
static int make_mapped_root(const struct spec *spec, int *ret_fd, struct err *err)
{
	const struct spec_root *r = &spec->root;
	const struct overlay overlay = { .lower = r->lower, .upper = r->upper, .work = r->work, .setuid = true, .is_volatile = r->is_volatile,
					 .uids = (const struct userns_map *)spec->uid_maps, .gids = (const struct userns_map *)spec->gid_maps };
	return overlay_open(&overlay, r->upper, ret_fd, err);
}

/* An overlay belongs to the user namespace it is mounted in. One of root's would not see what its layers' trusted attributes say
 * (opaque directories) from a container's own, and what leads to the layers may be closed to the root of that: a stage of our
 * namespace makes the tree, the container's gets it. */
static int make_root(const struct spec *spec, int *ret_fd, struct err *err)
{
	auto_str plan = { 0 };
	struct plan_host host;
	struct rt_process p;
	const struct rt_spawn_opts opts = { .stdin_fd = -EBADF, .stdout_fd = -EBADF, .stderr_fd = -EBADF, .cgroup_fd = -EBADF };
	if (spec->root.maps_lower)
		return make_mapped_root(spec, ret_fd, err);
	if (plan_host_read(NULL, &host, err) < 0 || plan_build_overlay(spec, &host, &plan, err) < 0)
		return -1;
	struct rt_launch l = { .spec = spec, .opts = &opts, .plan = plan, .extra_fd = -EBADF, .clone_flags = CLONE_NEWNS, .pid_ns_fd = -EBADF };
	if (rt_launch(&l, &p, err) < 0)
		return -1;
	int rc = rt_wait_root(&p, err);
	if (rc >= 0)
		*ret_fd = take_fd(p.root_fd);
	rt_abort(&p);
	rt_process_done(&p);
	return rc;
}

int rt_spawn(const struct spec *spec, const struct rt_spawn_opts *opts, struct rt_process *ret, struct err *err)
{
	auto_str plan = { 0 };
	auto_close int root_fd = -EBADF;
	auto_val(rt_trees) trees = { .count = 0 };
	struct plan_host host;
	if (plan_host_read(spec, &host, err) < 0)
		return -1;
	bool own_users = spec->ns[SPEC_NS_USER] != SPEC_NS_HOST;
	if (own_users && ((!spec->root.path && make_root(spec, &root_fd, err) < 0) || rt_trees_open(spec, &trees, err) < 0))
		return -1;
	host.tree_fds = own_users ? trees.fds : NULL;
	host.root_fd = spec->root.tree_fd > 0 ? spec->root.tree_fd : root_fd < 0 ? 0 : root_fd;
	host.stdio = !spec->process.terminal;
	host.preserve_fds = rt_count_preserved(opts);
	if (plan_build(spec, &host, &plan, err) < 0)
		return -1;
	struct rt_launch l = { .spec = spec, .opts = opts, .plan = plan, .extra_fd = host.root_fd > 0 ? host.root_fd : -EBADF, .tree_fds = host.tree_fds,
			       .clone_flags = (uint64_t)plan_ns_flags(spec, SPEC_NS_NEW, false), .between = plan_joins_first(spec),
			       .pid_ns_fd = spec->ns[SPEC_NS_PID] == SPEC_NS_JOIN ? spec->ns_fd[SPEC_NS_PID] : -EBADF };
	if (rt_launch(&l, ret, err) < 0)
		return -1;
	ret->setgroups_denied = host.setgroups_denied;
	return 0;
}

int rt_plan_text(const struct spec *spec, char **ret_text, struct err *err)
{
	struct plan_host host;
	auto_str plan = { 0 };
	if (plan_host_read(spec, &host, err) < 0)
		return -1;
	host.stdio = !spec->process.terminal;
	if (plan_build(spec, &host, &plan, err) < 0)
		return -1;
	*ret_text = plan_text_dup(&plan);
	return 0;
}
