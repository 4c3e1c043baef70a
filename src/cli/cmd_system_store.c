/* cmd_system_store.c - system reset, migrate, renumber: the store as a whole */
#include "base/str.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/reset.h"

#include <stdio.h>

/* --- reset --- */

struct reset_values {
	bool force;
};

static int ask(struct engine *engine, bool *ret_yes, struct err *err)
{
	auto_free char *graph = reset_place_dup(engine, true), *run = reset_place_dup(engine, false);
	auto_free char *text = mem_printf("This will remove:\n"
					  "        - all containers\n        - all pods\n        - all images\n        - all networks\n"
					  "        - all build cache\n        - all machines\n        - all volumes\n"
					  "        - the graphRoot directory: \"%s\"\n        - the runRoot directory: \"%s\"", graph, run);
	return session_confirm(text, ret_yes, err);
}

static int run_reset(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct reset_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_strv strangers = NULL;
	bool yes = true;
	(void)words;
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0 || (!v->force && ask(engine, &yes, err) < 0))
		return -1;
	if (!yes)
		return 0;
	if (reset_store(engine, &strangers, err) < 0)
		return -1;
	for (char **path = strangers; path && *path; path++)
		fprintf(stderr, "Left: '%s' is not the store's\n", *path);
	return 0;
}

static const struct flag reset_rows[] = {
	{ "force", 'f', FLAG_BOOL, FLAG_AT(struct reset_values, force), .help = "Do not ask" },
};
static const struct flag_group reset_groups[] = { { reset_rows, ARRAY_LEN(reset_rows), 0 }, { 0 } };
const struct verb cmd_system_reset_verb = {
	.about = "Removes everything: containers, running or not, images, volumes, and the directories of the store. What else lies in them stays.",
	.groups = reset_groups, .values_size = sizeof(struct reset_values), .args = VERB_NONE, .run = run_reset,
};

/* --- migrate, renumber: words for stores of another shape --- */

static int run_nothing(struct cli *cli, void *values, char **words, struct err *err)
{
	(void)cli, (void)values, (void)words, (void)err;
	return 0;
}

static const struct flag migrate_rows[] = {
	{ "new-runtime", 0, FLAG_STRING, .bits = FLAG_NOT_YET, .instead = "the runtime is part of cpod", .help = "Runtime that containers shall use from now on" },
};
static const struct flag_group migrate_groups[] = { { migrate_rows, ARRAY_LEN(migrate_rows), 0 }, { 0 } };
const struct verb cmd_system_migrate_verb = {
	.about = "Does nothing: what a newer program must know of a container it reads from its record, and namespaces are made anew with every start.",
	.groups = migrate_groups, .args = VERB_NONE, .run = run_nothing,
};

static const struct flag_group no_groups[] = { { 0 } };
const struct verb cmd_system_renumber_verb = {
	.about = "Does nothing: locks have no numbers, they are the kernel's.",
	.groups = no_groups, .args = VERB_NONE, .run = run_nothing,
};
