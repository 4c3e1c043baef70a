/* complete_priv.h - one completion under way; for complete*.c only.
 */
#pragma once

#include "base/str.h"
#include "cli/complete.h"

struct complete {
	const struct cli *cli;
	const struct verb *verb; /* NULL: no verb is reached yet */
	char *const *given;	 /* the positional words before; NULL: a flag's value is typed */
	const char *typed;	 /* what the offers must begin with */
	bool plain;
	unsigned bits;		 /* enum complete_bits */
	struct str *out;
};

/* Writes prefix and word when the typed word begins so; about may be NULL. A word that is there already is no offer. */
void complete_offer(struct complete *c, const char *prefix, const char *word, const char *about);
/* Comma-separated. */
void complete_offer_list(struct complete *c, const char *prefix, const char *words);

/* complete_names.c: what there is of a kind. prefix: stands before each name ("container:"). */
void complete_names(struct complete *c, enum word_kind kind, const char *prefix);
/* complete_value.c: the values of a flag. */
void complete_value(struct complete *c, const struct flag *flag);

/* The rows of complete_value.c, for the test that walks them. */
struct complete_row {
	const struct verb *verb; /* NULL: of any command */
	const char *flag;	 /* by name: it means the same wherever it is */
	const char *after;	 /* the beginning of the value; NULL: none */
	const char *words;	 /* comma-separated; what ends with = or : goes on */
	enum word_kind kind;	 /* WORD_FILE: files as well */
	bool more;		 /* something follows it in the same word */
};
extern const struct complete_row complete_value_rows[];
extern const size_t complete_value_count;
