/* filter_values.h - several --filter words at once: of some keys one value is enough, of the others each is a condition. */
#pragma once

#include "base/err.h"

#include <stdbool.h>

struct filter_values {
	bool (*is_any)(const char *filter); /* is one value of its key enough? */
	int (*match)(void *ctx, const char *filter, bool *ret, struct err *err);
	void *ctx;
};
/* filters: KEY=VALUE; NULL: everything matches. */
int filter_values_match(const struct filter_values *how, char *const *filters, bool *ret, struct err *err) must_check;
