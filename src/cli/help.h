/* help.h - --help of a command, from its row and its flags' rows, in the layout of Podman's (COMPAT: tools read it).
 */
#pragma once

#include "cli/command.h"

struct str;
/* path: "podman image ls" */
void help_write(struct str *out, const char *program, const char *path, const struct command *command);
