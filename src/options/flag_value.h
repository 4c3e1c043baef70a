/* flag_value.h - one flag's value: whether it reads, and where it goes.
 * Errors: ERR_USAGE in pflag's words: invalid argument "x" for "-n, --last" flag: …
 */
#pragma once

#include "options/flag.h"

/* The check made while the line is read: the kind's syntax only. */
int flag_value_check(const struct flag *flag, const char *value, struct err *err) must_check;
/* Stores a checked value: appends to lists, replaces scalars. */
int flag_value_store(const struct flag *flag, void *base, const char *value, struct err *err) must_check;
void flag_value_free(const struct flag *flag, void *base);
