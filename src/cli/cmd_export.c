/* cmd_export.c - export: a container's files as a tar archive */
#include "base/str.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/ctr_export.h"

#include <unistd.h>

struct export_values {
	char *output;
};

static int run_export(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct export_values *v = values;
	const char *output = v->output && *v->output ? v->output : NULL;
	auto_ptr(engine) engine = NULL;
	auto_ptr(ctr) ctr = NULL;
	if (output && strchr(output, ':'))
		return err_set(err, ERR_USAGE, "invalid filename (should not contain ':') \"%s\"", output);
	if (!output && isatty(STDOUT_FILENO))
		return err_set(err, ERR_USAGE, "refusing to export to terminal. Use -o flag or redirect");
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0 || ctr_open(engine, words[0], &ctr, err) < 0)
		return -1;
	return ctr_export(engine, ctr, output, err);
}

static const struct flag export_rows[] = {
	{ "output", 'o', FLAG_STRING, FLAG_AT(struct export_values, output), .help = "Write to this file (default: stdout, which must not be a terminal)" },
};
static const struct flag_group export_groups[] = { { export_rows, ARRAY_LEN(export_rows), 0 }, { 0 } };
const struct verb cmd_export_verb = {
	.about = "Writes a container's files as a tar archive: its image's with its own changes, without volumes and other mounts.",
	.groups = export_groups, .values_size = sizeof(struct export_values), .args = VERB_EXACT, .arg_count = 1, .run = run_export,
};
