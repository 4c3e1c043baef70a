/* ctr_top.h - the processes of a container, as /proc tells from outside; nothing runs in the container for it.
 * Shape:  a word names a column: a descriptor (pid, user, args) or a code (%p, %U, %a); words may hold several between commas.
 *         Members of the container's PID namespace are its processes; users are named by its own /etc/passwd.
 * Owner:  ret_lines: cells between tabs, the headings first.
 * Errors: ERR_STATE not running; ERR_USAGE an unknown word.
 */
#pragma once

#include "engine/ctr.h"

int ctr_top(struct engine *engine, struct ctr *ctr, char *const *words, char ***ret_lines, struct err *err) must_check;
/* The name of a descriptor, in order; NULL after the last. */
const char *ctr_top_name(size_t index);
