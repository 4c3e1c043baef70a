/* cmd_system_df.c - system df: what the store uses of the disk */
#include "base/ntime.h"
#include "base/num.h"
#include "base/str.h"
#include "cli/format.h"
#include "cli/listing.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "codec/json.h"
#include "codec/json_out.h"
#include "engine/disk_usage.h"

#include <stdio.h>

struct df_values {
	char *format;
	bool verbose;
};

/* --- the sums --- */

struct sum_row {
	const char *type;
	const struct disk_usage_sum *sum;
};

static const struct disk_usage_sum *sum_of(const void *row)
{
	return ((const struct sum_row *)row)->sum;
}

static char *text_type(const void *row)
{
	return mem_strdup(((const struct sum_row *)row)->type);
}

static char *text_total(const void *row)
{
	return mem_printf("%u", sum_of(row)->total);
}

static char *text_active(const void *row)
{
	return mem_printf("%u", sum_of(row)->active);
}

static char *text_size(const void *row)
{
	return mem_strdup(num_size_tight(sum_of(row)->size).text);
}

static char *text_reclaimable(const void *row)
{
	const struct disk_usage_sum *s = sum_of(row);
	unsigned percent = s->size ? (unsigned)((double)s->reclaimable * 100 / (double)s->size + 0.5) : 0;
	return mem_printf("%s (%u%%)", num_size_tight(s->reclaimable).text, percent);
}

static struct json *value_total(const void *row)
{
	return json_u64_new(sum_of(row)->total);
}

static struct json *value_active(const void *row)
{
	return json_u64_new(sum_of(row)->active);
}

static struct json *value_size(const void *row)
{
	return json_u64_new(sum_of(row)->size);
}

static struct json *value_reclaimable(const void *row)
{
	return json_u64_new(sum_of(row)->reclaimable);
}

/* in the order of the JSON */
static const struct listing_field sum_fields[] = {
	{ "Type", NULL, text_type },
	{ "Total", NULL, text_total, value_total },
	{ "Active", NULL, text_active, value_active },
	{ "RawSize", NULL, .value = value_size },
	{ "RawReclaimable", NULL, .value = value_reclaimable },
	{ "TotalCount", NULL, text_total, value_total },
	{ "Size", NULL, text_size },
	{ "Reclaimable", NULL, text_reclaimable },
};

static struct json *sum_json_new(const void *row)
{
	struct json *o = json_object_new();
	for (size_t i = 0; i < ARRAY_LEN(sum_fields); i++) {
		const struct listing_field *f = &sum_fields[i];
		auto_free char *text = f->value ? NULL : f->text(row);
		json_set(o, f->name, f->value ? f->value(row) : json_str_new(text));
	}
	return o;
}

/* COMPAT: one object a line, in a list */
static void print_json(const struct sum_row *rows, size_t count)
{
	auto_str out = { 0 };
	str_add(&out, "[\n");
	for (size_t i = 0; i < count; i++) {
		auto_ptr(json) o = sum_json_new(&rows[i]);
		str_add(&out, "    ");
		json_write(&out, o, NULL);
		str_add(&out, i + 1 < count ? ",\n" : "\n");
	}
	str_add(&out, "]\n");
	session_put(str_text(&out));
}

static int print_sums(const struct disk_usage *u, const char *format, struct err *err)
{
	const struct sum_row rows[] = { { "Images", &u->image_sum }, { "Containers", &u->ctr_sum }, { "Local Volumes", &u->volume_sum } };
	const void *pointers[] = { &rows[0], &rows[1], &rows[2] };
	const struct listing l = { .name = "df", .fields = sum_fields, .field_count = ARRAY_LEN(sum_fields), .rows = pointers,
				   .row_count = ARRAY_LEN(rows), .columns = "Type\tTotal\tActive\tSize\tReclaimable" };
	if (str_eq(format, "json")) {
		print_json(rows, ARRAY_LEN(rows));
		return 0;
	}
	return listing_print(&l, format, err);
}

/* --- each of them (-v) --- */

#define ROW(kind, row) ((const struct disk_usage_##kind *)(row))
#define TEXT(kind, member)                                                \
	static char *text_##kind##_##member(const void *row)              \
	{                                                                 \
		return mem_strdup(ROW(kind, row)->member);                \
	}
#define SHORT_ID(kind, member)                                            \
	static char *text_##kind##_##member(const void *row)              \
	{                                                                 \
		return mem_printf("%.12s", ROW(kind, row)->member);       \
	}
#define SIZE(kind, member)                                                \
	static char *text_##kind##_##member(const void *row)              \
	{                                                                 \
		return mem_strdup(num_size_tight(ROW(kind, row)->member).text); \
	}
#define COUNT(kind, member)                                               \
	static char *text_##kind##_##member(const void *row)              \
	{                                                                 \
		return mem_printf("%u", ROW(kind, row)->member);          \
	}
#define AGE(kind)                                                         \
	static char *text_##kind##_created(const void *row)               \
	{                                                                 \
		return mem_strdup(ntime_human(ntime_now() - ROW(kind, row)->created_ns).text); \
	}
TEXT(image, repository)
TEXT(image, tag)
SHORT_ID(image, id)
AGE(image)
SIZE(image, size)
SIZE(image, shared)
SIZE(image, unique)
COUNT(image, containers)
SHORT_ID(ctr, id)
SHORT_ID(ctr, image)
TEXT(ctr, command)
COUNT(ctr, volumes)
SIZE(ctr, size)
AGE(ctr)
TEXT(ctr, status)
TEXT(ctr, name)
TEXT(volume, name)
COUNT(volume, links)
SIZE(volume, size)

static const struct listing_field image_fields[] = {
	{ "Repository", NULL, text_image_repository },	 { "Tag", NULL, text_image_tag },
	{ "ImageID", "IMAGE ID", text_image_id },	 { "Created", NULL, text_image_created },
	{ "Size", NULL, text_image_size },		 { "SharedSize", "SHARED SIZE", text_image_shared },
	{ "UniqueSize", "UNIQUE SIZE", text_image_unique }, { "Containers", NULL, text_image_containers },
};
static const struct listing_field ctr_fields[] = {
	{ "ContainerID", "CONTAINER ID", text_ctr_id }, { "Image", NULL, text_ctr_image },
	{ "Command", NULL, text_ctr_command },		{ "LocalVolumes", "LOCAL VOLUMES", text_ctr_volumes },
	{ "Size", NULL, text_ctr_size },		{ "Created", NULL, text_ctr_created },
	{ "Status", NULL, text_ctr_status },		{ "Names", NULL, text_ctr_name },
};
static const struct listing_field volume_fields[] = {
	{ "VolumeName", "VOLUME NAME", text_volume_name }, { "Links", NULL, text_volume_links }, { "Size", NULL, text_volume_size },
};

struct part {
	const char *title, *columns;
	const struct listing_field *fields;
	size_t field_count;
	const void *rows;
	size_t count, size;
};

static int print_part(const struct part *p, struct err *err)
{
	auto_free const void **rows = mem_array(p->count + 1, sizeof(*rows));
	for (size_t i = 0; i < p->count; i++)
		rows[i] = (const char *)p->rows + i * p->size;
	const struct listing l = { .name = "df", .fields = p->fields, .field_count = p->field_count, .rows = rows, .row_count = p->count,
				   .columns = p->columns };
	session_put(p->title);
	return listing_print(&l, NULL, err);
}

static int print_all(const struct disk_usage *u, struct err *err)
{
	const struct part parts[] = {
		{ "Images space usage:\n\n", "Repository\tTag\tImageID\tCreated\tSize\tSharedSize\tUniqueSize\tContainers", image_fields,
		  ARRAY_LEN(image_fields), u->images, u->image_count, sizeof(*u->images) },
		{ "\nContainers space usage:\n\n", "ContainerID\tImage\tCommand\tLocalVolumes\tSize\tCreated\tStatus\tNames", ctr_fields,
		  ARRAY_LEN(ctr_fields), u->ctrs, u->ctr_count, sizeof(*u->ctrs) },
		{ "\nLocal Volumes space usage:\n\n", "VolumeName\tLinks\tSize", volume_fields, ARRAY_LEN(volume_fields), u->volumes,
		  u->volume_count, sizeof(*u->volumes) },
	};
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (print_part(&parts[i], err) < 0)
			return -1;
	return 0;
}

static int run_df(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct df_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_val(disk_usage) usage = { 0 };
	if (v->format && v->verbose)
		return err_set(err, ERR_USAGE, "cannot combine --format and --verbose flags");
	if (session_open(cli, ENGINE_READ, &engine, err) < 0 || disk_usage_read(engine, &usage, err) < 0)
		return -1;
	return v->verbose ? print_all(&usage, err) : print_sums(&usage, v->format, err);
}

static const struct flag df_rows[] = {
	{ "format", 0, FLAG_STRING, FLAG_AT(struct df_values, format), .help = "Print through a Go template, or as JSON" },
	{ "verbose", 'v', FLAG_BOOL, FLAG_AT(struct df_values, verbose), .help = "List each image, container and volume" },
};
static const struct flag_group df_groups[] = { { df_rows, ARRAY_LEN(df_rows), 0 }, { 0 } };
static const struct listing_fields sums_all = { sum_fields, ARRAY_LEN(sum_fields) };
const struct verb cmd_system_df_verb = {
	.fields = &sums_all,
	.about = "Shows what images, containers and volumes use of the disk, and how much of it is not in use.",
	.groups = df_groups, .values_size = sizeof(struct df_values), .args = VERB_NONE, .run = run_df,
};
