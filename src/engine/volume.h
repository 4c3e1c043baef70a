/* volume.h - named and anonymous volumes: made, used, listed, removed.
 * Shape:  <graphroot>/volumes/<name>/{volume.json, _data/}; the name is the id. An anonymous one has 64 hex digits for a name.
 *         volume.c makes and uses, volume_list.c looks, volume_remove.c takes away; volume_record.h is what is kept.
 * Errors: ERR_NOT_FOUND, ERR_EXISTS, ERR_IN_USE; ERR_USAGE a part of a name that fits several.
 * Locks:  none of its own: made by publishing a stage, gone by a rename.
 */
#pragma once

#include "engine/ctr_def.h"
#include "engine/volume_record.h"

struct volume_opts {
	const char *name;	/* NULL or "": a random one, and it is anonymous */
	const char *driver;
	char *const *labels, *const *options; /* as typed */
	uint32_t uid, gid;
	bool owned;		/* uid or gid was given */
	bool ignore;		/* one of that name is fine */
};
int volume_create(struct engine *engine, const struct volume_opts *opts, char **ret_name, struct err *err) must_check;

/* How a container gets at it. */
struct volume_place {
	enum volume_kind kind;
	char *path;	/* absolute: its _data, or the host's directory */
	char *options;	/* of the mount: "size=5m,nodev", or "" */
	bool fresh;	/* it holds nothing yet */
};
void volume_place_done(struct volume_place *place);
AUTO_VAL(volume_place, volume_place_done);
/* One that a container names. Borrows. */
struct volume_want {
	const char *name, *owner; /* owner: the container an anonymous one goes with, or NULL */
	char *const *options;	  /* it is made with these where it is missing */
};
struct volume_want volume_wanted(const struct ctr_def *def, const struct ctr_mount *mount);
/* Can every volume that is missing be made? */
int volume_check_wanted(struct engine *engine, const struct ctr_def *def, struct err *err) must_check;
/* Makes it when missing. */
int volume_use(struct engine *engine, const struct volume_want *want, struct volume_place *ret, struct err *err) must_check;
/* Gives an empty one to the user of the container that is about to fill it, unless its owner was said when it was made. */
int volume_give(struct engine *engine, const char *name, const struct volume_place *place, uint32_t uid, uint32_t gid, struct err *err) must_check;
/* Makes it when missing; ERR_IN_USE never. For containers that are created and not started. */
int volume_ensure(struct engine *engine, const struct volume_want *want, struct err *err) must_check;
/* A name nobody has. */
void volume_random_name(char ret_name[65]);
/* Does _data hold nothing? */
bool volume_is_empty(struct engine *engine, const char *name);

/* By name, or by a part that only one begins with. */
int volume_find(struct engine *engine, const char *word, char **ret_name, struct err *err) must_check;
bool volume_exists(struct engine *engine, const char *name);
/* Those that match, oldest first; damaged ones are warned about and left out. any: one key of the filters is enough (COMPAT, for
 * lists); otherwise every key must match. */
int volume_list(struct engine *engine, char *const *filters, bool any, struct volume ***ret, size_t *ret_count, struct err *err) must_check;
/* What inspect and ls show. */
struct json *volume_view_new(struct engine *engine, const struct volume *volume);
/* Ids of the containers that mount it. */
int volume_users(struct engine *engine, const char *name, char ***ret_ids, struct err *err) must_check;

/* Takes it away, whoever uses it. */
int volume_drop(struct engine *engine, const char *name, struct err *err) must_check;
/* An anonymous one of a container that goes: it stays where another has it with --volumes-from, and goes with that. */
int volume_drop_with(struct engine *engine, const char *name, const char *container, struct err *err) must_check;
/* ERR_IN_USE names the containers; force removes them first, giving them time_s (-1: their own) to stop. */
int volume_remove(struct engine *engine, const char *name, bool force, int time_s, struct err *err) must_check;
/* One that nobody uses. ERR_IN_USE, ERR_NOT_FOUND. */
int volume_prune(struct engine *engine, const char *name, struct err *err) must_check;
/* Removes the anonymous volumes of a container that never came to be. */
void volume_remove_orphans(struct engine *engine, const char *owner);
