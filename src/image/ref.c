/* ref.c - see ref.h */
#include "image/ref.h"

#include <string.h>

#include "base/str.h"

enum {
	NAME_MAX_BYTES = 255, /* domain/path */
	TAG_MAX_BYTES = 128,
	TEXT_MAX_BYTES = 1024,
};

enum verdict { GOOD, BAD_FORMAT, BAD_CASE, BAD_LENGTH, BAD_ALGORITHM, BAD_EMPTY };

static const char *const verdict_text[] = {
	[BAD_FORMAT]    = "invalid reference format",
	[BAD_CASE]      = "repository name must be lowercase",
	[BAD_LENGTH]    = "repository name must not be more than 255 characters",
	[BAD_ALGORITHM] = "unsupported digest algorithm",
	[BAD_EMPTY]     = "repository name must have at least one component",
};

static const struct {
	const char *prefix;
	size_t hex;
} digests[] = {
	{ "sha256:", 64 },
	{ "sha512:", 128 },
};

void ref_done(struct ref *ref)
{
	free(ref->domain);
	free(ref->path);
	free(ref->tag);
	free(ref->digest);
	*ref = (struct ref){ 0 };
}

static bool is_low(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_alnum(char c)
{
	return is_low(c) || (c >= 'A' && c <= 'Z');
}

bool ref_digest_valid(const char *digest)
{
	for (size_t i = 0; i < ARRAY_LEN(digests); i++) {
		const char *hex = str_after(digest, digests[i].prefix);

		if (hex)
			return strlen(hex) == digests[i].hex && strspn(hex, "0123456789abcdef") == digests[i].hex;
	}
	return false;
}

/* Letters, digits and inner dashes, joined by dots. */
static bool host_valid(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		bool edge = i == 0 || i + 1 == len || text[i - 1] == '.' || text[i + 1] == '.';

		if (is_alnum(text[i]) || (!edge && (text[i] == '-' || text[i] == '.')))
			continue;
		return false;
	}
	return len > 0;
}

static bool domain_valid(const char *text, size_t len)
{
	const char *colon;
	size_t host = len;

	if (text[0] == '[') {
		const char *end = memchr(text, ']', len);

		if (!end || end == text + 1)
			return false;
		host = (size_t)(end - text) + 1;
		if (strspn(text + 1, "0123456789abcdefABCDEF:") != host - 2)
			return false;
	} else {
		colon = memchr(text, ':', len);
		if (colon)
			host = (size_t)(colon - text);
		if (!host_valid(text, host))
			return false;
	}
	if (host == len)
		return true;
	return text[host] == ':' && host + 1 < len && strspn(text + host + 1, "0123456789") == len - host - 1;
}

/* Whether the first component is a host: a dot, a port or the one name that needs neither. */
static size_t domain_len(const char *text)
{
	const char *slash = strchr(text, '/');
	size_t len = slash ? (size_t)(slash - text) : 0;

	if (!slash || !len)
		return 0;
	if (!memchr(text, '.', len) && !memchr(text, ':', len) && !(len == 9 && memcmp(text, "localhost", 9) == 0))
		return 0;
	return domain_valid(text, len) ? len : 0;
}

/* One component: runs of letters and digits with one '.', one or two '_' or any number of '-' between. */
static bool component_valid(const char *p, size_t len)
{
	size_t i = 0;

	while (i < len) {
		size_t run = i, sep;

		while (i < len && is_low(p[i]))
			i++;
		if (i == run)
			return false;
		if (i == len)
			return true;
		sep = i;
		while (i < len && p[i] == p[sep] && !is_low(p[i]))
			i++;
		if (p[sep] != '-' && !(p[sep] == '.' && i - sep == 1) && !(p[sep] == '_' && i - sep <= 2))
			return false;
	}
	return false;
}

static bool path_valid(const char *path)
{
	for (;;) {
		size_t len = strcspn(path, "/");

		if (!component_valid(path, len))
			return false;
		if (!path[len])
			return true;
		path += len + 1;
	}
}

static bool tag_valid(const char *tag)
{
	size_t len = strlen(tag);

	if (!len || len > TAG_MAX_BYTES || tag[0] == '.' || tag[0] == '-')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!is_alnum(tag[i]) && !strchr("_.-", tag[i]))
			return false;
	return true;
}

/* An algorithm nobody knows is told apart from a malformed digest. */
static enum verdict digest_verdict(const char *digest)
{
	const char *colon = strchr(digest, ':');

	if (ref_digest_valid(digest))
		return GOOD;
	if (colon && strlen(colon + 1) >= 32 && strspn(colon + 1, "0123456789abcdef") == strlen(colon + 1) &&
	    !str_starts(digest, "sha256:") && !str_starts(digest, "sha512:"))
		return BAD_ALGORITHM;
	return BAD_FORMAT;
}

static enum verdict path_verdict(const char *path)
{
	auto_free char *lower = str_lower_dup(path);

	if (path_valid(path))
		return GOOD;
	return path_valid(lower) ? BAD_CASE : BAD_FORMAT;
}

static enum verdict parse(const char *text, struct ref *ret)
{
	auto_val(ref) ref = { 0 };
	auto_free char *rest = NULL;
	char *at, *colon;
	enum verdict v;
	size_t domain;

	if (!*text)
		return BAD_EMPTY;
	if (strlen(text) > TEXT_MAX_BYTES)
		return BAD_LENGTH;
	rest = mem_strdup(text);
	at = strchr(rest, '@');
	if (at) {
		*at = '\0';
		v = digest_verdict(at + 1);
		if (v != GOOD)
			return v;
		ref.digest = mem_strdup(at + 1);
	}
	domain = domain_len(rest);
	if (domain)
		ref.domain = mem_strndup(rest, domain);
	ref.path = mem_strdup(rest + (domain ? domain + 1 : 0));
	colon = strrchr(ref.path, ':');
	if (colon && !strchr(colon, '/')) {
		*colon = '\0';
		if (!tag_valid(colon + 1))
			return BAD_FORMAT;
		ref.tag = mem_strdup(colon + 1);
	}
	v = path_verdict(ref.path);
	if (v != GOOD)
		return v;
	if (domain + !!domain + strlen(ref.path) > NAME_MAX_BYTES)
		return BAD_LENGTH;
	*ret = ref;
	ref = (struct ref){ 0 };
	return GOOD;
}

int ref_parse(const char *text, struct ref *ret, struct err *err)
{
	enum verdict v = parse(text, ret);

	if (v != GOOD)
		return err_set(err, ERR_USAGE, "parsing reference \"%.300s\": %s", text, verdict_text[v]);
	return 0;
}

void ref_normalize(struct ref *ref)
{
	if (!ref->domain || str_eq(ref->domain, "index.docker.io")) {
		free(ref->domain);
		ref->domain = mem_strdup("docker.io");
	}
	if (str_eq(ref->domain, "docker.io") && !strchr(ref->path, '/')) {
		char *path = mem_printf("library/%s", ref->path);

		free(ref->path);
		ref->path = path;
	}
	if (!ref->tag && !ref->digest)
		ref->tag = mem_strdup("latest");
}

void ref_settle(struct ref *ref)
{
	ref_normalize(ref);
	if (!ref->digest)
		return;
	free(ref->tag);
	ref->tag = NULL;
}

int ref_parse_full(const char *text, struct ref *ret, struct err *err)
{
	if (ref_parse(text, ret, err) < 0)
		return -1;
	ref_normalize(ret);
	return 0;
}

int ref_local_name(const char *text, char **ret_name, struct err *err)
{
	auto_val(ref) ref = { 0 };
	enum verdict v;

	if (str_starts(text, "sha256:"))
		return err_set(err, ERR_USAGE, "%.300s: tag by digest not supported", text);
	v = parse(text, &ref);
	/* COMPAT: the two sentences are Podman's, the repetition too */
	if (v == BAD_CASE)
		return err_set(err, ERR_USAGE, "normalizing name \"%.300s\": invalid reference format: %s", text, verdict_text[v]);
	if (v != GOOD)
		return err_set(err, ERR_USAGE, "normalizing name \"%.300s\": normalizing name \"%.300s\": %s", text, text,
			       verdict_text[v]);
	if (ref.digest)
		return err_set(err, ERR_USAGE, "%.300s: tag by digest not supported", text);
	if (!ref.domain)
		ref.domain = mem_strdup("localhost");
	ref_normalize(&ref);
	*ret_name = ref_text(&ref);
	return 0;
}

char *ref_text_in(const struct ref *ref, const char *domain)
{
	return mem_printf("%s%s%s%s%s%s%s", domain ? domain : "", domain ? "/" : "", ref->path, ref->tag ? ":" : "",
			  ref->tag ? ref->tag : "", ref->digest ? "@" : "", ref->digest ? ref->digest : "");
}

char *ref_text(const struct ref *ref)
{
	return ref_text_in(ref, ref->domain);
}

char *ref_repository(const struct ref *ref)
{
	return ref->domain ? mem_printf("%s/%s", ref->domain, ref->path) : mem_strdup(ref->path);
}
