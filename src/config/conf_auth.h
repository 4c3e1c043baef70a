/* conf_auth.h - who we are at a registry: auth.json, as Podman, Buildah, Skopeo and Docker share it.
 * Shape:  {"auths": {"HOST[:PORT][/REPOSITORY]": {"auth": base64("user:password")}}}. Members nobody here knows are kept.
 *         Read from the authfile given, or else, first match wins: $REGISTRY_AUTH_FILE alone, $DOCKER_CONFIG/config.json alone, or
 *         $XDG_RUNTIME_DIR/containers/auth.json (/run/containers/UID/auth.json), $XDG_CONFIG_HOME/containers/auth.json,
 *         ~/.docker/config.json. Written to the first of them.
 *         "credHelpers": {"HOST[:PORT]": "NAME"} hands that host's login to the helper NAME (conf_helper.h); "credsStore": "NAME"
 *         is asked for an entry that is empty, as Docker leaves it.
 *         This is one of the places of logins: conf_login.h knows them all.
 * Owner:  struct conf_auth by conf_auth_done, which wipes it.
 * Errors: ERR_INVALID a file that is not such JSON, named; ERR_NOT_FOUND an authfile that was asked for and is not there.
 * Locks:  flock on the file's directory while it is changed. Written whole (0600) or not at all.
 * Spec:   containers-auth.json(5).
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>

struct conf_auth {
	char *user, *password;	/* NULL, NULL: nobody */
	char *identity_token;	/* instead of a password, from Docker's login */
	char *file;		/* where it was found, or what names the helper; NULL: in none */
	char *helper;		/* the credential helper that keeps it; NULL: none */
};
void conf_auth_done(struct conf_auth *auth);
AUTO_VAL(conf_auth, conf_auth_done);

/* The entry with the longest prefix of "host[:port]/repository" ("docker.io/library/x"), or what the helper for the host says; nobody
 * is no failure. */
int conf_auth_find(const char *authfile, const char *name, struct conf_auth *ret, struct err *err) must_check;
/* ret_helper (may be NULL): the helper that keeps it now, owned; NULL the file does. */
int conf_auth_set(const char *authfile, const char *registry, const struct conf_auth *auth, char **ret_helper, struct err *err) must_check;
/* registry NULL: every entry. */
int conf_auth_remove(const char *authfile, const char *registry, bool *ret_removed, struct err *err) must_check;
/* Where conf_auth_set writes; owned. */
int conf_auth_path(const char *authfile, char **ret, struct err *err) must_check;

/* One document: reads the entry for `name` from bytes. For tests and fuzzing. */
int conf_auth_parse(const char *data, size_t len, const char *name, struct conf_auth *ret, struct err *err) must_check;
