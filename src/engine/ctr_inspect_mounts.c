#include "engine/ctr_inspect_mounts.h"

#include "codec/json.h"
#include "engine/ctr_trees.h"

static bool is_propagation(const char *word)
{
	static const char *const words[] = { "private", "rprivate", "slave", "rslave", "shared", "rshared", NULL };
	return str_index(words, word) >= 0;
}

/* Its options as they are shown: without its part, which is a member of its own. */
static char **shown_options_dup(const struct ctr_mount *m)
{
	char **words = NULL;
	for (char **word = m->options; word && *word; word++)
		if (!str_starts(*word, "subpath="))
			strv_add(&words, *word);
	return words;
}

/* COMPAT: "ramfs" and "devpts" are shown as binds; an overlay over a directory, and an artifact, are not shown at all. */
static bool is_plain_fs(const struct ctr_mount *m)
{
	return str_eq(m->type, "ramfs") || str_eq(m->type, "devpts");
}

static bool is_hidden(const struct ctr_mount *m)
{
	return str_eq(m->type, "tmpfs") || str_eq(m->type, "artifact") || (str_eq(m->type, "bind") && strv_has(m->options, "O"));
}

struct mount_words {
	struct json *options;
	struct str mode;
	const char *propagation;
	bool writable;
};

static void read_words(const struct ctr_mount *m, struct mount_words *w)
{
	auto_strv words = shown_options_dup(m);
	for (char **word = words; word && *word; word++) {
		if (is_propagation(*word))
			w->propagation = *word;
		else if (str_eq(*word, "ro"))
			w->writable = false;
		else if (str_eq(*word, "z") || str_eq(*word, "Z") || str_eq(*word, "U"))
			str_addf(&w->mode, "%s%s", w->mode.len ? "," : "", *word);
		else if (!str_eq(*word, "rw"))
			json_add_str(w->options, *word);
	}
}

static struct json *mount_new(struct engine *engine, const struct ctr_mount *m)
{
	bool is_volume = str_eq(m->type, "volume"), is_image = str_eq(m->type, "image"), plain = is_plain_fs(m);
	struct mount_words w = { .options = json_array_new(), .propagation = plain || is_image ? "" : "rprivate", .writable = true };
	struct json *o = json_object_new();
	read_words(m, &w);
	if (is_volume) {
		json_add_str(w.options, "nosuid");
		json_add_str(w.options, "nodev");
	}
	if (!plain)
		json_add_str(w.options, "rbind");
	auto_free char *source =
		is_volume ? mem_printf("%s/volumes/%s/_data", store_graphroot(engine->store), m->source) : mem_strdup(m->source);
	json_set_str(o, "Type", plain ? "bind" : m->type);
	if (is_volume)
		json_set_str(o, "Name", m->source);
	json_set_str(o, "Source", source);
	json_set_str(o, "Destination", m->target);
	json_set_str(o, "Driver", is_volume ? "local" : "");
	json_set_str(o, "Mode", str_text(&w.mode));
	json_set(o, "Options", is_image ? NULL : w.options);
	json_set_bool(o, "RW", is_image ? strv_has(m->options, "rw") : w.writable);
	json_set_str(o, "Propagation", w.propagation);
	const char *part = ctr_trees_subpath(m);
	if (part && *part)
		json_set_str(o, "SubPath", part);
	if (is_image)
		json_free(w.options);
	str_done(&w.mode);
	return o;
}

struct json *ctr_inspect_mounts_new(struct engine *engine, const struct ctr_def *def)
{
	struct json *list = json_array_new();
	for (size_t i = 0; i < def->mount_count; i++)
		if (!is_hidden(&def->mounts[i]))
			json_add(list, mount_new(engine, &def->mounts[i]));
	return list;
}

static char *tmpfs_words_dup(const struct ctr_mount *m)
{
	auto_strv words = NULL;
	bool copies = true;
	for (char **word = m->options; word && *word; word++) {
		copies &= !str_eq(*word, "notmpcopyup");
		if (!str_ends(*word, "tmpcopyup"))
			strv_add(&words, *word);
	}
	strv_add(&words, "rprivate");
	strv_add(&words, "nosuid");
	strv_add(&words, "nodev");
	if (copies)
		strv_add(&words, "tmpcopyup");
	return strv_join(words, ",");
}

void ctr_inspect_mounts_set(struct json *o, const struct ctr_def *def)
{
	struct json *binds = json_array_new(), *tmpfs = json_object_new();
	for (size_t i = 0; i < def->mount_count; i++) {
		const struct ctr_mount *m = &def->mounts[i];
		auto_strv words = shown_options_dup(m);
		auto_free char *own = words ? strv_join(words, ",") : mem_strdup("");
		const char *comma = *own ? "," : "";
		if (str_eq(m->type, "tmpfs") && !m->from_image) {
			auto_free char *all = tmpfs_words_dup(m);
			json_set_str(tmpfs, m->target, all);
		}
		if (is_hidden(m) || str_eq(m->type, "image"))
			continue;
		auto_free char *bind = is_plain_fs(m) ? mem_printf("%s:%s%s%s", m->source, m->target, *own ? ":" : "", own) :
							mem_printf("%s:%s:%s%srprivate,%srbind", m->source, m->target, own, comma,
								   str_eq(m->type, "volume") ? "nosuid,nodev," : "");
		json_add_str(binds, bind);
	}
	json_set(o, "Binds", binds);
	json_set(o, "Tmpfs", tmpfs);
}
