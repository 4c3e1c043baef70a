/* cmd_system.c - version, info, events, help: about the program and its host */
#include "base/ntime.h"
#include "base/str.h"
#include "cli/format.h"
#include "cli/help.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "codec/json.h"
#include "codec/json_out.h"
#include "engine/events.h"
#include "engine/info.h"
#include "engine/inspect_beside.h"

#include <stdio.h>

/* Prints through --format, or as JSON in that style. */
static int print_value(const char *name, const char *format, const struct json *value, const struct json_style *style, struct err *err)
{
	auto_str out = { 0 };
	bool table;
	auto_free char *clean = format_clean_dup(format, &table);
	if (strcmp(clean, "json") == 0)
		json_write(&out, value, style);
	else if (format_render(name, clean, value, &out, err) < 0)
		return -1;
	if (!out.len || out.data[out.len - 1] != '\n')
		str_add_char(&out, '\n');
	session_put(str_text(&out));
	return 0;
}

/* --- version --- */

struct format_values {
	char *format;
};

static void print_version(const struct cli *cli, const struct json *v)
{
	static const struct { const char *head, *member; } rows[] = {
		{ "Version", "Version" }, { "API Version", "APIVersion" }, { "Go Version", "GoVersion" }, { "Git Commit", "GitCommit" },
		{ "Built", "BuiltTime" }, { "OS/Arch", "OsArch" },
	};
	auto_str lines = { 0 };
	auto_str out = { 0 };
	str_addf(&lines, "Client:\tPodman Engine (%s %s)\n", "cpod", CPOD_VERSION);
	(void)cli;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *text = json_get_str(v, rows[i].member, "");
		if (*text)
			str_addf(&lines, "%s:\t%s\n", rows[i].head, text);
	}
	format_columns(&out, str_text(&lines));
	session_put(str_text(&out));
}

static int run_version(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct format_values *v = values;
	auto_ptr(json) client = info_version_new();
	(void)words;
	if (!v->format) {
		print_version(cli, client);
		return 0;
	}
	auto_ptr(json) both = json_object_new();
	json_set(both, "Client", json_ref(client));
	if (strcmp(v->format, "json") != 0)
		json_set(both, "Server", json_ref(client)); /* COMPAT: there is no server, scripts ask all the same */
	return print_value("version", v->format, both, &json_style_compact, err);
}

static const struct flag version_rows[] = {
	{ "format", 'f', FLAG_STRING, FLAG_AT(struct format_values, format), .help = "Print as JSON or through a Go template" },
};
static const struct flag_group version_groups[] = { { version_rows, ARRAY_LEN(version_rows), 0 }, { 0 } };
const struct verb cmd_version_verb = {
	.about = "Prints the version of the program, and the version of Podman whose words it understands.",
	.groups = version_groups, .values_size = sizeof(struct format_values), .args = VERB_NONE, .run = run_version,
};

/* --- info --- */

static bool is_plain(const char *text)
{
	return *text && !strpbrk(text, ":#{}[],&*!|>'\"%@`\n\t") && *text != '-' && *text != ' ' && *text != '?';
}

/* A tree as YAML, the form info has without --format: only what JSON can hold. */
static void add_yaml(struct str *out, const struct json *value, unsigned depth, bool in_list)
{
	bool first = true;
	if (json_kind(value) == JSON_OBJECT && json_len(value)) {
		for (struct json_iter it = json_iter(value); json_next(&it); first = false) {
			bool nested = (json_kind(it.value) == JSON_OBJECT || json_kind(it.value) == JSON_ARRAY) && json_len(it.value);
			str_addf(out, "%*s%s:%s", first && in_list ? 0 : (int)depth * 2, "", it.name, nested ? "\n" : " ");
			add_yaml(out, it.value, nested && json_kind(it.value) == JSON_ARRAY ? depth : depth + 1, false);
		}
	} else if (json_kind(value) == JSON_ARRAY && json_len(value)) {
		for (size_t i = 0; i < json_len(value); i++) {
			str_addf(out, "%*s- ", (int)depth * 2, "");
			add_yaml(out, json_at(value, i), depth + 1, true);
		}
	} else if (json_kind(value) == JSON_STRING && !is_plain(json_str(value, ""))) {
		json_write(out, value, &json_style_compact);
		str_add_char(out, '\n');
	} else if (json_kind(value) == JSON_STRING) {
		str_addf(out, "%s\n", json_str(value, ""));
	} else {
		json_write(out, value, &json_style_compact);
		str_add_char(out, '\n');
	}
}

static int run_info(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct format_values *v = values;
	static const struct json_style style = { .indent = "  " };
	auto_ptr(engine) engine = NULL;
	auto_ptr(json) info = NULL;
	(void)words;
	if (session_open_events(cli, &engine, err) < 0 || info_collect(engine, &info, err) < 0)
		return -1;
	if (v->format)
		return print_value("info", v->format, info, &style, err);
	auto_str out = { 0 };
	add_yaml(&out, info, 0, false);
	session_put(str_text(&out));
	return 0;
}

static const struct flag info_rows[] = {
	{ "debug", 'D', FLAG_BOOL, .bits = FLAG_HIDDEN | FLAG_NO_EFFECT, .help = "Show more; everything is shown in any case" },
	{ "format", 'f', FLAG_STRING, FLAG_AT(struct format_values, format), .help = "Print as JSON or through a Go template" },
};
static const struct flag_group info_groups[] = { { info_rows, ARRAY_LEN(info_rows), 0 }, { 0 } };
const struct verb cmd_info_verb = {
	.about = "Shows this host, its store and the program, as one needs them to understand a failure.",
	.groups = info_groups, .values_size = sizeof(struct format_values), .args = VERB_NONE, .run = run_info,
};

/* --- events --- */

struct events_values {
	char **filter;
	char *format, *since, *until;
	bool no_trunc, stream;
};

struct event_printer {
	const struct events_values *values;
	struct err *err;
};

/* What --format json and templates see. */
static struct json *event_view_new(const struct json *event)
{
	struct json *o = json_object_new();
	static const char *const same[] = { "ID", "Image", "Name", "Status" };
	for (size_t i = 0; i < ARRAY_LEN(same); i++)
		if (json_has(event, same[i]))
			json_set(o, same[i], json_ref(json_get(event, same[i])));
	int64_t ns = json_get_i64(event, "timeNano", 0);
	json_set_i64(o, "time", ns / NS_PER_S);
	json_set_i64(o, "timeNano", ns);
	json_set_str(o, "Type", json_get_str(event, "Type", ""));
	if (json_has(event, "ContainerExitCode"))
		json_set(o, "ContainerExitCode", json_ref(json_get(event, "ContainerExitCode")));
	if (json_has(event, "health_status"))
		json_set(o, "health_status", json_ref(json_get(event, "health_status")));
	if (json_has(event, "ContainerInspectData"))
		json_set(o, "ContainerInspectData", json_ref(json_get(event, "ContainerInspectData")));
	if (json_has(event, "User"))
		json_set(o, "User", json_ref(json_get(event, "User")));
	if (strcmp(json_get_str(event, "Type", ""), "volume") == 0)
		json_set(o, "Attributes", NULL); /* COMPAT */
	else
		json_set(o, "Attributes", json_has(event, "Attributes") ? json_ref(json_get(event, "Attributes")) : json_object_new());
	return o;
}

static void set_beside(struct json *view)
{
	static const struct beside_row rows[] = {
		{ NULL, "ContainerExitCode", BESIDE_NULL },
		{ NULL, "ContainerInspectData", BESIDE_TEXT },
		{ NULL, "Error", BESIDE_TEXT },
		{ NULL, "ID", BESIDE_TEXT },
		{ NULL, "Image", BESIDE_TEXT },
		{ NULL, "Name", BESIDE_TEXT },
		{ NULL, "Network", BESIDE_TEXT },
		{ NULL, "PodID", BESIDE_TEXT },
		{ NULL, "User", BESIDE_TEXT },
		{ NULL, "Details", BESIDE_PART, "PodID,ContainerInspectData,Attributes" },
	};
	json_set_beside(view, "HealthStatus", json_str_new(json_get_str(view, "health_status", "")));
	inspect_beside(view, rows, ARRAY_LEN(rows));
}

static int print_event(void *ctx, const struct json *event)
{
	struct event_printer *p = ctx;
	const char *format = p->values->format;
	auto_str out = { 0 };
	if (format) {
		auto_ptr(json) view = event_view_new(event);
		set_beside(view);
		return print_value("events", format, view, &json_style_compact, p->err) < 0 || fflush(stdout) != 0 ? -1 : 0;
	}
	events_text(&out, event, !p->values->no_trunc);
	printf("%s\n", str_text(&out));
	return fflush(stdout) != 0;
}

static int run_events(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct events_values *v = values;
	auto_ptr(engine) engine = NULL;
	struct event_printer printer = { .values = v, .err = err };
	struct events_opts opts = { .filters = v->filter, .stream = v->stream };
	(void)words;
	if (session_time("since", v->since, &opts.since_ns, err) < 0 || session_until(v->until, &opts.until_ns, err) < 0 ||
	    session_open_events(cli, &engine, err) < 0)
		return -1;
	struct err why = { 0 };
	int rc = events_read(engine, &opts, print_event, &printer, &why);
	if (rc < 0 && !err->kind)
		*err = why;
	return rc < 0 || err->kind ? -1 : 0;
}

static void events_init(void *values)
{
	*(struct events_values *)values = (struct events_values){ .no_trunc = true, .stream = true };
}

#define EVENTS(member) FLAG_AT(struct events_values, member)
static const struct flag events_rows[] = {
	{ "filter", 'f', FLAG_ARRAY, EVENTS(filter), .help = "Show only what matches" },
	{ "format", 0, FLAG_STRING, EVENTS(format), .help = "Print as JSON or through a Go template" },
	{ "no-trunc", 0, FLAG_BOOL, EVENTS(no_trunc), .def = "true", .help = "Do not cut long texts" },
	{ "since", 0, FLAG_STRING, EVENTS(since), .help = "Only events after this time" },
	{ "stream", 0, FLAG_BOOL, EVENTS(stream), .def = "true", .help = "Go on as things happen" },
	{ "until", 0, FLAG_STRING, EVENTS(until), .help = "Only events before this time" },
};
static const struct flag_group events_groups[] = { { events_rows, ARRAY_LEN(events_rows), 0 }, { 0 } };
const struct verb cmd_events_verb = {
	.about = "Shows what happened to containers and images, and who did it.",
	.groups = events_groups, .values_size = sizeof(struct events_values), .init = events_init, .args = VERB_NONE, .run = run_events,
};

/* --- help --- */

/* COMPAT: on standard error, with the words as Go writes a list, and it is no failure */
static int say_unknown_topic(const struct cli *cli, char **words)
{
	auto_str out = { 0 };
	auto_free char *topic = strv_join(words, "` `");
	help_write(&out, cli->program, cli->program, &commands_root);
	fprintf(stderr, "Unknown help topic [`%s`]\n%s", topic, strstr(str_text(&out), "Usage:\n"));
	return 0;
}

static int run_help(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct command *c = &commands_root;
	auto_str path = { 0 };
	auto_str out = { 0 };
	(void)values, (void)err;
	str_add(&path, cli->program);
	for (char **word = words; *word; word++) {
		const struct command *next = c->children ? command_find(c, *word) : NULL;
		if (!next && c == &commands_root)
			return say_unknown_topic(cli, words);
		if (!next)
			break;
		c = next;
		str_addf(&path, " %s", c->name);
	}
	help_write(&out, cli->program, str_text(&path), c);
	session_put(str_text(&out));
	return 0;
}

static const struct flag_group no_groups[] = { { 0 } };
const struct verb cmd_help_verb = {
	.about = "Tells about any command: % help [path to command].",
	.groups = no_groups, .run = run_help,
};
