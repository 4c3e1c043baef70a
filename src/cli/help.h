/* help.h - --help of a command, from its row and its flags' rows, in the layout of Podman's (COMPAT: tools read it).
 */
#pragma once

#include "cli/command.h"

struct str;
/* path: "podman image ls" */
void help_write(struct str *out, const char *program, const char *path, const struct command *command);

/* What documents want, too: text in which '@' is the command's path and '%' the program. */
void help_add_text(struct str *out, const char *text, const char *indent, const char *program, const char *path);
/* Every visible row in order of the names, and `more` where it is given; the list is owned, the rows are not. */
size_t help_flags(const struct flag_group *groups, const struct flag *more, const struct flag ***ret);
