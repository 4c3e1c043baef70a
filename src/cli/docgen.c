/* docgen.c - which pages there are, and what is said on them in whatever form; see docgen.h */
#include "cli/docgen_priv.h"

#include "cli/verbs.h"

/* --- what the pages say --- */

#define CONTAINER_STATUS(verb)                                                                                  \
	{ &(verb), "126", "The program of the container was found, but cannot be executed." },                          \
	{ &(verb), "127", "The program of the container was not found." },                                             \
	{ &(verb), "other", "What the program of the container ended with; 128 and the signal's number when one killed it." }

static const struct docgen_exit exits[] = {
	{ NULL, "0", "Everything was done." },
	{ &cmd_container_exists_verb, "1", "There is no such container." },
	{ &cmd_image_exists_verb, "1", "There is no such image." },
	{ &cmd_volume_exists_verb, "1", "There is no such volume." },
	{ &cmd_manifest_exists_verb, "1", "There is no such list." },
	{ &cmd_healthcheck_run_verb, "1", "The container is unhealthy." },
	{ &cmd_doctor_verb, "1", "Something is broken." },
	{ NULL, "125", "The words make no sense, an object is missing or in use, or something failed; a sentence on standard error says what." },
	CONTAINER_STATUS(cmd_run_verb),
	CONTAINER_STATUS(cmd_exec_verb),
	CONTAINER_STATUS(cmd_start_verb),
	CONTAINER_STATUS(cmd_attach_verb),
	{ &cmd_unshare_verb, "other", "What the command ended with." },
};

const struct docgen_exit *docgen_exit_next(const struct docgen_page *page, size_t *at)
{
	while (*at < ARRAY_LEN(exits)) {
		const struct docgen_exit *row = &exits[(*at)++];
		if (!row->verb || row->verb == page->command->verb)
			return row;
	}
	return NULL;
}

const struct example *docgen_example_next(const struct docgen_page *page, size_t *at)
{
	bool root = page->command == &commands_root;
	while (*at < examples_count) {
		const struct example *row = &examples_rows[(*at)++];
		if (root ? !row->verb : row->verb && row->verb == page->command->verb)
			return row;
	}
	return NULL;
}

char *docgen_text_dup(const struct docgen_page *page, const char *text)
{
	auto_str out = { 0 };
	help_add_text(&out, text, "", page->program, page->path);
	return str_take(&out);
}

char *docgen_file_dup(const char *path)
{
	char *file = mem_strdup(path);
	for (char *p = file; *p; p++)
		*p = *p == ' ' ? '-' : *p;
	return file;
}

size_t docgen_flags(const struct docgen_page *page, bool done, const struct flag ***ret)
{
	const struct flag_group both[] = { global_flags_anywhere[0], global_flags_root[0], { 0 } };
	const struct flag_group *groups = page->command == &commands_root ? both : page->command->verb ? page->command->verb->groups : NULL;
	size_t count = help_flags(groups, NULL, ret), kept = 0;
	for (size_t i = 0; i < count; i++)
		if (done == !((*ret)[i]->bits & FLAG_NOT_YET))
			(*ret)[kept++] = (*ret)[i];
	return kept;
}

/* --- which pages there are --- */

bool docgen_has_page(const struct command *command)
{
	if (command->verb)
		return !str_starts(command->name, "__");
	for (const struct command *c = command->children; c && c->name; c++)
		if (docgen_has_page(c))
			return true;
	return false;
}

struct walk {
	const char *program;
	enum docgen_form form;
	docgen_page_fn page;
	void *ctx;
	struct str list; /* markdown: the page of pages */
};

static void add_name(char ***names, const char *parent, const struct command *c, const char *except)
{
	auto_strv aliases = c->aliases ? strv_split(c->aliases, ',') : NULL;
	auto_free char *path = mem_printf("%s %s", parent, c->name);
	if (strcmp(path, except) != 0)
		strv_add(names, path);
	for (char **alias = aliases; alias && *alias; alias++)
		strv_addf(names, "%s %s", parent, *alias);
}

/* Every path of the verb, top ones first; the first one is the page. */
static void find_names(const struct command *parent, const char *path, const struct verb *verb, const char *except, char ***names)
{
	for (const struct command *c = parent->children; c && c->name; c++)
		if (c->verb == verb)
			add_name(names, path, c, except);
	for (const struct command *c = parent->children; c && c->name; c++) {
		auto_free char *below = mem_printf("%s %s", path, c->name);
		find_names(c, below, verb, except, names);
	}
}

static void page_done(struct docgen_page *page)
{
	free(page->path);
	free(page->main);
	free(page->parent);
	strv_free(page->names);
}

static void page_init(struct docgen_page *page, const struct walk *w, const char *parent, const struct command *command)
{
	*page = (struct docgen_page){ .program = w->program, .command = command };
	page->path = parent ? mem_printf("%s %s", parent, command->name) : mem_strdup(w->program);
	page->parent = parent ? mem_strdup(parent) : NULL;
	if (!command->verb)
		return;
	auto_strv all = NULL;
	find_names(&commands_root, w->program, command->verb, "", &all);
	if (strcmp(all[0], page->path) != 0)
		page->main = mem_strdup(all[0]);
	find_names(&commands_root, w->program, command->verb, page->path, &page->names);
}

static int write_page(struct walk *w, const struct docgen_page *page, struct err *err)
{
	bool man = w->form == DOCGEN_MAN;
	auto_str text = { 0 };
	auto_free char *name = docgen_file_dup(page->path);
	auto_free char *file = mem_printf("%s.%s", name, man ? "1" : "md");
	if (man)
		docgen_man_write(&text, page);
	else if (!page->main)
		docgen_markdown_write(&text, page);
	return text.len ? w->page(w->ctx, file, &text, err) : 0;
}

static int walk_pages(struct walk *w, const char *parent, const struct command *command, struct err *err)
{
	struct docgen_page page;
	if (!docgen_has_page(command))
		return 0;
	page_init(&page, w, parent, command);
	docgen_markdown_item(&w->list, &page);
	int rc = write_page(w, &page, err);
	for (const struct command *c = command->children; rc >= 0 && c && c->name; c++)
		rc = walk_pages(w, page.path, c, err);
	page_done(&page);
	return rc;
}

int docgen_each(const char *program, enum docgen_form form, docgen_page_fn page, void *ctx, struct err *err)
{
	struct walk w = { .program = program, .form = form, .page = page, .ctx = ctx };
	docgen_markdown_begin(&w.list, program);
	int rc = walk_pages(&w, NULL, &commands_root, err);
	if (rc >= 0 && form == DOCGEN_MARKDOWN)
		rc = page(ctx, "README.md", &w.list, err);
	str_done(&w.list);
	return rc;
}
