#include "stage/stage.h"
#include "stage/sys.h"

#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/socket.h>

int stage_enter(struct stage *s, const struct plan_op *op)
{
	if (setns((int)op->num[0], (int)op->num[1]) < 0)
		return -errno;
	close((int)op->num[0]);
	/* what the descriptors named lies in the mount namespace we have left */
	if (s->proc_fd >= 0 && (op->num[1] & CLONE_NEWNS)) {
		close(s->root_fd);
		s->root_fd = sys_openat2(AT_FDCWD, "/", O_PATH | O_DIRECTORY, 0, 0);
		return s->root_fd < 0 ? s->root_fd : 0;
	}
	return 0;
}

int stage_hostname(struct stage *s, const struct plan_op *op)
{
	return sethostname(plan_text(s->plan, op->ref[0]), op->ref[0].length - 1) < 0 ? -errno : 0;
}

int stage_domainname(struct stage *s, const struct plan_op *op)
{
	return setdomainname(plan_text(s->plan, op->ref[0]), op->ref[0].length - 1) < 0 ? -errno : 0;
}

int stage_loopback(struct stage *s, const struct plan_op *op)
{
	(void)s, (void)op;
	struct ifreq req = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_LOOPBACK | IFF_RUNNING };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	int rc = ioctl(fd, SIOCSIFFLAGS, &req) < 0 ? -errno : 0;
	close(fd);
	return rc;
}

static int write_proc(const struct stage *s, const char *path, const char *text)
{
	int fd = stage_path_open_proc(s, path, O_WRONLY);
	if (fd < 0)
		return fd;
	size_t len = strlen(text);
	ssize_t n = write(fd, text, len);
	int rc = n < 0 ? -errno : (size_t)n != len ? -EIO : 0;
	close(fd);
	return rc;
}

int stage_label(struct stage *s, const struct plan_op *op)
{
	const char *label = plan_text(s->plan, op->ref[1]);
	if (strcmp(plan_text(s->plan, op->ref[0]), "apparmor") != 0)
		return write_proc(s, "self/attr/exec", label);
	char text[1024] = "exec ";
	size_t len = strlen(label);
	if (len >= sizeof(text) - 5)
		return -ENAMETOOLONG;
	memcpy(text + 5, label, len + 1);
	int rc = write_proc(s, "self/attr/apparmor/exec", text);
	return rc == -ENOENT ? write_proc(s, "self/attr/exec", text) : rc;
}

int stage_oom_score(struct stage *s, const struct plan_op *op)
{
	return write_proc(s, "self/oom_score_adj", stage_number(s, (int64_t)op->num[0]));
}

int stage_personality(struct stage *s, const struct plan_op *op)
{
	(void)s;
	return personality((unsigned long)op->num[0]) < 0 ? -errno : 0;
}

/* The engine has turned the key into a path and allowed it; here it only may not leave /proc/sys. */
int stage_sysctl(struct stage *s, const struct plan_op *op)
{
	char path[512] = "sys/";
	const char *key = plan_text(s->plan, op->ref[0]);
	size_t len = strlen(key);
	if (len >= sizeof(path) - 4)
		return -ENAMETOOLONG;
	memcpy(path + 4, key, len + 1);
	return write_proc(s, path, plan_text(s->plan, op->ref[1]));
}
