/* cmd_restart.c - restart and rename */
#include "cli/pick.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/ctr_life.h"

#include <stdio.h>

struct restart_values {
	char **filter, **cidfile;
	int time_s;
	bool time_given, all, latest, running;
};

static int check_words(const struct restart_values *v, char **words, struct err *err)
{
	if (words[0] && (v->latest || v->cidfile))
		return err_set(err, ERR_USAGE, v->latest ? "--latest and containers cannot be used together" :
							    "no arguments are needed with --latest or --cidfile");
	return 0;
}

static int run_restart(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct restart_values *v = values;
	const struct pick_opts how = { .words = words, .filters = v->filter, .cidfiles = v->cidfile, .all = v->all, .latest = v->latest };
	auto_ptr(engine) engine = NULL;
	auto_val(pick) pick = { 0 };
	int code = 0;
	if (check_words(v, words, err) < 0 || session_open(cli, ENGINE_WRITE, &engine, err) < 0 || pick_ctrs(engine, &how, &pick, err) < 0)
		return -1;
	for (size_t i = 0; i < pick.count; i++) {
		if (v->running && pick.ctrs[i]->status.state != CTR_RUNNING)
			continue; /* COMPAT: of those named, too */
		if (ctr_restart(engine, pick.ctrs[i], v->time_given ? v->time_s : -1, err) < 0)
			session_report(err, &code);
		else
			printf("%s\n", pick.shown[i]);
	}
	return code ? 125 : 0; /* COMPAT: whatever start says */
}

static void restart_init(void *values)
{
	*(struct restart_values *)values = (struct restart_values){ .time_s = -1 };
}

#define AT(member) FLAG_AT(struct restart_values, member)
static const struct flag restart_rows[] = {
	{ "all", 'a', FLAG_BOOL, AT(all), .help = "Restart every container, running or not" },
	{ "cidfile", 0, FLAG_ARRAY, AT(cidfile), .help = "Read the container's ID from the file" },
	{ "filter", 'f', FLAG_ARRAY, AT(filter), .help = "Restart the containers that match" },
	{ "latest", 'l', FLAG_BOOL, AT(latest), .help = "Take the container made last" },
	{ "running", 0, FLAG_BOOL, AT(running), .help = "Only containers that run" },
	{ "time", 't', FLAG_INT, AT(time_s), FLAG_GIVEN(struct restart_values, time_given), .def = "10", .aliases = "timeout",
	  .help = "Seconds to wait before the container is killed" },
};
static const struct flag_group restart_groups[] = { { restart_rows, ARRAY_LEN(restart_rows), 0 }, { 0 } };
const struct verb cmd_restart_verb = {
	.about = "Stops containers that run, and starts them again; those that do not run are started.",
	.groups = restart_groups, .values_size = sizeof(struct restart_values), .init = restart_init, .run = run_restart,
};

/* --- rename --- */

static int run_rename(struct cli *cli, void *values, char **words, struct err *err)
{
	auto_ptr(engine) engine = NULL;
	auto_ptr(ctr) ctr = NULL;
	(void)values;
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0 || ctr_open(engine, words[0], &ctr, err) < 0)
		return -1;
	return ctr_rename(engine, ctr, words[1], err);
}

static const struct flag_group no_groups[] = { { 0 } };
const struct verb cmd_rename_verb = {
	.about = "Gives a container, running or not, another name.",
	.groups = no_groups, .args = VERB_EXACT, .arg_count = 2, .run = run_rename,
};
