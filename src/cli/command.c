/* command.c - finding a command's row; see command.h */
#include "cli/command.h"

#include "base/str.h"

#include <strings.h>

enum { NEAR = 2, SUGGEST_MAX = 128 };

static bool has_alias(const char *aliases, const char *word)
{
	auto_strv list = aliases ? strv_split(aliases, ',') : NULL;
	return strv_has(list, word);
}

const struct command *command_find(const struct command *parent, const char *word)
{
	for (const struct command *c = parent->children; c && c->name; c++)
		if (strcmp(c->name, word) == 0)
			return c;
	for (const struct command *c = parent->children; c && c->name; c++)
		if (c->aliases && has_alias(c->aliases, word))
			return c;
	return NULL;
}

/* COMPAT: the order in which the reference knows its commands, and so names those near a word; ours come after. */
static const char *const known_order[] = {
	"artifact", "attach", "commit", "container", "generate", "healthcheck", "cp", "create", "exec", "export", "init", "kill",
	"logs", "mount", "pause", "port", "ps", "rename", "restart", "rm", "run", "start", "stats", "stop", "top", "unmount",
	"unpause", "update", "wait", "build", "history", "image", "import", "images", "load", "pull", "push", "rmi", "save",
	"search", "tag", "untag", "kube", "machine", "manifest", "network", "pod", "farm", "quadlet", "secret", "events", "info",
	"unshare", "system", "volume", "version", "auto-update", "compose", "diff", "inspect", "login", "logout", NULL,
};

static int place_of(const struct command *c)
{
	int i = str_index(known_order, c->name);
	return i < 0 ? (int)ARRAY_LEN(known_order) : i;
}

static int by_known_order(const void *a, const void *b)
{
	const struct command *const *x = a, *const *y = b;
	int i = place_of(*x), j = place_of(*y);
	return i != j ? i - j : strcmp((*x)->name, (*y)->name);
}

/* COMPAT: below another command only what the word begins is named; help never is */
static bool is_near(const struct command *parent, const struct command *c, const char *word)
{
	if ((c->bits & COMMAND_HIDDEN) || strcmp(c->name, "help") == 0)
		return false;
	return strncasecmp(c->name, word, strlen(word)) == 0 || (parent == &commands_root && str_distance(word, c->name) <= NEAR);
}

char *command_suggest_dup(const struct command *parent, const char *word)
{
	const struct command *near[SUGGEST_MAX];
	size_t count = 0;
	auto_str out = { 0 };
	for (const struct command *c = parent->children; c && c->name && count < SUGGEST_MAX; c++)
		if (is_near(parent, c, word))
			near[count++] = c;
	if (parent == &commands_root)
		qsort(near, count, sizeof(*near), by_known_order);
	for (size_t i = 0; i < count; i++)
		str_addf(&out, "\t%s\n", near[i]->name);
	return str_take(&out);
}

int command_check_args(const struct command *command, const char *path, size_t count, struct err *err)
{
	const struct verb *v = command->verb;
	switch (v->args) {
	case VERB_ANY:
		return 0;
	case VERB_NONE:
		return count ? err_set(err, ERR_USAGE, "`%s` takes no arguments", path) : 0;
	case VERB_EXACT:
		return count != v->arg_count ? err_set(err, ERR_USAGE, "accepts %zu arg(s), received %zu", v->arg_count, count) : 0;
	case VERB_MIN:
		return count < v->arg_count ?
			       err_set(err, ERR_USAGE, "requires at least %zu arg(s), only received %zu", v->arg_count, count) : 0;
	case VERB_MAX:
		return count > v->arg_count ?
			       err_set(err, ERR_USAGE, "accepts at most %zu arg(s), received %zu", v->arg_count, count) : 0;
	}
	return err_set(err, ERR_INTERNAL, "'%s' has no rule for its arguments", path);
}
