/* help.c - see help.h */
#include "cli/help.h"

#include "base/str.h"
#include "cli/examples.h"

#include <stdlib.h>

enum { NAME_WIDTH = 11 };

void help_add_text(struct str *out, const char *text, const char *indent, const char *program, const char *path)
{
	bool fresh = true;
	for (const char *p = text; *p; p++) {
		if (fresh && *p != '\n')
			str_add(out, indent);
		fresh = *p == '\n';
		if (*p == '@')
			str_add(out, path);
		else if (*p == '%')
			str_add(out, program);
		else
			str_add_char(out, *p);
	}
}

static void add_commands(struct str *out, const struct command *command)
{
	str_add(out, "\nAvailable Commands:\n");
	for (const struct command *c = command->children; c->name; c++)
		if (!(c->bits & COMMAND_HIDDEN))
			str_addf(out, "  %-*s %s%s\n", NAME_WIDTH, c->name, c->summary, command_is_done(c) ? "" : " (not yet)");
}

/* --- options --- */

static int compare_rows(const void *a, const void *b)
{
	return strcmp((*(const struct flag *const *)a)->name, (*(const struct flag *const *)b)->name);
}

size_t help_flags(const struct flag_group *groups, const struct flag *more, const struct flag ***ret)
{
	const struct flag **list = NULL;
	size_t count = 0;
	for (; groups && groups->rows; groups++) {
		list = mem_resize(list, count + groups->count + 1, sizeof(*list));
		for (size_t i = 0; i < groups->count; i++)
			if (!(groups->rows[i].bits & FLAG_HIDDEN))
				list[count++] = &groups->rows[i];
	}
	if (more && list)
		list[count++] = more;
	if (list)
		qsort(list, count, sizeof(*list), compare_rows);
	*ret = list;
	return count;
}

static size_t name_width(const struct flag *flag)
{
	const char *kind = flag_kind_word(flag);
	return strlen(flag->name) + (*kind ? strlen(kind) + 1 : 0);
}

static void add_default(struct str *out, const struct flag *flag)
{
	if (!flag->def)
		return;
	bool quoted = flag->kind == FLAG_STRING;
	str_addf(out, quoted ? " (default \"%s\")" : " (default %s)", flag->def);
}

static void add_option(struct str *out, const struct flag *flag, size_t width)
{
	const char *kind = flag_kind_word(flag);
	if (flag->letter)
		str_addf(out, "  -%c, --%s", flag->letter, flag->name);
	else
		str_addf(out, "      --%s", flag->name);
	if (*kind)
		str_addf(out, " %s", kind);
	str_addf(out, "%*s%s%s", (int)(width - name_width(flag) + 3), "", flag->bits & FLAG_NOT_YET ? "(not yet) " : "", flag->help);
	add_default(out, flag);
	str_add_char(out, '\n');
}

static void add_options(struct str *out, const struct flag_group *groups, const struct flag *more)
{
	auto_free const struct flag **list = NULL;
	size_t count = help_flags(groups, more, &list), width = 0;
	if (!count)
		return;
	str_add(out, "\nOptions:\n");
	for (size_t i = 0; i < count; i++)
		width = name_width(list[i]) > width ? name_width(list[i]) : width;
	for (size_t i = 0; i < count; i++)
		add_option(out, list[i], width);
}

/* --- the whole --- */

static void add_root_options(struct str *out, const char *program)
{
	auto_free char *text = mem_printf("Help for %s", program);
	const struct flag help = { .name = "help", .kind = FLAG_BOOL, .help = text };
	const struct flag_group both[] = { global_flags_anywhere[0], global_flags_root[0], { 0 } };
	add_options(out, both, &help);
}

static void add_about(struct str *out, const struct command *command, const char *program, const char *path)
{
	str_add(out, "\nDescription:\n");
	if (command->verb)
		help_add_text(out, command->verb->about, "  ", program, path);
	else
		str_addf(out, "  %s%s", command->summary, command_is_done(command) ? "" : ". This command is not done yet.");
	str_add_char(out, '\n');
}

static void add_examples(struct str *out, const struct verb *verb, const char *program, const char *path)
{
	bool any = false;
	for (size_t i = 0; i < examples_count; i++) {
		if (examples_rows[i].verb != verb)
			continue;
		str_add(out, any ? "" : "\nExamples:\n");
		help_add_text(out, examples_rows[i].words, "  ", program, path);
		str_add_char(out, '\n');
		any = true;
	}
}

void help_write(struct str *out, const char *program, const char *path, const struct command *command)
{
	bool root = command == &commands_root;
	str_addf(out, "%s\n", command->summary);
	if (!root)
		add_about(out, command, program, path);
	str_addf(out, "\nUsage:\n  %s%s%s\n", path, *command->use ? " " : "", command->use);
	if (command->aliases) {
		auto_strv list = strv_split(command->aliases, ',');
		auto_free char *joined = strv_join(list, ", ");
		str_addf(out, "\nAliases:\n  %s, %s\n", command->name, joined);
	}
	if (command->verb)
		add_examples(out, command->verb, program, path);
	if (command->children)
		add_commands(out, command);
	if (root)
		add_root_options(out, program);
	else if (command->verb)
		add_options(out, command->verb->groups, NULL);
	if (!root)
		str_add_char(out, '\n');
}
