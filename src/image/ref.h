/* ref.h - the names of images: DOMAIN[:PORT]/PATH[:TAG][@DIGEST], and what a short word stands for.
 * Shape:  domain  "docker.io", "localhost:5000", "[::1]:5000"; the first component is one when it holds '.' or ':' or is
 *                 "localhost", and has the form of a host name
 *         path    components [a-z0-9]+ joined by '.', '_', '__' or '-'s, '/' between; domain and path at most 255 bytes
 *         tag     [A-Za-z0-9_][A-Za-z0-9_.-]{0,127}
 *         digest  "sha256:" + 64 or "sha512:" + 128 lower-case hex digits
 * Owner:  struct ref owns its strings; ref_done.
 * Errors: ERR_USAGE, in Podman's words: invalid reference format.
 * Spec:   distribution-spec 1.1, Pulling manifests; the normalisation of docker.io names is COMPAT.
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>

struct ref {
	char *domain; /* NULL: a short name */
	char *path;
	char *tag;    /* NULL: none given */
	char *digest; /* NULL: none given */
};
void ref_done(struct ref *ref);
AUTO_VAL(ref, ref_done);

/* As written: nothing is filled in. */
int ref_parse(const char *text, struct ref *ret, struct err *err) must_check;
/* Fills in for a pull: docker.io for a short name, library/ for a single component there, tag latest when neither tag
 * nor digest is given. index.docker.io becomes docker.io. */
void ref_normalize(struct ref *ref);
/* The same; and of tag and digest the digest alone counts, as in Podman. */
void ref_settle(struct ref *ref);
/* Parse and normalise. */
int ref_parse_full(const char *text, struct ref *ret, struct err *err) must_check;
/* What `tag` makes of a word: a short name gets localhost/ in front, the tag becomes latest; a digest is refused. Owned. */
int ref_local_name(const char *text, char **ret_name, struct err *err) must_check;

/* Owned: "domain/path", with ":tag" and "@digest" where there. */
char *ref_text(const struct ref *ref);
/* Owned: "domain/path". */
char *ref_repository(const struct ref *ref);
/* Owned: the same with "localhost/", "docker.io/library/" … as its domain: domain may hold a path's beginning. */
char *ref_text_in(const struct ref *ref, const char *domain);

/* "sha256:" and 64 (or "sha512:" and 128) lower-case hex digits: the only digests that reach a path or a URL. */
bool ref_digest_valid(const char *digest);
