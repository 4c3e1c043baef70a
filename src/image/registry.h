/* registry.h - one repository of one registry: its documents and its blobs, asked for until they come or cannot.
 * Shape:  registry_open finds out how the host is reached and what it wants to know; every request after that carries
 *         what it wants, gets a fresh token when an old one has run out, and is repeated after a failure that may pass:
 *         reset, timed out, 429 (after its Retry-After), 5xx; each at most `retries` times.
 * Life:   registry_open → registry_manifest, registry_blob … → registry_close.
 * Units:  bytes, milliseconds.
 * Errors: ERR_NOT_FOUND 404, ERR_DENIED 401 and 403, ERR_NETWORK the rest; ERR_MISMATCH a document whose digest differs.
 * Spec:   distribution-spec 1.1.
 */
#pragma once

#include "config/conf_auth.h"
#include "http/http_client.h"

#include <stdint.h>

struct registry;

struct registry_opts {
	const char *host;	/* "docker.io", "localhost:5000" */
	const char *repository; /* NULL: only to log in */
	bool push;		/* the token is for pushing too */
	char *const *also;	/* repositories whose blobs may be mounted: the token is for reading them too */
	const struct conf_auth *auth;
	const char *cert_dir;	/* NULL: as registry_cert_dir_dup finds */
	bool insecure;		/* no certificate is checked; plain HTTP where HTTPS does not answer */
	unsigned retries, retry_delay_ms, idle_s; /* 0: 3, 1000, 30 */
	bool no_retry;
};
/* Where the certificates for a host lie: what is given, else certs.d/HOST of the usual places; owned, NULL: nowhere. */
char *registry_cert_dir_dup(const char *given, const char *host);
/* Asks /v2/: "pinging container registry HOST: …" when it does not answer. */
int registry_open(const struct registry_opts *opts, struct registry **ret, struct err *err) must_check;
void registry_close(struct registry *registry);
AUTO_PTR(registry, registry_close);
struct http_client *registry_client(struct registry *registry); /* borrowed, for its loop */

/* 1: user and password of the options are right; 0: the registry refused them; -1: it could not be asked. */
int registry_login(struct registry *registry, struct err *err) must_check;

struct registry_doc {
	char *data;
	size_t len;
	char *content_type; /* "" when not told */
	char *digest;	    /* "sha256:…", of the bytes */
};
void registry_doc_done(struct registry_doc *doc);
AUTO_VAL(registry_doc, registry_doc_done);
/* reference: a tag, or a digest, which is then checked. At most LIMIT_MANIFEST_BYTES. */
int registry_manifest(struct registry *registry, const char *reference, struct registry_doc *ret, struct err *err) must_check;
/* A blob kept in memory: digest and size (UINT64_MAX: unknown) are checked. At most LIMIT_MANIFEST_BYTES. */
int registry_small_blob(struct registry *registry, const char *digest, uint64_t size, struct registry_doc *ret,
			struct err *err) must_check;

/* A list the registry gives, page by page. where: below /v2/ ("_catalog"), from the host's root ("/v1/search"), or *ret_next of the
 * page before: owned, NULL after the last; it never leaves the registry. ret_next NULL: one page is enough. */
int registry_list(struct registry *registry, const char *where, const char *what, struct registry_doc *ret, char **ret_next,
		  struct err *err) must_check;
/* Gives it the manifest. reference: a tag or its digest. What the registry says it keeps must be `digest`. */
int registry_put_manifest(struct registry *registry, const char *reference, const char *media_type, const char *data, size_t len,
			  const char *digest, struct err *err) must_check;

/* Blobs that are streamed: the caller runs the loop of registry_client, and asks for the verdict when one is done. */
struct registry_try {
	unsigned failed;      /* times so far; 0 to begin with */
	bool renewed;	      /* a new token was fetched for this one already */
	unsigned token;	      /* which of the tokens it was sent with */
	int64_t not_before_ns; /* ntime_monotonic: when to try again */
};
/* from: continue there (an answer of 200 begins at 0 all the same). */
int registry_blob(struct registry *registry, const char *digest, uint64_t from,
		  enum http_sink (*sink)(void *ctx, const struct http_transfer *transfer, const char *data, size_t len), void *ctx,
		  struct registry_try *try, struct http_transfer **ret, struct err *err) must_check;
/* Any other request: where is below the repository ("blobs/uploads/"), or an URL that the registry gave us. The login goes to
 * the registry's own scheme, host and port only. body: borrowed until http_free; NULL sends none. */
struct registry_ask {
	const char *method, *where;
	char *const *headers;
	const char *body;
	size_t body_len;
};
int registry_start(struct registry *registry, const struct registry_ask *ask, struct registry_try *try,
		   struct http_transfer **ret, struct err *err) must_check;
/* What an answer's Location means; owned. Leaving https is ERR_DENIED. */
int registry_location(struct registry *registry, const struct http_transfer *answer, char **ret, struct err *err) must_check;
/* Waits for one transfer, or (NULL) until a time; the others go on. */
int registry_wait(struct registry *registry, const struct http_transfer *transfer, int64_t not_before_ns, struct err *err) must_check;
/* 0: it came. 1: try again, not before try->not_before_ns. -1: it cannot be had. `what` begins the sentence. */
int registry_verdict(struct registry *registry, const struct http_transfer *done, const char *what, struct registry_try *try,
		     struct err *err) must_check;
/* A failure that only the caller can see (a body that ended early): as a verdict, with this sentence in the end. */
int registry_failed(struct registry *registry, struct registry_try *try, enum err_kind kind, const char *sentence,
		    struct err *err) must_check;
