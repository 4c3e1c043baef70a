/* conf_registries.h - what a short name stands for, and how a registry is reached.
 * Shape:  registries.conf version 2: $CONTAINERS_REGISTRIES_CONF, else ~/.config/containers/registries.conf, else
 *         /etc/containers/registries.conf; then registries.conf.d/NAME.conf of both places, by name; aliases also from the cache
 *         Podman keeps. Used: unqualified-search-registries, short-name-mode, [aliases], [[registry]] with prefix,
 *         location, insecure, blocked, mirror-by-digest-only and mirrors (location, insecure, pull-from-mirror).
 * Owner:  results are owned; struct conf_route by conf_route_done.
 * Errors: ERR_USAGE a short name that stands for nothing; ERR_INVALID a file that is not TOML, named with its line.
 * Spec:   containers-registries.conf(5).
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>

/* How much a short name may be guessed. */
enum conf_short_mode { CONF_SHORT_PERMISSIVE, CONF_SHORT_ENFORCING, CONF_SHORT_DISABLED };

/* What a short name may stand for, and where that is said. */
struct conf_names {
	char **names; /* with a domain, in the order they are to be tried, without tag; never empty */
	bool is_alias;
	char *name; /* what was looked for */
	enum conf_short_mode mode; /* counts where names are several */
	char *file;		   /* of the alias, or of the list of registries */
	unsigned line;		   /* 0: not known */
};
void conf_names_done(struct conf_names *names);
AUTO_VAL(conf_names, conf_names_done);
/* name: without tag ("busybox", "team/app"); word: as it was typed, for the sentence. */
int conf_registries_names(const char *name, const char *word, struct conf_names *ret, struct err *err) must_check;

/* unqualified-search-registries; owned, NULL none. */
int conf_registries_search(char ***ret, struct err *err) must_check;

/* Another place to pull the same from. */
struct conf_mirror {
	char *location; /* "host[:port]/path" */
	bool insecure;
	bool no_tags, no_digests; /* not asked for what is named so */
};
struct conf_route {
	char *location; /* "host[:port]/path" to ask for the name; NULL: as it is written */
	bool insecure, blocked;
	struct conf_mirror *mirrors; /* to be asked before, in this order */
	size_t mirror_count;
	char *prefix, *file; /* of the [[registry]] that says all this; NULL: none does */
	unsigned line;	     /* of its header; 0: not known */
};
void conf_route_done(struct conf_route *route);
AUTO_VAL(conf_route, conf_route_done);
/* name: "host[:port]/path". */
int conf_registries_route(const char *name, struct conf_route *ret, struct err *err) must_check;
/* ERR_DENIED where it is blocked, naming the file. */
int conf_route_allows(const struct conf_route *route, const char *name, struct err *err) must_check;
/* credential-helpers: where logins are kept, in order; CONF_AUTH_FILES stands for auth.json. Never empty. ret_file: what says so, owned;
 * NULL: nothing does. */
#define CONF_AUTH_FILES "containers-auth.json"
int conf_registries_helpers(char ***ret, char **ret_file, struct err *err) must_check;
/* "FILE:LINE", or "FILE" where the line is not known; owned. */
char *conf_origin_dup(const char *file, unsigned line);
