/* cmd_artifact.c - artifact add, extract, inspect, ls, rm */
#include "base/ntime.h"
#include "base/num.h"
#include "base/str.h"
#include "cli/format.h"
#include "cli/listing.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "codec/json.h"
#include "codec/json_out.h"
#include "engine/artifacts.h"
#include "options/values.h"

#include <stdio.h>

enum { DIGEST_SHOWN = 12 };

/* --- add --- */

struct add_values {
	char **annotation;
	char *file_type, *type;
	bool append, replace;
};

static int run_add(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct add_values *v = values;
	const struct artifacts_add_opts opts = {
		.annotations = v->annotation, .type = v->type, .file_type = v->file_type, .append = v->append, .replace = v->replace,
	};
	auto_ptr(engine) engine = NULL;
	auto_free char *digest = NULL;
	for (char **a = v->annotation; a && *a; a++)
		if (!values_has_key(*a))
			return err_set(err, ERR_USAGE, "no value given for annotation \"%s\": write KEY=VALUE", *a);
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0 || artifacts_add(engine, words[0], words + 1, &opts, &digest, err) < 0)
		return -1;
	printf("%s\n", digest);
	return 0;
}

#define ADD(member) FLAG_AT(struct add_values, member)
static const struct flag add_rows[] = {
	{ "annotation", 0, FLAG_ARRAY, ADD(annotation), .meta = "annotation", .help = "Add this annotation to the artifact and to each file (KEY=VALUE)" },
	{ "append", 'a', FLAG_BOOL, ADD(append), .help = "Add the files to an artifact that is there" },
	{ "file-type", 0, FLAG_STRING, ADD(file_type), .help = "Media type of the files (told from their bytes when not given)" },
	{ "replace", 0, FLAG_BOOL, ADD(replace), .help = "Take the place of an artifact of that name" },
	{ "type", 0, FLAG_STRING, ADD(type), .help = "Type of the artifact" },
};
static const struct flag_group add_groups[] = { { add_rows, ARRAY_LEN(add_rows), 0 }, { 0 } };
const struct verb cmd_artifact_add_verb = {
	.about = "Makes an artifact of files.\n\nA file's title is its name, unless the annotation org.opencontainers.image.title says another.",
	.libraries = true,
	.groups = add_groups, .values_size = sizeof(struct add_values), .args = VERB_MIN, .arg_count = 2, .run = run_add,
};

/* --- extract --- */

struct extract_values {
	char *digest, *title;
};

static int run_extract(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct extract_values *v = values;
	const char *digest = v->digest && *v->digest ? v->digest : NULL, *title = v->title && *v->title ? v->title : NULL;
	auto_ptr(engine) engine = NULL;
	if (session_open(cli, ENGINE_READ, &engine, err) < 0)
		return -1;
	return artifacts_extract(engine, words[0], words[1], digest, title, err);
}

static const struct flag extract_rows[] = {
	{ "digest", 0, FLAG_STRING, FLAG_AT(struct extract_values, digest), .help = "Copy only the file with this digest; in a directory it is called by it" },
	{ "title", 0, FLAG_STRING, FLAG_AT(struct extract_values, title), .help = "Copy only the file with this title" },
};
static const struct flag_group extract_groups[] = { { extract_rows, ARRAY_LEN(extract_rows), 0 }, { 0 } };
const struct verb cmd_artifact_extract_verb = {
	.about = "Copies the files of an artifact out of the store.\n\n"
		 "PATH is a directory, where each file gets its title as its name, or the name of a file for an artifact that has one. A file that is\n"
		 "there is replaced.",
	.groups = extract_groups, .values_size = sizeof(struct extract_values), .args = VERB_EXACT, .arg_count = 2, .run = run_extract,
};

/* --- inspect --- */

struct artifact_inspect_values {
	char *format;
};

static int run_inspect(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct artifact_inspect_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_ptr(json) view = NULL;
	auto_str out = { 0 };
	bool table;
	if (session_open(cli, ENGINE_READ, &engine, err) < 0 || artifacts_inspect(engine, words[0], &view, err) < 0)
		return -1;
	auto_free char *clean = format_clean_dup(v->format ? v->format : "json", &table);
	if (strcmp(clean, "json") == 0) {
		session_put_json(view, &json_style_inspect);
		return 0;
	}
	if (format_render("inspect", clean, view, &out, err) < 0)
		return -1;
	if (!out.len || out.data[out.len - 1] != '\n')
		str_add_char(&out, '\n');
	session_put(str_text(&out));
	return 0;
}

static const struct flag inspect_rows[] = {
	{ "format", 'f', FLAG_STRING, FLAG_AT(struct artifact_inspect_values, format), .def = "json", .help = "Print through a Go template, or as JSON" },
};
static const struct flag_group inspect_groups[] = { { inspect_rows, ARRAY_LEN(inspect_rows), 0 }, { 0 } };
const struct verb cmd_artifact_inspect_verb = {
	.about = "Shows the manifest of an artifact, by its name or the first digits of its digest.",
	.groups = inspect_groups, .values_size = sizeof(struct artifact_inspect_values), .args = VERB_EXACT, .arg_count = 1, .run = run_inspect,
};

/* --- ls --- */

struct artifact_ls_values {
	char *format;
	bool no_trunc, noheading;
};

static const struct artifacts_row *row_of(const void *row)
{
	return row;
}

static char *text_repository(const void *row)
{
	return mem_strdup(row_of(row)->repository);
}

static char *text_tag(const void *row)
{
	return mem_strdup(row_of(row)->tag);
}

static char *text_digest(const void *row)
{
	return mem_strndup(row_of(row)->digest, DIGEST_SHOWN);
}

static char *text_whole_digest(const void *row)
{
	return mem_strdup(row_of(row)->digest);
}

static char *text_created(const void *row)
{
	int64_t ns = row_of(row)->created_ns;
	return ns ? mem_printf("%s ago", ntime_human(ntime_now() - ns).text) : mem_strdup("");
}

static char *text_created_at(const void *row)
{
	int64_t ns = row_of(row)->created_ns;
	return mem_strdup(ns ? ntime_go(ns).text : "");
}

static char *text_size(const void *row)
{
	return mem_strdup(num_size_tight(row_of(row)->bytes).text);
}

static char *text_bytes(const void *row)
{
	return mem_printf("%llu", (unsigned long long)row_of(row)->bytes);
}

static struct json *value_bytes(const void *row)
{
	return json_u64_new(row_of(row)->bytes);
}

#define LS_FIELDS(digest)                                                                                                      \
	{                                                                                                                      \
		{ "Repository", NULL, text_repository }, { "Tag", NULL, text_tag }, { "Digest", NULL, digest },                \
		{ "Created", NULL, text_created }, { "CreatedAt", NULL, text_created_at }, { "Size", NULL, text_size },        \
		{ "VirtualSize", NULL, text_bytes, value_bytes },                                                              \
	}
static const struct listing_field short_fields[] = LS_FIELDS(text_digest), whole_fields[] = LS_FIELDS(text_whole_digest);
static const struct listing_fields all_fields = { short_fields, ARRAY_LEN(short_fields) };

static int run_ls(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct artifact_ls_values *v = values;
	auto_ptr(engine) engine = NULL;
	struct artifacts_row **rows;
	size_t count;
	(void)words;
	if (session_open(cli, ENGINE_READ, &engine, err) < 0 || artifacts_list(engine, &rows, &count, err) < 0)
		return -1;
	const struct listing l = {
		.name = "ls", .fields = v->no_trunc ? whole_fields : short_fields, .field_count = ARRAY_LEN(short_fields), .rows = (const void *const *)rows,
		.row_count = count, .columns = "Repository\tTag\tDigest\tCreated\tSize", .no_heading = v->noheading,
	};
	int rc = listing_print(&l, v->format, err);
	artifacts_list_free(rows, count);
	return rc;
}

#define LS(member) FLAG_AT(struct artifact_ls_values, member)
static const struct flag ls_rows[] = {
	{ "format", 0, FLAG_STRING, LS(format), .def = "{{range .}}{{.Repository}}\\t{{.Tag}}\\t{{.Digest}}\\t{{.Created}}\\t{{.Size}}\\n{{end -}}",
	  .help = "Print through a Go template" },
	{ "no-trunc", 0, FLAG_BOOL, LS(no_trunc), .help = "Show digests whole" },
	{ "noheading", 'n', FLAG_BOOL, LS(noheading), .help = "Leave out the heading" },
};
static const struct flag_group ls_groups[] = { { ls_rows, ARRAY_LEN(ls_rows), 0 }, { 0 } };
const struct verb cmd_artifact_ls_verb = {
	.about = "Lists artifacts, in the order they came.", .fields = &all_fields,
	.groups = ls_groups, .values_size = sizeof(struct artifact_ls_values), .args = VERB_NONE, .run = run_ls,
};

/* --- rm --- */

struct artifact_rm_values {
	bool all, ignore;
};

static int add_all(struct engine *engine, char ***words, struct err *err)
{
	struct artifacts_row **rows;
	size_t count;
	if (artifacts_list(engine, &rows, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		strv_add(words, rows[i]->name);
	artifacts_list_free(rows, count);
	return 0;
}

/* COMPAT: the first that fails ends it, and nothing is printed of those before */
static int run_rm(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct artifact_rm_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_strv all = NULL;
	auto_str out = { 0 };
	if (!v->all && !words[0])
		return err_set(err, ERR_USAGE, "at least one artifact name or digest must be specified");
	if (v->all && words[0])
		return err_set(err, ERR_USAGE, "when using the --all switch, you may not pass any artifact names or digests");
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0 || (v->all && add_all(engine, &all, err) < 0))
		return -1;
	for (char **word = v->all ? all : words; word && *word; word++) {
		auto_free char *digest = NULL;
		if (artifacts_remove(engine, *word, &digest, err) >= 0)
			str_addf(&out, "%s\n", digest);
		else if ((v->ignore || v->all) && err_is(err, ERR_NOT_FOUND))
			err_clear(err);
		else
			return -1;
	}
	session_put(str_text(&out));
	return 0;
}

static const struct flag rm_rows[] = {
	{ "all", 'a', FLAG_BOOL, FLAG_AT(struct artifact_rm_values, all), .help = "Remove every artifact" },
	{ "ignore", 'i', FLAG_BOOL, FLAG_AT(struct artifact_rm_values, ignore), .help = "One that is not there is fine, too" },
};
static const struct flag_group rm_groups[] = { { rm_rows, ARRAY_LEN(rm_rows), 0 }, { 0 } };
const struct verb cmd_artifact_rm_verb = {
	.about = "Removes artifacts, by their names or the first digits of their digests.",
	.groups = rm_groups, .values_size = sizeof(struct artifact_rm_values), .run = run_rm,
};
