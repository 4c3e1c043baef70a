/* list_db.h - manifest lists kept here: an index of images for several platforms, edited until it is pushed.
 * Shape:  lists/<random id>/{index, list.json}: the bytes of the index, as a push sends them; created_ns. names/list/<reference> → id.
 * Errors: ERR_NOT_FOUND, ERR_EXISTS the name is a list's, ERR_CORRUPT.
 * Locks:  the list's own while it is edited (list_db_lock … list_db_write … list_unlock).
 */
#pragma once

#include "storage/store.h"

#include <stddef.h>
#include <stdint.h>

struct list {
	char id[STORE_ID_MAX + 1];
	int64_t created_ns;
	char *index;
	size_t index_len;
	char **names; /* sorted */
	int dir_fd;   /* locked, after list_db_lock; else -EBADF */
};
void list_free(struct list *list);
AUTO_PTR(list, list_free);

int list_db_create(struct store *store, const char *name, const void *index, size_t len, struct list **ret, struct err *err) must_check;
/* By reference in full, id, or an unambiguous prefix of an id. */
int list_db_get(struct store *store, const char *word, struct list **ret, struct err *err) must_check;
/* Newest first. */
int list_db_list(struct store *store, struct list ***ret, size_t *ret_count, struct err *err) must_check;
void list_db_list_free(struct list **lists, size_t count);
/* Reads it again under its lock: what another has written meanwhile is in it. list_free lets go. */
int list_db_lock(struct store *store, struct list *list, struct err *err) must_check;
int list_db_write(struct list *list, const void *index, size_t len, struct err *err) must_check;
int list_db_tag(struct store *store, const struct list *list, const char *name, struct err *err) must_check;
int list_db_untag(struct store *store, const struct list *list, const char *name, struct err *err) must_check;
int list_db_remove(struct store *store, const struct list *list, struct err *err) must_check;
