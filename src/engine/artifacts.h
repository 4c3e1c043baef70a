/* artifacts.h - artifacts for commands: files with a manifest, made here or pulled, pushed, copied out, removed.
 * Errors: ERR_NOT_FOUND "NAME: artifact does not exist"; ERR_EXISTS; ERR_USAGE a word that is no reference; ERR_INVALID a title that is no
 *         file's name; those of image.h for what goes to a registry or comes from one.
 */
#pragma once

#include "engine/images.h"
#include "image/artifact_manifest.h"

struct json;

/* Files of one artifact. */
struct artifacts_chosen {
	struct artifact *artifact;
	struct artifact_manifest manifest;
	const struct artifact_blob **blobs; /* the manifest's */
	size_t count;
};
void artifacts_chosen_done(struct artifacts_chosen *chosen);
AUTO_VAL(artifacts_chosen, artifacts_chosen_done);
int artifacts_choose(struct engine *engine, const char *word, const struct artifact_want *want, struct artifacts_chosen *ret, struct err *err) must_check;

struct artifacts_add_opts {
	char *const *annotations;	    /* KEY=VALUE; of each file, and of a new artifact itself */
	const char *type, *file_type;	    /* NULL: none; told from the file's bytes */
	bool append, replace;
};
/* A file's title is its base name, unless an annotation says another. ret_digest: of the manifest, without its algorithm; owned. */
int artifacts_add(struct engine *engine, const char *name, char *const *paths, const struct artifacts_add_opts *opts, char **ret_digest,
		  struct err *err) must_check;

struct artifacts_row {
	char *name, *repository, *tag; /* tag "": none */
	char *digest;		       /* without its algorithm */
	int64_t created_ns;	       /* as the artifact says; 0: it does not */
	uint64_t bytes;		       /* of its files */
};
/* In the order they came. */
int artifacts_list(struct engine *engine, struct artifacts_row ***ret, size_t *ret_count, struct err *err) must_check;
void artifacts_list_free(struct artifacts_row **rows, size_t count);

int artifacts_inspect(struct engine *engine, const char *word, struct json **ret, struct err *err) must_check;
/* ret_digest: as of artifacts_add. Containers that mount it go on; they do not start again. */
int artifacts_remove(struct engine *engine, const char *word, char **ret_digest, struct err *err) must_check;
/* target: a directory that is there, or a file's name for the only one. digest, title: the one that is wanted; NULL: all. */
int artifacts_extract(struct engine *engine, const char *word, const char *target, const char *digest, const char *title, struct err *err) must_check;

int artifacts_pull(struct engine *engine, const char *word, const struct images_pull_opts *opts, char **ret_digest, struct err *err) must_check;
int artifacts_push(struct engine *engine, const char *word, const struct images_push_opts *opts, struct err *err) must_check;
