/* command.c - finding a command's row; see command.h */
#include "cli/command.h"

#include "base/str.h"

#include <strings.h>

enum { NEAR = 2, WORD_MAX = 63 };

static bool has_alias(const char *aliases, const char *word)
{
	auto_strv list = aliases ? strv_split(aliases, ',') : NULL;
	return strv_has(list, word);
}

const struct command *command_find(const struct command *parent, const char *word)
{
	for (const struct command *c = parent->children; c && c->name; c++)
		if (strcmp(c->name, word) == 0)
			return c;
	for (const struct command *c = parent->children; c && c->name; c++)
		if (c->aliases && has_alias(c->aliases, word))
			return c;
	return NULL;
}

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;
	return m < c ? m : c;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* Levenshtein's distance, one row at a time; letters' case does not count */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[WORD_MAX + 1];
	size_t n = strlen(b);
	if (n > WORD_MAX || strlen(a) > WORD_MAX)
		return UINT32_MAX;
	for (size_t j = 0; j <= n; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; a[i - 1]; i++) {
		unsigned diagonal = row[0];
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= n; j++) {
			unsigned above = row[j];
			row[j] = min3(above + 1, row[j - 1] + 1, diagonal + (lower(a[i - 1]) != lower(b[j - 1])));
			diagonal = above;
		}
	}
	return row[n];
}

char *command_suggest_dup(const struct command *parent, const char *word)
{
	auto_str out = { 0 };
	for (const struct command *c = parent->children; c && c->name; c++) {
		if (c->bits & COMMAND_HIDDEN)
			continue;
		if (distance(word, c->name) <= NEAR || strncasecmp(c->name, word, strlen(word)) == 0)
			str_addf(&out, "\t%s\n", c->name);
	}
	return str_take(&out);
}
