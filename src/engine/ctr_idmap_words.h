/* ctr_idmap_words.h - --uidmap, --gidmap and the flags beside them, as maps: [+ug]CONTAINER:[@]FROM[:COUNT].
 * Shape:  FROM is an id of our own namespace, with @ one of the host. A word of one list is for both where the other list is
 *         empty, unless u or g says which. + puts its ids in the place of what they meant before; where every word has it, a
 *         user's remaining ids fill the gaps from 0 up (COMPAT).
 * Owner:  results are owned, sorted by the id inside, pieces that continue each other joined; they end with count 0.
 * Errors: ERR_USAGE in Podman's sentences; ERR_NOT_FOUND a @ id that is not ours.
 */
#pragma once

#include "engine/ctr_idmap.h"

/* Maps that grow. */
struct ctr_idmap_list {
	struct userns_map *maps; /* sorted; ends with count 0; NULL when empty */
	size_t count;
};
void ctr_idmap_list_done(struct ctr_idmap_list *list);
AUTO_VAL(ctr_idmap_list, ctr_idmap_list_done);
/* In the place of what these ids meant, inside and outside. */
void ctr_idmap_list_put(struct ctr_idmap_list *list, struct userns_map piece);
/* Without these ids outside. */
void ctr_idmap_list_drop(struct ctr_idmap_list *list, uint32_t first, uint32_t count);
/* Ids inside that mean nothing get what of `free_ids` (inside there = ours) is left, both in their order; as far as inside < limit. */
void ctr_idmap_list_fill(struct ctr_idmap_list *list, const struct userns_map *free_ids, uint32_t limit);

struct ctr_idmap_words {
	char *const *uids, *const *gids;
};
/* uids, gids: the ids our own namespace has, as userns_current_maps tells; NULL for root, who has all. */
int ctr_idmap_words_read(const struct ctr_idmap_words *words, const struct userns_map *uids, const struct userns_map *gids,
			 struct userns_map **ret_uids, struct userns_map **ret_gids, struct err *err) must_check;

/* One word more; kind: "UID", "GID", for sentences. */
int ctr_idmap_words_put(const char *word, const char *kind, const struct userns_map *ours, struct ctr_idmap_list *list, struct err *err) must_check;

/* "0:1:1024" for each piece, as a definition keeps them; and back. */
char **ctr_idmap_words_from(const struct userns_map *maps);
int ctr_idmap_words_to(char *const *words, struct userns_map **ret, struct err *err) must_check;
