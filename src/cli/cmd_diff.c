/* cmd_diff.c - diff, container diff, image diff: what a container or an image's top layer changed, or how two differ */
#include "codec/json_out.h"
#include "base/str.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/ctr.h"
#include "engine/ctr_diff.h"

#include <stdio.h>

struct diff_values {
	char *format;
	bool latest;
};

static void put_list(struct json_out *o, const struct images_diff *diff, char kind, const char *name)
{
	bool any = false;
	for (size_t i = 0; i < diff->count; i++) {
		if (diff->rows[i].kind != kind)
			continue;
		if (!any)
			json_out_open_array(o, name);
		any = true;
		json_out_str(o, NULL, diff->rows[i].path);
	}
	if (any)
		json_out_close_array(o);
}

static void print_json(const struct images_diff *diff)
{
	auto_str text = { 0 };
	struct json_out o = json_out(&text, &json_style_inspect);
	json_out_open_object(&o, NULL);
	put_list(&o, diff, 'C', "changed");
	put_list(&o, diff, 'A', "added");
	put_list(&o, diff, 'D', "deleted");
	json_out_close_object(&o);
	printf("%s\n", str_text(&text));
}

static int check_words(const struct cli *cli, const struct diff_values *v, enum ctr_diff_of of, char **words, struct err *err)
{
	size_t count = strv_len(words);
	if (v->latest && count)
		return err_set(err, ERR_USAGE, "--latest and containers cannot be used together");
	if (!v->latest && !count && of != CTR_DIFF_IMAGE)
		return err_set(err, ERR_USAGE, "\"%s\" requires a name, id, or the \"--latest\" flag", cli->path);
	if (!v->latest && (count < 1 || count > 2))
		return err_set(err, ERR_USAGE, "accepts between 1 and 2 arg(s), received %zu", count);
	if (v->format && strcmp(v->format, "json") != 0)
		return err_set(err, ERR_USAGE, "only supported value for '--format' is 'json'");
	return 0;
}

static int diff(struct cli *cli, const struct diff_values *v, enum ctr_diff_of of, char **words, struct err *err)
{
	auto_ptr(engine) engine = NULL;
	auto_ptr(ctr) latest = NULL;
	auto_val(images_diff) diff = { 0 };
	if (check_words(cli, v, of, words, err) < 0 || session_open(cli, ENGINE_WRITE, &engine, err) < 0 ||
	    (v->latest && ctr_open_latest(engine, &latest, err) < 0) ||
	    ctr_diff(engine, latest ? CTR_DIFF_CTR : of, latest ? latest->id : words[0], latest ? NULL : words[1], &diff, err) < 0)
		return -1;
	if (v->format) {
		print_json(&diff);
		return 0;
	}
	for (size_t i = 0; i < diff.count; i++)
		printf("%c %s\n", diff.rows[i].kind, diff.rows[i].path);
	return 0;
}

static int run_diff(struct cli *cli, void *values, char **words, struct err *err)
{
	return diff(cli, values, CTR_DIFF_ANY, words, err);
}

static int run_container_diff(struct cli *cli, void *values, char **words, struct err *err)
{
	return diff(cli, values, CTR_DIFF_CTR, words, err);
}

static int run_image_diff(struct cli *cli, void *values, char **words, struct err *err)
{
	return diff(cli, values, CTR_DIFF_IMAGE, words, err);
}

#define FORMAT_ROW { "format", 0, FLAG_STRING, FLAG_AT(struct diff_values, format), .help = "Print as JSON (json)" }
static const struct flag diff_rows[] = {
	FORMAT_ROW,
	{ "latest", 'l', FLAG_BOOL, FLAG_AT(struct diff_values, latest), .help = "Take the container made last" },
};
static const struct flag image_rows[] = { FORMAT_ROW };
static const struct flag_group diff_groups[] = { { diff_rows, ARRAY_LEN(diff_rows), 0 }, { 0 } };
static const struct flag_group image_groups[] = { { image_rows, ARRAY_LEN(image_rows), 0 }, { 0 } };
const struct verb cmd_diff_verb = {
	.about = "Shows what a container changed in its image's files (C), added (A) and deleted (D); of an image, what its top layer did.\n\nWith a second name, what differs from it.",
	.groups = diff_groups, .values_size = sizeof(struct diff_values), .run = run_diff,
};
const struct verb cmd_container_diff_verb = {
	.about = "Shows what a container changed in its image's files (C), added (A) and deleted (D); with a second one, what differs from it.",
	.groups = diff_groups, .values_size = sizeof(struct diff_values), .run = run_container_diff,
};
const struct verb cmd_image_diff_verb = {
	.about = "Shows what an image's top layer changed; with a second image, what differs from it.",
	.groups = image_groups, .values_size = sizeof(struct diff_values), .run = run_image_diff,
};
