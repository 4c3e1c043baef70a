/* cmd_clone.c - container clone: the flags of update that limit, on top of what another container has */
#include "cli/progress.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/ctr_clone.h"
#include "engine/ctr_life.h"
#include "options/ctr_flags.h"

#include <stdio.h>

/* words: CONTAINER [NAME [IMAGE]] */
static int make(struct cli *cli, struct engine *engine, const struct ctr *from, char **words, struct ctr **ret, struct err *err)
{
	const struct flag_line line = { .groups = ctr_clone_groups };
	struct cli_globals ignored = { 0 };
	struct ctr_words w;
	auto_val(progress) progress = { 0 };
	ctr_words_init(&w);
	int rc = ctr_clone_begin(from, &w.opts, err);
	if (rc >= 0) {
		ctr_words_make_room(&w, cli->words);
		rc = flag_apply(&line, cli->words, &w, &ignored, err);
	}
	if (rc >= 0 && words[1]) {
		free(w.opts.def.name);
		w.opts.def.name = mem_strdup(words[1]);
	}
	if (rc >= 0) {
		w.opts.image = words[1] && words[2] ? mem_strdup(words[2]) : NULL;
		progress_init(&progress, false);
		rc = ctr_clone(engine, from, &w.opts, progress_images(&progress), ret, err);
	}
	ctr_words_done(&w);
	return rc;
}

static int run_clone(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct ctr_words *v = values;
	auto_ptr(engine) engine = NULL;
	auto_ptr(ctr) from = NULL;
	auto_ptr(ctr) copy = NULL;
	size_t count = strv_len(words);
	int code;
	if (count < 1 || count > 3)
		return err_set(err, ERR_USAGE, "accepts between 1 and 3 arg(s), received %zu", count);
	if (v->force && !v->destroy)
		return err_set(err, ERR_USAGE, "cannot set --force without --destroy: invalid argument");
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0 || ctr_open(engine, words[0], &from, err) < 0 ||
	    make(cli, engine, from, words, &copy, err) < 0)
		return -1;
	if (v->destroy && ctr_remove(engine, from, &(struct ctr_rm_opts){ .force = v->force, .time_s = -1 }, err) < 0)
		return -1;
	if (v->start && ctr_start(engine, copy, &(struct ctr_start_opts){ 0 }, &code, err) < 0)
		return -1;
	printf("%s\n", copy->id);
	return 0;
}

const struct verb cmd_container_clone_verb = {
	.about = "Makes another container as one is, from its image or from IMAGE; what it has written is not copied.\n\n"
		 "Its name is NAME-clone, unless another is given. Anonymous volumes are shared by both.",
	.groups = ctr_clone_groups, .values_size = sizeof(struct ctr_words), .init = ctr_words_init, .done = ctr_words_done, .run = run_clone,
};
