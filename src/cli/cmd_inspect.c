/* cmd_inspect.c - inspect, container inspect, image inspect, volume inspect */
#include "base/str.h"
#include "cli/format.h"
#include "cli/pick.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "codec/json.h"
#include "codec/json_out.h"
#include "engine/artifacts.h"
#include "engine/ctr_inspect.h"
#include "engine/images.h"
#include "engine/volume.h"

#include <stdio.h>

struct inspect_values {
	char *format, *type;
	bool latest, size, all;
};

static bool is_json(const char *format)
{
	return !format || strcmp(format, "json") == 0;
}

/* --- one function a kind; ERR_NOT_FOUND lets the next kind look --- */

static int look_ctr(struct engine *engine, const char *word, const struct inspect_values *v, struct json **ret, struct err *err)
{
	auto_ptr(ctr) ctr = NULL;
	if (ctr_open(engine, word, &ctr, err) >= 0)
		return ctr_inspect(engine, ctr, v->size, ret, err);
	if (!err_is(err, ERR_NOT_FOUND))
		return -1;
	err_clear(err);
	return err_set(err, ERR_NOT_FOUND, "no such container \"%s\"", word);
}

static int look_image(struct engine *engine, const char *word, const struct inspect_values *v, struct json **ret, struct err *err)
{
	(void)v;
	return images_inspect(engine, word, ret, err);
}

static int look_volume(struct engine *engine, const char *word, const struct inspect_values *v, struct json **ret, struct err *err)
{
	auto_free char *name = NULL;
	auto_ptr(volume) volume = NULL;
	if (volume_find(engine, word, &name, err) >= 0 && volume_record_read(engine, name, &volume, err) >= 0) {
		*ret = volume_view_new(engine, volume);
		return 0;
	}
	if (!err_is(err, ERR_NOT_FOUND))
		return err_wrap(err, "inspecting volume %s", word);
	err_clear(err);
	return err_set(err, ERR_NOT_FOUND, "no such volume %s", word);
}

static int look_artifact(struct engine *engine, const char *word, const struct inspect_values *v, struct json **ret, struct err *err)
{
	(void)v;
	return artifacts_inspect(engine, word, ret, err);
}

enum looks { LOOK_CONTAINER = 1, LOOK_IMAGE = 2, LOOK_VOLUME = 4, LOOK_ARTIFACT = 8 };

/* In the order they are asked: a container comes before an image of that name. */
static const struct look_row {
	const char *type;
	enum looks look;
	int (*find)(struct engine *engine, const char *word, const struct inspect_values *v, struct json **ret, struct err *err);
} kinds[] = {
	{ "container", LOOK_CONTAINER, look_ctr },
	{ "image", LOOK_IMAGE, look_image },
	{ "volume", LOOK_VOLUME, look_volume },
	{ "artifact", LOOK_ARTIFACT, look_artifact },
};

static int look_up(struct engine *engine, const char *word, unsigned looks, const struct inspect_values *v, struct json **ret, struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (!(looks & kinds[i].look))
			continue;
		if (kinds[i].find(engine, word, v, ret, err) >= 0)
			return 0;
		if (!err_is(err, ERR_NOT_FOUND) || looks == kinds[i].look)
			return -1;
		err_clear(err);
	}
	return err_set(err, ERR_NOT_FOUND, "no such object: \"%s\"", word);
}

static int look_up_latest(struct engine *engine, bool size, struct json **ret, struct err *err)
{
	auto_ptr(ctr) ctr = NULL;
	if (ctr_open_latest(engine, &ctr, err) < 0)
		return -1;
	return ctr_inspect(engine, ctr, size, ret, err);
}

/* COMPAT: who wrote a line's end, at the end or as "\n" within an action, gets no other; the one that println writes does not count. */
static bool has_line_end(const char *format, const char *clean)
{
	size_t len = strlen(clean);
	if (len && clean[len - 1] == '\n')
		return true;
	for (const char *at = format; (at = strstr(at, "{{")); at += 2) {
		const char *end = strstr(at, "}}"), *escape = strstr(at, "\\n");
		if (end && escape && escape < end)
			return true;
	}
	return false;
}

static int print(const char *format, const struct json *list, struct err *err)
{
	auto_str out = { 0 };
	bool table;
	auto_free char *clean = format_clean_dup(format ? format : "json", &table);
	if (strcmp(clean, "json") == 0) {
		json_write(&out, list, &json_style_inspect);
		printf("%s\n", str_text(&out));
		return 0;
	}
	for (size_t i = 0; i < json_len(list); i++) {
		if (format_render("inspect", clean, json_at(list, i), &out, err) < 0)
			return -1;
		if (!has_line_end(format, clean))
			str_add_char(&out, '\n');
	}
	session_put(str_text(&out));
	return 0;
}

static int inspect(struct cli *cli, const struct inspect_values *v, unsigned looks, char **words, struct err *err)
{
	auto_ptr(engine) engine = NULL;
	auto_ptr(json) list = json_array_new();
	struct err first = { 0 };
	if (words[0] && v->latest)
		return err_set(err, ERR_USAGE, "--latest and arguments cannot be used together");
	if (!words[0] && !v->latest)
		return err_set(err, ERR_USAGE, "no names or ids specified");
	if (session_open(cli, ENGINE_READ, &engine, err) < 0)
		return -1;
	struct json *object = NULL;
	if (v->latest) {
		if (look_up_latest(engine, v->size, &object, err) < 0)
			return -1;
		json_add(list, object);
	}
	for (char **word = words; *word; word++) { /* what is found is printed; the rest is told after */
		struct err why = { 0 };
		if (look_up(engine, *word, looks, v, &object, &why) >= 0)
			json_add(list, object);
		else if (looks == LOOK_VOLUME && !err_is(&why, ERR_NOT_FOUND)) { /* COMPAT */
			*err = why;
			return -1;
		} else if (!first.kind)
			first = why;
	}
	if ((json_len(list) || is_json(v->format)) && print(v->format, list, err) < 0)
		return -1;
	if (!first.kind)
		return 0;
	*err = first;
	return -1;
}

static int run_inspect(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct inspect_values *v = values;
	static const char *const later[] = { "pod", "network", NULL };
	const char *type = v->type ? v->type : "all";
	unsigned looks = 0;
	if (str_index(later, type) >= 0)
		return err_set(err, ERR_UNSUPPORTED, "inspect --type %s is not done yet: artifact, container, image and volume are", type);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (strcmp(type, "all") == 0 || strcmp(type, kinds[i].type) == 0)
			looks |= kinds[i].look;
	if (!looks)
		return err_set(err, ERR_USAGE,
			       "invalid type \"%s\": must be \"image\", \"container\", \"pod\", \"network\", \"volume\", \"artifact\", or \"all\"",
			       type);
	return inspect(cli, v, looks, words, err);
}

static int run_container(struct cli *cli, void *values, char **words, struct err *err)
{
	return inspect(cli, values, LOOK_CONTAINER, words, err);
}

static int run_image(struct cli *cli, void *values, char **words, struct err *err)
{
	return inspect(cli, values, LOOK_IMAGE, words, err);
}

static int run_volume(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct inspect_values *v = values;
	auto_ptr(engine) engine = NULL;
	struct volume **list;
	size_t count;
	if (!words[0] == !v->all)
		return err_set(err, ERR_USAGE, "provide one or more volume names or use --all");
	if (!v->all)
		return inspect(cli, v, LOOK_VOLUME, words, err);
	if (session_open(cli, ENGINE_READ, &engine, err) < 0 || volume_list(engine, NULL, false, &list, &count, err) < 0)
		return -1;
	auto_ptr(json) views = json_array_new();
	for (size_t i = 0; i < count; i++)
		json_add(views, volume_view_new(engine, list[i]));
	volume_list_free(list, count);
	return print(v->format, views, err);
}

#define AT(member) FLAG_AT(struct inspect_values, member)
#define FORMAT_ROW { "format", 'f', FLAG_STRING, AT(format), .def = "json", .help = "Print through a Go template, or as JSON" }
#define LATEST_ROW { "latest", 'l', FLAG_BOOL, AT(latest), .help = "Take the container made last" }
#define SIZE_ROW { "size", 's', FLAG_BOOL, AT(size), .help = "Show the sizes of a container's files" }
static const struct flag inspect_rows[] = {
	FORMAT_ROW, LATEST_ROW, SIZE_ROW,
	{ "type", 't', FLAG_STRING, AT(type), .def = "all", .help = "Kind of the object: artifact, container, image, volume, or all" },
};
static const struct flag container_rows[] = { FORMAT_ROW, LATEST_ROW, SIZE_ROW };
static const struct flag image_rows[] = { FORMAT_ROW };
static const struct flag volume_rows[] = { { "all", 'a', FLAG_BOOL, AT(all), .help = "Show every volume" }, FORMAT_ROW };
static const struct flag_group inspect_groups[] = { { inspect_rows, ARRAY_LEN(inspect_rows), 0 }, { 0 } };
static const struct flag_group container_groups[] = { { container_rows, ARRAY_LEN(container_rows), 0 }, { 0 } };
static const struct flag_group volume_groups[] = { { volume_rows, ARRAY_LEN(volume_rows), 0 }, { 0 } };
static const struct flag_group image_groups[] = { { image_rows, ARRAY_LEN(image_rows), 0 }, { 0 } };

const struct verb cmd_inspect_verb = {
	.about = "Shows everything about an object, by name or ID.",
	.groups = inspect_groups, .values_size = sizeof(struct inspect_values), .run = run_inspect,
};
const struct verb cmd_container_inspect_verb = {
	.about = "Shows everything about a container, by name or ID.",
	.groups = container_groups, .values_size = sizeof(struct inspect_values), .run = run_container,
};
const struct verb cmd_image_inspect_verb = {
	.about = "Shows everything about an image, by name or ID.",
	.groups = image_groups, .values_size = sizeof(struct inspect_values), .run = run_image,
};
const struct verb cmd_volume_inspect_verb = {
	.about = "Shows everything about a volume, by name.",
	.groups = volume_groups, .values_size = sizeof(struct inspect_values), .run = run_volume,
};
