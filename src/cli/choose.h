/* choose.h - which of several names a person means, asked at the terminal.
 * Shape:  a list that the arrow keys (or control-P and control-N) walk and Enter takes; a numbered one, answered by a line, where
 *         TERM is dumb, NO_COLOR is set or the list does not fit. On standard output; both it and standard input are terminals, else
 *         nobody is asked.
 * Errors: ERR_USAGE: nothing was chosen (control-C, control-D, a number that is none of them).
 */
#pragma once

#include "base/err.h"

#include <stddef.h>

/* 1: there is nobody to ask. names: two at least. */
int choose_name(char *const *names, size_t *ret, struct err *err) must_check;
