/* registry.c - see registry.h */
#include "image/registry.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/ntime.h"
#include "base/num.h"
#include "base/str.h"
#include "codec/digest.h"
#include "image/manifest.h"
#include "image/ref.h"
#include "image/registry_auth.h"
#include "image/registry_error.h"

enum {
	RETRIES_DEFAULT = 3,
	RETRY_DELAY_DEFAULT_MS = 1000,
	RETRY_DELAY_MAX_MS = 60 * 1000,
	WAIT_STEP_MS = 1000,
};

struct registry {
	struct http_client *client;
	char *host; /* as people write it */
	char *base; /* "https://registry-1.docker.io/v2/" */
	char *repository;
	struct conf_auth auth;
	struct challenge challenge;
	char *authorization; /* what is sent with each request; NULL: nothing, or no token yet */
	unsigned token; /* counts them */
	unsigned retries, retry_delay_ms;
	bool insecure;
	char *scope; /* of the first token */
};

/* ---- life ---- */

char *registry_cert_dir_dup(const char *given, const char *host)
{
	static const char *const places[] = { "/etc/containers/certs.d", "/etc/docker/certs.d" };
	const char *home = getenv("HOME");
	char *dir;

	if (given)
		return mem_strdup(given);
	dir = mem_printf("%s/.config/containers/certs.d/%s", home ? home : "", host);
	for (size_t i = 0; access(dir, R_OK | X_OK) < 0; i++) {
		free(dir);
		if (i == ARRAY_LEN(places))
			return NULL;
		dir = mem_printf("%s/%s", places[i], host);
	}
	return dir;
}

static void copy_auth(struct conf_auth *to, const struct conf_auth *from)
{
	if (!from)
		return;
	to->user = from->user ? mem_strdup(from->user) : NULL;
	to->password = from->password ? mem_strdup(from->password) : NULL;
	to->identity_token = from->identity_token ? mem_strdup(from->identity_token) : NULL;
}

static void drop_authorization(struct registry *r)
{
	mem_free_secret(r->authorization);
	r->authorization = NULL;
}

void registry_close(struct registry *r)
{
	if (!r)
		return;
	http_client_close(r->client);
	free(r->host);
	free(r->base);
	free(r->repository);
	free(r->scope);
	conf_auth_done(&r->auth);
	registry_auth_done(&r->challenge);
	drop_authorization(r);
	free(r);
}

struct http_client *registry_client(struct registry *r)
{
	return r->client;
}

/* ---- trying again ---- */

static int64_t retry_after_ms(const struct http_transfer *done)
{
	const char *text = http_header(done, "retry-after");
	uint64_t seconds = 0;

	/* a date is allowed too; our own delay does then */
	if (!text || num_u64(text, RETRY_DELAY_MAX_MS / 1000, &seconds) < 0)
		return text && *text >= '0' && *text <= '9' ? RETRY_DELAY_MAX_MS : 0;
	return (int64_t)seconds * 1000;
}

/* 1 with the time set, or 0 when it has been tried often enough. */
static int plan_retry(const struct registry *r, struct registry_try *try, int64_t at_least_ms, const char *why)
{
	int64_t delay_ms;

	if (try->failed >= r->retries)
		return 0;
	delay_ms = (int64_t)r->retry_delay_ms << try->failed;
	if (delay_ms > RETRY_DELAY_MAX_MS)
		delay_ms = RETRY_DELAY_MAX_MS;
	if (delay_ms < at_least_ms)
		delay_ms = at_least_ms;
	try->failed++;
	try->not_before_ns = ntime_monotonic() + delay_ms * NS_PER_MS;
	log_warn("Failed, retrying in %lld%s ... (%u/%u). Error: %s", (long long)(delay_ms % 1000 ? delay_ms : delay_ms / 1000),
		 delay_ms % 1000 ? "ms" : "s", try->failed, r->retries, why);
	return 1;
}

int registry_failed(struct registry *r, struct registry_try *try, enum err_kind kind, const char *sentence, struct err *err)
{
	if (plan_retry(r, try, 0, sentence))
		return 1;
	return err_set(err, kind, "%s", sentence);
}

/* The answer was 401: what it asks for now. 1 when the request may be sent again. */
static int renew(struct registry *r, const struct http_transfer *done, struct registry_try *try, struct err *err)
{
	auto_val(challenge) asked = { 0 };
	bool had = r->authorization != NULL;

	/* another request has a newer one by now */
	if (try->token != r->token)
		return 1;
	registry_auth_of(done, &asked);
	if (asked.kind == CHALLENGE_NONE || try->renewed)
		return 0;
	try->renewed = true;
	r->token++;
	drop_authorization(r);
	if (asked.kind == CHALLENGE_BASIC) {
		if (had || !r->auth.user)
			return 0;
		r->authorization = registry_auth_basic(&r->auth);
		return 1;
	}
	if (registry_auth_token(r->client, &asked, NULL, &r->auth, r->base, &r->authorization, NULL, err) < 0)
		return -1;
	return 1;
}

static int wrap_what(const char *what, struct err *err)
{
	return *what ? err_wrap(err, "%s", what) : -1;
}

int registry_verdict(struct registry *r, const struct http_transfer *done, const char *what, struct registry_try *try,
		     struct err *err)
{
	int status = http_status(done), again;
	struct err refused = { 0 };

	try->not_before_ns = 0;
	if (http_result(done, err) < 0) {
		wrap_what(what, err);
		if (!http_may_retry(done) || !plan_retry(r, try, 0, err->text))
			return -1;
		err_clear(err);
		return 1;
	}
	if (status / 100 == 2)
		return 0;
	if (status == 401) {
		again = renew(r, done, try, err);
		if (again < 0)
			return wrap_what(what, err);
		if (again)
			return 1;
	}
	registry_error(done, what, &refused);
	if ((status == 429 || status / 100 == 5) && plan_retry(r, try, retry_after_ms(done), refused.text))
		return 1;
	*err = refused;
	return -1;
}

/* Keeps the loop going: other transfers may be under way. */
int registry_wait(struct registry *r, const struct http_transfer *transfer, int64_t not_before_ns, struct err *err)
{
	int64_t left_ms;

	while (transfer && !http_done(transfer))
		if (http_client_step(r->client, NULL, 0, WAIT_STEP_MS, err) < 0)
			return -1;
	while ((left_ms = (not_before_ns - ntime_monotonic() + NS_PER_MS - 1) / NS_PER_MS) > 0)
		if (http_client_step(r->client, NULL, 0, left_ms > WAIT_STEP_MS ? WAIT_STEP_MS : (int)left_ms, err) < 0)
			return -1;
	return 0;
}

/* ---- requests ---- */

/* A token before the first request, where the ping said that one is needed. */
static int need_authorization(struct registry *r, struct err *err)
{
	if (r->authorization || r->challenge.kind == CHALLENGE_NONE)
		return 0;
	if (r->challenge.kind == CHALLENGE_BASIC) {
		r->authorization = r->auth.user ? registry_auth_basic(&r->auth) : NULL;
		return 0;
	}
	return registry_auth_token(r->client, &r->challenge, r->scope, &r->auth, r->base, &r->authorization, NULL, err);
}

struct ask {
	const char *path; /* below base */
	const char *accept;
	const char *what;
	uint64_t max_body;
};

static int get(struct registry *r, const struct ask *ask, struct http_transfer **ret, struct err *err)
{
	auto_free char *url = strstr(ask->path, "://") ? mem_strdup(ask->path) :
			      *ask->path == '/'	      ? mem_printf("%.*s%s", (int)(strlen(r->base) - strlen("/v2/")), r->base, ask->path) :
							mem_printf("%s%s", r->base, ask->path);
	char *headers[] = { (char *)ask->accept, NULL };
	struct registry_try try = { 0 };

	if (need_authorization(r, err) < 0)
		return wrap_what(ask->what, err);
	for (;;) {
		auto_ptr(http_transfer) t = NULL;
		struct http_request request = { .url = url, .headers = headers, .authorization = r->authorization,
						.max_body = ask->max_body };
		int verdict;

		try.token = r->token;
		if (http_start(r->client, &request, &t, err) < 0)
			return wrap_what(ask->what, err);
		if (registry_wait(r, t, 0, err) < 0)
			return -1;
		verdict = registry_verdict(r, t, ask->what, &try, err);
		if (verdict < 0)
			return -1;
		if (verdict == 0) {
			*ret = take_ptr(t);
			return 0;
		}
		if (registry_wait(r, NULL, try.not_before_ns, err) < 0)
			return -1;
	}
}

void registry_doc_done(struct registry_doc *doc)
{
	free(doc->data);
	free(doc->content_type);
	free(doc->digest);
	*doc = (struct registry_doc){ 0 };
}

/* Takes the bytes when they are what was named. */
static int take_doc(const struct http_transfer *t, const char *want, const char *what, struct registry_doc *ret, struct err *err)
{
	auto_val(registry_doc) doc = { 0 };
	const char *type = http_header(t, "content-type"), *body = http_body(t, &doc.len);

	doc.data = mem_dup(body, doc.len + 1);
	doc.content_type = mem_strdup(type ? type : "");
	if (digest_of(want ? want : "sha256:", doc.data, doc.len, &doc.digest, err) < 0)
		return err_wrap(err, "%s", what);
	if (want && strcmp(doc.digest, want) != 0)
		return err_set(err, ERR_MISMATCH, "%s: the bytes received have the digest %s", what, doc.digest);
	*ret = doc;
	doc = (struct registry_doc){ 0 };
	return 0;
}

int registry_manifest(struct registry *r, const char *reference, struct registry_doc *ret, struct err *err)
{
	auto_ptr(http_transfer) t = NULL;
	auto_free char *path = mem_printf("%s/manifests/%s", r->repository, reference);
	auto_free char *what = mem_printf("reading manifest %s in %s/%s", reference, r->host, r->repository);
	struct ask ask = { .path = path, .accept = manifest_accept, .what = what, .max_body = LIMIT_MANIFEST_BYTES };

	if (get(r, &ask, &t, err) < 0)
		return -1;
	return take_doc(t, ref_digest_valid(reference) ? reference : NULL, what, ret, err);
}

int registry_small_blob(struct registry *r, const char *digest, uint64_t size, struct registry_doc *ret, struct err *err)
{
	auto_ptr(http_transfer) t = NULL;
	auto_free char *path = mem_printf("%s/blobs/%s", r->repository, digest);
	auto_free char *what = mem_printf("reading blob %s", digest);
	struct ask ask = { .path = path, .what = what, .max_body = size < LIMIT_MANIFEST_BYTES ? size + 1 : LIMIT_MANIFEST_BYTES };
	size_t len;

	if (get(r, &ask, &t, err) < 0)
		return -1;
	http_body(t, &len);
	if (size != UINT64_MAX && len != size)
		return err_set(err, ERR_MISMATCH, "%s: %zu bytes came, the manifest says %llu", what, len, (unsigned long long)size);
	return take_doc(t, digest, what, ret, err);
}

int registry_blob(struct registry *r, const char *digest, uint64_t from,
		  enum http_sink (*sink)(void *ctx, const struct http_transfer *transfer, const char *data, size_t len), void *ctx,
		  struct registry_try *try, struct http_transfer **ret, struct err *err)
{
	auto_free char *url = mem_printf("%s%s/blobs/%s", r->base, r->repository, digest);
	struct http_request request = { .url = url, .range_from = from, .sink = sink, .ctx = ctx };

	if (need_authorization(r, err) < 0)
		return -1;
	request.authorization = r->authorization;
	try->token = r->token;
	return http_start(r->client, &request, ret, err);
}

/* ---- giving ---- */

static bool is_own(const struct registry *r, const char *url)
{
	auto_free char *ours = NULL, *theirs = NULL;
	struct err ignored = { 0 };

	return http_url_origin(r->base, &ours, &ignored) == 0 && http_url_origin(url, &theirs, &ignored) == 0 &&
	       strcmp(ours, theirs) == 0;
}

int registry_start(struct registry *r, const struct registry_ask *ask, struct registry_try *try, struct http_transfer **ret,
		   struct err *err)
{
	auto_free char *url = strstr(ask->where, "://") ? mem_strdup(ask->where) : mem_printf("%s%s/%s", r->base, r->repository, ask->where);
	struct http_request request = { .method = ask->method, .url = url, .headers = ask->headers, .body = ask->body,
					.body_len = ask->body_len, .body_borrowed = true };

	if (need_authorization(r, err) < 0)
		return -1;
	request.authorization = is_own(r, url) ? r->authorization : NULL;
	try->token = r->token;
	return http_start(r->client, &request, ret, err);
}

int registry_location(struct registry *r, const struct http_transfer *answer, char **ret, struct err *err)
{
	const char *location = http_header(answer, "location");
	auto_free char *url = NULL;

	if (!location || !*location)
		return err_set(err, ERR_INVALID, "the registry '%s' does not say where to send the bytes", r->host);
	if (http_url_resolve(http_url(answer), location, &url, err) < 0)
		return err_wrap(err, "the place to send the bytes to");
	if (str_starts(r->base, "https:") && !str_starts(url, "https:") && !r->insecure)
		return err_set(err, ERR_DENIED, "the registry '%s' wants the bytes at '%.200s', which is not encrypted: not sent", r->host, url);
	*ret = take_ptr(url);
	return 0;
}

int registry_put_manifest(struct registry *r, const char *reference, const char *media_type, const char *data, size_t len,
			  const char *digest, struct err *err)
{
	auto_free char *where = mem_printf("manifests/%s", reference), *type = mem_printf("Content-Type: %s", media_type);
	auto_free char *what = mem_printf("writing manifest: uploading manifest %s to %s/%s", reference, r->host, r->repository);
	char *headers[] = { type, NULL };
	struct registry_ask ask = { .method = "PUT", .where = where, .headers = headers, .body = data, .body_len = len };
	struct registry_try try = { 0 };
	int verdict;

	do {
		auto_ptr(http_transfer) t = NULL;
		const char *kept;

		if (registry_wait(r, NULL, try.not_before_ns, err) < 0)
			return -1;
		if (registry_start(r, &ask, &try, &t, err) < 0)
			return wrap_what(what, err);
		if (registry_wait(r, t, 0, err) < 0)
			return -1;
		verdict = registry_verdict(r, t, what, &try, err);
		kept = verdict == 0 ? http_header(t, "docker-content-digest") : NULL;
		if (kept && *kept && strcmp(kept, digest) != 0)
			return err_set(err, ERR_MISMATCH, "%s: the registry keeps it as %.100s, it is %s", what, kept, digest);
	} while (verdict > 0);
	return verdict;
}

/* ---- lists ---- */

/* Link: </v2/_catalog?last=x>; rel="next" */
static int read_next(struct registry *r, const struct http_transfer *t, const char *what, char **ret, struct err *err)
{
	const char *link = http_header(t, "link"), *end = link ? strchr(link, '>') : NULL;
	auto_free char *inside = NULL, *url = NULL;

	if (!link || *link != '<' || !end || !strstr(end, "next"))
		return 0;
	inside = mem_strndup(link + 1, (size_t)(end - link - 1));
	if (http_url_resolve(http_url(t), inside, &url, err) < 0)
		return err_wrap(err, "%s", what);
	if (!is_own(r, url))
		return err_set(err, ERR_DENIED, "%s: the next page is at another host, '%.200s'", what, url);
	*ret = take_ptr(url);
	return 0;
}

int registry_list(struct registry *r, const char *where, const char *what, struct registry_doc *ret, char **ret_next, struct err *err)
{
	auto_ptr(http_transfer) t = NULL;
	auto_free char *next = NULL;
	struct ask ask = { .path = where, .what = what, .max_body = LIMIT_MANIFEST_BYTES };

	if (get(r, &ask, &t, err) < 0 || (ret_next && read_next(r, t, what, &next, err) < 0) || take_doc(t, NULL, what, ret, err) < 0)
		return -1;
	if (ret_next)
		*ret_next = take_ptr(next);
	return 0;
}

/* ---- the first question ---- */

/* Where a person puts the CA that is missed. */
static int add_way_out(const struct registry *r, const struct http_transfer *t, struct err *err)
{
	struct err plain = *err;

	if (!http_untrusted(t))
		return -1;
	err_clear(err);
	return err_set(err, plain.kind, "%s (put the registry's CA into /etc/containers/certs.d/%s/ca.crt, or use --tls-verify=false)",
		       plain.text, r->host);
}

static int ping_at(struct registry *r, const char *scheme, const char *host, struct err *err)
{
	auto_ptr(http_transfer) t = NULL;
	struct registry_try try = { 0 };
	int verdict;

	free(r->base);
	r->base = mem_printf("%s://%s/v2/", scheme, host);
	do {
		http_free(t);
		t = NULL;
		if (registry_wait(r, NULL, try.not_before_ns, err) < 0 ||
		    http_start(r->client, &(struct http_request){ .url = r->base }, &t, err) < 0)
			return -1;
		if (registry_wait(r, t, 0, err) < 0)
			return -1;
		/* a question for who we are is an answer */
		if (http_result(t, err) == 0 && (http_status(t) == 401 || http_status(t) / 100 == 2)) {
			registry_auth_of(t, &r->challenge);
			return 0;
		}
		err_clear(err);
		verdict = registry_verdict(r, t, "", &try, err);
	} while (verdict > 0);
	return add_way_out(r, t, err);
}

static int ping(struct registry *r, const struct registry_opts *opts, struct err *err)
{
	const char *host = str_eq(opts->host, "docker.io") ? "registry-1.docker.io" : opts->host;
	struct err first = { 0 };
	unsigned retries = r->retries;

	/* where plain HTTP is the other possibility, one failure is an answer */
	r->retries = opts->insecure ? 0 : retries;
	if (ping_at(r, "https", host, err) == 0) {
		r->retries = retries;
		return 0;
	}
	r->retries = retries;
	if (opts->insecure && err_is(err, ERR_NETWORK)) {
		first = *err;
		err_clear(err);
		if (ping_at(r, "http", host, err) == 0)
			return 0;
		log_debug("https was tried first: %s", first.text);
	}
	return err_wrap(err, "pinging container registry %s", opts->host);
}

/* "repository:a/b:pull,push repository:c/d:pull" */
static char *scope_dup(const struct registry_opts *opts)
{
	auto_str scope = { 0 };

	/* where there is no repository, the registry says itself what it wants */
	if (!opts->repository)
		return NULL;
	str_addf(&scope, "repository:%s:%s", opts->repository, opts->push ? "pull,push" : "pull");
	for (char *const *a = opts->also; a && *a; a++)
		str_addf(&scope, " repository:%s:pull", *a);
	return str_take(&scope);
}

int registry_open(const struct registry_opts *opts, struct registry **ret, struct err *err)
{
	auto_ptr(registry) r = mem_alloc(sizeof(*r));
	auto_free char *cert_dir = registry_cert_dir_dup(opts->cert_dir, opts->host);
	struct http_client_opts client = { .insecure = opts->insecure, .cert_dir = cert_dir, .idle_s = opts->idle_s };

	r->host = mem_strdup(opts->host);
	r->repository = mem_strdup(opts->repository ? opts->repository : "");
	r->retries = opts->no_retry ? 0 : opts->retries ? opts->retries : RETRIES_DEFAULT;
	r->retry_delay_ms = opts->retry_delay_ms ? opts->retry_delay_ms : RETRY_DELAY_DEFAULT_MS;
	r->insecure = opts->insecure;
	r->scope = scope_dup(opts);
	copy_auth(&r->auth, opts->auth);
	if (http_client_open(&client, &r->client, err) < 0 || ping(r, opts, err) < 0)
		return -1;
	*ret = take_ptr(r);
	return 0;
}

int registry_login(struct registry *r, struct err *err)
{
	auto_ptr(http_transfer) t = NULL;
	bool refused = false;

	if (r->challenge.kind == CHALLENGE_NONE)
		return 1;
	drop_authorization(r);
	if (r->challenge.kind == CHALLENGE_BASIC)
		r->authorization = registry_auth_basic(&r->auth);
	else if (registry_auth_token(r->client, &r->challenge, NULL, &r->auth, r->base, &r->authorization, &refused, err) < 0)
		return refused ? (err_clear(err), 0) : -1;
	if (http_fetch(r->client, &(struct http_request){ .url = r->base, .authorization = r->authorization }, &t, err) < 0)
		return -1;
	if (http_status(t) == 401 || http_status(t) == 403)
		return 0;
	return http_status(t) / 100 == 2 ? 1 : registry_error(t, "asking for the login", err);
}
