/* cgroup_tree.c - where the control groups of this host are, and their small files.
 *
 * The places are fixed by what every init system does: /sys/fs/cgroup is the v2 tree, or a tmpfs with a directory a v1
 * controller and (hybrid) the v2 tree at `unified`. Two statfs calls tell, which is cheaper than reading mountinfo.
 */
#include "host/cgroup_priv.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/num.h"
#include "base/path.h"
#include "base/str.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/vfs.h>
#include <unistd.h>

#define MOUNT "/sys/fs/cgroup"

const struct cgroup_controller_row cgroup_controllers[CGROUP_CONTROLLER_COUNT] = {
	[CGROUP_MEMORY] = { "memory", "memory" },
	[CGROUP_CPU] = { "cpu", "cpu" },
	[CGROUP_PIDS] = { "pids", "pids" },
	[CGROUP_CPUSET] = { "cpuset", "cpuset" },
	[CGROUP_IO] = { "io", "blkio" },
};

const char *cgroup_tree_v2(void)
{
	static const char *const places[] = { MOUNT, MOUNT "/unified" };
	static const char *found; /* a host's mounts do not change under a command */

	for (size_t i = 0; !found && i < ARRAY_LEN(places); i++) {
		struct statfs fs;
		if (statfs(places[i], &fs) == 0 && fs.f_type == CGROUP2_SUPER_MAGIC)
			found = places[i];
	}
	return found;
}

int cgroup_tree_open_v2(int *ret_fd)
{
	const char *place = cgroup_tree_v2();

	if (!place)
		return -ENOENT;
	int fd = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	*ret_fd = fd;
	return 0;
}

char *cgroup_tree_v1_dup(enum cgroup_controller controller)
{
	return mem_printf(MOUNT "/%s", cgroup_controllers[controller].v1);
}

int cgroup_tree_open_v1(enum cgroup_controller controller, int *ret_fd)
{
	struct statfs fs;
	auto_free char *path = cgroup_tree_v1_dup(controller);

	auto_close int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	/* on a v2 host it might be a group of that name */
	if (fstatfs(fd, &fs) < 0 || fs.f_type != CGROUP_SUPER_MAGIC)
		return -ENOENT;
	*ret_fd = take_fd(fd);
	return 0;
}

int cgroup_tree_open_group(int root_fd, const char *path, int *ret_fd)
{
	return path_open(root_fd, *path == '/' ? path + 1 : path, PATH_BENEATH, O_RDONLY | O_DIRECTORY, 0, ret_fd);
}

int cgroup_tree_make_group(int root_fd, const char *path, int *ret_fd)
{
	return path_mkdirs(root_fd, *path == '/' ? path + 1 : path, PATH_BENEATH, 0755, ret_fd);
}

char *cgroup_tree_own_dup(pid_t pid)
{
	char path[64];
	auto_free char *text = NULL;
	size_t len;

	if (pid)
		snprintf(path, sizeof(path), "/proc/%d/cgroup", pid);
	else
		snprintf(path, sizeof(path), "/proc/self/cgroup");
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || file_read_fd(fd, 64 << 10, &text, &len) < 0)
		return NULL;
	char *rest = text;
	for (char *line; (line = strsep(&rest, "\n"));) {
		const char *group = str_after(line, "0::");
		/* "/.." is a group above the root of our namespace */
		if (group)
			return str_starts(group, "/..") ? NULL : mem_strdup(group);
	}
	return NULL;
}

int cgroup_file_write(int group_fd, const char *name, const char *value)
{
	auto_close int fd = openat(group_fd, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	size_t len = strlen(value);

	if (fd < 0)
		return -errno;
	ssize_t n = write(fd, value, len);
	return n < 0 ? -errno : (size_t)n == len ? 0 : -EIO;
}

int cgroup_file_read(int group_fd, const char *name, char *buf, size_t len)
{
	auto_close int fd = openat(group_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return -errno;
	ssize_t n = fd_read_full(fd, buf, len - 1);
	if (n < 0)
		return (int)n;
	while (n > 0 && buf[n - 1] == '\n')
		n--;
	buf[n] = 0;
	return 0;
}

uint64_t cgroup_file_key(int group_fd, const char *name, const char *key)
{
	char text[4096];
	char *rest = text;
	uint64_t value = 0;

	if (cgroup_file_read(group_fd, name, text, sizeof(text)) < 0)
		return 0;
	for (char *line; (line = strsep(&rest, "\n"));) {
		const char *after = str_after(line, key);
		if (after && *after == ' ')
			return num_u64(after + 1, UINT64_MAX, &value) < 0 ? 0 : value;
	}
	return 0;
}
