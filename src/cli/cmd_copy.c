/* cmd_copy.c - cp: files between the host and containers */
#include "base/str.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/ctr_copy.h"

struct copy_values {
	bool archive, overwrite, pause;
};

static int run_copy(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct copy_values *v = values;
	auto_ptr(engine) engine = NULL;
	const struct ctr_copy_opts opts = { .archive = v->archive, .overwrite = v->overwrite };
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0)
		return -1;
	return ctr_copy(engine, words[0], words[1], &opts, err);
}

static void init_copy(void *values)
{
	*(struct copy_values *)values = (struct copy_values){ .archive = true };
}

#define COPY(member) FLAG_AT(struct copy_values, member)
static const struct flag copy_rows[] = {
	{ "archive", 'a', FLAG_BOOL, COPY(archive), .def = "true", .help = "Give the files to the user of the container they are copied to" },
	{ "overwrite", 0, FLAG_BOOL, COPY(overwrite), .help = "Let directories and others replace each other" },
	{ "pause", 0, FLAG_BOOL, COPY(pause), .bits = FLAG_HIDDEN | FLAG_NO_EFFECT, .help = "Does nothing: a copy never pauses" },
};
static const struct flag_group copy_groups[] = { { copy_rows, ARRAY_LEN(copy_rows), 0 }, { 0 } };
const struct verb cmd_copy_verb = {
	.about = "Copies files between the host and a container, or between containers, running or not.\n\nA directory goes into one that is there, or becomes one that is not; PATH/. means what is in it. - is a tar archive from stdin or to stdout.",
	.libraries = true,
	.groups = copy_groups, .values_size = sizeof(struct copy_values), .init = init_copy, .args = VERB_EXACT, .arg_count = 2, .run = run_copy,
};
