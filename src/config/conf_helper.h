/* conf_helper.h - credential helpers: programs docker-credential-NAME that keep logins.
 * Shape:  called with get, store, erase or list; the server, or {"ServerURL", "Username", "Secret"}, on standard input; the answer
 *         as JSON on standard output. What one says on stderr is the person's to read.
 * Owner:  struct conf_auth by conf_auth_done.
 * Units:  one answers within CONF_HELPER_LIMIT_MS, in at most LIMIT_CREDENTIALS_BYTES.
 * Errors: ERR_NOT_FOUND it is not in PATH; ERR_STATE it failed, or was too slow; ERR_INVALID what it said is no answer.
 * Spec:   github.com/docker/docker-credential-helpers, containers-auth.json(5).
 */
#pragma once

#include "base/str.h"
#include "config/conf_auth.h"

/* A person may have to unlock something first. */
enum { CONF_HELPER_LIMIT_MS = 120 * 1000 };

/* Nobody is no failure. */
int conf_helper_get(const char *helper, const char *server, struct conf_auth *ret, struct err *err) must_check;
int conf_helper_store(const char *helper, const char *server, const struct conf_auth *auth, struct err *err) must_check;
int conf_helper_erase(const char *helper, const char *server, struct err *err) must_check;
/* Every server it keeps a login for. */
int conf_helper_list(const char *helper, char ***ret_servers, struct err *err) must_check;
/* One call. A status that is not 0 is no failure here. ret_answer: to be wiped. */
int conf_helper_call(const char *helper, const char *word, const char *question, int limit_ms, struct str *ret_answer, int *ret_status,
		     struct err *err) must_check;
