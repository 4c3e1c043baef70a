/* ctr_flags.h - the flags of create and run, bound to the engine's options of a container.
 * Shape:  rows that create and run share, those of them that update has too, and each one's own. A row is in ctr_flags.c, its value's reader in ctr_flags_set.c.
 * Life:   ctr_words_init → flag_apply → ctr_words_finish → ctr_create (engine) → ctr_words_done.
 * Errors: ERR_USAGE flags that exclude each other, in Podman's words.
 */
#pragma once

#include "config/conf_containers.h"
#include "engine/ctr_opts.h"
#include "options/flag.h"

struct ctr_words {
	struct ctr_opts opts;
	bool http_proxy; /* pass the caller's proxy variables */
	bool latest;	 /* of update: which container */
	bool destroy, force, start; /* of clone */
	char *format;	 /* of explain */
};
void ctr_words_init(void *words); /* struct ctr_words * */
void ctr_words_done(void *words);

extern const struct flag_group ctr_create_groups[], ctr_run_groups[], ctr_update_groups[], ctr_clone_groups[], ctr_explain_groups[]; /* values: struct ctr_words */

/* What containers.conf says that no flag does: the environment and capabilities to begin with, the hostname. */
void ctr_words_configure(struct ctr_words *words, const struct conf_containers *conf);
/* Before flags are applied to a definition that is there: what a flag implies is asked for anew when the flag is. */
void ctr_words_make_room(struct ctr_words *words, const struct flag_words *typed);
/* The image and the words after it, and what only the whole line can tell. */
int ctr_words_finish(struct ctr_words *words, char *const *rest, struct err *err) must_check;
