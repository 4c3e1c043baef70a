/* cmd_doctor.c - doctor: what of this host keeps cpod from working well */
#include "base/str.h"
#include "cli/format.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "codec/json.h"
#include "codec/json_out.h"
#include "engine/doctor.h"

struct doctor_values {
	char *format;
};

static const char *colour(enum doctor_state state)
{
	static const char *const colours[] = { [DOCTOR_FINE] = "\033[32m", [DOCTOR_HINT] = "\033[33m", [DOCTOR_BROKEN] = "\033[31m" };
	return colours[state];
}

/* "broken  overlay mounts on it   no overlay in …" and, below the sentence, what mends it. */
static void add_finding(struct str *out, const struct doctor_finding *f, int width, bool colours)
{
	str_addf(out, "%s%-8s%s%-*s%s\n", colours ? colour(f->state) : "", doctor_state_word(f->state), colours ? "\033[0m" : "", width, f->subject, f->text);
	if (f->fix)
		str_addf(out, "%*s→ %s\n", 8 + width, "", f->fix);
}

static void print_findings(const struct doctor_finding *list, size_t count, const size_t *by_state)
{
	auto_str out = { 0 };
	int width = 0;
	bool colours = session_in_colour();
	for (size_t i = 0; i < count; i++)
		width = (int)strlen(list[i].subject) + 2 > width ? (int)strlen(list[i].subject) + 2 : width;
	for (size_t i = 0; i < count; i++)
		add_finding(&out, &list[i], width, colours);
	str_addf(&out, "\n%zu ok, %zu hints, %zu broken\n", by_state[DOCTOR_FINE], by_state[DOCTOR_HINT], by_state[DOCTOR_BROKEN]);
	session_put(str_text(&out));
}

static struct json *findings_new(const struct doctor_finding *list, size_t count)
{
	struct json *all = json_array_new();
	for (size_t i = 0; i < count; i++) {
		struct json *o = json_object_new();
		json_set_str(o, "Name", list[i].name);
		json_set_str(o, "Subject", list[i].subject);
		json_set_str(o, "State", doctor_state_word(list[i].state));
		json_set_str(o, "Text", list[i].text);
		json_set_str(o, "Fix", list[i].fix ? list[i].fix : "");
		json_add(all, o);
	}
	return all;
}

static int print_formatted(const struct doctor_finding *list, size_t count, const char *format, struct err *err)
{
	static const struct json_style style = { .indent = "    " };
	auto_ptr(json) all = findings_new(list, count);
	auto_str out = { 0 };
	bool table;
	auto_free char *clean = format_clean_dup(format, &table);
	if (str_eq(clean, "json"))
		json_write(&out, all, &style);
	for (size_t i = 0; !str_eq(clean, "json") && i < count; i++) {
		if (format_render("doctor", clean, json_at(all, i), &out, err) < 0)
			return -1;
		str_add_char(&out, '\n');
	}
	if (str_eq(clean, "json"))
		str_add_char(&out, '\n');
	session_put(str_text(&out));
	return 0;
}

static int run_doctor(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct doctor_values *v = values;
	const struct engine_opts opts = { .root = cli->globals.root, .runroot = cli->globals.runroot };
	struct doctor_finding *list;
	size_t count, by_state[DOCTOR_STATE_COUNT] = { 0 };
	int rc = 0;
	(void)words;
	if (doctor_look(&opts, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		by_state[list[i].state]++;
	if (v->format)
		rc = print_formatted(list, count, v->format, err);
	else
		print_findings(list, count, by_state);
	doctor_findings_free(list, count);
	return rc < 0 ? rc : by_state[DOCTOR_BROKEN] > 0;
}

static const struct flag doctor_rows[] = {
	{ "format", 'f', FLAG_STRING, FLAG_AT(struct doctor_values, format), .help = "Print as JSON or through a Go template" },
};
static const struct flag_group doctor_groups[] = { { doctor_rows, ARRAY_LEN(doctor_rows), 0 }, { 0 } };
const struct verb cmd_doctor_verb = {
	.about = "Looks for what keeps % from working well on this host, and names the line that mends it. Nothing is changed.\n"
		 "Ends with 1 when something that people use is broken. As root it looks at root's containers, as a user at that user's.",
	.groups = doctor_groups, .values_size = sizeof(struct doctor_values), .libraries = true, .args = VERB_NONE, .run = run_doctor,
};
