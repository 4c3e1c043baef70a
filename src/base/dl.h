/* dl.h - a library that is loaded when it is first needed.
 * Shape:  a table of symbols filled at once; a missing one fails the load with the package's name in the sentence.
 *
 * The program may be linked statically (CPOD_STATIC), for a start that loads nothing: then every load is ERR_LIBRARIES. That
 * failure goes up to cli/dispatch, which starts the same command again as cpod-full, the program that can.
 */
#pragma once

#include "base/err.h"

#include <stddef.h>

struct dl_symbol {
	const char *name;
	void **slot;
};

/* Before anything is begun that must not be begun twice (standard input, a question to the user): may libraries be loaded? */
int dl_need(struct err *err) must_check;
/* sonames: NULL-terminated, tried in order. handle: static, NULL before the first load. */
int dl_load(const char *const *sonames, const char *package, const struct dl_symbol *symbols, size_t count,
	    void **handle, struct err *err) must_check;
