/* cmd_man.c - __man: writes the manual, for an installation and for docs/commands */
#include "base/file.h"
#include "base/path.h"
#include "base/str.h"
#include "cli/docgen.h"
#include "cli/verbs.h"

#include <fcntl.h>

struct man_values {
	bool markdown;
};

static int write_page(void *ctx, const char *file, const struct str *text, struct err *err)
{
	auto_free char *path = mem_printf("%s/%s", (const char *)ctx, file);
	int rc = file_write(AT_FDCWD, path, 0644, text->data, text->len, 0);
	return rc < 0 ? err_sys(err, -rc, "cannot write '%s'", path) : 0;
}

static int run_man(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct man_values *v = values;
	return docgen_each(cli->program, v->markdown ? DOCGEN_MARKDOWN : DOCGEN_MAN, write_page, words[0], err);
}

static const struct flag man_rows[] = {
	{ "markdown", 0, FLAG_BOOL, FLAG_AT(struct man_values, markdown), .help = "Write markdown rather than man pages" },
};
static const struct flag_group man_groups[] = { { man_rows, ARRAY_LEN(man_rows), 0 }, { 0 } };
const struct verb cmd_man_verb = {
	.about = "Writes a page for each command into the directory.",
	.groups = man_groups, .values_size = sizeof(struct man_values), .args = VERB_EXACT, .arg_count = 1, .run = run_man,
};
