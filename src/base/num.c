/* num.c - see num.h. The only file that may call strtod and friends. */
#include "base/num.h"

#include "base/mem.h"
#include "base/str.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>

int num_u64(const char *text, uint64_t max, uint64_t *ret)
{
	uint64_t v = 0;

	if (!*text)
		return -EINVAL;
	for (const char *p = text; *p; p++) {
		if (*p < '0' || *p > '9')
			return -EINVAL;
		if (__builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, (uint64_t)(*p - '0'), &v))
			return -ERANGE;
	}
	if (v > max)
		return -ERANGE;
	*ret = v;
	return 0;
}

int num_i64(const char *text, int64_t min, int64_t max, int64_t *ret)
{
	int negative = *text == '-';
	uint64_t magnitude;
	int64_t v;
	int r = num_u64(text + (negative || *text == '+'), UINT64_MAX, &magnitude);

	if (r < 0)
		return r;
	if (magnitude > (uint64_t)INT64_MAX + (uint64_t)negative)
		return -ERANGE;
	v = negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
	if (v < min || v > max)
		return -ERANGE;
	*ret = v;
	return 0;
}

int num_bool(const char *text)
{
	static const char *const yes[] = { "1", "t", "T", "TRUE", "true", "True", NULL };
	static const char *const no[] = { "0", "f", "F", "FALSE", "false", "False", NULL };
	if (str_index(yes, text) >= 0)
		return 1;
	return str_index(no, text) >= 0 ? 0 : -EINVAL;
}

int num_octal(const char *text, uint32_t max, uint32_t *ret)
{
	uint32_t v = 0;

	if (!*text)
		return -EINVAL;
	for (const char *p = text; *p; p++) {
		if (*p < '0' || *p > '7')
			return -EINVAL;
		if (v > (UINT32_MAX >> 3))
			return -ERANGE;
		v = v << 3 | (uint32_t)(*p - '0');
	}
	if (v > max)
		return -ERANGE;
	*ret = v;
	return 0;
}

/* digits [. digits], at least one digit; returns what follows, or NULL */
static const char *scan_decimal(const char *p, double *ret)
{
	double v = 0, scale = 1;
	int digits = 0;

	for (; *p >= '0' && *p <= '9'; p++, digits++)
		v = v * 10 + (*p - '0');
	if (*p == '.')
		for (p++; *p >= '0' && *p <= '9'; p++, digits++)
			v += (*p - '0') * (scale /= 10);
	if (!digits)
		return NULL;
	*ret = v;
	return p;
}

int num_double(const char *text, double *ret)
{
	int negative = *text == '-';
	double v;
	const char *end = scan_decimal(text + (negative || *text == '+'), &v);

	if (!end || *end)
		return -EINVAL;
	if (!isfinite(v))
		return -ERANGE;
	*ret = negative ? -v : v;
	return 0;
}

int num_float(const char *text, double *ret)
{
	char *end;

	errno = 0;
	*ret = strtod(text, &end); /* no locale is ever set: the point is a point */
	return end == text || *end ? -EINVAL : errno == ERANGE ? -ERANGE : 0;
}

int num_size(const char *text, int64_t *ret_bytes)
{
	static const char units[] = "bkmgtp";
	const char *unit;
	double v;
	const char *p = scan_decimal(text, &v);

	if (!p)
		return -EINVAL;
	while (*p == ' ')
		p++;
	if (*p) {
		unit = strchr(units, tolower((unsigned char)*p));
		if (!unit || !*unit)
			return -EINVAL;
		for (const char *u = units; u < unit; u++)
			v *= 1024;
		p++;
		if (unit != units && tolower((unsigned char)*p) == 'i')
			p++;
		if (unit != units && tolower((unsigned char)*p) == 'b')
			p++;
	}
	if (*p)
		return -EINVAL;
	if (v >= 9223372036854775808.0)
		return -ERANGE;
	*ret_bytes = (int64_t)v;
	return 0;
}

static const struct duration_unit {
	const char *name;
	uint64_t ns;
} duration_units[] = {
	{ "ns", 1 },
	{ "us", 1000 },
	{ "\xc2\xb5s", 1000 },
	{ "\xce\xbcs", 1000 },
	{ "ms", 1000000 },
	{ "s", 1000000000 },
	{ "m", 60 * 1000000000ULL },
	{ "h", 3600 * 1000000000ULL },
};

static const struct duration_unit *duration_unit_at(const char *p)
{
	const struct duration_unit *best = NULL;

	for (size_t i = 0; i < ARRAY_LEN(duration_units); i++) {
		const struct duration_unit *u = &duration_units[i];

		if (strncmp(p, u->name, strlen(u->name)) == 0 && (!best || strlen(u->name) > strlen(best->name)))
			best = u;
	}
	return best;
}

/* digits [. digits] unit, in whole nanoseconds: a double has no 1.001 s. What is below a nanosecond is cut off. */
static int scan_duration(const char **at, uint64_t *ret_ns)
{
	const char *p = *at, *point = NULL;
	uint64_t whole = 0, fraction = 0, scale = 1, ns;
	int digits = 0;

	for (; (*p >= '0' && *p <= '9') || (*p == '.' && !point); p++) {
		if (*p == '.') {
			point = p;
			continue;
		}
		uint64_t digit = (uint64_t)(*p - '0');
		digits++;
		if (!point) {
			if (__builtin_mul_overflow(whole, 10, &whole) || __builtin_add_overflow(whole, digit, &whole))
				return -ERANGE;
		} else if (scale < 1000000000000000) { /* an hour has fewer nanoseconds than 10^13 */
			fraction = fraction * 10 + digit;
			scale *= 10;
		}
	}
	const struct duration_unit *u = digits ? duration_unit_at(p) : NULL;
	if (!u)
		return -EINVAL;
	if (__builtin_mul_overflow(whole, u->ns, &ns))
		return -ERANGE;
	__extension__ unsigned __int128 part = (unsigned __int128)fraction * u->ns / scale;
	if (__builtin_add_overflow(ns, (uint64_t)part, ret_ns))
		return -ERANGE;
	*at = p + strlen(u->name);
	return 0;
}

int num_duration(const char *text, int64_t *ret_ns)
{
	int negative = *text == '-', rc;
	const char *p = text + (negative || *text == '+');
	uint64_t total = 0, ns;

	if (!*p)
		return -EINVAL;
	if (strcmp(p, "0") == 0) {
		*ret_ns = 0;
		return 0;
	}
	while (*p) {
		rc = scan_duration(&p, &ns);
		if (rc < 0)
			return rc;
		if (__builtin_add_overflow(total, ns, &total))
			return -ERANGE;
	}
	if (total > (uint64_t)INT64_MAX + (uint64_t)negative)
		return -ERANGE;
	*ret_ns = negative ? (int64_t)(0 - total) : (int64_t)total;
	return 0;
}

int num_port(const char *text, uint16_t *ret)
{
	uint64_t v;
	int r = num_u64(text, 65535, &v);

	if (r < 0)
		return r;
	if (v == 0)
		return -ERANGE;
	*ret = (uint16_t)v;
	return 0;
}

static struct num_text size_text(uint64_t bytes, int digits, const char *space)
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB", "PB", "EB" };
	struct num_text t;
	double v = (double)bytes;
	size_t i = 0;

	while (v >= 1000.0 && i + 1 < ARRAY_LEN(units)) {
		v /= 1000.0;
		i++;
	}
	snprintf(t.text, sizeof(t.text), "%.*g%s%s", digits, v, space, units[i]);
	return t;
}

struct num_text num_size_text(uint64_t bytes)
{
	return size_text(bytes, 3, " ");
}

struct num_text num_size_tight(uint64_t bytes)
{
	return size_text(bytes, 4, "");
}
