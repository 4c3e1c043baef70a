/* manifests.h - manifest lists for commands: made, edited, shown, pushed, removed.
 * Errors: ERR_NOT_FOUND "image not known"; ERR_EXISTS; ERR_INVALID an image that is no list.
 * Locks:  a list's own while it is edited.
 */
#pragma once

#include "engine/images.h"

struct manifests_place { /* how registries are asked */
	const char *authfile, *creds, *cert_dir;
	bool tls_verify;
	const struct images_progress *progress;
};
struct manifests_entry { /* NULL: as the image says */
	const char *os, *arch, *variant, *os_version;
	char *const *os_features, *const *annotations; /* KEY=VALUE; added */
};

/* Is that word a list's name or id here? */
bool manifests_is_list(struct engine *engine, const char *word);
/* amend: a list of that name is taken. ret_id: 64 hex digits and NUL. */
int manifests_create(struct engine *engine, const char *name, char *const *images, bool amend, char *const *annotations,
		     const struct manifests_place *place, char ret_id[65], struct err *err) must_check;
/* An image that is not here is pulled. */
int manifests_add(struct engine *engine, const char *list, char *const *images, const struct manifests_entry *entry,
		  const struct manifests_place *place, char ret_id[65], struct err *err) must_check;
/* image: a word or a digest; NULL: the index itself gets the annotations. */
int manifests_annotate(struct engine *engine, const char *list, const char *image, const struct manifests_entry *entry, char ret_id[65],
		       struct err *err) must_check;
int manifests_remove_entry(struct engine *engine, const char *list, const char *digest, char ret_id[65], struct err *err) must_check;
/* The JSON, for a person; of a list that is here, else of what a registry has. Owned. */
int manifests_inspect(struct engine *engine, const char *word, const struct manifests_place *place, char **ret_text, struct err *err) must_check;
/* 1 it is a list, 0 there is nothing. ERR_INVALID an image. */
int manifests_exists(struct engine *engine, const char *word, struct err *err) must_check;
/* Lines as rmi prints; owned list. */
int manifests_remove(struct engine *engine, const char *word, char ***ret_lines, struct err *err) must_check;
int manifests_ids(struct engine *engine, char ***ret, struct err *err) must_check; /* added to ret */
int manifests_tag(struct engine *engine, const char *word, char *const *names, struct err *err) must_check;
/* all: the images, too. */
int manifests_push(struct engine *engine, const char *word, const char *destination, bool all, const struct images_push_opts *opts, struct err *err) must_check;
