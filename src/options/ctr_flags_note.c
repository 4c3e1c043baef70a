/* ctr_flags_note.c - see ctr_flags_note.h */
#include "options/ctr_flags_note.h"

#include "base/path.h"
#include "base/str.h"
#include "engine/ctr_complete.h"

#include <string.h>

enum about {
	ABOUT_ITSELF, /* the word */
	ABOUT_NAME,   /* NAME=…, NAME:… */
	ABOUT_VARIABLE,
	ABOUT_MOUNT,
	ABOUT_PORT,
	ABOUT_DEVICE,
	ABOUT_SECRET,
};

static const struct {
	const char *flag, *member; /* member NULL: the flag's name */
	enum about about;
} rows[] = {
	{ "annotation", NULL, ABOUT_NAME },   { "device", NULL, ABOUT_DEVICE }, { "env", NULL, ABOUT_VARIABLE }, { "label", NULL, ABOUT_NAME },
	{ "log-opt", NULL, ABOUT_NAME },      { "mount", NULL, ABOUT_MOUNT },	{ "publish", NULL, ABOUT_PORT }, { "secret", NULL, ABOUT_SECRET },
	{ "security-opt", NULL, ABOUT_NAME }, { "sysctl", NULL, ABOUT_NAME },	{ "tmpfs", "mount", ABOUT_MOUNT }, { "ulimit", NULL, ABOUT_NAME },
	{ "volume", "mount", ABOUT_MOUNT },
};

/* What the word alone comes to, by the flag's own reader: no second grammar. */
static void keys_of_value(enum about about, const struct flag_word *word, const char *value, char ***keys)
{
	struct ctr_words alone;
	struct err ignored = { 0 };
	ctr_words_init(&alone);
	const struct ctr_def *def = &alone.opts.def;
	if (word->flag->set(word->flag, (char *)&alone + word->group->offset, value, &ignored) < 0) {
		ctr_words_done(&alone);
		return;
	}
	for (size_t i = 0; about == ABOUT_MOUNT && i < def->mount_count; i++)
		strv_add_take(keys, path_clean_dup(def->mounts[i].target));
	for (size_t i = 0; about == ABOUT_PORT && i < def->port_count; i++)
		strv_addf(keys, "%u/%s", def->ports[i].container_port, def->ports[i].protocol ? def->ports[i].protocol : "tcp");
	for (size_t i = 0; about == ABOUT_DEVICE && i < def->device_count; i++)
		strv_add(keys, def->devices[i].path && *def->devices[i].path ? def->devices[i].path : def->devices[i].source);
	for (size_t i = 0; about == ABOUT_SECRET && i < def->secret_count; i++)
		strv_add(keys, def->secrets[i].target && *def->secrets[i].target ? def->secrets[i].target : def->secrets[i].name);
	ctr_words_done(&alone);
}

static void add_keys(enum about about, const struct flag_word *word, const char *value, char ***keys)
{
	auto_strv set = NULL;
	if (about == ABOUT_ITSELF) {
		strv_add(keys, value);
	} else if (about == ABOUT_NAME) {
		strv_add_take(keys, mem_strndup(value, strcspn(value, "=:")));
	} else if (about == ABOUT_VARIABLE) {
		char *const one[] = { (char *)value, NULL };
		ctr_complete_env(&set, one);
		for (char **v = set; v && *v; v++)
			strv_add_take(keys, mem_strndup(*v, strcspn(*v, "=")));
	} else {
		keys_of_value(about, word, value, keys);
	}
}

static bool is_list(const struct flag *flag)
{
	return flag->kind == FLAG_ARRAY || flag->kind == FLAG_SLICE || flag->kind == FLAG_UINTS;
}

/* "--env A=1", "--read-only", "/etc/containers/containers.conf:3 (containers.read_only)" */
static char *text_dup(const struct flag_word *word)
{
	const struct conf_value *origin = word->origin;
	if (origin)
		return mem_printf("%s:%u (%s)", origin->file, origin->line, origin->key->name);
	if (word->flag->kind == FLAG_BOOL)
		return mem_printf("--%s%s", word->flag->name, strcmp(word->value, "true") == 0 ? "" : "=false");
	return mem_printf("--%s %s", word->flag->name, word->value);
}

static void note_word(struct origins *o, const struct flag_word *word)
{
	enum origin_kind kind = word->origin ? ORIGIN_CONF : ORIGIN_FLAG;
	auto_free char *text = text_dup(word);
	auto_strv values = NULL;
	auto_strv keys = NULL;
	struct err ignored = { 0 };
	size_t at = 0;
	origins_note(o, word->flag->name, "", kind, text);
	if (!is_list(word->flag) || (word->flag->kind == FLAG_SLICE && flag_split_csv(word->value, &values, &ignored) < 0))
		return;
	if (!values)
		strv_add(&values, word->value);
	while (at < ARRAY_LEN(rows) && strcmp(rows[at].flag, word->flag->name) != 0)
		at++;
	bool found = at < ARRAY_LEN(rows);
	for (char **value = values; *value; value++)
		add_keys(found ? rows[at].about : ABOUT_ITSELF, word, *value, &keys);
	for (char **key = keys; key && *key; key++)
		origins_note(o, found && rows[at].member ? rows[at].member : word->flag->name, *key, kind, text);
}

static void note_conf(struct origins *o, const struct conf_containers *conf, const char *key, const char *member)
{
	const struct conf_value *value = conf_containers_find(conf, key);
	auto_free char *text = value ? mem_printf("%s:%u (%s)", value->file, value->line, key) : NULL;
	if (value)
		origins_note(o, member, "", ORIGIN_CONF, text);
}

void ctr_flags_note(struct ctr_words *words, const struct flag_words *seen, const struct conf_containers *conf)
{
	struct origins *o = words->opts.origins;
	origins_note(o, CTR_COMPLETE_IMAGE, "", ORIGIN_FLAG, words->opts.image);
	note_conf(o, conf, "containers.env", CTR_COMPLETE_CONF_ENV);
	note_conf(o, conf, "containers.default_capabilities", CTR_COMPLETE_CONF_CAPS);
	if (words->opts.name_as_hostname)
		note_conf(o, conf, "containers.container_name_as_hostname", "hostname");
	for (size_t i = 0; i < seen->count; i++)
		note_word(o, &seen->seen[i]);
}
