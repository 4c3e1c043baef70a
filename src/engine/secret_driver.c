#include "engine/secret_driver.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/proc.h"
#include "base/str.h"
#include "storage/store.h"

#include <fcntl.h>
#include <unistd.h>

extern char **environ;

void secret_data_done(struct secret_data *data)
{
	if (data->bytes)
		explicit_bzero(data->bytes, data->len);
	free(data->bytes);
	*data = (struct secret_data){ 0 };
}

int secret_data_check(const struct secret_data *data, struct err *err)
{
	if (data->len > 0 && data->len < LIMIT_SECRET_BYTES)
		return 0;
	return err_set(err, ERR_INVALID, "secret data must be larger than 0 and less than %d bytes", LIMIT_SECRET_BYTES);
}

int secret_data_read(int fd, struct secret_data *ret)
{
	auto_val(secret_data) data = { .bytes = mem_alloc(LIMIT_SECRET_BYTES + 1), .len = LIMIT_SECRET_BYTES };
	ssize_t got = fd_read_full(fd, data.bytes, LIMIT_SECRET_BYTES);
	if (got < 0)
		return (int)got;
	data.len = (size_t)got;
	*ret = data;
	data = (struct secret_data){ 0 };
	return 0;
}

/* --- programs: in by a file in memory, out by a pipe --- */

static void exec_child(char *const *argv, char *const *env, int in_fd, int out_fd)
{
	auto_close int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	auto_free char *path = *argv[0] == '/' ? mem_strdup(argv[0]) : proc_find_helper(argv[0]);
	dup2(in_fd >= 0 ? in_fd : null_fd, STDIN_FILENO);
	dup2(out_fd >= 0 ? out_fd : null_fd, STDOUT_FILENO);
	if (path)
		execve(path, argv, env);
	proc_exit(127);
}

/* The exit status; what it says on stderr is the person's to read. out NULL: its output is nobody's. */
static int run(char *const *argv, char *const *env, const struct secret_data *in, struct secret_data *out, int *ret_status, struct err *err)
{
	auto_close int in_fd = -EBADF, read_fd = -EBADF, write_fd = -EBADF;
	int fds[2], rc = in ? fd_memory(in->bytes, in->len, &in_fd) : 0;
	if (rc >= 0 && out) {
		rc = fd_pipe(fds);
		read_fd = rc >= 0 ? fds[0] : -EBADF;
		write_fd = rc >= 0 ? fds[1] : -EBADF;
	}
	pid_t pid = rc < 0 ? -1 : proc_fork();
	if (pid == 0)
		exec_child(argv, env, in_fd, write_fd);
	if (pid < 0)
		return err_sys(err, rc < 0 ? -rc : errno, "cannot start '%s'", argv[0]);
	write_fd = fd_close(write_fd);
	rc = out ? secret_data_read(read_fd, out) : 0;
	read_fd = fd_close(read_fd); /* one that says too much ends by it */
	*ret_status = proc_wait(pid);
	return rc < 0 ? err_sys(err, -rc, "cannot read what '%s' says", argv[0]) : 0;
}

/* --- file --- */

static int file_check(const struct secret *secret, struct err *err)
{
	if (strv_env_get(secret->options, "path"))
		return err_set(err, ERR_UNSUPPORTED, "driver option path is not done: the data of secrets lies in the store");
	return 0;
}

static int file_store(const struct secret *secret, int dir_fd, const struct secret_data *data, struct err *err)
{
	int rc = file_create(dir_fd, "data", 0600, data->bytes, data->len, 0);
	return rc < 0 ? err_sys(err, -rc, "cannot keep the data of secret %s", secret->name) : 0;
}

static int file_lookup(struct engine *engine, const struct secret *secret, struct secret_data *ret, struct err *err)
{
	auto_close int dir_fd = -EBADF;
	if (store_object_open(engine->store, STORE_SECRET, secret->id, &dir_fd, err) < 0)
		return -1;
	int rc = file_read(dir_fd, "data", LIMIT_SECRET_BYTES, &ret->bytes, &ret->len);
	return rc < 0 ? err_sys(err, -rc, "cannot read the data of secret %s", secret->name) : 0;
}

static int file_delete(const struct secret *secret, struct err *err)
{
	(void)secret, (void)err; /* goes with the directory */
	return 0;
}

/* --- shell --- */

static const char *const shell_keys[] = { "list", "lookup", "store", "delete", NULL };

static int shell_check(const struct secret *secret, struct err *err)
{
	for (char **option = secret->options; option && *option; option++) {
		auto_free char *key = mem_strndup(*option, strcspn(*option, "="));
		if (str_index(shell_keys, key) < 0)
			return err_set(err, ERR_USAGE, "invalid shell driver option: \"%s\"", key);
	}
	for (size_t i = 0; shell_keys[i]; i++) {
		const char *line = strv_env_get(secret->options, shell_keys[i]);
		if (!line || !*line)
			return err_set(err, ERR_USAGE, "missing config value: the driver shell needs the options list, lookup, store and delete; %s is not given", shell_keys[i]);
	}
	return 0;
}

static int shell_run(const struct secret *secret, const char *key, const struct secret_data *in, struct secret_data *out, int *ret_status, struct err *err)
{
	auto_strv env = strv_dup(environ);
	auto_free char *line = mem_strdup(strv_env_get(secret->options, key));
	char sh[] = "/bin/sh", c[] = "-c";
	char *argv[] = { sh, c, line, NULL };
	strv_env_set(&env, "SECRET_ID", secret->id);
	return run(argv, env, in, out, ret_status, err);
}

static int shell_store(const struct secret *secret, int dir_fd, const struct secret_data *data, struct err *err)
{
	int status;
	(void)dir_fd;
	if (shell_run(secret, "store", data, NULL, &status, err) < 0)
		return -1;
	return status ? err_set(err, ERR_STATE, "creating secret %s: the store command ended with status %d", secret->name, status) : 0;
}

static int shell_lookup(struct engine *engine, const struct secret *secret, struct secret_data *ret, struct err *err)
{
	int status;
	(void)engine;
	if (shell_run(secret, "lookup", NULL, ret, &status, err) < 0)
		return -1;
	return status ? err_set(err, ERR_NOT_FOUND, "%s: no such secret: the lookup command ended with status %d", secret->id, status) : 0;
}

static int shell_delete(const struct secret *secret, struct err *err)
{
	int status;
	if (shell_run(secret, "delete", NULL, NULL, &status, err) < 0)
		return -1;
	return status ? err_set(err, ERR_NOT_FOUND, "deleting secret %s: %s: no such secret: the delete command ended with status %d",
				secret->id, secret->id, status) : 0;
}

/* --- pass: what the program of that name keeps, gpg reads and writes --- */

static char *pass_root_dup(const struct secret *secret)
{
	const char *root = strv_env_get(secret->options, "root"), *home = getenv("HOME");
	return root && *root ? mem_strdup(root) : mem_printf("%s/.password-store", home ? home : "/root");
}

static char *pass_path_dup(const struct secret *secret)
{
	auto_free char *root = pass_root_dup(secret);
	return mem_printf("%s/%s.gpg", root, secret->id);
}

/* The key that was named, or the one that `pass init` wrote down. Owned. */
static int pass_key(const struct secret *secret, char **ret, struct err *err)
{
	const char *key = strv_env_get(secret->options, "key");
	auto_free char *root = pass_root_dup(secret), *path = mem_printf("%s/.gpg-id", root), *text = NULL;
	size_t len;
	if (key && *key) {
		*ret = mem_strdup(key);
		return 0;
	}
	int rc = file_read(AT_FDCWD, path, LIMIT_CONFIG_FILE_BYTES, &text, &len);
	if (rc < 0)
		return err_sys(err, -rc, "creating secret %s: cannot read '%s' (name the key with --driver-opts key=KEY)", secret->name, path);
	text[strcspn(text, "\n")] = 0;
	*ret = take_ptr(text);
	return 0;
}

static int pass_check(const struct secret *secret, struct err *err)
{
	(void)secret, (void)err; /* COMPAT: options that are none are kept and mean nothing */
	return 0;
}

static void pass_words(const struct secret *secret, char ***argv)
{
	const char *home = strv_env_get(secret->options, "gpghomedir");
	strv_add(argv, "gpg");
	if (home && *home) {
		strv_add(argv, "--homedir");
		strv_add(argv, home);
	}
}

static int pass_store(const struct secret *secret, int dir_fd, const struct secret_data *data, struct err *err)
{
	auto_strv argv = NULL;
	auto_free char *path = pass_path_dup(secret), *key = NULL;
	const char *const rest[] = { "--encrypt", "-r", NULL };
	int status;
	(void)dir_fd;
	if (pass_key(secret, &key, err) < 0)
		return -1;
	pass_words(secret, &argv);
	for (size_t i = 0; rest[i]; i++)
		strv_add(&argv, rest[i]);
	strv_add(&argv, key);
	strv_add(&argv, "-o");
	strv_add(&argv, path);
	if (run(argv, environ, data, NULL, &status, err) < 0)
		return -1;
	return status ? err_set(err, ERR_STATE, "creating secret %s: gpg ended with status %d", secret->name, status) : 0;
}

static int pass_lookup(struct engine *engine, const struct secret *secret, struct secret_data *ret, struct err *err)
{
	auto_strv argv = NULL;
	auto_free char *path = pass_path_dup(secret);
	int status;
	(void)engine;
	pass_words(secret, &argv);
	strv_add(&argv, "--decrypt");
	strv_add(&argv, path);
	if (run(argv, environ, NULL, ret, &status, err) < 0)
		return -1;
	return status ? err_set(err, ERR_NOT_FOUND, "%s: no such secret: gpg ended with status %d", secret->id, status) : 0;
}

static int pass_delete(const struct secret *secret, struct err *err)
{
	auto_free char *path = pass_path_dup(secret);
	int rc = file_unlink(AT_FDCWD, path, 0);
	return rc < 0 ? err_sys(err, -rc, "deleting secret %s: cannot remove '%s'", secret->id, path) : 0;
}

/* --- the table --- */

static const struct driver_row {
	const char *name;
	int (*check)(const struct secret *secret, struct err *err);
	int (*store)(const struct secret *secret, int dir_fd, const struct secret_data *data, struct err *err);
	int (*lookup)(struct engine *engine, const struct secret *secret, struct secret_data *ret, struct err *err);
	int (*delete)(const struct secret *secret, struct err *err);
} drivers[] = {
	{ "file", file_check, file_store, file_lookup, file_delete },
	{ "pass", pass_check, pass_store, pass_lookup, pass_delete },
	{ "shell", shell_check, shell_store, shell_lookup, shell_delete },
};

static int find(const struct secret *secret, const struct driver_row **ret, struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(drivers); i++)
		if (strcmp(drivers[i].name, secret->driver) == 0) {
			*ret = &drivers[i];
			return 0;
		}
	return err_set(err, ERR_USAGE, "invalid driver '%s': file, pass and shell are those there are", secret->driver);
}

int secret_driver_check(const struct secret *secret, struct err *err)
{
	const struct driver_row *driver;
	return find(secret, &driver, err) < 0 ? -1 : driver->check(secret, err);
}

int secret_driver_store(const struct secret *secret, int dir_fd, const struct secret_data *data, struct err *err)
{
	const struct driver_row *driver;
	return find(secret, &driver, err) < 0 ? -1 : driver->store(secret, dir_fd, data, err);
}

int secret_driver_lookup(struct engine *engine, const struct secret *secret, struct secret_data *ret, struct err *err)
{
	const struct driver_row *driver;
	auto_val(secret_data) data = { 0 };
	if (find(secret, &driver, err) < 0 || driver->lookup(engine, secret, &data, err) < 0)
		return -1;
	if (data.len >= LIMIT_SECRET_BYTES) /* a shell's may be empty */
		return secret_data_check(&data, err) < 0 ? err_wrap(err, "secret %s", secret->name) : -1;
	*ret = data;
	data = (struct secret_data){ 0 };
	return 0;
}

int secret_driver_delete(const struct secret *secret, struct err *err)
{
	const struct driver_row *driver;
	return find(secret, &driver, err) < 0 ? -1 : driver->delete(secret, err);
}
