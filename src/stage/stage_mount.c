#include "stage/stage.h"
#include "stage/sys.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>

enum { SUPER_PROC = 0x9fa0, OPTION_BYTES = 256 };

int stage_open_tree(struct stage *s, const struct plan_op *op)
{
	int *slot = &s->slots[op->num[0]];
	if (*slot >= 0)
		return -EBUSY;
	*slot = sys_open_tree(AT_FDCWD, plan_text(s->plan, op->ref[0]),
			      OPEN_TREE_CLONE | (op->flags & PLAN_RECURSIVE ? AT_RECURSIVE : 0));
	return *slot < 0 ? *slot : 0;
}

int stage_take_tree(struct stage *s, const struct plan_op *op)
{
	int *slot = &s->slots[op->num[0]];
	if (*slot >= 0)
		return -EBUSY;
	*slot = (int)op->num[1];
	return 0;
}

/* Fills tree_fd with what the target has now. */
static int copy_up(const struct stage *s, int tree_fd, const char *target, const struct stage_owner *owner)
{
	int from = stage_path_open(s, target, O_RDONLY | O_DIRECTORY, 0);
	if (from < 0)
		return from;
	int to = openat(tree_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = to < 0 ? -errno : stage_copy_tree(from, to, owner);
	close(from);
	if (to >= 0)
		close(to);
	return rc;
}

static int has_option(const char *options, const char *key)
{
	for (const char *at = options; at && *at; at += *at == ',') {
		if (strncmp(at, key, strlen(key)) == 0)
			return 1;
		at += strcspn(at, ",");
	}
	return 0;
}

/* The owner and mode that were asked for, which the copy has made those of the directory it was made of. */
static int keep_asked(int tree_fd, const struct stat *asked, const char *options)
{
	int fd = openat(tree_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = fd < 0 ? -errno : 0;
	if (rc >= 0 && has_option(options, "uid=") && fchown(fd, asked->st_uid, asked->st_gid) < 0)
		rc = -errno;
	if (rc >= 0 && has_option(options, "mode=") && fchmod(fd, asked->st_mode & 07777) < 0)
		rc = -errno;
	if (fd >= 0)
		close(fd);
	return rc;
}

static int fill(const struct stage *s, int tree_fd, const char *target, const char *options)
{
	struct stat asked;
	int keep = has_option(options, "uid=") || has_option(options, "mode=");
	if (keep && fstat(tree_fd, &asked) < 0)
		return -errno;
	int rc = copy_up(s, tree_fd, target, NULL);
	return rc < 0 || !keep ? rc : keep_asked(tree_fd, &asked, options);
}

/* A tmpfs that nothing is copied into looks like what it covers. */
static int copy_mode(const struct stage *s, int tree_fd, const char *target)
{
	struct stat st;
	int covered = stage_path_open(s, target, O_PATH | O_DIRECTORY, 0), fd = -1;
	if (covered < 0)
		return covered;
	int rc = fstat(covered, &st) < 0 || (fd = openat(tree_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0 ||
				 fchmod(fd, st.st_mode & 07777) < 0 ?
			 -errno :
			 0;
	close(covered);
	if (fd >= 0)
		close(fd);
	return rc;
}

/* What may lie on /proc was decided by its name: a link of the image, under another name, must not lead there. */
static int leads_to_proc(int target, const char *path)
{
	struct statfs fs;
	if (strncmp(path, "/proc", 5) == 0 && (!path[5] || path[5] == '/'))
		return 0;
	return fstatfs(target, &fs) < 0 || fs.f_type == SUPER_PROC;
}

/* Takes tree_fd in any case. */
static int place(struct stage *s, int tree_fd, const char *path, int is_file, int keep)
{
	int target = stage_path_make(s, path, is_file);
	int rc = target < 0 ? target : leads_to_proc(target, path) ? -ELOOP : sys_move_mount(tree_fd, target);
	if (target >= 0)
		close(target);
	if (rc < 0 || !keep)
		close(tree_fd);
	return rc;
}

/* --- a filesystem of its own --- */

/* "mode=755,size=65536k,newinstance": one call a word. */
static int set_options(struct stage *s, int fs_fd, const char *options)
{
	char word[OPTION_BYTES];
	while (*options) {
		size_t len = strcspn(options, ",");
		if (len >= sizeof(word))
			return -ENAMETOOLONG;
		memcpy(word, options, len);
		word[len] = 0;
		options += len + (options[len] == ',');
		char *value = strchr(word, '=');
		if (value)
			*value++ = 0;
		int rc = !len ? 0 : value ? sys_fsconfig(fs_fd, FSCONFIG_SET_STRING, word, value, 0)
					  : sys_fsconfig(fs_fd, FSCONFIG_SET_FLAG, word, NULL, 0);
		if (rc < 0) {
			memcpy(s->number, word, len < sizeof(s->number) ? len + 1 : sizeof(s->number) - 1);
			s->subject[0] = s->number;
			return rc;
		}
	}
	return 0;
}

static int make_fs(struct stage *s, const char *type, const char *source, const char *options, uint64_t attributes)
{
	int fs_fd = sys_fsopen(type);
	if (fs_fd < 0)
		return fs_fd;
	int rc = sys_fsconfig(fs_fd, FSCONFIG_SET_STRING, "source", source, 0);
	if (rc >= 0 && options)
		rc = set_options(s, fs_fd, options);
	if (rc >= 0)
		rc = sys_fsconfig(fs_fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	if (rc >= 0)
		rc = sys_fsmount(fs_fd, attributes);
	close(fs_fd);
	return rc;
}

/* Where our namespace may not have its own (cgroup without its namespace): the host's, but nothing can be written. */
static int host_tree(const char *path)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC,
				   .propagation = MS_PRIVATE };
	int fd = sys_open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | AT_RECURSIVE);
	if (fd < 0)
		return fd;
	int rc = sys_mount_setattr(fd, 1, &attr);
	if (rc < 0)
		close(fd);
	return rc < 0 ? rc : fd;
}

/* The instance that terminals come from is the one on /dev/pts: there may be others. */
static int keep_handle(struct stage *s, const char *type, const char *target, int fd)
{
	if (strcmp(type, "proc") == 0) {
		close(s->proc_fd);
		s->proc_fd = fd;
		return 1;
	}
	if (strcmp(type, "devpts") == 0 && strcmp(target, "/dev/pts") == 0) {
		s->devpts_fd = fd;
		return 1;
	}
	return 0;
}

/* A link in the place of /proc or /dev would lay what belongs there somewhere else. */
static int refuse_links(struct stage *s, const char *target)
{
	int fd = stage_path_open(s, target, O_PATH | O_DIRECTORY, RESOLVE_NO_SYMLINKS);
	if (fd >= 0)
		close(fd);
	return fd == -ENOENT ? 0 : fd < 0 ? fd : 0;
}

int stage_mount(struct stage *s, const struct plan_op *op)
{
	const char *type = plan_text(s->plan, op->ref[0]), *target = plan_text(s->plan, op->ref[2]);
	int rc = op->flags & PLAN_NO_LINKS ? refuse_links(s, target) : 0;
	if (rc < 0)
		return rc;
	/* what is read-only for the container is filled first */
	uint64_t late = op->flags & (PLAN_COPY_UP | PLAN_COPY_MODE) ? op->num[0] & MOUNT_ATTR_RDONLY : 0;
	int fd = make_fs(s, type, plan_text(s->plan, op->ref[1]), plan_text(s->plan, op->ref[3]), op->num[0] & ~late);
	if (fd < 0 && (op->flags & PLAN_OR_BIND))
		fd = host_tree(target);
	if (fd < 0)
		return fd;
	if (op->flags & (PLAN_COPY_UP | PLAN_COPY_MODE)) {
		rc = op->flags & PLAN_COPY_UP ? fill(s, fd, target, plan_text(s->plan, op->ref[3])) : copy_mode(s, fd, target);
		if (rc < 0 && rc != -ENOENT)
			return rc;
	}
	rc = place(s, fd, target, 0, 1);
	if (rc < 0)
		return rc;
	if (op->num[1] || late) {
		struct mount_attr attr = { .attr_set = late, .propagation = op->num[1] & ~(uint64_t)MS_REC };
		rc = sys_mount_setattr(fd, 0, &attr);
	}
	if (!keep_handle(s, type, target, fd))
		close(fd);
	return rc;
}

/* --- a piece of the host --- */

static int bind_tree(struct stage *s, const struct plan_op *op)
{
	const char *source = plan_text(s->plan, op->ref[0]);
	if (source)
		return sys_open_tree(AT_FDCWD, source, OPEN_TREE_CLONE | (op->flags & PLAN_RECURSIVE ? AT_RECURSIVE : 0));
	int fd = s->slots[op->num[3]];
	s->slots[op->num[3]] = -EBADF;
	return fd;
}

int stage_bind(struct stage *s, const struct plan_op *op)
{
	const char *target = plan_text(s->plan, op->ref[1]);
	struct mount_attr attr = { .attr_set = op->num[0], .attr_clr = op->num[1] };
	struct mount_attr propagation = { .propagation = op->num[2] & ~(uint64_t)MS_REC };
	const struct stage_owner owner = { (uint32_t)(op->num[4] >> 32), (uint32_t)op->num[4] };
	int rc = 0, fd = bind_tree(s, op);
	if (fd < 0)
		return fd;
	if (op->flags & PLAN_COPY_UP)
		rc = copy_up(s, fd, target, op->flags & PLAN_GIVE ? &owner : NULL);
	if (rc == -ENOENT || rc == -ENOTDIR)
		rc = 0;
	if (rc >= 0 && (op->num[0] | op->num[1]))
		rc = sys_mount_setattr(fd, (op->flags & PLAN_ATTR_RECURSIVE) != 0, &attr);
	if (rc >= 0 && op->num[2])
		rc = sys_mount_setattr(fd, (op->num[2] & MS_REC) != 0, &propagation);
	if (rc >= 0 && (op->flags & PLAN_REPLACE_LINK))
		rc = stage_path_drop_link(s, target);
	if (rc < 0) {
		close(fd);
		return rc;
	}
	return place(s, fd, target, (op->flags & PLAN_IS_FILE) != 0, 0);
}

/* --- what shall not be seen or changed --- */

static int is_absent(int rc)
{
	return rc == -ENOENT || rc == -ENOTDIR;
}

int stage_readonly(struct stage *s, const struct plan_op *op)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };
	int target = stage_path_open(s, plan_text(s->plan, op->ref[0]), O_PATH, 0);
	if (target < 0)
		return is_absent(target) ? 0 : target;
	int tree = sys_open_tree(target, "", OPEN_TREE_CLONE | AT_EMPTY_PATH | AT_RECURSIVE);
	int rc = tree < 0 ? tree : sys_mount_setattr(tree, 1, &attr);
	if (rc >= 0)
		rc = sys_move_mount(tree, target);
	if (tree >= 0)
		close(tree);
	close(target);
	return rc;
}

static int mask_dir(struct stage *s, int target)
{
	/* one empty directory for all */
	if (s->empty_fd < 0) {
		s->empty_fd = make_fs(s, "tmpfs", "tmpfs", "size=0,nr_inodes=1,mode=555",
				      MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
		return s->empty_fd < 0 ? s->empty_fd : sys_move_mount(s->empty_fd, target);
	}
	int tree = sys_open_tree(s->empty_fd, "", OPEN_TREE_CLONE | AT_EMPTY_PATH);
	if (tree < 0)
		return tree;
	int rc = sys_move_mount(tree, target);
	close(tree);
	return rc;
}

/* The host's null device, opened and checked before anything of the container could be in its place. */
static int mask_file(struct stage *s, int target)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY, .propagation = MS_PRIVATE };
	int tree = sys_open_tree(s->null_fd, "", OPEN_TREE_CLONE | AT_EMPTY_PATH);
	if (tree < 0)
		return tree;
	int rc = sys_mount_setattr(tree, 0, &attr);
	if (rc >= 0)
		rc = sys_move_mount(tree, target);
	close(tree);
	return rc;
}

int stage_mask(struct stage *s, const struct plan_op *op)
{
	struct stat st;
	int rc, target = stage_path_open(s, plan_text(s->plan, op->ref[0]), O_PATH, 0);
	if (target < 0)
		return is_absent(target) ? 0 : target;
	if (fstat(target, &st) < 0)
		rc = -errno;
	else
		rc = S_ISDIR(st.st_mode) ? mask_dir(s, target) : mask_file(s, target);
	close(target);
	return rc;
}
