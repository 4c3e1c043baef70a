#include "engine/ctr_place.h"

#include "base/fd.h"
#include "base/path.h"
#include "base/str.h"
#include "engine/ctr_tree.h"
#include "engine/ctr_trees.h"
#include "engine/volume.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* COMPAT: a colon after something that is no path begins the path in a container. */
static const char *colon_of(const char *word)
{
	return *word == '/' || *word == '.' ? NULL : strchr(word, ':');
}

int ctr_place_find(struct engine *engine, const char *word, struct ctr_place *ret, struct err *err)
{
	const char *colon = colon_of(word);
	*ret = (struct ctr_place){ .kind = CTR_PLACE_HOST, .root_fd = -EBADF };
	if (strcmp(word, "-") == 0)
		ret->kind = CTR_PLACE_STREAM;
	ret->path = mem_strdup(colon ? colon + 1 : word);
	if (!*ret->path)
		return err_set(err, ERR_USAGE, "invalid argument \"%s\": you must specify paths", word);
	if (!colon)
		return 0;
	auto_free char *name = mem_strndup(word, (size_t)(colon - word));
	ret->kind = CTR_PLACE_CTR;
	if (!*name)
		return err_set(err, ERR_USAGE, "name or ID cannot be empty");
	if (ctr_open(engine, name, &ret->ctr, err) < 0) {
		if (!err_is(err, ERR_NOT_FOUND))
			return -1;
		err_clear(err);
		return err_set(err, ERR_NOT_FOUND, "container \"%s\" does not exist", name);
	}
	if (ctr_idmap_read(engine, &ret->ctr->def, &ret->map, err) < 0)
		return -1;
	ret->shift = ctr_idmap_shift(&ret->map, &ret->shift_buffer);
	return 0;
}

/* --- the tree of a container --- */

static int open_running(struct ctr_place *p, struct err *err)
{
	char root[64];
	int pidfd, rc = proc_open(&p->ctr->status.process, &pidfd);
	if (rc < 0)
		return err_sys(err, -rc, "container %s has just ended: try again", p->ctr->def.name);
	snprintf(root, sizeof(root), "/proc/%d/root", (int)p->ctr->status.process.pid);
	p->root_fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int code = errno;
	/* it is that process's root if the process is still the one */
	bool gone = proc_wait_gone(pidfd, 0) == 1;
	fd_close(pidfd);
	if (p->root_fd < 0 || gone)
		return err_sys(err, gone ? ESRCH : code, "cannot reach the files of container %s", p->ctr->def.name);
	return 0;
}

static const struct ctr_mount *mount_of(const struct ctr_def *def, const char *path)
{
	const struct ctr_mount *found = NULL;
	size_t longest = 0;
	for (size_t i = 0; i < def->mount_count; i++) {
		const struct ctr_mount *m = &def->mounts[i];
		size_t len = strlen(m->target);
		if ((str_eq(m->type, "volume") || str_eq(m->type, "bind")) && len > longest && strncmp(path, m->target, len) == 0 &&
		    (!path[len] || path[len] == '/')) {
			found = m;
			longest = len;
		}
	}
	return found;
}

/* COMPAT: a volume is there though nothing has mounted it. */
static int open_mount(struct engine *engine, struct ctr_place *p, const struct ctr_mount *m, bool write, struct err *err)
{
	auto_val(volume_place) volume = { 0 };
	const char *dir = m->source;
	if (write && strv_has(m->options, "ro"))
		return err_set(err, ERR_DENIED, "'%s' of container %s is mounted read-only", m->target, p->ctr->def.name);
	bool made = ctr_trees_need(m); /* its own overlay, a part, or other owners: what was named is something else */
	if (made)
		dir = NULL;
	if (!made && str_eq(m->type, "volume")) {
		const struct volume_want want = volume_wanted(&p->ctr->def, m);
		if (volume_use(engine, &want, &volume, err) < 0)
			return -1;
		dir = volume.path;
	}
	p->root_fd = dir ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (p->root_fd < 0)
		return err_set(err, ERR_UNSUPPORTED, "'%s' is mounted when container %s runs: start it, and copy then", m->target, p->ctr->def.name);
	char *rest = mem_printf("/%s", p->inner + strlen(m->target));
	free(p->inner);
	p->inner = rest;
	return 0;
}

static int open_stopped(struct engine *engine, struct ctr_place *p, bool write, struct err *err)
{
	const struct ctr_mount *m = mount_of(&p->ctr->def, p->inner);
	if (m)
		return open_mount(engine, p, m, write, err);
	if (write) {
		if (ctr_lock(engine, p->ctr, err) < 0)
			return -1;
		p->locked = true;
	}
	return ctr_tree_open(engine, p->ctr, write ? CTR_TREE_WRITE : CTR_TREE_READ, &p->root_fd, err);
}

int ctr_place_root(struct engine *engine, struct ctr_place *p, bool write, struct err *err)
{
	if (p->kind != CTR_PLACE_CTR)
		return 0;
	const char *workdir = p->ctr->def.workdir;
	auto_free char *joined = *p->path == '/' ? mem_strdup(p->path) : path_join_dup(workdir && *workdir ? workdir : "/", p->path);
	p->inner = path_clean_dup(joined);
	return p->ctr->status.process.pid ? open_running(p, err) : open_stopped(engine, p, write, err);
}

void ctr_place_done(struct ctr_place *p)
{
	fd_close(p->root_fd);
	if (p->locked)
		ctr_unlock(p->ctr);
	ctr_free(p->ctr);
	free(p->path);
	free(p->inner);
	ctr_idmap_done(&p->map);
}

int ctr_place_open(const struct ctr_place *p, const char *path, int flags, int *ret_fd)
{
	if (p->kind == CTR_PLACE_CTR)
		return path_open(p->root_fd, path, PATH_IN_ROOT, flags, 0, ret_fd);
	*ret_fd = open(path, flags | O_CLOEXEC);
	return *ret_fd < 0 ? -errno : 0;
}

int ctr_place_missing(const struct ctr_place *p, int code, struct err *err)
{
	if (p->kind == CTR_PLACE_CTR)
		return err_sys(err, -code, "\"%s\" could not be found on container %s", p->path, p->ctr->def.name);
	return err_sys(err, -code, "\"%s\" could not be found on the host", p->path);
}
