#include "engine/ctr_idmap_words.h"

#include "base/num.h"
#include "base/str.h"

#include <string.h>

enum { PIECES_MAX = 340 }; /* what the kernel takes */

struct word {
	bool extends, users_only, groups_only, of_host;
	struct userns_map map;
};

/* --- lists --- */

static uint64_t end_inside(const struct userns_map *m)
{
	return (uint64_t)m->inside + m->count;
}

static uint64_t end_outside(const struct userns_map *m)
{
	return (uint64_t)m->outside + m->count;
}

static void insert(struct ctr_idmap_list *list, struct userns_map piece)
{
	size_t at = 0;
	if (!piece.count)
		return;
	while (at < list->count && list->maps[at].inside < piece.inside)
		at++;
	list->maps = mem_resize(list->maps, list->count + 2, sizeof(*list->maps));
	memmove(&list->maps[at + 1], &list->maps[at], (list->count++ - at) * sizeof(*list->maps));
	list->maps[at] = piece;
	list->maps[list->count] = (struct userns_map){ 0 };
}

/* Takes the ids first … first+count-1 out of every piece: of the inside, or of the outside. */
static void cut(struct ctr_idmap_list *list, uint32_t first, uint32_t count, bool outside)
{
	struct ctr_idmap_list rest = { 0 };
	for (size_t i = 0; i < list->count; i++) {
		struct userns_map m = list->maps[i];
		uint64_t start = outside ? m.outside : m.inside, end = start + m.count, cut_end = (uint64_t)first + count;
		uint64_t left = first > start ? (first < end ? first : end) - start : 0, from = cut_end < start ? start : cut_end;
		if (cut_end <= start || first >= end)
			left = m.count;
		insert(&rest, (struct userns_map){ m.inside, m.outside, (uint32_t)left });
		if (left < m.count && from < end)
			insert(&rest, (struct userns_map){ m.inside + (uint32_t)(from - start), m.outside + (uint32_t)(from - start), (uint32_t)(end - from) });
	}
	free(list->maps);
	*list = rest;
}

void ctr_idmap_list_done(struct ctr_idmap_list *list)
{
	free(list->maps);
	*list = (struct ctr_idmap_list){ 0 };
}

void ctr_idmap_list_drop(struct ctr_idmap_list *list, uint32_t first, uint32_t count)
{
	cut(list, first, count, true);
}

void ctr_idmap_list_put(struct ctr_idmap_list *list, struct userns_map piece)
{
	cut(list, piece.inside, piece.count, false);
	cut(list, piece.outside, piece.count, true);
	insert(list, piece);
}

static bool overlaps(const struct ctr_idmap_list *list, const struct userns_map *piece)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct userns_map *m = &list->maps[i];
		if ((piece->inside < end_inside(m) && m->inside < end_inside(piece)) || (piece->outside < end_outside(m) && m->outside < end_outside(piece)))
			return true;
	}
	return false;
}

/* Those of `ids` that no piece of the list means, as pieces whose inside is 0, 1, … of nothing. */
static struct ctr_idmap_list unused(const struct ctr_idmap_list *list, const struct userns_map *ids)
{
	struct ctr_idmap_list left = { 0 };
	for (; ids && ids->count; ids++)
		insert(&left, (struct userns_map){ ids->inside, ids->inside, ids->count });
	for (size_t i = 0; i < list->count; i++)
		cut(&left, list->maps[i].outside, list->maps[i].count, true);
	return left;
}

void ctr_idmap_list_fill(struct ctr_idmap_list *list, const struct userns_map *free_ids, uint32_t limit)
{
	struct ctr_idmap_list left = unused(list, free_ids), out = { 0 };
	uint64_t inside = 0;
	size_t next = 0;
	for (size_t i = 0; i < left.count; i++) {
		struct userns_map m = left.maps[i];
		while (m.count && inside < limit) {
			while (next < list->count && list->maps[next].inside <= inside)
				inside = end_inside(&list->maps[next++]);
			uint64_t gap = (next < list->count ? list->maps[next].inside : limit) - inside;
			if (inside >= limit)
				break;
			gap = inside + gap > limit ? limit - inside : gap;
			uint32_t take = gap < m.count ? (uint32_t)gap : m.count;
			insert(&out, (struct userns_map){ (uint32_t)inside, m.outside, take });
			m.outside += take;
			m.count -= take;
			inside += take;
		}
	}
	for (size_t i = 0; i < out.count; i++)
		insert(list, out.maps[i]);
	free(left.maps);
	free(out.maps);
}

static void join(struct ctr_idmap_list *list)
{
	size_t kept = 0;
	for (size_t i = 0; i < list->count; i++) {
		struct userns_map *last = kept ? &list->maps[kept - 1] : NULL;
		if (last && end_inside(last) == list->maps[i].inside && end_outside(last) == list->maps[i].outside)
			last->count += list->maps[i].count;
		else
			list->maps[kept++] = list->maps[i];
	}
	list->count = kept;
	if (list->maps)
		list->maps[kept] = (struct userns_map){ 0 };
}

/* --- words --- */

static int bad_word(char *const *parts, size_t count, char flag, struct err *err)
{
	return err_set(err, ERR_USAGE, "invalid mapping: [%s %s %s]. Unknown flag %d", parts[0], count > 1 ? parts[1] : "", count > 2 ? parts[2] : "1", flag);
}

static int read_word(const char *text, struct word *ret, struct err *err)
{
	auto_strv parts = strv_split(text, ':');
	size_t count = strv_len(parts);
	uint64_t inside, from, many = 1;
	*ret = (struct word){ 0 };
	if (count < 2 || count > 3)
		return err_set(err, ERR_USAGE, "invalid mapping \"%s\": [FLAGS]CONTAINER_ID:ID[:COUNT] is expected", text);
	const char *id = parts[0], *outer = parts[1];
	for (; *id && (*id < '0' || *id > '9'); id++) {
		ret->extends |= *id == '+';
		ret->users_only |= *id == 'u';
		ret->groups_only |= *id == 'g';
		if (!strchr("+ug", *id))
			return bad_word(parts, count, *id, err);
	}
	ret->of_host = *outer == '@';
	outer += ret->of_host;
	if (num_u64(id, UINT32_MAX - 1, &inside) < 0 || num_u64(outer, UINT32_MAX - 1, &from) < 0 || (count > 2 && num_u64(parts[2], UINT32_MAX, &many) < 0) ||
	    inside + many > UINT32_MAX || from + many > UINT32_MAX)
		return err_set(err, ERR_USAGE, "invalid mapping \"%s\": numbers of 32 bits are expected", text);
	if (ret->users_only && ret->groups_only)
		ret->users_only = ret->groups_only = false;
	ret->map = (struct userns_map){ (uint32_t)inside, (uint32_t)from, (uint32_t)many };
	return 0;
}

/* An id of the host is one of ours under another number. */
static int place_of_host(const char *kind, const struct userns_map *ours, uint32_t id, uint32_t *ret, struct err *err)
{
	*ret = ours ? userns_map_id(ours, id, false) : id;
	return *ret == USERNS_UNMAPPED ? err_set(err, ERR_NOT_FOUND, "parent ID %s %u is not mapped/delegated", kind, id) : 0;
}

static int put_word(const struct word *w, const char *kind, const struct userns_map *ours, struct ctr_idmap_list *list, struct err *err)
{
	for (uint32_t at = 0; at < w->map.count;) {
		struct userns_map piece = { w->map.inside + at, w->map.outside + at, w->map.count - at };
		uint32_t next;
		if (w->of_host && place_of_host(kind, ours, w->map.outside + at, &piece.outside, err) < 0)
			return -1;
		/* as far as ours stay side by side */
		for (uint32_t n = 1; w->of_host && ours && n < piece.count; n++) {
			if (place_of_host(kind, ours, w->map.outside + at + n, &next, err) < 0)
				return -1;
			if (next != piece.outside + n)
				piece.count = n;
		}
		at += piece.count;
		if (!w->extends && overlaps(list, &piece))
			return err_set(err, ERR_USAGE, "the specified UID and/or GID mapping %u:%u:%u conflicts with other mappings: invalid mappings specified",
				       piece.inside, piece.outside, piece.count);
		ctr_idmap_list_put(list, piece);
		if (list->count > PIECES_MAX)
			return err_set(err, ERR_LIMIT, "a user namespace has at most %d ranges", PIECES_MAX);
	}
	return 0;
}

int ctr_idmap_words_put(const char *word, const char *kind, const struct userns_map *ours, struct ctr_idmap_list *list, struct err *err)
{
	struct word w;
	return read_word(word, &w, err) < 0 ? -1 : put_word(&w, kind, ours, list, err);
}

/* other: words said for the other kind, which are for this one too when it has none. */
static int read_list(char *const *own, char *const *other, bool users, const struct userns_map *ours, struct ctr_idmap_list *list, struct err *err)
{
	char *const *words = own && *own ? own : other;
	bool all_extend = true, any = false;
	for (; words && *words; words++) {
		struct word w;
		if (read_word(*words, &w, err) < 0)
			return -1;
		if (users ? w.groups_only : w.users_only)
			continue;
		any = true;
		all_extend &= w.extends;
		if (put_word(&w, users ? "UID" : "GID", ours, list, err) < 0)
			return -1;
	}
	if (ours && all_extend)
		ctr_idmap_list_fill(list, ours, UINT32_MAX);
	if (!ours && !any) /* COMPAT */
		insert(list, (struct userns_map){ 0, 0, 1 });
	join(list);
	return 0;
}

static int check_ours(const struct ctr_idmap_list *list, const struct userns_map *ours, const char *kind, struct err *err)
{
	struct ctr_idmap_list have = { 0 };
	int rc = 0;
	if (!list->count || !list->maps[0].count)
		return err_set(err, ERR_USAGE, "must provide at least one UID or GID mapping to configure a user namespace");
	for (; ours && ours->count; ours++)
		insert(&have, *ours);
	join(&have);
	for (size_t i = 0; have.count && i < list->count && rc >= 0; i++) {
		const struct userns_map *last = &have.maps[have.count - 1], *m = &list->maps[i];
		if (end_outside(m) > end_inside(last))
			rc = err_set(err, ERR_UNSUPPORTED, "mapping %u:%u:%u: this user has %s 0 to %llu only (0 is the user, the others are the subordinate ids)",
				     m->inside, m->outside, m->count, kind, (unsigned long long)end_inside(last) - 1);
	}
	free(have.maps);
	return rc;
}

int ctr_idmap_words_read(const struct ctr_idmap_words *words, const struct userns_map *uids, const struct userns_map *gids,
			 struct userns_map **ret_uids, struct userns_map **ret_gids, struct err *err)
{
	struct ctr_idmap_list users = { 0 }, groups = { 0 };
	int rc = read_list(words->uids, words->gids, true, uids, &users, err);
	if (rc >= 0)
		rc = read_list(words->gids, words->uids, false, gids, &groups, err);
	if (rc >= 0)
		rc = check_ours(&users, uids, "users", err);
	if (rc >= 0)
		rc = check_ours(&groups, gids, "groups", err);
	if (rc >= 0) {
		*ret_uids = take_ptr(users.maps);
		*ret_gids = take_ptr(groups.maps);
	}
	free(users.maps);
	free(groups.maps);
	return rc;
}

/* --- as a definition keeps them --- */

char **ctr_idmap_words_from(const struct userns_map *maps)
{
	char **words = NULL;
	for (; maps->count; maps++)
		strv_addf(&words, "%u:%u:%u", maps->inside, maps->outside, maps->count);
	return words;
}

int ctr_idmap_words_to(char *const *words, struct userns_map **ret, struct err *err)
{
	struct ctr_idmap_list list = { 0 };
	for (; *words; words++) {
		struct word w;
		if (read_word(*words, &w, err) < 0) {
			free(list.maps);
			return -1;
		}
		insert(&list, w.map);
	}
	*ret = list.maps;
	return 0;
}
