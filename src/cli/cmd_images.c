/* cmd_images.c - images and history: lists */
#include "base/ntime.h"
#include "base/num.h"
#include "base/str.h"
#include "cli/listing.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "codec/json.h"
#include "codec/json_out.h"
#include "engine/images.h"
#include "engine/inspect_beside.h"

#include <stdio.h>

enum { ID_SHORT = 12, WORDS_SHORT = 42 };

/* --- images --- */

struct images_values {
	char **filter;
	char *format, *sort;
	bool all, digests, history, no_trunc, noheading, quiet;
};

struct shown_image {
	const struct image_row *image;
	bool no_trunc;
	int64_t now_ns;
};

static const struct image_row *image_of(const void *row)
{
	return ((const struct shown_image *)row)->image;
}

static char *text_id(const void *row)
{
	const struct shown_image *r = row;
	return r->no_trunc ? mem_printf("sha256:%s", r->image->id) : mem_strndup(r->image->id, ID_SHORT);
}

static char *text_repository(const void *row)
{
	return mem_strdup(image_of(row)->repository);
}

static char *text_tag(const void *row)
{
	return mem_strdup(image_of(row)->tag);
}

static char *text_digest(const void *row)
{
	return mem_strdup(image_of(row)->digest ? image_of(row)->digest : "");
}

static char *text_created(const void *row)
{
	return mem_printf("%s ago", ntime_human(((const struct shown_image *)row)->now_ns - image_of(row)->created_ns).text);
}

static char *text_created_at(const void *row)
{
	return mem_strdup(ntime_go(image_of(row)->created_ns / NS_PER_S * NS_PER_S).text);
}

static char *text_size(const void *row)
{
	return mem_strdup(num_size_text(image_of(row)->size).text);
}

static char *text_history(const void *row)
{
	return strv_join(image_of(row)->history, ", ");
}

static char *text_empty(const void *row)
{
	(void)row;
	return mem_strdup("");
}

static struct json *value_names(const void *row)
{
	return json_strv_new(image_of(row)->names);
}

static struct json *value_repo_digests(const void *row)
{
	return json_strv_new(image_of(row)->repo_digests);
}

static struct json *value_labels(const void *row)
{
	struct json *o = json_object_new();
	auto_strv sorted = strv_dup(image_of(row)->labels); /* as Go writes maps */
	strv_sort(sorted);
	for (char **l = sorted; l && *l; l++) {
		auto_free char *key = mem_strdup(*l);
		char *eq = strchr(key, '=');
		if (eq)
			*eq++ = 0;
		json_set_str(o, key, eq ? eq : "");
	}
	return o;
}

static struct json *value_containers(const void *row)
{
	return json_u64_new(image_of(row)->containers);
}

static struct json *value_dangling(const void *row)
{
	return json_bool_new(image_of(row)->dangling);
}

static char *text_readonly(const void *row)
{
	return mem_strdup(image_of(row)->readonly ? "true" : "false");
}

static struct json *value_readonly(const void *row)
{
	return json_bool_new(image_of(row)->readonly);
}

static struct json *value_size(const void *row)
{
	return json_u64_new(image_of(row)->size);
}

static struct json *image_json_new(const struct image_row *r)
{
	const struct shown_image shown = { .image = r };
	struct json *o = json_object_new();
	json_set_str(o, "Id", r->id);
	json_set_str(o, "ParentId", "");
	json_set(o, "RepoTags", NULL);
	json_set(o, "RepoDigests", value_repo_digests(&shown));
	json_set_u64(o, "Size", r->size);
	json_set_u64(o, "SharedSize", 0);
	json_set_u64(o, "VirtualSize", r->size);
	json_set(o, "Labels", r->labels ? value_labels(&shown) : NULL);
	json_set_u64(o, "Containers", r->containers);
	if (r->readonly)
		json_set_bool(o, "ReadOnly", true);
	json_set_str(o, "Digest", r->digest ? r->digest : "");
	json_set(o, "History", json_strv_new(r->history));
	if (r->names)
		json_set(o, "Names", value_names(&shown));
	if (r->dangling)
		json_set_bool(o, "Dangling", true);
	json_set_i64(o, "Created", r->created_ns / NS_PER_S);
	json_set_str(o, "CreatedAt", ntime_rfc3339(r->created_ns / NS_PER_S * NS_PER_S).text);
	return o;
}

static struct json *value_none(const void *row)
{
	(void)row;
	return NULL;
}

static struct json *value_zero(const void *row)
{
	(void)row;
	return json_u64_new(0);
}

static char *text_whole_id(const void *row)
{
	return mem_strdup(image_of(row)->id);
}

/* Podman's row without what is made for people; its ID is whole. */
static struct json *value_whole(const void *row)
{
	static const struct beside_row beside[] = {
		{ NULL, "Arch", BESIDE_TEXT },	   { NULL, "Dangling", BESIDE_FALSE },	 { NULL, "IsManifestList", BESIDE_NULL },
		{ NULL, "Names", BESIDE_LIST },	   { NULL, "Os", BESIDE_TEXT },		 { NULL, "ReadOnly", BESIDE_FALSE },
	};
	struct json *o = image_json_new(image_of(row));
	json_set(o, "RepoTags", value_names(row));
	inspect_beside(o, beside, ARRAY_LEN(beside));
	return o;
}

static const struct listing_field image_fields[] = {
	{ "Repository", "REPOSITORY", text_repository },
	{ "Tag", "TAG", text_tag },
	{ "ID", "IMAGE ID", text_id },
	{ "Id", LISTING_NO_HEAD, text_whole_id },
	{ "ImageSummary", LISTING_NO_HEAD, text_empty, value_whole, .then = "." },
	{ "Arch", NULL, text_empty },
	{ "Os", NULL, text_empty },
	{ "IsDangling", LISTING_NO_HEAD, text_empty, value_dangling },
	{ "IsManifestList", "IS MANIFEST LIST", text_empty, value_none },
	{ "IsReadOnly", LISTING_NO_HEAD, text_readonly, value_readonly },
	{ "ParentId", "PARENT ID", text_empty },
	{ "SharedSize", "SHARED SIZE", text_empty, value_zero },
	{ "Digest", "DIGEST", text_digest },
	{ "Created", "CREATED", text_created },
	{ "CreatedSince", LISTING_NO_HEAD, text_created },
	{ "CreatedAt", LISTING_NO_HEAD, text_created_at },
	{ "CreatedTime", LISTING_NO_HEAD, text_created_at },
	{ "Size", "SIZE", text_size },
	{ "VirtualSize", "VIRTUAL SIZE", text_empty, value_size },
	{ "History", "HISTORY", text_history },
	{ "Names", "NAMES", text_empty, value_names },
	{ "RepoTags", "REPO TAGS", text_empty, value_names },
	{ "RepoDigests", "REPO DIGESTS", text_empty, value_repo_digests },
	{ "Labels", "LABELS", text_empty, value_labels, .then = "." },
	{ "Containers", "CONTAINERS", text_empty, value_containers },
	{ "Dangling", "DANGLING", text_empty, value_dangling },
	{ "ReadOnly", "R/O", text_readonly, value_readonly },
};

static void print_images_json(const struct image_row *rows, size_t count)
{
	auto_ptr(json) list = json_array_new();
	auto_str out = { 0 };
	for (size_t i = 0; i < count; i++)
		json_add(list, image_json_new(&rows[i]));
	json_write(&out, list, &json_style_indent4);
	printf("%s\n", str_text(&out));
}

/* --- order: newest first, then by name --- */

static int compare_names(const struct image_row *a, const struct image_row *b)
{
	int rc = strcmp(a->repository, b->repository);
	return rc ? rc : strcmp(a->tag, b->tag);
}

static int compare_created(const void *a, const void *b)
{
	const struct image_row *x = a, *y = b;
	return x->created_ns != y->created_ns ? (x->created_ns > y->created_ns ? -1 : 1) : compare_names(x, y);
}

static int compare_id(const void *a, const void *b)
{
	return strcmp(((const struct image_row *)a)->id, ((const struct image_row *)b)->id);
}

static int compare_repository(const void *a, const void *b)
{
	return compare_names(a, b);
}

static int compare_size(const void *a, const void *b)
{
	const struct image_row *x = a, *y = b;
	return x->size < y->size ? -1 : x->size > y->size;
}

static int compare_tag(const void *a, const void *b)
{
	return strcmp(((const struct image_row *)a)->tag, ((const struct image_row *)b)->tag);
}

static const struct {
	const char *key;
	int (*compare)(const void *, const void *);
} orders[] = {
	{ "created", compare_created }, { "id", compare_id },	{ "repository", compare_repository },
	{ "size", compare_size },	{ "tag", compare_tag },
};
static const char *const order_words[] = { "created", "id", "repository", "size", "tag", NULL };

static void sort_rows(struct image_row *rows, size_t count, const char *key)
{
	for (size_t i = 0; i < ARRAY_LEN(orders); i++)
		if (strcmp(orders[i].key, key ? key : "created") == 0 && count)
			qsort(rows, count, sizeof(*rows), orders[i].compare);
}

/* --- the command --- */

static void print_ids(const struct images_values *v, const struct image_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bool seen = false;
		for (size_t j = 0; j < i && !seen; j++)
			seen = strcmp(rows[i].id, rows[j].id) == 0;
		if (seen)
			continue;
		const struct shown_image shown = { .image = &rows[i], .no_trunc = v->no_trunc };
		auto_free char *id = text_id(&shown);
		printf("%s\n", id);
	}
}

static int print_table(const struct images_values *v, const struct image_row *rows, size_t count, struct err *err)
{
	auto_free struct shown_image *shown = mem_array(count + 1, sizeof(*shown));
	auto_free const void **list = mem_array(count + 1, sizeof(*list));
	int64_t now = ntime_now();
	bool readonly = false;
	for (size_t i = 0; i < count; i++) {
		readonly |= rows[i].readonly;
		shown[i] = (struct shown_image){ .image = &rows[i], .no_trunc = v->no_trunc, .now_ns = now };
		list[i] = &shown[i];
	}
	auto_free char *columns = mem_printf("Repository\tTag%s\tID\tCreated\tSize%s%s", v->digests ? "\tDigest" : "",
					     v->history ? "\tHistory" : "", readonly ? "\tReadOnly" : "");
	const struct listing listing = { .name = "images", .fields = image_fields, .field_count = ARRAY_LEN(image_fields),
					 .rows = list, .row_count = count, .columns = columns, .no_heading = v->noheading };
	return listing_print(&listing, v->format, err);
}

static int run_images(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct images_values *v = values;
	auto_ptr(engine) engine = NULL;
	struct image_row *rows = NULL;
	size_t count = 0;
	if (words[0] && v->filter)
		return err_set(err, ERR_USAGE, "cannot specify an image and a filter(s)");
	const struct images_list_opts opts = { .filters = v->filter, .name = words[0], .all = v->all };
	if (session_open(cli, ENGINE_READ, &engine, err) < 0 || images_list(engine, &opts, &rows, &count, err) < 0)
		return -1;
	sort_rows(rows, count, v->sort);
	int rc = 0;
	if (v->quiet)
		print_ids(v, rows, count);
	else if (v->format && strcmp(v->format, "json") == 0)
		print_images_json(rows, count);
	else
		rc = print_table(v, rows, count, err);
	images_list_free(rows, count);
	return rc;
}

#define AT(member) FLAG_AT(struct images_values, member)
static const struct flag images_rows[] = {
	{ "all", 'a', FLAG_BOOL, AT(all), .help = "Show intermediate images too (default hides intermediate images)" },
	{ "digests", 0, FLAG_BOOL, AT(digests), .help = "Show the digests" },
	{ "filter", 'f', FLAG_ARRAY, AT(filter), .help = "Show only what matches" },
	{ "format", 0, FLAG_STRING, AT(format), .help = "Print as JSON or through a Go template" },
	{ "history", 0, FLAG_BOOL, AT(history), .help = "Show the names an image has had" },
	{ "no-trunc", 0, FLAG_BOOL, AT(no_trunc), .help = "Do not cut long texts" },
	{ "noheading", 'n', FLAG_BOOL, AT(noheading), .help = "Do not print the headings" },
	{ "quiet", 'q', FLAG_BOOL, AT(quiet), .help = "Print the IDs only" },
	{ "sort", 0, FLAG_CHOICE, AT(sort), .choices = order_words, .def = "created", .help = "Order: created, id, repository, size, tag" },
};
static const struct flag_group images_groups[] = { { images_rows, ARRAY_LEN(images_rows), 0 }, { 0 } };
static const struct listing_fields images_all = { image_fields, ARRAY_LEN(image_fields) };
const struct verb cmd_images_verb = {
	.fields = &images_all,
	.about = "Lists the images that were pulled, loaded or made here.",
	.groups = images_groups, .values_size = sizeof(struct images_values), .args = VERB_MAX, .arg_count = 1, .run = run_images,
};

/* --- history --- */

struct history_values {
	char *format;
	bool human, no_trunc, quiet;
};

struct shown_step {
	const struct image_history_row *step;
	const struct history_values *values;
	int64_t now_ns;
};

static char *step_id(const void *row)
{
	const struct shown_step *r = row;
	bool whole = r->values->no_trunc || strcmp(r->step->id, "<missing>") == 0;
	return whole ? mem_strdup(r->step->id) : mem_strndup(r->step->id, ID_SHORT);
}

static char *step_since(const void *row)
{
	const struct shown_step *r = row;
	return mem_printf("%s ago", ntime_human(r->now_ns - r->step->created_ns).text);
}

static char *step_at(const void *row)
{
	const struct shown_step *r = row;
	return mem_strdup(ntime_rfc3339(r->step->created_ns / NS_PER_S * NS_PER_S).text);
}

static char *step_created(const void *row)
{
	return ((const struct shown_step *)row)->values->human ? step_since(row) : step_at(row);
}

static char *step_by(const void *row)
{
	const struct shown_step *r = row;
	const char *text = r->step->created_by ? r->step->created_by : "";
	if (r->values->no_trunc || strlen(text) <= WORDS_SHORT + 3)
		return mem_strdup(text);
	return mem_printf("%.*s...", WORDS_SHORT, text);
}

static char *step_size(const void *row)
{
	const struct shown_step *r = row;
	if (!r->values->human)
		return mem_printf("%llu", (unsigned long long)r->step->size);
	const struct num_text size = num_size_text(r->step->size);
	auto_str out = { 0 };
	for (const char *p = size.text; *p; p++) /* COMPAT: here without the space */
		if (*p != ' ')
			str_add_char(&out, *p);
	return str_take(&out);
}

static char *step_comment(const void *row)
{
	const struct image_history_row *s = ((const struct shown_step *)row)->step;
	return mem_strdup(s->comment ? s->comment : "");
}

static char *step_no_text(const void *row)
{
	(void)row;
	return mem_strdup("");
}

static struct json *step_tags(const void *row)
{
	return json_strv_new(((const struct shown_step *)row)->step->tags);
}

static struct json *step_json_new(const struct image_history_row *r)
{
	struct json *o = json_object_new();
	json_set_str(o, "id", r->id);
	json_set(o, "created", json_time_new(ntime_rfc3339(r->created_ns).text));
	json_set_str(o, "CreatedBy", r->created_by ? r->created_by : "");
	if (r->tags)
		json_set(o, "tags", json_strv_new(r->tags));
	json_set_u64(o, "size", r->size);
	if (r->comment && *r->comment)
		json_set_str(o, "comment", r->comment);
	return o;
}

static struct json *step_whole(const void *row)
{
	static const struct beside_row beside[] = { { NULL, "tags", BESIDE_LIST }, { NULL, "comment", BESIDE_TEXT } };
	struct json *o = step_json_new(((const struct shown_step *)row)->step);
	inspect_beside(o, beside, ARRAY_LEN(beside));
	return o;
}

static const struct listing_field step_fields[] = {
	{ "ID", "ID", step_id },	   { "Created", "CREATED", step_created },    { "CreatedSince", "CREATED", step_since },
	{ "CreatedAt", "CREATED AT", step_at }, { "CreatedBy", "CREATED BY", step_by }, { "Size", "SIZE", step_size },
	{ "Comment", "COMMENT", step_comment }, { "Tags", "TAGS", step_no_text, step_tags },
	{ "ImageHistoryLayer", LISTING_NO_HEAD, step_no_text, step_whole, .then = "." },
};

static void print_steps_json(const struct image_history_row *rows, size_t count)
{
	auto_ptr(json) list = json_array_new();
	auto_str out = { 0 };
	for (size_t i = 0; i < count; i++) {
		const struct image_history_row *r = &rows[i];
		struct json *o = step_json_new(r);
		json_set_str(o, "Created", ntime_rfc3339(r->created_ns / NS_PER_S * NS_PER_S).text);
		json_add(list, o);
	}
	json_write(&out, list, NULL);
	printf("%s\n", str_text(&out));
}

static int print_steps(const struct history_values *v, const struct image_history_row *rows, size_t count, struct err *err)
{
	auto_free struct shown_step *shown = mem_array(count + 1, sizeof(*shown));
	auto_free const void **list = mem_array(count + 1, sizeof(*list));
	int64_t now = ntime_now();
	for (size_t i = 0; i < count; i++) {
		shown[i] = (struct shown_step){ .step = &rows[i], .values = v, .now_ns = now };
		list[i] = &shown[i];
		if (v->quiet) {
			auto_free char *id = step_id(&shown[i]);
			printf("%s\n", id);
		}
	}
	if (v->quiet)
		return 0;
	const struct listing listing = { .name = "history", .fields = step_fields, .field_count = ARRAY_LEN(step_fields), .rows = list,
					 .row_count = count, .columns = "ID\tCreated\tCreatedBy\tSize\tComment" };
	return listing_print(&listing, v->format, err);
}

static int run_history(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct history_values *v = values;
	auto_ptr(engine) engine = NULL;
	struct image_history_row *rows = NULL;
	size_t count = 0;
	int rc = 0;
	if (session_open(cli, ENGINE_READ, &engine, err) < 0 || images_history(engine, words[0], &rows, &count, err) < 0)
		return -1;
	if (v->format && strcmp(v->format, "json") == 0)
		print_steps_json(rows, count);
	else
		rc = print_steps(v, rows, count, err);
	images_history_free(rows, count);
	return rc;
}

static void history_init(void *values)
{
	*(struct history_values *)values = (struct history_values){ .human = true };
}

#define HISTORY(member) FLAG_AT(struct history_values, member)
static const struct flag history_rows[] = {
	{ "format", 0, FLAG_STRING, HISTORY(format), .help = "Print as JSON or through a Go template" },
	{ "human", 'H', FLAG_BOOL, HISTORY(human), .def = "true", .help = "Print sizes and times for people" },
	{ "no-trunc", 0, FLAG_BOOL, HISTORY(no_trunc), .aliases = "notruncate", .help = "Do not cut long texts" },
	{ "quiet", 'q', FLAG_BOOL, HISTORY(quiet), .help = "Print the IDs only" },
};
static const struct flag_group history_groups[] = { { history_rows, ARRAY_LEN(history_rows), 0 }, { 0 } };
static const struct listing_fields steps_all = { step_fields, ARRAY_LEN(step_fields) };
const struct verb cmd_history_verb = {
	.fields = &steps_all,
	.about = "Shows the steps an image was made in.",
	.groups = history_groups, .values_size = sizeof(struct history_values), .init = history_init, .args = VERB_EXACT,
	.arg_count = 1, .run = run_history,
};
