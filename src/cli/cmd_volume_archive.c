/* cmd_volume_archive.c - volume export, import */
#include "base/str.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/volume_archive.h"

#include <unistd.h>

struct export_values {
	char *output;
};

static int run_export(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct export_values *v = values;
	const char *output = v->output && *v->output ? v->output : NULL;
	auto_ptr(engine) engine = NULL;
	if (!output && isatty(STDOUT_FILENO))
		return err_set(err, ERR_USAGE, "refusing to export to terminal. Use -o flag or redirect");
	return session_open(cli, ENGINE_WRITE, &engine, err) < 0 ? -1 : volume_export(engine, words[0], output, err);
}

static int run_import(struct cli *cli, void *values, char **words, struct err *err)
{
	auto_ptr(engine) engine = NULL;
	if (strcmp(words[1], "-") == 0 && isatty(STDIN_FILENO))
		return err_set(err, ERR_USAGE, "cannot read from terminal, use command-line redirection");
	return session_open(cli, ENGINE_WRITE, &engine, err) < 0 ? -1 : volume_import(engine, words[0], words[1], err);
}

static const struct flag export_rows[] = {
	{ "output", 'o', FLAG_STRING, FLAG_AT(struct export_values, output), .help = "Write to this file (default: stdout, which must not be a terminal)" },
};
static const struct flag_group export_groups[] = { { export_rows, ARRAY_LEN(export_rows), 0 }, { 0 } };
const struct verb cmd_volume_export_verb = {
	.about = "Writes the files of a volume as a tar archive.",
	.groups = export_groups, .values_size = sizeof(struct export_values), .args = VERB_EXACT, .arg_count = 1, .run = run_export,
};
static const struct flag_group no_groups[] = { { 0 } };
const struct verb cmd_volume_import_verb = {
	.about = "Puts the files of a tar archive (plain or compressed) into a volume: of a file, or - for stdin. What is there stays, unless the archive has it.",
	.libraries = true,
	.groups = no_groups, .args = VERB_EXACT, .arg_count = 2, .run = run_import,
};
