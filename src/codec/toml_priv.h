/* toml_priv.h - the reader's position, shared by toml.c (keys, tables) and toml_value.c (values). */
#pragma once

#include "base/str.h"
#include "codec/toml.h"

struct toml_reader {
	const char *p, *end;
	unsigned line, depth;
	size_t values;
	const struct json **sealed; /* inline tables and arrays of values: complete where they stand */
	size_t sealed_count;
	struct json *lines; /* NULL: nobody asks */
	char *table;	    /* the dotted name of the table the pairs belong to; NULL: the root */
	struct err *err;
};

static inline char toml_peek(const struct toml_reader *r)
{
	return r->p < r->end ? *r->p : '\0';
}
int toml_fail(struct toml_reader *r, const char *what);
/* Spaces and tabs; in arrays line ends and comments too. */
void toml_blank(struct toml_reader *r);
int toml_blank_lines(struct toml_reader *r);
/* key = value into the table. */
int toml_pair(struct toml_reader *r, struct json *table);
int toml_value(struct toml_reader *r, struct json **ret);
/* A quoted string of one line, as a key or a value. */
int toml_quoted(struct toml_reader *r, struct str *out);
void toml_seal(struct toml_reader *r, const struct json *value);
