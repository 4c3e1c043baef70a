/* dispatch.c - from the words typed to the verb that runs; see command.h
 *
 * Flags are read level by level, as Podman does: before the command the global ones, after it the command's own and those
 * global ones that may stand anywhere. A failure is reported here, once.
 */
#include "cli/command.h"

#include "base/dl.h"
#include "base/log.h"
#include "base/path.h"
#include "base/str.h"
#include "cli/help.h"
#include "codec/json.h"
#include "engine/engine.h"
#include "engine/info.h"
#include "options/flag_conf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EXIT_ENGINE = 125 };

struct walk {
	struct cli cli;
	struct str path;
	const struct command *command;
};

static void print_help(const struct walk *w)
{
	auto_str text = { 0 };
	help_write(&text, w->cli.program, str_text(&w->path), w->command);
	fputs(str_text(&text), stdout);
}

static int fail_usage(const struct walk *w, const struct err *err)
{
	fprintf(stderr, "Error: %s\nSee '%s --help'\n", err->text, str_text(&w->path));
	return EXIT_ENGINE;
}

static int fail(const struct err *err)
{
	fflush(stdout);
	if (*err->text)
		fprintf(stderr, "Error: %s\n", err->text);
	return err_exit_code(err);
}

static int fail_unknown_word(const struct walk *w, const char *word)
{
	auto_free char *near = command_suggest_dup(w->command, word);
	fprintf(stderr, "Error: unrecognized command `%s %s`\n", str_text(&w->path), word);
	if (*near)
		fprintf(stderr, "\nDid you mean this?\n%s\n", near);
	fprintf(stderr, "Try '%s --help' for more information\n", str_text(&w->path));
	return EXIT_ENGINE;
}

static int fail_missing_word(const struct walk *w)
{
	print_help(w);
	fflush(stdout);
	fprintf(stderr, "Error: missing command '%s COMMAND'\n", str_text(&w->path));
	return EXIT_ENGINE;
}

static int fail_not_done(const struct walk *w)
{
	fprintf(stderr, "Error: '%s' is not done yet: %s\n", str_text(&w->path),
		w->command->instead ? w->command->instead : "see --help for the commands that are");
	return EXIT_ENGINE;
}

/* --- the global flags --- */

static int use_level(const struct cli_globals *g, struct err *err)
{
	enum log_level level = LOG_DEBUG;
	if (g->log_level && log_level_parse(g->log_level, &level) < 0)
		return err_set(err, ERR_USAGE,
			       "Log Level \"%s\" is not supported, choose from: trace, debug, info, warn, warning, error, fatal, panic",
			       g->log_level);
	if (g->log_level || g->debug)
		log_set_level(level);
	return 0;
}

/* Files by flags are files by variables, which children have, too. */
static int use_files(const struct cli_globals *g, struct err *err)
{
	struct stat st;
	if (g->config && stat(g->config, &st) == 0 && !S_ISDIR(st.st_mode))
		return err_set(err, ERR_USAGE, "Supplied --config file (%s) is not a directory", g->config);
	if (g->registries_conf && access(g->registries_conf, R_OK) < 0)
		return err_sys(err, errno, "locating specified registries.conf: '%s'", g->registries_conf);
	const char *const rows[][2] = { { "DOCKER_CONFIG", g->config }, { "CONTAINERS_REGISTRIES_CONF", g->registries_conf } };
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i][1])
			setenv(rows[i][0], rows[i][1], 1);
	return 0;
}

static int use_globals(struct walk *w, struct err *err)
{
	const struct cli_globals *g = &w->cli.globals;
	const char *out = g->noout ? "/dev/null" : g->out;
	if (use_level(g, err) < 0 || use_files(g, err) < 0)
		return -1;
	if (out) {
		int fd = open(out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
		if (fd < 0)
			return err_sys(err, errno, "cannot write to '%s'", out);
		dup2(fd, STDOUT_FILENO);
		close(fd);
	}
	return 0;
}

/* COMPAT: under another program's name, the version of the Podman whose words these are; scripts compare it */
static void print_version(const char *program)
{
	auto_ptr(json) version = strcmp(program, "cpod") == 0 ? NULL : info_version_new();
	printf("%s version %s\n", program, json_get_str(version, "Version", CPOD_VERSION));
}

/* --- the walk --- */

/* A word with children: its flags, then the next word. Returns the words left, or NULL with the exit code set. */
static char **descend(struct walk *w, char **argv, int *ret_code)
{
	const struct flag_line line = { .groups = w->command == &commands_root ? global_flags_root : NULL, .globals = global_flags_anywhere,
					.stop_at_first = true };
	auto_val(flag_words) words = { 0 };
	struct err err = { 0 };
	if (flag_parse(&line, argv, &words, &err) < 0) {
		*ret_code = fail_usage(w, &err);
		return NULL;
	}
	if (!words.help && flag_apply(&line, &words, &w->cli.globals, &w->cli.globals, &err) < 0) {
		*ret_code = fail(&err);
		return NULL;
	}
	if (words.help) {
		print_help(w);
		return NULL;
	}
	if (w->cli.globals.version && w->command == &commands_root) {
		print_version(w->cli.program);
		return NULL;
	}
	if (!words.rest_count) {
		*ret_code = fail_missing_word(w);
		return NULL;
	}
	const struct command *next = command_find(w->command, words.rest[0]);
	if (!next) {
		*ret_code = fail_unknown_word(w, words.rest[0]);
		return NULL;
	}
	w->command = next;
	str_addf(&w->path, " %s", next->name);
	return argv + (strv_len(argv) - words.rest_count) + 1;
}

/* What the files say comes before the words. */
static int configure(struct walk *w, struct flag_words *words, struct err *err)
{
	const struct verb *v = w->command->verb;
	const struct conf_containers_opts opts = { .uid = getuid(), .modules = w->cli.globals.modules };
	if (!v->conf)
		return 0;
	if (conf_containers_read(&opts, &w->cli.conf, err) < 0 || flag_conf_add(v->groups, v->conf, &w->cli.conf, words, err) < 0)
		return -1;
	const struct conf_value *env = conf_containers_find(&w->cli.conf, "engine.env");
	for (char **word = env ? env->words : NULL; word && *word; word++) {
		auto_free char *name = mem_strdup(*word);
		char *value = strchr(name, '=');
		if (!value)
			continue;
		*value++ = 0;
		setenv(name, value, 1);
	}
	return 0;
}

static int call(struct walk *w, const struct flag_line *line, struct flag_words *words, void *values, struct err *err)
{
	if (configure(w, words, err) < 0 || flag_apply(line, words, values, &w->cli.globals, err) < 0 || use_globals(w, err) < 0 ||
	    command_check_args(w->command, str_text(&w->path), words->rest_count, err) < 0)
		return -1;
	if (w->command->verb->libraries && dl_need(err) < 0)
		return -1;
	return w->command->verb->run(&w->cli, values, words->rest, err);
}

static int run_verb(struct walk *w, char **argv)
{
	const struct verb *v = w->command->verb;
	const struct flag_line line = { .groups = v->groups, .globals = global_flags_anywhere, .stop_at_first = v->stop_at_first,
					.raw = v->raw };
	auto_val(flag_words) words = { 0 };
	struct err err = { 0 };
	if (flag_parse(&line, argv, &words, &err) < 0)
		return fail_usage(w, &err);
	if (words.help) {
		print_help(w);
		return 0;
	}
	auto_free void *values = mem_alloc(v->values_size + 1);
	if (v->init)
		v->init(values);
	w->cli.words = &words;
	w->cli.path = str_text(&w->path);
	int rc = call(w, &line, &words, values, &err);
	if (v->done)
		v->done(values);
	else
		flag_values_done(v->groups, values);
	if (rc < 0 && err_is(&err, ERR_LIBRARIES)) {
		fflush(stdout);
		engine_start_full(w->cli.argv, &err);
	}
	return rc < 0 ? fail(&err) : rc;
}

static bool asks_help(char **argv)
{
	for (; *argv && strcmp(*argv, "--") != 0; argv++)
		if (strcmp(*argv, "--help") == 0 || strcmp(*argv, "-h") == 0)
			return true;
	return false;
}

/* One that is a verb as well: unless the next word is a command below it (`explain run`, `explain web`). */
static bool runs_itself(const struct command *command, char *const *argv)
{
	return command->verb && !(*argv && command_find(command, *argv));
}

static int walk(struct walk *w, char **argv)
{
	int code = 0;
	while (w->command->children && !runs_itself(w->command, argv)) {
		argv = descend(w, argv, &code);
		if (!argv)
			return code;
	}
	if (w->command->verb)
		return run_verb(w, argv);
	if (!asks_help(argv))
		return fail_not_done(w);
	print_help(w);
	return 0;
}

int dispatch_main(char **argv)
{
	const char *program = argv[0] ? path_base(argv[0]) : "";
	struct walk w = { .cli = { .program = *program ? program : "cpod", .argv = argv }, .command = &commands_root };
	str_add(&w.path, w.cli.program);
	int code = walk(&w, argv[0] ? argv + 1 : argv);
	/* stdout is data: what could not be written is a failure */
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "Error: cannot write the output: %s\n", err_reason(errno));
		code = code ? code : EXIT_ENGINE;
	}
	str_done(&w.path);
	conf_containers_done(&w.cli.conf);
	flag_values_done(global_flags_root, &w.cli.globals);
	flag_values_done(global_flags_anywhere, &w.cli.globals);
	return code;
}
