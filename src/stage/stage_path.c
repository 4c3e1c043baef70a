#include "stage/stage.h"
#include "stage/sys.h"

#include <string.h>
#include <sys/stat.h>

enum { LINKS_MAX = 40 };

int stage_path_open(const struct stage *s, const char *path, uint64_t flags, uint64_t resolve)
{
	while (*path == '/')
		path++;
	return sys_openat2(s->root_fd, *path ? path : ".", flags, 0, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | resolve);
}

int stage_path_open_proc(const struct stage *s, const char *path, int flags)
{
	return sys_openat2(s->proc_fd, path, (uint64_t)flags, 0, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV);
}

/* path := what the link `name` in dir_fd, found after `done` bytes of path, points to, and the rest */
static int follow(char path[PLAN_MAX_PATH], size_t dir_len, int dir_fd, const char *name, const char *rest)
{
	char target[PLAN_MAX_PATH], whole[PLAN_MAX_PATH];
	ssize_t n = readlinkat(dir_fd, name, target, sizeof(target) - 1);
	if (n < 0)
		return -errno;
	target[n] = 0;
	size_t base = target[0] == '/' ? 0 : dir_len, rest_len = strlen(rest);
	if (base + 1 + (size_t)n + 1 + rest_len >= sizeof(whole))
		return -ENAMETOOLONG;
	memcpy(whole, path, base);
	whole[base] = '/';
	memcpy(whole + base + 1, target, (size_t)n);
	whole[base + 1 + (size_t)n] = '/';
	memcpy(whole + base + 2 + (size_t)n, rest, rest_len + 1);
	memcpy(path, whole, base + 2 + (size_t)n + rest_len + 1);
	return 0;
}

/* One component below dir_fd that could not be opened: made, or -EEXIST when it is a link to nowhere. */
static int make(int dir_fd, const char *name, int is_file)
{
	if (!is_file)
		return mkdirat(dir_fd, name, 0755) < 0 ? -errno : 0;
	int fd = openat(dir_fd, name, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

/* Walks path component by component. Each prefix is resolved from the root again, so that links behave as inside; each
 * missing component is made below the descriptor of the one before. Returns -ELOOP after a link was put into path. */
static int walk(const struct stage *s, char path[PLAN_MAX_PATH], int is_file)
{
	int dir_fd = stage_path_open(s, "/", O_PATH | O_DIRECTORY, 0);
	size_t at = 0;
	while (dir_fd >= 0) {
		while (path[at] == '/')
			at++;
		if (!path[at])
			return dir_fd;
		size_t end = at + strcspn(path + at, "/");
		char saved = path[end], name[256];
		int last = path[end + strspn(path + end, "/")] == 0, file = is_file && last;
		if (end - at >= sizeof(name)) {
			close(dir_fd);
			return -ENAMETOOLONG;
		}
		memcpy(name, path + at, end - at);
		name[end - at] = 0;
		path[end] = 0;
		int fd = stage_path_open(s, path, O_PATH | (file ? 0 : O_DIRECTORY), 0);
		path[end] = saved;
		if (fd == -ENOENT) {
			fd = make(dir_fd, name, file);
			if (fd >= 0)
				fd = sys_openat2(dir_fd, name, O_PATH | O_NOFOLLOW | (file ? 0 : O_DIRECTORY), 0,
						 RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
			else if (fd == -EEXIST && (fd = follow(path, at, dir_fd, name, path + end)) == 0)
				fd = -ELOOP;
		}
		close(dir_fd);
		dir_fd = fd;
		at = end;
	}
	return dir_fd;
}

static int walk_links(const struct stage *s, char path[PLAN_MAX_PATH], int is_file)
{
	int fd = -ELOOP;
	for (int links = 0; fd == -ELOOP && links < LINKS_MAX; links++)
		fd = walk(s, path, is_file);
	return fd;
}

int stage_path_make(const struct stage *s, const char *path, int is_file)
{
	char copy[PLAN_MAX_PATH];
	int fd = stage_path_open(s, path, O_PATH | (is_file ? 0 : O_DIRECTORY), 0);
	if (fd != -ENOENT)
		return fd;
	memcpy(copy, path, strlen(path) + 1);
	return walk_links(s, copy, is_file);
}

int stage_path_make_parent(const struct stage *s, const char *path, const char **ret_name)
{
	char copy[PLAN_MAX_PATH];
	const char *slash = strrchr(path, '/');
	size_t len = (size_t)(slash - path);
	if (!slash[1])
		return -EISDIR;
	memcpy(copy, path, len);
	copy[len] = 0;
	*ret_name = slash + 1;
	return len ? stage_path_make(s, copy, 0) : stage_path_open(s, "/", O_PATH | O_DIRECTORY, 0);
}

int stage_path_drop_link(const struct stage *s, const char *path)
{
	char parent[PLAN_MAX_PATH], byte;
	const char *slash = strrchr(path, '/');
	memcpy(parent, path, (size_t)(slash - path));
	parent[slash - path] = 0;
	int rc = 0, dir_fd = stage_path_open(s, parent, O_PATH | O_DIRECTORY, RESOLVE_NO_XDEV);
	if (dir_fd < 0)
		return 0;
	if (readlinkat(dir_fd, slash + 1, &byte, 1) >= 0 && unlinkat(dir_fd, slash + 1, 0) < 0)
		rc = -errno;
	close(dir_fd);
	return rc;
}
