/* engine.h - one user's containers and images: the store, the namespace, the defaults.
 * Life:   engine_open → calls → engine_close. One per process; a fork keeps using its copy (descriptors are shared).
 * Errors: whatever the store says; ERR_UNSUPPORTED where the user namespace cannot be made.
 * Locks:  none held between calls. Order within: network < volume < pod < container < image < layer < store.
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"
#include "engine/events_conf.h"

#include <stdbool.h>

struct store;

enum engine_need {
	ENGINE_READ,  /* looks only: no namespace is entered, nothing is made; an absent store is an empty one */
	ENGINE_WRITE, /* as root of the user's namespace; the store is made when missing */
	ENGINE_LOOK,  /* as root of the user's namespace, to see what a start would do. Nothing is made but a user's empty store: see engine.looks */
};

/* Which of several names is meant: 1 there is nobody to ask. */
typedef int engine_choose(char *const *names, size_t *ret, struct err *err);

struct engine_opts {
	const char *root, *runroot; /* --root, --runroot; NULL: this user's */
	char *const *storage_opts;  /* --storage-opt; NULL: not given. Borrowed while the engine is open */
	char *const *cdi_dirs;	    /* --cdi-spec-dir, cdi_spec_dirs; NULL: not said */
	const struct events_conf *events; /* borrowed; NULL: the store's file, without a bound */
	bool no_namespace;	    /* the caller is where it must be already (cleanup forked by a monitor) */
	engine_choose *choose;	    /* for a short name that may stand for several; NULL: nobody is asked */
};

struct engine {
	struct store *store;
	struct events_conf events;
	bool rootless;
	bool single_id; /* the user has no subordinate ids: one id only */
	char **cdi_dirs; /* as in engine_opts */
	engine_choose *choose;
	bool looks;	/* what create and start would make is named, and not made */
};

/* Warnings a person should read (no subordinate ids) are printed by log_warn once. */
int engine_open(const struct engine_opts *opts, enum engine_need need, struct engine **ret, struct err *err) must_check;
void engine_close(struct engine *engine);
AUTO_PTR(engine, engine_close);

/* The same words again, to the program that loads libraries (base/dl.h). Returns when it is not there: *err, ERR_LIBRARIES till then, says so. */
void engine_start_full(char *const *argv, struct err *err);
