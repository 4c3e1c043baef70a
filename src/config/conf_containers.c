/* conf_containers.c - see conf_containers.h */
#include "config/conf_containers.h"

#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"
#include "codec/json.h"
#include "codec/json_out.h"
#include "config/conf_file.h"

#define SHARE "/usr/share/containers/containers.conf"
#define SYSTEM "/etc/containers/containers.conf"
#define ROOTLESS "/etc/containers/containers.rootless"

void conf_containers_done(struct conf_containers *conf)
{
	for (size_t i = 0; i < conf->count; i++) {
		strv_free(conf->values[i].words);
		free(conf->values[i].file);
	}
	free(conf->values);
	strv_free(conf->files);
	*conf = (struct conf_containers){ 0 };
}

const struct conf_value *conf_containers_find(const struct conf_containers *conf, const char *name)
{
	for (size_t i = 0; conf && i < conf->count; i++)
		if (strcmp(conf->values[i].key->name, name) == 0)
			return &conf->values[i];
	return NULL;
}

const char *conf_containers_word(const struct conf_containers *conf, const char *name, const char *fallback)
{
	const struct conf_value *value = conf_containers_find(conf, name);

	return value && value->words ? value->words[0] : fallback;
}

/* ---- one value ---- */

static bool is_of(enum conf_type type, const struct json *v)
{
	switch (type) {
	case CONF_STRING:
		return json_kind(v) == JSON_STRING;
	case CONF_BOOL:
		return json_kind(v) == JSON_BOOL;
	case CONF_INT:
		return json_is_integer(v);
	case CONF_UINT:
		return json_is_integer(v) && json_i64(v, -1) >= 0;
	case CONF_SIZE:
		return json_kind(v) == JSON_STRING || json_is_integer(v);
	case CONF_LIST:
		return json_kind(v) == JSON_ARRAY;
	case CONF_TABLE:
		return json_kind(v) == JSON_OBJECT;
	case CONF_OTHER:
		return true;
	}
	return false;
}

static const char *type_name(enum conf_type type)
{
	static const char *const names[] = {
		[CONF_STRING] = "a string", [CONF_BOOL] = "true or false", [CONF_INT] = "an integer", [CONF_UINT] = "a number from 0 up",
		[CONF_SIZE] = "a size", [CONF_LIST] = "an array of strings", [CONF_TABLE] = "a table", [CONF_OTHER] = "a value",
	};

	return names[type];
}

static char *scalar_text_dup(const struct json *v)
{
	auto_str text = { 0 };

	if (json_kind(v) == JSON_STRING)
		return mem_strdup(json_str(v, ""));
	if (json_kind(v) == JSON_BOOL)
		return mem_strdup(json_bool(v, false) ? "true" : "false");
	if (json_kind(v) == JSON_NUMBER)
		json_number_text(v, &text);
	else
		json_write(&text, v, NULL);
	return str_take(&text);
}

/* {append=true} among the members is no member. ret_append: what it says, unchanged without it. */
static int list_words(const struct json *list, char ***words, bool *ret_append)
{
	for (size_t i = 0; i < json_len(list); i++) {
		const struct json *item = json_at(list, i);

		if (json_kind(item) == JSON_OBJECT && json_kind(json_get(item, "append")) == JSON_BOOL && json_len(item) == 1)
			*ret_append = json_get_bool(item, "append", false);
		else if (json_kind(item) == JSON_STRING)
			strv_add(words, json_str(item, ""));
		else
			return -1;
	}
	return 0;
}

static char *member_text_dup(const struct json *v)
{
	auto_strv words = NULL;
	bool ignored;

	if (json_kind(v) != JSON_ARRAY || list_words(v, &words, &ignored) < 0)
		return scalar_text_dup(v);
	return words ? strv_join(words, ",") : mem_strdup("");
}

/* ---- files, one after the other ---- */

struct merge {
	struct conf_containers *conf;
	bool *append; /* a key's arrays are added to, by its place in the table of keys */
	const struct conf_file *file;
	bool quiet;
};

static unsigned line_of(const struct conf_file *file, const char *name)
{
	size_t len = strlen(name);

	for (struct json_iter it = json_iter(file->lines); json_next(&it);)
		if (strncmp(it.name, name, len) == 0 && (!it.name[len] || it.name[len] == '.'))
			return (unsigned)json_u64(it.value, 0);
	return 0;
}

static struct conf_value *place(struct conf_containers *conf, const struct conf_key *key)
{
	size_t at = 0;

	while (at < conf->count && strcmp(conf->values[at].key->name, key->name) < 0)
		at++;
	if (at < conf->count && conf->values[at].key == key)
		return &conf->values[at];
	conf->values = mem_resize(conf->values, conf->count + 1, sizeof(*conf->values));
	memmove(&conf->values[at + 1], &conf->values[at], (conf->count++ - at) * sizeof(*conf->values));
	conf->values[at] = (struct conf_value){ .key = key };
	return &conf->values[at];
}

static int take_words(struct merge *m, const struct conf_key *key, const struct json *v, struct conf_value *value)
{
	bool *append = &m->append[key - conf_containers_keys];
	auto_strv words = NULL;

	if (key->type == CONF_TABLE) {
		for (struct json_iter it = json_iter(v); json_next(&it);) {
			auto_free char *text = member_text_dup(it.value);

			strv_env_set(&value->words, it.name, text);
		}
		return 0;
	}
	if (key->type != CONF_LIST)
		strv_add_take(&words, scalar_text_dup(v));
	else if (list_words(v, &words, append) < 0)
		return -1;
	if (key->type == CONF_LIST && *append) {
		strv_extend(&value->words, words);
		return 0;
	}
	strv_free(value->words);
	value->words = take_ptr(words);
	return 0;
}

static int take_value(struct merge *m, const struct conf_key *key, const struct json *v, struct err *err)
{
	unsigned line = line_of(m->file, key->name);
	struct conf_value *value = place(m->conf, key);

	free(value->file);
	value->file = mem_strdup(m->file->path);
	value->line = line;
	if (!is_of(key->type, v) || take_words(m, key, v, value) < 0)
		return err_set(err, ERR_INVALID, "%s:%u: %s has %s where %s is expected", m->file->path, line, key->name,
			       json_kind(v) == JSON_ARRAY ? "members" : json_kind_name(json_kind(v)), type_name(key->type));
	if (!m->quiet && key->use == CONF_NOT_YET && value->words && (!key->where || access(key->where, F_OK) == 0) && !(key->def && strcmp(key->def, value->words[0]) == 0))
		log_warn("%s:%u: %s is not done yet: %s", m->file->path, line, key->name, key->why);
	return 0;
}

static int take_table(struct merge *m, const char *table, const struct json *members, struct err *err)
{
	for (struct json_iter it = json_iter(members); json_next(&it);) {
		auto_free char *name = mem_printf("%s.%s", table, it.name);
		const struct conf_key *key = conf_containers_key(name);

		if (!key && m->quiet)
			continue;
		if (!key)
			log_warn("%s:%u: there is no key %s: it is ignored", m->file->path, line_of(m->file, name), name);
		else if (take_value(m, key, it.value, err) < 0)
			return -1;
	}
	return 0;
}

static int take_file(struct merge *m, struct err *err)
{
	strv_add(&m->conf->files, m->file->path);
	for (struct json_iter it = json_iter(m->file->doc); json_next(&it);) {
		if (json_kind(it.value) != JSON_OBJECT && m->quiet)
			continue;
		if (json_kind(it.value) != JSON_OBJECT)
			log_warn("%s:%u: there is no key %s: it is ignored", m->file->path, line_of(m->file, it.name), it.name);
		else if (take_table(m, it.name, it.value, err) < 0)
			return -1;
	}
	return 0;
}

static size_t key_count(void)
{
	size_t n = 0;

	while (conf_containers_keys[n].name)
		n++;
	return n;
}

static int merge(const struct conf_files *files, bool quiet, struct conf_containers *ret, struct err *err)
{
	auto_free bool *append = mem_array(key_count(), sizeof(*append));
	struct merge m = { .conf = ret, .append = append, .quiet = quiet };

	for (size_t i = 0; i < files->count; i++) {
		m.file = &files->files[i];
		if (take_file(&m, err) < 0)
			return -1;
	}
	return 0;
}

/* ---- where they lie ---- */

/* One that was asked for by name has to be there. */
static int read_named(struct conf_files *files, const char *path, const char *who, struct err *err)
{
	int r = conf_files_read(files, path, err);

	return r == 0 ? err_set(err, ERR_NOT_FOUND, "%s names the configuration file '%s', which cannot be read", who, path) : r;
}

static int read_rootless(struct conf_files *files, uid_t uid, struct err *err)
{
	auto_free char *own = mem_printf(ROOTLESS ".d/%u", (unsigned)uid);

	if (uid == 0)
		return 0;
	if (conf_files_read(files, ROOTLESS ".conf", err) < 0 || conf_files_read_dir(files, ROOTLESS ".d", err) < 0)
		return -1;
	return conf_files_read_dir(files, own, err);
}

static int read_usual(struct conf_files *files, uid_t uid, struct err *err)
{
	auto_free char *user = conf_user_path_dup("XDG_CONFIG_HOME", ".config", "containers.conf");
	auto_free char *user_d = user ? mem_printf("%s.d", user) : NULL;
	bool has_system = access("/etc/containers", X_OK) == 0;

	if (conf_files_read(files, SHARE, err) < 0)
		return -1;
	if (has_system && (conf_files_read(files, SYSTEM, err) < 0 || conf_files_read_dir(files, SYSTEM ".d", err) < 0 ||
			   read_rootless(files, uid, err) < 0))
		return -1;
	if (user && (conf_files_read(files, user, err) < 0 || conf_files_read_dir(files, user_d, err) < 0))
		return -1;
	return 0;
}

static int read_module(struct conf_files *files, const char *module, struct err *err)
{
	auto_free char *user = conf_user_path_dup("XDG_CONFIG_HOME", ".config", "containers.conf.modules");
	const char *const dirs[] = { user, SYSTEM ".modules", SHARE ".modules" };

	if (*module == '/')
		return read_named(files, module, "--module", err);
	for (size_t i = 0; i < ARRAY_LEN(dirs); i++) {
		auto_free char *path = dirs[i] ? mem_printf("%s/%s", dirs[i], module) : NULL;
		int r = path ? conf_files_read(files, path, err) : 0;

		if (r)
			return r;
	}
	return err_set(err, ERR_NOT_FOUND, "there is no module '%s' of containers.conf in %s%s" SYSTEM ".modules or " SHARE ".modules", module,
		       user ? user : "", user ? ", " : "");
}

int conf_containers_read(const struct conf_containers_opts *opts, struct conf_containers *ret, struct err *err)
{
	auto_val(conf_files) files = { .what = "configuration" };
	const char *instead = getenv("CONTAINERS_CONF"), *last = getenv("CONTAINERS_CONF_OVERRIDE");

	if ((instead && *instead ? read_named(&files, instead, "CONTAINERS_CONF", err) : read_usual(&files, opts->uid, err)) < 0)
		return -1;
	for (char *const *module = opts->modules; module && *module; module++)
		if (read_module(&files, *module, err) < 0)
			return -1;
	if (last && *last && read_named(&files, last, "CONTAINERS_CONF_OVERRIDE", err) < 0)
		return -1;
	return merge(&files, opts->quiet, ret, err);
}
