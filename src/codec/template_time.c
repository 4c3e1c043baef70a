/* template_time.c - the methods of Go's time.Time, for values of JSON_ROLE_TIME */
#include "codec/template_priv.h"

#include "base/moment.h"
#include "base/ntime.h"

#include <stdio.h>

/* COMPAT: 0001-01-01, from which Go rounds and counts */
#define ZERO_S (-62135596800LL)

struct args {
	const char *text;    /* s */
	int64_t numbers[3];  /* i */
	struct moment other; /* t */
};

__extension__ typedef __int128 wide;

static struct json *time_new(const struct moment *m)
{
	auto_str text = { 0 };
	moment_format(m, MOMENT_RFC3339, &text);
	return json_time_new(str_text(&text));
}

static struct json *formatted_new(const struct moment *m, const char *layout)
{
	auto_str text = { 0 };
	moment_format(m, layout, &text);
	return json_str_new(str_text(&text));
}

void template_time_value(struct str *out, const struct json *value)
{
	struct moment m;
	if (moment_parse(json_str(value, ""), &m) >= 0)
		moment_format(&m, MOMENT_GO, out);
	else
		str_add(out, json_str(value, ""));
}

/* --- methods: NULL where the result is no time that can be told --- */

#define METHOD(name) static struct json *name(const struct moment *m, const struct args *a)
#define PART(name, expression)                   \
	METHOD(name)                             \
	{                                        \
		(void)a;                         \
		return expression;               \
	}
PART(get_year, json_i64_new(m->tm.tm_year + 1900))
PART(get_month, formatted_new(m, "January"))
PART(get_day, json_i64_new(m->tm.tm_mday))
PART(get_hour, json_i64_new(m->tm.tm_hour))
PART(get_minute, json_i64_new(m->tm.tm_min))
PART(get_second, json_i64_new(m->tm.tm_sec))
PART(get_nanosecond, json_i64_new(m->ns))
PART(get_weekday, formatted_new(m, "Monday"))
PART(get_year_day, json_i64_new(m->tm.tm_yday + 1))
PART(get_unix, json_i64_new(m->s))
PART(get_unix_milli, json_i64_new(m->s * 1000 + m->ns / 1000000))
PART(get_unix_micro, json_i64_new(m->s * 1000000 + m->ns / 1000))
PART(get_unix_nano, json_i64_new((int64_t)((uint64_t)m->s * NS_PER_S + (uint64_t)m->ns))) /* COMPAT: it turns over */
PART(get_is_zero, json_bool_new(m->s == ZERO_S && !m->ns))
PART(get_is_dst, json_bool_new(m->tm.tm_isdst > 0))
PART(get_location, json_str_new(moment_zone_name(m)))
PART(get_string, formatted_new(m, MOMENT_GO))
PART(get_format, formatted_new(m, a->text))
PART(get_before, json_bool_new(m->s != a->other.s ? m->s < a->other.s : m->ns < a->other.ns))
PART(get_after, json_bool_new(m->s != a->other.s ? m->s > a->other.s : m->ns > a->other.ns))
PART(get_equal, json_bool_new(m->s == a->other.s && m->ns == a->other.ns))

METHOD(get_go_string)
{
	auto_str text = { 0 };
	auto_str month = { 0 };
	(void)a;
	moment_format(m, "January", &month);
	str_addf(&text, "time.Date(%d, time.%s, %d, %d, %d, %d, %lld, time.%s)", m->tm.tm_year + 1900, str_text(&month), m->tm.tm_mday, m->tm.tm_hour,
		 m->tm.tm_min, m->tm.tm_sec, (long long)m->ns, m->zone == MOMENT_UTC ? "UTC" : "Local");
	return json_str_new(str_text(&text));
}

METHOD(get_compare)
{
	int64_t by = m->s != a->other.s ? m->s - a->other.s : m->ns - a->other.ns;
	return json_i64_new(by < 0 ? -1 : by > 0);
}

METHOD(get_sub)
{
	wide by = (wide)(m->s - a->other.s) * NS_PER_S + (m->ns - a->other.ns);
	int64_t ns = by > INT64_MAX ? INT64_MAX : by < INT64_MIN ? INT64_MIN : (int64_t)by;
	return json_str_new(ntime_duration(ns).text);
}

METHOD(get_utc)
{
	struct moment to;
	(void)a;
	return moment_in(m, MOMENT_UTC, &to) < 0 ? NULL : time_new(&to);
}

METHOD(get_local)
{
	struct moment to;
	(void)a;
	return moment_in(m, MOMENT_LOCAL, &to) < 0 ? NULL : time_new(&to);
}

static struct json *later_new(const struct moment *m, int64_t ns)
{
	struct moment to;
	return moment_at(m, m->s + ns / NS_PER_S, m->ns + ns % NS_PER_S, &to) < 0 ? NULL : time_new(&to);
}

METHOD(get_add)
{
	return later_new(m, a->numbers[0]);
}

METHOD(get_add_date)
{
	struct moment to;
	for (size_t i = 0; i < ARRAY_LEN(a->numbers); i++)
		if (a->numbers[i] < INT32_MIN || a->numbers[i] > INT32_MAX)
			return NULL;
	return moment_add_date(m, (int)a->numbers[0], (int)a->numbers[1], (int)a->numbers[2], &to) < 0 ? NULL : time_new(&to);
}

/* What is left over a multiple of unit since the year 1. */
static int64_t rest_of(const struct moment *m, int64_t unit)
{
	wide rest = ((wide)(m->s - ZERO_S) * NS_PER_S + m->ns) % unit;
	return (int64_t)(rest < 0 ? rest + unit : rest);
}

METHOD(get_truncate)
{
	return a->numbers[0] <= 0 ? time_new(m) : later_new(m, -rest_of(m, a->numbers[0]));
}

METHOD(get_round)
{
	int64_t unit = a->numbers[0], rest = unit > 0 ? rest_of(m, unit) : 0;
	return rest < unit - rest || unit <= 0 ? later_new(m, -rest) : later_new(m, unit - rest);
}

static const struct method {
	const char *name, *takes; /* a letter an argument: see struct args */
	struct json *(*call)(const struct moment *m, const struct args *a);
} methods[] = {
	{ "Add", "i", get_add },	     { "AddDate", "iii", get_add_date },    { "After", "t", get_after },
	{ "Before", "t", get_before },	     { "Compare", "t", get_compare },	    { "Day", "", get_day },
	{ "Equal", "t", get_equal },	     { "Format", "s", get_format },	    { "GoString", "", get_go_string },
	{ "Hour", "", get_hour },	     { "IsDST", "", get_is_dst },	    { "IsZero", "", get_is_zero },
	{ "Local", "", get_local },	     { "Location", "", get_location },	    { "Minute", "", get_minute },
	{ "Month", "", get_month },	     { "Nanosecond", "", get_nanosecond },  { "Round", "i", get_round },
	{ "Second", "", get_second },	     { "String", "", get_string },	    { "Sub", "t", get_sub },
	{ "Truncate", "i", get_truncate },   { "UTC", "", get_utc },		    { "Unix", "", get_unix },
	{ "UnixMicro", "", get_unix_micro }, { "UnixMilli", "", get_unix_milli },   { "UnixNano", "", get_unix_nano },
	{ "Weekday", "", get_weekday },	     { "Year", "", get_year },		    { "YearDay", "", get_year_day },
};

static int read_arg(char letter, const struct json *value, size_t i, struct args *ret, struct err *err)
{
	bool right = false;
	if (letter == 's')
		right = json_role(value) == JSON_ROLE_NONE && (ret->text = json_str(value, NULL));
	else if (letter == 'i')
		right = json_to_i64(value, &ret->numbers[i]) == 0;
	else
		right = json_role(value) == JSON_ROLE_TIME && moment_parse(json_str(value, ""), &ret->other) >= 0;
	return right ? 0 : err_set(err, ERR_USAGE, "wrong type for value; expected %s", letter == 's' ? "string" : letter == 'i' ? "integer" : "time.Time");
}

static int call(const struct method *method, const struct json *value, struct json *const *args, struct json **ret, struct err *err)
{
	struct args a = { 0 };
	struct moment m;
	for (size_t i = 0; method->takes[i]; i++)
		if (read_arg(method->takes[i], args[i], i, &a, err) < 0)
			return -1;
	if (moment_parse(json_str(value, ""), &m) < 0)
		return err_set(err, ERR_USAGE, "%s of '%s', which is no time of the years 0 to 9999", method->name, json_str(value, ""));
	*ret = method->call(&m, &a);
	return *ret ? 0 : err_set(err, ERR_USAGE, "%s gives a time outside the years 0 to 9999", method->name);
}

int template_time_call(const struct json *value, const char *name, struct json *const *args, size_t count, struct json **ret, struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		if (strcmp(methods[i].name, name) != 0)
			continue;
		size_t want = strlen(methods[i].takes);
		if (count != want)
			return err_set(err, ERR_USAGE, "wrong number of args for %s: want %zu got %zu", name, want, count);
		return call(&methods[i], value, args, ret, err);
	}
	return err_set(err, ERR_USAGE, "can't evaluate field %s in type time.Time", name);
}
