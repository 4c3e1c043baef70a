/* num.h - numbers, sizes and durations written by people: strict, the whole text, no locale.
 * Shape:  decimal digits only ("1"; not "", "+1", "01x", " 1"); leading zeros are allowed where Go allows them.
 * Units:  bytes; nanoseconds.
 * Errors: -EINVAL not a number, -ERANGE out of range.
 */
#pragma once

#include <stdint.h>

int num_u64(const char *text, uint64_t max, uint64_t *ret);
int num_i64(const char *text, int64_t min, int64_t max, int64_t *ret); /* one leading '-' or '+' allowed */
/* As Go reads one: "1", "t", "True", "0", "FALSE" and so on: 1 or 0, or -EINVAL. */
int num_bool(const char *text);
int num_octal(const char *text, uint32_t max, uint32_t *ret);
int num_double(const char *text, double *ret); /* decimal, finite: "1.5", ".5" */
int num_float(const char *text, double *ret); /* with an exponent, as C reads it; -ERANGE gives what is nearest in *ret */
/* A size as Docker's units package reads it: "64m", "1.5GiB", "512", "10kb"; b k m g t p are powers of 1024. */
int num_size(const char *text, int64_t *ret_bytes);
/* A Go duration: "1h30m", "1.5s", "300ms", "0"; a bare number is refused, as Go does. */
int num_duration(const char *text, int64_t *ret_ns);
/* "80", range 1..65535 */
int num_port(const char *text, uint16_t *ret);

/* Printing, as Podman's tables print them. */
struct num_text { char text[40]; };
/* Decimal units, three digits: "1.23 kB", "81.2 MB", "0 B". */
struct num_text num_size_text(uint64_t bytes);
/* Four, and no space: "1.235kB", "0B". */
struct num_text num_size_tight(uint64_t bytes);
