/* conf_login.h - who we are at a registry, wherever that is kept: auth.json and credential helpers, in the order in which
 * credential-helpers of registries.conf names them.
 * Owner:  struct conf_auth by conf_auth_done.
 * Errors: those of conf_auth.h and conf_helper.h; a place that fails is told only where no other one answers (of a removal: always).
 */
#pragma once

#include "config/conf_auth.h"

/* name: "host[:port][/repository]". Nobody is no failure. */
int conf_login_find(const char *authfile, const char *name, struct conf_auth *ret, struct err *err) must_check;
/* Kept in the first place that takes it. ret_where: which, for a person; owned. */
int conf_login_set(const char *authfile, const char *registry, const struct conf_auth *auth, char **ret_where, struct err *err) must_check;
/* In every place. registry NULL: every login. */
int conf_login_remove(const char *authfile, const char *registry, bool *ret_removed, struct err *err) must_check;
