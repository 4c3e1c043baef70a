#include "engine/ctr_user_ids.h"

#include "base/log.h"

#include <stdlib.h>

static bool has(const struct userns_map *maps, uint32_t id)
{
	return userns_map_id(maps, id, true) != USERNS_UNMAPPED;
}

static int not_there(const struct engine *engine, const struct ctr_user *user, struct err *err)
{
	const char *name = user->name ? user->name : "the user";
	if (!engine->single_id)
		return err_set(err, ERR_CMD_NOT_EXECUTABLE,
			       "%s (%u:%u) is not in the container's user namespace: give this user a larger range in /etc/subuid and /etc/subgid",
			       name, user->uid, user->gid);
	auto_free char *way_out = userns_subid_advice_dup();
	return err_set(err, ERR_CMD_NOT_EXECUTABLE, "%s (%u:%u) is not in the container, which has root only for want of subordinate ids: add them with: %s",
		       name, user->uid, user->gid, way_out);
}

static void leave_out_groups(const struct userns_map *gids, struct ctr_user *user)
{
	size_t kept = 0;
	for (size_t i = 0; i < user->group_count; i++) {
		if (has(gids, user->groups[i]))
			user->groups[kept++] = user->groups[i];
		else /* COMPAT: the sentence */
			log_warn("Additional gid=%u is not present in the user namespace, skip setting it", user->groups[i]);
	}
	user->group_count = kept;
}

/* Root of the namespace is in every namespace, and so is its group: nothing needs to be looked up for it. */
static bool is_plain_root(const struct ctr_user *user)
{
	for (size_t i = 0; i < user->group_count; i++)
		if (user->groups[i] != 0)
			return false;
	return user->uid == 0 && user->gid == 0;
}

int ctr_user_ids_fit(const struct engine *engine, const struct ctr_idmap *map, struct ctr_user *user, struct err *err)
{
	auto_free struct userns_map *own_uids = NULL, *own_gids = NULL;
	if (!map->uids && (!engine->rootless || is_plain_root(user)))
		return 0;
	if (!map->uids && userns_current_maps(&own_uids, &own_gids, err) < 0)
		return -1;
	const struct userns_map *uids = map->uids ? map->uids : own_uids, *gids = map->uids ? map->gids : own_gids;
	if (!has(uids, user->uid) || !has(gids, user->gid))
		return not_there(engine, user, err);
	leave_out_groups(gids, user);
	return 0;
}
