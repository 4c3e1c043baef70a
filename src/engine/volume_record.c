#include "engine/volume_record.h"

#include "base/num.h"
#include "base/str.h"
#include "codec/json.h"
#include "storage/store.h"

#include <errno.h>
#include <unistd.h>

void volume_free(struct volume *volume)
{
	if (!volume)
		return;
	free(volume->name);
	free(volume->owner);
	strv_free(volume->labels);
	strv_free(volume->options);
	free(volume);
}

void volume_list_free(struct volume **list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		volume_free(list[i]);
	free(list);
}

/* --- the record --- */

static void set_words(struct json *o, const char *name, char *const *words)
{
	struct json *map = json_object_new();
	for (; words && *words; words++) {
		auto_free char *key = mem_strdup(*words);
		char *value = strchr(key, '=');
		*value++ = 0;
		json_set_str(map, key, value);
	}
	json_set(o, name, map);
}

static char **get_words(const struct json *o, const char *name)
{
	char **words = NULL;
	for (struct json_iter it = json_iter(json_get(o, name)); json_next(&it);)
		strv_addf(&words, "%s=%s", it.name, json_str(it.value, ""));
	return words;
}

struct json *volume_record_new(const struct volume *volume)
{
	struct json *o = json_object_new();
	json_set_str(o, "name", volume->name);
	json_set_str(o, "driver", "local");
	json_set_i64(o, "created_ns", volume->created_ns);
	json_set_bool(o, "anonymous", volume->anonymous);
	if (volume->owner)
		json_set_str(o, "owner", volume->owner);
	if (volume->labels)
		set_words(o, "labels", volume->labels);
	if (volume->options)
		set_words(o, "options", volume->options);
	if (volume->uid || volume->gid) {
		json_set_u64(o, "uid", volume->uid);
		json_set_u64(o, "gid", volume->gid);
	}
	if (volume->owned)
		json_set_bool(o, "owned", true);
	return o;
}

int volume_record_from(const struct json *record, struct volume **ret, struct err *err)
{
	const char *name = json_get_str(record, "name", NULL), *owner = json_get_str(record, "owner", NULL);
	uint64_t uid = json_get_u64(record, "uid", 0), gid = json_get_u64(record, "gid", 0);
	if (!name || !*name || uid > UINT32_MAX || gid > UINT32_MAX)
		return err_set(err, ERR_CORRUPT, "the record of a volume has no name, or an owner that cannot be");
	struct volume *volume = mem_alloc(sizeof(*volume));
	volume->name = mem_strdup(name);
	volume->owner = owner ? mem_strdup(owner) : NULL;
	volume->created_ns = json_get_i64(record, "created_ns", 0);
	volume->anonymous = json_get_bool(record, "anonymous", false);
	volume->labels = get_words(record, "labels");
	volume->options = get_words(record, "options");
	volume->uid = (uint32_t)uid;
	volume->gid = (uint32_t)gid;
	volume->owned = json_get_bool(record, "owned", false);
	*ret = volume;
	return 0;
}

int volume_record_read(struct engine *engine, const char *name, struct volume **ret, struct err *err)
{
	auto_close int dir_fd = -EBADF;
	auto_ptr(json) record = NULL;
	if (store_object_open(engine->store, STORE_VOLUME, name, &dir_fd, err) < 0 ||
	    store_record_read(dir_fd, "volume.json", &record, err) < 0)
		return -1;
	return volume_record_from(record, ret, err) < 0 ? err_wrap(err, "volume '%s'", name) : 0;
}

/* --- options of the local driver --- */

static int take_id(struct volume *v, const char *key, const char *text, uint32_t *ret, struct err *err)
{
	uint64_t id;
	if (num_u64(text, UINT32_MAX - 1, &id) < 0)
		return err_set(err, ERR_USAGE, "cannot convert %s %s to integer: a number is expected", key, text);
	*ret = (uint32_t)id;
	v->owned = true;
	if (id) /* COMPAT: both forms are shown */
		strv_env_set(&v->options, key, text);
	return 0;
}

/* One word of o=…: what concerns _data is taken out of it here, the rest is the mount's. */
static int take_word(struct volume *v, const char *word, bool tmpfs, struct str *kept, struct err *err)
{
	const char *uid = str_after(word, "uid="), *gid = str_after(word, "gid="), *size = str_after(word, "size=");
	if (strcmp(word, "noquota") == 0) {
		strv_env_set(&v->options, "NOQUOTA", "true");
		return 0;
	}
	if ((uid && take_id(v, "UID", uid, &v->uid, err) < 0) || (gid && take_id(v, "GID", gid, &v->gid, err) < 0))
		return -1;
	if ((size || str_starts(word, "inodes=")) && !tmpfs)
		return err_set(err, ERR_UNSUPPORTED, "volume options size and inodes need project quotas, which are not done: use type=tmpfs");
	if (size)
		strv_env_set(&v->options, "SIZE", size);
	str_addf(kept, "%s%s", kept->len ? "," : "", word);
	return 0;
}

static int take_mount_words(struct volume *v, struct err *err)
{
	const char *type = volume_record_option(v, "type"), *o = volume_record_option(v, "o");
	auto_strv words = o ? strv_split(o, ',') : NULL;
	auto_str kept = { 0 };
	if (!o)
		return 0;
	for (char **word = words; word && *word; word++)
		if (take_word(v, *word, type && strcmp(type, "tmpfs") == 0, &kept, err) < 0)
			return -1;
	if (kept.len)
		strv_env_set(&v->options, "o", str_text(&kept));
	else
		strv_env_unset(v->options, "o");
	return 0;
}

/* Keys and what becomes of them; those with a sentence are refused. */
static const struct key_row {
	const char *key, *refusal;
} keys[] = {
	{ "type", NULL },
	{ "device", NULL },
	{ "o", NULL },
	{ "copy", NULL },
	{ "noquota", NULL },
	{ "nocopy", "is not done: use -v NAME:/path:nocopy where the volume is used" },
	{ "uid", "is not done: use o=uid=… or --uid" },
	{ "gid", "is not done: use o=gid=… or --gid" },
	{ "size", "is not done: use type=tmpfs with o=size=…" },
	{ "inodes", "is not done: use type=tmpfs with o=nr_inodes=…" },
};

static int check_key(const char *word, struct err *err)
{
	size_t len = strcspn(word, "=");
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		if (strlen(keys[i].key) != len || strncmp(keys[i].key, word, len) != 0)
			continue;
		return keys[i].refusal ? err_set(err, ERR_UNSUPPORTED, "volume option %s %s", keys[i].key, keys[i].refusal) : 0;
	}
	return err_set(err, ERR_USAGE, "invalid mount option %.*s for driver 'local': invalid argument", (int)len, word);
}

/* Everything a container could not start with later is said now. */
static int check_kind(const struct volume *v, struct err *err)
{
	const char *type = volume_record_option(v, "type"), *device = volume_record_option(v, "device"), *o = volume_record_option(v, "o");
	bool bind_type = type && (strcmp(type, "none") == 0 || strcmp(type, "bind") == 0);
	if (type && *type && !bind_type && strcmp(type, "tmpfs") != 0)
		return err_set(err, ERR_UNSUPPORTED, "volumes of type '%s' are not done: mount it on the host, and use type=none,o=bind,device=PATH", type);
	if (volume_record_kind(v) == VOLUME_PLAIN && (bind_type || device))
		return err_set(err, ERR_UNSUPPORTED, "volume option device needs type=tmpfs, or type=none with o=bind");
	auto_strv words = o ? strv_split(o, ',') : NULL;
	for (char **w = words; w && *w && volume_record_kind(v) == VOLUME_PLAIN; w++)
		if (!str_starts(*w, "uid=") && !str_starts(*w, "gid="))
			return err_set(err, ERR_UNSUPPORTED, "volume option o=%s needs type=tmpfs, or type=none with o=bind and a device", *w);
	if (volume_record_kind(v) == VOLUME_BIND && (!device || *device != '/'))
		return err_set(err, ERR_USAGE, "volume option device must be an absolute path with o=bind");
	if (type && strcmp(type, "bind") == 0 && access(device, F_OK) < 0)
		return err_sys(err, errno, "invalid volume option device for driver 'local': %s", device);
	return 0;
}

int volume_record_options(struct volume *v, char *const *words, struct err *err)
{
	for (; words && *words; words++) {
		const char *eq = strchr(*words, '=');
		auto_free char *key = mem_strndup(*words, strcspn(*words, "="));
		if (check_key(*words, err) < 0)
			return -1;
		strv_env_set(&v->options, key, eq ? eq + 1 : "");
	}
	return take_mount_words(v, err) < 0 ? -1 : check_kind(v, err);
}

const char *volume_record_option(const struct volume *volume, const char *key)
{
	return strv_env_get(volume->options, key);
}

enum volume_kind volume_record_kind(const struct volume *volume)
{
	const char *type = volume_record_option(volume, "type"), *o = volume_record_option(volume, "o");
	if (str_eq(type, "tmpfs"))
		return VOLUME_TMPFS;
	auto_strv words = o ? strv_split(o, ',') : NULL;
	bool bound = str_eq(type, "bind") || strv_has(words, "bind") || strv_has(words, "rbind");
	return bound && (!type || strcmp(type, "bind") == 0 || strcmp(type, "none") == 0) ? VOLUME_BIND : VOLUME_PLAIN;
}
