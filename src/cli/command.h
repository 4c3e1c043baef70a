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
#include <stdint.h>

struct engine;
struct listing_fields;

/* Flags before the command, and those that may stand anywhere. */
struct cli_globals {
	char *root, *runroot, *log_level, *out, *config, *registries_conf, *events_backend;
	char **modules; /* of containers.conf */
	char **storage_opts;
	char **cdi_dirs;
	bool version, debug, noout;
};

struct cli {
	const char *program;		/* as it was called: cpod, podman, docker */
	const char *path;		/* "podman image ls" */
	const struct flag_words *words; /* to ask which flags were given */
	char **argv;			/* the words typed, all of them */
	struct cli_globals globals;
	struct conf_containers conf; /* read for verbs that have `conf` */
};

/* What a positional word names: completion offers those there are. */
enum word_kind {
	WORD_NONE,	  /* something new, or nothing at all */
	WORD_FILE,
	WORD_SHELL,	  /* whose completion script */
	WORD_COMMAND,	  /* of this program */
	WORD_CTR,
	WORD_CTR_RUNNING, /* paused ones are not */
	WORD_CTR_IDLE,	  /* can be started */
	WORD_CTR_PAUSED,
	WORD_CTR_PATH,	  /* CONTAINER:PATH, or a file */
	WORD_CTR_IMAGE,	  /* one or the other */
	WORD_IMAGE,
	WORD_LIST,	  /* a manifest list */
	WORD_ARTIFACT,
	WORD_SECRET,
	WORD_VOLUME,
	WORD_OBJECT,	  /* of any kind */
	WORD_DESCRIPTOR,  /* a column of top */
	WORD_SIGNAL,
	WORD_KEY,	  /* of containers.conf */
	WORD_KIND_COUNT
};

enum verb_args { VERB_ANY, VERB_NONE, VERB_EXACT, VERB_MIN, VERB_MAX };

struct verb {
	const char *about;    /* several lines; @ stands for the command's path, % for the program */
	const struct flag_group *groups;
	size_t values_size;
	void (*init)(void *values); /* NULL: zeroed */
	void (*done)(void *values); /* NULL: flag_values_done */
	bool libraries;	    /* always needs them (base/dl.h) */
	unsigned conf;	    /* enum flag_conf_scope: which of its flags containers.conf may set */
	bool stop_at_first;	    /* the words after the first positional are not ours */
	bool raw;		    /* reads no flags: every word is a positional one */
	const struct listing_fields *fields; /* what its --format may name; NULL: not known */
	enum verb_args args;
	size_t arg_count;
	/* >= 0: the exit code */
	int (*run)(struct cli *cli, void *values, char **words, struct err *err);
};

enum command_bits {
	COMMAND_HIDDEN = 1 << 0,
	COMMAND_NOT_BY_LABEL = 1 << 1, /* runs a program of the host that its words name: no label of an image starts it */
};

struct command {
	const char *name;
	const char *use;      /* what follows the path in Usage */
	const char *summary;
	const char *aliases;  /* comma-separated */
	const struct verb *verb;
	const struct command *children; /* ends with a row without name */
	unsigned bits;
	const char *instead;  /* not done: what to do */
	uint8_t takes[3];     /* enum word_kind of the first word, of the second, of each that follows */
};
#define COMMAND_ONE(kind) .takes = { (kind) }
#define COMMAND_TWO(kind, second) .takes = { (kind), (second) }
#define COMMAND_MORE(kind, others) .takes = { (kind), (others), (others) }
#define COMMAND_EACH(kind) COMMAND_MORE(kind, kind)

extern const struct command commands_root;
extern const struct flag_group global_flags_anywhere[], global_flags_root[];

static inline bool command_is_done(const struct command *c)
{
	return c->verb || c->children;
}
/* The row named so below parent, by name or alias. */
const struct command *command_find(const struct command *parent, const char *word);
/* The words near `word` (beginning with it; of the root also two letters off), one a line, each after a tab; owned, "" when none. */
char *command_suggest_dup(const struct command *parent, const char *word);

/* Are they as many as the verb takes? In Cobra's sentences. */
int command_check_args(const struct command *command, const char *path, size_t count, struct err *err) must_check;

/* Walks argv, runs what it says, reports a failure once; the exit code. */
int dispatch_main(char **argv);
