/* cmd_update.c - update: the flags of create, on top of what a container has */
#include "cli/pick.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/ctr_update.h"
#include "options/ctr_flags.h"

#include <stdio.h>

static int change(struct cli *cli, struct engine *engine, struct ctr *ctr, struct err *err)
{
	const struct flag_line line = { .groups = ctr_update_groups };
	struct ctr_words words;
	struct cli_globals ignored = { 0 };
	ctr_words_init(&words);
	if (ctr_update_begin(engine, ctr, &words.opts, err) < 0) {
		ctr_words_done(&words);
		return -1;
	}
	ctr_words_make_room(&words, cli->words);
	int rc = flag_apply(&line, cli->words, &words, &ignored, err);
	if (rc >= 0)
		rc = ctr_update_apply(engine, ctr, &words.opts, err);
	ctr_update_done(ctr);
	ctr_words_done(&words);
	return rc;
}

static int run_update(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct ctr_words *v = values;
	const struct pick_opts how = { .words = words, .latest = v->latest };
	auto_ptr(engine) engine = NULL;
	auto_val(pick) pick = { 0 };
	if (!words[0] && !v->latest)
		return err_set(err, ERR_USAGE, "\"%s\" requires a name, id, or the \"--latest\" flag", cli->path);
	if (words[0] && words[1])
		return err_set(err, ERR_USAGE, "`%s` accepts at most one argument", cli->path);
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0 || pick_ctrs(engine, &how, &pick, err) < 0 ||
	    change(cli, engine, pick.ctrs[0], err) < 0)
		return -1;
	printf("%s\n", pick.ctrs[0]->id);
	return 0;
}

const struct verb cmd_update_verb = {
	.about = "Changes limits, health checks, the restart policy and variables of a container. Limits and health checks hold at once; variables from its next start on.",
	.groups = ctr_update_groups, .values_size = sizeof(struct ctr_words), .init = ctr_words_init, .done = ctr_words_done, .run = run_update,
};
