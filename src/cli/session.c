/* session.c - see session.h */
#include "cli/session.h"

#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int session_open(const struct cli *cli, enum engine_need need, struct engine **ret, struct err *err)
{
	const struct conf_value *cdi = conf_containers_find(&cli->conf, "engine.cdi_spec_dirs");
	const struct engine_opts opts = { .root = cli->globals.root, .runroot = cli->globals.runroot, .storage_opts = cli->globals.storage_opts,
					  .cdi_dirs = cli->globals.cdi_dirs || !cdi ? cli->globals.cdi_dirs : cdi->words };
	return engine_open(&opts, need, ret, err);
}

void session_report(struct err *err, int *code)
{
	fflush(stdout);
	fprintf(stderr, "Error: %s\n", err->text);
	if (*code == 0)
		*code = err_exit_code(err);
	err_clear(err);
}

int session_confirm(const char *warning, bool *ret_yes, struct err *err)
{
	char answer[16];
	fprintf(stdout, "WARNING! %s\nAre you sure you want to continue? [y/N] ", warning);
	fflush(stdout);
	if (!fgets(answer, sizeof(answer), stdin))
		return err_set(err, ERR_USAGE, "no answer on standard input: use --force to go on without being asked");
	*ret_yes = answer[0] == 'y' || answer[0] == 'Y';
	return 0;
}

bool session_in_colour(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
	return isatty(STDOUT_FILENO) && !(no && *no) && !str_eq(term, "dumb");
}

void session_put(const char *text)
{
	fputs(text, stdout);
}

void session_put_json(const struct json *value, const struct json_style *style)
{
	auto_str out = { 0 };
	json_write(&out, value, style);
	str_add_char(&out, '\n');
	session_put(str_text(&out));
}
