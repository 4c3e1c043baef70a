/* cmd_image_mount.c - image mount, image unmount: root file systems of images on the host */
#include "base/str.h"
#include "cli/format.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "codec/json_out.h"
#include "engine/images_mount.h"
#include "engine/mount_place.h"

#include <stdio.h>

#define ALL_OR_NAMES "when using the --all switch, you may not pass any image names or IDs"

struct mount_values {
	char *format;
	bool all;
};

static void print_json(const struct images_mounts *m)
{
	static const struct json_style style = { .prefix = "", .indent = " " };
	auto_str text = { 0 };
	struct json_out o = json_out(&text, &style);
	json_out_open_array(&o, NULL);
	for (size_t i = 0; i < m->count; i++) {
		json_out_open_object(&o, NULL);
		json_out_str(&o, "id", m->rows[i].id);
		json_out_open_array(&o, "Names");
		json_out_str(&o, NULL, m->rows[i].digest);
		json_out_close_array(&o);
		json_out_open_array(&o, "Repositories");
		for (char *const *n = m->rows[i].names; n && *n; n++)
			json_out_str(&o, NULL, *n);
		json_out_close_array(&o);
		json_out_str(&o, "mountpoint", m->rows[i].path);
		json_out_close_object(&o);
	}
	json_out_close_array(&o);
	printf("%s\n", str_text(&text));
}

static void print_table(const struct images_mounts *m)
{
	auto_str lines = { 0 }, out = { 0 };
	for (size_t i = 0; i < m->count; i++)
		str_addf(&lines, "%s\t%s\n", m->rows[i].names && *m->rows[i].names ? *m->rows[i].names : m->rows[i].id, m->rows[i].path);
	if (!m->count)
		return;
	format_columns(&out, str_text(&lines));
	fputs(str_text(&out), stdout);
}

static int run_mount(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct mount_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_val(images_mounts) mounts = { 0 };
	size_t count = strv_len(words);
	if (count && v->all)
		return err_set(err, ERR_USAGE, ALL_OR_NAMES);
	if (v->format && strcmp(v->format, "json") != 0)
		return err_set(err, ERR_USAGE, "unknown --format argument: \"%s\"", v->format);
	if (mount_place_check_user(cli->path, err) < 0 || session_open(cli, ENGINE_WRITE, &engine, err) < 0)
		return -1;
	int code = 0, r = 0;
	for (char **word = words; *word; word++)
		if (images_mount(engine, *word, &mounts, err) < 0)
			session_report(err, &code);
	if (!count)
		r = v->all ? images_mount_all(engine, &mounts, err) : images_mount_list(engine, &mounts, err);
	if (r < 0)
		return -1;
	if (v->format)
		print_json(&mounts);
	else if (count == 1 && mounts.count)
		printf("%s\n", mounts.rows[0].path);
	else
		print_table(&mounts);
	return code;
}

static const struct flag mount_rows[] = {
	{ "all", 'a', FLAG_BOOL, FLAG_AT(struct mount_values, all), .help = "Mount all images" },
	{ "format", 0, FLAG_STRING, FLAG_AT(struct mount_values, format), .help = "Print as JSON (json)" },
};
static const struct flag_group mount_groups[] = { { mount_rows, ARRAY_LEN(mount_rows), 0 }, { 0 } };
const struct verb cmd_image_mount_verb = {
	.about = "Mounts root file systems of images, read-only, and prints where. Without images: shows what is mounted.",
	.groups = mount_groups, .values_size = sizeof(struct mount_values), .run = run_mount,
};

struct unmount_values {
	bool all, force;
};

static int run_unmount(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct unmount_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_strv ids = NULL;
	if (words[0] && v->all)
		return err_set(err, ERR_USAGE, ALL_OR_NAMES);
	if (!words[0] && !v->all)
		return err_set(err, ERR_USAGE, "image name or ID must be specified");
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0)
		return -1;
	int code = 0, r = v->all ? images_mount_undo_all(engine, v->force, &ids, err) : 0;
	for (char **word = words; *word; word++) {
		char *id = NULL;
		if (images_mount_undo(engine, *word, v->force, &id, err) < 0)
			session_report(err, &code);
		else if (id)
			strv_add_take(&ids, id);
	}
	for (char **id = ids; id && *id; id++)
		printf("%s\n", *id);
	return r < 0 ? -1 : code;
}

static const struct flag unmount_rows[] = {
	{ "all", 'a', FLAG_BOOL, FLAG_AT(struct unmount_values, all), .help = "Unmount all images" },
	{ "force", 'f', FLAG_BOOL, FLAG_AT(struct unmount_values, force), .help = "Unmount however often it was mounted, and though it is in use" },
};
static const struct flag_group unmount_groups[] = { { unmount_rows, ARRAY_LEN(unmount_rows), 0 }, { 0 } };
const struct verb cmd_image_unmount_verb = {
	.about = "Unmounts root file systems of images.\n\nAn image that was mounted several times is unmounted as often.",
	.groups = unmount_groups, .values_size = sizeof(struct unmount_values), .run = run_unmount,
};
