/* cmd_healthcheck.c - healthcheck run */
#include "base/log.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/ctr_health.h"
#include "engine/ctr_notify.h"

#include <stdio.h>

struct healthcheck_values {
	bool from_monitor;
};

static int run_healthcheck(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct healthcheck_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_ptr(ctr) ctr = NULL;
	struct ctr_health_result result = { 0 };
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0)
		return -1;
	if (ctr_open(engine, words[0], &ctr, err) < 0)
		return err_wrap(err, "unable to look up %s to perform a health check", words[0]);
	int rc = ctr_health_run(engine, ctr, &result, err);
	if (v->from_monitor) {
		if (rc >= 0 && result.turned_well)
			rc = ctr_notify_healthy(&ctr->def, err);
		if (rc < 0)
			log_debug("%s", err->text);
		err_clear(err); /* the record has said it, to whoever asks */
		return result.monitor_word;
	}
	if (rc < 0)
		return -1;
	if (result.word[0])
		printf("%s\n", result.word);
	return result.word[0] != 0;
}

static const struct flag healthcheck_rows[] = {
	{ "from-monitor", 0, FLAG_BOOL, FLAG_AT(struct healthcheck_values, from_monitor), .bits = FLAG_HIDDEN, .help = "The monitor's timer calls: the exit code is for it" },
};
static const struct flag_group healthcheck_groups[] = { { healthcheck_rows, ARRAY_LEN(healthcheck_rows), 0 }, { 0 } };
const struct verb cmd_healthcheck_run_verb = {
	.about = "Runs the health check of a container once.\n\nEnds with 0 when it is healthy, with 1 when it is not, with 125 when it cannot be asked.",
	.groups = healthcheck_groups, .values_size = sizeof(struct healthcheck_values), .args = VERB_EXACT, .arg_count = 1, .run = run_healthcheck,
};
