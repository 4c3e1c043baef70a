/* docgen_priv.h - one page, and what both forms of it say; for docgen*.c only.
 */
#pragma once

#include "base/str.h"
#include "cli/docgen.h"
#include "cli/examples.h"
#include "cli/help.h"

struct docgen_page {
	const char *program;
	char *path; /* "cpod container rm" */
	const struct command *command;
	char *main;   /* path of the page about the same verb, when this is not it; NULL */
	char **names; /* the other paths of the verb, aliases as well */
	char *parent; /* path; NULL: the program's own page */
};

/* "cpod-container-rm" */
char *docgen_file_dup(const char *path);
/* Is there a page of it? */
bool docgen_has_page(const struct command *command);
/* An example's words, or a verb's text, with the names filled in. */
char *docgen_text_dup(const struct docgen_page *page, const char *text);
/* The flags of the page: sorted, owned; done or not. */
size_t docgen_flags(const struct docgen_page *page, bool done, const struct flag ***ret);

/* The next example of the page, from *at on; NULL: no more. */
const struct example *docgen_example_next(const struct docgen_page *page, size_t *at);
/* The next exit status that the page tells, from *at on; NULL: no more. */
struct docgen_exit {
	const struct verb *verb; /* NULL: of every command */
	const char *code, *what;
};
const struct docgen_exit *docgen_exit_next(const struct docgen_page *page, size_t *at);

void docgen_man_write(struct str *out, const struct docgen_page *page);
void docgen_markdown_write(struct str *out, const struct docgen_page *page);
/* The page that lists the others. */
void docgen_markdown_begin(struct str *out, const char *program);
void docgen_markdown_item(struct str *out, const struct docgen_page *page);
