/* resctrl.c - see resctrl.h */
#include "host/resctrl.h"

#include "base/fd.h"
#include "base/mem.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { RESCTRL_MAGIC = 0x7655821 };

static int write_pid(int class_fd, pid_t pid)
{
	char text[16];
	auto_close int fd = openat(class_fd, "tasks", O_WRONLY | O_CLOEXEC | O_NOFOLLOW);

	snprintf(text, sizeof(text), "%d", pid);
	return fd < 0 ? -errno : fd_write_full(fd, text, strlen(text));
}

int resctrl_join(const char *class, pid_t pid, struct err *err)
{
	struct statfs fs;

	if (!class || !*class)
		return 0;
	if (strchr(class, '/') || *class == '.')
		return err_set(err, ERR_INVALID, "invalid --rdt-class '%s': the name of a directory below /sys/fs/resctrl is expected", class);
	auto_close int root_fd = open("/sys/fs/resctrl", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root_fd < 0 || fstatfs(root_fd, &fs) < 0 || (unsigned long)fs.f_type != RESCTRL_MAGIC)
		return err_set(err, ERR_CMD_NOT_FOUND, "--rdt-class %s: no resctrl is mounted on /sys/fs/resctrl: mount it, or leave the flag out", class);
	if (mkdirat(root_fd, class, 0755) < 0 && errno != EEXIST)
		return err_sys(err, errno, "cannot make the class '/sys/fs/resctrl/%s'", class);
	auto_close int fd = openat(root_fd, class, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	int rc = fd < 0 ? -errno : write_pid(fd, pid);
	return rc < 0 ? err_sys(err, -rc, "cannot put process %d into the class '/sys/fs/resctrl/%s'", pid, class) : 0;
}
