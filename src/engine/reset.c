#include "engine/reset.h"

#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "engine/ctr_life.h"
#include "engine/mount_place.h"
#include "storage/store.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

char *reset_place_dup(const struct engine *engine, bool graph)
{
	return mem_strdup(graph ? store_graphroot(engine->store) : store_runroot(engine->store));
}

static int end_containers(struct engine *engine, struct err *err)
{
	struct ctr **ctrs;
	size_t count;
	int rc = 0;
	if (ctr_list(engine, &ctrs, &count, err) < 0)
		return -1;
	for (size_t i = 0; rc >= 0 && i < count; i++)
		rc = ctr_remove(engine, ctrs[i], &(struct ctr_rm_opts){ .force = true, .volumes = true, .ignore = true, .depend = true }, err);
	ctr_list_free(ctrs, count);
	return rc;
}

/* Everything in the directory that is ours. */
static int clear(int dir_fd, const char *path, bool (*is_ours)(const char *name), char ***strangers, struct err *err)
{
	auto_strv names = NULL;
	int rc = dir_fd < 0 ? 0 : file_list(dir_fd, &names);
	for (char **name = names; rc >= 0 && name && *name; name++) {
		if (!is_ours(*name)) {
			strv_addf(strangers, "%s/%s", path, *name);
			continue;
		}
		rc = file_remove_tree(dir_fd, *name);
		if (rc < 0)
			return err_sys(err, -rc, "cannot remove '%s/%s'", path, *name);
	}
	return rc < 0 ? err_sys(err, -rc, "cannot list '%s'", path) : 0;
}

static void drop_dir(const char *path)
{
	if (rmdir(path) < 0 && errno != ENOENT && errno != ENOTEMPTY && errno != EEXIST)
		log_debug("'%s' stays: %s", path, err_reason(errno));
}

int reset_store(struct engine *engine, char ***ret_strangers, struct err *err)
{
	const char *graph = store_graphroot(engine->store), *run = store_runroot(engine->store);
	if (end_containers(engine, err) < 0 || mount_place_forget_all(engine, err) < 0)
		return -1;
	store_empty_trash(engine->store, -1);
	if (clear(store_run_fd(engine->store), run, store_run_name_is_ours, ret_strangers, err) < 0 ||
	    clear(store_graph_fd(engine->store), graph, store_graph_name_is_ours, ret_strangers, err) < 0)
		return -1;
	drop_dir(run);
	drop_dir(graph);
	return 0;
}
