/* docgen_man.c - a page as roff for man(1); see docgen.h
 *
 * SPEC groff_man(7): plain requests only, so that mandoc and groff show the same.
 */
#include "cli/docgen_priv.h"

#include <ctype.h>

/* by which an installation knows its own */
#define MARK ".\\\" written by cpod from its own tables\n"

enum { LINE_MAX_BYTES = 76 };

/* Text as it is: nothing in it is roff, and what people copy stays ASCII. */
static void add_escaped(struct str *out, const char *text)
{
	static const struct { char c; const char *roff; } marks[] = {
		{ '\\', "\\e" }, { '-', "\\-" }, { '\'', "\\(aq" }, { '`', "\\(ga" }, { '^', "\\(ha" }, { '~', "\\(ti" },
	};
	bool fresh = out->len == 0 || out->data[out->len - 1] == '\n';
	for (const char *p = text; *p; p++) {
		size_t i = 0;
		while (i < ARRAY_LEN(marks) && marks[i].c != *p)
			i++;
		if (fresh && *p == '.')
			str_add(out, "\\&");
		fresh = *p == '\n';
		if (i < ARRAY_LEN(marks))
			str_add(out, marks[i].roff);
		else
			str_add_char(out, *p);
	}
}

/* A paragraph: lines short enough for diff(1), and for mandoc's taste. */
static void add_text(struct str *out, const char *text)
{
	auto_free char *copy = mem_strdup(text);
	for (char *p = copy; *p; p++)
		*p = *p == '\n' ? ' ' : *p;
	auto_strv words = strv_split(copy, ' ');
	size_t start = out->len;
	for (char **word = words; word && *word; word++) {
		if (out->len > start && out->len - start + 2 * strlen(*word) > LINE_MAX_BYTES) {
			str_add_char(out, '\n');
			start = out->len;
		} else if (out->len > start) {
			str_add_char(out, ' ');
		}
		add_escaped(out, *word);
	}
}

static void add_font(struct str *out, char font, const char *text)
{
	str_addf(out, "\\f%c", font);
	add_escaped(out, text);
	str_add(out, "\\fR");
}

static void add_title(struct str *out, const struct docgen_page *page)
{
	auto_free char *file = docgen_file_dup(page->path);
	for (char *p = file; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	str_add(out, MARK ".TH ");
	add_escaped(out, file);
	str_add(out, " 1 " CPOD_RELEASED " \"cpod " CPOD_VERSION "\"\n.ad l\n.SH NAME\n");
	auto_free char *name = docgen_file_dup(page->path);
	add_escaped(out, name);
	str_add(out, " \\- ");
	add_escaped(out, page->command->summary);
	str_add(out, "\n.SH SYNOPSIS\n");
	add_font(out, 'B', page->path);
	str_add(out, *page->command->use ? " " : "");
	add_escaped(out, page->command->use);
	str_add_char(out, '\n');
}

static void add_examples(struct str *out, const struct docgen_page *page)
{
	const struct example *row;
	size_t at = 0;
	const char *before = ".SH EXAMPLES\n";
	while ((row = docgen_example_next(page, &at))) {
		auto_free char *words = docgen_text_dup(page, row->words);
		str_add(out, before);
		add_text(out, row->what);
		str_add(out, ":\n.PP\n.RS 4\n.nf\n");
		add_font(out, 'B', words);
		str_add(out, "\n.fi\n.RE\n");
		before = ".PP\n";
	}
}

static void add_names(struct str *out, const struct docgen_page *page)
{
	if (!page->names)
		return;
	str_add(out, ".PP\nThe same as\n");
	for (char **name = page->names; *name; name++) {
		add_font(out, 'B', *name);
		str_add(out, !name[1] ? ".\n" : name[2] ? ",\n" : " and\n");
	}
}

static void add_description(struct str *out, const struct docgen_page *page)
{
	const struct command *c = page->command;
	str_add(out, ".SH DESCRIPTION\n");
	auto_free char *text = c->verb ? docgen_text_dup(page, c->verb->about) : mem_printf("%s.", c->summary);
	add_text(out, text);
	str_add_char(out, '\n');
	add_names(out, page);
}

static void add_commands(struct str *out, const struct docgen_page *page)
{
	const struct command *c = page->command->children;
	if (c)
		str_add(out, ".SH COMMANDS\n");
	for (; c && c->name; c++) {
		if (!docgen_has_page(c))
			continue;
		auto_free char *path = mem_printf("%s %s", page->path, c->name), *file = docgen_file_dup(path);
		str_add(out, ".TP\n");
		add_font(out, 'B', file);
		str_add(out, "(1)\n");
		add_escaped(out, c->summary);
		str_add(out, ".\n");
	}
}

static void add_flag(struct str *out, const struct flag *flag)
{
	const char *kind = flag_kind_word(flag), letter[] = { '-', flag->letter, 0 };
	auto_free char *name = mem_printf("--%s", flag->name);
	str_add(out, ".TP\n");
	if (flag->letter) {
		add_font(out, 'B', letter);
		str_add(out, ", ");
	}
	add_font(out, 'B', name);
	if (*kind) {
		str_add(out, " ");
		add_font(out, 'I', kind);
	}
	str_add_char(out, '\n');
	auto_free char *def = flag->def ? mem_printf(" (default: %s)", flag->def) : mem_strdup("");
	auto_free char *text = mem_printf("%s%s.", flag->help, def);
	add_text(out, text);
	str_add_char(out, '\n');
}

static void add_flags(struct str *out, const struct docgen_page *page)
{
	auto_free const struct flag **done = NULL;
	auto_free const struct flag **later = NULL;
	size_t count = docgen_flags(page, true, &done), later_count = docgen_flags(page, false, &later);
	if (count)
		str_add(out, ".SH OPTIONS\n");
	for (size_t i = 0; i < count; i++)
		add_flag(out, done[i]);
	if (later_count)
		str_add(out, ".SH NOT DONE YET\nThese options are known and refused:\n");
	for (size_t i = 0; i < later_count; i++) {
		auto_free char *name = mem_printf("--%s", later[i]->name);
		str_add(out, ".TP\n");
		add_font(out, 'B', name);
		str_add_char(out, '\n');
		add_text(out, later[i]->instead);
		str_add(out, ".\n");
	}
}

static void add_exits(struct str *out, const struct docgen_page *page)
{
	const struct docgen_exit *row;
	size_t at = 0;
	str_add(out, ".SH EXIT STATUS\n");
	while ((row = docgen_exit_next(page, &at))) {
		str_add(out, ".TP\n");
		add_font(out, 'B', row->code);
		str_add_char(out, '\n');
		add_text(out, row->what);
		str_add_char(out, '\n');
	}
}

static void add_also(struct str *out, const struct docgen_page *page)
{
	if (!page->parent)
		return;
	auto_free char *file = docgen_file_dup(page->parent);
	str_add(out, ".SH SEE ALSO\n");
	if (strcmp(page->parent, page->program) != 0) {
		add_font(out, 'B', page->program);
		str_add(out, "(1), ");
	}
	add_font(out, 'B', file);
	str_add(out, "(1)\n");
}

void docgen_man_write(struct str *out, const struct docgen_page *page)
{
	if (page->main) {
		auto_free char *file = docgen_file_dup(page->main);
		str_addf(out, ".so man1/%s.1\n" MARK, file);
		return;
	}
	add_title(out, page);
	add_examples(out, page);
	add_description(out, page);
	add_commands(out, page);
	add_flags(out, page);
	add_exits(out, page);
	add_also(out, page);
}
