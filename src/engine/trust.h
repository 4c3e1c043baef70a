/* trust.h - policy.json shown and changed: `image trust`.
 * Owner:  trust_done.
 * Errors: those of config/conf_policy.h; ERR_USAGE words that make no rule.
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>

struct trust_row {
	char *transport; /* "all", "repository" (docker's), "dir", … */
	char *name;	 /* the scope; the default's is "default" */
	const char *type; /* "accept", "reject", "signed", "sigstoreSigned" */
	char *keys;	  /* whose keys may sign, ", " between; "N/A" where that is not known; NULL: nobody's */
	char *store;	  /* URL of the signatures; NULL: nothing says so */
	bool is_default;
};
struct trust {
	struct trust_row *rows; /* the default, then by transport and scope */
	size_t count;
	char *text; /* the file as it is; NULL: there is none */
};
void trust_done(struct trust *trust);
AUTO_VAL(trust, trust_done);
/* path, registries_d NULL: the usual places. */
int trust_read(const char *path, const char *registries_d, struct trust *ret, struct err *err) must_check;

struct trust_change {
	const char *path;  /* NULL: the file that is used, or else the system's */
	const char *scope; /* "default", or "host[/path]" */
	const char *type;  /* "accept", "reject", "signedBy", "sigstoreSigned" */
	char *const *keys; /* of the last two: paths */
};
int trust_set(const struct trust_change *change, struct err *err) must_check;
