/* values_secret.c - --secret: see values.h */
#include "options/values.h"

#include "base/num.h"

enum { MODE_USUAL = 0444 };

struct words {
	struct ctr_secret *secret;
	bool file_only; /* an owner or a mode was given */
};

static int take_id(const char *what, const char *value, uint32_t *ret, struct err *err)
{
	uint64_t id;
	if (num_u64(value, UINT32_MAX, &id) < 0)
		return err_set(err, ERR_USAGE, "%s %s invalid: parsing secret", what, value);
	*ret = (uint32_t)id;
	return 0;
}

static int by_type(struct words *w, const char *value, struct err *err)
{
	w->secret->is_env = strcmp(value, "env") == 0;
	return w->secret->is_env || strcmp(value, "mount") == 0 ? 0 : err_set(err, ERR_USAGE, "type %s is invalid: parsing secret", value);
}

static int by_source(struct words *w, const char *value, struct err *err)
{
	(void)err;
	free(w->secret->name);
	w->secret->name = mem_strdup(value);
	return 0;
}

static int by_target(struct words *w, const char *value, struct err *err)
{
	(void)err;
	free(w->secret->target);
	w->secret->target = mem_strdup(value);
	return 0;
}

static int by_uid(struct words *w, const char *value, struct err *err)
{
	w->file_only = true;
	return take_id("UID", value, &w->secret->uid, err);
}

static int by_gid(struct words *w, const char *value, struct err *err)
{
	w->file_only = true;
	return take_id("GID", value, &w->secret->gid, err);
}

static int by_mode(struct words *w, const char *value, struct err *err)
{
	w->file_only = true;
	return num_octal(value, UINT32_MAX, &w->secret->mode) < 0 ? err_set(err, ERR_USAGE, "mode %s invalid: parsing secret", value) : 0;
}

static const struct {
	const char *key;
	int (*take)(struct words *w, const char *value, struct err *err);
} rows[] = {
	{ "type", by_type }, { "source", by_source }, { "target", by_target }, { "uid", by_uid }, { "gid", by_gid }, { "mode", by_mode },
};

static int take_word(struct words *w, const char *word, struct err *err)
{
	auto_free char *key = mem_strndup(word, strcspn(word, "="));
	if (!strchr(word, '='))
		return err_set(err, ERR_USAGE, "option %s must be in form option=value: parsing secret", word);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strcmp(rows[i].key, key) == 0)
			return rows[i].take(w, word + strlen(key) + 1, err);
	return err_set(err, ERR_USAGE, "option %s invalid: parsing secret", word);
}

int values_secret(struct ctr_def *def, const char *text, struct err *err)
{
	auto_strv words = strv_split(text, ',');
	struct words w = { .secret = ctr_def_add_secret(def) };
	w.secret->mode = MODE_USUAL;
	/* COMPAT: the first word is the name unless it is an option, and a single one is a name whatever it looks like */
	bool named = strv_len(words) < 2 || !strchr(words[0], '=');
	w.secret->name = mem_strdup(named && words ? words[0] : "");
	for (size_t i = named; i < strv_len(words); i++)
		if (take_word(&w, words[i], err) < 0)
			return -1;
	if (!*w.secret->name)
		return err_set(err, ERR_USAGE, "no source found: parsing secret: --secret %s names none", text);
	if (w.secret->is_env && w.file_only)
		return err_set(err, ERR_USAGE, "UID, GID, Mode options cannot be set with secret type env: parsing secret");
	return 0;
}
