/* toml.h - TOML 1.0 text as a JSON value.
 * Shape:  tables become objects, arrays arrays; integers, floats and booleans what they are; a date or time a string.
 * Owner:  the value is the caller's.
 * Errors: ERR_INVALID with the line; ERR_LIMIT deeper than LIMIT_JSON_DEPTH_OUTSIDE or more than TOML_VALUES_MAX values.
 *         The caller puts the name of the file in front.
 * Spec:   toml.io 1.0.0. A key set twice, a table defined twice, an inline table added to are refused, as it demands.
 */
#pragma once

#include "base/err.h"
#include "codec/json.h"

enum { TOML_VALUES_MAX = 100 * 1000 };

int toml_parse(const char *data, size_t len, struct json **ret, struct err *err) must_check;
/* ret_lines: an object, flat: the dotted name of every table's header, and of every pair that is not inside an inline table →
 * its line's number; and of an array of tables "name[0]", "name[1]" … */
int toml_parse_lines(const char *data, size_t len, struct json **ret, struct json **ret_lines, struct err *err) must_check;
