/* filter_values.c - see filter_values.h */
#include "engine/filter_values.h"

#include "base/str.h"

static bool same_key(const char *a, const char *b)
{
	size_t len = strcspn(a, "=");
	return len == strcspn(b, "=") && strncmp(a, b, len) == 0;
}

static bool stands_before(char *const *filters, char *const *at)
{
	for (; filters < at; filters++)
		if (same_key(*filters, *at))
			return true;
	return false;
}

static int match_any(const struct filter_values *how, char *const *at, bool *ret, struct err *err)
{
	const char *first = *at;
	*ret = false;
	for (; *at && !*ret; at++)
		if (same_key(first, *at) && how->match(how->ctx, *at, ret, err) < 0)
			return -1;
	return 0;
}

int filter_values_match(const struct filter_values *how, char *const *filters, bool *ret, struct err *err)
{
	*ret = true;
	for (char *const *at = filters; at && *at && *ret; at++) {
		bool any = how->is_any(*at);
		if (any && stands_before(filters, at))
			continue;
		if ((any ? match_any(how, at, ret, err) : how->match(how->ctx, *at, ret, err)) < 0)
			return -1;
	}
	return 0;
}
