/* cmd_explain_run.c - explain run, explain CONTAINER: what a container would be, or is, and who said so */
#include "base/log.h"
#include "base/str.h"
#include "cli/explain_text.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "codec/json.h"
#include "codec/json_out.h"
#include "engine/ctr_create.h"
#include "engine/explain.h"
#include "options/ctr_flags.h"
#include "options/ctr_flags_note.h"
#include "options/flag_conf.h"

/* --- the words of run --- */

/* As run does it, up to where something would be made. */
static int prepare(struct engine *engine, const struct cli *cli, struct ctr_words *w, const struct flag_words *seen, char **words, struct ctr **ret,
		   struct err *err)
{
	w->opts.origins = origins_new();
	ctr_words_configure(w, &cli->conf);
	if (ctr_words_finish(w, words, err) < 0)
		return -1;
	ctr_flags_note(w, seen, &cli->conf);
	return ctr_prepare(engine, &w->opts, NULL, ret, err);
}

static void print(const struct explain *x, const char *format)
{
	if (str_eq(format, "json")) {
		auto_ptr(json) all = explain_json_new(x);
		session_put_json(all, &json_style_indent4);
	} else {
		auto_str out = { 0 };
		explain_text_write(x, session_in_colour(), &out);
		session_put(str_text(&out));
	}
}

static int run_explain_run(struct cli *cli, void *values, char **words, struct err *err)
{
	struct ctr_words *w = values;
	auto_ptr(engine) engine = NULL;
	auto_ptr(ctr) ctr = NULL;
	auto_ptr(explain) x = NULL;
	if (session_open(cli, ENGINE_LOOK, &engine, err) < 0 || prepare(engine, cli, w, cli->words, words, &ctr, err) < 0)
		return -1;
	if (explain_new(engine, ctr, w->opts.origins, &x, err) < 0)
		return -1;
	print(x, w->format);
	return 0;
}

/* --- a container that is there --- */

/* The words after run or create, in the command that made it. */
static char **find_words(struct flag_words *front)
{
	char **rest = front->rest;
	if (*rest && strcmp(*rest, "container") == 0)
		rest++;
	return *rest && (strcmp(*rest, "run") == 0 || strcmp(*rest, "create") == 0) ? rest + 1 : NULL;
}

/* What these words would come to now, called as this container is. */
static int explain_again(struct engine *engine, const struct cli *cli, const struct ctr *ctr, struct ctr_words *w, const struct flag_words *seen,
			 struct explain **ret, struct err *err)
{
	auto_ptr(ctr) again = NULL;
	if (prepare(engine, cli, w, seen, seen->rest, &again, err) < 0)
		return -1;
	memcpy(again->id, ctr->id, sizeof(again->id));
	free(again->def.name);
	again->def.name = mem_strdup(ctr->def.name);
	return explain_new(engine, again, w->opts.origins, ret, err);
}

static int explain_words(struct engine *engine, const struct cli *cli, const struct ctr *ctr, struct explain **ret, struct err *err)
{
	const struct flag_line outer = { .groups = global_flags_root, .globals = global_flags_anywhere, .stop_at_first = true };
	const struct flag_line line = { .groups = ctr_run_groups, .globals = global_flags_anywhere, .stop_at_first = true };
	auto_val(flag_words) front = { 0 }, seen = { 0 };
	struct cli_globals globals = { 0 };
	if (!ctr->def.create_command || flag_parse(&outer, ctr->def.create_command + 1, &front, err) < 0)
		return err->kind ? -1 : err_set(err, ERR_NOT_FOUND, "its command is not kept");
	char **words = find_words(&front);
	if (!words)
		return err_set(err, ERR_NOT_FOUND, "it was not made by run or create");
	if (flag_parse(&line, words, &seen, err) < 0 || flag_conf_add(line.groups, FLAG_CONF_CREATE | FLAG_CONF_KEYS, &cli->conf, &seen, err) < 0)
		return -1;
	struct ctr_words w;
	ctr_words_init(&w);
	int rc = flag_apply(&line, &seen, &w, &globals, err);
	if (rc >= 0)
		rc = explain_again(engine, cli, ctr, &w, &seen, ret, err);
	ctr_words_done(&w);
	flag_values_done(global_flags_anywhere, &globals);
	return rc;
}

struct explain_values {
	char *format;
};

static int run_explain(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct explain_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_ptr(ctr) ctr = NULL;
	auto_ptr(explain) x = NULL;
	auto_ptr(explain) again = NULL;
	struct err why = { 0 };
	if (session_open(cli, ENGINE_LOOK, &engine, err) < 0 || ctr_open(engine, words[0], &ctr, err) < 0 ||
	    explain_new(engine, ctr, NULL, &x, err) < 0)
		return -1;
	if (explain_words(engine, cli, ctr, &again, &why) >= 0)
		explain_take_origins(x, again);
	else
		log_warn("who said what cannot be told any more: %s", why.text);
	print(x, v->format);
	return 0;
}

static const struct flag explain_rows[] = {
	{ "format", 'f', FLAG_CHOICE, FLAG_AT(struct explain_values, format), .choices = explain_formats, .def = "text", .help = "Print as text or as JSON (\"text\"|\"json\")" },
};
static const struct flag_group explain_groups[] = { { explain_rows, ARRAY_LEN(explain_rows), 0 }, { 0 } };

const struct verb cmd_explain_verb = {
	.about = "Shows what a container is: each value, and who said it. That is found by reading the command that made it once more: where it comes to\n"
		 "something else now (the image, the environment or containers.conf has changed, or update was used), the value is kept in the container's\n"
		 "definition, and nobody can tell. At the end stands what this host does not enforce.",
	.groups = explain_groups, .values_size = sizeof(struct explain_values), .conf = FLAG_CONF_CREATE, .args = VERB_EXACT, .arg_count = 1,
	.run = run_explain,
};

const struct verb cmd_explain_run_verb = {
	.about = "Shows what run would start with these words, and starts, makes and brings nothing: each value with the flag, the line of containers.conf,\n"
		 "the image or the environment that said it, the ids of users drawn, the mounts in their order, and at the end what this host\n"
		 "does not enforce. An image has to be here.",
	.groups = ctr_explain_groups, .values_size = sizeof(struct ctr_words), .init = ctr_words_init, .done = ctr_words_done,
	.conf = FLAG_CONF_CREATE | FLAG_CONF_PULL | FLAG_CONF_KEYS, .stop_at_first = true, .args = VERB_MIN, .arg_count = 1, .run = run_explain_run,
};
