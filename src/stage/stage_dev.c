#include "stage/stage.h"
#include "stage/sys.h"

#include <linux/keyctl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <termios.h>

enum { SUPER_DEVPTS = 0x1cd1 };

#ifndef TIOCGPTPEER
#define TIOCGPTPEER _IO('T', 0x41)
#endif

static int same_device(int dir_fd, const char *name, const struct plan_op *op)
{
	struct stat st;
	if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	return (st.st_mode & S_IFMT) == (op->num[0] & S_IFMT) &&
	       (S_ISFIFO(st.st_mode) || st.st_rdev == makedev((unsigned)op->num[1], (unsigned)op->num[2]));
}

/* In a user namespace nobody may make devices: the host's node is bound. */
static int bind_device(struct stage *s, const struct plan_op *op)
{
	const char *path = plan_text(s->plan, op->ref[0]);
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC, .propagation = MS_PRIVATE };
	int tree = sys_open_tree(AT_FDCWD, plan_text(s->plan, op->ref[1]), OPEN_TREE_CLONE);
	if (tree < 0)
		return tree;
	int rc = sys_mount_setattr(tree, 0, &attr);
	int target = rc < 0 ? rc : stage_path_make(s, path, 1);
	if (target >= 0) {
		rc = sys_move_mount(tree, target);
		close(target);
	}
	close(tree);
	return target < 0 ? target : rc;
}

int stage_device(struct stage *s, const struct plan_op *op)
{
	const char *name;
	int dir_fd = stage_path_make_parent(s, plan_text(s->plan, op->ref[0]), &name);
	if (dir_fd < 0)
		return dir_fd;
	int rc = mknodat(dir_fd, name, (mode_t)op->num[0], makedev((unsigned)op->num[1], (unsigned)op->num[2])) < 0 ? -errno : 0;
	if (rc == -EEXIST && same_device(dir_fd, name, op)) {
		close(dir_fd);
		return 0; /* a volume over /dev has it; it is not ours to change */
	}
	uid_t uid = (uid_t)op->num[3], gid = (uid_t)(op->num[4]);
	if (rc == 0 && (uid || gid) && fchownat(dir_fd, name, uid, gid, AT_SYMLINK_NOFOLLOW) < 0)
		rc = -errno;
	close(dir_fd);
	return rc == -EPERM ? bind_device(s, op) : rc;
}

/* The last start has made it. */
static int is_link_to(int dir_fd, const char *name, const char *to)
{
	char target[PLAN_MAX_PATH];
	ssize_t n = readlinkat(dir_fd, name, target, sizeof(target));
	return n >= 0 && (size_t)n == strlen(to) && memcmp(target, to, (size_t)n) == 0;
}

/* As /dev/fd: what the image has in its place stays. */
int stage_symlink(struct stage *s, const struct plan_op *op)
{
	const char *name;
	int dir_fd = stage_path_make_parent(s, plan_text(s->plan, op->ref[1]), &name);
	if (dir_fd < 0)
		return dir_fd;
	const char *to = plan_text(s->plan, op->ref[0]);
	int asked = op->flags & PLAN_REPLACE_LINK, rc = symlinkat(to, dir_fd, name) < 0 ? -errno : 0;
	if (rc == -EEXIST && (!asked || is_link_to(dir_fd, name, to)))
		rc = 0;
	if (rc == -EEXIST && (rc = stage_path_drop_link(s, plan_text(s->plan, op->ref[1]))) >= 0)
		rc = symlinkat(to, dir_fd, name) < 0 ? -errno : 0;
	close(dir_fd);
	return rc;
}

/* A session of keys, too: else the caller's keys would be the container's, and every container's. Who may not ask for keys has none. */
int stage_session(struct stage *s, const struct plan_op *op)
{
	(void)s;
	if (setsid() < 0)
		return -errno;
	if (op->flags & PLAN_KEEP_KEYS)
		return 0;
	if (syscall(__NR_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0 && errno != ENOSYS && errno != EPERM)
		return -errno;
	return 0;
}

/* --- a terminal of our own --- */

static int is_devpts(int fd)
{
	struct statfs fs;
	return fstatfs(fd, &fs) == 0 && fs.f_type == SUPER_DEVPTS;
}

/* Of the instance we mounted ourselves, or, joining a container, of what is at /dev/pts there, if that is what it says. */
static int open_master(struct stage *s)
{
	int fd, dir_fd = s->devpts_fd;
	if (dir_fd < 0)
		dir_fd = stage_path_open(s, "/dev/pts", O_PATH | O_DIRECTORY, RESOLVE_NO_SYMLINKS);
	if (dir_fd < 0)
		return dir_fd;
	fd = is_devpts(dir_fd) ? sys_openat2(dir_fd, "ptmx", O_RDWR | O_NOCTTY, 0, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV)
			       : -ENODEV;
	if (dir_fd != s->devpts_fd)
		close(dir_fd);
	if (fd >= 0 && !stage_is_device(fd, 5, 2)) {
		close(fd);
		fd = -ENODEV;
	}
	return fd;
}

static int console_link(struct stage *s, int master)
{
	char target[40] = "/dev/pts/";
	unsigned number;
	const char *name;
	if (ioctl(master, TIOCGPTN, &number) < 0)
		return -errno;
	const char *digits = stage_number(s, number);
	memcpy(target + 9, digits, strlen(digits) + 1);
	int dir_fd = stage_path_make_parent(s, "/dev/console", &name);
	if (dir_fd < 0)
		return dir_fd;
	int rc = symlinkat(target, dir_fd, name) < 0 && errno != EEXIST ? -errno : 0;
	close(dir_fd);
	return rc;
}

static int set_up(struct stage *s, const struct plan_op *op, int master)
{
	int zero = 0;
	struct winsize size = { .ws_row = (unsigned short)op->num[0], .ws_col = (unsigned short)op->num[1] };
	if (ioctl(master, TIOCSPTLCK, &zero) < 0)
		return -errno;
	int slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave < 0)
		return -errno;
	int rc = 0;
	if ((size.ws_row && ioctl(slave, TIOCSWINSZ, &size) < 0) || (op->num[2] && fchown(slave, (uid_t)op->num[2], (gid_t)-1) < 0) ||
	    ioctl(slave, TIOCSCTTY, 0) < 0)
		rc = -errno;
	for (int fd = 0; fd <= 2 && rc == 0; fd++)
		if (dup2(slave, fd) < 0)
			rc = -errno;
	if (slave > 2)
		close(slave);
	if (rc == 0 && (op->flags & PLAN_CONSOLE_LINK))
		rc = console_link(s, master);
	return rc < 0 ? rc : stage_say(s, PLAN_SAYS_TERMINAL, 0, master);
}

int stage_terminal(struct stage *s, const struct plan_op *op)
{
	int master = open_master(s);
	if (master < 0)
		return master;
	int rc = set_up(s, op, master);
	close(master);
	return rc;
}
