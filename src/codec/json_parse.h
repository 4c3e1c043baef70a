/* json_parse.h - reads JSON text, and nothing that only looks like it.
 * Shape:  RFC 8259 to the letter: one value, white space around it, no bytes after it; no comments, NaN, 'a', trailing
 *         commas, leading zeros, byte order mark; UTF-8 without overlong forms. An escaped lone surrogate becomes
 *         U+FFFD, as in Go. A NUL is allowed in a string (json_str then refuses it) but not in a member's name.
 * Units:  depth counts arrays and objects around a value: [] has 1.
 * Errors: ERR_INVALID not JSON, ERR_LIMIT deeper or more values than allowed (base/limits.h). The sentence says line and
 *         column; the caller puts the name of the document in front.
 */
#pragma once

#include "base/err.h"
#include "codec/json.h"

enum json_parse_flags {
	/* Refuse an object with two members of one name (default: the last one wins). For documents that are checked
	 * here and read by others too: the two readers must not see different values. */
	JSON_PARSE_UNIQUE = 1 << 0,
};

/* `null` gives 0 and *ret == NULL. */
int json_parse(const char *data, size_t len, unsigned max_depth, unsigned flags, struct json **ret,
	       struct err *err) must_check;
/* The same for a document that must be an object. */
int json_parse_object(const char *data, size_t len, unsigned max_depth, unsigned flags, struct json **ret,
		      struct err *err) must_check;
