/* moment.h - a point in time and its zone, as Go's time.Time: its parts, and its text by a layout.
 * Shape:  years 0 to 9999, which RFC 3339 can say: Go's zero time is the year 1, and no nanoseconds since 1970 (ntime.h) tell it.
 * Errors: -EINVAL no time, -ERANGE a year outside.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct str;

enum moment_zone { MOMENT_UTC, MOMENT_LOCAL, MOMENT_FIXED };
struct moment {
	int64_t s;  /* since 1970 */
	int64_t ns; /* 0 to 999999999 */
	enum moment_zone zone;
	int east_s;
	struct tm tm; /* in its zone */
};

/* RFC 3339. An offset that is the local one at that time is the local zone. */
int moment_parse(const char *text, struct moment *ret);
/* Of another time, or zone (MOMENT_UTC, MOMENT_LOCAL). */
int moment_at(const struct moment *from, int64_t s, int64_t ns, struct moment *ret);
int moment_in(const struct moment *from, enum moment_zone zone, struct moment *ret);
/* Years, months and days later by the calendar of its zone; each within ±4000000. */
int moment_add_date(const struct moment *from, int years, int months, int days, struct moment *ret);
/* "UTC", or what TZ calls the zone. */
const char *moment_zone_name(const struct moment *m);
/* By Go's example time: Mon Jan 2 15:04:05 MST 2006. */
void moment_format(const struct moment *m, const char *layout, struct str *out);
#define MOMENT_GO "2006-01-02 15:04:05.999999999 -0700 MST" /* Go's time.String() */
#define MOMENT_RFC3339 "2006-01-02T15:04:05.999999999Z07:00"
