/* cmd_container.c - container exists, container cleanup */
#include "base/str.h"
#include "cli/pick.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/ctr_life.h"
#include "engine/ctr_policy.h"
#include "engine/images.h"

#include <stdio.h>

/* --- exists --- */

static int run_exists(struct cli *cli, void *values, char **words, struct err *err)
{
	auto_ptr(engine) engine = NULL;
	auto_ptr(ctr) ctr = NULL;
	(void)values;
	if (session_open(cli, ENGINE_READ, &engine, err) < 0)
		return -1;
	if (ctr_open(engine, words[0], &ctr, err) >= 0)
		return 0;
	if (!err_is(err, ERR_NOT_FOUND))
		return -1;
	err_clear(err);
	return 1;
}

static const struct flag exists_rows[] = {
	{ "external", 0, FLAG_BOOL, .bits = FLAG_NO_EFFECT, .help = "Look at containers of other programs too; the store has none" },
};
static const struct flag_group exists_groups[] = { { exists_rows, ARRAY_LEN(exists_rows), 0 }, { 0 } };
const struct verb cmd_container_exists_verb = {
	.about = "Ends with 0 when the container exists, with 1 when it does not.",
	.groups = exists_groups, .args = VERB_EXACT, .arg_count = 1, .run = run_exists,
};

/* --- cleanup: what a monitor calls when its container has ended --- */

enum { CLEANUP_MS = 60 * 1000 }; /* nobody waits for it */

struct cleanup_values {
	bool all, latest, rm, rmi, ended;
};

static int cleanup_one(struct engine *engine, struct ctr *ctr, const struct cleanup_values *v, struct err *err)
{
	auto_free char *image = v->rmi && ctr->def.image_name ? mem_strdup(ctr->def.image_name) : NULL;
	auto_strv lines = NULL;
	if (ctr_cleanup(engine, ctr, v->rm, err) < 0 || (v->ended && ctr_policy_ended(engine, ctr, err) < 0))
		return -1;
	return image ? images_remove(engine, image, &(struct images_rm_opts){ 0 }, &lines, err) : 0;
}

static int run_cleanup(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct cleanup_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_val(pick) pick = { 0 };
	int code = 0;
	/* gone already: another process was faster */
	const struct pick_opts how = { .words = words, .all = v->all, .latest = v->latest, .ignore = true };
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0 || pick_ctrs(engine, &how, &pick, err) < 0)
		return -1;
	if (v->rm && !pick.count)
		ctr_sweep(engine, CLEANUP_MS);
	for (size_t i = 0; i < pick.count; i++) {
		if (cleanup_one(engine, pick.ctrs[i], v, err) < 0)
			session_report(err, &code);
		else
			printf("%s\n", pick.shown[i]);
	}
	return code;
}

#define CLEANUP(member) FLAG_AT(struct cleanup_values, member)
static const struct flag cleanup_rows[] = {
	{ "all", 'a', FLAG_BOOL, CLEANUP(all), .help = "Take every container" },
	{ "ended", 0, FLAG_BOOL, CLEANUP(ended), .bits = FLAG_HIDDEN, .help = "It has just ended: start it again where its policy says so" },
	{ "exec", 0, FLAG_STRING, .bits = FLAG_NOT_YET, .instead = "programs run by exec leave nothing", .help = "Clean up after this exec session" },
	{ "latest", 'l', FLAG_BOOL, CLEANUP(latest), .help = "Take the container made last" },
	{ "rm", 0, FLAG_BOOL, CLEANUP(rm), .help = "Remove the container too" },
	{ "rmi", 0, FLAG_BOOL, CLEANUP(rmi), .help = "Remove the image too" },
	{ "stopped-only", 0, FLAG_BOOL, .bits = FLAG_NO_EFFECT | FLAG_HIDDEN, .help = "Leave running containers alone; they always are" },
};
static const struct flag_group cleanup_groups[] = { { cleanup_rows, ARRAY_LEN(cleanup_rows), 0 }, { 0 } };
const struct verb cmd_container_cleanup_verb = {
	.about = "Releases the network, the mounts and the cgroup of containers that have ended.\n\nThe monitor of a container does this; by hand it is needed only after a crash.",
	.groups = cleanup_groups, .values_size = sizeof(struct cleanup_values), .run = run_cleanup,
};
