/* conf_policy.h - policy.json: which images may come into the store.
 * Shape:  --signature-policy, else ~/.config/containers/policy.json, else /etc/containers/policy.json. Requirements stand by
 *         transport ("docker", "dir", "oci", "docker-archive", "oci-archive") and scope, the longest first; else the transport's
 *         scope ""; else the default. All requirements of the place that was found must be met. No file: everything may come.
 * Owner:  conf_policy_free; rows borrow from it. A verdict by conf_policy_verdict_done.
 * Errors: ERR_INVALID a file that is not what it must be, to the last member: a rule that was mistyped would not hold.
 * Spec:   containers-policy.json(5).
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>

enum conf_policy_kind { CONF_POLICY_ACCEPT, CONF_POLICY_REJECT, CONF_POLICY_SIGNED_BY, CONF_POLICY_SIGSTORE };

struct json;
struct conf_policy_row {
	const char *transport; /* "" for the default */
	const char *scope;
	enum conf_policy_kind kind;
	const struct json *requirement;
};
struct conf_policy {
	char *path; /* NULL: there is no file */
	struct json *doc;
	struct conf_policy_row *rows; /* the default first; several rows of a scope are all its requirements */
	size_t count;
};
/* path NULL: the usual places. A path that was named must be there. */
int conf_policy_read(const char *path, struct conf_policy **ret, struct err *err) must_check;
void conf_policy_free(struct conf_policy *policy);
AUTO_PTR(conf_policy, conf_policy_free);

struct conf_policy_verdict {
	enum conf_policy_kind kind; /* the first requirement that is no ACCEPT, or ACCEPT */
	char *file;		    /* NULL: there is none */
	char *rule;		    /* "docker quay.io/team", "docker", "default" */
};
void conf_policy_verdict_done(struct conf_policy_verdict *verdict);
AUTO_VAL(conf_policy_verdict, conf_policy_verdict_done);

/* "docker" and what the image is called: the scopes of "quay.io/team/app:1", most special first; owned list. */
char **conf_policy_scopes_docker(const char *repository, const char *tag, const char *digest);
/* Of a path: itself and each directory above it. */
char **conf_policy_scopes_path(const char *path);
void conf_policy_judge(const struct conf_policy *policy, const char *transport, char *const *scopes, struct conf_policy_verdict *ret);
/* "accept", "reject", "signed", "sigstoreSigned": as `image trust show` calls them. */
const char *conf_policy_word(enum conf_policy_kind kind);
