/* template.h - Go's text/template over JSON values: what --format takes.
 * Shape:  actions {{.A.B}} {{$x := …}} {{a | f b}}, if / else if / else, with, range (with $i, $v), comments, trim marks;
 *         functions and or not eq ne lt le gt ge len index slice print printf println, and Podman's json join lower upper
 *         split title truncate pad. Not there: define, template, block, break, continue (refused with a sentence).
 * Life:   template_parse → template_run as often as wanted → template_free.
 * Errors: ERR_USAGE what does not parse, or asks for a field that is not there; ERR_LIMIT too long, too deep, too much output.
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"

struct json;
struct str;
struct template;

/* name: of the command, for sentences ("ps"). */
int template_parse(const char *name, const char *text, struct template **ret, struct err *err) must_check;
/* Appends to out. A member that a JSON object lacks is an error, unless the object is a free-form map: then <no value>. */
int template_run(const struct template *t, const struct json *dot, struct str *out, struct err *err) must_check;
void template_free(struct template *t);
AUTO_PTR(template, template_free);

/* A value as Go's %v prints it: map[a:b], [a b], <nil>. */
void template_value(struct str *out, const struct json *value);
