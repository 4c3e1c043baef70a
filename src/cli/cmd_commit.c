/* cmd_commit.c - commit: an image from a container */
#include "base/str.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/ctr_commit.h"

#include <stdio.h>

struct commit_values {
	char *author, *config, *format, *iidfile, *message;
	char **change;
	bool include_volumes, pause, quiet, squash;
};

static int run_commit(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct commit_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_ptr(ctr) ctr = NULL;
	auto_val(progress) progress = { 0 };
	char id[65];
	size_t count = strv_len(words);
	if (count < 1 || count > 2)
		return err_set(err, ERR_USAGE, "accepts between 1 and 2 arg(s), received %zu", count);
	progress_init(&progress, v->quiet);
	const struct ctr_commit_opts opts = { .name = words[1], .format = v->format ? v->format : "oci", .author = v->author, .message = v->message, .iidfile = v->iidfile,
					      .config = v->config, .changes = v->change, .include_volumes = v->include_volumes, .pause = v->pause,
					      .squash = v->squash, .progress = progress_images(&progress) };
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0 || ctr_open(engine, words[0], &ctr, err) < 0 ||
	    ctr_commit(engine, ctr, &opts, id, err) < 0)
		return -1;
	printf("%s\n", id);
	return 0;
}

#define COMMIT(member) FLAG_AT(struct commit_values, member)
static const struct flag commit_rows[] = {
	{ "author", 'a', FLAG_STRING, COMMIT(author), .help = "Author of the image" },
	{ "change", 'c', FLAG_ARRAY, COMMIT(change), .def = "[]", .help = "Set this in the configuration: CMD | ENTRYPOINT | ENV | EXPOSE | LABEL | ONBUILD | STOPSIGNAL | USER | VOLUME | WORKDIR" },
	{ "config", 0, FLAG_STRING, COMMIT(config), .meta = "file", .help = "Merge this configuration (JSON) into the image's" },
	{ "format", 'f', FLAG_STRING, COMMIT(format), .def = "oci", .meta = "Format", .help = "Format of the manifest and the configuration: oci, docker" },
	{ "iidfile", 0, FLAG_STRING, COMMIT(iidfile), .meta = "file", .help = "Write the image's ID to this file" },
	{ "include-volumes", 0, FLAG_BOOL, COMMIT(include_volumes), .help = "Make the container's volumes volumes of the image" },
	{ "message", 'm', FLAG_STRING, COMMIT(message), .help = "Comment of the image (docker format)" },
	{ "pause", 'p', FLAG_BOOL, COMMIT(pause), .help = "Pause the container meanwhile" },
	{ "quiet", 'q', FLAG_BOOL, COMMIT(quiet), .help = "Print the ID only" },
	{ "squash", 's', FLAG_BOOL, COMMIT(squash), .help = "Make one layer of all of them" },
};
static const struct flag_group commit_groups[] = { { commit_rows, ARRAY_LEN(commit_rows), 0 }, { 0 } };
const struct verb cmd_commit_verb = {
	.about = "Makes an image from a container: its image with what it has written as one layer more, and its words as the configuration.",
	.libraries = true,
	.groups = commit_groups, .values_size = sizeof(struct commit_values), .run = run_commit,
};
