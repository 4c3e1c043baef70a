/* origins.h - who said the values of a definition, noted while it is made, and only when somebody asks (`explain`).
 * Shape:  a note has a member (the name of the flag that would say it: "workdir", "env"), a key within it ("PATH"; "" where there
 *         is one value only), a kind, and words for a person: "--env A=1", "/etc/containers/containers.conf:12 (containers.env)".
 *         A later note of the same member and key takes the place of the one before. What nobody noted is cpod's default.
 * Owner:  origins_free. NULL: nobody asks; then nothing is done.
 */
#pragma once

#include "base/mem.h"

#include <stddef.h>

enum origin_kind {
	ORIGIN_DEFAULT,
	ORIGIN_FLAG,
	ORIGIN_CONF,
	ORIGIN_IMAGE,
	ORIGIN_HOST,	   /* the caller's environment, or what this machine is */
	ORIGIN_CONTAINER,  /* another one */
	ORIGIN_DEFINITION, /* kept in the container's own: nobody can tell any more */
	ORIGIN_KIND_COUNT
};

struct origin {
	enum origin_kind kind;
	char *text; /* "" where the kind says all */
};

struct origins;
struct origins *origins_new(void);
void origins_free(struct origins *o);
AUTO_PTR(origins, origins_free);

const char *origins_word(enum origin_kind kind); /* "flag" */
void origins_note(struct origins *o, const char *member, const char *key, enum origin_kind kind, const char *text);
/* KEY=VALUE words, or their keys alone: a note each. */
void origins_note_words(struct origins *o, const char *member, char *const *words, enum origin_kind kind, const char *text);
/* NULL: nobody said it. */
const struct origin *origins_find(const struct origins *o, const char *member, const char *key);
