/* registry_auth.c - see registry_auth.h */
#include "image/registry_auth.h"

#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "codec/enc.h"
#include "codec/json_parse.h"
#include "image/registry_error.h"

enum { TOKEN_MAX_BYTES = 64 << 10 };

void registry_auth_done(struct challenge *c)
{
	free(c->realm);
	free(c->service);
	free(c->scope);
	*c = (struct challenge){ 0 };
}

/* ---- the header ---- */

static const char token_chars[] = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/* token68, a token or a quoted string; owned. */
static char *take_value(const char **p)
{
	auto_str value = { 0 };

	if (**p != '"') {
		size_t len = strcspn(*p, ", \t");

		str_add_mem(&value, *p, len);
		*p += len;
		return str_take(&value);
	}
	for (++*p; **p && **p != '"'; ++*p) {
		if (**p == '\\' && (*p)[1])
			++*p;
		str_add_char(&value, **p);
	}
	if (**p)
		++*p;
	return str_take(&value);
}

static void set_param(struct challenge *c, const char *name, size_t len, char *value)
{
	struct {
		const char *name;
		char **slot;
	} slots[] = { { "realm", &c->realm }, { "service", &c->service }, { "scope", &c->scope } };

	for (size_t i = 0; i < ARRAY_LEN(slots); i++)
		if (strlen(slots[i].name) == len && strncasecmp(name, slots[i].name, len) == 0 && !*slots[i].slot) {
			*slots[i].slot = value;
			return;
		}
	free(value);
}

static void keep_best(struct challenge *best, struct challenge *c)
{
	if (c->kind > best->kind && (c->kind != CHALLENGE_BEARER || c->realm)) {
		registry_auth_done(best);
		*best = *c;
		*c = (struct challenge){ 0 };
	}
	registry_auth_done(c);
}

void registry_auth_parse(const char *header, struct challenge *ret)
{
	auto_val(challenge) now = { 0 };
	const char *p = header;

	while (*(p += strspn(p, ", \t"))) {
		const char *word = p;
		size_t len = strspn(p, token_chars);

		if (!len)
			break;
		p += len;
		p += strspn(p, " \t");
		if (*p == '=') {
			p++;
			p += strspn(p, " \t");
			set_param(&now, word, len, take_value(&p));
			continue;
		}
		keep_best(ret, &now);
		now.kind = len == 6 && strncasecmp(word, "Bearer", 6) == 0  ? CHALLENGE_BEARER
			   : len == 5 && strncasecmp(word, "Basic", 5) == 0 ? CHALLENGE_BASIC
									     : CHALLENGE_NONE;
	}
	keep_best(ret, &now);
}

void registry_auth_of(const struct http_transfer *answer, struct challenge *ret)
{
	const char *header;

	for (size_t i = 0; (header = http_header_at(answer, "www-authenticate", i)); i++)
		registry_auth_parse(header, ret);
}

/* ---- who may see a password ---- */

static bool is_address(const char *host)
{
	return host[0] == '[' || host[strspn(host, "0123456789.")] == '\0';
}

/* The registered domain of a name, as well as it can be told without the public suffix list: two labels, three where the
 * second looks like a registry's own ("co.uk", "com.au"). NULL when there is none. */
static const char *registered_domain(const char *host)
{
	const char *labels[3] = { NULL };
	size_t tld, second;

	for (const char *p = host + strlen(host); p > host; p--)
		if (p[-1] == '.' || p - 1 == host) {
			const char *label = p[-1] == '.' ? p : host;

			for (size_t i = 0; i < ARRAY_LEN(labels); i++)
				if (!labels[i]) {
					labels[i] = label;
					break;
				}
		}
	if (!labels[1])
		return NULL;
	tld = strlen(labels[0]);
	second = (size_t)(labels[0] - labels[1]) - 1;
	return tld == 2 && second <= 3 ? labels[2] : labels[1];
}

bool registry_auth_same_party(const char *host, const char *other)
{
	const char *a, *b;

	if (strcasecmp(host, other) == 0)
		return true;
	if (is_address(host) || is_address(other))
		return false;
	a = registered_domain(host);
	b = registered_domain(other);
	return a && b && strcasecmp(a, b) == 0;
}

static char *origin_host_dup(const char *origin)
{
	const char *host = strstr(origin, "://") + 3;
	const char *colon = strrchr(host, ':');

	return mem_strndup(host, (size_t)(colon - host));
}

static int check_party(const char *registry_url, const char *realm, struct err *err)
{
	auto_free char *from = NULL, *to = NULL, *from_host = NULL, *to_host = NULL;

	if (http_url_origin(registry_url, &from, err) < 0 || http_url_origin(realm, &to, err) < 0)
		return -1;
	from_host = origin_host_dup(from);
	to_host = origin_host_dup(to);
	if (str_starts(from, "https:") && !str_starts(to, "https:"))
		return err_set(err, ERR_DENIED, "the registry '%s' asks for the password at '%s', which is not encrypted: not sent",
			       from_host, realm);
	if (!registry_auth_same_party(from_host, to_host))
		return err_set(err, ERR_DENIED, "the registry '%s' asks for the password at another host '%s': not sent", from_host,
			       to_host);
	return 0;
}

/* ---- the token ---- */

char *registry_auth_basic(const struct conf_auth *auth)
{
	char *plain = mem_printf("%s:%s", auth->user, auth->password ? auth->password : "");
	char *text = enc_base64(plain, strlen(plain));
	char *header = mem_printf("Basic %s", text);

	mem_free_secret(plain);
	mem_free_secret(text);
	return header;
}

static void add_query(struct str *out, char *sep, const char *name, const char *value)
{
	auto_free char *text = NULL;

	if (!value || !*value)
		return;
	text = http_escape(value);
	str_addf(out, "%c%s=%s", *sep, name, text);
	*sep = '&';
}

/* Several scopes stand with spaces between; each becomes a parameter of its own. */
static void add_scopes(struct str *out, char *sep, const char *scopes)
{
	auto_strv list = scopes ? strv_split(scopes, ' ') : NULL;

	for (size_t i = 0; list && list[i]; i++)
		add_query(out, sep, "scope", list[i]);
}

static int read_token(const struct http_transfer *answer, const char *realm, char **ret_header, struct err *err)
{
	auto_ptr(json) doc = NULL;
	size_t len;
	const char *body = http_body(answer, &len), *token;

	if (json_parse_object(body, len, LIMIT_JSON_DEPTH_OUTSIDE, 0, &doc, err) < 0)
		return err_wrap(err, "reading the token from '%s'", realm);
	token = json_get_str(doc, "token", "");
	if (!*token)
		token = json_get_str(doc, "access_token", "");
	if (!*token)
		return err_set(err, ERR_INVALID, "the answer of '%s' holds no token", realm);
	/* it becomes a header: no line ends, nothing a header cannot carry */
	for (const char *p = token; *p; p++)
		if (*p <= ' ' || *p > '~')
			return err_set(err, ERR_INVALID, "the token from '%s' is malformed", realm);
	if (strlen(token) > TOKEN_MAX_BYTES)
		return err_set(err, ERR_LIMIT, "the token from '%s' is longer than %d bytes", realm, TOKEN_MAX_BYTES);
	*ret_header = mem_printf("Bearer %s", token);
	return 0;
}

/* A form, for a login by identity token; else a query with Basic. */
static void make_request(const struct challenge *c, const char *scope, const struct conf_auth *auth, struct str *url,
			 struct str *body, char **ret_basic)
{
	char sep = strchr(c->realm, '?') ? '&' : '?';

	str_add(url, c->realm);
	if (auth->identity_token) {
		str_add(body, "grant_type=refresh_token&client_id=cpod");
		sep = '&';
		add_query(body, &sep, "service", c->service);
		add_query(body, &sep, "scope", scope);
		add_query(body, &sep, "refresh_token", auth->identity_token);
		return;
	}
	if (auth->user) {
		add_query(url, &sep, "account", auth->user);
		*ret_basic = registry_auth_basic(auth);
	}
	add_query(url, &sep, "service", c->service);
	add_scopes(url, &sep, scope);
}

int registry_auth_token(struct http_client *client, const struct challenge *c, const char *scope, const struct conf_auth *auth,
			const char *registry_url, char **ret_header, bool *ret_refused, struct err *err)
{
	auto_ptr(http_transfer) answer = NULL;
	auto_str url = { 0 }, body = { 0 };
	char *basic = NULL;
	static const char form[] = "Content-Type: application/x-www-form-urlencoded";
	char *headers[] = { (char *)form, NULL };
	int r;

	if ((auth->user || auth->identity_token) && check_party(registry_url, c->realm, err) < 0)
		return -1;
	make_request(c, scope ? scope : c->scope, auth, &url, &body, &basic);
	r = http_fetch(client,
		       &(struct http_request){ .url = str_text(&url), .authorization = basic, .body = body.data,
					       .body_len = body.len, .headers = body.data ? headers : NULL },
		       &answer, err);
	mem_free_secret(basic);
	if (body.data)
		explicit_bzero(body.data, body.len);
	if (r < 0)
		return err_wrap(err, "asking for a token");
	if (ret_refused)
		*ret_refused = http_status(answer) == 401 || http_status(answer) == 403;
	if (http_status(answer) != 200)
		return registry_error(answer, "requesting access token", err);
	return read_token(answer, c->realm, ret_header, err);
}
