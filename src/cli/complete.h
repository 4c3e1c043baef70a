/* complete.h - what the last word of a command line could become, for the scripts of shells.
 * Shape:  lines of `word<TAB>description`, then `:N`: Cobra's protocol, so that scripts made for it work too.
 *         The words before the last one are walked as dispatch walks them; the tables say what may follow.
 * Errors: none. Words that make no sense have no completion; nothing is printed on standard error, nothing is waited for.
 * Locks:  none: objects are only looked at.
 */
#pragma once

#include "cli/command.h"

enum complete_bits {
	COMPLETE_NO_SPACE = 1 << 1, /* the word goes on */
	COMPLETE_NO_FILES = 1 << 2, /* the shell shall not offer files */
};

struct str;
/* words: what follows the program's name; the last one is being typed, and may be "". plain: without descriptions. */
void complete_write(struct str *out, struct cli *cli, char **words, bool plain);
