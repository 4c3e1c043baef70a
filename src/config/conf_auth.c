/* conf_auth.c - see conf_auth.h */
#include "config/conf_auth.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/path.h"
#include "base/str.h"
#include "codec/enc.h"
#include "codec/json.h"
#include "codec/json_out.h"
#include "codec/json_parse.h"
#include "config/conf_file.h"
#include "config/conf_helper.h"

enum { NAME_MAX_BYTES = 1024 };

static const struct json_style file_style = { .indent = "\t", .html = true };

void conf_auth_done(struct conf_auth *auth)
{
	free(auth->user);
	free(auth->file);
	free(auth->helper);
	mem_free_secret(auth->password);
	mem_free_secret(auth->identity_token);
	*auth = (struct conf_auth){ 0 };
}

/* ---- one document ---- */

/* "https://index.docker.io/v1/" and "host/v1/" are how Docker's old clients wrote a host. */
static char *plain_key_dup(const char *key)
{
	static const char *const docker_hosts[] = { "index.docker.io", "registry-1.docker.io" };
	const char *host = str_after(key, "https://");
	size_t len = strlen(key);

	if (!host)
		host = str_after(key, "http://");
	if (host)
		len = strcspn(host, "/");
	else
		host = key;
	if (host == key && (str_ends(key, "/v1/") || str_ends(key, "/v2/")))
		len -= strlen("/v1/");
	for (size_t i = 0; i < ARRAY_LEN(docker_hosts); i++)
		if (len == strlen(docker_hosts[i]) && strncasecmp(host, docker_hosts[i], len) == 0)
			return mem_strdup("docker.io");
	return mem_strndup(host, len);
}

static int take_entry(const char *key, const struct json *entry, struct conf_auth *ret, struct err *err)
{
	const char *auth = json_get_str(entry, "auth", "");
	const char *token = json_get_str(entry, "identitytoken", "");
	const char *user = json_get_str(entry, "username", NULL), *password = json_get_str(entry, "password", NULL);
	auto_free char *plain = NULL;
	char *colon;
	size_t len = 0;

	if (*token)
		ret->identity_token = mem_strdup(token);
	if (!*auth) {
		if (user && password) {
			ret->user = mem_strdup(user);
			ret->password = mem_strdup(password);
		}
		return 0;
	}
	if (enc_base64_decode(auth, &plain, &len) < 0 || memchr(plain, '\0', len) || !(colon = strchr(plain, ':')))
		return err_set(err, ERR_INVALID, "the entry of '%.200s' does not hold base64 of user:password", key);
	*colon = '\0';
	ret->user = mem_strdup(plain);
	ret->password = mem_strdup(colon + 1);
	explicit_bzero(plain, len);
	return 0;
}

/* How much of name the key covers; 0 not at all. */
static size_t covers(const char *key, const char *name)
{
	size_t len = strlen(key);

	if (strcmp(key, name) == 0)
		return len;
	return len && strncmp(key, name, len) == 0 && name[len] == '/' ? len : 0;
}

/* The entry that covers the name best. ret_key: as it is written. */
static int find_entry(const struct json *doc, const char *name, const struct json **ret, const char **ret_key, struct err *err)
{
	const struct json *auths = json_get(doc, "auths");
	size_t best_len = 0;

	for (struct json_iter it = json_iter(auths); json_next(&it);) {
		auto_free char *key = plain_key_dup(it.name);
		size_t len = covers(key, name);

		if (json_kind(it.value) != JSON_OBJECT)
			return err_set(err, ERR_INVALID, "the entry of '%.200s' is not an object", it.name);
		/* of two spellings of one host the plain one wins */
		if (len > best_len || (len && len == best_len && strcmp(key, it.name) == 0)) {
			*ret = it.value;
			best_len = len;
			*ret_key = it.name;
		}
	}
	return 0;
}

static int find_in(const struct json *doc, const char *name, struct conf_auth *ret, struct err *err)
{
	const struct json *entry = NULL;
	const char *key = NULL;

	if (find_entry(doc, name, &entry, &key, err) < 0)
		return -1;
	return entry ? take_entry(key, entry, ret, err) : 0;
}

static int parse_doc(const char *data, size_t len, struct json **ret, struct err *err)
{
	auto_ptr(json) doc = NULL;

	if (len == 0) {
		*ret = json_object_new();
		return 0;
	}
	if (json_parse_object(data, len, LIMIT_JSON_DEPTH_OUTSIDE, 0, &doc, err) < 0)
		return -1;
	if (json_get(doc, "auths") && json_kind(json_get(doc, "auths")) != JSON_OBJECT)
		return err_set(err, ERR_INVALID, "its member 'auths' is not an object");
	*ret = take_ptr(doc);
	return 0;
}

int conf_auth_parse(const char *data, size_t len, const char *name, struct conf_auth *ret, struct err *err)
{
	auto_ptr(json) doc = NULL;

	if (parse_doc(data, len, &doc, err) < 0)
		return -1;
	return find_in(doc, name, ret, err);
}

/* ---- the files ---- */

static char *runtime_path_dup(void)
{
	const char *dir = getenv("XDG_RUNTIME_DIR");
	const char *uid = getenv("CPOD_ROOTLESS_UID");

	if (dir && *dir == '/')
		return path_join_dup(dir, "containers/auth.json");
	if (uid && *uid && !uid[strspn(uid, "0123456789")])
		return mem_printf("/run/containers/%s/auth.json", uid);
	return mem_printf("/run/containers/%u/auth.json", (unsigned)getuid());
}

static void add_below(char ***paths, const char *variable, const char *home_sub, const char *file)
{
	const char *dir = variable ? getenv(variable) : NULL, *home = getenv("HOME");

	if (dir && *dir == '/')
		strv_add_take(paths, path_join_dup(dir, file));
	else if (home && *home == '/')
		strv_addf(paths, "%s/%s/%s", home, home_sub, file);
}

/* Where to look, in order; the first is where to write. */
static char **paths_new(const char *authfile)
{
	const char *given = authfile && *authfile ? authfile : getenv("REGISTRY_AUTH_FILE");
	char **paths = NULL;

	if (given && *given) {
		strv_add(&paths, given);
		return paths;
	}
	const char *docker = getenv("DOCKER_CONFIG");
	if (docker && *docker) { /* COMPAT: then nothing else is read */
		strv_add_take(&paths, path_join_dup(docker, "config.json"));
		return paths;
	}
	strv_add_take(&paths, runtime_path_dup());
	add_below(&paths, "XDG_CONFIG_HOME", ".config", "containers/auth.json");
	add_below(&paths, NULL, ".docker", "config.json");
	return paths;
}

/* The user's own file may be a link to another of his; what it points to is what is read and replaced. */
static char *real_dup(const char *path)
{
	char *real = realpath(path, NULL);

	return real ? real : mem_strdup(path);
}

static int load_path(const char *path, bool *ret_there, struct json **ret, struct err *err)
{
	auto_free char *real = real_dup(path), *data = NULL;
	size_t len = 0;
	int r = file_read(AT_FDCWD, real, LIMIT_CONFIG_FILE_BYTES, &data, &len);

	*ret_there = r == 0;
	if (r == -ENOENT || r == -ENOTDIR || r == -EACCES) {
		*ret = json_object_new();
		return 0;
	}
	if (r < 0)
		return err_sys(err, -r, "cannot read '%s'", path);
	if (parse_doc(data, len, ret, err) < 0)
		err_wrap(err, "reading '%s'", path);
	explicit_bzero(data, len);
	return err->kind ? -1 : 0;
}

/* ---- helpers a file names ---- */

static const char *helper_of(const struct json *doc, const char *host)
{
	return json_get_str(json_get(doc, "credHelpers"), host, "");
}

/* Docker leaves an empty entry behind where its store keeps the login. Files of Docker's lie about on hosts that have no such helper,
 * so that one which fails is a warning. */
static int ask_store(const struct json *doc, const char *path, const char *name, struct conf_auth *ret, struct err *err)
{
	const char *store = json_get_str(doc, "credsStore", ""), *key = NULL;
	const struct json *entry = NULL;

	if (!*store)
		return 0;
	if (find_entry(doc, name, &entry, &key, err) < 0)
		return -1;
	if (entry && conf_helper_get(store, key, ret, err) < 0) {
		log_warn("credsStore of '%s': %s", path, err->text);
		err_clear(err);
	} else if (entry && (ret->user || ret->identity_token)) {
		ret->helper = mem_strdup(store);
	}
	return 0;
}

/* COMPAT: where a helper has the host, the file's own entries for it do not count. */
static int find_at(const struct json *doc, const char *path, const char *name, struct conf_auth *ret, struct err *err)
{
	auto_free char *host = mem_strndup(name, strcspn(name, "/"));
	const char *helper = helper_of(doc, host);

	if (!*helper) {
		if (find_in(doc, name, ret, err) < 0)
			return -1;
		return ret->user || ret->identity_token ? 0 : ask_store(doc, path, name, ret, err);
	}
	if (conf_helper_get(helper, host, ret, err) < 0)
		return -1;
	if (ret->user || ret->identity_token)
		ret->helper = mem_strdup(helper);
	return 0;
}

int conf_auth_find(const char *authfile, const char *name, struct conf_auth *ret, struct err *err)
{
	auto_strv paths = paths_new(authfile);

	if (strlen(name) > NAME_MAX_BYTES)
		return err_set(err, ERR_LIMIT, "the name '%.100s…' is too long", name);
	for (size_t i = 0; paths[i]; i++) {
		auto_ptr(json) doc = NULL;
		bool there = false;

		if (load_path(paths[i], &there, &doc, err) < 0)
			return -1;
		if (!there && authfile && *authfile)
			return err_set(err, ERR_NOT_FOUND, "credential file is not accessible: '%s' cannot be read", authfile);
		if (find_at(doc, paths[i], name, ret, err) < 0)
			return err_wrap(err, "reading '%s'", paths[i]);
		if (ret->user || ret->identity_token) {
			ret->file = mem_strdup(paths[i]);
			return 0;
		}
	}
	return 0;
}

int conf_auth_path(const char *authfile, char **ret, struct err *err)
{
	auto_strv paths = paths_new(authfile);

	*ret = mem_strdup(paths[0]);
	return 0;
}

/* ---- changes ---- */

static int save_doc(int dir_fd, const char *path, const struct json *doc, struct err *err)
{
	auto_str out = { 0 };
	int r;

	json_write(&out, doc, &file_style);
	r = file_write(dir_fd, path_base(path), 0600, out.data, out.len, FILE_DURABLE | FILE_SOLE);
	explicit_bzero(out.data, out.len);
	return r < 0 ? err_sys(err, -r, "cannot write '%s'", path) : 0;
}

static struct json *entry_new(const struct conf_auth *auth)
{
	struct json *entry = json_object_new();

	if (auth->user) {
		char *plain = mem_printf("%s:%s", auth->user, auth->password ? auth->password : "");
		char *text = enc_base64(plain, strlen(plain));

		json_set_str(entry, "auth", text);
		mem_free_secret(plain);
		mem_free_secret(text);
	}
	if (auth->identity_token)
		json_set_str(entry, "identitytoken", auth->identity_token);
	return entry;
}

/* 1: a helper keeps it now; 0: the file does. */
static int set_by_helper(const struct json *doc, const char *registry, const struct conf_auth *auth, char **ret_helper, struct err *err)
{
	const char *helper = helper_of(doc, registry);

	if (!*helper)
		return 0;
	if (conf_helper_store(helper, registry, auth, err) < 0)
		return -1;
	if (ret_helper)
		*ret_helper = mem_strdup(helper);
	return 1;
}

int conf_auth_set(const char *authfile, const char *registry, const struct conf_auth *auth, char **ret_helper, struct err *err)
{
	auto_strv paths = paths_new(authfile);
	auto_free char *path = real_dup(paths[0]);
	auto_close int dir_fd = -EBADF;
	auto_ptr(json) doc = NULL;
	bool there;
	int r;

	if (auth->user && strchr(auth->user, ':'))
		return err_set(err, ERR_USAGE, "the user name '%s' holds a ':'", auth->user);
	if (conf_file_lock_dir(path, &dir_fd, err) < 0 || load_path(path, &there, &doc, err) < 0)
		return -1;
	r = set_by_helper(doc, registry, auth, ret_helper, err);
	if (r)
		return r < 0 ? err_wrap(err, "updating '%s'", path) : 0;
	if (!json_get(doc, "auths"))
		json_set(doc, "auths", json_object_new());
	json_set(json_get(doc, "auths"), registry, entry_new(auth));
	return save_doc(dir_fd, path, doc, err);
}

/* What helpers keep for the file; registry NULL: all of it. ret_removed is only set where something was. */
static int erase_by_helpers(struct json *doc, const char *registry, bool *ret_removed, struct err *err)
{
	const struct json *helpers = json_get(doc, "credHelpers");

	for (struct json_iter it = json_iter(helpers); json_next(&it);) {
		if (registry && (strcmp(registry, it.name) != 0 || strchr(registry, '/')))
			continue;
		if (conf_helper_erase(json_str(it.value, ""), it.name, err) < 0)
			return -1;
		*ret_removed = true;
	}
	/* COMPAT: who forgets everything forgets who kept it */
	if (!registry)
		json_del(doc, "credHelpers");
	return 0;
}

static bool remove_from(struct json *doc, const char *registry)
{
	struct json *auths = json_get(doc, "auths");
	auto_strv keys = NULL;

	for (struct json_iter it = json_iter(auths); json_next(&it);) {
		auto_free char *key = plain_key_dup(it.name);

		if (!registry || strcmp(key, registry) == 0 || strcmp(it.name, registry) == 0)
			strv_add(&keys, it.name);
	}
	for (size_t i = 0; keys && keys[i]; i++)
		json_del(auths, keys[i]);
	return keys != NULL;
}

int conf_auth_remove(const char *authfile, const char *registry, bool *ret_removed, struct err *err)
{
	auto_strv paths = paths_new(authfile);
	auto_free char *path = real_dup(paths[0]);
	auto_close int dir_fd = -EBADF;
	auto_ptr(json) doc = NULL;
	bool there = false;

	*ret_removed = false;
	if (load_path(path, &there, &doc, err) < 0)
		return -1;
	if (!there)
		return 0;
	json_free(take_ptr(doc));
	/* again, under the lock */
	if (conf_file_lock_dir(path, &dir_fd, err) < 0 || load_path(path, &there, &doc, err) < 0)
		return -1;
	if (erase_by_helpers(doc, registry, ret_removed, err) < 0)
		return err_wrap(err, "updating '%s'", path);
	if (!remove_from(doc, registry) && registry)
		return 0;
	if (save_doc(dir_fd, path, doc, err) < 0)
		return -1;
	*ret_removed = true;
	return 0;
}
