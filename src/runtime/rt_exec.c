#include "runtime/rt_priv.h"

#include "base/fd.h"

/* The child is born in the container's pid namespace; the stage joins the rest through the pidfd, whose number is in the plan. */
int rt_exec(const struct spec *spec, int target_pidfd, const struct rt_spawn_opts *opts, struct rt_process *ret, struct err *err)
{
	auto_str plan = { 0 };
	struct plan_host host;
	if (plan_host_read(spec, &host, err) < 0)
		return -1;
	host.stdio = !spec->process.terminal;
	host.preserve_fds = rt_count_preserved(opts);
	if (plan_build_exec(spec, &host, target_pidfd, &plan, err) < 0)
		return -1;
	bool pid = spec->ns[SPEC_NS_PID] == SPEC_NS_JOIN;
	int pid_ns_fd = spec->ns_fd[SPEC_NS_PID] >= 0 ? spec->ns_fd[SPEC_NS_PID] : target_pidfd;
	struct rt_launch l = { .spec = spec, .opts = opts, .plan = plan, .extra_fd = target_pidfd,
			       .pid_ns_fd = pid ? pid_ns_fd : -EBADF };
	return rt_launch(&l, ret, err);
}
