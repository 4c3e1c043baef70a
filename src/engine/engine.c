#include "engine/engine.h"

#include "base/file.h"
#include "base/log.h"
#include "engine/ctr_life.h"
#include "host/libexec.h"
#include "host/userns.h"
#include "storage/store.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { SWEEP_ON_OPEN_MS = 100 };

/* Once until the next boot: who has read it need not read it at every command. */
static void warn_single_id(const struct store *store)
{
	if (file_create(store_run_fd(store), "single-id-said", 0600, "", 0, 0) == -EEXIST)
		return;
	auto_free char *way_out = userns_subid_advice_dup();
	log_warn("no subordinate ids for user %u: containers have root only, and every file is its own; add them with: %s", (unsigned)userns_caller_uid(),
		 way_out);
}

/* The namespace is entered before the store is opened: its directories belong to the namespace's root. The run directory is
 * needed for that, and is the user's own. */
static int enter(const struct engine_opts *opts, bool *ret_single, struct err *err)
{
	auto_free char *graph = NULL, *run = NULL;
	if (store_default_roots(&graph, &run, err) < 0)
		return -1;
	struct store_opts where = { .graphroot = opts->root, .runroot = opts->runroot };
	auto_ptr(store) store = NULL;
	if (store_open(&where, &store, err) < 0)
		return -1;
	return userns_enter(store_run_fd(store), ret_single, err);
}

int engine_open(const struct engine_opts *opts, enum engine_need need, struct engine **ret, struct err *err)
{
	auto_ptr(engine) engine = mem_alloc(sizeof(*engine));
	struct store_opts where = { .graphroot = opts->root, .runroot = opts->runroot, .readonly = need != ENGINE_WRITE,
				    .storage_opts = opts->storage_opts };
	if (opts->events) {
		engine->events = *opts->events;
		engine->events.path = opts->events->path ? mem_strdup(opts->events->path) : NULL;
	}
	engine->rootless = userns_is_rootless();
	engine->looks = need == ENGINE_LOOK;
	engine->cdi_dirs = strv_dup(opts->cdi_dirs);
	engine->choose = opts->choose;
	if (engine->rootless && need != ENGINE_READ && !opts->no_namespace) {
		if (enter(opts, &engine->single_id, err) < 0)
			return -1;
	}
	if (store_open(&where, &engine->store, err) < 0)
		return -1;
	if (engine->single_id && need == ENGINE_WRITE)
		warn_single_id(engine->store);
	/* a crash left something: whoever comes next clears a little of it away */
	if (need == ENGINE_WRITE && store_is_stale(engine->store))
		ctr_sweep(engine, SWEEP_ON_OPEN_MS);
	*ret = take_ptr(engine);
	return 0;
}

void engine_close(struct engine *engine)
{
	if (!engine)
		return;
	store_close(engine->store);
	strv_free(engine->cdi_dirs);
	events_conf_done(&engine->events);
	free(engine);
}

void engine_start_full(char *const *argv, struct err *err)
{
	auto_free char *path = NULL;
	struct err why = { 0 };
	if (libexec_path("cpod-full", &path, &why) >= 0)
		execv(path, argv);
	if (*why.text)
		*err = why;
}
