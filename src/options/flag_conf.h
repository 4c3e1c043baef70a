/* flag_conf.h - what containers.conf says, as if it had been typed in front of the flags.
 * Shape:  a row binds a key to a flag. A single value counts when the flag was not given; the members of a list come before
 *         the flag's own words, except those whose key (NAME= of a label, the target of a mount) a word has too (COMPAT).
 * Life:   flag_parse → flag_conf_add → flag_apply.
 * Owner:  the words own their values; word->origin borrows from the configuration.
 * Errors: ERR_USAGE a value the flag does not take, with file and line.
 */
#pragma once

#include "config/conf_containers.h"
#include "options/flag.h"

/* Which flags of a verb follow the configuration. */
enum flag_conf_scope {
	FLAG_CONF_CREATE = 1 << 0, /* of a container */
	FLAG_CONF_KEYS = 1 << 1,   /* --detach-keys */
	FLAG_CONF_PULL = 1 << 2,   /* --retry */
	FLAG_CONF_PUSH = 1 << 3,   /* --compression-format */
	FLAG_CONF_SAVE = 1 << 4,
	FLAG_CONF_SECRET = 1 << 5,
};

int flag_conf_add(const struct flag_group *groups, unsigned scope, const struct conf_containers *conf, struct flag_words *words,
		  struct err *err) must_check;
