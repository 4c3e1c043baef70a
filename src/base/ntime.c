/* ntime.c - see ntime.h */
#include "base/ntime.h"

#include "base/num.h"
#include "base/str.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

int64_t ntime_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

int64_t ntime_monotonic(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

/* floor division: times before 1970 have a fraction too */
static time_t split(int64_t ns, long *ret_fraction)
{
	int64_t s = ns / NS_PER_S, rest = ns % NS_PER_S;

	if (rest < 0) {
		rest += NS_PER_S;
		s--;
	}
	*ret_fraction = (long)rest;
	return s;
}

static int fraction_text(long fraction, char *out, size_t room)
{
	char digits[16];

	if (!fraction) {
		out[0] = 0;
		return 0;
	}
	int len = snprintf(digits, sizeof(digits), ".%09ld", fraction);
	while (len > 1 && digits[len - 1] == '0')
		digits[--len] = 0;
	return snprintf(out, room, "%s", digits);
}

static struct ntime_text format(int64_t ns, bool local)
{
	struct ntime_text t;
	struct tm tm;
	long fraction;
	char part[16];
	time_t s = split(ns, &fraction);

	if (local)
		localtime_r(&s, &tm);
	else
		gmtime_r(&s, &tm);
	fraction_text(fraction, part, sizeof(part));
	int len = snprintf(t.text, sizeof(t.text), "%04d-%02d-%02dT%02d:%02d:%02d%s", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
			   tm.tm_hour, tm.tm_min, tm.tm_sec, part);
	long east = local ? tm.tm_gmtoff / 60 : 0;
	if (!east)
		snprintf(t.text + len, sizeof(t.text) - (size_t)len, "Z");
	else
		snprintf(t.text + len, sizeof(t.text) - (size_t)len, "%c%02ld:%02ld", east < 0 ? '-' : '+', labs(east) / 60, labs(east) % 60);
	return t;
}

struct ntime_text ntime_rfc3339(int64_t ns)
{
	return format(ns, false);
}

struct ntime_text ntime_rfc3339_local(int64_t ns)
{
	return format(ns, true);
}

struct ntime_text ntime_go(int64_t ns)
{
	struct ntime_text t;
	struct tm tm;
	long fraction;
	char part[16];
	time_t s = split(ns, &fraction);

	gmtime_r(&s, &tm);
	fraction_text(fraction, part, sizeof(part));
	snprintf(t.text, sizeof(t.text), "%04d-%02d-%02d %02d:%02d:%02d%s +0000 UTC", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
		 tm.tm_hour, tm.tm_min, tm.tm_sec, part);
	return t;
}

/* A number of units of which each is `unit` ns, without zeros at its end: "2.15". */
static void add_units(char *text, size_t size, uint64_t ns, uint64_t unit, const char *word)
{
	char part[12];
	unsigned billionths = (unsigned)(ns % unit * ((uint64_t)NS_PER_S / unit));
	int digits = snprintf(part, sizeof(part), "%09u", billionths);
	while (digits && part[digits - 1] == '0')
		part[--digits] = 0;
	snprintf(text, size, "%llu%s%s%s", (unsigned long long)(ns / unit), digits ? "." : "", digits ? part : "", word);
}

struct ntime_text ntime_duration(int64_t ns)
{
	struct ntime_text t;
	uint64_t left = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns, minutes = left / (60 * (uint64_t)NS_PER_S);
	char tail[40], front[40] = "";
	if (!left)
		snprintf(tail, sizeof(tail), "0s");
	else if (left < 1000)
		add_units(tail, sizeof(tail), left, 1, "ns");
	else if (left < (uint64_t)NS_PER_MS)
		add_units(tail, sizeof(tail), left, 1000, "\u00b5s");
	else if (left < (uint64_t)NS_PER_S)
		add_units(tail, sizeof(tail), left, (uint64_t)NS_PER_MS, "ms");
	else
		add_units(tail, sizeof(tail), left % (60 * (uint64_t)NS_PER_S), (uint64_t)NS_PER_S, "s");
	if (minutes >= 60)
		snprintf(front, sizeof(front), "%lluh%llum", (unsigned long long)(minutes / 60), (unsigned long long)(minutes % 60));
	else if (minutes)
		snprintf(front, sizeof(front), "%llum", (unsigned long long)minutes);
	snprintf(t.text, sizeof(t.text), "%s%s%s", ns < 0 ? "-" : "", front, tail);
	return t;
}

/* COMPAT: docker/go-units HumanDuration */
struct ntime_text ntime_human(int64_t duration_ns)
{
	static const struct { int64_t below_s, unit_s; const char *unit; } rows[] = {
		{ 3600, 60, "minutes" },	       { 48 * 3600, 3600, "hours" },	    { 24 * 14 * 3600, 24 * 3600, "days" },
		{ 24 * 30 * 2 * 3600, 24 * 7 * 3600, "weeks" }, { 24 * 365 * 2 * 3600LL, 24 * 30 * 3600, "months" },
	};
	struct ntime_text t;
	int64_t s = duration_ns / NS_PER_S;

	if (s < 1)
		snprintf(t.text, sizeof(t.text), "Less than a second");
	else if (s == 1)
		snprintf(t.text, sizeof(t.text), "1 second");
	else if (s < 60)
		snprintf(t.text, sizeof(t.text), "%lld seconds", (long long)s);
	else if (s / 60 == 1)
		snprintf(t.text, sizeof(t.text), "About a minute");
	else if (s >= 3600 && (s + 1800) / 3600 == 1)
		snprintf(t.text, sizeof(t.text), "About an hour");
	else {
		for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
			if (s < rows[i].below_s) {
				/* hours are rounded, everything else is cut */
				int64_t n = rows[i].unit_s == 3600 ? (s + 1800) / 3600 : s / rows[i].unit_s;
				snprintf(t.text, sizeof(t.text), "%lld %s", (long long)n, rows[i].unit);
				return t;
			}
		}
		snprintf(t.text, sizeof(t.text), "%lld years", (long long)(s / (365 * 24 * 3600)));
	}
	return t;
}

/* --- reading --- */

static bool take_digits(const char **at, int count, int *ret)
{
	int value = 0;

	for (int i = 0; i < count; i++, (*at)++) {
		if (**at < '0' || **at > '9')
			return false;
		value = value * 10 + (**at - '0');
	}
	*ret = value;
	return true;
}

static bool take_char(const char **at, const char *set)
{
	if (!**at || !strchr(set, **at))
		return false;
	(*at)++;
	return true;
}

static bool take_fraction(const char **at, int64_t *ret_ns)
{
	int64_t unit = NS_PER_S / 10;

	*ret_ns = 0;
	if (**at != '.' && **at != ',')
		return true;
	(*at)++;
	if (**at < '0' || **at > '9')
		return false;
	for (; **at >= '0' && **at <= '9'; (*at)++, unit /= 10)
		*ret_ns += (**at - '0') * unit;
	return true;
}

static bool take_zone(const char **at, int *ret_east_minutes)
{
	int hours, minutes;

	*ret_east_minutes = 0;
	if (take_char(at, "Zz"))
		return true;
	bool west = **at == '-';
	if (!take_char(at, "+-") || !take_digits(at, 2, &hours) || !take_char(at, ":") || !take_digits(at, 2, &minutes) ||
	    hours > 23 || minutes > 59)
		return false;
	*ret_east_minutes = (west ? -1 : 1) * (hours * 60 + minutes);
	return true;
}

static bool valid_date(const struct tm *tm)
{
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int year = tm->tm_year + 1900;

	if (tm->tm_mon < 0 || tm->tm_mon > 11 || tm->tm_mday < 1 || tm->tm_mday > days[tm->tm_mon])
		return false;
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return !(tm->tm_mon == 1 && tm->tm_mday == 29 && !leap) && tm->tm_hour < 24 && tm->tm_min < 60 && tm->tm_sec <= 60;
}

static bool take_date(const char **at, struct tm *tm)
{
	int year, month;

	if (!take_digits(at, 4, &year) || !take_char(at, "-") || !take_digits(at, 2, &month) || !take_char(at, "-") ||
	    !take_digits(at, 2, &tm->tm_mday))
		return false;
	tm->tm_year = year - 1900;
	tm->tm_mon = month - 1;
	return true;
}

static bool take_clock(const char **at, struct tm *tm)
{
	return take_digits(at, 2, &tm->tm_hour) && take_char(at, ":") && take_digits(at, 2, &tm->tm_min) && take_char(at, ":") &&
	       take_digits(at, 2, &tm->tm_sec);
}

enum { YEAR_MIN = 1678, YEAR_MAX = 2261 };
#define FIRST_S (-9214560000LL) /* 1678-01-01 */
#define LAST_S 9214646399LL	/* 2261-12-31T23:59:59 */

int ntime_parse_wide(const char *text, int64_t *ret_s, int64_t *ret_fraction_ns, int *ret_east_s)
{
	struct tm tm = { 0 };
	int64_t fraction;
	int east;

	if (!take_date(&text, &tm) || !take_char(&text, "Tt") || !take_clock(&text, &tm) || !take_fraction(&text, &fraction) ||
	    !take_zone(&text, &east) || *text || !valid_date(&tm))
		return -EINVAL;
	*ret_s = (int64_t)timegm(&tm) - east * 60;
	*ret_fraction_ns = fraction;
	*ret_east_s = east * 60;
	return 0;
}

int ntime_parse(const char *text, int64_t *ret_ns)
{
	int64_t s, fraction;
	int east;
	int rc = ntime_parse_wide(text, &s, &fraction, &east);

	if (rc < 0 || s < FIRST_S || s > LAST_S)
		return -EINVAL;
	*ret_ns = s * NS_PER_S + fraction;
	return 0;
}

/* Without a zone it is the local one. */
static int parse_local(const char *text, int64_t *ret_ns)
{
	struct tm tm = { 0 };
	int64_t fraction = 0;

	if (!take_date(&text, &tm))
		return -EINVAL;
	if (*text && (!take_char(&text, "Tt ") || !take_clock(&text, &tm) || !take_fraction(&text, &fraction)))
		return -EINVAL;
	if (*text || !valid_date(&tm) || tm.tm_year + 1900 < YEAR_MIN || tm.tm_year + 1900 > YEAR_MAX)
		return -EINVAL;
	tm.tm_isdst = -1;
	*ret_ns = (int64_t)mktime(&tm) * NS_PER_S + fraction;
	return 0;
}

static int parse_epoch(const char *text, int64_t *ret_ns)
{
	auto_free char *copy = mem_strdup(text);
	char *dot = strchr(copy, '.');
	int64_t fraction = 0, seconds;
	const char *rest = dot ? dot : "";

	if (!take_fraction(&rest, &fraction) || *rest)
		return -EINVAL;
	if (dot)
		*dot = 0;
	if (num_i64(copy, 0, INT64_MAX / NS_PER_S - 1, &seconds) < 0)
		return -EINVAL;
	*ret_ns = seconds * NS_PER_S + fraction;
	return 0;
}

int ntime_parse_loose(const char *text, int64_t now_ns, int64_t *ret_ns)
{
	int64_t duration;

	if (ntime_parse(text, ret_ns) >= 0 || parse_local(text, ret_ns) >= 0 || parse_epoch(text, ret_ns) >= 0)
		return 0;
	if (num_duration(text, &duration) < 0)
		return -EINVAL;
	*ret_ns = now_ns - duration;
	return 0;
}
