#include "stage/stage.h"
#include "stage/sys.h"

#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

enum { CAPS = 64, CAP_SYS_ADMIN_BIT = 21, CAP_SETPCAP_BIT = 8 };

/* The libc's would pull in its threads. */
static int prlimit_self(int resource, const struct rlimit *set, struct rlimit *get)
{
	return (int)syscall(__NR_prlimit64, 0, resource, set, get);
}

int stage_rlimit(struct stage *s, const struct plan_op *op)
{
	int resource = (int)op->num[0];
	struct rlimit now, want = { .rlim_cur = op->num[1], .rlim_max = op->num[2] };
	if (prlimit_self(resource, &want, NULL) == 0)
		return 0;
	if (errno != EPERM || !(op->flags & PLAN_DEFAULT) || prlimit_self(resource, NULL, &now) < 0)
		return -errno;
	want.rlim_max = now.rlim_max;
	if (want.rlim_cur > want.rlim_max)
		want.rlim_cur = want.rlim_max;
	if (prlimit_self(resource, &want, NULL) < 0)
		return -errno;
	return stage_say(s, PLAN_SAYS_NOTE, EPERM, -1);
}

int stage_umask(struct stage *s, const struct plan_op *op)
{
	(void)s;
	umask((mode_t)op->num[0] & 0777);
	return 0;
}

int stage_bounding(struct stage *s, const struct plan_op *op)
{
	for (int cap = 0; cap < CAPS; cap++) {
		if (op->num[0] & (1ULL << cap))
			continue;
		if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0)
			continue;
		if (errno == EINVAL)
			return 0; /* above the last this kernel knows */
		int rc = -errno;
		s->subject[0] = stage_number(s, cap);
		return rc;
	}
	return 0;
}

int stage_groups(struct stage *s, const struct plan_op *op)
{
	return syscall(__NR_setgroups, op->ref[0].length / 4, plan_bytes(s->plan, op->ref[0])) < 0 ? -errno : 0;
}

static int set_caps(uint64_t effective, uint64_t permitted, uint64_t inheritable)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];
	for (int i = 0; i < 2; i++)
		data[i] = (struct __user_cap_data_struct){ (uint32_t)(effective >> 32 * i), (uint32_t)(permitted >> 32 * i),
							   (uint32_t)(inheritable >> 32 * i) };
	return syscall(__NR_capset, &header, data) < 0 ? -errno : 0;
}

static int get_permitted(uint64_t *ret)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];
	if (syscall(__NR_capget, &header, data) < 0)
		return -errno;
	*ret = data[0].permitted | (uint64_t)data[1].permitted << 32;
	return 0;
}

/* The capabilities stay until the seccomp filter is loaded, which needs one of them. */
int stage_user(struct stage *s, const struct plan_op *op)
{
	uint64_t permitted = 0;
	gid_t gid = (gid_t)op->num[1];
	uid_t uid = (uid_t)op->num[0];
	s->subject[0] = stage_number(s, uid);
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0 || syscall(__NR_setresgid, gid, gid, gid) < 0 ||
	    syscall(__NR_setresuid, uid, uid, uid) < 0)
		return -errno;
	int rc = get_permitted(&permitted);
	/* with the uid, "dumpable" came back */
	if (rc >= 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		rc = -errno;
	return rc < 0 ? rc : set_caps(permitted, permitted, 0);
}

int stage_no_new_privs(struct stage *s, const struct plan_op *op)
{
	(void)s, (void)op;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : 0;
}

int stage_seccomp(struct stage *s, const struct plan_op *op)
{
	struct sock_fprog program = { .len = (unsigned short)(op->ref[0].length / sizeof(struct sock_filter)),
				      .filter = (struct sock_filter *)(uintptr_t)plan_bytes(s->plan, op->ref[0]) };
	return syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0 ? -errno : 0;
}

/* Only capset and prctl follow the filter; a filter that refuses them refuses the start. */
int stage_caps(struct stage *s, const struct plan_op *op)
{
	(void)s;
	int rc = set_caps(op->num[0], op->num[1], op->num[2]);
	for (int cap = 0; rc >= 0 && op->num[3] >> cap && cap < CAPS; cap++)
		if ((op->num[3] & (1ULL << cap)) && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0) < 0)
			rc = -errno;
	return rc;
}
