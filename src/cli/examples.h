/* examples.h - what people type and what it does, one row each: for --help, the man pages and docs/commands.
 * Shape:  @ stands for the command's path, % for the program, as in a verb's text. A test reads each with the program's own flags.
 */
#pragma once

#include "cli/command.h"

struct example {
	const struct verb *verb;
	const char *words, *what;
};
extern const struct example examples_rows[];
extern const size_t examples_count;
