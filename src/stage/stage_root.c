#include "stage/stage.h"
#include "stage/sys.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static int set_propagation(int fd, uint64_t flags)
{
	struct mount_attr attr = { .propagation = flags & ~(uint64_t)MS_REC };
	return sys_mount_setattr(fd, (flags & MS_REC) != 0, &attr);
}

int stage_propagation(struct stage *s, const struct plan_op *op)
{
	(void)s;
	int fd = sys_openat2(AT_FDCWD, "/", O_PATH | O_DIRECTORY, 0, 0);
	if (fd < 0)
		return fd;
	int rc = set_propagation(fd, op->num[0]);
	close(fd);
	return rc;
}

static int attach(struct stage *s, int tree_fd, const char *path)
{
	int target = sys_openat2(AT_FDCWD, path, O_PATH | O_DIRECTORY, 0, 0);
	if (target < 0)
		return target;
	int rc = sys_move_mount(tree_fd, target);
	close(target);
	s->root_fd = tree_fd;
	return rc;
}

int stage_root_dir(struct stage *s, const struct plan_op *op)
{
	const char *path = plan_text(s->plan, op->ref[0]);
	int fd = sys_open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | AT_RECURSIVE);
	if (fd < 0)
		return fd;
	int rc = set_propagation(fd, op->num[0] ? op->num[0] : MS_PRIVATE | MS_REC);
	return rc < 0 ? rc : attach(s, fd, path);
}

/* --- overlay --- */

static int set_text(int fs_fd, const char *key, const char *value)
{
	return sys_fsconfig(fs_fd, FSCONFIG_SET_STRING, key, value, 0);
}

static int set_flag(int fs_fd, const char *key)
{
	return sys_fsconfig(fs_fd, FSCONFIG_SET_FLAG, key, NULL, 0);
}

/* One layer a call, so that their number and length is not bounded by a page. Kernel 6.8; before it -EINVAL, which before 6.5, where
 * words are only kept for the file system, comes from FSCONFIG_CMD_CREATE. */
static int add_layers(struct stage *s, int fs_fd, struct plan_ref layers)
{
	for (const char *at = NULL; (at = plan_list_next(s->plan, layers, at));) {
		s->subject[0] = at;
		int rc = set_text(fs_fd, "lowerdir+", at);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static size_t append(char *text, size_t at, size_t max, const char *more, int escape)
{
	for (; *more && at < max; more++) {
		if (escape && (*more == ':' || *more == ',' || *more == '\\') && at < max)
			text[at++] = '\\';
		if (at < max)
			text[at++] = *more;
	}
	return at;
}

/* The old way: one text of at most a page, through mount(2), which alone takes more than 255 bytes. */
static int overlay_by_text(struct stage *s, const struct plan_op *op)
{
	char text[4096];
	const size_t max = sizeof(text) - 1;
	static const char *const keys[] = { NULL, ",upperdir=", ",workdir=" };
	const char *where = plan_text(s->plan, op->ref[3]);
	size_t at = append(text, 0, max, "lowerdir=", 0);
	int first = 1;
	for (const char *layer = NULL; (layer = plan_list_next(s->plan, op->ref[0], layer)); first = 0) {
		at = append(text, at, max, first ? "" : ":", 0);
		at = append(text, at, max, layer, 1);
	}
	for (int i = 1; i <= 2 && op->ref[i].length; i++) {
		at = append(text, at, max, keys[i], 0);
		at = append(text, at, max, plan_text(s->plan, op->ref[i]), 1);
	}
	at = append(text, at, max, op->flags & PLAN_VOLATILE ? ",volatile" : "", 0);
	at = append(text, at, max, op->flags & PLAN_USERXATTR ? ",userxattr" : ",redirect_dir=off", 0);
	if (at >= max) {
		s->subject[0] = "more layers than this kernel (before 6.8) takes in one mount";
		return -E2BIG;
	}
	text[at] = 0;
	if (syscall(__NR_mount, "overlay", where, "overlay", 0, text) < 0)
		return -errno;
	s->root_fd = sys_openat2(AT_FDCWD, where, O_PATH | O_DIRECTORY, 0, 0);
	return s->root_fd < 0 ? s->root_fd : 0;
}

static int configure(struct stage *s, const struct plan_op *op, int fs_fd)
{
	static const char *const keys[] = { NULL, "upperdir", "workdir" };
	int rc = set_text(fs_fd, "source", "overlay");
	for (int i = 1; rc >= 0 && i <= 2 && op->ref[i].length; i++) {
		s->subject[0] = plan_text(s->plan, op->ref[i]);
		rc = set_text(fs_fd, keys[i], s->subject[0]);
	}
	if (rc >= 0 && (op->flags & PLAN_VOLATILE))
		rc = set_flag(fs_fd, "volatile");
	if (rc < 0)
		return rc;
	/* what the upper directory holds must say all: it may become a layer */
	return op->flags & PLAN_USERXATTR ? set_flag(fs_fd, "userxattr") : set_text(fs_fd, "redirect_dir", "off");
}

void stage_keep_words(struct stage *s, int fs_fd)
{
	/* "e overlay: text"; an empty log leaves the subject as it is */
	ssize_t n = read(fs_fd, s->detail + 1, sizeof(s->detail) - 3);
	if (n <= 2)
		return;
	s->detail[1] = ' ';
	s->detail[2] = '(';
	for (ssize_t i = 3; i <= n; i++)
		if (s->detail[i] == '\n')
			s->detail[i] = ' ';
	s->detail[n + 1] = ')';
	s->detail[n + 2] = 0;
	s->subject[1] = s->detail + 1;
}

static int overlay_by_calls(struct stage *s, const struct plan_op *op)
{
	s->subject[0] = "this kernel has none";
	int fs_fd = sys_fsopen("overlay");
	if (fs_fd < 0)
		return fs_fd;
	int rc = add_layers(s, fs_fd, op->ref[0]);
	if (rc >= 0)
		rc = configure(s, op, fs_fd);
	if (rc >= 0) {
		s->subject[0] = plan_text(s->plan, op->ref[3]);
		rc = sys_fsconfig(fs_fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	}
	if (rc < 0)
		stage_keep_words(s, fs_fd);
	int fd = rc < 0 ? rc : sys_fsmount(fs_fd, 0);
	close(fs_fd);
	return fd;
}

int stage_root_overlay(struct stage *s, const struct plan_op *op)
{
	int fd = overlay_by_calls(s, op);
	if (fd == -EINVAL)
		return overlay_by_text(s, op);
	return fd < 0 ? fd : attach(s, fd, plan_text(s->plan, op->ref[3]));
}

/* --- made here, used in another user namespace --- */

int stage_give_root(struct stage *s, const struct plan_op *op)
{
	(void)op;
	/* a copy that belongs to no namespace: ours goes with us */
	int fd = sys_open_tree(s->root_fd, "", OPEN_TREE_CLONE | AT_EMPTY_PATH | AT_RECURSIVE);
	int rc = fd < 0 ? fd : stage_say(s, PLAN_SAYS_ROOT, 0, fd);
	if (rc >= 0)
		_exit(0);
	return rc;
}

/* Over "/" itself, where an absolute path does not see it: the way to any other place may be closed to this namespace's root. */
int stage_root_tree(struct stage *s, const struct plan_op *op)
{
	return attach(s, (int)op->num[0], "/");
}

/* --- the last changes to it --- */

int stage_append(struct stage *s, const struct plan_op *op)
{
	const char *path = plan_text(s->plan, op->ref[0]), *text = plan_text(s->plan, op->ref[1]);
	struct stat st;
	size_t len = strlen(text);
	int fd = sys_openat2(s->root_fd, path + 1, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, 0644, RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS);
	if (fd < 0)
		return fd == -ELOOP || fd == -ENOENT || fd == -ENOTDIR || fd == -ENXIO || fd == -EISDIR ? 0 : fd;
	int rc = fstat(fd, &st) < 0 ? -errno : S_ISREG(st.st_mode) && write(fd, text, len) != (ssize_t)len ? -EIO : 0;
	close(fd);
	return rc;
}

int stage_root_readonly(struct stage *s, const struct plan_op *op)
{
	(void)op;
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };
	return sys_mount_setattr(s->root_fd, 0, &attr);
}

/* "." for both: the old root lies on top of the new one then, and goes. Nothing of the host is reachable after. */
int stage_pivot(struct stage *s, const struct plan_op *op)
{
	(void)op;
	if (fchdir(s->root_fd) < 0 || syscall(__NR_pivot_root, ".", ".") < 0 || syscall(__NR_umount2, ".", 2 /* MNT_DETACH */) < 0 ||
	    chdir("/") < 0)
		return -errno;
	close(s->null_fd);
	s->null_fd = -EBADF;
	return 0;
}
