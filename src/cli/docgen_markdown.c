/* docgen_markdown.c - a page for docs/commands; see docgen.h */
#include "cli/docgen_priv.h"

/* Text as it is: nothing in it is markdown or HTML. */
static void add_escaped(struct str *out, const char *text)
{
	for (const char *p = text; *p; p++) {
		if (strchr("\\`*_<[]#|", *p))
			str_add_char(out, '\\');
		str_add_char(out, *p);
	}
}

static void add_examples(struct str *out, const struct docgen_page *page)
{
	const struct example *row;
	size_t at = 0;
	const char *before = "\n## Examples\n\n";
	while ((row = docgen_example_next(page, &at))) {
		auto_free char *words = docgen_text_dup(page, row->words);
		str_add(out, before);
		add_escaped(out, row->what);
		str_addf(out, ":\n\n    %s\n", words);
		before = "\n";
	}
}

static void add_description(struct str *out, const struct docgen_page *page)
{
	const struct command *c = page->command;
	if (!c->verb)
		return;
	auto_free char *text = docgen_text_dup(page, c->verb->about);
	str_add(out, "\n## Description\n\n");
	add_escaped(out, text);
	str_add_char(out, '\n');
	if (page->names) {
		auto_free char *names = strv_join(page->names, "`, `");
		str_addf(out, "\nThe same as `%s`.\n", names);
	}
}

static void add_commands(struct str *out, const struct docgen_page *page)
{
	const struct command *c = page->command->children;
	if (c)
		str_add(out, "\n## Commands\n\n");
	for (; c && c->name; c++)
		if (docgen_has_page(c)) {
			str_addf(out, "- `%s`: ", c->name);
			add_escaped(out, c->summary);
			str_add_char(out, '\n');
		}
}

static void add_flag(struct str *out, const struct flag *flag)
{
	const char *kind = flag_kind_word(flag);
	str_add(out, "- ");
	if (flag->letter)
		str_addf(out, "`-%c`, ", flag->letter);
	str_addf(out, "`--%s%s%s`: ", flag->name, *kind ? " " : "", kind);
	add_escaped(out, flag->help);
	if (flag->def)
		str_addf(out, " (default: `%s`)", flag->def);
	str_add_char(out, '\n');
}

static void add_flags(struct str *out, const struct docgen_page *page)
{
	auto_free const struct flag **done = NULL;
	auto_free const struct flag **later = NULL;
	size_t count = docgen_flags(page, true, &done), later_count = docgen_flags(page, false, &later);
	if (count)
		str_add(out, "\n## Options\n\n");
	for (size_t i = 0; i < count; i++)
		add_flag(out, done[i]);
	if (later_count)
		str_add(out, "\n## Not done yet\n\nThese options are known and refused:\n\n");
	for (size_t i = 0; i < later_count; i++) {
		str_addf(out, "- `--%s`: ", later[i]->name);
		add_escaped(out, later[i]->instead);
		str_add_char(out, '\n');
	}
}

static void add_exits(struct str *out, const struct docgen_page *page)
{
	const struct docgen_exit *row;
	size_t at = 0;
	str_add(out, "\n## Exit status\n\n");
	while ((row = docgen_exit_next(page, &at)))
		str_addf(out, "- %s: %s\n", row->code, row->what);
}

static void add_also(struct str *out, const struct docgen_page *page)
{
	if (!page->parent)
		return;
	auto_free char *file = docgen_file_dup(page->parent);
	str_addf(out, "\n## See also\n\n[%s](%s.md), [all commands](README.md)\n", page->parent, file);
}

void docgen_markdown_write(struct str *out, const struct docgen_page *page)
{
	const struct command *c = page->command;
	str_addf(out, "# %s\n\n", page->path);
	add_escaped(out, c->summary);
	str_addf(out, ".\n\n    %s%s%s\n", page->path, *c->use ? " " : "", c->use);
	add_examples(out, page);
	add_description(out, page);
	add_commands(out, page);
	add_flags(out, page);
	add_exits(out, page);
	add_also(out, page);
}

void docgen_markdown_begin(struct str *out, const char *program)
{
	str_addf(out, "# The commands of %s\n\nWritten by the program from its own tables (`make docs`): the man pages say the same.\n\n"
		      "| command | what it does |\n|---|---|\n", program);
}

void docgen_markdown_item(struct str *out, const struct docgen_page *page)
{
	auto_free char *file = docgen_file_dup(page->main ? page->main : page->path);
	str_addf(out, "| [%s](%s.md) | %s |\n", page->path, file, page->command->summary);
}
