/* complete.c - from the words typed to what may follow; see complete.h */
#include "cli/complete_priv.h"

#include "base/log.h"
#include "options/flag_value.h"

static bool goes_on(const char *word)
{
	size_t len = strlen(word);
	return len && strchr("=:", word[len - 1]);
}

void complete_offer(struct complete *c, const char *prefix, const char *word, const char *about)
{
	auto_free char *whole = mem_printf("%s%s", prefix, word);
	if (!str_starts(whole, c->typed) || strpbrk(whole, "\t\n"))
		return;
	if (goes_on(whole) && strcmp(whole, c->typed) == 0)
		return;
	if (goes_on(whole))
		c->bits |= COMPLETE_NO_SPACE;
	str_add(c->out, whole);
	if (about && *about && !c->plain)
		str_addf(c->out, "\t%.*s", (int)strcspn(about, "\n"), about);
	str_add_char(c->out, '\n');
}

void complete_offer_list(struct complete *c, const char *prefix, const char *words)
{
	auto_strv list = strv_split(words, ',');
	for (char **word = list; word && *word; word++)
		complete_offer(c, prefix, *word, NULL);
}

/* --- commands --- */

static void offer_commands(struct complete *c, const struct command *parent)
{
	for (const struct command *k = parent->children; k && k->name; k++) {
		auto_free char *about = mem_printf("%s%s", k->summary, command_is_done(k) ? "" : " (not yet)");
		if (!(k->bits & COMMAND_HIDDEN))
			complete_offer(c, "", k->name, about);
	}
}

/* the words of `help` */
static void offer_topics(struct complete *c)
{
	const struct command *k = &commands_root;
	for (char *const *word = c->given; k && word && *word; word++)
		k = k->children ? command_find(k, *word) : NULL;
	if (k)
		offer_commands(c, k);
}

/* --- flags --- */

static bool is_list(const struct flag *flag)
{
	return flag->kind == FLAG_ARRAY || flag->kind == FLAG_SLICE || flag->kind == FLAG_UINTS;
}

static void offer_flag(struct complete *c, const struct flag *flag)
{
	auto_free char *name = mem_printf("--%s", flag->name);
	auto_free char *about = mem_printf("%s%s", flag->bits & FLAG_NOT_YET ? "(not yet) " : "", flag->help);
	const char letter[] = { '-', flag->letter, 0 };
	complete_offer(c, "", name, about);
	if (flag->letter)
		complete_offer(c, "", letter, about);
}

/* said before the command, where flags of the program stand */
static bool is_set(const struct complete *c, const struct flag_group *group, const struct flag *flag)
{
	bool global = group == global_flags_anywhere || group == global_flags_root;
	return global && flag->kind == FLAG_STRING && flag->size && *(char *const *)(const void *)((const char *)&c->cli->globals + flag->offset);
}

static void offer_flags(struct complete *c, const struct flag_group *groups, const struct flag_words *before)
{
	for (; groups && groups->rows; groups++)
		for (size_t i = 0; i < groups->count; i++) {
			const struct flag *flag = &groups->rows[i];
			bool again = is_list(flag) || (!flag_was_given(before, flag->name) && !is_set(c, groups, flag));
			if (again && !(flag->bits & FLAG_HIDDEN))
				offer_flag(c, flag);
		}
}

static void offer_line_flags(struct complete *c, const struct flag_line *line, const struct flag_words *before)
{
	static const struct flag help = { .name = "help", .help = "Tell about this command" };
	offer_flags(c, line->globals, before);
	offer_flags(c, line->groups, before);
	offer_flag(c, &help);
	c->bits = COMPLETE_NO_FILES;
}

/* --x=value: the value alone is offered (SPEC Cobra: the script puts the flag before it) */
static void offer_equals(struct complete *c, const struct flag_line *line)
{
	const char *name = c->typed + 2, *eq = strchr(name, '=');
	const struct flag_group *group;
	auto_free char *key = mem_strndup(name, (size_t)(eq - name));
	const struct flag *flag = flag_find(line->groups, key, &group);
	if (!flag)
		flag = flag_find(line->globals, key, &group);
	c->typed = eq + 1;
	if (flag)
		complete_value(c, flag);
}

/* --- the walk --- */

/* What was said of the store holds for the names in it, too. */
static void use_globals(struct cli *cli, const struct flag_line *line, const struct flag_words *words)
{
	for (size_t i = 0; i < words->count; i++) {
		const struct flag_word *w = &words->seen[i];
		struct err err = { 0 };
		if (w->group != line->globals && w->group != global_flags_root)
			continue;
		if (!w->flag->set && flag_value_store(w->flag, &cli->globals, w->value, &err) < 0)
			err_clear(&err);
	}
}

static void offer_words(struct complete *c, const struct command *command, const struct flag_words *words)
{
	size_t last = ARRAY_LEN(command->takes) - 1, at = words->rest_count < last ? words->rest_count : last;
	enum word_kind kind = command->takes[at];
	c->given = words->rest;
	c->bits = COMPLETE_NO_FILES;
	if (flag_was_given(words, "all") || flag_was_given(words, "latest"))
		return;
	if (kind == WORD_COMMAND)
		offer_topics(c);
	else
		complete_names(c, kind, "");
}

/* One level of the line: the command's flags and words. Returns the words of the next level, or NULL when this was the last. */
static char **complete_level(struct complete *c, struct cli *cli, const struct command **command, char **words)
{
	const struct verb *verb = (*command)->verb;
	const struct flag_line line = { .groups = verb ? verb->groups : *command == &commands_root ? global_flags_root : NULL,
					.globals = global_flags_anywhere, .stop_at_first = !verb || verb->stop_at_first || (*command)->children,
					.partial = true };
	auto_val(flag_words) before = { 0 };
	struct err err = { 0 };
	c->verb = verb;
	if (flag_parse(&line, words, &before, &err) < 0)
		return NULL;
	use_globals(cli, &line, &before);
	bool past = before.ended || (line.stop_at_first && before.rest_count);
	const struct command *below = before.rest_count && (*command)->children ? command_find(*command, before.rest[0]) : NULL;
	if (below && verb) { /* it is both: see dispatch.c */
		*command = below;
		return words + strv_len(words) - before.rest_count + 1;
	}
	if (before.open) {
		complete_value(c, before.open);
	} else if (!past && *c->typed == '-') {
		if (str_starts(c->typed, "--") && strchr(c->typed, '='))
			offer_equals(c, &line);
		else
			offer_line_flags(c, &line, &before);
	} else if (verb || !(*command)->children) {
		if (!before.rest_count)
			offer_commands(c, *command);
		offer_words(c, *command, &before);
	} else if (!before.rest_count) {
		c->bits = COMPLETE_NO_FILES;
		offer_commands(c, *command);
	} else {
		*command = command_find(*command, before.rest[0]);
		return *command ? words + strv_len(words) - before.rest_count + 1 : NULL;
	}
	return NULL;
}

void complete_write(struct str *out, struct cli *cli, char **words, bool plain)
{
	size_t count = strv_len(words);
	if (!count)
		return;
	struct complete c = { .cli = cli, .typed = words[count - 1], .plain = plain, .out = out };
	auto_free char **before = mem_array(count, sizeof(*before));
	memcpy(before, words, (count - 1) * sizeof(*before));
	log_set_level(LOG_PANIC); /* a person is typing */
	const struct command *command = &commands_root;
	for (char **at = before; at;)
		at = complete_level(&c, cli, &command, at);
	str_addf(out, ":%u\n", c.bits);
}
