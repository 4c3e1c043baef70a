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

/* name: without tag ("busybox", "team/app"); word: as it was typed, for the sentence. ret: names with a domain, in the
 * order they are to be tried, without tag; never empty. ret_say (may be NULL): how it was resolved, for a person; or NULL. */
int conf_registries_candidates(const char *name, const char *word, char ***ret, char **ret_say, struct err *err) must_check;

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
	bool insecure;
	struct conf_mirror *mirrors; /* to be asked before, in this order */
	size_t mirror_count;
};
void conf_route_done(struct conf_route *route);
AUTO_VAL(conf_route, conf_route_done);
/* name: "host[:port]/path". A blocked one is ERR_DENIED. */
int conf_registries_route(const char *name, struct conf_route *ret, struct err *err) must_check;
