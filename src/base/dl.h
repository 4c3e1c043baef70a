/* dl.h - a library that is loaded when it is first needed.
 * Shape:  a table of symbols filled at once; a missing one fails the load with the package's name in the sentence.
 */
#pragma once

#include "base/err.h"

#include <stddef.h>

struct dl_symbol {
	const char *name;
	void **slot;
};

/* sonames: NULL-terminated, tried in order. handle: static, NULL before the first load. */
int dl_load(const char *const *sonames, const char *package, const struct dl_symbol *symbols, size_t count,
	    void **handle, struct err *err) must_check;
