/* command.h - the words of the command line as a tree of rows.
 * Shape:  a command is a word below its parent; a verb is what several words may run (run and container run). A row without
 *         verb and children is known and not done yet: it is refused with a sentence.
 * Life:   dispatch_main finds the row, reads the flags into the verb's values, checks the positional words, runs the verb.
 * Owner:  everything is const and lives as long as the program; struct cli belongs to dispatch_main.
 */
#pragma once

#include "base/err.h"
#include "config/conf_containers.h"
#include "options/flag.h"

#include <stdbool.h>
#include <stddef.h>

struct engine;

/* Flags before the command, and those that may stand anywhere. */
struct cli_globals {
	char *root, *runroot, *log_level, *out, *tmpdir, *config;
	char **modules; /* of containers.conf */
	bool version, syslog;
};

struct cli {
	const char *program;		/* as it was called: cpod, podman, docker */
	const char *path;		/* "podman image ls" */
	const struct flag_words *words; /* to ask which flags were given */
	char **argv;			/* the words typed, all of them */
	struct cli_globals globals;
	struct conf_containers conf; /* read for verbs that have `conf` */
};

enum verb_args { VERB_ANY, VERB_NONE, VERB_EXACT, VERB_MIN, VERB_MAX };

struct verb {
	const char *about;    /* several lines; @ stands for the command's path, % for the program */
	const char *examples; /* one a line, the same */
	const struct flag_group *groups;
	size_t values_size;
	void (*init)(void *values); /* NULL: zeroed */
	void (*done)(void *values); /* NULL: flag_values_done */
	bool libraries;	    /* always needs them (base/dl.h) */
	unsigned conf;	    /* enum flag_conf_scope: which of its flags containers.conf may set */
	bool stop_at_first;	    /* the words after the first positional are not ours */
	enum verb_args args;
	size_t arg_count;
	/* >= 0: the exit code */
	int (*run)(struct cli *cli, void *values, char **words, struct err *err);
};

enum command_bits { COMMAND_HIDDEN = 1 << 0 };

struct command {
	const char *name;
	const char *use;      /* what follows the path in Usage */
	const char *summary;
	const char *aliases;  /* comma-separated */
	const struct verb *verb;
	const struct command *children; /* ends with a row without name */
	unsigned bits;
	const char *instead;  /* not done: what to do */
};

extern const struct command commands_root;
extern const struct flag_group global_flags_anywhere[], global_flags_root[];

static inline bool command_is_done(const struct command *c)
{
	return c->verb || c->children;
}
/* The row named so below parent, by name or alias. */
const struct command *command_find(const struct command *parent, const char *word);
/* The words near `word` (two letters off, or beginning with it), one a line, each after a tab; owned, "" when none. */
char *command_suggest_dup(const struct command *parent, const char *word);

/* Walks argv, runs what it says, reports a failure once; the exit code. */
int dispatch_main(char **argv);
