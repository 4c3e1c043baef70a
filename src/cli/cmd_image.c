/* cmd_image.c - tag, untag, rmi, image exists: names and lives of images */
#include "base/str.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/images.h"

#include <stdio.h>

static const struct flag_group no_groups[] = { { 0 } };

static int run_tag(struct cli *cli, void *values, char **words, struct err *err)
{
	auto_ptr(engine) engine = NULL;
	(void)values;
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0)
		return -1;
	return images_tag(engine, words[0], words + 1, err);
}

const struct verb cmd_tag_verb = {
	.about = "Gives an image of the store one more name, or several.",
	.groups = no_groups, .args = VERB_MIN, .arg_count = 2, .run = run_tag,
};

static int run_untag(struct cli *cli, void *values, char **words, struct err *err)
{
	auto_ptr(engine) engine = NULL;
	(void)values;
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0)
		return -1;
	return images_untag(engine, words[0], words + 1, err);
}

const struct verb cmd_untag_verb = {
	.about = "Takes names away from an image of the store; without names, all of them.",
	.groups = no_groups, .args = VERB_MIN, .arg_count = 1, .run = run_untag,
};

/* --- rmi --- */

struct rmi_values {
	bool all, force, ignore, no_prune;
};

static void print_lines(char *const *lines)
{
	for (; lines && *lines; lines++)
		printf("%s\n", *lines);
}

static int rmi_code(const struct err *err)
{
	if (err_is(err, ERR_NOT_FOUND)) /* COMPAT: 1 where nothing is so named, 2 where it is in use */
		return 1;
	return err_is(err, ERR_IN_USE) ? 2 : err_exit_code(err);
}

static int remove_each(struct engine *engine, char *const *words, const struct images_rm_opts *opts, struct err *err)
{
	int code = 0;
	for (; words && *words; words++) {
		auto_strv lines = NULL;
		int rc = images_remove(engine, *words, opts, &lines, err), ignored = 0;
		print_lines(lines);
		if (rc >= 0)
			continue;
		code = code ? code : rmi_code(err);
		session_report(err, &ignored);
	}
	return code;
}

static int run_rmi(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct rmi_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_strv all = NULL;
	/* of all, one that somebody else removed meanwhile is gone as was asked */
	const struct images_rm_opts opts = { .force = v->force, .no_prune = v->no_prune, .ignore = v->ignore || v->force || v->all, .with_names = v->all };
	if (!words[0] && !v->all)
		return err_set(err, ERR_USAGE, "image name or ID must be specified");
	if (words[0] && v->all)
		return err_set(err, ERR_USAGE, "when using the --all switch, you may not pass any images names or IDs");
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0)
		return -1;
	if (v->all && images_ids(engine, &all, err) < 0)
		return -1;
	return remove_each(engine, v->all ? all : words, &opts, err);
}

#define RMI(member) FLAG_AT(struct rmi_values, member)
static const struct flag rmi_rows[] = {
	{ "all", 'a', FLAG_BOOL, RMI(all), .help = "Remove every image" },
	{ "force", 'f', FLAG_BOOL, RMI(force), .help = "Remove the containers that use the image too, and every name" },
	{ "ignore", 'i', FLAG_BOOL, RMI(ignore), .help = "Leave out images that do not exist" },
	{ "no-prune", 0, FLAG_BOOL, RMI(no_prune), .help = "Keep the nameless images below it" },
};
static const struct flag_group rmi_groups[] = { { rmi_rows, ARRAY_LEN(rmi_rows), 0 }, { 0 } };
const struct verb cmd_rmi_verb = {
	.about = "Removes images from the store, by name or ID.",
	.groups = rmi_groups, .values_size = sizeof(struct rmi_values), .run = run_rmi,
};

/* --- image exists --- */

static int run_exists(struct cli *cli, void *values, char **words, struct err *err)
{
	auto_ptr(engine) engine = NULL;
	bool exists = false;
	(void)values;
	if (session_open(cli, ENGINE_READ, &engine, err) < 0 || images_exists(engine, words[0], &exists, err) < 0)
		return -1;
	return exists ? 0 : 1;
}

const struct verb cmd_image_exists_verb = {
	.about = "Ends with 0 when the image is in the store, with 1 when it is not.",
	.groups = no_groups, .args = VERB_EXACT, .arg_count = 1, .run = run_exists,
};
