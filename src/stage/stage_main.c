/* cpod-stage CONTROL PLAN: two descriptor numbers. See stage.h. */
#include "stage/stage.h"
#include "stage/sys.h"

#include <linux/close_range.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>

enum { SUPER_PROC = 0x9fa0, FAILED = 125 };

/* What runs, and which pieces of the operation a failure names. */
static const struct {
	stage_fn *fn;
	signed char subject[2]; /* index of a ref + 1; 0: none, or the function sets it */
} rows[PLAN_CODE_COUNT] = {
	[PLAN_ENTER] = { stage_enter, { 0, 0 } },
	[PLAN_HOSTNAME] = { stage_hostname, { 1, 0 } },
	[PLAN_DOMAINNAME] = { stage_domainname, { 1, 0 } },
	[PLAN_LOOPBACK] = { stage_loopback, { 0, 0 } },
	[PLAN_LABEL] = { stage_label, { 1, 2 } },
	[PLAN_OPEN_TREE] = { stage_open_tree, { 1, 0 } },
	[PLAN_TAKE_TREE] = { stage_take_tree, { 0, 0 } },
	[PLAN_PROPAGATION] = { stage_propagation, { 0, 0 } },
	[PLAN_ROOT_DIR] = { stage_root_dir, { 1, 0 } },
	[PLAN_ROOT_OVERLAY] = { stage_root_overlay, { 4, 0 } },
	[PLAN_ROOT_TREE] = { stage_root_tree, { 0, 0 } },
	[PLAN_GIVE_ROOT] = { stage_give_root, { 0, 0 } },
	[PLAN_APPEND] = { stage_append, { 1, 0 } },
	[PLAN_MOUNT] = { stage_mount, { 1, 3 } },
	[PLAN_BIND] = { stage_bind, { 1, 2 } },
	[PLAN_DEVICE] = { stage_device, { 1, 0 } },
	[PLAN_SYMLINK] = { stage_symlink, { 2, 0 } },
	[PLAN_SYSCTL] = { stage_sysctl, { 1, 2 } },
	[PLAN_READONLY] = { stage_readonly, { 1, 0 } },
	[PLAN_MASK] = { stage_mask, { 1, 0 } },
	[PLAN_WORKDIR] = { stage_workdir, { 1, 0 } },
	[PLAN_ROOT_READONLY] = { stage_root_readonly, { 0, 0 } },
	[PLAN_PIVOT] = { stage_pivot, { 0, 0 } },
	[PLAN_STANDS] = { stage_stands, { 0, 0 } },
	[PLAN_RLIMIT] = { stage_rlimit, { 1, 0 } },
	[PLAN_OOM_SCORE] = { stage_oom_score, { 0, 0 } },
	[PLAN_PERSONALITY] = { stage_personality, { 0, 0 } },
	[PLAN_SESSION] = { stage_session, { 0, 0 } },
	[PLAN_TERMINAL] = { stage_terminal, { 0, 0 } },
	[PLAN_CHDIR] = { stage_chdir, { 1, 0 } },
	[PLAN_UMASK] = { stage_umask, { 0, 0 } },
	[PLAN_BOUNDING] = { stage_bounding, { 0, 0 } },
	[PLAN_GROUPS] = { stage_groups, { 0, 0 } },
	[PLAN_USER] = { stage_user, { 0, 0 } },
	[PLAN_COMMAND] = { stage_command, { 0, 0 } },
	[PLAN_NO_NEW_PRIVS] = { stage_no_new_privs, { 0, 0 } },
	[PLAN_SECCOMP] = { stage_seccomp, { 0, 0 } },
	[PLAN_CAPS] = { stage_caps, { 0, 0 } },
	[PLAN_RUN] = { stage_run, { 0, 0 } },
};

static void cut(char to[PLAN_SUBJECT_BYTES], const char *from)
{
	size_t len = from ? strlen(from) : 0;
	if (len >= PLAN_SUBJECT_BYTES)
		len = PLAN_SUBJECT_BYTES - 1;
	if (len)
		memcpy(to, from, len);
}

int stage_say(struct stage *s, uint32_t kind, int errnum, int fd)
{
	struct plan_message message = { .kind = kind, .errnum = errnum, .op = s->current, .reason = s->reason };
	char space[CMSG_SPACE(sizeof(int))] = { 0 };
	cut(message.subject[0], s->subject[0]);
	cut(message.subject[1], s->subject[1]);
	/* write, not sendmsg: with a seccomp filter loaded only the commonest calls can be counted on */
	if (fd < 0)
		return write(s->control_fd, &message, sizeof(message)) < 0 ? -errno : 0;
	struct iovec iov = { &message, sizeof(message) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof(space) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(int));
	return sendmsg(s->control_fd, &msg, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

const char *stage_number(struct stage *s, int64_t value)
{
	char *at = s->number + sizeof(s->number) - 1;
	uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
	*at = 0;
	do
		*--at = (char)('0' + rest % 10);
	while (rest /= 10);
	if (value < 0)
		*--at = '-';
	return at;
}

int stage_is_device(int fd, unsigned major, unsigned minor)
{
	struct stat st;
	return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == makedev(major, minor);
}

static int number_of(const char *text)
{
	int value = 0;
	if (!text || !*text)
		return -1;
	for (; *text; text++) {
		if (*text < '0' || *text > '9' || value > 100000)
			return -1;
		value = value * 10 + (*text - '0');
	}
	return value;
}

static const struct plan_header *map_plan(int fd)
{
	struct stat st;
	if (fstat(fd, &st) < 0 || st.st_size > PLAN_MAX_BYTES || st.st_size < (off_t)sizeof(struct plan_header))
		return NULL;
	void *data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	close(fd);
	return data == MAP_FAILED || plan_check(data, (size_t)st.st_size) < 0 ? NULL : data;
}

/* What must be taken from the host while nothing of the container is there. */
static int open_handles(struct stage *s)
{
	struct statfs fs;
	s->proc_fd = sys_openat2(AT_FDCWD, "/proc", O_PATH | O_DIRECTORY, 0, RESOLVE_NO_SYMLINKS);
	if (s->proc_fd < 0 || fstatfs(s->proc_fd, &fs) < 0 || fs.f_type != SUPER_PROC) {
		s->subject[0] = "/proc";
		return s->proc_fd < 0 ? s->proc_fd : -ENODEV;
	}
	s->null_fd = sys_openat2(AT_FDCWD, "/dev/null", O_PATH, 0, RESOLVE_NO_SYMLINKS);
	if (s->null_fd < 0 || !stage_is_device(s->null_fd, 1, 3)) {
		s->subject[0] = "/dev/null";
		return s->null_fd < 0 ? s->null_fd : -ENODEV;
	}
	s->root_fd = sys_openat2(AT_FDCWD, "/", O_PATH | O_DIRECTORY, 0, 0);
	return s->root_fd < 0 ? s->root_fd : 0;
}

static int run_op(struct stage *s, const struct plan_op *op)
{
	s->current = op->code;
	for (int i = 0; i < 2; i++) {
		int ref = rows[op->code].subject[i];
		s->subject[i] = ref ? plan_text(s->plan, op->ref[ref - 1]) : NULL;
	}
	return rows[op->code].fn(s, op);
}

static int run_plan(struct stage *s)
{
	int rc = open_handles(s);
	for (uint32_t i = 0; rc >= 0 && i < s->plan->op_count; i++)
		rc = run_op(s, &plan_ops(s->plan)[i]);
	return rc;
}

static struct stage stage; /* zeroed: it costs no page of the file */

int main(int argc, char **argv)
{
	struct stage *s = &stage;
	/* nobody in the container may look into us, or reach through us */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	s->control_fd = argc == 3 ? number_of(argv[1]) : -1;
	int plan_fd = argc == 3 ? number_of(argv[2]) : -1;
	if (s->control_fd < 3 || plan_fd < 3 || !(s->plan = map_plan(plan_fd)))
		return FAILED;
	s->proc_fd = s->null_fd = s->root_fd = s->devpts_fd = s->empty_fd = -EBADF;
	for (int i = 0; i < PLAN_SLOTS; i++)
		s->slots[i] = -EBADF;
	fcntl(s->control_fd, F_SETFD, FD_CLOEXEC);
	umask(0);
	int rc = run_plan(s);
	stage_say(s, PLAN_SAYS_FAILED, rc < 0 ? -rc : 0, -1);
	return FAILED;
}
