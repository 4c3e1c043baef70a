/* str.h - a growing byte string, and lists of strings.
 * Shape:  struct str is always NUL-terminated once anything was added; data may hold NULs.
 *         A string list ("strv") is a NULL-terminated array of owned strings; NULL is the empty list.
 * Owner:  str_done / strv_free; both accept what is empty.
 */
#pragma once

#include "base/mem.h"

#include <stdbool.h>
#include <stdarg.h>
#include <sys/types.h>

struct str {
	char *data;
	size_t len;
	size_t cap;
};

void str_done(struct str *s);
AUTO_VAL(str, str_done);
#define auto_str auto_val(str)

void str_add(struct str *s, const char *text);
void str_add_mem(struct str *s, const void *data, size_t len);
void str_add_char(struct str *s, char c);
void str_addf(struct str *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void str_addv(struct str *s, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
void str_reserve(struct str *s, size_t more);
void str_cut(struct str *s, size_t len); /* shorten to len */
const char *str_text(const struct str *s); /* never NULL */
char *str_take(struct str *s); /* owned, never NULL; s is empty after */

bool str_starts(const char *text, const char *prefix);
bool str_ends(const char *text, const char *suffix);
/* What follows the prefix, or NULL. */
const char *str_after(const char *text, const char *prefix);
/* Index of text in a NULL-terminated list, or -1. */
int str_index(const char *const *list, const char *text);
char *str_lower_dup(const char *text);
/* How many letters apart: put in, left out or replaced (Levenshtein); their case does not count. UINT32_MAX: too long to be a word. */
unsigned str_distance(const char *a, const char *b);

size_t strv_len(char *const *v);
void strv_add(char ***v, const char *text);
void strv_add_take(char ***v, char *text);
void strv_addf(char ***v, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void strv_extend(char ***v, char *const *more);
char **strv_dup(char *const *v);
char **strv_split(const char *text, char sep); /* "" gives the empty list; "a,,b" three */
char *strv_join(char *const *v, const char *sep);
bool strv_has(char *const *v, const char *text);
/* The value of KEY in a list of KEY=VALUE, or NULL. */
const char *strv_env_get(char *const *v, const char *key);
/* Replaces or appends KEY=VALUE. */
void strv_env_set(char ***v, const char *key, const char *value);
void strv_env_unset(char **v, const char *key);
void strv_sort(char **v);
void strv_free(char **v);
static inline void strv_free_ptr(char ***v)
{
	strv_free(*v);
}
#define auto_strv __attribute__((cleanup(strv_free_ptr))) char **
