/* conf_registries.c - see conf_registries.h */
#include "config/conf_registries.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "codec/json.h"
#include "config/conf_file.h"

#define SYSTEM_CONF "/etc/containers/registries.conf"

enum { MIRRORS_MAX = 32 };

/* The files, and the one a person is told of. */
struct registries_files {
	struct conf_files all;
	const char *main_path;
};

static void registries_files_done(struct registries_files *f)
{
	conf_files_done(&f->all);
}
AUTO_VAL(registries_files, registries_files_done);

/* ---- reading ---- */

static int read_main(struct registries_files *files, const char *user, struct err *err)
{
	const char *given = getenv("CONTAINERS_REGISTRIES_CONF");
	int r = 0;

	files->all.what = "registries configuration";
	files->main_path = SYSTEM_CONF;
	if (given && *given) {
		files->main_path = given;
		return conf_files_read(&files->all, given, err);
	}
	if (user)
		r = conf_files_read(&files->all, user, err);
	return r ? r : conf_files_read(&files->all, SYSTEM_CONF, err);
}

static int read_all(struct registries_files *files, struct err *err)
{
	auto_free char *user = conf_user_path_dup("XDG_CONFIG_HOME", ".config", "registries.conf");
	auto_free char *user_d = conf_user_path_dup("XDG_CONFIG_HOME", ".config", "registries.conf.d");
	auto_free char *cache = conf_user_path_dup("XDG_CACHE_HOME", ".cache", "short-name-aliases.conf");

	if (read_main(files, user, err) < 0 || conf_files_read_dir(&files->all, SYSTEM_CONF ".d", err) < 0)
		return -1;
	if (user_d && conf_files_read_dir(&files->all, user_d, err) < 0)
		return -1;
	if (conf_files_read(&files->all, "/var/cache/containers/short-name-aliases.conf", err) < 0)
		return -1;
	return cache && conf_files_read(&files->all, cache, err) < 0 ? -1 : 0;
}

/* ---- short names ---- */

static const char *find_alias(const struct registries_files *files, const char *name, const char **ret_path)
{
	for (size_t i = files->all.count; i-- > 0;) {
		const struct json *aliases = json_get(files->all.files[i].doc, "aliases");

		if (!json_has(aliases, name))
			continue;
		*ret_path = files->all.files[i].path;
		/* an empty one takes an alias away */
		return json_get_str(aliases, name, "");
	}
	return "";
}

/* The last file that tells; NULL none. */
static const struct json *find_member(const struct registries_files *files, const char *name)
{
	for (size_t i = files->all.count; i-- > 0;)
		if (json_has(files->all.files[i].doc, name))
			return json_get(files->all.files[i].doc, name);
	return NULL;
}

static int search(const struct registries_files *files, const char *name, const char *word, char ***ret, struct err *err)
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
	auto_val(registries_files) files = { 0 };
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

int conf_registries_search(char ***ret, struct err *err)
{
	auto_val(registries_files) files = { 0 };

	if (read_all(&files, err) < 0)
		return -1;
	const struct json *list = find_member(&files, "unqualified-search-registries");
	for (size_t i = 0; i < json_len(list); i++)
		if (*json_str(json_at(list, i), ""))
			strv_add(ret, json_str(json_at(list, i), ""));
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

static const struct json *find_registry(const struct registries_files *files, const char *name, size_t *ret_len)
{
	const struct json *best = NULL;

	*ret_len = 0;
	for (size_t i = files->all.count; i-- > 0;) {
		const struct json *list = json_get(files->all.files[i].doc, "registry");

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
	auto_val(registries_files) files = { 0 };
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
