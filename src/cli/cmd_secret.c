/* cmd_secret.c - secret create, exists, rm; secret ls is in cmd_secret_ls.c, secret inspect in cmd_secret_inspect.c */
#include "base/fd.h"
#include "base/str.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/secret.h"
#include "options/flag_conf.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* --- create --- */

struct create_values {
	char **label, **driver_opts;
	char *driver;
	bool env, ignore, replace;
};

static int read_env(const char *name, struct secret_data *ret, struct err *err)
{
	const char *value = getenv(name);
	if (!value)
		return err_set(err, ERR_NOT_FOUND, "cannot create store secret data: environment variable %s is not set", name);
	*ret = (struct secret_data){ .bytes = mem_strdup(value), .len = strlen(value) };
	return 0;
}

static int read_file(const char *path, struct secret_data *ret, struct err *err)
{
	bool is_stdin = strcmp(path, "-") == 0;
	auto_close int fd = is_stdin ? -EBADF : open(path, O_RDONLY | O_CLOEXEC);
	if (!is_stdin && fd < 0)
		return err_sys(err, errno, "open %s", path);
	if (is_stdin && isatty(STDIN_FILENO))
		return err_set(err, ERR_USAGE, "if `-` is used, data must be passed into stdin");
	int rc = secret_data_read(is_stdin ? STDIN_FILENO : fd, ret);
	return rc < 0 ? err_sys(err, -rc, "cannot read the secret from '%s'", path) : 0;
}

static int check_opts(char *const *opts, struct err *err)
{
	for (; opts && *opts; opts++)
		if (!strchr(*opts, '='))
			return err_set(err, ERR_USAGE, "invalid argument \"%s\" for \"--driver-opts\" flag: %s must be formatted as key=value", *opts, *opts);
	return 0;
}

static int run_create(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct create_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_val(secret_data) data = { 0 };
	auto_free char *id = NULL;
	const struct secret_opts opts = { .name = words[0], .driver = v->driver, .driver_opts = v->driver_opts, .labels = v->label,
					  .replace = v->replace, .ignore = v->ignore };
	if (v->ignore && v->replace)
		return err_set(err, ERR_USAGE, "cannot use --ignore and --replace flags together");
	if (check_opts(v->driver_opts, err) < 0 || (v->env ? read_env(words[1], &data, err) : read_file(words[1], &data, err)) < 0)
		return -1;
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0 || secret_create(engine, &opts, &data, &id, err) < 0)
		return -1;
	printf("%s\n", id);
	return 0;
}

#define CREATE(member) FLAG_AT(struct create_values, member)
static const struct flag create_rows[] = {
	{ "driver", 'd', FLAG_STRING, CREATE(driver), .def = "file", .help = "Driver that keeps the secret: file, pass or shell" },
	{ "driver-opts", 0, FLAG_SLICE, CREATE(driver_opts), .meta = "stringToString", .help = "Options of the driver (key=value)" },
	{ "env", 0, FLAG_BOOL, CREATE(env), .help = "The second word is an environment variable to read from" },
	{ "ignore", 0, FLAG_BOOL, CREATE(ignore), .help = "Do not fail when there is a secret of this name" },
	{ "label", 'l', FLAG_ARRAY, CREATE(label), .help = "Label of the secret (key=value)" },
	{ "replace", 0, FLAG_BOOL, CREATE(replace), .help = "Replace the secret of this name, if there is one" },
};
static const struct flag_group create_groups[] = { { create_rows, ARRAY_LEN(create_rows), 0 }, { 0 } };
const struct verb cmd_secret_create_verb = {
	.about = "Makes a secret from a file, from standard input (-), or from an environment variable (--env).\n\n"
		 "A secret is smaller than 512000 bytes. It is never part of an image, and nothing shows it but inspect --showsecret.",
	.conf = FLAG_CONF_SECRET,
	.groups = create_groups, .values_size = sizeof(struct create_values), .args = VERB_EXACT, .arg_count = 2, .run = run_create,
};

/* --- exists --- */

static int run_exists(struct cli *cli, void *values, char **words, struct err *err)
{
	auto_ptr(engine) engine = NULL;
	auto_ptr(secret) secret = NULL;
	(void)values;
	if (session_open(cli, ENGINE_READ, &engine, err) < 0)
		return -1;
	if (secret_find(engine, words[0], &secret, err) >= 0)
		return 0;
	if (!err_is(err, ERR_NOT_FOUND))
		return -1;
	err_clear(err);
	return 1;
}

static const struct flag_group no_groups[] = { { 0 } };
const struct verb cmd_secret_exists_verb = {
	.about = "Ends with 0 when the secret exists, with 1 when it does not.",
	.groups = no_groups, .args = VERB_EXACT, .arg_count = 1, .run = run_exists,
};

/* --- rm --- */

struct rm_values {
	bool all, ignore;
};

static int all_ids(struct engine *engine, char ***ret, struct err *err)
{
	struct secret **list;
	size_t count;
	if (secret_list(engine, NULL, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		strv_add(ret, list[i]->id);
	secret_list_free(list, count);
	return 0;
}

static int rm_one(struct engine *engine, const char *word, bool ignore, struct err *err)
{
	auto_free char *id = NULL;
	if (secret_remove(engine, word, &id, err) >= 0) {
		printf("%s\n", id);
		return 0;
	}
	if (!ignore || !err_is(err, ERR_NOT_FOUND))
		return -1;
	err_clear(err);
	return 0;
}

static int run_rm(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct rm_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_strv all = NULL;
	int code = 0;
	if (!words[0] == !v->all)
		return err_set(err, ERR_USAGE, "`%s` requires one argument, or the --all flag", cli->path);
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0 || (v->all && all_ids(engine, &all, err) < 0))
		return -1;
	for (char **word = v->all ? all : words; word && *word; word++)
		if (rm_one(engine, *word, v->ignore, err) < 0)
			session_report(err, &code);
	return code;
}

#define RM(member) FLAG_AT(struct rm_values, member)
static const struct flag rm_rows[] = {
	{ "all", 'a', FLAG_BOOL, RM(all), .help = "Remove every secret" },
	{ "ignore", 'i', FLAG_BOOL, RM(ignore), .help = "Do not fail when a secret is not there" },
};
static const struct flag_group rm_groups[] = { { rm_rows, ARRAY_LEN(rm_rows), 0 }, { 0 } };
const struct verb cmd_secret_rm_verb = {
	.about = "Removes secrets.\n\nContainers that have one as a file keep their copy; those that have it as a variable do not start any more.",
	.groups = rm_groups, .values_size = sizeof(struct rm_values), .run = run_rm,
};
