/* names.h - what things are called, without reading their records: for who offers names while a person types.
 * Shape:  a name and the id it points to, in no order; a name left by a crash may be among them. A volume's id is its name.
 * Owner:  names_list_free.
 */
#pragma once

#include "engine/engine.h"

#include <stddef.h>

enum names_kind { NAMES_CTR, NAMES_IMAGE, NAMES_LIST, NAMES_ARTIFACT, NAMES_SECRET, NAMES_VOLUME };
struct names_item {
	char *name, *id;
	bool active; /* a container that has a run directory, as each has that runs */
};
int names_list(struct engine *engine, enum names_kind kind, struct names_item **ret, size_t *ret_count, struct err *err) must_check;
void names_list_free(struct names_item *items, size_t count);
/* The name that was probably meant: at most two letters off and not only in its number; owned. NULL: none is near. */
char *names_near_dup(struct engine *engine, enum names_kind kind, const char *word);
/* Is `name` that near to `word`? */
bool names_are_near(const char *word, const char *name);
