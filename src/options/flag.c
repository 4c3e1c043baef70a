/* flag.c - see flag.h */
#include "options/flag.h"

#include "base/num.h"
#include "base/str.h"
#include "config/conf_containers.h"
#include "options/flag_value.h"

#include <stdio.h>

static const char *const kind_words[FLAG_KIND_COUNT] = {
	[FLAG_STRING] = "string", [FLAG_BOOL] = "",	   [FLAG_ARRAY] = "stringArray", [FLAG_SLICE] = "strings",
	[FLAG_INT] = "int",	  [FLAG_UINT] = "uint",	   [FLAG_FLOAT] = "float",	 [FLAG_CHOICE] = "choice",
	[FLAG_UINTS] = "uints",
};

const char *flag_kind_word(const struct flag *flag)
{
	return flag->meta ? flag->meta : kind_words[flag->kind];
}

static bool has_alias(const struct flag *flag, const char *name)
{
	size_t len = strlen(name);
	for (const char *p = flag->aliases; p && *p; p += strcspn(p, ","), p += *p == ',')
		if (strcspn(p, ",") == len && strncmp(p, name, len) == 0)
			return true;
	return false;
}

const struct flag *flag_find(const struct flag_group *groups, const char *name, const struct flag_group **ret_group)
{
	for (; groups && groups->rows; groups++) {
		for (size_t i = 0; i < groups->count; i++) {
			const struct flag *f = &groups->rows[i];
			if (strcmp(f->name, name) == 0 || (f->aliases && has_alias(f, name))) {
				*ret_group = groups;
				return f;
			}
		}
	}
	return NULL;
}

const struct flag *flag_find_letter(const struct flag_group *groups, char letter, const struct flag_group **ret_group)
{
	for (; groups && groups->rows; groups++) {
		for (size_t i = 0; i < groups->count; i++) {
			if (groups->rows[i].letter == letter) {
				*ret_group = groups;
				return &groups->rows[i];
			}
		}
	}
	return NULL;
}

void flag_words_done(struct flag_words *words)
{
	for (size_t i = 0; i < words->count; i++)
		free(words->seen[i].value);
	free(words->seen);
	free(words->rest);
	*words = (struct flag_words){ 0 };
}

/* What one line's parsing knows. */
struct reader {
	const struct flag_line *line;
	char *const *argv;
	size_t at; /* the next word */
	struct flag_words *words;
};

static int keep(struct reader *r, const struct flag *flag, const struct flag_group *group, const char *value, struct err *err)
{
	if (flag_value_check(flag, value, err) < 0)
		return -1;
	struct flag_words *w = r->words;
	if (w->count == w->cap) {
		w->cap = w->cap ? w->cap * 2 : 16;
		w->seen = mem_resize(w->seen, w->cap, sizeof(*w->seen));
	}
	w->seen[w->count++] = (struct flag_word){ .flag = flag, .group = group, .value = mem_strdup(value) };
	return 0;
}

static int keep_help(struct reader *r, const char *value, struct err *err)
{
	static const struct flag help = { .name = "help", .kind = FLAG_BOOL };
	if (flag_value_check(&help, value, err) < 0)
		return -1;
	r->words->help = num_bool(value) == 1;
	return 0;
}

/* The value is the next word. what: the flag as the sentence names it */
static int keep_next(struct reader *r, const struct flag *flag, const struct flag_group *group, const char *what, struct err *err)
{
	if (r->argv[r->at])
		return keep(r, flag, group, r->argv[r->at++], err);
	if (!r->line->partial)
		return err_set(err, ERR_USAGE, "flag needs an argument: %s", what);
	r->words->open = flag;
	return 0;
}

static int read_long(struct reader *r, const char *word, struct err *err)
{
	const char *name = word + 2, *eq = strchr(name, '=');
	if (*name == '-' || *name == '=')
		return err_set(err, ERR_USAGE, "bad flag syntax: %s", word);
	auto_free char *key = mem_strndup(name, eq ? (size_t)(eq - name) : strlen(name));
	const struct flag_group *group = NULL;
	const struct flag *flag = flag_find(r->line->groups, key, &group);
	if (!flag)
		flag = flag_find(r->line->globals, key, &group);
	if (!flag && strcmp(key, "help") == 0)
		return keep_help(r, eq ? eq + 1 : "true", err);
	if (!flag)
		return err_set(err, ERR_USAGE, "unknown flag: --%s", key);
	if (eq)
		return keep(r, flag, group, eq + 1, err);
	if (flag->kind == FLAG_BOOL)
		return keep(r, flag, group, "true", err);
	return keep_next(r, flag, group, word, err);
}

static int read_letters(struct reader *r, const char *word, struct err *err)
{
	for (const char *p = word + 1; *p; p++) {
		const struct flag_group *group = NULL;
		const struct flag *flag = flag_find_letter(r->line->groups, *p, &group);
		if (!flag)
			flag = flag_find_letter(r->line->globals, *p, &group);
		if (!flag && *p == 'h') { /* as pflag: at once, whatever follows */
			r->words->help = true;
			return 1;
		}
		if (!flag)
			return err_set(err, ERR_USAGE, "unknown shorthand flag: '%c' in -%s", *p, p);
		if (p[1] == '=')
			return keep(r, flag, group, p + 2, err);
		if (flag->kind == FLAG_BOOL) {
			if (keep(r, flag, group, "true", err) < 0)
				return -1;
			continue;
		}
		if (p[1])
			return keep(r, flag, group, p + 1, err);
		auto_free char *what = mem_printf("'%c' in -%s", *p, p);
		return keep_next(r, flag, group, what, err);
	}
	return 0;
}

static void keep_rest(struct reader *r)
{
	while (r->argv[r->at])
		r->words->rest[r->words->rest_count++] = r->argv[r->at++];
}

int flag_parse(const struct flag_line *line, char *const *argv, struct flag_words *ret, struct err *err)
{
	struct reader r = { .line = line, .argv = argv, .words = ret };
	*ret = (struct flag_words){ 0 };
	ret->rest = mem_array(strv_len(argv) + 1, sizeof(*ret->rest));
	int rc = 0;
	while (rc == 0 && argv[r.at] && !line->raw) {
		const char *word = argv[r.at];
		if (word[0] != '-' || !word[1]) {
			if (line->stop_at_first)
				break;
			ret->rest[ret->rest_count++] = argv[r.at++];
			continue;
		}
		r.at++;
		if (strcmp(word, "--") == 0) {
			ret->ended = true;
			keep_rest(&r);
			break;
		}
		rc = word[1] == '-' ? read_long(&r, word, err) : read_letters(&r, word, err);
	}
	ret->used = r.at;
	if (rc >= 0 && (line->stop_at_first || line->raw))
		keep_rest(&r);
	if (rc < 0)
		flag_words_done(ret);
	return rc < 0 ? -1 : 0;
}

static bool is_default(const struct flag *flag, const char *value)
{
	return flag->def && strcmp(flag->def, value) == 0;
}

static int refuse(const struct flag *flag, struct err *err)
{
	return err_set(err, ERR_UNSUPPORTED, "the flag --%s is not done yet: %s", flag->name,
		       flag->instead ? flag->instead : "leave it out");
}

int flag_apply(const struct flag_line *line, const struct flag_words *words, void *values, void *global_values, struct err *err)
{
	for (size_t i = 0; i < words->count; i++) {
		const struct flag_word *w = &words->seen[i];
		if ((w->flag->bits & FLAG_NOT_YET) && !is_default(w->flag, w->value) &&
		    !(w->flag->kind == FLAG_BOOL && !w->flag->def && num_bool(w->value) == 0))
			return refuse(w->flag, err);
		bool global = false;
		for (const struct flag_group *g = line->globals; g && g->rows; g++)
			global |= g == w->group;
		char *base = (char *)(global ? global_values : values) + w->group->offset;
		if (flag_value_store(w->flag, base, w->value, err) < 0)
			return w->origin ? err_wrap(err, "%s:%u: %s", w->origin->file, w->origin->line, w->origin->key->name) : -1;
		if (w->flag->given)
			*(bool *)(void *)(base + w->flag->given - 1) = true;
	}
	return 0;
}

bool flag_was_given(const struct flag_words *words, const char *name)
{
	for (size_t i = 0; i < words->count; i++)
		if (!words->seen[i].origin && strcmp(words->seen[i].flag->name, name) == 0)
			return true;
	return false;
}

void flag_values_done(const struct flag_group *groups, void *values)
{
	for (; groups && groups->rows; groups++)
		for (size_t i = 0; i < groups->count; i++)
			if (!groups->rows[i].set)
				flag_value_free(&groups->rows[i], (char *)values + groups->offset);
}
