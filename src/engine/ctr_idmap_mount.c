#include "engine/ctr_idmap_mount.h"

#include "base/num.h"

enum { TRIPLETS_MAX = 340 }; /* the kernel's own bound */

void ctr_idmap_mount_done(struct ctr_idmap_mount *map)
{
	free(map->uids);
	free(map->gids);
	*map = (struct ctr_idmap_mount){ 0 };
}

static int take_number(const char *text, const char *word, uint32_t *ret, struct err *err)
{
	uint64_t value;
	if (num_u64(text, UINT32_MAX - 1, &value) < 0)
		return err_set(err, ERR_USAGE, "idmap: '%s' is no FROM-TO-COUNT", word);
	*ret = (uint32_t)value;
	return 0;
}

/* theirs: what @ counts from; NULL: it is not looked up. */
static int take_triplet(const char *word, bool looked_up, const struct userns_map *theirs, struct userns_map *ret, struct err *err)
{
	bool relative = *word == '@';
	auto_strv parts = strv_split(word + relative, '-');
	if (strv_len(parts) != 3)
		return err_set(err, ERR_USAGE, "idmap: '%s' is no FROM-TO-COUNT", word);
	struct userns_map m;
	if (take_number(parts[0], word, &m.inside, err) < 0 || take_number(parts[1], word, &m.outside, err) < 0 ||
	    take_number(parts[2], word, &m.count, err) < 0)
		return -1;
	if (!m.count)
		return err_set(err, ERR_USAGE, "invalid empty range for \"%s\"", word);
	if (relative && looked_up) {
		uint32_t host = theirs ? userns_map_id(theirs, m.outside, true) : USERNS_UNMAPPED;
		if (host == USERNS_UNMAPPED)
			return err_set(err, ERR_USAGE, "could not find a user namespace mapping for the relative mapping \"%s\"", word);
		m.outside = host;
	}
	*ret = m;
	return 0;
}

static int take_list(const char *text, bool looked_up, const struct userns_map *theirs, struct userns_map **ret, struct err *err)
{
	auto_strv words = strv_split(text, '#');
	size_t count = strv_len(words);
	if (count > TRIPLETS_MAX)
		return err_set(err, ERR_USAGE, "idmap: %zu ranges are too many: the kernel takes %d", count, TRIPLETS_MAX);
	if (*ret)
		return err_set(err, ERR_USAGE, "idmap: '%s' is the second list of its kind", text);
	if (!count || !*words[0])
		return err_set(err, ERR_USAGE, "invalid empty range for \"%s\"", text);
	*ret = mem_array(count + 1, sizeof(**ret));
	for (size_t i = 0; i < count; i++)
		if (take_triplet(words[i], looked_up, theirs, &(*ret)[i], err) < 0)
			return -1;
	return 0;
}

int ctr_idmap_mount_read(const char *text, const struct spec *spec, struct ctr_idmap_mount *ret, struct err *err)
{
	auto_strv lists = strv_split(text, ';');
	if (!*text)
		return err_set(err, ERR_USAGE, "unknown option \"\"");
	for (char **list = lists; list && *list; list++) {
		const char *uids = str_after(*list, "uids="), *gids = str_after(*list, "gids=");
		if (!uids && !gids)
			return err_set(err, ERR_USAGE, "unknown option \"%s\"", *list);
		const struct spec_id_map *theirs = !spec ? NULL : uids ? spec->uid_maps : spec->gid_maps;
		if (take_list(uids ? uids : gids, spec != NULL, (const struct userns_map *)theirs, uids ? &ret->uids : &ret->gids, err) < 0)
			return -1;
	}
	if (!ret->uids || !ret->gids)
		return err_set(err, ERR_USAGE, "idmap=%s: both uids= and gids= are needed", text);
	return 0;
}
