#include "engine/ctr_copy.h"

#include "base/fd.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/str.h"
#include "engine/ctr_place.h"
#include "engine/ctr_user.h"
#include "storage/tree_pack.h"
#include "storage/tree_unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- what is copied --- */

struct source {
	int fd;		/* of a directory or a regular file, open for reading */
	bool is_dir;
	bool contents;	/* PATH/. : what is in it, without itself */
	char *name;	/* its last part */
};

static void source_done(struct source *s)
{
	fd_close(s->fd);
	free(s->name);
}
AUTO_VAL(source, source_done);

static bool means_contents(const char *path)
{
	return strcmp(path, ".") == 0 || str_ends(path, "/.");
}

static int open_source(const struct ctr_place *from, struct source *ret, struct err *err)
{
	const char *path = from->kind == CTR_PLACE_CTR ? from->inner : from->path;
	auto_close int there_fd = -EBADF;
	struct stat st;
	int rc = ctr_place_open(from, path, O_PATH, &there_fd);
	if (rc < 0)
		return ctr_place_missing(from, rc, err);
	if (fstat(there_fd, &st) < 0)
		return ctr_place_missing(from, -errno, err);
	if (!S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode))
		return err_set(err, ERR_UNSUPPORTED, "'%s' is neither a file nor a directory", from->path);
	rc = ctr_place_open(from, path, O_RDONLY | O_NONBLOCK | (S_ISDIR(st.st_mode) ? O_DIRECTORY : 0), &ret->fd);
	if (rc < 0)
		return err_sys(err, -rc, "cannot read '%s'", from->path);
	auto_free char *clean = path_clean_dup(path);
	ret->is_dir = S_ISDIR(st.st_mode);
	ret->name = mem_strdup(path_base(clean));
	ret->contents = ret->is_dir && (means_contents(from->path) || !*ret->name);
	return 0;
}

/* --- where to --- */

struct target {
	int fd;		/* the directory that it goes into */
	char *base;	/* its path in the container */
	char *name;	/* what it is called there; NULL: the source's contents go into the directory */
};

static void target_done(struct target *t)
{
	fd_close(t->fd);
	free(t->base);
	free(t->name);
}
AUTO_VAL(target, target_done);

static char *parent_dup(const char *path)
{
	const char *slash = strrchr(path, '/');
	return !slash ? mem_strdup(".") : slash == path ? mem_strdup("/") : mem_strndup(path, (size_t)(slash - path));
}

/* Into a directory that is there. */
static int into_dir(const struct source *s, const char *path, int fd, struct target *ret)
{
	*ret = (struct target){ .fd = fd, .base = mem_strdup(path), .name = s && !s->contents ? mem_strdup(s->name) : NULL };
	return 0;
}

/* As a name that is no directory, or not there: its parent must be. */
static int as_name(const struct ctr_place *to, const char *path, struct target *ret, struct err *err)
{
	auto_free char *clean = path_clean_dup(path);
	auto_free char *parent = parent_dup(clean);
	int fd, rc = ctr_place_open(to, parent, O_RDONLY | O_DIRECTORY, &fd);
	if (rc < 0)
		return ctr_place_missing(to, rc, err);
	*ret = (struct target){ .fd = fd, .base = mem_strdup(parent), .name = mem_strdup(path_base(clean)) };
	return 0;
}

/* s NULL: a stream. */
static int open_target(const struct ctr_place *to, const struct source *s, struct target *ret, struct err *err)
{
	const char *path = to->kind == CTR_PLACE_CTR ? to->inner : to->path;
	bool must_be_dir = str_ends(to->path, "/") || means_contents(to->path);
	int fd, rc = ctr_place_open(to, path, O_RDONLY | O_DIRECTORY, &fd);
	if (rc >= 0)
		return into_dir(s, path, fd, ret);
	if (!s)
		return err_set(err, ERR_USAGE, "destination must be a directory when copying from stdin");
	if (rc == -ENOTDIR && s->is_dir)
		return err_set(err, ERR_USAGE, "destination must be a directory when copying a directory");
	if (rc != -ENOTDIR && rc != -ENOENT)
		return ctr_place_missing(to, rc, err);
	if (must_be_dir)
		return ctr_place_missing(to, rc, err);
	return as_name(to, path, ret, err);
}

/* --- the stream between them --- */

static int to_fd(void *ctx, const void *data, size_t len, struct err *err)
{
	int rc = fd_write_full(*(const int *)ctx, data, len);
	return rc < 0 ? err_sys(err, -rc, "cannot hand on what is copied") : 0;
}

/* name: of the entry; NULL: the contents of a directory. */
static int pack(const struct ctr_place *from, const struct source *s, const char *name, int fd, struct err *err)
{
	const struct tree_pack how = { .as = name, .mounts = true, .shift = from->shift };
	struct tar_out out = { .write = to_fd, .ctx = &fd };
	int rc = s->is_dir ? tree_pack(s->fd, &how, &out, err) : tree_pack_file(s->fd, &how, &out, err);
	return rc < 0 ? -1 : tar_out_end(&out, err);
}

static int start_pack(const struct ctr_place *from, const struct source *s, const char *name, int *ret_fd, int *ret_report_fd, pid_t *ret_pid,
		      struct err *err)
{
	int out[2], report[2], rc = fd_pipe(out);
	if (rc >= 0 && (rc = fd_pipe(report)) < 0) {
		fd_close(out[0]);
		fd_close(out[1]);
	}
	if (rc < 0)
		return err_sys(err, -rc, "cannot make a pipe");
	pid_t pid = proc_fork();
	int code = errno;
	if (pid == 0) {
		struct err child = { 0 };
		fd_close(out[0]);
		fd_close(report[0]);
		rc = pack(from, s, name, out[1], &child);
		proc_report(report[1], rc < 0 ? &child : &(struct err){ 0 });
		proc_exit(0);
	}
	fd_close(out[1]);
	fd_close(report[1]);
	*ret_fd = out[0];
	*ret_report_fd = report[0];
	*ret_pid = pid;
	if (pid > 0)
		return 0;
	fd_close(out[0]);
	fd_close(report[0]);
	return err_sys(err, code, "cannot start a process");
}

/* --- owners --- */

static int owner_in_ctr(struct engine *engine, const struct ctr_place *to, struct tree_unpack *how, struct err *err)
{
	auto_val(ctr_user) user = { 0 };
	if (ctr_user_resolve(engine, to->ctr, to->ctr->def.user, NULL, &user, err) < 0)
		return -1;
	how->one_owner = true;
	how->uid = to->shift ? userns_map_id(to->shift->uids, user.uid, true) : user.uid;
	how->gid = to->shift ? userns_map_id(to->shift->gids, user.gid, true) : user.gid;
	if (how->uid == USERNS_UNMAPPED || how->gid == USERNS_UNMAPPED)
		return err_set(err, ERR_UNSUPPORTED, "the user of container %s (%u:%u) is not in its user namespace", to->ctr->def.name, user.uid, user.gid);
	return 0;
}

static int how_to_unpack(struct engine *engine, const struct ctr_place *to, const struct target *t, const struct ctr_copy_opts *opts,
			 struct tree_unpack *how, struct err *err)
{
	*how = (struct tree_unpack){ .base_fd = t->fd, .root_fd = to->root_fd, .base = t->base, .shift = to->shift, .overwrite = opts->overwrite };
	if (to->kind == CTR_PLACE_CTR)
		return opts->archive ? owner_in_ctr(engine, to, how, err) : 0;
	how->one_owner = how->no_set_id = true;
	how->uid = geteuid();
	how->gid = getegid();
	return 0;
}

/* --- the three ways --- */

static int to_stream(const struct ctr_place *from, struct err *err)
{
	auto_val(source) s = { .fd = -EBADF };
	if (open_source(from, &s, err) < 0)
		return -1;
	if (isatty(STDOUT_FILENO))
		return err_set(err, ERR_USAGE, "refusing to copy to terminal. Redirect standard output");
	return pack(from, &s, s.contents ? NULL : s.name, STDOUT_FILENO, err);
}

static int from_stream(struct engine *engine, const struct ctr_place *to, const struct ctr_copy_opts *opts, struct err *err)
{
	auto_val(target) t = { .fd = -EBADF };
	struct tree_unpack how;
	if (open_target(to, NULL, &t, err) < 0 || how_to_unpack(engine, to, &t, opts, &how, err) < 0)
		return -1;
	if (isatty(STDIN_FILENO))
		return err_set(err, ERR_USAGE, "cannot read from terminal, use command-line redirection");
	int rc = tree_unpack_fd(&how, STDIN_FILENO, true, err);
	return rc < 0 && err_is(err, ERR_INVALID) ? err_wrap(err, "source must be a (compressed) tar archive when copying from stdin") : rc;
}

static int between(struct engine *engine, const struct ctr_place *from, const struct ctr_place *to, const struct ctr_copy_opts *opts, struct err *err)
{
	auto_val(source) s = { .fd = -EBADF };
	auto_val(target) t = { .fd = -EBADF };
	auto_close int in_fd = -EBADF;
	auto_close int report_fd = -EBADF;
	struct tree_unpack how;
	struct err unpacked = { 0 };
	pid_t pid;
	if (open_source(from, &s, err) < 0 || open_target(to, &s, &t, err) < 0 || how_to_unpack(engine, to, &t, opts, &how, err) < 0 ||
	    start_pack(from, &s, t.name, &in_fd, &report_fd, &pid, err) < 0)
		return -1;
	int rc = tree_unpack_fd(&how, in_fd, false, &unpacked);
	in_fd = fd_close(in_fd);
	struct err packed = { 0 };
	int sent = proc_collect(report_fd, pid, "reading what is copied", &packed);
	/* the reader's word first: a writer that lost it only says so */
	if (rc < 0 && !err_is(&unpacked, ERR_INVALID)) {
		err_clear(&packed);
		*err = unpacked;
		return -1;
	}
	if (sent < 0) {
		err_clear(&unpacked);
		*err = packed;
		return -1;
	}
	*err = unpacked;
	return rc;
}

int ctr_copy(struct engine *engine, const char *from_word, const char *to_word, const struct ctr_copy_opts *opts, struct err *err)
{
	auto_val(ctr_place) from = { .root_fd = -EBADF };
	auto_val(ctr_place) to = { .root_fd = -EBADF };
	if (ctr_place_find(engine, from_word, &from, err) < 0 || ctr_place_find(engine, to_word, &to, err) < 0)
		return -1;
	if (from.kind != CTR_PLACE_CTR && to.kind != CTR_PLACE_CTR)
		return err_set(err, ERR_USAGE, "neither '%s' nor '%s' is in a container: write CONTAINER:PATH", from_word, to_word);
	if (ctr_place_root(engine, &from, false, err) < 0 || ctr_place_root(engine, &to, true, err) < 0)
		return -1;
	if (to.kind == CTR_PLACE_STREAM)
		return to_stream(&from, err);
	return from.kind == CTR_PLACE_STREAM ? from_stream(engine, &to, opts, err) : between(engine, &from, &to, opts, err);
}
