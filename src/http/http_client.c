/* http_client.c - see http_client.h
 *
 * A transfer is one easy handle. It is done when libcurl says so and the answer is no redirect; a redirect starts the
 * same handle again at the new place. Callbacks never fail the loop: they note the failure in the transfer and make
 * libcurl end it, and http_result tells it.
 */
#include "http/http_client.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include "base/dl.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"

enum {
	HEADERS_MAX_BYTES = 256 << 10, /* of one answer */
	CONNECT_DEFAULT_S = 30,
	IDLE_DEFAULT_S = 30,
	IDLE_BYTES_PER_S = 1024,
	RECEIVE_BYTES = 256 << 10,
	CA_MAX_BYTES = 4 << 20,
	EXTRA_MAX = 64,
};

/* ---- the library ---- */

static struct {
	void *handle;
	__typeof__(curl_global_init) *global_init;
	__typeof__(curl_multi_init) *multi_init;
	__typeof__(curl_multi_cleanup) *multi_cleanup;
	__typeof__(curl_multi_add_handle) *multi_add_handle;
	__typeof__(curl_multi_remove_handle) *multi_remove_handle;
	__typeof__(curl_multi_perform) *multi_perform;
	__typeof__(curl_multi_poll) *multi_poll;
	__typeof__(curl_multi_info_read) *multi_info_read;
	__typeof__(curl_multi_strerror) *multi_strerror;
	__typeof__(curl_easy_init) *easy_init;
	__typeof__(curl_easy_cleanup) *easy_cleanup;
	CURLcode (*easy_setopt)(CURL *easy, CURLoption option, ...);
	CURLcode (*easy_getinfo)(CURL *easy, CURLINFO info, ...);
	__typeof__(curl_easy_pause) *easy_pause;
	__typeof__(curl_easy_strerror) *easy_strerror;
	__typeof__(curl_slist_append) *slist_append;
	__typeof__(curl_slist_free_all) *slist_free_all;
	__typeof__(curl_url) *url_new;
	__typeof__(curl_url_cleanup) *url_cleanup;
	__typeof__(curl_url_set) *url_set;
	__typeof__(curl_url_get) *url_get;
	__typeof__(curl_easy_escape) *easy_escape;
	__typeof__(curl_free) *free_text;
} lib;

#define SYMBOL(name_, slot_) { .name = (name_), .slot = (void **)&lib.slot_ }
static const struct dl_symbol symbols[] = {
	SYMBOL("curl_global_init", global_init),
	SYMBOL("curl_multi_init", multi_init),
	SYMBOL("curl_multi_cleanup", multi_cleanup),
	SYMBOL("curl_multi_add_handle", multi_add_handle),
	SYMBOL("curl_multi_remove_handle", multi_remove_handle),
	SYMBOL("curl_multi_perform", multi_perform),
	SYMBOL("curl_multi_poll", multi_poll),
	SYMBOL("curl_multi_info_read", multi_info_read),
	SYMBOL("curl_multi_strerror", multi_strerror),
	SYMBOL("curl_easy_init", easy_init),
	SYMBOL("curl_easy_cleanup", easy_cleanup),
	SYMBOL("curl_easy_setopt", easy_setopt),
	SYMBOL("curl_easy_getinfo", easy_getinfo),
	SYMBOL("curl_easy_pause", easy_pause),
	SYMBOL("curl_easy_strerror", easy_strerror),
	SYMBOL("curl_slist_append", slist_append),
	SYMBOL("curl_slist_free_all", slist_free_all),
	SYMBOL("curl_url", url_new),
	SYMBOL("curl_url_cleanup", url_cleanup),
	SYMBOL("curl_url_set", url_set),
	SYMBOL("curl_url_get", url_get),
	SYMBOL("curl_easy_escape", easy_escape),
	SYMBOL("curl_free", free_text),
};

static int load(struct err *err)
{
	static const char *const sonames[] = { "libcurl.so.4", "libcurl-gnutls.so.4", NULL };

	if (lib.handle)
		return 0;
	if (dl_load(sonames, "libcurl4", symbols, ARRAY_LEN(symbols), &lib.handle, err) < 0)
		return -1;
	if (lib.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_set(err, ERR_UNSUPPORTED, "cannot set up libcurl");
	return 0;
}

/* ---- URLs ---- */

/* The library's own parser: what it connects to and what we compare are read by the same eyes. */
static int url_open(const char *base, const char *text, CURLU **ret, struct err *err)
{
	CURLU *url;
	char *scheme = NULL;
	bool fits;

	if (load(err) < 0)
		return -1;
	url = lib.url_new();
	if (!url)
		abort();
	if ((base && lib.url_set(url, CURLUPART_URL, base, 0) != CURLUE_OK) ||
	    lib.url_set(url, CURLUPART_URL, text, CURLU_DISALLOW_USER) != CURLUE_OK ||
	    lib.url_get(url, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK) {
		lib.url_cleanup(url);
		return err_set(err, ERR_INVALID, "'%.200s' is no usable URL", text);
	}
	fits = str_eq(scheme, "http") || str_eq(scheme, "https");
	lib.free_text(scheme);
	if (!fits) {
		lib.url_cleanup(url);
		return err_set(err, ERR_INVALID, "'%.200s' is no http or https URL", text);
	}
	*ret = url;
	return 0;
}

static char *url_part_dup(CURLU *url, CURLUPart part, unsigned flags)
{
	char *text = NULL, *copy;

	if (lib.url_get(url, part, &text, flags) != CURLUE_OK)
		return mem_strdup("");
	copy = mem_strdup(text);
	lib.free_text(text);
	return copy;
}

int http_url_resolve(const char *base, const char *relative, char **ret, struct err *err)
{
	CURLU *url;

	if (url_open(base, relative, &url, err) < 0)
		return -1;
	/* a fragment is nothing a server sees */
	lib.url_set(url, CURLUPART_FRAGMENT, NULL, 0);
	*ret = url_part_dup(url, CURLUPART_URL, 0);
	lib.url_cleanup(url);
	return 0;
}

int http_url_origin(const char *text, char **ret, struct err *err)
{
	CURLU *url;

	if (url_open(NULL, text, &url, err) < 0)
		return -1;
	auto_free char *scheme = url_part_dup(url, CURLUPART_SCHEME, 0);
	auto_free char *host = url_part_dup(url, CURLUPART_HOST, 0);
	auto_free char *host_lower = str_lower_dup(host);
	auto_free char *port = url_part_dup(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);

	lib.url_cleanup(url);
	*ret = mem_printf("%s://%s:%s", scheme, host_lower, port);
	return 0;
}

char *http_escape(const char *text)
{
	struct err err = { 0 };
	char *escaped, *copy;

	if (load(&err) < 0)
		return mem_strdup("");
	escaped = lib.easy_escape(NULL, text, 0);
	if (!escaped)
		abort();
	copy = mem_strdup(escaped);
	lib.free_text(escaped);
	return copy;
}

/* ---- client ---- */

struct http_client {
	CURLM *multi;
	bool insecure;
	unsigned connect_s, idle_s;
	char *user_agent;
	char *cert_dir;
	struct str ca; /* PEM: the system's and cert_dir's; empty: the library's default */
	char *client_cert, *client_key;
};

struct http_transfer {
	struct http_client *client;
	CURL *easy;
	struct curl_slist *headers;
	bool added, done, paused;
	CURLcode code;
	struct err err; /* what a callback found wrong */
	char detail[CURL_ERROR_SIZE];

	char *method, *url, *authorization, *origin;
	char **request_headers;
	char *body_kept;      /* our copy, to be wiped; NULL when it is borrowed */
	const char *body_out; /* NULL: none */
	size_t body_out_len, body_given;
	uint64_t max_body, range_from;
	char *if_range;
	enum http_sink (*sink)(void *ctx, const struct http_transfer *transfer, const char *data, size_t len);
	void *ctx;

	unsigned redirects;
	int status;
	char **answer; /* "Name: value" */
	size_t answer_bytes;
	struct str body;
};

static int append_file(int dir_fd, const char *name, struct str *out, struct err *err)
{
	auto_free char *data = NULL;
	size_t len = 0;
	int r = file_read(dir_fd, name, CA_MAX_BYTES, &data, &len);

	if (r < 0)
		return err_sys(err, -r, "cannot read the certificate '%s'", name);
	/* COMPAT: Podman passes over it too, but says nothing */
	if (!memmem(data, len, "-----BEGIN ", strlen("-----BEGIN ")))
		log_warn("'%s' of the certificate directory holds no certificate in PEM: ignored", name);
	str_add_mem(out, data, len);
	str_add_char(out, '\n');
	return 0;
}

/* The trust the library would use, so that a certs.d adds to it as it does in Podman. */
static void append_system_ca(struct http_client *client)
{
	static const char *const bundles[] = { "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
					       "/etc/ssl/cert.pem" };

	for (size_t i = 0; i < ARRAY_LEN(bundles); i++) {
		auto_close int fd = open(bundles[i], O_RDONLY | O_CLOEXEC);
		auto_free char *data = NULL;
		size_t len = 0;

		if (fd >= 0 && file_read_fd(fd, CA_MAX_BYTES, &data, &len) == 0) {
			str_add_mem(&client->ca, data, len);
			return;
		}
	}
}

/* A key alone is a certificate somebody meant to put there. */
static int check_key(int dir_fd, const char *name, struct err *err)
{
	auto_free char *cert = mem_printf("%.*s.cert", (int)(strlen(name) - strlen(".key")), name);

	if (faccessat(dir_fd, cert, F_OK, 0) < 0)
		return err_set(err, ERR_NOT_FOUND, "missing client certificate %s for key %s", cert, name);
	return 0;
}

static int take_cert(struct http_client *client, int dir_fd, const char *name, struct err *err)
{
	auto_free char *stem = NULL;

	if (str_ends(name, ".crt"))
		return append_file(dir_fd, name, &client->ca, err);
	if (str_ends(name, ".key"))
		return check_key(dir_fd, name, err);
	if (!str_ends(name, ".cert"))
		return 0;
	if (client->client_cert) {
		log_warn("The client certificate '%s/%s' is not used: '%s' is the one that is shown", client->cert_dir, name,
			 client->client_cert);
		return 0;
	}
	stem = mem_strndup(name, strlen(name) - strlen(".cert"));
	client->client_cert = mem_printf("%s/%s", client->cert_dir, name);
	client->client_key = mem_printf("%s/%s.key", client->cert_dir, stem);
	if (access(client->client_key, R_OK) < 0)
		return err_sys(err, errno, "cannot read the key '%s' of the client certificate (a CA's ends in .crt, not .cert)",
			       client->client_key);
	return 0;
}

static int read_cert_dir(struct http_client *client, struct err *err)
{
	int fd = open(client->cert_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir;
	const struct dirent *entry;
	int r = 0;

	if (fd < 0)
		return err_sys(err, errno, "cannot open the certificate directory '%s'", client->cert_dir);
	dir = fdopendir(fd);
	if (!dir) {
		fd_close(fd);
		return err_sys(err, errno, "cannot read the certificate directory '%s'", client->cert_dir);
	}
	append_system_ca(client);
	while (r == 0 && (entry = readdir(dir)))
		r = take_cert(client, dirfd(dir), entry->d_name, err);
	closedir(dir);
	return r;
}

int http_client_open(const struct http_client_opts *opts, struct http_client **ret, struct err *err)
{
	auto_ptr(http_client) client = NULL;

	if (load(err) < 0)
		return -1;
	client = mem_alloc(sizeof(*client));
	client->insecure = opts->insecure;
	client->connect_s = opts->connect_s ? opts->connect_s : CONNECT_DEFAULT_S;
	client->idle_s = opts->idle_s ? opts->idle_s : IDLE_DEFAULT_S;
	client->user_agent = mem_strdup(opts->user_agent ? opts->user_agent : "cpod/" CPOD_VERSION);
	if (opts->cert_dir) {
		client->cert_dir = mem_strdup(opts->cert_dir);
		if (read_cert_dir(client, err) < 0)
			return -1;
	}
	client->multi = lib.multi_init();
	if (!client->multi)
		return err_set(err, ERR_SYSTEM, "cannot set up libcurl");
	*ret = take_ptr(client);
	return 0;
}

void http_client_close(struct http_client *client)
{
	if (!client)
		return;
	if (client->multi)
		lib.multi_cleanup(client->multi);
	free(client->user_agent);
	free(client->cert_dir);
	free(client->client_cert);
	free(client->client_key);
	str_done(&client->ca);
	free(client);
}

/* ---- callbacks ---- */

static size_t on_header(char *data, size_t size, size_t count, void *ctx)
{
	struct http_transfer *t = ctx;
	size_t len = size * count, cut = len;

	if (t->err.kind)
		return 0;
	while (cut && (data[cut - 1] == '\r' || data[cut - 1] == '\n'))
		cut--;
	/* 100 Continue, a proxy's CONNECT and the like come first: the last status line begins the answer */
	if (len > 5 && strncasecmp(data, "HTTP/", 5) == 0) {
		strv_free(t->answer);
		t->answer = NULL;
		t->status = 0;
	}
	t->answer_bytes += len;
	if (t->answer_bytes > HEADERS_MAX_BYTES) {
		err_set(&t->err, ERR_LIMIT, "the headers are larger than %d bytes", HEADERS_MAX_BYTES);
		return 0;
	}
	if (cut && !memchr(data, '\0', cut))
		strv_add_take(&t->answer, mem_strndup(data, cut));
	return len;
}

static size_t keep_body(struct http_transfer *t, const char *data, size_t len)
{
	if (t->body.len + len > t->max_body) {
		if (t->status / 100 == 2)
			err_set(&t->err, ERR_LIMIT, "the answer is larger than %llu bytes", (unsigned long long)t->max_body);
		/* of a failure's page the beginning is enough */
		return 0;
	}
	str_add_mem(&t->body, data, len);
	return len;
}

static size_t on_body(char *data, size_t size, size_t count, void *ctx)
{
	struct http_transfer *t = ctx;
	size_t len = size * count;
	long status = 0;

	if (t->err.kind)
		return 0;
	if (!t->status && lib.easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK)
		t->status = (int)status;
	if (t->status / 100 == 3)
		return len;
	if (!t->sink || t->status / 100 != 2)
		return keep_body(t, data, len);
	switch (t->sink(t->ctx, t, data, len)) {
	case HTTP_SINK_TAKEN:
		return len;
	case HTTP_SINK_WAIT:
		t->paused = true;
		return CURL_WRITEFUNC_PAUSE;
	case HTTP_SINK_STOP:
		if (!t->err.kind)
			err_set(&t->err, ERR_CANCELLED, "stopped");
		return 0;
	}
	return 0;
}

/* The library may not wind it back: a chunk it sent again by itself could be there twice. */
static size_t on_give(char *buf, size_t size, size_t count, void *ctx)
{
	struct http_transfer *t = ctx;
	size_t left = t->body_out_len - t->body_given, len = size * count < left ? size * count : left;

	memcpy(buf, t->body_out + t->body_given, len);
	t->body_given += len;
	return len;
}

/* Close-on-exec from birth: layer jobs and helpers are started while transfers run. */
static curl_socket_t on_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
	(void)ctx;
	(void)purpose;
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* ---- transfers ---- */

static void set_trust(struct http_transfer *t)
{
	const struct http_client *c = t->client;

	lib.easy_setopt(t->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (c->insecure) {
		lib.easy_setopt(t->easy, CURLOPT_SSL_VERIFYPEER, 0L);
		lib.easy_setopt(t->easy, CURLOPT_SSL_VERIFYHOST, 0L);
	}
	if (c->ca.len) {
		struct curl_blob blob = { .data = c->ca.data, .len = c->ca.len, .flags = CURL_BLOB_NOCOPY };

		lib.easy_setopt(t->easy, CURLOPT_CAINFO_BLOB, &blob);
	}
	if (c->client_cert) {
		lib.easy_setopt(t->easy, CURLOPT_SSLCERT, c->client_cert);
		lib.easy_setopt(t->easy, CURLOPT_SSLKEY, c->client_key);
	}
}

/* COMPAT: Go asks no proxy for this machine, and reads HTTP_PROXY in capitals too. */
static void set_proxy(struct http_transfer *t)
{
	const char *host = strstr(t->origin, "://") + 3;
	const char *lower = getenv("http_proxy");

	if (str_starts(host, "localhost:") || str_starts(host, "127.") || str_starts(host, "[::1]:"))
		lib.easy_setopt(t->easy, CURLOPT_PROXY, "");
	else if (str_starts(t->origin, "http:") && (!lower || !*lower) && getenv("HTTP_PROXY"))
		lib.easy_setopt(t->easy, CURLOPT_PROXY, getenv("HTTP_PROXY"));
	else
		lib.easy_setopt(t->easy, CURLOPT_PROXY, NULL);
}

static void add_header(struct http_transfer *t, const char *text)
{
	struct curl_slist *longer = lib.slist_append(t->headers, text);

	if (!longer)
		abort();
	t->headers = longer;
}

static void set_headers(struct http_transfer *t, bool with_authorization)
{
	lib.slist_free_all(t->headers);
	t->headers = NULL;
	for (char *const *h = t->request_headers; h && *h; h++)
		add_header(t, *h);
	if (t->authorization && with_authorization) {
		char *line = mem_printf("Authorization: %s", t->authorization);

		add_header(t, line);
		mem_free_secret(line);
	}
	if (t->range_from && t->if_range) {
		auto_free char *line = mem_printf("If-Range: %s", t->if_range);

		add_header(t, line);
	}
	/* no 100-continue dance for a small body */
	if (t->body_out)
		add_header(t, "Expect:");
	lib.easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
}

static void set_method(struct http_transfer *t)
{
	if (t->body_kept) {
		lib.easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->body_out_len);
		lib.easy_setopt(t->easy, CURLOPT_POSTFIELDS, t->body_out);
	} else if (t->body_out) {
		lib.easy_setopt(t->easy, CURLOPT_UPLOAD, 1L);
		lib.easy_setopt(t->easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)t->body_out_len);
		lib.easy_setopt(t->easy, CURLOPT_READFUNCTION, on_give);
		lib.easy_setopt(t->easy, CURLOPT_READDATA, t);
	}
	if (str_eq(t->method, "HEAD"))
		lib.easy_setopt(t->easy, CURLOPT_NOBODY, 1L);
	else if (!str_eq(t->method, t->body_kept ? "POST" : t->body_out ? "PUT" : "GET"))
		lib.easy_setopt(t->easy, CURLOPT_CUSTOMREQUEST, t->method);
}

static void set_easy(struct http_transfer *t)
{
	const struct http_client *c = t->client;

	lib.easy_setopt(t->easy, CURLOPT_PRIVATE, t);
	lib.easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->detail);
	lib.easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
	lib.easy_setopt(t->easy, CURLOPT_USERAGENT, c->user_agent);
	lib.easy_setopt(t->easy, CURLOPT_FOLLOWLOCATION, 0L);
	lib.easy_setopt(t->easy, CURLOPT_CONNECTTIMEOUT, (long)c->connect_s);
	lib.easy_setopt(t->easy, CURLOPT_LOW_SPEED_LIMIT, (long)IDLE_BYTES_PER_S);
	lib.easy_setopt(t->easy, CURLOPT_LOW_SPEED_TIME, (long)c->idle_s);
	lib.easy_setopt(t->easy, CURLOPT_BUFFERSIZE, (long)RECEIVE_BYTES);
	lib.easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, on_header);
	lib.easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
	lib.easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, on_body);
	lib.easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
	lib.easy_setopt(t->easy, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	if (t->range_from) {
		auto_free char *range = mem_printf("%llu-", (unsigned long long)t->range_from);

		lib.easy_setopt(t->easy, CURLOPT_RANGE, range);
	}
	set_trust(t);
	set_method(t);
}

/* Sends the request to t->url. */
static int launch(struct http_transfer *t, struct err *err)
{
	auto_free char *origin = NULL;
	CURLMcode code;

	if (http_url_origin(t->url, &origin, err) < 0)
		return -1;
	if (!t->origin)
		t->origin = mem_strdup(origin);
	set_headers(t, str_eq(origin, t->origin));
	set_proxy(t);
	lib.easy_setopt(t->easy, CURLOPT_URL, t->url);
	strv_free(t->answer);
	t->answer = NULL;
	t->answer_bytes = 0;
	t->status = 0;
	t->detail[0] = '\0';
	code = lib.multi_add_handle(t->client->multi, t->easy);
	if (code != CURLM_OK)
		return err_set(err, ERR_SYSTEM, "cannot start a request: %s", lib.multi_strerror(code));
	t->added = true;
	return 0;
}

static void unlaunch(struct http_transfer *t)
{
	if (t->added)
		lib.multi_remove_handle(t->client->multi, t->easy);
	t->added = false;
}

int http_start(struct http_client *client, const struct http_request *request, struct http_transfer **ret, struct err *err)
{
	auto_ptr(http_transfer) t = mem_alloc(sizeof(*t));

	t->client = client;
	t->method = mem_strdup(request->method ? request->method : request->body ? "POST" : "GET");
	t->url = mem_strdup(request->url);
	t->request_headers = strv_dup(request->headers);
	t->authorization = request->authorization ? mem_strdup(request->authorization) : NULL;
	t->body_kept = request->body && !request->body_borrowed ? mem_dup(request->body, request->body_len + 1) : NULL;
	t->body_out = t->body_kept ? t->body_kept : request->body;
	t->body_out_len = request->body_len;
	t->max_body = request->max_body ? request->max_body : LIMIT_TOKEN_BYTES;
	t->range_from = request->range_from;
	t->if_range = request->if_range ? mem_strdup(request->if_range) : NULL;
	t->sink = request->sink;
	t->ctx = request->ctx;
	t->easy = lib.easy_init();
	if (!t->easy)
		return err_set(err, ERR_SYSTEM, "cannot set up a request to '%s'", request->url);
	set_easy(t);
	if (launch(t, err) < 0)
		return -1;
	*ret = take_ptr(t);
	return 0;
}

void http_free(struct http_transfer *t)
{
	if (!t)
		return;
	unlaunch(t);
	if (t->easy)
		lib.easy_cleanup(t->easy);
	if (t->headers)
		lib.slist_free_all(t->headers);
	free(t->method);
	free(t->url);
	free(t->origin);
	mem_free_secret(t->authorization);
	mem_free_secret(t->body_kept);
	strv_free(t->request_headers);
	free(t->if_range);
	strv_free(t->answer);
	str_done(&t->body);
	free(t);
}

/* ---- the end of a transfer ---- */

static bool is_redirect(int status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* Goes where the answer points. Returns -1 with t->err when it may not. */
static int follow(struct http_transfer *t)
{
	const char *location = http_header(t, "location");
	char *next = NULL;

	if (++t->redirects > LIMIT_REDIRECTS)
		return err_set(&t->err, ERR_NETWORK, "more than %d redirects", LIMIT_REDIRECTS);
	if (t->body_out)
		return err_set(&t->err, ERR_NETWORK, "a request with a body was redirected");
	if (http_url_resolve(t->url, location, &next, &t->err) < 0)
		return err_wrap(&t->err, "redirect");
	if (str_starts(t->url, "https:") && !str_starts(next, "https:") && !t->client->insecure) {
		err_set(&t->err, ERR_DENIED, "redirect from https to '%.200s'", next);
		free(next);
		return -1;
	}
	free(t->url);
	t->url = next;
	return launch(t, &t->err);
}

static void finish(struct http_transfer *t, CURLcode code)
{
	long status = 0;

	unlaunch(t);
	t->code = code;
	if (lib.easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK)
		t->status = (int)status;
	if (code == CURLE_OK && is_redirect(t->status) && http_header(t, "location") && follow(t) == 0)
		return;
	t->done = true;
}

/* Moves every transfer on as far as it goes without waiting. */
static CURLMcode perform(struct http_client *client)
{
	CURLMsg *msg;
	int running = 0, left = 0;
	CURLMcode code = lib.multi_perform(client->multi, &running);

	while (code == CURLM_OK && (msg = lib.multi_info_read(client->multi, &left))) {
		struct http_transfer *t = NULL;

		if (msg->msg != CURLMSG_DONE)
			continue;
		lib.easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, (char **)&t);
		finish(t, msg->data.result);
	}
	return code;
}

/* It waits first: what the caller wants to hear of `extra` is what holds now, before the sinks are called again. A transfer
 * that is new or was resumed does not let the library wait. */
int http_client_step(struct http_client *client, struct pollfd *extra, size_t extra_count, int timeout_ms, struct err *err)
{
	struct curl_waitfd waits[EXTRA_MAX];
	CURLMcode code;

	if (extra_count > EXTRA_MAX)
		return err_set(err, ERR_INTERNAL, "too many descriptors to wait for");
	for (size_t i = 0; i < extra_count; i++)
		/* the two sets of flags have different values */
		waits[i] = (struct curl_waitfd){ .fd = extra[i].fd,
						 .events = (short)((extra[i].events & POLLIN ? CURL_WAIT_POLLIN : 0) |
								   (extra[i].events & POLLOUT ? CURL_WAIT_POLLOUT : 0)) };
	code = lib.multi_poll(client->multi, waits, (unsigned)extra_count, timeout_ms, NULL);
	if (code == CURLM_OK)
		code = perform(client);
	if (code != CURLM_OK)
		return err_set(err, ERR_SYSTEM, "cannot wait for the network: %s", lib.multi_strerror(code));
	for (size_t i = 0; i < extra_count; i++)
		extra[i].revents = (short)((waits[i].revents & CURL_WAIT_POLLIN ? POLLIN : 0) |
					   (waits[i].revents & CURL_WAIT_POLLOUT ? POLLOUT : 0));
	return 0;
}

bool http_done(const struct http_transfer *t)
{
	return t->done;
}

void http_resume(struct http_transfer *t)
{
	if (!t->paused || t->done)
		return;
	t->paused = false;
	/* the sink may be called from here */
	lib.easy_pause(t->easy, CURLPAUSE_CONT);
}

/* COMPAT: a refused connection, an unknown name and a certificate in the words of Go's library, which people search for. */
static void add_cause(const struct http_transfer *t, struct str *out)
{
	const char *detail = t->detail[0] ? t->detail : lib.easy_strerror(t->code);
	auto_free char *origin = NULL;
	struct err ignored = { 0 };
	long os_errno = 0;
	const char *host = http_url_origin(t->url, &origin, &ignored) == 0 ? strstr(origin, "://") + 3 : "";

	if (strstr(detail, "alert certificate required")) {
		str_add(out, "remote error: tls: certificate required (it wants a client certificate: client.cert and client.key in "
			     "the host's directory in /etc/containers/certs.d, or in that of --cert-dir)");
		return;
	}
	switch ((int)t->code) {
	case CURLE_COULDNT_CONNECT:
		lib.easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &os_errno);
		str_addf(out, "dial tcp %s: connect: %s", host, os_errno ? err_reason((int)os_errno) : detail);
		return;
	case CURLE_COULDNT_RESOLVE_HOST:
		str_addf(out, "dial tcp: lookup %.*s: no such host", (int)(strrchr(host, ':') - host), host);
		return;
	case CURLE_PEER_FAILED_VERIFICATION:
		str_addf(out, "tls: failed to verify certificate: %s", detail);
		return;
	case CURLE_SSL_CONNECT_ERROR:
		if (strstr(detail, "wrong version number"))
			str_add(out, "http: server gave HTTP response to HTTPS client");
		else
			str_addf(out, "tls: %s", detail);
		return;
	case CURLE_SSL_CACERT_BADFILE:
		str_addf(out, "a .crt of the certificate directory '%s' is broken: %s", t->client->cert_dir ? t->client->cert_dir : "",
			 detail);
		return;
	case CURLE_SEND_FAIL_REWIND:
		str_add(out, "connection reset by peer");
		return;
	case CURLE_OPERATION_TIMEDOUT:
		str_add(out, strstr(detail, "too slow") ? "the transfer stood still" : detail);
		return;
	default:
		str_add(out, detail);
	}
}

/* Go's way to name a request: Get "http://…". */
static int wrap_request(const struct http_transfer *t, const char *text, struct err *err)
{
	auto_free char *method = str_lower_dup(t->method);

	method[0] = t->method[0];
	if (text)
		return err_set(err, ERR_NETWORK, "%s \"%s\": %s", method, t->url, text);
	return err_wrap(err, "%s \"%s\"", method, t->url);
}

int http_result(const struct http_transfer *t, struct err *err)
{
	auto_str text = { 0 };

	if (t->err.kind) {
		*err = t->err;
		return wrap_request(t, NULL, err);
	}
	/* a page that came with a failure and was cut short still tells the failure */
	if (t->code == CURLE_OK || (t->code == CURLE_WRITE_ERROR && t->status >= 400))
		return 0;
	add_cause(t, &text);
	return wrap_request(t, str_text(&text), err);
}

/* A refusal of the other side or of the library, which comes again; a connection that broke off may not. With TLS 1.3 the
 * server's alert about our certificate comes only with the first bytes read. */
static bool tls_refused(const struct http_transfer *t)
{
	return strstr(t->detail, "SSL routines") && !strstr(t->detail, "unexpected eof");
}

bool http_untrusted(const struct http_transfer *t)
{
	/* X509_V_ERR_…: the issuer is not known, self-signed, self-signed in the chain, no issuer here, no first signature */
	static const long unknown[] = { 2, 18, 19, 20, 21 };
	long result = 0;

	if (t->code != CURLE_PEER_FAILED_VERIFICATION ||
	    lib.easy_getinfo(t->easy, CURLINFO_SSL_VERIFYRESULT, &result) != CURLE_OK)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(unknown); i++)
		if (result == unknown[i])
			return true;
	return false;
}

bool http_may_retry(const struct http_transfer *t)
{
	if (tls_refused(t))
		return false;
	switch ((int)t->code) {
	case CURLE_COULDNT_CONNECT:
	case CURLE_OPERATION_TIMEDOUT:
	case CURLE_GOT_NOTHING:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_FAIL_REWIND:
	case CURLE_PARTIAL_FILE:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_COULDNT_RESOLVE_HOST:
		return !t->err.kind;
	default:
		return false;
	}
}

int http_status(const struct http_transfer *t)
{
	return t->status;
}

uint64_t http_sent(const struct http_transfer *t)
{
	curl_off_t sent = 0;

	return lib.easy_getinfo(t->easy, CURLINFO_SIZE_UPLOAD_T, &sent) == CURLE_OK && sent > 0 ? (uint64_t)sent : 0;
}

const char *http_header_at(const struct http_transfer *t, const char *name, size_t n)
{
	size_t len = strlen(name);

	for (char *const *h = t->answer; h && *h; h++) {
		if (strncasecmp(*h, name, len) != 0 || (*h)[len] != ':' || n--)
			continue;
		return *h + len + 1 + strspn(*h + len + 1, " \t");
	}
	return NULL;
}

const char *http_header(const struct http_transfer *t, const char *name)
{
	return http_header_at(t, name, 0);
}

const char *http_body(const struct http_transfer *t, size_t *ret_len)
{
	if (ret_len)
		*ret_len = t->body.len;
	return str_text(&t->body);
}

const char *http_url(const struct http_transfer *t)
{
	return t->url;
}

int http_fetch(struct http_client *client, const struct http_request *request, struct http_transfer **ret, struct err *err)
{
	auto_ptr(http_transfer) t = NULL;

	if (http_start(client, request, &t, err) < 0)
		return -1;
	while (!t->done)
		if (http_client_step(client, NULL, 0, 1000, err) < 0)
			return -1;
	if (http_result(t, err) < 0)
		return -1;
	*ret = take_ptr(t);
	return 0;
}
