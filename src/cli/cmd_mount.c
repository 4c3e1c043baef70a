/* cmd_mount.c - mount, unmount: root file systems of containers on the host */
#include "base/str.h"
#include "cli/format.h"
#include "cli/pick.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "codec/json_out.h"
#include "engine/ctr_mount.h"
#include "engine/mount_place.h"

#include <stdio.h>

struct mount_values {
	char *format;
	bool all, latest, whole;
};

/* --- what is mounted --- */

static void add_json(struct json_out *o, const struct ctr *ctr, const char *path)
{
	json_out_open_object(o, NULL);
	json_out_str(o, "id", ctr->id);
	json_out_open_array(o, "Names");
	json_out_str(o, NULL, ctr->def.name);
	json_out_close_array(o);
	json_out_str(o, "mountpoint", path);
	json_out_close_object(o);
}

static int list(struct engine *engine, const struct mount_values *v, struct err *err)
{
	static const struct json_style style = { .prefix = "", .indent = " " };
	auto_val(pick) pick = { 0 };
	auto_str json = { 0 }, lines = { 0 }, table = { 0 };
	struct json_out o = json_out(&json, &style);
	if (pick_ctrs(engine, &(struct pick_opts){ .all = true }, &pick, err) < 0)
		return -1;
	json_out_open_array(&o, NULL);
	for (size_t i = 0; i < pick.count; i++) {
		auto_free char *path = ctr_mount_path_dup(engine, pick.ctrs[i]);
		if (!path)
			continue;
		add_json(&o, pick.ctrs[i], path);
		str_addf(&lines, "%.*s\t%s\n", v->whole ? 64 : 12, pick.ctrs[i]->id, path);
	}
	json_out_close_array(&o);
	if (!v->format && lines.len)
		format_columns(&table, str_text(&lines));
	printf("%s%s", v->format ? str_text(&json) : str_text(&table), v->format ? "\n" : "");
	return 0;
}

/* --- mount --- */

static int mount_each(struct engine *engine, const struct mount_values *v, char **words, struct err *err)
{
	const struct pick_opts how = { .words = words, .all = v->all, .latest = v->latest };
	auto_val(pick) pick = { 0 };
	int code = 0;
	if (pick_ctrs(engine, &how, &pick, err) < 0)
		return -1;
	for (size_t i = 0; i < pick.count; i++) {
		auto_free char *path = NULL;
		if (ctr_mount(engine, pick.ctrs[i], &path, err) < 0)
			session_report(err, &code);
		else
			printf("%s\n", path);
	}
	return code;
}

static int run_mount(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct mount_values *v = values;
	auto_ptr(engine) engine = NULL;
	if (words[0] && v->all)
		return err_set(err, ERR_USAGE, "no arguments are needed with --all");
	if (mount_place_check_user(cli->path, err) < 0)
		return -1;
	if (v->format && strcmp(v->format, "json") != 0)
		return err_set(err, ERR_USAGE, "unknown --format argument: \"%s\"", v->format);
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0)
		return -1;
	return words[0] || v->all || v->latest ? mount_each(engine, v, words, err) : list(engine, v, err);
}

static const struct flag mount_rows[] = {
	{ "all", 'a', FLAG_BOOL, FLAG_AT(struct mount_values, all), .help = "Mount all containers" },
	{ "format", 0, FLAG_STRING, FLAG_AT(struct mount_values, format), .help = "Print what is mounted as JSON (json)" },
	{ "latest", 'l', FLAG_BOOL, FLAG_AT(struct mount_values, latest), .help = "Take the container made last" },
	{ "no-trunc", 0, FLAG_BOOL, FLAG_AT(struct mount_values, whole), .aliases = "notruncate", .help = "Print whole IDs" },
};
static const struct flag_group mount_groups[] = { { mount_rows, ARRAY_LEN(mount_rows), 0 }, { 0 } };
const struct verb cmd_mount_verb = {
	.about = "Mounts root file systems of containers on the host and prints where. Without containers: shows what is mounted.\n\n"
		 "An ordinary user mounts inside unshare, and until that ends.",
	.groups = mount_groups, .values_size = sizeof(struct mount_values), .run = run_mount,
};

/* --- unmount --- */

struct unmount_values {
	bool all, force, latest;
};

static int run_unmount(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct unmount_values *v = values;
	const struct pick_opts how = { .words = words, .all = v->all, .latest = v->latest };
	auto_ptr(engine) engine = NULL;
	auto_val(pick) pick = { 0 };
	int code = 0;
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0 || pick_ctrs(engine, &how, &pick, err) < 0)
		return -1;
	for (size_t i = 0; i < pick.count; i++) {
		auto_free char *path = v->all ? ctr_mount_path_dup(engine, pick.ctrs[i]) : NULL;
		if (v->all && !path)
			continue;
		if (ctr_mount_undo(engine, pick.ctrs[i], v->force, err) < 0)
			session_report(err, &code);
		else
			printf("%s\n", pick.shown[i]);
	}
	return code;
}

static const struct flag unmount_rows[] = {
	{ "all", 'a', FLAG_BOOL, FLAG_AT(struct unmount_values, all), .help = "Unmount all containers that are mounted" },
	{ "force", 'f', FLAG_BOOL, FLAG_AT(struct unmount_values, force), .help = "Unmount however often it was mounted, and though it is in use" },
	{ "latest", 'l', FLAG_BOOL, FLAG_AT(struct unmount_values, latest), .help = "Take the container made last" },
};
static const struct flag_group unmount_groups[] = { { unmount_rows, ARRAY_LEN(unmount_rows), 0 }, { 0 } };
const struct verb cmd_unmount_verb = {
	.about = "Unmounts root file systems of containers.\n\nA container that was mounted several times is unmounted as often.",
	.groups = unmount_groups, .values_size = sizeof(struct unmount_values), .run = run_unmount,
};
