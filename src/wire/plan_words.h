/* plan_words.h - what an operation is called in a plan's text form, and the sentence of its failure.
 * Shape:  a sentence has two %s: the subjects the stage reports, the second often empty. The stage itself has no words.
 */
#pragma once

#include "wire/plan.h"

extern const char *const plan_names[PLAN_CODE_COUNT];
extern const char *const plan_sentences[PLAN_CODE_COUNT];
