/* cmd_volume_ls.c - volume ls */
#include "base/str.h"
#include "cli/listing.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "codec/json.h"
#include "codec/json_out.h"
#include "engine/volume.h"

#include <stdio.h>

struct ls_values {
	char **filter;
	char *format;
	bool noheading, quiet;
};

/* A row is what inspect shows of the volume. */
static char *text_driver(const void *row)
{
	return mem_strdup(json_get_str(row, "Driver", ""));
}

static char *text_name(const void *row)
{
	return mem_strdup(json_get_str(row, "Name", ""));
}

#define MEMBER(member)                                                                                          \
	static struct json *value_##member(const void *row)                                                     \
	{                                                                                                       \
		const struct json *value = json_get(row, #member);                                              \
		return json_ref(value ? value : json_get(json_beside(row), #member));                           \
	}
MEMBER(Anonymous)
MEMBER(CreatedAt)
MEMBER(GID)
MEMBER(Labels)
MEMBER(LockNumber)
MEMBER(MountCount)
MEMBER(Mountpoint)
MEMBER(NeedsChown)
MEMBER(NeedsCopyUp)
MEMBER(Options)
MEMBER(Scope)
MEMBER(Status)
MEMBER(StorageID)
MEMBER(Timeout)
MEMBER(UID)

static struct json *value_whole(const void *row)
{
	return json_ref(row);
}

/* Podman's row is an object in an object: the members of both are named. */
static struct json *value_response(const void *row)
{
	struct json *o = json_object_new();
	for (struct json_iter it = json_iter(row); json_next(&it);)
		json_set(o, it.name, json_ref(it.value));
	for (struct json_iter it = json_iter(json_beside(row)); json_next(&it);)
		json_set_beside(o, it.name, json_ref(it.value));
	json_set_beside(o, "InspectVolumeData", value_whole(row));
	return o;
}

static const struct listing_field fields[] = {
	{ "Driver", NULL, text_driver },
	{ "Name", "VOLUME NAME", text_name },
	{ "Anonymous", .value = value_Anonymous },
	{ "CreatedAt", "CREATED AT", .value = value_CreatedAt, .then = "." },
	{ "GID", .value = value_GID },
	{ "Labels", .value = value_Labels, .then = "." },
	{ "LockNumber", "LOCK NUMBER", .value = value_LockNumber },
	{ "MountCount", "MOUNT COUNT", .value = value_MountCount },
	{ "Mountpoint", .value = value_Mountpoint },
	{ "NeedsChown", "NEEDS CHOWN", .value = value_NeedsChown },
	{ "NeedsCopyUp", "NEEDS COPY UP", .value = value_NeedsCopyUp },
	{ "Options", .value = value_Options, .then = "." },
	{ "Scope", .value = value_Scope },
	{ "Status", .value = value_Status, .then = "." },
	{ "StorageID", "STORAGE ID", .value = value_StorageID },
	{ "Timeout", .value = value_Timeout },
	{ "UID", .value = value_UID },
	{ "InspectVolumeData", LISTING_NO_HEAD, .value = value_whole, .then = "." },
	{ "VolumeConfigResponse", LISTING_NO_HEAD, .value = value_response, .then = "." },
};

static int print_rows(const struct json *views, const struct ls_values *v, struct err *err)
{
	size_t count = json_len(views);
	auto_free const void **rows = mem_array(count + 1, sizeof(*rows));
	for (size_t i = 0; i < count; i++)
		rows[i] = json_at(views, i);
	const struct listing l = { .name = "ls", .fields = fields, .field_count = ARRAY_LEN(fields), .rows = rows, .row_count = count,
				   .columns = "Driver\tName", .no_heading = v->noheading };
	return listing_print(&l, v->format, err);
}

static int run_ls(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct ls_values *v = values;
	static const struct json_style style = { .indent = "  ", .spread = true };
	bool as_json = v->format && strcmp(v->format, "json") == 0;
	auto_ptr(engine) engine = NULL;
	auto_ptr(json) views = json_array_new();
	struct volume **list;
	size_t count;
	(void)words;
	if (v->quiet && v->format)
		return err_set(err, ERR_USAGE, "quiet and format flags cannot be used together");
	if (session_open(cli, ENGINE_READ, &engine, err) < 0 || volume_list(engine, v->filter, true, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (v->quiet)
			printf("%s\n", list[i]->name);
		else
			json_add(views, volume_view_new(engine, list[i]));
	}
	volume_list_free(list, count);
	if (v->quiet)
		return 0;
	if (!as_json)
		return print_rows(views, v, err);
	auto_str out = { 0 };
	json_write(&out, views, &style);
	printf("%s\n", str_text(&out));
	return 0;
}

#define LS(member) FLAG_AT(struct ls_values, member)
static const struct flag ls_rows[] = {
	{ "filter", 'f', FLAG_ARRAY, LS(filter), .help = "Show only what matches" },
	{ "format", 0, FLAG_STRING, LS(format), .def = "{{range .}}{{.Driver}}\\t{{.Name}}\\n{{end -}}", .help = "Print as JSON or through a Go template" },
	{ "noheading", 'n', FLAG_BOOL, LS(noheading), .help = "Leave out the heading" },
	{ "quiet", 'q', FLAG_BOOL, LS(quiet), .help = "Show the names only" },
};
static const struct flag_group ls_groups[] = { { ls_rows, ARRAY_LEN(ls_rows), 0 }, { 0 } };
static const struct listing_fields fields_all = { fields, ARRAY_LEN(fields) };
const struct verb cmd_volume_ls_verb = {
	.fields = &fields_all,
	.about = "Lists volumes, in the order they were made.",
	.groups = ls_groups, .values_size = sizeof(struct ls_values), .args = VERB_NONE, .run = run_ls,
};
