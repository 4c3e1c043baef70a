/* flag_number.c - see flag_number.h */
#include "options/flag_number.h"

#include <errno.h>
#include <stddef.h>

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
}

/* skips the prefix; *ret_prefixed: an underscore may follow it */
static unsigned base_of(const char **p, int *ret_prefixed)
{
	const char *s = *p;
	*ret_prefixed = 0;
	if (s[0] != '0' || !s[1])
		return 10;
	*ret_prefixed = 1;
	*p += 2;
	switch (s[1] | 0x20) {
	case 'x':
		return 16;
	case 'o':
		return 8;
	case 'b':
		return 2;
	}
	*p = s + 1;
	return 8;
}

int flag_number_u64(const char *text, uint64_t max, uint64_t *ret)
{
	int may_underscore;
	unsigned base = base_of(&text, &may_underscore);
	uint64_t value = 0;
	int digits = 0, over = 0;
	for (const char *p = text; *p; p++) {
		if (*p == '_') {
			if (!may_underscore)
				return -EINVAL;
			may_underscore = 0;
			continue;
		}
		unsigned digit = (unsigned)digit_of(*p);
		if (digit >= base)
			return -EINVAL;
		over |= value > (UINT64_MAX - digit) / base;
		value = value * base + digit;
		may_underscore = 1;
		digits++;
	}
	if (!digits || text[0] == 0 || !may_underscore)
		return -EINVAL;
	if (over || value > max)
		return -ERANGE;
	*ret = value;
	return 0;
}

int flag_number_i64(const char *text, int64_t min, int64_t max, int64_t *ret)
{
	int negative = *text == '-';
	if (*text == '-' || *text == '+')
		text++;
	uint64_t value;
	uint64_t limit = negative ? (uint64_t)-(min + 1) + 1 : (uint64_t)max;
	int rc = flag_number_u64(text, limit, &value);
	if (rc < 0)
		return rc;
	*ret = negative ? (int64_t)(0 - value) : (int64_t)value;
	return 0;
}
