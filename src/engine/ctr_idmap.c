#include "engine/ctr_idmap.h"

#include "base/num.h"
#include "base/str.h"
#include "engine/ctr_idmap_words.h"
#include "runtime/spec.h"

enum { MAPS_MAX = 3 };

void ctr_idmap_done(struct ctr_idmap *map)
{
	free(map->uids);
	free(map->gids);
	*map = (struct ctr_idmap){ 0 };
}

/* --- the words --- */

struct keep {
	uint32_t uid, gid, size; /* size 0: all there are */
};

static int read_option(const char *word, struct keep *k, struct err *err)
{
	const struct {
		const char *key;
		uint32_t *value;
	} rows[] = { { "uid", &k->uid }, { "gid", &k->gid }, { "size", &k->size } };
	const char *equals = strchr(word, '=');
	uint64_t number;
	if (!equals)
		return err_set(err, ERR_USAGE, "invalid option specified: \"%s\"", word);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		size_t len = strlen(rows[i].key);
		if (len != (size_t)(equals - word) || memcmp(word, rows[i].key, len) != 0)
			continue;
		if (num_u64(equals + 1, UINT32_MAX - 1, &number) < 0)
			return err_set(err, ERR_USAGE, "--userns keep-id: '%s' is no number of an id", equals + 1);
		*rows[i].value = (uint32_t)number;
		return 0;
	}
	return err_set(err, ERR_USAGE, "unknown option specified: \"%.*s\"", (int)(equals - word), word);
}

/* --- maps --- */

static uint32_t count_ids(const struct userns_map *maps)
{
	uint32_t count = 0;
	for (; maps->count; maps++)
		count += maps->count;
	return count;
}

/* The caller is 0 of our own namespace and `self` inside; the subordinate ids, 1… of ours, lie around. */
static struct userns_map *keep_maps_new(uint32_t self, uint32_t ids)
{
	uint32_t below = self < ids - 1 ? self : ids - 1, above = ids - 1 - below;
	struct userns_map *maps = mem_array(MAPS_MAX + 1, sizeof(*maps));
	size_t n = 0;
	if (below)
		maps[n++] = (struct userns_map){ 0, 1, below };
	maps[n++] = (struct userns_map){ self, 0, 1 };
	if (above)
		maps[n] = (struct userns_map){ self + 1, below + 1, above };
	return maps;
}

static struct userns_map *identity_new(void)
{
	struct userns_map *maps = mem_array(2, sizeof(*maps));
	maps[0] = (struct userns_map){ 0, 0, UINT32_MAX };
	return maps;
}

/* A command that only reads is outside of the namespace: then as many as it will have. */
static int count_ours(uint32_t *ret_users, uint32_t *ret_groups, struct err *err)
{
	struct userns_map *uids, *gids;
	struct userns_range users, groups;
	if (userns_current_maps(&uids, &gids, err) < 0)
		return -1;
	*ret_users = count_ids(uids);
	*ret_groups = count_ids(gids);
	free(uids);
	free(gids);
	if (*ret_users != UINT32_MAX)
		return 0;
	auto_free char *name = userns_user_name_dup(userns_caller_uid());
	if (userns_subids(userns_caller_uid(), name, &users, &groups, err) < 0)
		return -1;
	*ret_users = 1 + users.count;
	*ret_groups = 1 + groups.count;
	return 0;
}

static int keep_ours(const struct keep *k, struct ctr_idmap *map, struct err *err)
{
	uint32_t users, groups;
	if (count_ours(&users, &groups, err) < 0)
		return -1;
	if (users < 2 || groups < 2) {
		auto_free char *way_out = userns_subid_advice_dup();
		return err_set(err, ERR_UNSUPPORTED, "--userns keep-id needs subordinate ids, and user %u has none: add them with: %s",
			       (unsigned)userns_caller_uid(), way_out);
	}
	map->uids = keep_maps_new(k->uid, k->size && k->size < users ? k->size : users);
	map->gids = keep_maps_new(k->gid, k->size && k->size < groups ? k->size : groups);
	map->shifts = true;
	return 0;
}

static bool is_identity(const struct userns_map *maps)
{
	for (; maps->count; maps++)
		if (maps->inside != maps->outside)
			return false;
	return true;
}

static int read_kept(const struct ctr_def *def, struct ctr_idmap *ret, struct err *err)
{
	auto_val(ctr_idmap) map = { 0 };
	*ret = map;
	if (ctr_idmap_words_to(def->uid_map, &map.uids, err) < 0 || ctr_idmap_words_to(def->gid_map, &map.gids, err) < 0)
		return -1;
	map.shifts = !is_identity(map.uids) || !is_identity(map.gids);
	*ret = map;
	map = (struct ctr_idmap){ 0 };
	return 0;
}

int ctr_idmap_read(const struct engine *engine, const struct ctr_def *def, struct ctr_idmap *ret, struct err *err)
{
	const char *user_mode = def->user_mode;
	if (def->uid_map && def->gid_map)
		return read_kept(def, ret, err);
	auto_val(ctr_idmap) map = { 0 };
	const char *rest = user_mode ? str_after(user_mode, "keep-id") : NULL;
	struct keep k = { 0 };
	*ret = map;
	if (!rest || (*rest && *rest != ':'))
		return 0;
	if (engine->rootless)
		k = (struct keep){ .uid = userns_caller_uid(), .gid = userns_caller_gid() };
	auto_strv words = strv_split(*rest ? rest + 1 : "", ',');
	for (char **word = words; word && *word; word++)
		if (read_option(*word, &k, err) < 0)
			return -1;
	if (!engine->rootless && k.size)
		return err_set(err, ERR_USAGE, "cannot set max size for user namespace when not running rootless");
	if (engine->rootless && keep_ours(&k, &map, err) < 0)
		return -1;
	if (!engine->rootless) {
		map.uids = identity_new();
		map.gids = identity_new();
	}
	map.uid = k.uid;
	map.gid = k.gid;
	*ret = map;
	map = (struct ctr_idmap){ 0 };
	return 0;
}

/* --- for others --- */

const struct shift *ctr_idmap_shift(const struct ctr_idmap *map, struct shift *buffer)
{
	*buffer = (struct shift){ map->uids, map->gids };
	return map->shifts ? buffer : NULL;
}

bool ctr_idmap_joins(const struct ctr_def *def)
{
	return def->user_mode && (str_starts(def->user_mode, "container:") || str_starts(def->user_mode, "ns:"));
}

static bool is_same(const struct userns_map *a, const struct userns_map *b)
{
	for (; a->count && b->count; a++, b++)
		if (a->inside != b->inside || a->outside != b->outside || a->count != b->count)
			return false;
	return !a->count && !b->count;
}

int ctr_idmap_check_joined(const struct ctr_idmap *map, int ns_fd, struct err *err)
{
	auto_val(ctr_idmap) now = { 0 };
	if (userns_maps_of(ns_fd, &now.uids, &now.gids, err) < 0)
		return -1;
	if (map->uids && is_same(map->uids, now.uids) && is_same(map->gids, now.gids))
		return 0;
	return err_set(err, ERR_STATE, "that user namespace maps other ids than when the container was made, to which its files belong: make it anew");
}

static struct spec_id_map *maps_dup(const struct userns_map *maps)
{
	size_t count = 0;
	while (maps[count].count)
		count++;
	struct spec_id_map *copy = mem_array(count + 1, sizeof(*copy));
	for (size_t i = 0; i < count; i++)
		copy[i] = (struct spec_id_map){ maps[i].inside, maps[i].outside, maps[i].count };
	return copy;
}

void ctr_idmap_apply(const struct ctr_idmap *map, struct spec *spec)
{
	if (!map->uids)
		return;
	spec->ns[SPEC_NS_USER] = SPEC_NS_NEW;
	spec->uid_maps = maps_dup(map->uids);
	spec->gid_maps = maps_dup(map->gids);
}

static uint32_t to_ours(const struct spec_id_map *maps, uint32_t inside)
{
	return maps ? userns_map_id((const struct userns_map *)maps, inside, true) : inside;
}

uid_t ctr_idmap_uid(const struct spec *spec, uid_t inside)
{
	return to_ours(spec->uid_maps, inside);
}

gid_t ctr_idmap_gid(const struct spec *spec, gid_t inside)
{
	return to_ours(spec->gid_maps, inside);
}
