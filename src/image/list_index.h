/* list_index.h - an image index as one edits it: its entries, and the bytes that say so.
 * Owner:  list_index_done.
 * Errors: ERR_INVALID no index; ERR_NOT_FOUND no such entry.
 * Spec:   OCI image-spec 1.1 image-index.md; Docker's manifest list has the same members.
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

struct list_entry {
	char *media_type, *digest;
	uint64_t size;
	char *os, *arch, *variant, *os_version; /* NULL: not said */
	char **os_features;
	char **annotations; /* KEY=VALUE */
};
struct list_index {
	char *media_type;
	struct list_entry *entries;
	size_t count;
	char **annotations;
};
void list_index_done(struct list_index *index);
AUTO_VAL(list_index, list_index_done);

int list_index_parse(const char *data, size_t len, struct list_index *ret, struct err *err) must_check;
/* As it is sent. */
void list_index_write(const struct list_index *index, struct str *out);
/* As `manifest inspect` prints it. */
void list_index_print(const struct list_index *index, struct str *out);

/* The entry of that digest, or NULL. */
struct list_entry *list_index_find(const struct list_index *index, const char *digest);
/* A fresh one, or the one of that digest, emptied; its digest is set. */
struct list_entry *list_index_put(struct list_index *index, const char *digest);
/* A fresh one for what the entry at `at` is for, in other bytes; NULL: the digest is there. */
struct list_entry *list_index_put_variant(struct list_index *index, size_t at, const char *digest);
int list_index_remove(struct list_index *index, const char *digest, struct err *err) must_check;
