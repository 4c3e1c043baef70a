/* cmd_transfer.c - pull, load, save, login, logout: images and logins come and go */
#include "base/mem.h"
#include "base/str.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/images.h"
#include "engine/images_search.h"
#include "engine/secret.h"
#include "options/flag_conf.h"
#include "options/values.h"

#include <errno.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#define AUTHFILE_HELP "Path of the file with registry logins; REGISTRY_AUTH_FILE sets it too"

/* --- pull --- */

enum { ALL_TAGS_MAX = 10000 };

struct pull_values {
	char *arch, *os, *variant, *platform, *authfile, *cert_dir, *creds, *policy, *retry_delay, *signature_policy;
	uint32_t retry;
	bool all_tags, quiet, tls_verify;
};

static int pull_file(struct engine *engine, const char *word, const char *policy, struct progress *progress, struct err *err)
{
	auto_strv ids = NULL;
	if (images_pull_file(engine, word, policy, progress_images(progress), &ids, err) < 0)
		return -1;
	for (char **id = ids; id && *id; id++)
		printf("%s\n", *id);
	return 0;
}

static int pull_one(struct engine *engine, const char *word, const struct pull_values *v, struct err *err)
{
	auto_val(progress) progress = { 0 };
	char id[65];
	progress_init(&progress, v->quiet);
	if (images_is_file(word))
		return pull_file(engine, word, v->signature_policy, &progress, err);
	struct images_pull_opts opts = {
		.policy = v->policy ? v->policy : "always", .signature_policy = v->signature_policy, .retries = v->retry ? (int)v->retry : -1, .os = v->os, .arch = v->arch, .variant = v->variant, .authfile = v->authfile,
		.creds = v->creds, .cert_dir = v->cert_dir, .tls_verify = v->tls_verify, .progress = progress_images(&progress),
	};
	if (values_retry_delay(v->retry_delay, &opts.retry_delay_ms, err) < 0 || images_pull(engine, word, &opts, id, err) < 0)
		return -1;
	printf("%s\n", id);
	return 0;
}

static int check_policy(const char *policy, struct err *err)
{
	static const char *const known[] = { "always", "missing", "never", "newer", NULL };
	if (policy && str_index(known, policy) < 0)
		return err_set(err, ERR_USAGE, "unsupported pull policy \"%s\"", policy);
	return 0;
}

/* Every tag that its registry has of the repository; one that fails does not keep the others. */
static int pull_all_tags(struct engine *engine, const char *word, const struct pull_values *v, int *code, struct err *err)
{
	auto_val(images_search) found = { 0 };
	const struct images_search_opts opts = { .authfile = v->authfile, .creds = v->creds, .cert_dir = v->cert_dir, .tls_verify = v->tls_verify,
						 .tags = true, .limit = ALL_TAGS_MAX };
	if (images_is_file(word))
		return err_set(err, ERR_USAGE, "pulling all tags is not supported for %.*s transport", (int)strcspn(word, ":"), word);
	if (images_search(word, &opts, &found, err) < 0)
		return -1;
	if (found.count >= ALL_TAGS_MAX)
		return err_set(err, ERR_LIMIT, "%s has %d tags or more: name those that are wanted", word, ALL_TAGS_MAX);
	for (size_t i = 0; i < found.count; i++) {
		auto_free char *name = mem_printf("%s:%s", found.rows[i].name, found.rows[i].tag);
		if (pull_one(engine, name, v, err) < 0)
			session_report(err, code);
	}
	return 0;
}

static int run_pull(struct cli *cli, void *values, char **words, struct err *err)
{
	struct pull_values *v = values;
	auto_ptr(engine) engine = NULL;
	if (v->platform && (v->arch || v->os))
		return err_set(err, ERR_USAGE, "--platform option can not be specified with --arch or --os");
	if (v->platform)
		values_platform(v->platform, &v->os, &v->arch, &v->variant);
	if (check_policy(v->policy, err) < 0 || session_open(cli, ENGINE_WRITE, &engine, err) < 0)
		return -1;
	int code = 0;
	for (char **word = words; *word; word++)
		if ((v->all_tags ? pull_all_tags(engine, *word, v, &code, err) : pull_one(engine, *word, v, err)) < 0)
			session_report(err, &code);
	return code;
}

static void pull_init(void *values)
{
	*(struct pull_values *)values = (struct pull_values){ .tls_verify = true, .retry = 3 };
}

#define PULL(member) FLAG_AT(struct pull_values, member)
static const struct flag pull_rows[] = {
	{ "all-tags", 'a', FLAG_BOOL, PULL(all_tags), .help = "Pull every tag of the repository" },
	{ "arch", 0, FLAG_STRING, PULL(arch), .meta = "ARCH", .aliases = "override-arch", .help = "Choose the image for ARCH rather than for this machine's architecture" },
	{ "authfile", 0, FLAG_STRING, PULL(authfile), .help = AUTHFILE_HELP },
	{ "cert-dir", 0, FLAG_STRING, PULL(cert_dir), .meta = "Pathname", .help = "Directory with TLS certificates and keys for the registry" },
	{ "creds", 0, FLAG_STRING, PULL(creds), .meta = "Credentials", .help = "Login for the registry (USERNAME:PASSWORD)" },
	{ "decryption-key", 0, FLAG_ARRAY, .bits = FLAG_NOT_YET, .instead = "decrypt the image with another tool before", .help = "Key to decrypt the image with" },
	{ "disable-content-trust", 0, FLAG_BOOL, .bits = FLAG_NO_EFFECT, .help = "Docker's word, without effect here" },
	{ "os", 0, FLAG_STRING, PULL(os), .meta = "OS", .aliases = "override-os", .help = "Choose the image for OS rather than for this machine's" },
	{ "platform", 0, FLAG_STRING, PULL(platform), .help = "Choose the image for this platform (OS/ARCH)" },
	{ "policy", 0, FLAG_STRING, PULL(policy), .def = "always", .help = "When to pull (\"always\"|\"missing\"|\"never\"|\"newer\")" },
	{ "quiet", 'q', FLAG_BOOL, PULL(quiet), .help = "Print the ID only" },
	{ "retry", 0, FLAG_UINT, PULL(retry), .def = "3", .help = "How often a request that failed is tried again" },
	{ "retry-delay", 0, FLAG_STRING, PULL(retry_delay), .help = "Time before the first new try; it doubles with each" },
	{ "signature-policy", 0, FLAG_STRING, PULL(signature_policy), .bits = FLAG_HIDDEN, .help = "Path of the policy instead of policy.json" },
	{ "tls-verify", 0, FLAG_BOOL, PULL(tls_verify), .def = "true", .help = "Require HTTPS and a valid certificate of the registry" },
	{ "variant", 0, FLAG_STRING, PULL(variant), .aliases = "override-variant", .help = "Choose the image for this variant of the architecture" },
};
static const struct flag_group pull_groups[] = { { pull_rows, ARRAY_LEN(pull_rows), 0 }, { 0 } };
const struct verb cmd_pull_verb = {
	.about = "Pulls images from a registry into the store.\n\nAn image is named with a tag or a digest; without either, the tag is 'latest'.",
	.libraries = true,
	.groups = pull_groups, .values_size = sizeof(struct pull_values), .init = pull_init, .conf = FLAG_CONF_PULL, .args = VERB_MIN, .arg_count = 1,
	.run = run_pull,
};

/* --- load --- */

struct load_values {
	char *input, *signature_policy;
	bool quiet;
};

static int run_load(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct load_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_val(progress) progress = { 0 };
	auto_strv names = NULL;
	(void)words;
	if (v->input && access(v->input, R_OK) < 0)
		return err_sys(err, errno, "cannot read '%s'", v->input);
	if (!v->input && isatty(STDIN_FILENO))
		return err_set(err, ERR_USAGE, "cannot read from terminal, use command-line redirection or the --input flag");
	progress_init(&progress, v->quiet);
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0 ||
	    images_load(engine, v->input, v->signature_policy, progress_images(&progress), &names, err) < 0)
		return -1;
	for (char **name = names; name && *name; name++)
		printf("Loaded image: %s\n", *name);
	return 0;
}

static const struct flag load_rows[] = {
	{ "input", 'i', FLAG_STRING, FLAG_AT(struct load_values, input), .help = "Read from this archive file rather than from stdin" },
	{ "quiet", 'q', FLAG_BOOL, FLAG_AT(struct load_values, quiet), .help = "Print the names only" },
	{ "signature-policy", 0, FLAG_STRING, FLAG_AT(struct load_values, signature_policy), .bits = FLAG_HIDDEN, .help = "Path of the policy instead of policy.json" },
};
static const struct flag_group load_groups[] = { { load_rows, ARRAY_LEN(load_rows), 0 }, { 0 } };
const struct verb cmd_load_verb = {
	.about = "Loads the images of an archive (docker-archive or oci-archive) into the store.",
	.libraries = true,
	.groups = load_groups, .values_size = sizeof(struct load_values), .args = VERB_NONE, .run = run_load,
};

/* --- save --- */

struct save_values {
	char *format, *output, *signature_policy;
	bool compress, multi, quiet, uncompressed;
};

static int check_save(const struct save_values *v, char **words, struct err *err)
{
	static const char *const known[] = { "oci-dir", "oci-archive", "docker-dir", "docker-archive", NULL };
	if (!words[0])
		return err_set(err, ERR_USAGE, "need at least 1 argument");
	if (v->format && str_index(known, v->format) < 0)
		return err_set(err, ERR_USAGE, "format value must be one of oci-dir oci-archive docker-dir docker-archive");
	if (v->format && str_ends(v->format, "-dir") && !v->output)
		return err_set(err, ERR_USAGE, "--format %s writes a directory: name it with -o", v->format);
	if (v->compress && (!v->format || strcmp(v->format, "docker-dir") != 0))
		return err_set(err, ERR_USAGE, "--compress can only be set when --format is 'docker-dir'");
	if (!v->output && isatty(STDOUT_FILENO))
		return err_set(err, ERR_USAGE, "refusing to save to terminal. Use -o flag or redirect");
	return 0;
}

static int run_save(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct save_values *v = values;
	auto_ptr(engine) engine = NULL;
	const struct images_save_opts opts = { .format = v->format ? v->format : "docker-archive", .output = v->output,
					       .multi = v->multi, .compress = v->compress, .uncompressed = v->uncompressed,
					       .signature_policy = v->signature_policy };
	if (check_save(v, words, err) < 0 || session_open(cli, ENGINE_READ, &engine, err) < 0)
		return -1;
	return images_save(engine, words, &opts, err);
}

#define SAVE(member) FLAG_AT(struct save_values, member)
static const struct flag save_rows[] = {
	{ "compress", 0, FLAG_BOOL, SAVE(compress), .help = "Compress the layers of a directory (default is same compression type as source)" },
	{ "format", 0, FLAG_STRING, SAVE(format), .def = "docker-archive", .help = "Form of the archive: docker-archive, oci-archive, oci-dir, docker-dir" },
	{ "multi-image-archive", 'm', FLAG_BOOL, SAVE(multi), .help = "Take every word as an image, not as another name of the first" },
	{ "output", 'o', FLAG_STRING, SAVE(output), .help = "Write to this file rather than to stdout" },
	{ "quiet", 'q', FLAG_BOOL, SAVE(quiet), .bits = FLAG_NO_EFFECT, .help = "Print nothing about the work; nothing is printed in any case" },
	{ "signature-policy", 0, FLAG_STRING, SAVE(signature_policy), .bits = FLAG_HIDDEN, .help = "Path of the policy instead of policy.json" },
	{ "uncompressed", 0, FLAG_BOOL, SAVE(uncompressed), .help = "Write uncompressed layers into an OCI archive" },
};
static const struct flag_group save_groups[] = { { save_rows, ARRAY_LEN(save_rows), 0 }, { 0 } };
const struct verb cmd_save_verb = {
	.about = "Writes images as a docker-archive, an oci-archive or a directory.",
	.libraries = true,
	.groups = save_groups, .values_size = sizeof(struct save_values), .conf = FLAG_CONF_SAVE, .run = run_save,
};

/* --- login --- */

struct login_values {
	char *authfile, *cert_dir, *compat_file, *password, *secret, *user;
	bool get_login, password_stdin, tls_verify, verbose;
};

static int read_line(FILE *in, char **ret)
{
	size_t cap = 0;
	char *line = NULL;
	ssize_t n = getline(&line, &cap, in);
	if (n < 0) {
		free(line);
		return -1;
	}
	line[strcspn(line, "\r\n")] = 0;
	*ret = line;
	return 0;
}

static int ask_user(struct login_values *v, const char *known, struct err *err)
{
	if (known)
		fprintf(stderr, "Username (%s): ", known);
	else
		fprintf(stderr, "Username: ");
	if (read_line(stdin, &v->user) < 0)
		return err_set(err, ERR_CANCELLED, "getting username and password: reading username: EOF");
	if (!*v->user && known) {
		free(v->user);
		v->user = mem_strdup(known);
	}
	return 0;
}

/* The password is not shown as it is typed. */
static int ask_password(struct login_values *v, struct err *err)
{
	struct termios shown, hidden;
	bool tty = tcgetattr(STDIN_FILENO, &shown) == 0;
	fprintf(stderr, "Password: ");
	if (tty) {
		hidden = shown;
		hidden.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	}
	int rc = read_line(stdin, &v->password);
	if (tty) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
		fprintf(stderr, "\n");
	}
	return rc < 0 ? err_set(err, ERR_CANCELLED, "getting username and password: reading password: EOF") : 0;
}

/* COMPAT: without --username the user has the secret's name. */
static int read_secret(struct cli *cli, struct login_values *v, struct err *err)
{
	auto_ptr(engine) engine = NULL;
	auto_val(secret_data) data = { 0 };
	if (v->password || v->password_stdin)
		return err_set(err, ERR_USAGE, "--secret can not be used with --password or --password-stdin");
	if (session_open(cli, ENGINE_READ, &engine, err) < 0 || secret_find_data(engine, v->secret, &data, err) < 0)
		return -1;
	v->password = mem_strndup(data.len ? data.bytes : "", data.len);
	if (!v->user)
		v->user = mem_strdup(v->secret);
	return 0;
}

static int read_credentials(struct login_values *v, const char *known, struct err *err)
{
	if (v->password_stdin) {
		if (v->password)
			return err_set(err, ERR_USAGE, "can't specify both --password-stdin and --password");
		if (!v->user)
			return err_set(err, ERR_USAGE, "must provide --username with --password-stdin");
		return read_line(stdin, &v->password) < 0 ? err_set(err, ERR_USAGE, "no password was found on standard input") : 0;
	}
	if (!v->user && ask_user(v, known, err) < 0)
		return -1;
	return v->password ? 0 : ask_password(v, err);
}

static int get_login(const char *registry, const char *authfile, struct err *err)
{
	auto_free char *user = NULL;
	if (images_get_login(registry, authfile, &user, err) < 0)
		return -1;
	if (!user)
		return err_set(err, ERR_NOT_FOUND, "not logged into %s", registry);
	printf("%s\n", user);
	return 0;
}

static int run_login(struct cli *cli, void *values, char **words, struct err *err)
{
	struct login_values *v = values;
	const char *registry = words[0], *authfile = v->authfile ? v->authfile : v->compat_file;
	auto_free char *known = NULL;
	if (!registry)
		return err_set(err, ERR_USAGE, "no registries found in registries.conf, a registry must be provided");
	if (v->get_login)
		return get_login(registry, authfile, err);
	if (images_get_login(registry, authfile, &known, err) < 0 ||
	    (v->secret ? read_secret(cli, v, err) : read_credentials(v, known, err)) < 0)
		return -1;
	const struct images_login_opts opts = { .registry = registry, .user = v->user, .password = v->password, .authfile = authfile,
						.cert_dir = v->cert_dir, .tls_verify = v->tls_verify };
	auto_free char *where = NULL;
	if (images_login(&opts, &where, err) < 0)
		return -1;
	if (v->verbose)
		printf("Used:  %s\n", where);
	printf("Login Succeeded!\n");
	return 0;
}

static void login_init(void *values)
{
	*(struct login_values *)values = (struct login_values){ .tls_verify = true };
}

static void login_done(void *values)
{
	struct login_values *v = values;
	mem_free_secret(take_ptr(v->password));
	free(v->authfile);
	free(v->cert_dir);
	free(v->compat_file);
	free(v->secret);
	free(v->user);
}

#define LOGIN(member) FLAG_AT(struct login_values, member)
static const struct flag login_rows[] = {
	{ "authfile", 0, FLAG_STRING, LOGIN(authfile), .help = AUTHFILE_HELP },
	{ "cert-dir", 0, FLAG_STRING, LOGIN(cert_dir), .help = "Directory with TLS certificates and keys for the registry" },
	{ "compat-auth-file", 0, FLAG_STRING, LOGIN(compat_file), .help = "Path of Docker's configuration file to keep the login in" },
	{ "get-login", 0, FLAG_BOOL, LOGIN(get_login), .help = "Print the user that is logged in" },
	{ "password", 'p', FLAG_STRING, LOGIN(password), .help = "Password for the registry" },
	{ "password-stdin", 0, FLAG_BOOL, LOGIN(password_stdin), .help = "Read the password from stdin" },
	{ "secret", 0, FLAG_STRING, LOGIN(secret), .help = "Take the password from a secret" },
	{ "tls-verify", 0, FLAG_BOOL, LOGIN(tls_verify), .help = "Require HTTPS and a valid certificate of the registry" },
	{ "username", 'u', FLAG_STRING, LOGIN(user), .help = "User at the registry" },
	{ "verbose", 'v', FLAG_BOOL, LOGIN(verbose), .help = "Tell where the login is kept" },
};
static const struct flag_group login_groups[] = { { login_rows, ARRAY_LEN(login_rows), 0 }, { 0 } };
const struct verb cmd_login_verb = {
	.about = "Logs in to a registry; the login is kept in auth.json, or by the credential helper that it or registries.conf names.",
	.libraries = true,
	.groups = login_groups, .values_size = sizeof(struct login_values), .init = login_init, .done = login_done, .args = VERB_MAX,
	.arg_count = 1, .run = run_login,
};

/* --- logout --- */

struct logout_values {
	char *authfile, *compat_file;
	bool all;
};

static int run_logout(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct logout_values *v = values;
	const char *registry = words[0];
	bool removed = false;
	(void)cli;
	if (v->all && registry)
		return err_set(err, ERR_USAGE, "--all takes no arguments");
	if (!v->all && !registry)
		return err_set(err, ERR_USAGE, "no registries found in registries.conf, a registry must be provided");
	if (images_logout(v->all ? NULL : registry, v->authfile ? v->authfile : v->compat_file, &removed, err) < 0)
		return -1;
	if (v->all)
		printf("Removed login credentials for all registries\n");
	else if (removed)
		printf("Removed login credentials for %s\n", registry);
	else
		return err_set(err, ERR_NOT_FOUND, "not logged into %s", registry);
	return 0;
}

#define LOGOUT(member) FLAG_AT(struct logout_values, member)
static const struct flag logout_rows[] = {
	{ "all", 'a', FLAG_BOOL, LOGOUT(all), .help = "Log out of every registry" },
	{ "authfile", 0, FLAG_STRING, LOGOUT(authfile), .help = AUTHFILE_HELP },
	{ "compat-auth-file", 0, FLAG_STRING, LOGOUT(compat_file), .help = "Path of Docker's configuration file to take the login from" },
};
static const struct flag_group logout_groups[] = { { logout_rows, ARRAY_LEN(logout_rows), 0 }, { 0 } };
const struct verb cmd_logout_verb = {
	.about = "Forgets the user and the password for a registry.",
	.groups = logout_groups, .values_size = sizeof(struct logout_values), .args = VERB_MAX, .arg_count = 1, .run = run_logout,
};
