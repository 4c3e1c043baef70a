/* cmd_secret_ls.c - secret ls */
#include "base/ntime.h"
#include "base/str.h"
#include "cli/listing.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/secret.h"

#include <stdio.h>

struct ls_values {
	char **filter;
	char *format;
	bool noheading, quiet;
};

static char *text_id(const void *row)
{
	return mem_strdup(((const struct secret *)row)->id);
}

static char *text_name(const void *row)
{
	return mem_strdup(((const struct secret *)row)->name);
}

static char *text_driver(const void *row)
{
	return mem_strdup(((const struct secret *)row)->driver);
}

static char *text_created(const void *row)
{
	return mem_printf("%s ago", ntime_human(ntime_now() - ((const struct secret *)row)->created_ns).text);
}

static char *text_updated(const void *row)
{
	return mem_printf("%s ago", ntime_human(ntime_now() - ((const struct secret *)row)->updated_ns).text);
}

static const struct listing_field fields[] = {
	{ "ID", NULL, text_id },
	{ "Name", NULL, text_name },
	{ "Driver", NULL, text_driver },
	{ "CreatedAt", "CREATED", text_created },
	{ "UpdatedAt", "UPDATED", text_updated },
};

static int print(struct secret **list, size_t count, const struct ls_values *v, struct err *err)
{
	const struct listing l = { .name = "ls", .fields = fields, .field_count = ARRAY_LEN(fields), .rows = (const void *const *)list, .row_count = count,
				   .columns = "ID\tName\tDriver\tCreatedAt\tUpdatedAt", .no_heading = v->noheading };
	if (!v->quiet || v->format) /* COMPAT */
		return listing_print(&l, v->format, err);
	for (size_t i = 0; i < count; i++)
		printf("%s\n", list[i]->id);
	return 0;
}

static int run_ls(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct ls_values *v = values;
	auto_ptr(engine) engine = NULL;
	struct secret **list;
	size_t count;
	(void)words;
	if (session_open(cli, ENGINE_READ, &engine, err) < 0 || secret_list(engine, v->filter, &list, &count, err) < 0)
		return -1;
	int rc = print(list, count, v, err);
	secret_list_free(list, count);
	return rc;
}

#define LS(member) FLAG_AT(struct ls_values, member)
static const struct flag ls_rows[] = {
	{ "filter", 'f', FLAG_ARRAY, LS(filter), .help = "Show only what matches (name=, id=)" },
	{ "format", 0, FLAG_STRING, LS(format), .def = "{{range .}}{{.ID}}\\t{{.Name}}\\t{{.Driver}}\\t{{.CreatedAt}}\\t{{.UpdatedAt}}\\n{{end -}}", .help = "Print through a Go template" },
	{ "noheading", 'n', FLAG_BOOL, LS(noheading), .help = "Leave out the heading" },
	{ "quiet", 'q', FLAG_BOOL, LS(quiet), .help = "Show the IDs only" },
};
static const struct flag_group ls_groups[] = { { ls_rows, ARRAY_LEN(ls_rows), 0 }, { 0 } };
const struct verb cmd_secret_ls_verb = {
	.about = "Lists secrets, in the order they were made.",
	.groups = ls_groups, .values_size = sizeof(struct ls_values), .args = VERB_NONE, .run = run_ls,
};
