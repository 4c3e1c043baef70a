/* ctr_timezone.h - --tz: the zone's file of the host, which becomes the container's /etc/localtime.
 * Shape:  "Area/City" and the like are names below /usr/share/zoneinfo; "local" is the host's /etc/localtime.
 * Errors: ERR_USAGE no such zone, or no name for one.      Spec: tzfile(5)
 */
#pragma once

#include "base/err.h"

#include <stddef.h>

/* The file's bytes, owned. */
int ctr_timezone_read(const char *zone, char **ret, size_t *ret_len, struct err *err) must_check;
