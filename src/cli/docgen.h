/* docgen.h - the manual, from the same tables as the program: man pages, and docs/commands in markdown.
 * Shape:  a page for each command that is done, and for each that has such below it; a verb that several words run has one page,
 *         under its shortest name. As a man page the other names lead there (.so); markdown names them on the page.
 * Errors: whatever the callback returns.
 */
#pragma once

#include "cli/command.h"

struct str;

enum docgen_form { DOCGEN_MAN, DOCGEN_MARKDOWN };

/* Calls back with each file's name ("cpod-run.1") and content; a negative result ends it. program: the name to write in it. */
typedef int (*docgen_page_fn)(void *ctx, const char *file, const struct str *text, struct err *err);
int docgen_each(const char *program, enum docgen_form form, docgen_page_fn page, void *ctx, struct err *err) must_check;
