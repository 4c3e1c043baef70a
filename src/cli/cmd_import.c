/* cmd_import.c - import: an image from the archive of a root file system */
#include "base/str.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/images_import.h"

#include <stdio.h>
#include <unistd.h>

struct import_values {
	char **change;
	char *arch, *message, *os, *variant, *signature_policy;
	bool quiet;
};

static int run_import(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct import_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_val(progress) progress = { 0 };
	char id[65];
	size_t count = strv_len(words);
	if (count < 1 || count > 2)
		return err_set(err, ERR_USAGE, "accepts between 1 and 2 arg(s), received %zu", count);
	if (strcmp(words[0], "-") == 0 && isatty(STDIN_FILENO))
		return err_set(err, ERR_USAGE, "cannot read from terminal, use command-line redirection");
	progress_init(&progress, v->quiet);
	const struct images_import_opts opts = { .changes = v->change, .message = v->message, .os = v->os, .arch = v->arch,
						 .variant = v->variant, .name = words[1],
						 .signature_policy = v->signature_policy, .progress = progress_images(&progress) };
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0 || images_import(engine, words[0], &opts, id, err) < 0)
		return -1;
	printf("sha256:%s\n", id);
	return 0;
}

#define IMPORT(member) FLAG_AT(struct import_values, member)
static const struct flag import_rows[] = {
	{ "arch", 0, FLAG_STRING, IMPORT(arch), .help = "Architecture of the image" },
	{ "change", 'c', FLAG_ARRAY, IMPORT(change), .def = "[]", .help = "Set this in the configuration: CMD | ENTRYPOINT | ENV | EXPOSE | LABEL | ONBUILD | STOPSIGNAL | USER | VOLUME | WORKDIR" },
	{ "message", 'm', FLAG_STRING, IMPORT(message), .help = "Comment in the image's history" },
	{ "os", 0, FLAG_STRING, IMPORT(os), .help = "Operating system of the image" },
	{ "quiet", 'q', FLAG_BOOL, IMPORT(quiet), .help = "Print the ID only" },
	{ "signature-policy", 0, FLAG_STRING, IMPORT(signature_policy), .bits = FLAG_HIDDEN, .help = "Path of the policy instead of policy.json" },
	{ "variant", 0, FLAG_STRING, IMPORT(variant), .help = "Variant of the image's architecture" },
};
static const struct flag_group import_groups[] = { { import_rows, ARRAY_LEN(import_rows), 0 }, { 0 } };
const struct verb cmd_import_verb = {
	.about = "Makes an image from a tar archive (plain or compressed): a file, an URL, or - for stdin.",
	.libraries = true,
	.groups = import_groups, .values_size = sizeof(struct import_values), .run = run_import,
};
