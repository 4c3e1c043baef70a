/* cmd_runlabel.c - container runlabel: the command in a label of an image
 *
 * Whoever made the image wrote the label, so it starts this program and nothing else: no shell, no program of the host, and none of
 * the commands that would run one (COMMAND_NOT_BY_LABEL). What is to be started is a process of its own, not of the user's namespace.
 */
#include "base/fd.h"
#include "base/path.h"
#include "base/proc.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/label_command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct runlabel_values {
	char *authfile, *cert_dir, *creds, *name, *opts[3], *signature_policy;
	bool display, quiet, replace, tls_verify, pull;
};

/* --- this program again --- */

static char **own_words(const struct cli *cli, char *const *words)
{
	char **argv = NULL;
	strv_add(&argv, cli->program);
	if (cli->globals.root)
		strv_addf(&argv, "--root=%s", cli->globals.root);
	if (cli->globals.runroot)
		strv_addf(&argv, "--runroot=%s", cli->globals.runroot);
	strv_extend(&argv, words);
	return argv;
}

static _Noreturn void become(char *const *argv, bool no_stdout, bool no_stderr)
{
	auto_close int null_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (null_fd >= 0 && no_stdout)
		dup2(null_fd, STDOUT_FILENO);
	if (null_fd >= 0 && no_stderr)
		dup2(null_fd, STDERR_FILENO);
	execv("/proc/self/exe", argv);
	fprintf(stderr, "Error: cannot start this program again: %s\n", err_reason(errno));
	proc_exit(125);
}

/* Waits for it. A terminal's signals are for whom we wait. */
static int start(char *const *argv, bool no_stdout, bool no_stderr)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, interrupt, quit;
	pid_t pid = proc_fork();
	if (pid == 0)
		become(argv, no_stdout, no_stderr);
	sigaction(SIGINT, &ignore, &interrupt);
	sigaction(SIGQUIT, &ignore, &quit);
	int status = pid < 0 ? 125 : proc_wait(pid);
	sigaction(SIGINT, &interrupt, NULL);
	sigaction(SIGQUIT, &quit, NULL);
	return status;
}

/* --- the image --- */

static int pull(const struct cli *cli, const struct runlabel_values *v, const char *image, struct err *err)
{
	auto_strv words = strv_split("pull,--policy=missing", ',');
	const struct { const char *flag, *value; } rows[] = {
		{ "authfile", v->authfile }, { "cert-dir", v->cert_dir }, { "creds", v->creds }, { "signature-policy", v->signature_policy },
		{ "tls-verify", v->tls_verify ? NULL : "false" }, { "quiet", v->quiet ? "true" : NULL },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].value)
			strv_addf(&words, "--%s=%s", rows[i].flag, rows[i].value);
	strv_add(&words, "--");
	strv_add(&words, image);
	auto_strv argv = own_words(cli, words);
	if (start(argv, true, false) != 0)
		return err_set(err, ERR_NOT_FOUND, "%s: no image to read the label of", image);
	return 0;
}

struct label {
	char *text, *image, *name;
};
static void label_done(struct label *l)
{
	free(l->text);
	free(l->image);
	free(l->name);
}
AUTO_VAL(label, label_done);

static int find(const struct cli *cli, const struct runlabel_values *v, char *const *words, struct label *ret, struct err *err)
{
	for (bool again = false;; again = true) {
		auto_ptr(engine) engine = NULL;
		if (session_open(cli, ENGINE_READ, &engine, err) < 0)
			return -1;
		if (label_command_find(engine, words[0], words[1], &ret->text, &ret->image, &ret->name, err) == 0)
			return 0;
		if (again || !err_is(err, ERR_NOT_FOUND))
			return -1;
		err_clear(err);
		if (pull(cli, v, words[1], err) < 0)
			return -1;
	}
}

/* --- what a label may start --- */

static bool is_own(const struct cli *cli, const char *program)
{
	const char *last = path_base(program), *const own[] = { "podman", "docker", "cpod", cli->program };
	for (size_t i = 0; i < ARRAY_LEN(own); i++)
		if (strcmp(last, own[i]) == 0 && (last == program || *program == '/'))
			return true;
	return false;
}

/* ret_rest: what follows the command's words. */
static int check(const struct cli *cli, char **words, const struct command **ret, char ***ret_rest, struct err *err)
{
	const struct command *c = &commands_root, *next;
	if (!is_own(cli, words[0]))
		return err_set(err, ERR_DENIED, "the label would run '%.200s': a label starts %s and no other program of this host", words[0], cli->program);
	for (words++; *words && c->children; words++) {
		if (**words == '-')
			return err_set(err, ERR_DENIED, "the label begins with '%.200s': a label sets no flags before its command", *words);
		next = command_find(c, *words);
		if (!next)
			break;
		c = next;
		if (c->bits & COMMAND_NOT_BY_LABEL)
			return err_set(err, ERR_DENIED, "the label would start '%s %s', which runs programs of this host: look at it with --display, and type it yourself",
				       cli->program, c->name);
	}
	*ret = c;
	*ret_rest = words;
	return 0;
}

/* The name that the command gives to a container; owned, NULL: none. */
static char *new_name_dup(const struct command *command, char **rest)
{
	if (command->verb != &cmd_run_verb && command->verb != &cmd_create_verb)
		return NULL;
	const struct flag_line line = { .groups = command->verb->groups, .globals = global_flags_anywhere, .stop_at_first = true };
	auto_val(flag_words) seen = { 0 };
	struct err ignored = { 0 }; /* the command itself will tell */
	const char *name = NULL;
	if (flag_parse(&line, rest, &seen, &ignored) < 0)
		return NULL;
	for (size_t i = 0; i < seen.count; i++)
		if (strcmp(seen.seen[i].flag->name, "name") == 0)
			name = seen.seen[i].value;
	return name ? mem_strdup(name) : NULL;
}

static int replace(const struct cli *cli, const struct command *command, char **rest, struct err *err)
{
	auto_free char *name = new_name_dup(command, rest);
	if (!name)
		return 0;
	char *words[] = { (char *)(uintptr_t)"rm", (char *)(uintptr_t)"--force", (char *)(uintptr_t)"--ignore", (char *)(uintptr_t)"--", name, NULL };
	auto_strv argv = own_words(cli, words);
	return start(argv, true, false) == 0 ? 0 : err_set(err, ERR_STATE, "container %s could not be replaced", name);
}

/* --- the verb --- */

static int read_words(const struct runlabel_values *v, const struct label *label, char *const *more, char ***ret, struct err *err)
{
	auto_free char *pwd = getcwd(NULL, 0);
	const struct label_vars vars = {
		.image = label->image, .name = v->name && *v->name ? v->name : label->name, .pwd = pwd, .home = getenv("HOME"),
		.opts = { v->opts[0], v->opts[1], v->opts[2] },
	};
	return label_command_words(label->text, &vars, more, ret, err);
}

static int run_runlabel(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct runlabel_values *v = values;
	auto_val(label) label = { 0 };
	auto_strv command = NULL;
	const struct command *row;
	char **rest;
	if (find(cli, v, words, &label, err) < 0 || read_words(v, &label, words + 2, &command, err) < 0 || check(cli, command, &row, &rest, err) < 0)
		return -1;
	auto_free char *text = strv_join(command + 1, " ");
	if (v->display) {
		printf("command: %s%s%s\n", cli->program, *text ? " " : "", text);
		return 0;
	}
	if (v->replace && replace(cli, row, rest, err) < 0)
		return -1;
	auto_strv argv = own_words(cli, command + 1);
	int status = start(argv, v->quiet, v->quiet);
	/* COMPAT: whatever the command's own exit code is */
	return status == 0 ? 0 : err_set(err, ERR_STATE, "`%s %.300s` failed: exit status %d", cli->program, text, status);
}

static void runlabel_init(void *values)
{
	*(struct runlabel_values *)values = (struct runlabel_values){ .tls_verify = true };
}

#define RUNLABEL(member) FLAG_AT(struct runlabel_values, member)
static const struct flag runlabel_rows[] = {
	{ "authfile", 0, FLAG_STRING, RUNLABEL(authfile), .help = "Path of the file with registry logins; REGISTRY_AUTH_FILE sets it too" },
	{ "cert-dir", 0, FLAG_STRING, RUNLABEL(cert_dir), .meta = "Pathname", .help = "Directory with TLS certificates and keys for the registry" },
	{ "creds", 0, FLAG_STRING, RUNLABEL(creds), .meta = "Credentials", .help = "Login for the registry (USERNAME:PASSWORD)" },
	{ "display", 0, FLAG_BOOL, RUNLABEL(display), .help = "Print the command and do not run it" },
	{ "name", 'n', FLAG_STRING, RUNLABEL(name), .help = "What NAME in the label stands for (default: the image's name)" },
	{ "opt1", 0, FLAG_STRING, RUNLABEL(opts[0]), .bits = FLAG_HIDDEN, .help = "What $OPT1 in the label stands for" },
	{ "opt2", 0, FLAG_STRING, RUNLABEL(opts[1]), .bits = FLAG_HIDDEN, .help = "What $OPT2 in the label stands for" },
	{ "opt3", 0, FLAG_STRING, RUNLABEL(opts[2]), .bits = FLAG_HIDDEN, .help = "What $OPT3 in the label stands for" },
	{ "pull", 'p', FLAG_BOOL, RUNLABEL(pull), .bits = FLAG_HIDDEN | FLAG_NO_EFFECT, .help = "An image that is not here is pulled in any case" },
	{ "quiet", 'q', FLAG_BOOL, RUNLABEL(quiet), .help = "Print nothing, neither of a pull nor of the command" },
	{ "replace", 0, FLAG_BOOL, RUNLABEL(replace), .help = "Remove the container whose name the command gives to a new one" },
	{ "signature-policy", 0, FLAG_STRING, RUNLABEL(signature_policy), .bits = FLAG_HIDDEN, .help = "Path of the policy instead of policy.json" },
	{ "tls-verify", 0, FLAG_BOOL, RUNLABEL(tls_verify), .def = "true", .help = "Require HTTPS and a valid certificate of the registry" },
};
static const struct flag_group runlabel_groups[] = { { runlabel_rows, ARRAY_LEN(runlabel_rows), 0 }, { 0 } };
const struct verb cmd_runlabel_verb = {
	.about = "Runs the command in a label of an image, and ARGs behind it. An image that is not here is pulled.\n\n"
		 "The command is one of this program's: its first word is podman, docker or cpod. IMAGE, NAME, $IMAGE, $NAME, $PWD and $HOME in it\n"
		 "are replaced; no shell reads it. It has your rights: look at the label of an image you do not trust with --display before.",
	.groups = runlabel_groups, .values_size = sizeof(struct runlabel_values), .init = runlabel_init, .args = VERB_MIN, .arg_count = 2,
	.run = run_runlabel,
};
