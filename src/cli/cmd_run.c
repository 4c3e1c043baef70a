/* cmd_run.c - run and create */
#include "base/log.h"
#include "base/str.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/boot_notice.h"
#include "engine/ctr_create.h"
#include "engine/ctr_fds.h"
#include "engine/ctr_life.h"
#include "engine/ctr_log.h"
#include "options/ctr_flags.h"
#include "options/flag_conf.h"

#include <stdio.h>

typedef int making(struct engine *engine, struct ctr_opts *opts, const struct images_progress *progress, struct ctr **ret, struct err *err);

static int make(struct cli *cli, struct ctr_words *w, char **words, making *how, struct engine **ret_engine, struct ctr **ret, struct err *err)
{
	auto_ptr(engine) engine = NULL;
	auto_val(progress) progress = { 0 };
	ctr_words_configure(w, &cli->conf);
	if (ctr_words_finish(w, words, err) < 0 || session_open(cli, ENGINE_WRITE, &engine, err) < 0)
		return -1;
	strv_extend(&w->opts.def.create_command, cli->argv);
	progress_init(&progress, w->opts.quiet);
	int rc = how(engine, &w->opts, progress_images(&progress), ret, err);
	if (rc < 0)
		return -1;
	boot_notice(engine, &(*ret)->def);
	*ret_engine = take_ptr(engine);
	return 0;
}

/* COMPAT: standard output is the container's where it is passed through */
static void print_id(const struct ctr *ctr)
{
	if (!ctr_log_passes(&ctr->def))
		printf("%s\n", ctr->id);
}

static int run_create(struct cli *cli, void *values, char **words, struct err *err)
{
	auto_ptr(engine) engine = NULL;
	auto_ptr(ctr) ctr = NULL;
	if (make(cli, values, words, ctr_create, &engine, &ctr, err) < 0)
		return -1;
	print_id(ctr);
	return 0;
}

/* Without --attach: all that fit. */
static struct ctr_start_opts streams(const struct ctr_opts *o)
{
	struct ctr_start_opts s = { .sig_proxy = o->sig_proxy };
	if (o->detach)
		return s;
	bool all = !o->attach;
	s.attach_stdin = all ? o->def.interactive : strv_has(o->attach, "stdin");
	s.attach_stdout = all || strv_has(o->attach, "stdout");
	s.attach_stderr = all || strv_has(o->attach, "stderr");
	return s;
}

static void remove_image(struct engine *engine, const struct ctr_def *def)
{
	struct err why = { 0 };
	auto_strv lines = NULL;
	if (images_remove(engine, def->image_name, &(struct images_rm_opts){ 0 }, &lines, &why) < 0)
		log_warn("image %s was not removed: %s", def->image_name, why.text);
}

static int run_run(struct cli *cli, void *values, char **words, struct err *err)
{
	struct ctr_words *w = values;
	auto_ptr(engine) engine = NULL;
	auto_ptr(ctr) ctr = NULL;
	struct ctr_start_opts how = streams(&w->opts);
	auto_free int *preserve = NULL;
	bool detached = w->opts.detach, remove_the_image = w->opts.rmi;
	int code = 0;
	if (ctr_fds_read(w->opts.preserve_fds, w->opts.preserve_fd, &preserve, err) < 0)
		return -1;
	how.preserve = preserve;
	if (make(cli, w, words, ctr_prepare, &engine, &ctr, err) < 0)
		return -1;
	if (ctr_run(engine, ctr, &how, &code, err) < 0) {
		if (!err_is(err, ERR_CMD_NOT_FOUND) && !err_is(err, ERR_USAGE) && !err_is(err, ERR_UNSUPPORTED))
			err->kind = ERR_CMD_NOT_EXECUTABLE; /* COMPAT: 126 for a container that was made and could not start */
		return -1;
	}
	if (detached)
		print_id(ctr);
	else if (remove_the_image)
		remove_image(engine, &ctr->def);
	return code;
}

const struct verb cmd_create_verb = {
	.about = "Makes a container from an image, ready to run the command, and prints its ID.\n\nstart runs it.",
	.groups = ctr_create_groups, .values_size = sizeof(struct ctr_words), .init = ctr_words_init, .done = ctr_words_done,
	.conf = FLAG_CONF_CREATE | FLAG_CONF_PULL, .stop_at_first = true, .args = VERB_MIN, .arg_count = 1, .run = run_create,
};

const struct verb cmd_run_verb = {
	.about = "Makes a container from an image and runs a command in it",
	.groups = ctr_run_groups, .values_size = sizeof(struct ctr_words), .init = ctr_words_init, .done = ctr_words_done,
	.conf = FLAG_CONF_CREATE | FLAG_CONF_PULL | FLAG_CONF_KEYS, .stop_at_first = true, .args = VERB_MIN, .arg_count = 1, .run = run_run,
};
