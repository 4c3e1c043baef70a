#include "engine/ctr_artifacts.h"

#include "base/fd.h"
#include "base/path.h"
#include "base/str.h"
#include "engine/artifacts.h"
#include "engine/ctr_tree.h"
#include "storage/artifact_db.h"

#include <fcntl.h>
#include <stdlib.h>

void ctr_artifact_files_done(struct ctr_artifact_files *files)
{
	for (size_t i = 0; i < files->count; i++) {
		free(files->rows[i].path);
		free(files->rows[i].target);
	}
	free(files->rows);
	*files = (struct ctr_artifact_files){ 0 };
}

static int choose(struct engine *engine, const struct ctr_mount *m, struct artifacts_chosen *ret, struct err *err)
{
	const struct artifact_want want = { .digest = strv_env_get(m->options, "digest"), .title = strv_env_get(m->options, "title") };
	if (artifacts_choose(engine, m->source, &want, ret, err) < 0)
		return err_wrap(err, "mounting artifact \"%s\" at \"%s\"", m->source, m->target);
	return 0;
}

/* COMPAT: titles are looked at in any case. Owned. */
static int file_name(const struct ctr_mount *m, const struct artifacts_chosen *c, size_t i, char **ret, struct err *err)
{
	const char *name = strv_env_get(m->options, "name");
	auto_free char *own = NULL;
	if (artifact_blob_file(c->blobs[i], strv_env_get(m->options, "digest") != NULL, &own, err) < 0)
		return err_wrap(err, "mounting artifact \"%s\" at \"%s\"", m->source, m->target);
	if (!name)
		*ret = take_ptr(own);
	else
		*ret = c->count > 1 ? mem_printf("%s-%zu", name, i) : mem_strdup(name);
	return 0;
}

int ctr_artifacts_check(struct engine *engine, const struct ctr_def *def, struct err *err)
{
	for (size_t i = 0; i < def->mount_count; i++) {
		auto_val(artifacts_chosen) c = { 0 };
		if (!str_eq(def->mounts[i].type, "artifact"))
			continue;
		if (choose(engine, &def->mounts[i], &c, err) < 0)
			return -1;
		for (size_t n = 0; n < c.count; n++) {
			auto_free char *name = NULL;
			if (file_name(&def->mounts[i], &c, n, &name, err) < 0)
				return -1;
		}
	}
	return 0;
}

/* Of the container's own files; what is not there yet becomes a file. */
static int is_directory(struct engine *engine, struct ctr *ctr, const char *target, bool *ret, struct err *err)
{
	auto_close int tree_fd = -EBADF, fd = -EBADF;
	*ret = false;
	if (engine->looks)
		return 0;
	if (ctr_tree_open(engine, ctr, CTR_TREE_READ, &tree_fd, err) < 0)
		return -1;
	*ret = path_open(tree_fd, target, PATH_IN_ROOT, O_PATH | O_DIRECTORY, 0, &fd) >= 0;
	return 0;
}

static void add(struct ctr_artifact_files *files, char *path, char *target)
{
	files->rows = mem_resize(files->rows, files->count + 1, sizeof(*files->rows));
	files->rows[files->count++] = (struct ctr_artifact_file){ .path = path, .target = target };
}

int ctr_artifacts_find(struct engine *engine, struct ctr *ctr, const struct ctr_mount *m, struct ctr_artifact_files *ret, struct err *err)
{
	auto_val(artifacts_chosen) c = { 0 };
	auto_val(ctr_artifact_files) files = { 0 };
	if (choose(engine, m, &c, err) < 0)
		return -1;
	bool below = c.count > 1;
	if (!below && is_directory(engine, ctr, m->target, &below, err) < 0)
		return -1;
	for (size_t i = 0; i < c.count; i++) {
		auto_free char *name = NULL;
		if (file_name(m, &c, i, &name, err) < 0)
			return -1;
		add(&files, artifact_db_blob_path(engine->store, c.artifact, c.blobs[i]->digest), below ? path_join_dup(m->target, name) : mem_strdup(m->target));
	}
	*ret = files;
	files = (struct ctr_artifact_files){ 0 };
	return 0;
}
