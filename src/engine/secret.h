/* secret.h - secrets: passwords and keys that containers read and nothing else shows.
 * Shape:  <graphroot>/secrets/<id>/{secret.json, data}, found by names/secret (secret_record.h); data lies where the driver
 *         puts it (secret_driver.h).
 * Life:   secret_create → what uses it looks it up by name → secret_remove. The name is taken first; replacing makes another
 *         object, under another id, and lets the name lead to it: between the two steps the old one is the secret.
 * Owner:  lists are secret_list_free's.
 * Errors: ERR_NOT_FOUND, ERR_EXISTS, ERR_USAGE.
 * Locks:  who makes or removes holds <graphroot>/secrets exclusively while records and names change; not while a driver's command
 *         runs. What a killed one has left there is found under that lock, by its name, and taken away;
 *         a secret whose name is nobody's has lost it, and gets it back.
 */
#pragma once

#include "engine/secret_driver.h"

struct secret_opts {
	const char *name, *driver; /* driver NULL or "": file */
	char *const *driver_opts;  /* KEY=VALUE */
	char *const *labels;	   /* KEY[=VALUE] */
	bool replace, ignore;
};
int secret_create(struct engine *engine, const struct secret_opts *opts, const struct secret_data *data, char **ret_id, struct err *err) must_check;

/* By name, id, or the beginning of an id that only one has. */
int secret_find(struct engine *engine, const char *word, struct secret **ret, struct err *err) must_check;
/* Its bytes, by the same words. */
int secret_find_data(struct engine *engine, const char *word, struct secret_data *ret, struct err *err) must_check;
int secret_remove(struct engine *engine, const char *word, char **ret_id, struct err *err) must_check;

/* Gives a secret its name again, where nobody has it. ERR_EXISTS. */
int secret_name_again(struct engine *engine, const char *id, struct err *err) must_check;

/* Those that match, oldest first; damaged ones are warned about and left out. filters: name=REGEX, id=REGEX; of one key one is enough. */
int secret_list(struct engine *engine, char *const *filters, struct secret ***ret, size_t *ret_count, struct err *err) must_check;
/* What inspect shows. data NULL: not shown. */
struct json *secret_view_new(struct engine *engine, const struct secret *secret, const struct secret_data *data);
