/* utf8.h - reading UTF-8 strictly: no overlong forms, no surrogates, nothing above U+10FFFF.
 * Errors: none; a wrong byte is told apart by a length of 0.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct str;

enum { UTF8_REPLACEMENT = 0xFFFD };

/* Bytes of the character at p (1 to 4) and its code point; 0 when the bytes there are not one. len > 0. */
size_t utf8_decode(const char *p, size_t len, uint32_t *ret_rune);
/* The same as Go iterates over strings: a wrong byte counts as one U+FFFD. */
size_t utf8_next(const char *p, size_t len, uint32_t *ret_rune);
/* Appends a code point. */
void utf8_add(struct str *out, uint32_t rune);
/* Characters of a text, wrong bytes counted as one each. */
size_t utf8_count(const char *text, size_t len);
/* Bytes of the first n characters. */
size_t utf8_prefix(const char *text, size_t len, size_t n);
