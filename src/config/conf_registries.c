/* conf_registries.c - see conf_registries.h */
#include "config/conf_registries.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "codec/json.h"
#include "config/conf_alias.h"
#include "config/conf_file.h"

#define SYSTEM_CONF "/etc/containers/registries.conf"

enum { MIRRORS_MAX = 32, HELPERS_MAX = 16 };

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
	auto_free char *cache = conf_user_path_dup("XDG_CACHE_HOME", ".cache", CONF_ALIAS_FILE);

	if (read_main(files, user, err) < 0 || conf_files_read_dir(&files->all, SYSTEM_CONF ".d", err) < 0)
		return -1;
	if (user_d && conf_files_read_dir(&files->all, user_d, err) < 0)
		return -1;
	if (conf_files_read(&files->all, CONF_ALIAS_SYSTEM, err) < 0)
		return -1;
	return cache && conf_files_read(&files->all, cache, err) < 0 ? -1 : 0;
}

/* ---- where a thing is said ---- */

static unsigned line_of(const struct conf_file *file, const char *key)
{
	return (unsigned)json_get_u64(file->lines, key, 0);
}

char *conf_origin_dup(const char *file, unsigned line)
{
	return line ? mem_printf("%s:%u", file, line) : mem_strdup(file);
}

/* ---- short names ---- */

void conf_names_done(struct conf_names *names)
{
	strv_free(names->names);
	free(names->name);
	free(names->file);
	*names = (struct conf_names){ 0 };
}

static const char *find_alias(const struct registries_files *files, const char *name, const struct conf_file **ret_file)
{
	for (size_t i = files->all.count; i-- > 0;) {
		const struct json *aliases = json_get(files->all.files[i].doc, "aliases");

		if (!json_has(aliases, name))
			continue;
		*ret_file = &files->all.files[i];
		/* an empty one takes an alias away */
		return json_get_str(aliases, name, "");
	}
	return "";
}

/* The last file that tells; NULL none. */
static const struct conf_file *find_file(const struct registries_files *files, const char *name)
{
	for (size_t i = files->all.count; i-- > 0;)
		if (json_has(files->all.files[i].doc, name))
			return &files->all.files[i];
	return NULL;
}

static int find_mode(const struct registries_files *files, enum conf_short_mode *ret, struct err *err)
{
	static const char *const words[] = {
		[CONF_SHORT_PERMISSIVE] = "permissive", [CONF_SHORT_ENFORCING] = "enforcing", [CONF_SHORT_DISABLED] = "disabled", NULL,
	};
	const struct conf_file *file = find_file(files, "short-name-mode");
	const char *text = file ? json_get_str(file->doc, "short-name-mode", "") : "";
	int mode = *text ? str_index(words, text) : CONF_SHORT_PERMISSIVE;

	if (mode < 0)
		return err_set(err, ERR_INVALID, "loading registries configuration '%s': invalid short-name mode: \"%s\"", file->path, text);
	*ret = (enum conf_short_mode)mode;
	return 0;
}

/* unqualified-search-registries, and the file that has it. */
static char **registries_dup(const struct registries_files *files, const struct conf_file **ret_file)
{
	const struct conf_file *file = find_file(files, "unqualified-search-registries");
	const struct json *list = file ? json_get(file->doc, "unqualified-search-registries") : NULL;
	char **registries = NULL;

	for (size_t i = 0; i < json_len(list); i++)
		if (*json_str(json_at(list, i), ""))
			strv_add(&registries, json_str(json_at(list, i), ""));
	*ret_file = file;
	return registries;
}

static int search(const struct registries_files *files, const char *name, const char *word, struct conf_names *ret, struct err *err)
{
	const struct conf_file *file;
	auto_strv registries = registries_dup(files, &file);

	for (char **registry = registries; registry && *registry; registry++)
		strv_addf(&ret->names, "%s/%s", *registry, name);
	if (!ret->names)
		return err_set(err, ERR_USAGE,
			       "short-name \"%s\" did not resolve to an alias and no unqualified-search registries are defined in \"%s\"",
			       word, files->main_path);
	ret->file = mem_strdup(file->path);
	ret->line = line_of(file, "unqualified-search-registries");
	return find_mode(files, &ret->mode, err);
}

int conf_registries_names(const char *name, const char *word, struct conf_names *ret, struct err *err)
{
	auto_val(registries_files) files = { 0 };
	auto_val(conf_names) names = { 0 };
	const struct conf_file *file = NULL;
	const char *alias;

	if (read_all(&files, err) < 0)
		return -1;
	names.name = mem_strdup(name);
	alias = find_alias(&files, name, &file);
	if (*alias) {
		auto_free char *key = mem_printf("aliases.%s", name);

		strv_add(&names.names, alias);
		names.is_alias = true;
		names.file = mem_strdup(file->path);
		names.line = line_of(file, key);
	} else if (search(&files, name, word, &names, err) < 0) {
		return -1;
	}
	*ret = names;
	names = (struct conf_names){ 0 };
	return 0;
}

/* ---- credential helpers ---- */

int conf_registries_helpers(char ***ret, char **ret_file, struct err *err)
{
	auto_val(registries_files) files = { 0 };
	const struct conf_file *file;
	const struct json *list = NULL;

	if (read_all(&files, err) < 0)
		return -1;
	file = find_file(&files, "credential-helpers");
	if (file)
		list = json_get(file->doc, "credential-helpers");
	if (json_len(list) > HELPERS_MAX)
		return err_set(err, ERR_LIMIT, "loading registries configuration '%s': more than %d credential-helpers", file->path, HELPERS_MAX);
	for (size_t i = 0; i < json_len(list); i++)
		strv_add(ret, json_str(json_at(list, i), ""));
	if (!*ret)
		strv_add(ret, CONF_AUTH_FILES);
	*ret_file = file ? mem_strdup(file->path) : NULL;
	return 0;
}

int conf_registries_search(char ***ret, struct err *err)
{
	auto_val(registries_files) files = { 0 };
	const struct conf_file *file;

	if (read_all(&files, err) < 0)
		return -1;
	*ret = registries_dup(&files, &file);
	return 0;
}

/* ---- routes ---- */

void conf_route_done(struct conf_route *route)
{
	free(route->location);
	free(route->prefix);
	free(route->file);
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

/* A [[registry]], and where it stands. */
struct found {
	const struct json *row;
	const struct conf_file *file;
	const char *prefix;
	size_t index, len; /* of the name, how much the prefix covers */
};

static struct found find_registry(const struct registries_files *files, const char *name)
{
	struct found best = { 0 };

	for (size_t i = files->all.count; i-- > 0;) {
		const struct json *list = json_get(files->all.files[i].doc, "registry");

		for (size_t k = 0; k < json_len(list); k++) {
			const struct json *row = json_at(list, k);
			const char *prefix = json_get_str(row, "prefix", "");
			struct found here = { row, &files->all.files[i], *prefix ? prefix : json_get_str(row, "location", ""), k, 0 };

			here.len = covers(here.prefix, name);
			if (here.len > best.len)
				best = here;
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

static void note_origin(const struct found *found, struct conf_route *ret)
{
	auto_free char *key = mem_printf("registry[%zu]", found->index);

	ret->prefix = mem_strdup(found->prefix);
	ret->file = mem_strdup(found->file->path);
	ret->line = line_of(found->file, key);
}

int conf_registries_route(const char *name, struct conf_route *ret, struct err *err)
{
	auto_val(registries_files) files = { 0 };
	auto_val(conf_route) route = { 0 };
	struct found found;
	const char *location;

	if (read_all(&files, err) < 0)
		return -1;
	found = find_registry(&files, name);
	if (!found.row)
		return 0;
	note_origin(&found, &route);
	if (add_mirrors(found.row, name + found.len, found.file->path, &route, err) < 0)
		return -1;
	route.blocked = json_get_bool(found.row, "blocked", false);
	route.insecure = json_get_bool(found.row, "insecure", false);
	location = json_get_str(found.row, "location", "");
	if (*location && *json_get_str(found.row, "prefix", ""))
		route.location = mem_printf("%s%s", location, name + found.len);
	*ret = route;
	route = (struct conf_route){ 0 };
	return 0;
}

int conf_route_allows(const struct conf_route *route, const char *name, struct err *err)
{
	auto_free char *origin = route->blocked ? conf_origin_dup(route->file, route->line) : NULL;

	if (!route->blocked)
		return 0;
	return err_set(err, ERR_DENIED, "registry %.*s is blocked in %s", (int)strcspn(name, "/"), name, origin);
}
