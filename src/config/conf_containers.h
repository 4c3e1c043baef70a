/* conf_containers.h - containers.conf: what the files say, and which file and line said it.
 * Shape:  /usr/share/containers/containers.conf, /etc/containers/containers.conf and its .d, for users other than root
 *         /etc/containers/containers.rootless.conf, its .d and .d/UID, the user's own and its .d; $CONTAINERS_CONF stands for all
 *         of these; then modules; then $CONTAINERS_CONF_OVERRIDE. A later file wins; an array with {append=true} is added
 *         to what there is, in that file and those that follow. Every key has a row in conf_containers_keys.c.
 * Owner:  conf_containers_done. Values borrow nothing.
 * Errors: ERR_INVALID a file that is no TOML, or a value of another type than the key's, with file and line; ERR_NOT_FOUND a
 *         file named by a variable or a module that is not there. An unknown key is a warning with file and line.
 * Spec:   containers.conf(5).
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum conf_type {
	CONF_STRING,
	CONF_BOOL,
	CONF_INT,
	CONF_UINT,
	CONF_SIZE, /* a string like "1m", or a number of bytes */
	CONF_LIST, /* of strings */
	CONF_TABLE, /* of strings or lists: words are NAME=VALUE, a list's members joined by commas */
	CONF_OTHER, /* kept as JSON text */
};
enum conf_use {
	CONF_USED,
	CONF_NO_EFFECT, /* there is nothing here that it could change; `why` says what is instead */
	CONF_NOT_YET,	/* what it asks for is not done: a warning when a file says it (and `where` is there) */
};

struct conf_key {
	const char *name; /* "containers.dns_servers" */
	enum conf_type type;
	const char *def; /* as text; NULL: empty or zero */
	enum conf_use use;
	const char *why; /* of CONF_NO_EFFECT and CONF_NOT_YET */
	const char *where; /* of CONF_NOT_YET: a file of hosts on which it means something; NULL: on all */
};
extern const struct conf_key conf_containers_keys[]; /* sorted by name, ends with a row without one */
const struct conf_key *conf_containers_key(const char *name); /* NULL */

struct conf_value {
	const struct conf_key *key;
	char **words; /* one; or the members */
	char *file;
	unsigned line;
};
struct conf_containers {
	struct conf_value *values; /* those the files said, by name */
	size_t count;
	char **files; /* read, in their order */
};
void conf_containers_done(struct conf_containers *conf);
AUTO_VAL(conf_containers, conf_containers_done);

struct conf_containers_opts {
	uid_t uid; /* the caller's: 0 reads no rootless files */
	char *const *modules;
	bool quiet; /* without the warnings: who asks looks at few keys */
};
int conf_containers_read(const struct conf_containers_opts *opts, struct conf_containers *ret, struct err *err) must_check;
/* What the files said of the key; NULL nothing. */
const struct conf_value *conf_containers_find(const struct conf_containers *conf, const char *name);
/* The single word of it, or the fallback. */
const char *conf_containers_word(const struct conf_containers *conf, const char *name, const char *fallback);
