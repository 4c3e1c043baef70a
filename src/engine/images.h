/* images.h - the images of the store for commands: list, get, bring, give away, remove.
 * Errors: ERR_NOT_FOUND, ERR_IN_USE (a container needs it), ERR_NETWORK, ERR_DENIED, ERR_MISMATCH.
 */
#pragma once

#include "engine/engine.h"

#include <stdint.h>
#include <stddef.h>

struct json;

/* One thing being fetched: a layer or the configuration. */
enum images_step { IMAGES_STEP_WAIT, IMAGES_STEP_LOAD, IMAGES_STEP_EXISTS, IMAGES_STEP_DONE };
struct images_progress {
	/* A line a person reads: "Trying to pull docker.io/library/x:latest...". */
	void (*say)(void *ctx, const char *text);
	/* digest: "sha256:…"; bytes of total so far. kind: "blob" or "config". */
	void (*item)(void *ctx, const char *kind, const char *digest, enum images_step step, uint64_t bytes, uint64_t total);
	void *ctx;
};

struct images_pull_opts {
	const char *policy;	/* "always", "missing", "newer", "never" */
	const char *os, *arch, *variant; /* NULL: this host's */
	const char *authfile, *creds, *cert_dir;
	const char *signature_policy; /* NULL: policy.json of the usual places */
	bool tls_verify;
	int retries;		      /* of each request; 0: 3, negative: none */
	unsigned retry_delay_ms;      /* 0: one second */
	const struct images_progress *progress; /* NULL: quiet */
};
/* From a word with a transport that names files (oci:, dir:, oci-archive:, docker-archive:): each image's id, owned. */
bool images_is_file(const char *word);
int images_pull_file(struct engine *engine, const char *word, const char *signature_policy, const struct images_progress *progress,
		     char ***ret_ids, struct err *err) must_check;
/* ret_id: 64 hex digits and NUL. */
int images_pull(struct engine *engine, const char *word, const struct images_pull_opts *opts, char ret_id[65], struct err *err) must_check;

struct images_push_opts {
	const char *format, *compression; /* NULL: as it came, gzip */
	int level;
	bool compress, force;
	char *const *also;	/* of a manifest list: the compressions its images go in once more */
	const char *authfile, *creds, *cert_dir;
	const char *digestfile;	/* gets the digest of what was pushed; NULL: none */
	const char *sign_by, *passphrase_file; /* by a key of the user's OpenPGP ring; NULL: it is not signed. The first line of the file, NULL: the agent asks */
	bool tls_verify;
	unsigned retries, retry_delay_ms; /* 0 retries: none; 0 ms: one second */
	const struct images_progress *progress;
};
/* destination NULL: the name that word found. */
int images_push(struct engine *engine, const char *word, const char *destination, const struct images_push_opts *opts, struct err *err) must_check;

/* Signatures of what registries have, by a key of the user's OpenPGP ring. */
struct images_sign_opts {
	const char *key;
	const char *dir; /* NULL: where registries.d says */
	const char *authfile, *cert_dir;
	bool all;
};
int images_sign(char *const *words, const struct images_sign_opts *opts, struct err *err) must_check;

/* input NULL: standard input. ret_names: what was loaded ("Loaded image: …"), owned list. */
int images_load(struct engine *engine, const char *input, const char *signature_policy, const struct images_progress *progress,
		char ***ret_names, struct err *err) must_check;
struct images_save_opts {
	const char *format;	/* "docker-archive" (default), "oci-archive", "oci-dir", "docker-dir" */
	const char *output;	/* NULL: standard output, which must not be a terminal; of a -dir: the directory */
	bool multi;		/* -m: several images in one docker-archive */
	bool compress, uncompressed;
	const char *signature_policy; /* NULL: policy.json of the usual places */
};
int images_save(struct engine *engine, char *const *words, const struct images_save_opts *opts, struct err *err) must_check;

/* One line of `images`: one for each name, or one with name NULL for an image without names. */
struct image_row {
	char *id;		/* 64 hex digits */
	char *repository, *tag;	/* "<none>" where missing */
	char *name;		/* repository:tag or NULL */
	char *digest;		/* "sha256:…" */
	char **names, **repo_digests, **history;
	char **labels;		/* KEY=VALUE */
	int64_t created_ns;
	uint64_t size;
	unsigned containers;
	bool dangling, is_list;	    /* a manifest list: size is its own */
	bool readonly, intermediate; /* in an additional image store; only there, and only with images_list_opts.all */
	char *os, *arch;
};
struct images_list_opts {
	char *const *filters;	/* KEY=VALUE */
	const char *name;	/* only this repository or reference; NULL all */
	bool all;
};
int images_list(struct engine *engine, const struct images_list_opts *opts, struct image_row **ret, size_t *ret_count, struct err *err) must_check;
void images_list_free(struct image_row *rows, size_t count);

int images_inspect(struct engine *engine, const char *word, struct json **ret, struct err *err) must_check;
int images_exists(struct engine *engine, const char *word, bool *ret, struct err *err) must_check;
/* An image that another has removed meanwhile is one that was not there: the sentence is the same. Returns -1. */
int images_gone(const char *word, struct err *err);
int images_tag(struct engine *engine, const char *word, char *const *names, struct err *err) must_check;
int images_untag(struct engine *engine, const char *word, char *const *names, struct err *err) must_check;

struct image_history_row {
	char *id;		/* image id for the top, "<missing>" below */
	char *created_by, *comment;
	int64_t created_ns;
	uint64_t size;
	char **tags;
};
int images_history(struct engine *engine, const char *word, struct image_history_row **ret, size_t *ret_count, struct err *err) must_check;
void images_history_free(struct image_history_row *rows, size_t count);

/* What differs: see ctr_diff.h. */
struct images_diff_row {
	char kind; /* 'A' added, 'C' changed, 'D' deleted */
	char *path;
};
struct images_diff {
	struct images_diff_row *rows;
	size_t count;
};
void images_diff_done(struct images_diff *diff);
AUTO_VAL(images_diff, images_diff_done);

struct images_rm_opts {
	bool force, no_prune, ignore;
	bool with_names; /* what is named by its id goes with all its names */
};
/* Lines as `rmi` prints: "Untagged: NAME", "Deleted: ID"; owned list, also on failure what was done. */
int images_remove(struct engine *engine, const char *word, const struct images_rm_opts *opts, char ***ret_lines, struct err *err) must_check;
/* Of every image, and then of every manifest list. */
int images_ids(struct engine *engine, char ***ret, struct err *err) must_check;
/* One that no container uses, whatever names it has. ERR_IN_USE. */
int images_drop(struct engine *engine, const char *id, struct err *err) must_check;

struct images_login_opts {
	const char *registry, *user, *password; /* all given */
	const char *authfile, *cert_dir;
	bool tls_verify;
};
/* ret_where: what keeps it now ("credential helper: pass", or a path); owned. */
int images_login(const struct images_login_opts *opts, char **ret_where, struct err *err) must_check;
/* The user logged in there, owned; NULL none. */
int images_get_login(const char *registry, const char *authfile, char **ret_user, struct err *err) must_check;
/* registry NULL: all. ret_removed false: was not logged in. */
int images_logout(const char *registry, const char *authfile, bool *ret_removed, struct err *err) must_check;
