/* cmd_attach.c - attach, exec, logs: the streams of running containers */
#include "base/fd.h"
#include "base/file.h"
#include "base/ntime.h"
#include "base/num.h"
#include "base/str.h"
#include "cli/pick.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/ctr_attach.h"
#include "engine/ctr_exec.h"
#include "engine/ctr_fds.h"
#include "engine/ctr_logs.h"
#include "options/flag_conf.h"

#include <fcntl.h>
#include <ctype.h>
#include <stdio.h>
#include <unistd.h>

#define KEYS_HELP "Keys that detach: one character, or ctrl-<value> joined by commas"

/* --- attach --- */

struct attach_values {
	char *detach_keys;
	bool latest, no_stdin, sig_proxy;
};

static void attach_init(void *values)
{
	*(struct attach_values *)values = (struct attach_values){ .sig_proxy = true };
}

static int run_attach(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct attach_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_val(pick) pick = { 0 };
	if (words[0] && words[1])
		return err_set(err, ERR_USAGE, "\"%s\" takes only one container", cli->path);
	if (!words[0] && !v->latest)
		return err_set(err, ERR_USAGE, "\"%s\" requires a name, id, or the \"--latest\" flag", cli->path);
	const struct pick_opts how = { .words = words, .latest = v->latest };
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0 || pick_ctrs(engine, &how, &pick, err) < 0)
		return -1;
	const struct ctr_attach_opts opts = { .in = !v->no_stdin && pick.ctrs[0]->def.interactive, .out = true, .err_out = true,
					      .sig_proxy = v->sig_proxy, .detach_keys = v->detach_keys };
	int code = 0;
	bool detached;
	if (ctr_attach(engine, pick.ctrs[0], &opts, &code, &detached, err) < 0)
		return -1;
	return detached ? 0 : code;
}

static const struct flag attach_rows[] = {
	{ "detach-keys", 0, FLAG_STRING, FLAG_AT(struct attach_values, detach_keys), .meta = "[a-Z]", .def = "ctrl-p,ctrl-q", .help = KEYS_HELP },
	{ "latest", 'l', FLAG_BOOL, FLAG_AT(struct attach_values, latest), .help = "Take the container made last" },
	{ "no-stdin", 0, FLAG_BOOL, FLAG_AT(struct attach_values, no_stdin), .help = "Do not attach the input" },
	{ "sig-proxy", 0, FLAG_BOOL, FLAG_AT(struct attach_values, sig_proxy), .def = "true", .help = "Pass signals on to the container's process" },
};
static const struct flag_group attach_groups[] = { { attach_rows, ARRAY_LEN(attach_rows), 0 }, { 0 } };
const struct verb cmd_attach_verb = {
	.about = "Joins the terminal to a running container, to see its output or to type into it.",
	.groups = attach_groups, .values_size = sizeof(struct attach_values), .init = attach_init, .conf = FLAG_CONF_KEYS, .run = run_attach,
};

/* --- exec --- */

struct exec_values {
	struct ctr_exec_opts opts;
	bool latest, no_session;
	uint32_t preserve_fds;
	char **preserve_fd;
};
#define EXEC(member) FLAG_AT(struct exec_values, opts.member)

static int read_cidfile(const char *path, char **ret, struct err *err)
{
	size_t len;
	int rc = file_read(AT_FDCWD, path, 4096, ret, &len);
	if (rc < 0)
		return err_sys(err, -rc, "reading CIDFile %s", path);
	(*ret)[strcspn(*ret, "\r\n")] = 0;
	return 0;
}

static int run_exec(struct cli *cli, void *values, char **words, struct err *err)
{
	struct exec_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_ptr(ctr) ctr = NULL;
	auto_free char *from_file = NULL;
	auto_free int *preserve = NULL;
	if (ctr_fds_read(v->preserve_fds, v->preserve_fd, &preserve, err) < 0)
		return -1;
	v->opts.preserve = preserve;
	if (!words[0] && !v->latest && !v->opts.cidfile)
		return err_set(err, ERR_USAGE, "exec requires the name or ID of a container or the --latest or --cidfile flag");
	bool named = !v->latest && !v->opts.cidfile;
	if (v->opts.cidfile && read_cidfile(v->opts.cidfile, &from_file, err) < 0)
		return -1;
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0)
		return -1;
	if ((v->latest ? ctr_open_latest(engine, &ctr, err) : ctr_open(engine, named ? words[0] : from_file, &ctr, err)) < 0)
		return -1;
	char **command = words + (named ? 1 : 0);
	if (!*command)
		return err_set(err, ERR_USAGE, "must provide a non-empty command to start an exec session: invalid argument");
	v->opts.command = strv_dup(command);
	int code = 0;
	char id[65];
	if (ctr_exec(engine, ctr, &v->opts, &code, id, err) < 0) {
		if (err_is(err, ERR_CMD_NOT_FOUND) || err_is(err, ERR_CMD_NOT_EXECUTABLE))
			return -1;
		session_report(err, &code);
		return 255; /* COMPAT: the container is there, the session is not */
	}
	if (v->opts.detach)
		printf("%s\n", id);
	return code;
}

static void exec_done(void *values)
{
	struct exec_values *v = values;
	ctr_exec_opts_done(&v->opts);
	strv_free(v->preserve_fd);
}

static const struct flag exec_rows[] = {
	{ "cidfile", 0, FLAG_STRING, EXEC(cidfile), .help = "Read the container's ID from the file" },
	{ "detach", 'd', FLAG_BOOL, EXEC(detach), .help = "Run the program in the background" },
	{ "detach-keys", 0, FLAG_STRING, EXEC(detach_keys), .def = "ctrl-p,ctrl-q", .help = KEYS_HELP },
	{ "env", 'e', FLAG_ARRAY, EXEC(env), .help = "Set environment variables" },
	{ "env-file", 0, FLAG_ARRAY, EXEC(env_file), .help = "Read environment variables from a file" },
	{ "interactive", 'i', FLAG_BOOL, EXEC(interactive), .help = "Pass the input to the program" },
	{ "latest", 'l', FLAG_BOOL, FLAG_AT(struct exec_values, latest), .help = "Take the container made last" },
	{ "no-session", 0, FLAG_BOOL, .bits = FLAG_NO_EFFECT, .help = "Keep no record of the program; none is kept in any case" },
	{ "preserve-fd", 0, FLAG_UINTS, FLAG_AT(struct exec_values, preserve_fd), .help = "File descriptors to pass to the program" },
	{ "preserve-fds", 0, FLAG_UINT, FLAG_AT(struct exec_values, preserve_fds), .help = "Number of file descriptors, from 3 on, to pass to the program" },
	{ "privileged", 0, FLAG_BOOL, EXEC(privileged), .help = "Give the program extended privileges" },
	{ "tty", 't', FLAG_BOOL, EXEC(tty), .help = "Give the program a pseudo terminal" },
	{ "user", 'u', FLAG_STRING, EXEC(user), .help = "User and group of the program (<name|uid>[:<group|gid>])" },
	{ "wait", 0, FLAG_INT, .bits = FLAG_HIDDEN | FLAG_NOT_YET, .instead = "wait --condition running before", .help = "Seconds to wait for the container to run" },
	{ "workdir", 'w', FLAG_STRING, EXEC(workdir), .help = "Directory the program starts in" },
};
static const struct flag_group exec_groups[] = { { exec_rows, ARRAY_LEN(exec_rows), 0 }, { 0 } };
const struct verb cmd_exec_verb = {
	.about = "Runs a program in a running container.",
	.groups = exec_groups, .values_size = sizeof(struct exec_values), .done = exec_done, .conf = FLAG_CONF_KEYS, .stop_at_first = true, .run = run_exec,
};

/* --- logs --- */

struct logs_values {
	char *since, *until;
	int64_t tail;
	bool color, follow, latest, names, timestamps;
};
#define LOGS(member) FLAG_AT(struct logs_values, member)

static void logs_init(void *values)
{
	*(struct logs_values *)values = (struct logs_values){ .tail = -1 };
}

static int run_logs(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct logs_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_val(pick) pick = { 0 };
	struct ctr_logs_opts opts = { .follow = v->follow, .timestamps = v->timestamps, .names = v->names, .color = v->color,
				      .tail = v->tail };
	const struct pick_opts how = { .words = words, .latest = v->latest,
				       .missing = "specify at least one container name or ID to log" };
	if (session_time("since", v->since, &opts.since_ns, err) < 0 || session_until(v->until, &opts.until_ns, err) < 0 ||
	    session_open(cli, ENGINE_READ, &engine, err) < 0 || pick_ctrs(engine, &how, &pick, err) < 0)
		return -1;
	return ctr_logs(engine, pick.ctrs, pick.count, &opts, STDOUT_FILENO, STDERR_FILENO, err);
}

static const struct flag logs_rows[] = {
	{ "color", 0, FLAG_BOOL, LOGS(color), .help = "Give each container's lines a colour" },
	{ "details", 0, FLAG_BOOL, .bits = FLAG_HIDDEN | FLAG_NO_EFFECT, .help = "Docker's word, without effect here" },
	{ "follow", 'f', FLAG_BOOL, LOGS(follow), .help = "Go on as the container writes" },
	{ "latest", 'l', FLAG_BOOL, LOGS(latest), .help = "Take the container made last" },
	{ "names", 'n', FLAG_BOOL, LOGS(names), .help = "Put the container's name in front of each line" },
	{ "since", 0, FLAG_STRING, LOGS(since), .help = "Only lines after this time" },
	{ "tail", 0, FLAG_INT, LOGS(tail), .def = "-1", .help = "Only that many lines at the end; -1 for all" },
	{ "timestamps", 't', FLAG_BOOL, LOGS(timestamps), .help = "Put the time in front of each line" },
	{ "until", 0, FLAG_STRING, LOGS(until), .help = "Only lines before this time" },
};
static const struct flag_group logs_groups[] = { { logs_rows, ARRAY_LEN(logs_rows), 0 }, { 0 } };
const struct verb cmd_logs_verb = {
	.about = "Shows what containers have written to their output.",
	.groups = logs_groups, .values_size = sizeof(struct logs_values), .init = logs_init, .run = run_logs,
};
