/* ctr_flags_note.h - for explain: which word of the line, or line of containers.conf, said what.
 * Shape:  notes in words->opts.origins (engine/origins.h) by the flag's name; of a list by what a word is about: the name of a
 *         variable or label, the place of a mount, the port inside. A word's own reader tells that.
 */
#pragma once

#include "options/ctr_flags.h"

/* After ctr_words_finish. */
void ctr_flags_note(struct ctr_words *words, const struct flag_words *seen, const struct conf_containers *conf);
