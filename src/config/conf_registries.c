/* conf_registries.c - see conf_registries.h */
#include "config/conf_registries.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/str.h"
#include "codec/json.h"
#include "codec/toml.h"

#define SYSTEM_CONF "/etc/containers/registries.conf"

enum { DROP_INS_MAX = 256, MIRRORS_MAX = 32 };

/* The files in the order they are read; what a later one says wins. */
struct conf_files {
	char **paths;
	struct json **docs;
	size_t count;
	const char *main_path;
};

static void files_done(struct conf_files *f)
{
	for (size_t i = 0; i < f->count; i++)
		json_free(f->docs[i]);
	free(f->docs);
	strv_free(f->paths);
}
AUTO_VAL(conf_files, files_done);

/* ---- reading ---- */

/* There is no file: no failure. */
static int read_one(const char *path, struct conf_files *files, struct err *err)
{
	auto_free char *data = NULL, *real = realpath(path, NULL);
	struct json *doc = NULL;
	size_t len = 0;
	int r = real ? file_read(AT_FDCWD, real, LIMIT_CONFIG_FILE_BYTES, &data, &len) : -errno;

	if (r == -ENOENT || r == -ENOTDIR || r == -EACCES)
		return 0;
	if (r < 0)
		return err_sys(err, -r, "cannot read '%s'", path);
	if (toml_parse(data, len, &doc, err) < 0)
		return err_wrap(err, "loading registries configuration '%s'", path);
	strv_add(&files->paths, path);
	files->docs = mem_resize(files->docs, files->count + 1, sizeof(struct json *));
	files->docs[files->count++] = doc;
	return 1;
}

static void add_drop_ins(const char *dir, char ***names)
{
	DIR *d = opendir(dir);
	const struct dirent *entry;

	while (d && strv_len(*names) < DROP_INS_MAX && (entry = readdir(d)))
		if (entry->d_name[0] != '.' && str_ends(entry->d_name, ".conf"))
			strv_add(names, entry->d_name);
	if (d)
		closedir(d);
}

static int read_drop_ins(const char *dir, struct conf_files *files, struct err *err)
{
	auto_strv names = NULL;

	add_drop_ins(dir, &names);
	strv_sort(names);
	for (size_t i = 0; names && names[i]; i++) {
		auto_free char *path = mem_printf("%s/%s", dir, names[i]);

		if (read_one(path, files, err) < 0)
			return -1;
	}
	return 0;
}

/* "…/containers/NAME" in the user's configuration; NULL for who has no home. */
static char *user_path_dup(const char *variable, const char *below_home, const char *name)
{
	const char *dir = getenv(variable), *home = getenv("HOME");

	if (dir && *dir == '/')
		return mem_printf("%s/containers/%s", dir, name);
	return home && *home == '/' ? mem_printf("%s/%s/containers/%s", home, below_home, name) : NULL;
}

static int read_main(struct conf_files *files, const char *user, struct err *err)
{
	const char *given = getenv("CONTAINERS_REGISTRIES_CONF");
	int r = 0;

	files->main_path = SYSTEM_CONF;
	if (given && *given) {
		files->main_path = given;
		return read_one(given, files, err);
	}
	if (user)
		r = read_one(user, files, err);
	return r ? r : read_one(SYSTEM_CONF, files, err);
}

static int read_all(struct conf_files *files, struct err *err)
{
	auto_free char *user = user_path_dup("XDG_CONFIG_HOME", ".config", "registries.conf");
	auto_free char *user_d = user_path_dup("XDG_CONFIG_HOME", ".config", "registries.conf.d");
	auto_free char *cache = user_path_dup("XDG_CACHE_HOME", ".cache", "short-name-aliases.conf");

	if (read_main(files, user, err) < 0 || read_drop_ins(SYSTEM_CONF ".d", files, err) < 0)
		return -1;
	if (user_d && read_drop_ins(user_d, files, err) < 0)
		return -1;
	if (read_one("/var/cache/containers/short-name-aliases.conf", files, err) < 0)
		return -1;
	return cache && read_one(cache, files, err) < 0 ? -1 : 0;
}

/* ---- short names ---- */

static const char *find_alias(const struct conf_files *files, const char *name, const char **ret_path)
{
	for (size_t i = files->count; i-- > 0;) {
		const struct json *aliases = json_get(files->docs[i], "aliases");

		if (!json_has(aliases, name))
			continue;
		*ret_path = files->paths[i];
		/* an empty one takes an alias away */
		return json_get_str(aliases, name, "");
	}
	return "";
}

/* The last file that tells; NULL none. */
static const struct json *find_member(const struct conf_files *files, const char *name)
{
	for (size_t i = files->count; i-- > 0;)
		if (json_has(files->docs[i], name))
			return json_get(files->docs[i], name);
	return NULL;
}

static int search(const struct conf_files *files, const char *name, const char *word, char ***ret, struct err *err)
{
	const struct json *list = find_member(files, "unqualified-search-registries");
	const char *mode = json_str(find_member(files, "short-name-mode"), "permissive");
	auto_strv candidates = NULL;

	for (size_t i = 0; i < json_len(list); i++) {
		const char *registry = json_str(json_at(list, i), "");

		if (*registry)
			strv_addf(&candidates, "%s/%s", registry, name);
	}
	if (!candidates)
		return err_set(err, ERR_USAGE,
			       "short-name \"%s\" did not resolve to an alias and no unqualified-search registries are defined in \"%s\"",
			       word, files->main_path);
	if (strv_len(candidates) > 1 && strcmp(mode, "enforcing") == 0)
		return err_set(err, ERR_USAGE, "short-name \"%s\" resolution enforced but cannot prompt without a TTY", word);
	*ret = take_ptr(candidates);
	return 0;
}

int conf_registries_candidates(const char *name, const char *word, char ***ret, char **ret_say, struct err *err)
{
	auto_val(conf_files) files = { 0 };
	const char *alias, *path = "";

	if (read_all(&files, err) < 0)
		return -1;
	alias = find_alias(&files, name, &path);
	if (!*alias)
		return search(&files, name, word, ret, err);
	strv_add(ret, alias);
	if (ret_say)
		*ret_say = mem_printf("Resolved \"%s\" as an alias (%s)", name, path);
	return 0;
}

/* ---- routes ---- */

void conf_route_done(struct conf_route *route)
{
	free(route->location);
	for (size_t i = 0; i < route->mirror_count; i++)
		free(route->mirrors[i].location);
	free(route->mirrors);
	*route = (struct conf_route){ 0 };
}

/* How much of the name the prefix covers; 0: it is another's. "*.x.y" covers hosts below x.y. */
static size_t covers(const char *prefix, const char *name)
{
	const char *wild = str_after(prefix, "*");
	size_t len = strlen(prefix), host = strcspn(name, "/");

	if (wild && *wild == '.') {
		size_t tail = strlen(wild);

		return host > tail && memcmp(name + host - tail, wild, tail) == 0 ? host : 0;
	}
	if (!len || strncmp(name, prefix, len) != 0)
		return 0;
	return name[len] == '\0' || strchr("/:@", name[len]) ? len : 0;
}

static const struct json *find_registry(const struct conf_files *files, const char *name, size_t *ret_len)
{
	const struct json *best = NULL;

	*ret_len = 0;
	for (size_t i = files->count; i-- > 0;) {
		const struct json *list = json_get(files->docs[i], "registry");

		for (size_t k = 0; k < json_len(list); k++) {
			const struct json *row = json_at(list, k);
			const char *location = json_get_str(row, "location", "");
			const char *prefix = json_get_str(row, "prefix", "");
			size_t len = covers(*prefix ? prefix : location, name);

			if (len > *ret_len) {
				*ret_len = len;
				best = row;
			}
		}
	}
	return best;
}

/* rest: what of the name stands behind the prefix. */
static int add_mirrors(const struct json *row, const char *rest, const char *file, struct conf_route *ret, struct err *err)
{
	const struct json *list = json_get(row, "mirror");
	bool by_digest = json_get_bool(row, "mirror-by-digest-only", false);

	if (json_len(list) > MIRRORS_MAX)
		return err_set(err, ERR_LIMIT, "loading registries configuration '%s': more than %d mirrors of one registry", file, MIRRORS_MAX);
	ret->mirrors = mem_array(json_len(list) + 1, sizeof(*ret->mirrors));
	for (size_t i = 0; i < json_len(list); i++) {
		const struct json *mirror = json_at(list, i);
		const char *location = json_get_str(mirror, "location", ""), *from = json_get_str(mirror, "pull-from-mirror", "all");
		bool digests = strcmp(from, "digest-only") == 0, tags = strcmp(from, "tag-only") == 0;

		if (!*location)
			return err_set(err, ERR_INVALID, "loading registries configuration '%s': a mirror has no location", file);
		if (!digests && !tags && strcmp(from, "all") != 0)
			return err_set(err, ERR_INVALID, "loading registries configuration '%s': unsupported pull-from-mirror value \"%s\" for mirror \"%s\"",
				       file, from, location);
		ret->mirrors[ret->mirror_count++] = (struct conf_mirror){
			.location = mem_printf("%s%s", location, rest), .insecure = json_get_bool(mirror, "insecure", false),
			.no_tags = digests || by_digest, .no_digests = tags,
		};
	}
	return 0;
}

int conf_registries_route(const char *name, struct conf_route *ret, struct err *err)
{
	auto_val(conf_files) files = { 0 };
	const struct json *row;
	const char *location;
	size_t len = 0;

	if (read_all(&files, err) < 0)
		return -1;
	row = find_registry(&files, name, &len);
	if (!row)
		return 0;
	if (json_get_bool(row, "blocked", false))
		return err_set(err, ERR_DENIED, "registry %.*s is blocked in %s", (int)strcspn(name, "/"), name, files.main_path);
	if (add_mirrors(row, name + len, files.main_path, ret, err) < 0)
		return -1;
	ret->insecure = json_get_bool(row, "insecure", false);
	location = json_get_str(row, "location", "");
	if (*location && *json_get_str(row, "prefix", ""))
		ret->location = mem_printf("%s%s", location, name + len);
	return 0;
}
