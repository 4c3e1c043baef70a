/* cmd_top.c - top: the processes of a container */
#include "base/str.h"
#include "cli/format.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/ctr_top.h"

#include <stdio.h>

struct top_values {
	bool latest, list;
};

static int run_top(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct top_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_ptr(ctr) ctr = NULL;
	auto_strv lines = NULL;
	auto_str text = { 0 }, out = { 0 };
	for (size_t i = 0; v->list && ctr_top_name(i); i++)
		printf("%s\n", ctr_top_name(i));
	if (v->list)
		return 0;
	if (!v->latest && !words[0])
		return err_set(err, ERR_USAGE, "you must provide the name or id of a running container");
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0) /* the files of its processes are read as its root */
		return -1;
	if ((v->latest ? ctr_open_latest(engine, &ctr, err) : ctr_open(engine, words[0], &ctr, err)) < 0)
		return v->latest ? -1 : err_wrap(err, "unable to look up requested container");
	if (ctr_top(engine, ctr, v->latest ? words : words + 1, &lines, err) < 0)
		return -1;
	for (char **line = lines; line && *line; line++)
		str_addf(&text, "%s\n", *line);
	format_columns(&out, str_text(&text));
	session_put(str_text(&out));
	return 0;
}

static const struct flag top_rows[] = {
	{ "latest", 'l', FLAG_BOOL, FLAG_AT(struct top_values, latest), .help = "Take the container made last" },
	{ "list-descriptors", 0, FLAG_BOOL, FLAG_AT(struct top_values, list), .bits = FLAG_HIDDEN, .help = "Print the names of all columns" },
};
static const struct flag_group top_groups[] = { { top_rows, ARRAY_LEN(top_rows), 0 }, { 0 } };
const struct verb cmd_top_verb = {
	.about = "Shows the processes of a running container.\n\nColumns are named by descriptors: args capamb capbnd capeff capinh capprm comm etime group groups hgroup hgroups\nhpid huid huser label nice pcpu pgid pid ppid rgroup rss ruser seccomp state stime time tty uid user vsz.",
	.groups = top_groups, .values_size = sizeof(struct top_values), .stop_at_first = true, .run = run_top,
};
