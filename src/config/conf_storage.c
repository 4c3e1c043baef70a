/* conf_storage.c - see conf_storage.h */
#include "config/conf_storage.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"
#include "codec/json.h"
#include "config/conf_file.h"
#include "config/conf_registries.h"

enum { EXTRA_MAX = 64 };

void conf_storage_done(struct conf_storage *conf)
{
	for (size_t i = 0; i < conf->extra_count; i++) {
		free(conf->extra[i].path);
		free(conf->extra[i].origin);
	}
	free(conf->extra);
	*conf = (struct conf_storage){ 0 };
}

static int add_extra(struct conf_storage *conf, const char *path, const char *origin, struct err *err)
{
	if (*path != '/')
		return err_set(err, ERR_INVALID, "%s: the additional image store '%s' is not named by an absolute path", origin, path);
	if (conf->extra_count == EXTRA_MAX)
		return err_set(err, ERR_LIMIT, "%s: more than %d additional image stores", origin, EXTRA_MAX);
	conf->extra = mem_resize(conf->extra, conf->extra_count + 1, sizeof(*conf->extra));
	conf->extra[conf->extra_count++] = (struct conf_storage_place){ mem_strdup(path), mem_strdup(origin) };
	return 0;
}

/* ---- the keys ---- */

enum use {
	USED,
	NO_EFFECT, /* it speaks of Podman's own store, or of how its layers come */
	NOT_YET,
};

static const struct key {
	const char *name;
	enum use use;
	const char *why;
	const char *fits; /* of NOT_YET: the value that is as it is here; a list by '|' */
} keys[] = {
	{ "storage.driver", NO_EFFECT },
	{ "storage.graphroot", NO_EFFECT },
	{ "storage.runroot", NO_EFFECT },
	{ "storage.rootless_storage_path", NO_EFFECT },
	{ "storage.driver_priority", NO_EFFECT },
	{ "storage.imagestore", NOT_YET, "images lie under --root", "" },
	{ "storage.transient_store", NOT_YET, "use --rm, or a --root on a tmpfs", "false" },
	{ "storage.options.additionalimagestores", USED },
	{ "storage.options.additionallayerstores", NOT_YET, "layers are unpacked when an image comes", "" },
	{ "storage.options.pull_options", NO_EFFECT },
	{ "storage.options.disable-volatile", NO_EFFECT },
	{ "storage.options.remap-uids", NOT_YET, "name the ids with --uidmap", "" },
	{ "storage.options.remap-gids", NOT_YET, "name the ids with --gidmap", "" },
	{ "storage.options.remap-user", NOT_YET, "name the ids with --subuidname", "" },
	{ "storage.options.remap-group", NOT_YET, "name the ids with --subgidname", "" },
	{ "storage.options.root-auto-userns-user", NOT_YET, "the user of --userns=auto is containers", "containers" },
	{ "storage.options.auto-userns-min-size", NOT_YET, "give the size with --userns=auto:size=", "1024" },
	{ "storage.options.auto-userns-max-size", NOT_YET, "give the size with --userns=auto:size=", "65536" },
	{ "storage.options.size", NOT_YET, "a container may fill its file system", "" },
	{ "storage.options.mount_program", NOT_YET, "the kernel's overlay is used", "" },
	{ "storage.options.mountopt", NOT_YET, "overlay is mounted as containers need it", "|nodev|nodev,metacopy=on" },
	{ "storage.options.ignore_chown_errors", NOT_YET, "files keep the owners of their image", "false" },
	{ "storage.options.force_mask", NOT_YET, "files keep the modes of their image", "" },
	{ "storage.options.skip_mount_home", NO_EFFECT },
	{ "storage.options.inodes", NOT_YET, "a container may fill its file system", "" },
	{ "storage.options.use_composefs", NOT_YET, "layers are directories", "false" },
	{ "storage.options.sync", NO_EFFECT },
	{ "storage.options.btrfs", NO_EFFECT },
	{ "storage.options.vfs", NO_EFFECT },
	{ "storage.options.zfs", NO_EFFECT },
	{ "storage.options.thinpool", NO_EFFECT },
	{ "storage.options.ostree_repos", NO_EFFECT },
};

static const struct key *find_key(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}

static bool fits(const struct key *key, const struct json *value)
{
	auto_strv as_here = strv_split(key->fits, '|');
	const char *text = json_kind(value) == JSON_BOOL ? (json_bool(value, false) ? "true" : "false") : json_str(value, NULL);

	if (!text)
		return json_kind(value) == JSON_ARRAY && !json_len(value);
	return !*text || strv_has(as_here, text);
}

/* ---- one file after the other ---- */

struct merge {
	struct conf_storage *conf;
	bool append;
};

static char *origin_of(const struct conf_file *file, const char *name)
{
	size_t len = strlen(name);

	for (struct json_iter it = json_iter(file->lines); json_next(&it);)
		if (strncmp(it.name, name, len) == 0 && (!it.name[len] || it.name[len] == '.' || it.name[len] == '['))
			return conf_origin_dup(file->path, (unsigned)json_u64(it.value, 0));
	return mem_strdup(file->path);
}

static int take_stores(struct merge *m, const struct json *list, const char *origin, struct err *err)
{
	auto_strv paths = NULL;

	if (json_kind(list) != JSON_ARRAY)
		return err_set(err, ERR_INVALID, "%s: additionalimagestores has %s where an array of strings is expected", origin, json_kind_name(json_kind(list)));
	for (size_t i = 0; i < json_len(list); i++) {
		const struct json *item = json_at(list, i);

		if (json_kind(item) == JSON_OBJECT && json_kind(json_get(item, "append")) == JSON_BOOL && json_len(item) == 1)
			m->append = json_get_bool(item, "append", false);
		else if (json_str(item, NULL))
			strv_add(&paths, json_str(item, ""));
		else
			return err_set(err, ERR_INVALID, "%s: a member of additionalimagestores is no string", origin);
	}
	if (!m->append)
		conf_storage_done(m->conf);
	for (char **path = paths; path && *path; path++)
		if (**path && add_extra(m->conf, *path, origin, err) < 0)
			return -1;
	return 0;
}

static int take_value(struct merge *m, const struct conf_file *file, const char *said, const char *name, const struct json *value, struct err *err)
{
	const struct key *key = find_key(name);
	auto_free char *origin = origin_of(file, said);

	if (!key)
		log_warn("%s: there is no key %s: it is ignored", origin, said);
	else if (key->use == USED)
		return take_stores(m, value, origin, err);
	else if (key->use == NOT_YET && !fits(key, value))
		log_warn("%s: %s is not done yet: %s", origin, said, key->why);
	return 0;
}

/* [storage.options] and the table of the driver inside it, [storage.options.overlay], have the same keys. */
static int take_table(struct merge *m, const struct conf_file *file, const char *said, const char *as, const struct json *table, struct err *err)
{
	for (struct json_iter it = json_iter(table); json_next(&it);) {
		auto_free char *full = mem_printf("%s.%s", said, it.name), *name = mem_printf("%s.%s", as, it.name);
		bool deeper = strcmp(full, "storage.options") == 0, driver = strcmp(full, "storage.options.overlay") == 0;
		int r = deeper || driver ? take_table(m, file, full, "storage.options", it.value, err) : take_value(m, file, full, name, it.value, err);

		if (r < 0)
			return -1;
	}
	return 0;
}

static int take_file(struct merge *m, const struct conf_file *file, struct err *err)
{
	for (struct json_iter it = json_iter(file->doc); json_next(&it);) {
		if (strcmp(it.name, "storage") == 0) {
			if (take_table(m, file, "storage", "storage", it.value, err) < 0)
				return -1;
			continue;
		}
		auto_free char *origin = origin_of(file, it.name);

		log_warn("%s: there is no key %s: it is ignored", origin, it.name);
	}
	return 0;
}

/* ---- --storage-opt ---- */

static int take_word(const char *word, const char *origin, struct conf_storage *conf, struct err *err)
{
	static const char *const drivers[] = { "", "overlay", "overlay2", NULL };
	const char *eq = strchr(word, '='), *dot = strchr(word, '.'), *key = dot && eq && dot < eq ? dot + 1 : word;
	auto_free char *name = eq ? mem_strndup(key, (size_t)(eq - key)) : NULL;
	auto_free char *lower = name ? str_lower_dup(name) : NULL, *full = lower ? mem_printf("storage.options.%s", lower) : NULL;
	auto_free char *driver = key > word ? mem_strndup(word, (size_t)(dot - word)) : mem_strdup("");

	if (!eq)
		return err_set(err, ERR_USAGE, "%s: '%s' is not of the form KEY=VALUE", origin, word);
	if (str_index(drivers, driver) < 0)
		return err_set(err, ERR_UNSUPPORTED, "%s: '%s' is an option of another driver: overlay is the only one", origin, word);
	if (strcmp(lower, "imagestore") == 0 || strcmp(lower, "additionalimagestore") == 0)
		return eq[1] ? add_extra(conf, eq + 1, origin, err) : 0;
	if (!find_key(full))
		return err_set(err, ERR_USAGE, "%s: unknown option \"%s\" (\"%s\")", origin, name, word);
	return err_set(err, ERR_UNSUPPORTED, "%s: %s is not done: overlay is used as the kernel has it", origin, name);
}

int conf_storage_words(char *const *words, const char *origin, struct conf_storage *ret, struct err *err)
{
	auto_val(conf_storage) conf = { 0 };

	for (; words && *words; words++)
		if (**words && take_word(*words, origin, &conf, err) < 0)
			return -1;
	*ret = conf;
	conf = (struct conf_storage){ 0 };
	return 0;
}

/* ---- where they lie ---- */

static int read_named(struct conf_files *files, const char *path, const char *who, struct err *err)
{
	int r = conf_files_read(files, path, err);

	return r == 0 ? err_set(err, ERR_NOT_FOUND, "%s names the configuration file '%s', which cannot be read", who, path) : r;
}

/* Those that are there, the nearest to the user last. */
static char **dirs_dup(bool rootless)
{
	auto_free char *user = rootless ? conf_user_path_dup("XDG_CONFIG_HOME", ".config", "") : NULL;
	const char *const dirs[] = { "/usr/share/containers", "/etc/containers", user };
	char **found = NULL;

	if (user)
		*strrchr(user, '/') = '\0';
	for (size_t i = 0; i < ARRAY_LEN(dirs); i++)
		if (dirs[i] && access(dirs[i], X_OK) == 0)
			strv_add(&found, dirs[i]);
	return found;
}

/* The nearest to the user alone. */
static int read_main(struct conf_files *files, char *const *dirs, struct err *err)
{
	int r = 0;

	for (size_t i = strv_len(dirs); !r && i-- > 0;) {
		auto_free char *path = mem_printf("%s/storage.conf", dirs[i]);

		r = conf_files_read(files, path, err);
	}
	return r;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(strrchr(*(char *const *)a, '/'), strrchr(*(char *const *)b, '/'));
}

/* paths: of one name the last added counts. */
static void add_drop_ins(const char *dir, bool rootless, char ***paths)
{
	const char *const kinds[] = { "storage.conf.d", rootless ? "storage.rootless.conf.d" : "storage.rootful.conf.d" };

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		auto_free char *path = mem_printf("%s/%s", dir, kinds[i]);
		auto_strv names = NULL;

		conf_files_names(path, &names);
		for (char **name = names; name && *name; name++) {
			size_t at = 0;

			while (*paths && (*paths)[at] && strcmp(strrchr((*paths)[at], '/') + 1, *name) != 0)
				at++;
			if (*paths && (*paths)[at]) {
				free((*paths)[at]);
				(*paths)[at] = mem_printf("%s/%s", path, *name);
			} else {
				strv_addf(paths, "%s/%s", path, *name);
			}
		}
	}
}

static int read_usual(struct conf_files *files, bool rootless, struct err *err)
{
	auto_strv dirs = dirs_dup(rootless);
	auto_strv paths = NULL;

	if (read_main(files, dirs, err) < 0)
		return -1;
	for (char **dir = dirs; dir && *dir; dir++)
		add_drop_ins(*dir, rootless, &paths);
	if (paths)
		qsort(paths, strv_len(paths), sizeof(*paths), by_name);
	for (char **path = paths; path && *path; path++)
		if (conf_files_read(files, *path, err) < 0)
			return -1;
	return 0;
}

int conf_storage_read(bool rootless, struct conf_storage *ret, struct err *err)
{
	auto_val(conf_files) files = { .what = "storage configuration" };
	auto_val(conf_storage) conf = { 0 };
	struct merge m = { .conf = &conf };
	const char *instead = getenv("CONTAINERS_STORAGE_CONF"), *last = getenv("CONTAINERS_STORAGE_CONF_OVERRIDE");
	const char *opts = getenv("STORAGE_OPTS");

	if (opts && *opts) {
		auto_strv words = strv_split(opts, ',');

		return conf_storage_words(words, "STORAGE_OPTS", ret, err);
	}
	if ((instead && *instead ? read_named(&files, instead, "CONTAINERS_STORAGE_CONF", err) : read_usual(&files, rootless, err)) < 0)
		return -1;
	if (last && *last && read_named(&files, last, "CONTAINERS_STORAGE_CONF_OVERRIDE", err) < 0)
		return -1;
	for (size_t i = 0; i < files.count; i++)
		if (take_file(&m, &files.files[i], err) < 0)
			return -1;
	*ret = conf;
	conf = (struct conf_storage){ 0 };
	return 0;
}
