/* moment.c - see moment.h */
#include "base/moment.h"

#include "base/ntime.h"
#include "base/str.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* more days than the years 0 to 9999 have */
enum { DATE_MAX = 4 * 1000 * 1000 };

/* tm and east_s from s and zone */
static int fill(struct moment *m)
{
	time_t s = m->s + (m->zone == MOMENT_FIXED ? m->east_s : 0);
	if (!(m->zone == MOMENT_LOCAL ? localtime_r(&s, &m->tm) : gmtime_r(&s, &m->tm)))
		return -ERANGE;
	if (m->zone != MOMENT_FIXED)
		m->east_s = (int)m->tm.tm_gmtoff;
	return m->tm.tm_year < -1900 || m->tm.tm_year > 9999 - 1900 ? -ERANGE : 0;
}

int moment_parse(const char *text, struct moment *ret)
{
	struct moment m = { 0 }, local;
	int rc = ntime_parse_wide(text, &m.s, &m.ns, &m.east_s);
	if (rc < 0)
		return rc;
	local = m;
	local.zone = MOMENT_LOCAL;
	if (m.east_s && fill(&local) >= 0 && local.east_s / 60 == m.east_s / 60) {
		*ret = local;
		return 0;
	}
	m.zone = m.east_s ? MOMENT_FIXED : MOMENT_UTC;
	rc = fill(&m);
	if (rc >= 0)
		*ret = m;
	return rc;
}

int moment_at(const struct moment *from, int64_t s, int64_t ns, struct moment *ret)
{
	*ret = *from;
	ret->s = s + ns / NS_PER_S;
	ret->ns = ns % NS_PER_S;
	if (ret->ns < 0) {
		ret->ns += NS_PER_S;
		ret->s--;
	}
	return fill(ret);
}

int moment_in(const struct moment *from, enum moment_zone zone, struct moment *ret)
{
	*ret = *from;
	ret->zone = zone;
	return fill(ret);
}

int moment_add_date(const struct moment *from, int years, int months, int days, struct moment *ret)
{
	struct tm tm = from->tm;
	if (abs(years) > DATE_MAX || abs(months) > DATE_MAX || abs(days) > DATE_MAX)
		return -ERANGE;
	tm.tm_year += years;
	tm.tm_mon += months;
	tm.tm_mday += days;
	tm.tm_isdst = -1;
	int64_t s = from->zone == MOMENT_LOCAL ? mktime(&tm) : timegm(&tm) - from->east_s;
	return moment_at(from, s, from->ns, ret);
}

const char *moment_zone_name(const struct moment *m)
{
	const char *name = getenv("TZ");
	return m->zone == MOMENT_UTC ? "UTC" : m->zone == MOMENT_FIXED ? "" : name && *name ? name : "Local";
}

/* --- layouts --- */

static const char *const months[] = { "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December" };
static const char *const days[] = { "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday" };

static int year(const struct tm *tm) { return tm->tm_year + 1900; }
static int year_short(const struct tm *tm) { return (tm->tm_year + 1900) % 100; }
static int month(const struct tm *tm) { return tm->tm_mon + 1; }
static int day(const struct tm *tm) { return tm->tm_mday; }
static int day_of_year(const struct tm *tm) { return tm->tm_yday + 1; }
static int hour(const struct tm *tm) { return tm->tm_hour; }
static int hour_short(const struct tm *tm) { return tm->tm_hour % 12 ? tm->tm_hour % 12 : 12; }
static int minute(const struct tm *tm) { return tm->tm_min; }
static int second(const struct tm *tm) { return tm->tm_sec; }
static const char *month_name(const struct tm *tm) { return months[tm->tm_mon]; }
static const char *day_name(const struct tm *tm) { return days[tm->tm_wday]; }
static const char *half_upper(const struct tm *tm) { return tm->tm_hour < 12 ? "AM" : "PM"; }
static const char *half_lower(const struct tm *tm) { return tm->tm_hour < 12 ? "am" : "pm"; }

/* The longer of two that begin alike comes first. */
static const struct part {
	const char *layout, *print;
	int (*number)(const struct tm *tm);
	const char *(*text)(const struct tm *tm);
	bool word; /* not within a longer word: Janet */
} parts[] = {
	{ "January", "%s", .text = month_name }, { "Jan", "%.3s", .text = month_name, .word = true },
	{ "Monday", "%s", .text = day_name },	 { "Mon", "%.3s", .text = day_name, .word = true },
	{ "002", "%03d", day_of_year },		 { "01", "%02d", month },
	{ "02", "%02d", day },			 { "03", "%02d", hour_short },
	{ "04", "%02d", minute },		 { "05", "%02d", second },
	{ "06", "%02d", year_short },		 { "15", "%02d", hour },
	{ "1", "%d", month },			 { "2006", "%04d", year },
	{ "2", "%d", day },			 { "_2006", "_%04d", year },
	{ "__2", "%3d", day_of_year },		 { "_2", "%2d", day },
	{ "3", "%d", hour_short },		 { "4", "%d", minute },
	{ "5", "%d", second },			 { "PM", "%s", .text = half_upper },
	{ "pm", "%s", .text = half_lower },
};

/* of: "-07:00:00" and the like; seconds are said by those of three parts */
static void add_offset(const struct moment *m, const char *layout, struct str *out)
{
	int east = abs(m->east_s);
	bool colon = strchr(layout, ':') != NULL;
	size_t digits = 0;
	for (const char *p = layout; *p; p++)
		digits += isdigit((unsigned char)*p) != 0;
	if (*layout == 'Z' && !m->east_s) {
		str_add_char(out, 'Z');
		return;
	}
	str_addf(out, "%c%02d", m->east_s < 0 ? '-' : '+', east / 3600);
	if (digits > 2)
		str_addf(out, "%s%02d", colon ? ":" : "", east / 60 % 60);
	if (digits > 4)
		str_addf(out, "%s%02d", colon ? ":" : "", east % 60);
}

static size_t take_offset(const struct moment *m, const char *p, struct str *out)
{
	static const char *const layouts[] = { "-070000", "-07:00:00", "-0700", "-07:00", "-07", "Z070000", "Z07:00:00", "Z0700", "Z07:00", "Z07" };
	for (size_t i = 0; i < ARRAY_LEN(layouts); i++) {
		if (!str_starts(p, layouts[i]))
			continue;
		add_offset(m, layouts[i], out);
		return strlen(layouts[i]);
	}
	return 0;
}

static size_t take_zone(const struct moment *m, const char *p, struct str *out)
{
	if (!str_starts(p, "MST"))
		return take_offset(m, p, out);
	if (m->zone == MOMENT_FIXED)
		add_offset(m, "-0700", out);
	else
		str_add(out, m->zone == MOMENT_UTC ? "UTC" : m->tm.tm_zone);
	return 3;
}

/* .000 and .999 with any number of digits, none behind them; of nines, zeros at the end are left out */
static size_t take_fraction(const struct moment *m, const char *p, struct str *out)
{
	if ((*p != '.' && *p != ',') || (p[1] != '0' && p[1] != '9'))
		return 0;
	char text[16], one[2] = { p[1], 0 };
	size_t count = strspn(p + 1, one);
	if (isdigit((unsigned char)p[1 + count]))
		return 0;
	snprintf(text, sizeof(text), "%09lld", (long long)m->ns);
	size_t len = count < 9 ? count : 9;
	while (*one == '9' && len && text[len - 1] == '0')
		len--;
	if (len)
		str_add_char(out, *p);
	str_add_mem(out, text, len);
	return 1 + count;
}

static size_t take_part(const struct moment *m, const char *p, struct str *out)
{
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		const struct part *part = &parts[i];
		size_t len = strlen(part->layout);
		if (!str_starts(p, part->layout) || (part->word && islower((unsigned char)p[len])))
			continue;
		if (part->text)
			str_addf(out, part->print, part->text(&m->tm));
		else
			str_addf(out, part->print, part->number(&m->tm));
		return len;
	}
	return 0;
}

void moment_format(const struct moment *m, const char *layout, struct str *out)
{
	for (const char *p = layout; *p;) {
		size_t len = take_part(m, p, out);
		len = len ? len : take_zone(m, p, out);
		len = len ? len : take_fraction(m, p, out);
		if (!len)
			str_add_char(out, *p);
		p += len ? len : 1;
	}
}
