/* cmd_ps.c - ps */
#include "base/ntime.h"
#include "base/str.h"
#include "cli/pick.h"
#include "cli/ps_fields.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "codec/json.h"
#include "codec/json_out.h"
#include "engine/ctr_size.h"

#include <stdio.h>
#include <unistd.h>

struct ps_values {
	char **filter;
	char *format, *sort;
	int last;
	uint32_t watch; /* seconds; 0: once */
	bool all, external, latest, no_trunc, noheading, ns, pod, quiet, size, sync;
};

static void print_json(const struct ps_row *rows, size_t count)
{
	static const struct json_style style = { .indent = "  " };
	auto_ptr(json) list = json_array_new();
	auto_str out = { 0 };
	for (size_t i = 0; i < count; i++)
		json_add(list, ps_fields_json_new(&rows[i]));
	json_write(&out, list, &style);
	printf("%s\n", str_text(&out));
}

/* --- order --- */

static int compare_created(const void *a, const void *b)
{
	int64_t x = ((const struct ps_row *)a)->ctr->def.created_ns, y = ((const struct ps_row *)b)->ctr->def.created_ns;
	return x < y ? -1 : x > y;
}

static int compare_text(char *x, char *y)
{
	int rc = strcmp(x, y);
	free(x);
	free(y);
	return rc;
}

#define COMPARE_BY(name, field)                             \
	static int name(const void *a, const void *b)       \
	{                                                   \
		return compare_text(ps_fields_text(a, field), ps_fields_text(b, field)); \
	}
COMPARE_BY(compare_command, "Command")
COMPARE_BY(compare_id, "ID")
COMPARE_BY(compare_image, "Image")
COMPARE_BY(compare_names, "Names")
COMPARE_BY(compare_status, "State")

static int compare_size(const void *a, const void *b)
{
	int64_t x = ((const struct ps_row *)a)->size_root, y = ((const struct ps_row *)b)->size_root;
	return x < y ? -1 : x > y;
}

static const struct {
	const char *key;
	int (*compare)(const void *, const void *);
} orders[] = {
	{ "command", compare_command }, { "created", compare_created }, { "id", compare_id },	  { "image", compare_image },
	{ "names", compare_names },	{ "runningfor", compare_created }, { "size", compare_size }, { "status", compare_status },
};
static const char *const order_words[] = { "command", "created", "id", "image", "names", "runningfor", "size", "status", NULL };

static void sort_rows(struct ps_row *rows, size_t count, const char *key)
{
	for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
		if (!str_eq(orders[i].key, key))
			continue;
		qsort(rows, count, sizeof(*rows), orders[i].compare);
		return;
	}
}

/* --- the command --- */

static bool filters_state(const struct ps_values *v)
{
	for (char **f = v->filter; f && *f; f++)
		if (str_starts(*f, "status=") || str_starts(*f, "exited="))
			return true;
	return false;
}

static int pick_rows(struct engine *engine, const struct ps_values *v, struct pick *pick, struct err *err)
{
	struct pick_opts how = { .all = true, .filters = v->filter };
	if (!v->all && !v->latest && v->last < 0 && !filters_state(v))
		how.states = 1U << CTR_RUNNING | 1U << CTR_PAUSED | 1U << CTR_STOPPING;
	return pick_ctrs(engine, &how, pick, err);
}

static int fill_rows(struct engine *engine, const struct ps_values *v, const struct pick *pick, struct ps_row *rows, struct err *err)
{
	int64_t now = ntime_now();
	for (size_t i = 0; i < pick->count; i++) {
		struct ps_row *r = &rows[i];
		*r = (struct ps_row){ .ctr = pick->ctrs[i], .no_trunc = v->no_trunc, .sized = v->size, .ns = v->ns, .now_ns = now };
		if (v->size && ctr_size(engine, r->ctr, &r->size_rw, &r->size_root, err) < 0)
			return -1;
	}
	return 0;
}

static void print_ids(const struct ps_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		auto_free char *id = ps_fields_text(&rows[i], "ID");
		printf("%s\n", id);
	}
}

static const char *columns_of(const struct ps_values *v)
{
	if (v->ns)
		return "ID\tNames\tPID\tCgroup\tIPC\tMNT\tNET\tPIDNS\tUser\tUTS";
	if (v->pod)
		return "ID\tImage\tCommand\tCreatedHuman\tStatus\tPorts\tNames\tPod\tPodName";
	return v->size ? "ID\tImage\tCommand\tCreatedHuman\tStatus\tPorts\tNames\tSize" :
			 "ID\tImage\tCommand\tCreatedHuman\tStatus\tPorts\tNames";
}

static int print_rows(const struct ps_values *v, const struct ps_row *rows, size_t count, struct err *err)
{
	if (v->quiet && !v->format) {
		print_ids(rows, count);
		return 0;
	}
	if (v->format && strcmp(v->format, "json") == 0) {
		print_json(rows, count);
		return 0;
	}
	auto_free const void **list = mem_array(count + 1, sizeof(*list));
	for (size_t i = 0; i < count; i++)
		list[i] = &rows[i];
	const struct listing listing = { .name = "ps", .fields = ps_fields, .field_count = ps_fields_count, .rows = list,
					 .row_count = count, .columns = columns_of(v), .no_heading = v->noheading };
	return listing_print(&listing, v->format, err);
}

static int list(struct engine *engine, const struct ps_values *v, struct err *err)
{
	auto_val(pick) pick = { 0 };
	if (pick_rows(engine, v, &pick, err) < 0)
		return -1;
	auto_free struct ps_row *rows = mem_array(pick.count + 1, sizeof(*rows));
	if (fill_rows(engine, v, &pick, rows, err) < 0)
		return -1;
	size_t count = pick.count, skip = 0;
	if (v->last >= 0 && count > (size_t)v->last)
		skip = count - (size_t)v->last; /* the oldest ones: the list comes oldest first */
	sort_rows(rows + skip, count - skip, v->sort ? v->sort : "created");
	return print_rows(v, rows + skip, count - skip, err);
}

/* Until it is interrupted, or nobody reads it any more. */
static int watch(struct engine *engine, const struct ps_values *v, struct err *err)
{
	bool terminal = isatty(STDOUT_FILENO);
	for (;;) {
		if (terminal)
			printf("\033[H\033[2J");
		if (list(engine, v, err) < 0)
			return -1;
		if (fflush(stdout) < 0)
			return 0;
		sleep(v->watch);
	}
}

static int run_ps(struct cli *cli, void *values, char **words, struct err *err)
{
	struct ps_values *v = values;
	auto_ptr(engine) engine = NULL;
	(void)words;
	if (v->latest)
		v->last = 1;
	if (v->quiet && (v->size || v->ns))
		return err_set(err, ERR_USAGE, "quiet conflicts with %s", v->size ? "size" : "namespace");
	if (v->last >= 0 && v->all && !v->latest)
		v->all = false;
	if (session_open(cli, ENGINE_READ, &engine, err) < 0)
		return -1;
	return v->watch ? watch(engine, v, err) : list(engine, v, err);
}

static void ps_init(void *values)
{
	*(struct ps_values *)values = (struct ps_values){ .last = -1 };
}

#define AT(member) FLAG_AT(struct ps_values, member)
static const struct flag ps_rows[] = {
	{ "all", 'a', FLAG_BOOL, AT(all), .help = "Show every container, not only running ones" },
	{ "external", 0, FLAG_BOOL, AT(external), .bits = FLAG_NO_EFFECT, .aliases = "storage", .help = "Show containers of other programs too; the store has none" },
	{ "filter", 'f', FLAG_ARRAY, AT(filter), .help = "Show only what matches" },
	{ "format", 0, FLAG_STRING, AT(format), .help = "Print as JSON or through a Go template" },
	{ "last", 'n', FLAG_INT, AT(last), .def = "-1", .help = "Show the containers made last, that many (all states)" },
	{ "latest", 'l', FLAG_BOOL, AT(latest), .help = "Show the container made last (all states)" },
	{ "no-trunc", 0, FLAG_BOOL, AT(no_trunc), .aliases = "notruncate", .help = "Do not cut long texts" },
	{ "noheading", 0, FLAG_BOOL, AT(noheading), .help = "Do not print the headings" },
	{ "ns", 0, FLAG_BOOL, AT(ns), .aliases = "namespace", .help = "Show the namespaces" },
	{ "pod", 'p', FLAG_BOOL, AT(pod), .help = "Show the ID and the name of the pod" },
	{ "quiet", 'q', FLAG_BOOL, AT(quiet), .help = "Print the IDs only" },
	{ "size", 's', FLAG_BOOL, AT(size), .help = "Show the sizes" },
	{ "sort", 0, FLAG_CHOICE, AT(sort), .choices = order_words, .help = "Order: command, created, id, image, names, runningfor, size, or status" },
	{ "sync", 0, FLAG_BOOL, AT(sync), .bits = FLAG_NO_EFFECT, .help = "Ask for the real state; it is always read from the kernel" },
	{ "watch", 'w', FLAG_UINT, AT(watch), .help = "Print again every so many seconds" },
};
static const struct flag_group ps_groups[] = { { ps_rows, ARRAY_LEN(ps_rows), 0 }, { 0 } };
const struct verb cmd_ps_verb = {
	.fields = &ps_fields_all,
	.about = "Lists containers",
	.groups = ps_groups, .values_size = sizeof(struct ps_values), .init = ps_init, .args = VERB_NONE, .run = run_ps,
};
