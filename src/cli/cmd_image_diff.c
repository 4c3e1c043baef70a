/* cmd_image_diff.c - image diff: what an image's top layer changed, or what differs between two images */
#include "codec/json_out.h"
#include "base/str.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/images.h"

#include <stdio.h>

struct diff_values {
	char *format;
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

static int run_diff(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct diff_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_val(images_diff) diff = { 0 };
	if (!words[0] || (words[1] && words[2]))
		return err_set(err, ERR_USAGE, "accepts between 1 and 2 arg(s), received %zu", strv_len(words));
	if (v->format && strcmp(v->format, "json") != 0)
		return err_set(err, ERR_USAGE, "only supported value for '--format' is 'json'");
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0 || images_diff(engine, words[0], words[1], &diff, err) < 0)
		return -1;
	if (v->format) {
		print_json(&diff);
		return 0;
	}
	for (size_t i = 0; i < diff.count; i++)
		printf("%c %s\n", diff.rows[i].kind, diff.rows[i].path);
	return 0;
}

static const struct flag diff_rows[] = {
	{ "format", 0, FLAG_STRING, FLAG_AT(struct diff_values, format), .help = "Print as JSON (json)" },
};
static const struct flag_group diff_groups[] = { { diff_rows, ARRAY_LEN(diff_rows), 0 }, { 0 } };
const struct verb cmd_image_diff_verb = {
	.about = "Shows what an image's top layer changed; with a second image, what differs from it.",
	.examples = "@ myImage\n@ --format json redis:alpine",
	.groups = diff_groups, .values_size = sizeof(struct diff_values), .run = run_diff,
};
