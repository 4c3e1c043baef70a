#include "engine/ctr_specgen_priv.h"

#include "base/str.h"
#include "codec/json.h"

static void add(struct json **list, struct json *one)
{
	*list = *list ? *list : json_array_new();
	json_add(*list, one);
}

/* --- mounts --- */

static bool has_propagation(char *const *options)
{
	static const char *const words[] = { "private", "rprivate", "slave", "rslave", "shared", "rshared" };
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strv_has(options, words[i]))
			return true;
	return false;
}

/* What was said, and what each mount of its kind has besides. */
static struct json *options_new(const struct ctr_mount *m, const char *more)
{
	auto_strv words = NULL;
	auto_strv rest = strv_split(more, ',');
	for (char **word = m->options; word && *word; word++)
		if (!str_starts(*word, "subpath=") && strcmp(*word, "rbind") != 0 && strcmp(*word, "rw") != 0)
			strv_add(&words, *word);
	if (!has_propagation(m->options))
		strv_add(&words, "rprivate");
	strv_extend(&words, rest);
	return json_strv_new(words);
}

static bool is_overlay(const struct ctr_mount *m)
{
	return str_eq(m->type, "bind") && strv_has(m->options, "O");
}

struct json *ctr_specgen_mounts_new(const struct ctr_def *def)
{
	static const struct { const char *type, *options; } kinds[] = {
		{ "bind", "rbind" }, { "tmpfs", "nosuid,nodev,tmpcopyup" }, { "devpts", NULL }, { "ramfs", NULL },
	};
	struct json *list = NULL;
	for (size_t i = 0; i < def->mount_count * ARRAY_LEN(kinds); i++) {
		const struct ctr_mount *m = &def->mounts[i / ARRAY_LEN(kinds)];
		const char *type = kinds[i % ARRAY_LEN(kinds)].type, *options = kinds[i % ARRAY_LEN(kinds)].options;
		if (!str_eq(m->type, type) || is_overlay(m))
			continue;
		struct json *one = json_object_new();
		json_set_str(one, "destination", m->target);
		json_set_str(one, "type", type);
		json_set_str(one, "source", str_eq(type, "bind") ? m->source : type);
		if (options)
			json_set(one, "options", options_new(m, options));
		add(&list, one);
	}
	return list;
}

struct json *ctr_specgen_overlays_new(const struct ctr_def *def)
{
	struct json *list = NULL;
	for (size_t i = 0; i < def->mount_count; i++) {
		const struct ctr_mount *m = &def->mounts[i];
		if (!is_overlay(m))
			continue;
		struct json *one = json_object_new();
		json_set_str(one, "destination", m->target);
		json_set_str(one, "source", m->source);
		json_set(one, "options", json_strv_new(m->options));
		add(&list, one);
	}
	return list;
}

static const char *subpath_of(const struct ctr_mount *m)
{
	for (char **word = m->options; word && *word; word++)
		if (str_starts(*word, "subpath="))
			return str_after(*word, "subpath=");
	return "";
}

/* COMPAT: anonymous or not, they are shared with what is made */
struct json *ctr_specgen_volumes_new(const struct ctr_def *def)
{
	struct json *list = NULL;
	for (size_t i = 0; i < def->mount_count; i++) {
		const struct ctr_mount *m = &def->mounts[i];
		if (!str_eq(m->type, "volume"))
			continue;
		struct json *one = json_object_new();
		json_set_str(one, "Name", m->source);
		json_set_str(one, "Dest", m->target);
		json_set(one, "Options", options_new(m, "nosuid,nodev,rbind"));
		json_set_bool(one, "IsAnonymous", false);
		json_set_str(one, "SubPath", subpath_of(m));
		add(&list, one);
	}
	return list;
}

struct json *ctr_specgen_images_new(const struct ctr_def *def)
{
	struct json *list = NULL;
	for (size_t i = 0; i < def->mount_count; i++) {
		const struct ctr_mount *m = &def->mounts[i];
		if (!str_eq(m->type, "image"))
			continue;
		struct json *one = json_object_new();
		json_set_str(one, "Source", m->source);
		json_set_str(one, "Destination", m->target);
		json_set_bool(one, "ReadWrite", strv_has(m->options, "rw"));
		if (*subpath_of(m))
			json_set_str(one, "subPath", subpath_of(m));
		add(&list, one);
	}
	return list;
}

/* --- secrets --- */

struct json *ctr_specgen_secrets_new(const struct ctr_def *def)
{
	struct json *list = NULL;
	for (size_t i = 0; i < def->secret_count; i++) {
		const struct ctr_secret *s = &def->secrets[i];
		if (s->is_env)
			continue;
		struct json *one = json_object_new();
		json_set_str(one, "Source", s->name);
		json_set_str(one, "Target", s->target ? s->target : "");
		json_set_u64(one, "UID", s->uid);
		json_set_u64(one, "GID", s->gid);
		json_set_u64(one, "Mode", s->mode);
		add(&list, one);
	}
	return list;
}

struct json *ctr_specgen_secret_env_new(const struct ctr_def *def)
{
	struct json *o = NULL;
	for (size_t i = 0; i < def->secret_count; i++) {
		const struct ctr_secret *s = &def->secrets[i];
		if (!s->is_env)
			continue;
		o = o ? o : json_object_new();
		json_set_str(o, s->target && *s->target ? s->target : s->name, s->name);
	}
	return o;
}
