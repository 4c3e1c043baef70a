/* registry_auth.h - what a registry asks for before it answers, and the token that satisfies it.
 * Shape:  WWW-Authenticate: Bearer realm="…",service="…",scope="…"  or  Basic realm="…"
 * Owner:  struct challenge by registry_auth_done.
 * Errors: ERR_DENIED refused, or a password that would have to go to another party; ERR_INVALID a token that is none.
 * Spec:   distribution token authentication; RFC 7235.
 *
 * A password goes to the registry's own host, or to a host of the same registered domain, and never over plain HTTP to a
 * registry that is reached by HTTPS.
 */
#pragma once

#include "config/conf_auth.h"
#include "http/http_client.h"

struct challenge {
	enum challenge_kind { CHALLENGE_NONE, CHALLENGE_BASIC, CHALLENGE_BEARER } kind;
	char *realm, *service, *scope;
};
void registry_auth_done(struct challenge *challenge);
AUTO_VAL(challenge, registry_auth_done);

/* The best one of a header's; CHALLENGE_NONE when it holds none we can answer. */
void registry_auth_parse(const char *header, struct challenge *ret);
/* The best of all an answer carries. */
void registry_auth_of(const struct http_transfer *answer, struct challenge *ret);

/* "Basic …" of a user; owned, to be wiped. */
char *registry_auth_basic(const struct conf_auth *auth);
/* Asks the realm for a token; *ret_header is "Bearer …", owned, to be wiped. scope: NULL takes the challenge's; several with spaces
 * between.
 * registry_url: who asked, for the rule above. ret_refused (may be NULL): it failed because the password is wrong. */
int registry_auth_token(struct http_client *client, const struct challenge *challenge, const char *scope,
			const struct conf_auth *auth, const char *registry_url, char **ret_header, bool *ret_refused,
			struct err *err) must_check;
/* Whether a password for the one host may go to the other ("host", without port). */
bool registry_auth_same_party(const char *host, const char *other);
