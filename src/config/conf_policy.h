/* conf_policy.h - policy.json: which images are trusted, and by whose signatures.
 * Shape:  the file given, or the first there is of $HOME/.config/containers/policy.json and /etc/containers/policy.json. A default
 *         rule and rules for scopes of transports; each rule is a list of requirements, all of which must hold. Without any of the
 *         files everything is accepted (path NULL).
 *         The reader is strict: a member nobody knows, written twice, of another kind or missing is refused, and with it every
 *         image: a rule that is misread is no rule.
 * Owner:  struct conf_policy by conf_policy_done; a rule is borrowed from it.
 * Errors: ERR_INVALID naming file and member ('transports.docker["docker.io"][0].keyPath'), ERR_LIMIT too many of something,
 *         ERR_NOT_FOUND a file that was asked for is not there.
 * Spec:   containers-policy.json(5).
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>

enum { CONF_POLICY_SCOPES_MAX = 10 * 1000, CONF_POLICY_REQUIREMENTS_MAX = 100, CONF_POLICY_KEYS_MAX = 100 };

enum conf_requirement_kind { CONF_REQUIRE_REJECT, CONF_REQUIRE_NOTHING, CONF_REQUIRE_SIGNED_BY, CONF_REQUIRE_SIGSTORE };

/* What a signature must say the image is called. */
enum conf_identity_kind {
	CONF_IDENTITY_REPO_DIGEST_OR_EXACT, /* when nothing is said */
	CONF_IDENTITY_EXACT,
	CONF_IDENTITY_REPOSITORY,
	CONF_IDENTITY_EXACT_REFERENCE,	/* name: a reference with tag or digest */
	CONF_IDENTITY_EXACT_REPOSITORY, /* name: a repository */
	CONF_IDENTITY_REMAP,		/* name: a prefix; signed_prefix stands for it in signatures */
};

struct conf_key {
	char *path; /* of a file, or */
	char *data; /* bytes */
	size_t len;
};

struct conf_requirement {
	enum conf_requirement_kind kind;
	struct conf_key *keys; /* any of them will do */
	size_t key_count;
	enum conf_identity_kind identity;
	char *name, *signed_prefix;
	const char *not_done; /* a member this program cannot check ("fulcio"): the image is refused; NULL none */
};

struct conf_rule {
	char *transport; /* "docker"; NULL: the default of all */
	char *scope;	 /* "": the transport's default */
	struct conf_requirement *requirements;
	size_t count; /* never 0 */
};

struct conf_policy {
	char *path, *text; /* the file, and what it holds; NULL: there was none */
	size_t len;
	struct conf_rule fallback;
	struct conf_rule *rules;
	size_t rule_count;
};
void conf_policy_done(struct conf_policy *policy);
AUTO_VAL(conf_policy, conf_policy_done);

/* file: --signature-policy; NULL: the places above. */
int conf_policy_load(const char *file, struct conf_policy *ret, struct err *err) must_check;
/* One document; path and text stay NULL. */
int conf_policy_parse(const char *data, size_t len, struct conf_policy *ret, struct err *err) must_check;
/* Which of the places is read; owned, NULL none. */
char *conf_policy_path_dup(void);

/* The rule for an image. name: for docker "host[:port]/path:tag" or "…@digest", for directories and archives an absolute path
 * without links; "" only the transport's default. Never NULL. */
const struct conf_rule *conf_policy_find(const struct conf_policy *policy, const char *transport, const char *name);
/* How a rule is called in sentences: "default", "docker", "docker docker.io/library"; owned. */
char *conf_policy_rule_dup(const struct conf_rule *rule);
/* "reject", "insecureAcceptAnything", "signedBy", "sigstoreSigned" */
const char *conf_requirement_word(enum conf_requirement_kind kind);

/* The names above a name, the nearest first, itself at the head: "h/a/b:t" → h/a/b:t h/a/b h/a h (and *.domain of the host).
 * wildcards: with them. Owned. */
char **conf_scopes_dup(const char *name, bool wildcards);
