/* store_priv.h - what the files of this room share.
 */
#pragma once

#include "storage/store.h"

struct store {
	char *graphroot, *runroot;
	int graph_fd, run_fd; /* -EBADF: an absent store, read only */
	int kind_fds[STORE_KIND_COUNT];
	int name_fds[STORE_KIND_COUNT];
	int staging_fd, trash_fd;
	bool readonly;
	bool at_home; /* where this user's store is when nobody says otherwise: storage.conf holds */
	char *const *storage_opts;
	bool knows_extra;
	struct extra_store **extra; /* extra_store_all */
	size_t extra_count;
};

/* Gives a stage a place beside the kinds' directories: <graphroot>/<name>, which must be free. -errno, -EEXIST. */
int store_stage_rename(struct store *store, struct store_stage *stage, const char *name);
/* <graphroot>/names/<kind>, opened once; -errno. */
int store_name_fd(struct store *store, enum store_kind kind);
/* A word of [0-9a-f] only, at most STORE_ID_MAX. */
bool store_is_hex(const char *word);
