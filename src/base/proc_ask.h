/* proc_ask.h - a question to a program of the user's: found in his PATH, with his environment and his terminal to complain at.
 * Shape:  the question on its standard input, the answer from its standard output, both in memory only.
 * Errors: -ENOENT it is not in PATH, -ETIMEDOUT, -EFBIG it said more than it may; it is killed then.
 */
#pragma once

#include "base/str.h"

struct proc_ask {
	const char *const *argv; /* argv[0]: a name without '/' */
	const char *question;
	size_t answer_max;
	int limit_ms;
};
/* ret_answer: wiped by the caller where it holds a secret. ret_status: as proc_wait. */
int proc_ask(const struct proc_ask *ask, struct str *ret_answer, int *ret_status);
