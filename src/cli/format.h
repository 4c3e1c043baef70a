/* format.h - --format and the columns of tables.
 * Shape:  templates are codec/template.h's; `\t` and `\n` typed as two characters count as one.
 * Errors: as codec/template.h.
 */
#pragma once

#include "base/err.h"
#include "base/str.h"

struct json;

/* "table " in front is cut off (*ret_table), the two-character escapes are replaced; owned. */
char *format_clean_dup(const char *format, bool *ret_table);
/* name: the command, for sentences ("ps"). Appends to out. */
int format_render(const char *name, const char *format, const struct json *value, struct str *out, struct err *err) must_check;
/* Lines whose cells stand between tabs → columns of at least 12, two spaces apart, as Podman's tables. */
void format_columns(struct str *out, const char *lines);
