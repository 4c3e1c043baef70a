/* yaml.h - YAML text as JSON values. Wraps libyaml's events; no other file sees it.
 * Shape:  mappings become objects (a key that is a number or a boolean is its text), sequences arrays, an empty document null.
 *         Plain scalars are what YAML 1.1 makes of them: yes, no, on, off are booleans, 0x1f, 0o17, 017 and 1_000 integers,
 *         ~ null; y, n, times and dates are strings. Quoted ones are strings, so are those tagged !!str. `<<` merges.
 * Owner:  the value is the caller's. An alias is a second reference to its anchor's value: nothing may change the tree.
 * Errors: ERR_INVALID with the line; ERR_LIMIT deeper than LIMIT_JSON_DEPTH_OUTSIDE, or more than YAML_VALUES_MAX values,
 *         where an alias counts as all that its anchor holds. ERR_UNSUPPORTED no libyaml here. The caller puts the name of
 *         the file in front.
 * Spec:   yaml.org 1.1. A key written twice, a tag of one's own, a key that is no scalar, .inf and .nan are refused.
 */
#pragma once

#include "base/err.h"
#include "codec/json.h"

enum { YAML_VALUES_MAX = 100 * 1000, YAML_DOCUMENTS_MAX = 10 * 1000 };

/* One document; a second one is refused. */
int yaml_parse(const char *data, size_t len, struct json **ret, struct err *err) must_check;
/* All that stand between `---`: an array. Documents without anything in them are left out. */
int yaml_parse_all(const char *data, size_t len, struct json **ret, struct err *err) must_check;
