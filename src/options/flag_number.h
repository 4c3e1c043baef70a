/* flag_number.h - integers of the command line, as Go's strconv reads them with base 0: 10, 0x1f, 0o17, 017, 0b1, 1_000.
 * Errors: -EINVAL, -ERANGE.
 */
#pragma once

#include <stdint.h>

int flag_number_u64(const char *text, uint64_t max, uint64_t *ret);
int flag_number_i64(const char *text, int64_t min, int64_t max, int64_t *ret);
