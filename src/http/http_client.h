/* http_client.h - several HTTP transfers at once, driven by one poll loop. The only door to libcurl.
 * Shape:  a client holds connections and what they have in common; a transfer is one request and its answer, through
 *         every redirect. Bodies of 2xx answers go to a sink, which may ask to wait; all others are kept, bounded.
 * Life:   http_client_open → http_start … → http_client_step until http_done → http_free → http_client_close.
 *         http_fetch does one transfer while the others go on.
 * Owner:  a request is copied; the sink's context is the caller's until http_free.
 * Units:  bytes, seconds.
 * Errors: ERR_NETWORK naming host and cause; ERR_LIMIT a body above its maximum; ERR_DENIED a redirect from https to
 *         http; ERR_UNSUPPORTED no libcurl here.
 *
 * Redirects are followed here, not by the library: an Authorization header is sent to the scheme, host and port it was
 * given for and to no other. http and https are the only schemes. Proxies come from the environment, as everywhere.
 */
#pragma once

#include "base/err.h"
#include "base/str.h"

#include <poll.h>
#include <stdint.h>

struct http_client;
struct http_transfer;

struct http_client_opts {
	bool insecure;		/* certificates are not checked */
	const char *cert_dir;	/* certs.d of one host: *.crt are trusted too, NAME.cert with NAME.key is shown; NULL: none */
	unsigned connect_s;	/* 0: 30 */
	unsigned idle_s;	/* less than 1 KiB in so long fails the transfer; 0: 30 */
	const char *user_agent; /* NULL: cpod/VERSION */
};
int http_client_open(const struct http_client_opts *opts, struct http_client **ret, struct err *err) must_check;
/* Its transfers end with it; they must be freed before. NULL is fine. */
void http_client_close(struct http_client *client);
AUTO_PTR(http_client, http_client_close);

enum http_sink {
	HTTP_SINK_TAKEN, /* all of it */
	HTTP_SINK_WAIT,	 /* nothing of it: it comes again after http_resume */
	HTTP_SINK_STOP,	 /* the transfer ends; its error is the sink's affair */
};

struct http_request {
	const char *method;	   /* NULL: GET */
	const char *url;
	char *const *headers;	   /* "Name: value" */
	const char *authorization; /* "Bearer …", "Basic …": for this url's scheme, host and port only */
	const char *body;	   /* NULL: none */
	size_t body_len;
	bool body_borrowed;	   /* it is not copied: it stays as it is until http_free, and is never sent twice */
	uint64_t max_body;	   /* of what is kept; 0: LIMIT_TOKEN_BYTES */
	uint64_t range_from;	   /* > 0: only the rest. An answer of 200 instead of 206 starts at 0 again */
	const char *if_range;	   /* with range_from: the entity tag it must still have */
	/* Gets the body of a 2xx answer; NULL: it is kept. http_status tells 200 from 206. */
	enum http_sink (*sink)(void *ctx, const struct http_transfer *transfer, const char *data, size_t len);
	void *ctx;
};
int http_start(struct http_client *client, const struct http_request *request, struct http_transfer **ret, struct err *err) must_check;
/* Stops it when it runs. NULL is fine. */
void http_free(struct http_transfer *transfer);
AUTO_PTR(http_transfer, http_free);

/* Waits for any transfer or any of `extra` (whose revents are filled in), at most timeout_ms; then moves every transfer on. */
int http_client_step(struct http_client *client, struct pollfd *extra, size_t extra_count, int timeout_ms, struct err *err) must_check;
bool http_done(const struct http_transfer *transfer);
/* After HTTP_SINK_WAIT. */
void http_resume(struct http_transfer *transfer);
/* 0 when an answer came, whatever its status; else the failure. Only once it is done. */
int http_result(const struct http_transfer *transfer, struct err *err) must_check;
/* Whether the same request may succeed later: reset, timed out, refused; not a wrong certificate. */
bool http_may_retry(const struct http_transfer *transfer);
/* The certificate comes from a CA that is not known here. */
bool http_untrusted(const struct http_transfer *transfer);

int http_status(const struct http_transfer *transfer);
/* How much of the request's body has gone out. */
uint64_t http_sent(const struct http_transfer *transfer);
/* The answer's header, any case; NULL when absent. Borrowed. */
const char *http_header(const struct http_transfer *transfer, const char *name);
/* The n-th of several with one name. */
const char *http_header_at(const struct http_transfer *transfer, const char *name, size_t n);
/* The body kept so far, with a NUL behind it. Borrowed. */
const char *http_body(const struct http_transfer *transfer, size_t *ret_len);
/* Where the last redirect led. Borrowed. */
const char *http_url(const struct http_transfer *transfer);

/* Start, wait, done: the answer of any status. Other transfers of the client go on meanwhile. */
int http_fetch(struct http_client *client, const struct http_request *request, struct http_transfer **ret, struct err *err) must_check;

/* Resolves a Location or realm against the url it came from; owned. -1 when it is no http or https URL. */
int http_url_resolve(const char *base, const char *relative, char **ret, struct err *err) must_check;
/* Owned "scheme://host:port", the port always there. */
int http_url_origin(const char *url, char **ret, struct err *err) must_check;
/* Percent-encoded for a query value; owned. */
char *http_escape(const char *text);
