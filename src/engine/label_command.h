/* label_command.h - the label of an image that is a command (`container runlabel`): its words, with what stands for something replaced.
 * Shape:  words as a shell splits them: blanks, '…', "…", \, and # to the line's end; nothing else of a shell means anything.
 *         IMAGE and NAME, alone or at the end of a word behind =, and $IMAGE, ${IMAGE}, $NAME, $PWD, $HOME, $OPT1 to $OPT3. Any other
 *         variable is empty: an image learns nothing of the environment. A word that becomes empty goes; the blanks of OPT1 to
 *         OPT3 make words, those of the others do not.
 * Owner:  ret is a list of the caller's.
 * Errors: ERR_INVALID a quote that nothing closes; ERR_USAGE no word at all.
 */
#pragma once

#include "base/err.h"
#include "base/str.h"

struct engine;

struct label_vars {
	const char *image, *name, *pwd, *home;
	const char *opts[3]; /* NULL: empty */
};
/* more: words of the caller's, put behind; they are replaced in as well (COMPAT). The first word is the program. */
int label_command_words(const char *text, const struct label_vars *vars, char *const *more, char ***ret, struct err *err) must_check;

/* Of an image that is here: COMPAT the label's name in any case; an absent label and an empty one are the same. ret_image: its name in
 * full, or its id; ret_name: the last part of it, without a tag. Owned. ERR_NOT_FOUND: the image ("image not known"); ERR_INVALID: the label. */
int label_command_find(struct engine *engine, const char *label, const char *word, char **ret_text, char **ret_image, char **ret_name,
		       struct err *err) must_check;
