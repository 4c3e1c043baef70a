#include "monitor/mon.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What a foreground --rm leaves once its name and record are gone: control groups, the run directory, the bytes in trash.
 * Nobody waits for them, so they are not on the command's way. The trash entry goes last: as long as it is there,
 * the next command knows that the others may be, too. Whatever does not go here the engine's cleanup takes. */

enum { DEPTH_MAX = 24, BATCH_BYTES = 2048, GROUP_TRIES = 100, GROUP_WAIT_MS = 5 };

struct entry { /* linux_dirent64 */
	uint64_t ino;
	int64_t off;
	uint16_t len;
	uint8_t type;
	char name[];
};

static bool remove_tree(int dir_fd, const char *name, int depth);

static bool empty_dir(int fd, int depth)
{
	_Alignas(struct entry) char batch[BATCH_BYTES];
	bool whole = true;
	long got;
	while ((got = syscall(SYS_getdents64, fd, batch, sizeof(batch))) > 0) {
		for (long at = 0; at < got;) {
			const struct entry *e = (const struct entry *)(batch + at);
			at += e->len;
			if (strcmp(e->name, ".") == 0 || strcmp(e->name, "..") == 0)
				continue;
			whole &= e->type == DT_DIR ? remove_tree(fd, e->name, depth + 1) : unlinkat(fd, e->name, 0) == 0;
		}
	}
	return whole && got == 0;
}

static bool remove_tree(int dir_fd, const char *name, int depth)
{
	if (unlinkat(dir_fd, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
		return true;
	int fd = depth < DEPTH_MAX ? openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
	if (fd < 0)
		return false;
	empty_dir(fd, depth);
	close(fd);
	return unlinkat(dir_fd, name, AT_REMOVEDIR) == 0;
}

/* The kernel may hold a group for a moment after its last process was reaped. */
static bool remove_group(const char *path)
{
	for (int i = 0; i < GROUP_TRIES; i++) {
		if (remove_tree(AT_FDCWD, path, 0))
			return true;
		if (errno != EBUSY)
			return false;
		poll(NULL, 0, GROUP_WAIT_MS);
	}
	return false;
}

bool mon_clean(struct mon *m)
{
	bool whole = true;
	for (int i = 0; i < m->cgroup_count; i++)
		whole &= remove_group(m->cgroups[i]);
	if (!m->run || !m->trash || !m->trash_name[0])
		return whole;
	int trash_fd = open(m->trash, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	whole = whole && trash_fd >= 0 && remove_tree(AT_FDCWD, m->run, 0) && remove_tree(trash_fd, m->trash_name, 0);
	if (trash_fd >= 0)
		close(trash_fd);
	return whole;
}
