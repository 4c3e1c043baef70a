/* image_priv.h - what the files of this room share. */
#pragma once

#include "codec/compress.h"
#include "image/image.h"
#include "image/manifest.h"
#include "image/policy.h"
#include "image/registry.h"

#include <signal.h>

/* A pipe whose reader has gone is told by write(2), not by a signal: the reader's own words matter more. */
struct image_quiet_pipe {
	struct sigaction before;
};
static inline struct image_quiet_pipe image_quiet_pipe(void)
{
	struct image_quiet_pipe q;
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	sigaction(SIGPIPE, &ignore, &q.before);
	return q;
}
static inline void image_quiet_pipe_done(struct image_quiet_pipe *q)
{
	sigaction(SIGPIPE, &q->before, NULL);
}
AUTO_VAL(image_quiet_pipe, image_quiet_pipe_done);

static inline void image_say(const struct image_progress *progress, const char *text)
{
	if (progress)
		progress->say(progress->ctx, text);
}

/* The configuration fits the manifest: as many diff-ids as layers. */
int image_check_pair(const struct manifest *manifest, const struct image_config *config, struct err *err) must_check;
/* After a failure: the layers that nothing needs go. Returns -1. */
int image_drop_unused(struct store *store);

/* Who we are at a repository: creds ("user:password") when given, else what the authfile says. */
struct conf_auth;
int image_find_auth(const char *creds, const char *authfile, const struct ref *where, struct conf_auth *ret, struct err *err) must_check;

/* What a manifest is held against before anything it names is fetched. */
struct image_trust_source {
	struct registry *registry;
	const char *place; /* "host/path:tag", a mirror's perhaps: there lie the signatures, too */
	const struct registry_doc *doc;
};
int image_trust_allows(const struct policy *policy, const struct ref *ref, struct err *err) must_check;
int image_trust_check(const struct policy *policy, const struct ref *ref, const struct image_trust_source *from, struct err *err) must_check;

/* What a registry (or a mirror of it) has under a reference that is filled in, as the policy allows: its bytes, whatever they are, and the
 * registry that has what they name. */
int image_reach(const struct ref *ref, const struct image_pull_opts *opts, struct registry **ret_registry, struct registry_doc *ret_doc,
		struct err *err) must_check;

/* Two steps: what cannot be signed is not published. ret is empty where the key has signed it before. dir: URL; NULL: where
 * registries.d says. */
struct signature;
int image_sign_for_push(const struct image_sign_opts *opts, const struct ref *ref, const char *digest, struct signature *ret, struct err *err) must_check;
int image_sign_put(const char *dir, const struct ref *ref, const char *digest, const struct signature *signature, struct err *err) must_check;

/* image_save, and the digest of the manifest written; NULL of a docker-archive. */
int image_save_told(struct store *store, char *const *words, int out_fd, const struct image_save_opts *opts, char **ret_digest,
		    struct err *err) must_check;
/* Where a push goes: a reference with or without docker:// in front. */
int image_push_destination(const char *word, struct ref *ret, struct err *err) must_check;
/* The registry there; from: its repositories that layers may be mounted from, or NULL. */
struct registry;
int image_push_open(const struct ref *dest, const struct image_push_opts *asked, char *const *from, struct registry **ret, struct err *err) must_check;
/* A push to a word with a transport. */
/* What --compression-format, --compression-level and --format ask for together. */
int image_push_compression(const struct image_push_opts *opts, enum compress_kind *ret, struct err *err) must_check;
int image_push_file(struct store *store, const char *word, const char *destination, const struct image_push_opts *opts,
		    char **ret_digest, char ret_id[STORE_ID_MAX + 1], struct err *err) must_check;
