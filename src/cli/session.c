/* session.c - see session.h */
#include "cli/session.h"

#include "base/log.h"
#include "base/ntime.h"
#include "base/num.h"
#include "base/str.h"
#include "cli/choose.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A file that cannot be read is told by the verbs that live by it; the end of a container is not kept from being one. */
static int choose_events(const struct cli *cli, struct events_conf *ret, struct err *err)
{
	const struct conf_containers_opts opts = { .uid = getuid(), .modules = cli->globals.modules, .quiet = true };
	auto_val(conf_containers) own = { 0 };
	struct err why = { 0 };
	const bool is_read = cli->conf.files;
	if (!is_read && conf_containers_read(&opts, &own, &why) < 0)
		log_warn("%s: events go where they go without it", why.text);
	return events_conf_read(is_read ? &cli->conf : &own, cli->globals.events_backend, ret, err);
}

static int open_with(const struct cli *cli, enum engine_need need, bool events, struct engine **ret, struct err *err)
{
	auto_val(events_conf) conf = { 0 };
	if ((events || cli->globals.events_backend) && choose_events(cli, &conf, err) < 0)
		return -1;
	const struct conf_value *cdi = conf_containers_find(&cli->conf, "engine.cdi_spec_dirs");
	const struct engine_opts opts = { .root = cli->globals.root, .runroot = cli->globals.runroot, .storage_opts = cli->globals.storage_opts,
					  .cdi_dirs = cli->globals.cdi_dirs || !cdi ? cli->globals.cdi_dirs : cdi->words, .events = &conf,
					  .choose = choose_name };
	return engine_open(&opts, need, ret, err);
}

int session_open(const struct cli *cli, enum engine_need need, struct engine **ret, struct err *err)
{
	return open_with(cli, need, need != ENGINE_READ, ret, err);
}

int session_open_events(const struct cli *cli, struct engine **ret, struct err *err)
{
	return open_with(cli, ENGINE_READ, true, ret, err);
}

int session_time(const char *flag, const char *text, int64_t *ret_ns, struct err *err)
{
	*ret_ns = 0;
	if (text && ntime_parse_loose(text, ntime_now(), ret_ns) < 0)
		return err_set(err, ERR_USAGE, "invalid --%s '%s': a time (2026-01-02T03:04:05Z), seconds since 1970 or a duration (10m) is expected",
			       flag, text);
	return 0;
}

/* COMPAT: here a duration lies ahead: with --follow, for how long */
int session_until(const char *text, int64_t *ret_ns, struct err *err)
{
	int64_t ahead;
	if (text && *text && !isdigit((unsigned char)text[strlen(text) - 1]) && num_duration(text, &ahead) >= 0) {
		*ret_ns = ntime_now() + ahead;
		return 0;
	}
	if (session_time("until", text, ret_ns, err) < 0)
		return -1;
	if (text && !*ret_ns)
		*ret_ns = 1; /* the beginning of time, not none */
	return 0;
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
