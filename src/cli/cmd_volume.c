/* cmd_volume.c - volume create, exists, rm; volume ls is in cmd_volume_ls.c, volume inspect in cmd_inspect.c */
#include "base/str.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/volume.h"

#include <stdio.h>

/* --- create --- */

struct create_values {
	char **label, **opt;
	char *driver;
	uint32_t uid, gid;
	bool ignore, uid_given, gid_given;
};

static int run_create(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct create_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_free char *name = NULL;
	const struct volume_opts opts = {
		.name = words[0], .driver = v->driver, .labels = v->label, .options = v->opt, .uid = v->uid, .gid = v->gid,
		.owned = v->uid_given || v->gid_given, .ignore = v->ignore,
	};
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0 || volume_create(engine, &opts, &name, err) < 0)
		return -1;
	printf("%s\n", name);
	return 0;
}

#define CREATE(member) FLAG_AT(struct create_values, member)
static const struct flag create_rows[] = {
	{ "driver", 'd', FLAG_STRING, CREATE(driver), .def = "local", .help = "Driver of the volume: local" },
	{ "gid", 0, FLAG_UINT, CREATE(gid), FLAG_GIVEN(struct create_values, gid_given), .meta = "int", .help = "Group that owns the volume" },
	{ "ignore", 0, FLAG_BOOL, CREATE(ignore), .help = "Do not fail when the volume is there" },
	{ "label", 'l', FLAG_ARRAY, CREATE(label), .help = "Label of the volume (key=value)" },
	{ "opt", 'o', FLAG_ARRAY, CREATE(opt), .help = "Option of the driver: type, device, o" },
	{ "uid", 0, FLAG_UINT, CREATE(uid), FLAG_GIVEN(struct create_values, uid_given), .meta = "int", .help = "User who owns the volume" },
};
static const struct flag_group create_groups[] = { { create_rows, ARRAY_LEN(create_rows), 0 }, { 0 } };
const struct verb cmd_volume_create_verb = {
	.about = "Makes a volume, which containers share and which outlives them.",
	.groups = create_groups, .values_size = sizeof(struct create_values), .args = VERB_MAX, .arg_count = 1, .run = run_create,
};

/* --- exists --- */

static int run_exists(struct cli *cli, void *values, char **words, struct err *err)
{
	auto_ptr(engine) engine = NULL;
	(void)values;
	if (session_open(cli, ENGINE_READ, &engine, err) < 0)
		return -1;
	return volume_exists(engine, words[0]) ? 0 : 1;
}

static const struct flag_group no_groups[] = { { 0 } };
const struct verb cmd_volume_exists_verb = {
	.about = "Ends with 0 when the volume exists, with 1 when it does not.",
	.groups = no_groups, .args = VERB_EXACT, .arg_count = 1, .run = run_exists,
};

/* --- rm --- */

struct rm_values {
	bool all, force, time_given;
	int time_s;
};

/* COMPAT: 2 where a container uses it, 1 where it does not exist, 125 otherwise; the worst of several. */
static void report(struct err *err, int *code)
{
	int one = err_is(err, ERR_IN_USE) ? 2 : err_is(err, ERR_NOT_FOUND) ? 1 : 125, ignored = 0;
	if (!*code || one > *code)
		*code = one;
	session_report(err, &ignored);
}

static int rm_one(struct engine *engine, const char *word, const struct rm_values *v, struct err *err)
{
	auto_free char *name = NULL;
	if (volume_find(engine, word, &name, err) < 0 ||
	    volume_remove(engine, name, v->force, v->time_given ? v->time_s : -1, err) < 0) {
		if (!v->force || !err_is(err, ERR_NOT_FOUND))
			return -1;
		err_clear(err); /* COMPAT: what is not there is gone */
		return 0;
	}
	printf("%s\n", name);
	return 0;
}

static int all_names(struct engine *engine, char ***ret, struct err *err)
{
	struct volume **list;
	size_t count;
	if (volume_list(engine, NULL, false, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		strv_add(ret, list[i]->name);
	volume_list_free(list, count);
	return 0;
}

static int run_rm(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct rm_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_strv all = NULL;
	int code = 0;
	if (v->time_given && !v->force)
		return err_set(err, ERR_USAGE, "--force option must be specified to use the --time option");
	if (!words[0] == !v->all)
		return err_set(err, ERR_USAGE, "choose either one or more volumes or all");
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0 || (v->all && all_names(engine, &all, err) < 0))
		return -1;
	for (char **word = v->all ? all : words; word && *word; word++)
		if (rm_one(engine, *word, v, err) < 0)
			report(err, &code);
	return code;
}

#define RM(member) FLAG_AT(struct rm_values, member)
static const struct flag rm_rows[] = {
	{ "all", 'a', FLAG_BOOL, RM(all), .help = "Remove every volume" },
	{ "force", 'f', FLAG_BOOL, RM(force), .help = "Remove the containers that use it, too" },
	{ "time", 't', FLAG_INT, RM(time_s), FLAG_GIVEN(struct rm_values, time_given), .def = "10", .help = "Seconds to wait before a running container is killed" },
};
static const struct flag_group rm_groups[] = { { rm_rows, ARRAY_LEN(rm_rows), 0 }, { 0 } };
const struct verb cmd_volume_rm_verb = {
	.about = "Removes volumes and what lies in them.\n\nA volume that a container uses is removed only with --force, and the container with it.",
	.groups = rm_groups, .values_size = sizeof(struct rm_values), .run = run_rm,
};
