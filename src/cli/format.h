/* format.h - --format: Go templates over the JSON of a thing, and tables of lines with tabs.
 * Shape:  actions {{.A.B}}, {{.}}, {{json .A}}, {{"text"}}; `\t` and `\n` typed as two characters count as one.
 *         Other actions (range, if, printf …) are refused until codec has the interpreter.
 * Errors: ERR_USAGE a field that does not exist, a template that does not end; ERR_UNSUPPORTED.
 */
#pragma once

#include "base/err.h"
#include "base/str.h"

struct json;

/* "table " in front is cut off (*ret_table), the two-character escapes are replaced; owned. */
char *format_clean_dup(const char *format, bool *ret_table);
/* name: the command, for sentences ("ps"). Appends to out. */
int format_render(const char *name, const char *format, const struct json *value, struct str *out, struct err *err) must_check;
/* A value as Go's %v prints it. */
void format_value(struct str *out, const struct json *value);
/* Lines whose cells stand between tabs → columns of at least 12, two spaces apart, as Podman's tables. */
void format_columns(struct str *out, const char *lines);
