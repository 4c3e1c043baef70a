/* explain_text.h - an explanation for a person: aligned, each value with who said it, the ids drawn.
 */
#pragma once

#include "base/str.h"

#include <stdbool.h>

struct explain;

/* What --format of explain takes. */
extern const char *const explain_formats[];

void explain_text_write(const struct explain *x, bool colours, struct str *out);
