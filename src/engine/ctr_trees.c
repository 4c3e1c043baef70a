#include "engine/ctr_trees.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/path.h"
#include "engine/ctr_idmap.h"
#include "engine/ctr_idmap_mount.h"
#include "engine/ctr_spec.h"
#include "host/mnt_piece.h"
#include "host/overlay.h"
#include "image/image.h"
#include "storage/layer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *value_of(const struct ctr_mount *m, const char *key)
{
	const char *value = NULL;
	for (char **o = m->options; o && *o; o++)
		value = str_after(*o, key) ? str_after(*o, key) : value;
	return value;
}

const char *ctr_trees_subpath(const struct ctr_mount *m)
{
	return value_of(m, "subpath=");
}

bool ctr_trees_idmap(const struct ctr_mount *m, const char **ret_maps)
{
	*ret_maps = value_of(m, "idmap=");
	return *ret_maps || strv_has(m->options, "idmap");
}

static bool is_image(const struct ctr_mount *m)
{
	return str_eq(m->type, "image");
}

bool ctr_trees_need(const struct ctr_mount *m)
{
	const char *maps;
	return is_image(m) || strv_has(m->options, "O") || ctr_trees_subpath(m) || ctr_trees_idmap(m, &maps);
}

/* A mount with the owners it has anyway is an ordinary one: where the container has our user namespace, and names no ids. */
static int check_idmap(const struct engine *engine, const struct ctr_def *def, const char *what, const char *maps, struct err *err)
{
	auto_val(ctr_idmap) own = { 0 };
	struct ctr_idmap_mount words = { 0 };
	if (ctr_idmap_read(engine, def, &own, err) < 0)
		return -1;
	if (engine->rootless && (maps || own.uids))
		return err_set(err, ERR_UNSUPPORTED,
			       "'%s': the kernel lets only root mount with idmap: change the owner with U, or leave idmap out", what);
	int rc = maps ? ctr_idmap_mount_read(maps, NULL, &words, err) : 0;
	ctr_idmap_mount_done(&words);
	return rc;
}

static bool has_root_map(const struct ctr_def *def)
{
	return def->rootfs_idmap && *def->rootfs_idmap;
}

int ctr_trees_check(const struct engine *engine, const struct ctr_def *def, struct err *err)
{
	for (size_t i = 0; i < def->mount_count; i++) {
		const char *maps;
		if (ctr_trees_idmap(&def->mounts[i], &maps) && check_idmap(engine, def, def->mounts[i].target, maps, err) < 0)
			return -1;
	}
	return has_root_map(def) ? check_idmap(engine, def, "--rootfs", str_after(def->rootfs_idmap, "idmap="), err) : 0;
}

/* --- overlays --- */

struct tree {
	struct engine *engine;
	struct ctr *ctr;
	const struct ctr_mount *m;
	struct spec *spec;
	struct spec_mount *out;
	const char *dir; /* its own below the container's, absolute: "…/overlay/3" */
	char *path;      /* what is to be mounted, where fd is not set; owned */
	int fd;
};

/* What the last start has left there is thrown away. The upper directory is what is seen: it looks like what it covers. */
static int make_upper(const struct tree *t, const char *below, char **ret_upper, char **ret_work, struct err *err)
{
	static const char *const names[] = { "upper", "work" };
	struct stat st;
	auto_close int fd = -EBADF;
	int rc = file_remove_tree(AT_FDCWD, t->dir);
	if (rc == -ENOENT)
		rc = 0;
	for (size_t i = 0; rc >= 0 && i < ARRAY_LEN(names); i++) {
		auto_free char *path = mem_printf("%s/%s", t->dir, names[i]);
		rc = file_mkdirs(AT_FDCWD, path, 0700);
	}
	*ret_upper = mem_printf("%s/upper", t->dir);
	*ret_work = mem_printf("%s/work", t->dir);
	if (rc >= 0)
		rc = file_open_dir(AT_FDCWD, *ret_upper, &fd);
	if (rc >= 0 && stat(below, &st) < 0)
		rc = -errno;
	if (rc < 0)
		return err_sys(err, -rc, "cannot make '%s'", t->dir);
	return fchown(fd, st.st_uid, st.st_gid) < 0 || fchmod(fd, st.st_mode & 07777) < 0 ?
		       err_sys(err, errno, "cannot make '%s'", t->dir) :
		       0;
}

static int open_overlay(struct tree *t, char *const *lower, bool write, struct err *err)
{
	const char *upper = value_of(t->m, "upperdir="), *work = value_of(t->m, "workdir=");
	auto_free char *own_upper = NULL;
	auto_free char *own_work = NULL;
	if (write && !upper && make_upper(t, lower[0], &own_upper, &own_work, err) < 0)
		return -1;
	const struct overlay overlay = { .lower = lower,
					 .upper = write ? upper ? upper : own_upper : NULL,
					 .work = write ? work ? work : own_work : NULL,
					 .setuid = true,
					 .in_userns = t->engine->rootless };
	return overlay_open(&overlay, lower[0], &t->fd, err); /* any directory: a child mounts over it, where nobody else sees it */
}

static int open_image(struct tree *t, struct err *err)
{
	auto_ptr(image) image = NULL;
	auto_val(ctr_idmap) map = { 0 };
	auto_strv lower = NULL;
	struct shift buffer;
	if (ctr_idmap_read(t->engine, &t->ctr->def, &map, err) < 0 || image_db_get(t->engine->store, t->m->image, &image, err) < 0 ||
	    layer_stack(t->engine->store, image->diff_ids, ctr_idmap_shift(&map, &buffer), &lower, err) < 0)
		return -1;
	if (!lower)
		return err_set(err, ERR_INVALID, "image '%s' has no files", t->m->source);
	bool write = strv_has(t->m->options, "rw");
	if (write || lower[1])
		return open_overlay(t, lower, write, err);
	t->path = mem_strdup(lower[0]); /* an overlay wants two */
	return 0;
}

static int open_over(struct tree *t, struct err *err)
{
	char *const lower[] = { t->out->source, NULL };
	if (t->out->is_file)
		return err_set(err, ERR_USAGE, "'%s' is no directory: leave the option O out", t->out->source);
	return open_overlay(t, lower, true, err);
}

/* --- parts and owners --- */

static int open_piece(struct tree *t, struct err *err)
{
	struct mnt_piece piece = { .tree_fd = t->fd,
				   .scratch = t->dir,
				   .path = t->fd < 0 ? t->path ? t->path : t->out->source : NULL,
				   .sub = ctr_trees_subpath(t->m) };
	int fd = -EBADF, rc = t->fd < 0 ? 0 : file_mkdirs(AT_FDCWD, t->dir, 0700);
	if (rc < 0)
		return err_sys(err, -rc, "cannot make '%s'", t->dir);
	if (mnt_piece_open(&piece, &fd, &t->out->is_file, err) < 0)
		return -1;
	fd_close(t->fd);
	t->fd = fd;
	return 0;
}

/* As the container's user namespace has them, or as the words say. */
static int map_owners(const struct spec *spec, int fd, const char *maps, struct err *err)
{
	struct ctr_idmap_mount words = { 0 };
	const struct userns_map *uids = (const struct userns_map *)spec->uid_maps, *gids = (const struct userns_map *)spec->gid_maps;
	int rc = maps ? ctr_idmap_mount_read(maps, spec, &words, err) : 0;
	if (rc >= 0)
		rc = mnt_piece_map(fd, maps ? words.uids : uids, maps ? words.gids : gids, err);
	ctr_idmap_mount_done(&words);
	return rc;
}

/* --rootfs DIRECTORY:idmap */
static int open_root(const struct ctr_def *def, struct spec *spec, struct err *err)
{
	const char *maps = has_root_map(def) ? str_after(def->rootfs_idmap, "idmap=") : NULL;
	const struct mnt_piece piece = { .path = def->rootfs };
	auto_close int fd = -EBADF;
	bool is_file;
	if (!has_root_map(def) || (!maps && !spec->uid_maps))
		return 0;
	if (mnt_piece_open(&piece, &fd, &is_file, err) < 0 || map_owners(spec, fd, maps, err) < 0)
		return err_wrap(err, "the root file system '%s'", def->rootfs);
	spec->root.tree_fd = take_fd(fd);
	return 0;
}

/* The tree itself where it is one of our own making; a file's descriptor has no name below it. */
static int give(const struct tree *t, struct err *err)
{
	bool own = strv_has(t->m->options, "O") || ctr_trees_subpath(t->m);
	return own && t->fd >= 0 ? ctr_mounts_give(t->m, t->spec, t->fd, t->out->is_file ? "" : ".", err) : 0;
}

static int open_tree(struct tree *t, struct err *err)
{
	const char *maps;
	bool mapped = ctr_trees_idmap(t->m, &maps) && (maps || t->spec->uid_maps);
	int rc = is_image(t->m) ? open_image(t, err) : strv_has(t->m->options, "O") ? open_over(t, err) : 0;
	if (rc >= 0 && (ctr_trees_subpath(t->m) || (t->fd < 0 && (mapped || t->path))))
		rc = open_piece(t, err);
	if (rc >= 0)
		rc = give(t, err);
	if (rc >= 0 && mapped)
		rc = map_owners(t->spec, t->fd, maps, err);
	if (rc < 0)
		return err_wrap(err, "the mount on '%s'", t->m->target);
	if (t->fd >= 0)
		t->out->tree_fd = take_fd(t->fd);
	return 0;
}

static struct spec_mount *find(struct spec *spec, const char *target)
{
	auto_free char *clean = path_clean_dup(target);
	for (size_t i = 0; i < spec->mount_count; i++)
		if (strcmp(spec->mounts[i].destination, clean) == 0)
			return &spec->mounts[i];
	return NULL;
}

/* A volume that is a tmpfs begins empty, and is the container's own: idmap has nothing to change there. */
static int check_tmpfs(const struct ctr_mount *m, struct err *err)
{
	bool part = ctr_trees_subpath(m), over = strv_has(m->options, "O");
	return part || over ? err_set(err, ERR_UNSUPPORTED, "volume '%s' is a tmpfs of each container's own: it has no %s: leave '%s' out",
				      m->source, part ? "parts" : "need of an overlay", part ? "subpath" : "O") :
			      0;
}

int ctr_trees_open(struct engine *engine, struct ctr *ctr, struct spec *spec, struct err *err)
{
	for (size_t i = 0; i < ctr->def.mount_count; i++) {
		const struct ctr_mount *m = &ctr->def.mounts[i];
		if (!ctr_trees_need(m))
			continue;
		struct tree t = { .engine = engine, .ctr = ctr, .m = m, .spec = spec, .out = find(spec, m->target), .fd = -EBADF };
		if (!t.out || !str_eq(t.out->type, "bind")) {
			if (check_tmpfs(m, err) < 0)
				return -1;
			continue;
		}
		auto_free char *dir = mem_printf("%s/containers/%s/overlay/%zu", store_graphroot(engine->store), ctr->id, i);
		t.dir = dir;
		int rc = open_tree(&t, err);
		fd_close(t.fd);
		free(t.path);
		if (rc < 0)
			return -1;
	}
	return open_root(&ctr->def, spec, err);
}
