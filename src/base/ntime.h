/* ntime.h - points in time, as nanoseconds since 1970 UTC, and how they are written.
 * Units:  nanoseconds, signed 64 bit (1678 to 2262).
 * Errors: -EINVAL.
 */
#pragma once

#include <stdint.h>

#define NS_PER_S 1000000000LL
#define NS_PER_MS 1000000LL

int64_t ntime_now(void);	   /* wall clock */
int64_t ntime_monotonic(void);	   /* for deadlines; includes suspend */

struct ntime_text { char text[64]; };
/* "2026-01-02T03:04:05.123456789Z": Go's RFC3339Nano, trailing zeros cut, in UTC or local time. */
struct ntime_text ntime_rfc3339(int64_t ns);
struct ntime_text ntime_rfc3339_local(int64_t ns);
/* "2026-01-02 03:04:05.123456789 +0000 UTC": Go's time.String(). */
struct ntime_text ntime_go(int64_t ns);
/* "3 seconds", "About a minute", "2 hours", "5 weeks": units.HumanDuration. */
struct ntime_text ntime_human(int64_t duration_ns);

/* "1h2m3.5s", "1.5ms", "0s": Go's Duration.String. */
struct ntime_text ntime_duration(int64_t ns);
/* RFC 3339 with any fraction and offset. */
int ntime_parse(const char *text, int64_t *ret_ns);
/* The same of the years 0 to 9999: seconds since 1970, the rest, and how far east of UTC it was said. */
int ntime_parse_wide(const char *text, int64_t *ret_s, int64_t *ret_fraction_ns, int *ret_east_s);
/* What --since and --until take: RFC 3339 (also without zone or time), seconds.fraction since 1970, a Go duration before `now`. */
int ntime_parse_loose(const char *text, int64_t now_ns, int64_t *ret_ns);
