#include "engine/volume.h"

#include "base/log.h"
#include "base/ntime.h"
#include "codec/json.h"
#include "engine/ctr.h"
#include "engine/inspect_beside.h"
#include "engine/names.h"
#include "storage/store.h"

#include <regex.h>
#include <unistd.h>

bool volume_exists(struct engine *engine, const char *name)
{
	auto_close int dir_fd = -EBADF;
	struct err ignored = { 0 };
	return store_object_open(engine->store, STORE_VOLUME, name, &dir_fd, &ignored) >= 0;
}

int volume_find(struct engine *engine, const char *word, char **ret_name, struct err *err)
{
	auto_strv names = NULL;
	const char *found = NULL;
	if (store_list(engine->store, STORE_VOLUME, &names, err) < 0)
		return -1;
	if (strv_has(names, word)) {
		*ret_name = mem_strdup(word);
		return 0;
	}
	for (char **name = names; name && *name; name++) {
		if (!str_starts(*name, word))
			continue;
		if (found)
			return err_set(err, ERR_USAGE, "more than one result for volume name %s: volume already exists", word);
		found = *name;
	}
	if (!found || !*word) {
		auto_free char *near = names_near_dup(engine, NAMES_VOLUME, word);
		return err_set(err, ERR_NOT_FOUND, "no volume with name \"%s\" found: no such volume%s%s%s", word,
			       near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
	}
	*ret_name = mem_strdup(found);
	return 0;
}

int volume_users(struct engine *engine, const char *name, char ***ret_ids, struct err *err)
{
	struct ctr **ctrs;
	size_t count;
	if (ctr_list(engine, &ctrs, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		bool uses = false;
		for (size_t m = 0; m < ctrs[i]->def.mount_count; m++)
			uses |= str_eq(ctrs[i]->def.mounts[m].type, "volume") && str_eq(ctrs[i]->def.mounts[m].source, name);
		if (uses)
			strv_add(ret_ids, ctrs[i]->id);
	}
	ctr_list_free(ctrs, count);
	return 0;
}

/* --- filters: one function a key; COMPAT: `podman volume ls --filter` --- */

struct filter_ctx {
	struct engine *engine;
	const struct volume *volume;
};

static int by_name(const struct filter_ctx *c, const char *value, bool *ret, struct err *err)
{
	regex_t re;
	if (regcomp(&re, value, REG_EXTENDED | REG_NOSUB) != 0)
		return err_set(err, ERR_USAGE, "the name filter \"%s\" is no regular expression", value);
	*ret = regexec(&re, c->volume->name, 0, NULL, 0) == 0;
	regfree(&re);
	return 0;
}

static int by_local(const struct filter_ctx *c, const char *value, bool *ret, struct err *err)
{
	(void)c, (void)err;
	*ret = strcmp(value, "local") == 0;
	return 0;
}

static bool has_pair(char *const *pairs, const char *value)
{
	if (strchr(value, '='))
		return strv_has(pairs, value);
	return strv_env_get(pairs, value) != NULL;
}

static int by_label(const struct filter_ctx *c, const char *value, bool *ret, struct err *err)
{
	(void)err;
	*ret = has_pair(c->volume->labels, value);
	return 0;
}

static int by_not_label(const struct filter_ctx *c, const char *value, bool *ret, struct err *err)
{
	(void)err;
	*ret = !has_pair(c->volume->labels, value);
	return 0;
}

static int by_option(const struct filter_ctx *c, const char *value, bool *ret, struct err *err)
{
	(void)err;
	*ret = has_pair(c->volume->options, value);
	return 0;
}

static int by_dangling(const struct filter_ctx *c, const char *value, bool *ret, struct err *err)
{
	bool wanted = strcmp(value, "true") == 0 || strcmp(value, "1") == 0;
	if (!wanted && strcmp(value, "false") != 0 && strcmp(value, "0") != 0)
		return err_set(err, ERR_USAGE, "\"%s\" is not a valid value for the \"dangling\" filter - must be true or false", value);
	auto_strv users = NULL;
	if (volume_users(c->engine, c->volume->name, &users, err) < 0)
		return -1;
	*ret = wanted == !users;
	return 0;
}

static int by_until(const struct filter_ctx *c, const char *value, bool *ret, struct err *err)
{
	int64_t at;
	if (ntime_parse_loose(value, ntime_now(), &at) < 0)
		return err_set(err, ERR_USAGE, "failed to parse value as time or duration: \"%s\"", value);
	*ret = c->volume->created_ns < at;
	return 0;
}

static int by_since(const struct filter_ctx *c, const char *value, bool *ret, struct err *err)
{
	auto_free char *name = NULL;
	auto_ptr(volume) other = NULL;
	if (volume_find(c->engine, value, &name, err) < 0 || volume_record_read(c->engine, name, &other, err) < 0)
		return -1;
	*ret = c->volume->created_ns > other->created_ns;
	return 0;
}

static const struct filter_row {
	const char *key;
	int (*match)(const struct filter_ctx *c, const char *value, bool *ret, struct err *err);
} rows[] = {
	{ "name", by_name },	 { "driver", by_local },     { "scope", by_local }, { "label", by_label },  { "label!", by_not_label },
	{ "opt", by_option },	 { "dangling", by_dangling }, { "until", by_until }, { "since", by_since }, { "after", by_since },
};

static int check_key(const char *filter, struct err *err)
{
	const char *eq = strchr(filter, '=');
	size_t key = eq ? (size_t)(eq - filter) : 0;
	for (size_t i = 0; eq && i < ARRAY_LEN(rows); i++)
		if (strlen(rows[i].key) == key && strncmp(rows[i].key, filter, key) == 0)
			return 0;
	if (!eq)
		return err_set(err, ERR_USAGE, "filter input must be in the form of filter=value: %s is invalid", filter);
	return err_set(err, ERR_USAGE, "\"%.*s\" is an invalid volume filter", (int)key, filter);
}

/* COMPAT: labels must all be there; of another key one value is enough. */
static int match_key(const struct filter_ctx *c, const struct filter_row *row, char *const *filters, bool *ret_asked, bool *ret, struct err *err)
{
	bool all = strcmp(row->key, "label") == 0;
	size_t len = strlen(row->key);
	*ret_asked = false;
	*ret = all;
	for (; *filters; filters++) {
		bool one;
		if (strncmp(*filters, row->key, len) != 0 || (*filters)[len] != '=')
			continue;
		if (row->match(c, *filters + len + 1, &one, err) < 0)
			return -1;
		*ret_asked = true;
		*ret = all ? *ret && one : *ret || one;
	}
	return 0;
}

/* COMPAT: keys are alternatives where volumes are listed. Where they are removed, each is a condition: what was to be kept stays. */
static int match_all(const struct filter_ctx *c, char *const *filters, bool any, bool *ret, struct err *err)
{
	bool some = false;
	*ret = true;
	for (size_t i = 0; filters && i < ARRAY_LEN(rows); i++) {
		bool asked, one;
		if (match_key(c, &rows[i], filters, &asked, &one, err) < 0)
			return -1;
		if (asked)
			*ret = !some ? one : any ? *ret || one : *ret && one;
		some |= asked;
	}
	return 0;
}

/* By asking it of a volume that has nothing: a filter that is none is told where there are no volumes, too. */
static int check_filters(struct engine *engine, char *const *filters, struct err *err)
{
	static char nothing[] = "";
	const struct volume probe = { .name = nothing };
	bool ignored;
	for (char *const *filter = filters; filter && *filter; filter++)
		if (check_key(*filter, err) < 0)
			return -1;
	return match_all(&(struct filter_ctx){ engine, &probe }, filters, false, &ignored, err);
}

static int older_first(const void *a, const void *b)
{
	const struct volume *x = *(struct volume *const *)a, *y = *(struct volume *const *)b;
	return x->created_ns < y->created_ns ? -1 : x->created_ns > y->created_ns ? 1 : strcmp(x->name, y->name);
}

int volume_list(struct engine *engine, char *const *filters, bool any, struct volume ***ret, size_t *ret_count, struct err *err)
{
	auto_strv names = NULL;
	if (check_filters(engine, filters, err) < 0 || store_list(engine->store, STORE_VOLUME, &names, err) < 0)
		return -1;
	struct volume **list = mem_array(strv_len(names) + 1, sizeof(*list));
	size_t count = 0;
	for (char **name = names; name && *name; name++) {
		struct volume *volume = NULL;
		struct err damaged = { 0 };
		bool yes = false;
		if (volume_record_read(engine, *name, &volume, &damaged) < 0) {
			if (!err_is(&damaged, ERR_NOT_FOUND))
				log_warn("%s", damaged.text);
			continue;
		}
		int rc = match_all(&(struct filter_ctx){ engine, volume }, filters, any, &yes, err);
		if (yes)
			list[count++] = volume;
		else
			volume_free(volume);
		if (rc < 0) {
			volume_list_free(list, count);
			return -1;
		}
	}
	qsort(list, count, sizeof(*list), older_first);
	*ret = list;
	*ret_count = count;
	return 0;
}

/* --- what is shown --- */

static struct json *map_new(char *const *pairs)
{
	auto_strv sorted = strv_dup(pairs);
	struct json *o = json_object_new();
	strv_sort(sorted);
	for (char **pair = sorted; pair && *pair; pair++) {
		auto_free char *key = mem_strndup(*pair, strcspn(*pair, "="));
		json_set_str(o, key, *pair + strlen(key) + 1);
	}
	return o;
}

/* A plain one is never mounted; of the others each container that runs has one mount. */
static uint64_t count_mounts(struct engine *engine, const struct volume *volume)
{
	auto_strv users = NULL;
	struct err ignored = { 0 };
	uint64_t mounts = 0;
	if (volume_record_kind(volume) == VOLUME_PLAIN || volume_users(engine, volume->name, &users, &ignored) < 0)
		return 0;
	for (char **id = users; id && *id; id++) {
		auto_ptr(ctr) ctr = NULL;
		if (ctr_open(engine, *id, &ctr, &ignored) >= 0)
			mounts += ctr->status.process.pid != 0;
		else
			err_clear(&ignored);
	}
	return mounts;
}

struct json *volume_view_new(struct engine *engine, const struct volume *v)
{
	static const struct beside_row beside[] = {
		{ NULL, "Anonymous", BESIDE_FALSE },  { NULL, "GID", BESIDE_ZERO },	    { NULL, "NeedsChown", BESIDE_FALSE },
		{ NULL, "NeedsCopyUp", BESIDE_FALSE }, { NULL, "StorageID", BESIDE_TEXT }, { NULL, "Timeout", BESIDE_ZERO },
		{ NULL, "UID", BESIDE_ZERO },
	};
	struct json *o = json_object_new();
	bool empty = volume_is_empty(engine, v->name);
	auto_free char *path = mem_printf("%s/volumes/%s/_data", store_graphroot(engine->store), v->name);
	json_set_str(o, "Name", v->name);
	json_set_str(o, "Driver", "local");
	json_set_str(o, "Mountpoint", path);
	json_set(o, "CreatedAt", json_time_new(ntime_rfc3339_local(v->created_ns).text));
	json_set(o, "Labels", map_new(v->labels));
	json_set_str(o, "Scope", "local");
	json_set(o, "Options", map_new(v->options));
	if (v->uid)
		json_set_u64(o, "UID", v->uid);
	if (v->gid)
		json_set_u64(o, "GID", v->gid);
	if (v->anonymous)
		json_set_bool(o, "Anonymous", true);
	json_set_u64(o, "MountCount", count_mounts(engine, v));
	if (empty)
		json_set_bool(o, "NeedsCopyUp", true);
	if (empty && !v->owned)
		json_set_bool(o, "NeedsChown", true);
	json_set_u64(o, "LockNumber", 0); /* COMPAT: there are no locks by number */
	json_set_beside(o, "Status", json_object_new());
	inspect_beside(o, beside, ARRAY_LEN(beside));
	return o;
}
