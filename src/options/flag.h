/* flag.h - flags as rows: one row is a flag's name, its kind, the field it fills and its line of help.
 * Shape:  rows stand in groups; a group binds its rows to one struct, at an offset in the command's values. The words are
 *         read as Go's pflag reads them (COMPAT): --x=y, --x y, -abc, -e=V, -eV, --bool=false, `--` ends the flags.
 * Life:   flag_parse checks the whole line and keeps what it saw in a struct flag_words; flag_apply then fills the values.
 *         So --help wins over a wrong value, and nothing is half filled when the line itself is wrong.
 * Owner:  flag_words borrows from argv; values own what flag_apply put there (strings, lists), flag_values_done frees it.
 * Errors: ERR_USAGE with pflag's wording; ERR_UNSUPPORTED for a row that is FLAG_NOT_YET.
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"

#include <stddef.h>
#include <stdint.h>

enum flag_kind {
	FLAG_STRING, /* char * */
	FLAG_BOOL,   /* bool */
	FLAG_ARRAY,  /* char **, every word whole: pflag's stringArray */
	FLAG_SLICE,  /* char **, comma-separated with CSV quotes: pflag's strings */
	FLAG_INT,    /* int or int64_t */
	FLAG_UINT,   /* uint32_t or uint64_t */
	FLAG_FLOAT,  /* double */
	FLAG_CHOICE, /* char *, one of `choices` */
	FLAG_UINTS,  /* char **, comma-separated, each a number */
	FLAG_KIND_COUNT
};

enum flag_bits {
	FLAG_HIDDEN = 1 << 0,  /* not in help */
	FLAG_NOT_YET = 1 << 1, /* known and refused, unless the value given is the default */
	FLAG_NO_EFFECT = 1 << 2, /* accepted; the reference ignores it too, or it asks for what is so anyway. The help says which */
};

struct flag;
/* Reads one value into the struct the row's group binds. May be called several times for ARRAY and SLICE (each item). */
typedef int (*flag_set_fn)(const struct flag *flag, void *base, const char *value, struct err *err);

struct flag {
	const char *name;
	char letter;
	enum flag_kind kind;
	unsigned bits;
	uint32_t offset, size;	/* FLAG_AT; size 0: no field */
	uint32_t given;		/* FLAG_GIVEN: a bool that becomes true when the flag was given; 0: none */
	const char *help;	/* one line */
	const char *meta;	/* printed instead of the kind's name */
	const char *def;	/* the default as help prints it */
	const char *aliases;	/* old spellings, comma-separated, not in help */
	const char *const *choices;
	flag_set_fn set;	/* instead of a plain store */
	const char *instead;	/* NOT_YET: what to do meanwhile */
};

/* offset and size of a field; its type is checked against the kind by the tests that walk the tables */
#define FLAG_AT(type, member) .offset = offsetof(type, member), .size = sizeof(((type *)0)->member)
/* +1, so that a bool at offset 0 can be told from none */
#define FLAG_GIVEN(type, member) .given = offsetof(type, member) + 1

struct flag_group {
	const struct flag *rows;
	size_t count;
	size_t offset; /* of the struct in the command's values */
};
/* A command's groups end with an empty one. */
#define FLAG_GROUP(rows_, type, member) { (rows_), ARRAY_LEN(rows_), offsetof(type, member) }

const char *flag_kind_word(const struct flag *flag); /* "strings", "" for a bool, or its meta */
/* By name or old spelling; NULL. */
const struct flag *flag_find(const struct flag_group *groups, const char *name, const struct flag_group **ret_group);
const struct flag *flag_find_letter(const struct flag_group *groups, char letter, const struct flag_group **ret_group);

struct conf_value;

struct flag_word {
	const struct flag *flag;
	const struct flag_group *group;
	char *value; /* owned */
	const struct conf_value *origin; /* the line of a file that said it; NULL: typed */
};
struct flag_words {
	struct flag_word *seen;
	size_t count, cap;
	char **rest;	/* the positional words, borrowed strings in an owned array, NULL-terminated */
	size_t rest_count;
	size_t used;	/* words of argv taken; less than all only with stop_at_first */
	bool help;	/* --help or -h */
	const struct flag *open; /* partial: the last word is a flag that still wants its value */
	bool ended;	/* `--` was there */
};
void flag_words_done(struct flag_words *words);
AUTO_VAL(flag_words, flag_words_done);

struct flag_line {
	const struct flag_group *groups, *globals; /* both searched; globals may be NULL */
	bool stop_at_first; /* the first positional ends the flags: `run IMAGE -x` */
	bool raw;	    /* no word is a flag */
	bool partial;	    /* somebody is still typing: what is missing at the end is not wrong */
};
int flag_parse(const struct flag_line *line, char *const *argv, struct flag_words *ret, struct err *err) must_check;

/* Fills `values` (the groups') and `global_values`. */
int flag_apply(const struct flag_line *line, const struct flag_words *words, void *values, void *global_values,
	       struct err *err) must_check;
/* Typed, not said by a file. */
bool flag_was_given(const struct flag_words *words, const char *name);
/* Frees the strings and lists that plain rows (those without `set`) hold. */
void flag_values_done(const struct flag_group *groups, void *values);

/* One CSV record, as Go's encoding/csv reads it. */
int flag_split_csv(const char *text, char ***ret, struct err *err) must_check;
