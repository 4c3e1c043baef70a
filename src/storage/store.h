/* store.h - the directory that holds everything: staging, publishing, names, trash, locks.
 * Shape:  <graphroot>/{layers,images,lists,artifacts,containers,volumes,networks,secrets,pods}/<id>/…   objects, one directory each
 *         <graphroot>/names/<kind>/<name> → symlink whose target is the id: EEXIST is the lock on a name
 *         <graphroot>/skeleton[-<maps>]/…                        see skeleton.h
 *         <graphroot>/{staging,trash}/<random>                   made and unmade here; emptied by whoever comes next
 *         <graphroot>/quarantine/<kind>-<id>[.n]/                damaged, put aside by a repair
 *         <runroot>/containers/<id>/…                            tmpfs: gone after a reboot, as is what it describes
 * Life:   store_stage → fill the directory → store_publish (fsync, rename, fsync) → store_trash (rename) → emptied.
 *         A staging directory is locked (flock) by its maker: one that is not locked is garbage.
 * Errors: ERR_NOT_FOUND, ERR_EXISTS, ERR_CORRUPT. A damaged object never hides the others.
 * Locks:  flock on the object's own directory (store_lock). Order: network < volume < pod < container < image < layer
 *         < store; by id within a kind. None is held across network, unpacking or a stop's wait.
 */
#pragma once

#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"

enum store_kind {
	STORE_NETWORK,
	STORE_VOLUME,
	STORE_POD,
	STORE_CONTAINER,
	STORE_IMAGE,
	STORE_LAYER,
	STORE_SECRET,
	STORE_LIST,
	STORE_ARTIFACT,
	STORE_KIND_COUNT
};

enum { STORE_ID_MAX = 64 };

struct store;

struct store_opts {
	const char *graphroot; /* NULL: the default of this user (see store_default_roots) */
	const char *runroot;
	bool readonly;	       /* do not make what is missing: listing commands; an absent store is an empty one */
	char *const *storage_opts; /* words of --storage-opt, which stand in for storage.conf; NULL: none were given. Borrowed */
	bool alone;	       /* it is itself an additional image store (extra_store.h): no other stands behind it, and nothing runs */
};

/* Opens (and, unless readonly, makes) the store. */
int store_open(const struct store_opts *opts, struct store **ret, struct err *err) must_check;
void store_close(struct store *store);
AUTO_PTR(store, store_close);

/* root: /var/lib/containers/cpod, /run/containers/cpod; user: $XDG_DATA_HOME, $XDG_RUNTIME_DIR below containers/cpod.
 * Inside our own user namespace the caller's real uid is asked for through CPOD_ROOTLESS_UID (see host/userns.h). */
int store_default_roots(char **ret_graphroot, char **ret_runroot, struct err *err) must_check;

const char *store_graphroot(const struct store *store);
const char *store_runroot(const struct store *store);
int store_graph_fd(const struct store *store); /* borrowed */
int store_run_fd(const struct store *store);   /* borrowed */
int store_kind_fd(struct store *store, enum store_kind kind); /* borrowed: <graphroot>/<kind>s; -errno */
const char *store_kind_word(enum store_kind kind);	      /* "container" */

/* A fresh, locked directory below staging/. */
struct store_stage {
	char name[STORE_ID_MAX + 1];
	int dir_fd;
};
int store_stage(struct store *store, struct store_stage *ret, struct err *err) must_check;
/* The same, called by the id it will be published under: a name that points to the id is held while the stage is (see below). */
int store_stage_for(struct store *store, const char *id, struct store_stage *ret, struct err *err) must_check;
/* Gives it its place: <kind>s/<id>. durable: everything below is synced first. ERR_EXISTS when the id is there already.
 * The stage's lock becomes the object's lock until store_stage_done. */
int store_publish(struct store *store, struct store_stage *stage, enum store_kind kind, const char *id, bool durable,
		  struct err *err) must_check;
/* After publishing: the directory, still locked, is the caller's. */
int store_stage_take(struct store_stage *stage);
/* Closes; what was not published goes to trash. Harmless when done already ({ .dir_fd = -EBADF }). */
void store_stage_done(struct store *store, struct store_stage *stage);

/* Moves an object out of sight, to trash/<id> (or a random name where that is taken); its bytes go later
 * (store_empty_trash). ERR_NOT_FOUND. */
int store_trash(struct store *store, enum store_kind kind, const char *id, struct err *err) must_check;
/* Did something lie in trash or staging for so long that its owner must have died? Two stat calls. */
bool store_is_stale(const struct store *store);
/* What lies in staging without a maker. */
int store_list_abandoned(struct store *store, char ***ret_names, struct err *err) must_check;
int store_list_trash(struct store *store, char ***ret_names, struct err *err) must_check;
/* Removes trash and stale staging, but no container's whose run directory is there still. max_ms: stop after about so long
 * (-1: all). Returns 1 when something is left. */
int store_empty_trash(struct store *store, int max_ms);

/* Out of the way, to <graphroot>/quarantine/<kind>-<id>, its names gone: what is damaged and may still be of use to a person.
 * ret_path: where; owned. */
int store_quarantine(struct store *store, enum store_kind kind, const char *id, char **ret_path, struct err *err) must_check;
/* Is this an entry of <graphroot>, or of <runroot>, that this program makes? */
bool store_graph_name_is_ours(const char *name);
bool store_run_name_is_ours(const char *name);

int store_object_open(struct store *store, enum store_kind kind, const char *id, int *ret_dir_fd, struct err *err) must_check;
/* <runroot>/containers/<id>, made when missing and `make`. */
int store_run_dir(struct store *store, const char *id, bool make, int *ret_dir_fd, struct err *err) must_check;
/* All ids of a kind, sorted; hidden and malformed names are left out. */
int store_list(struct store *store, enum store_kind kind, char ***ret_ids, struct err *err) must_check;

/* Is somebody who is alive making it (store_stage_for)? */
bool store_is_being_made(const struct store *store, const char *id);

/* Names. A name may hold '/' (image references): it is kept as '='. It is taken while its object is there, or is being made by
 * somebody who is alive (store_stage_for comes before store_name_reserve); any other was left by a crash, and may be taken over. */
int store_name_reserve(struct store *store, enum store_kind kind, const char *name, const char *id, struct err *err) must_check;
/* Makes the names of a kind last: after a reserve that a record is about to rely on. */
int store_name_sync(struct store *store, enum store_kind kind, struct err *err) must_check;
int store_name_set(struct store *store, enum store_kind kind, const char *name, const char *id, struct err *err) must_check;
int store_name_get(struct store *store, enum store_kind kind, const char *name, char **ret_id, struct err *err) must_check;
/* Drops it when it still points to id (NULL: whatever it points to). */
int store_name_drop(struct store *store, enum store_kind kind, const char *name, const char *id, struct err *err) must_check;
/* Drops every name that points to id. */
int store_name_drop_all(struct store *store, enum store_kind kind, const char *id, struct err *err) must_check;
/* Takes away whatever lies where a name would: for what is no name. */
int store_name_clear(struct store *store, enum store_kind kind, const char *name, struct err *err) must_check;
struct store_name {
	char *name;
	char *id;
};
int store_name_list(struct store *store, enum store_kind kind, struct store_name **ret, size_t *ret_count, struct err *err) must_check;
void store_name_list_free(struct store_name *names, size_t count);

/* Name, full id, or unambiguous prefix of an id (at least 1 digit) → id. ERR_NOT_FOUND, ERR_USAGE when ambiguous. */
int store_find(struct store *store, enum store_kind kind, const char *word, char **ret_id, struct err *err) must_check;

/* flock on an object's directory descriptor; debug builds assert the order above. */
int store_lock(int dir_fd, enum store_kind kind, const char *id, bool exclusive, struct err *err) must_check;
void store_unlock(int dir_fd, enum store_kind kind);

/* A record: JSON, written whole or not at all. Unreadable or malformed: ERR_CORRUPT naming kind and id. */
struct json;
int store_record_write(int dir_fd, const char *file, const struct json *record, bool durable, struct err *err) must_check;
/* The same in a stage, where nobody looks before it is published whole. */
int store_record_create(int dir_fd, const char *file, const struct json *record, struct err *err) must_check;
int store_record_read(int dir_fd, const char *file, struct json **ret, struct err *err) must_check;
