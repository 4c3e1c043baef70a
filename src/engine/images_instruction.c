#include "engine/images_instruction.h"

#include "base/num.h"
#include "base/path.h"
#include "base/str.h"
#include "codec/json_parse.h"
#include "engine/signal_names.h"

#include <ctype.h>
#include <strings.h>

struct target {
	struct image_run *run;
	bool *cmd_set;
};
typedef int (*instruction_fn)(const struct target *t, const char *text, struct err *err);

/* --- words --- */

static const char *skip_space(const char *text)
{
	while (isspace((unsigned char)*text))
		text++;
	return text;
}

static char *trim_dup(const char *text)
{
	text = skip_space(text);
	size_t len = strlen(text);
	while (len && isspace((unsigned char)text[len - 1]))
		len--;
	return mem_strndup(text, len);
}

/* The next word with its quotes and backslashes taken off, or NULL at the end. */
static char *next_word_dup(const char **at)
{
	auto_str out = { 0 };
	const char *c = skip_space(*at);
	char quote = 0;
	if (!*c)
		return NULL;
	for (; *c && (quote || !isspace((unsigned char)*c)); c++) {
		if (*c == '\\' && c[1] && quote != '\'')
			str_add_char(&out, *++c);
		else if (!quote && (*c == '"' || *c == '\''))
			quote = *c;
		else if (*c == quote)
			quote = 0;
		else
			str_add_char(&out, *c);
	}
	*at = c;
	return mem_strdup(str_text(&out));
}

bool images_instruction_list(const char *text, char ***ret)
{
	auto_ptr(json) doc = NULL;
	struct err ignored = { 0 };
	if (*text != '[' || json_parse(text, strlen(text), 2, 0, &doc, &ignored) < 0)
		return false;
	for (size_t i = 0; i < json_len(doc); i++)
		if (!json_str(json_at(doc, i), NULL))
			return false;
	for (size_t i = 0; i < json_len(doc); i++)
		strv_add(ret, json_str(json_at(doc, i), ""));
	return true;
}

static void set_text(char **to, const char *value)
{
	free(*to);
	*to = mem_strdup(value);
}

static void set_command(char ***to, const struct target *t, const char *text)
{
	strv_free(*to);
	*to = NULL;
	if (images_instruction_list(text, to))
		return;
	if (t->run->shell && *t->run->shell) {
		strv_extend(to, t->run->shell);
	} else {
		strv_add(to, "/bin/sh");
		strv_add(to, "-c");
	}
	strv_add(to, text);
}

/* KEY=VALUE KEY=VALUE…, or KEY and the rest of the line. */
static int set_pairs(char ***to, const char *name, const char *text, struct err *err)
{
	size_t key_len = strcspn(text, "= \t");
	if (text[key_len] && text[key_len] != '=') {
		auto_free char *key = mem_strndup(text, key_len);
		strv_env_set(to, key, skip_space(text + key_len));
		return 0;
	}
	for (char *word; (word = next_word_dup(&text)); free(word)) {
		char *equals = strchr(word, '=');
		if (!equals || equals == word) {
			err_set(err, ERR_USAGE, "%s takes KEY=VALUE, and '%s' is none", name, word);
			free(word);
			return -1;
		}
		*equals = 0;
		strv_env_set(to, word, equals + 1);
	}
	return 0;
}

/* --- one function an instruction --- */

static int set_cmd(const struct target *t, const char *text, struct err *err)
{
	set_command(&t->run->cmd, t, text);
	*t->cmd_set = true;
	return 0;
}

static int set_entrypoint(const struct target *t, const char *text, struct err *err)
{
	set_command(&t->run->entrypoint, t, text);
	if (*t->cmd_set)
		return 0;
	strv_free(t->run->cmd);
	t->run->cmd = NULL;
	return 0;
}

static int set_env(const struct target *t, const char *text, struct err *err)
{
	return set_pairs(&t->run->env, "ENV", text, err);
}

static int set_label(const struct target *t, const char *text, struct err *err)
{
	return set_pairs(&t->run->labels, "LABEL", text, err);
}

static int add_port(char ***to, const char *word, struct err *err)
{
	static const char *const protocols[] = { "/tcp", "/udp", "/sctp", NULL };
	size_t len = strcspn(word, "/");
	auto_free char *number = mem_strndup(word, len);
	uint16_t port;
	if (num_port(number, &port) < 0 || (word[len] && str_index(protocols, word + len) < 0))
		return err_set(err, ERR_USAGE, "EXPOSE takes PORT or PORT/PROTOCOL, and '%s' is neither", word);
	auto_free char *full = mem_printf("%u%s", port, word[len] ? word + len : "/tcp");
	if (!strv_has(*to, full))
		strv_add(to, full);
	return 0;
}

static int set_expose(const struct target *t, const char *text, struct err *err)
{
	int rc = 0;
	for (char *word; rc >= 0 && (word = next_word_dup(&text)); free(word))
		rc = add_port(&t->run->exposed_ports, word, err);
	return rc;
}

static int set_volume(const struct target *t, const char *text, struct err *err)
{
	auto_strv list = NULL;
	if (!images_instruction_list(text, &list))
		for (char *word; (word = next_word_dup(&text));)
			strv_add_take(&list, word);
	for (char **path = list; path && *path; path++)
		if (!strv_has(t->run->volumes, *path))
			strv_add(&t->run->volumes, *path);
	return 0;
}

static int set_user(const struct target *t, const char *text, struct err *err)
{
	set_text(&t->run->user, text);
	return 0;
}

/* A relative one goes on from where the image is. */
static int set_workdir(const struct target *t, const char *text, struct err *err)
{
	const char *base = t->run->working_dir && *t->run->working_dir ? t->run->working_dir : "/";
	auto_free char *joined = *text == '/' ? mem_strdup(text) : path_join_dup(base, text);
	free(t->run->working_dir);
	t->run->working_dir = path_clean_dup(joined);
	return 0;
}

static int set_onbuild(const struct target *t, const char *text, struct err *err)
{
	strv_add(&t->run->on_build, text);
	return 0;
}

static int set_stopsignal(const struct target *t, const char *text, struct err *err)
{
	int sig = 0;
	if (signal_names_parse(text, &sig) < 0)
		return err_set(err, ERR_USAGE, "Invalid signal: %s", text);
	set_text(&t->run->stop_signal, text);
	return 0;
}

static int set_shell(const struct target *t, const char *text, struct err *err)
{
	auto_strv list = NULL;
	if (!images_instruction_list(text, &list) || !list)
		return err_set(err, ERR_USAGE, "SHELL requires the arguments to be in JSON form");
	strv_free(t->run->shell);
	t->run->shell = take_ptr(list);
	return 0;
}

/* --- HEALTHCHECK [--interval=30s …] CMD … | NONE --- */

static int set_duration(int64_t *to, const char *name, const char *value, struct err *err)
{
	if (num_duration(value, to) < 0 || *to < 0)
		return err_set(err, ERR_USAGE, "HEALTHCHECK: --%s takes a duration like 30s, and '%s' is none", name, value);
	return 0;
}

static int set_health_flag(struct image_health *h, const char *word, struct err *err)
{
	const struct { const char *name; int64_t *to; } durations[] = {
		{ "interval", &h->interval_ns }, { "timeout", &h->timeout_ns }, { "start-period", &h->start_period_ns },
		{ "start-interval", &h->start_interval_ns },
	};
	const char *name = word + 2, *value = strchr(word, '=');
	size_t len = strcspn(name, "=");
	uint64_t retries;
	for (size_t i = 0; value && i < ARRAY_LEN(durations); i++)
		if (strlen(durations[i].name) == len && strncmp(name, durations[i].name, len) == 0)
			return set_duration(durations[i].to, durations[i].name, value + 1, err);
	if (!value || len != strlen("retries") || strncmp(name, "retries", len) != 0)
		return err_set(err, ERR_USAGE, "HEALTHCHECK does not know the flag '%s'", word);
	if (num_u64(value + 1, INT32_MAX, &retries) < 0)
		return err_set(err, ERR_USAGE, "HEALTHCHECK: --retries takes a number, and '%s' is none", value + 1);
	h->retries = (int)retries;
	return 0;
}

static int set_test(struct image_health *h, const char *text, struct err *err)
{
	const char *rest = text;
	auto_free char *word = next_word_dup(&rest);
	auto_strv list = NULL;
	if (word && strcasecmp(word, "NONE") == 0) {
		strv_add(&h->test, "NONE");
		return 0;
	}
	if (!word || strcasecmp(word, "CMD") != 0)
		return err_set(err, ERR_USAGE, "Unknown type \"%s\" in HEALTHCHECK (try CMD)", word ? word : "");
	rest = skip_space(rest);
	if (!*rest)
		return err_set(err, ERR_USAGE, "Missing command after HEALTHCHECK CMD");
	bool words = images_instruction_list(rest, &list);
	strv_add(&h->test, words ? "CMD" : "CMD-SHELL");
	if (words)
		strv_extend(&h->test, list);
	else
		strv_add(&h->test, rest);
	return 0;
}

static int set_healthcheck(const struct target *t, const char *text, struct err *err)
{
	struct image_health *h = mem_alloc(sizeof(*h));
	int rc = 0;
	while (rc >= 0 && str_starts(text = skip_space(text), "--")) {
		auto_free char *word = next_word_dup(&text);
		rc = set_health_flag(h, word, err);
	}
	if (rc >= 0)
		rc = set_test(h, text, err);
	if (rc < 0) {
		strv_free(h->test);
		free(h);
		return -1;
	}
	if (t->run->health)
		strv_free(t->run->health->test);
	free(t->run->health);
	t->run->health = h;
	return 0;
}

static const struct {
	const char *word;
	instruction_fn set;
} instructions[] = {
	{ "CMD", set_cmd },	  { "ENTRYPOINT", set_entrypoint }, { "ENV", set_env },	      { "EXPOSE", set_expose },
	{ "HEALTHCHECK", set_healthcheck }, { "LABEL", set_label },	    { "ONBUILD", set_onbuild }, { "SHELL", set_shell },
	{ "STOPSIGNAL", set_stopsignal },   { "USER", set_user },	    { "VOLUME", set_volume },   { "WORKDIR", set_workdir },
};

int images_instruction_apply(struct image_run *run, const char *text, bool *cmd_set, struct err *err)
{
	const struct target target = { run, cmd_set };
	size_t len = strcspn(text = skip_space(text), " \t=");
	auto_free char *word = mem_strndup(text, len);
	auto_free char *rest = trim_dup(text[len] ? text + len + 1 : "");
	for (size_t i = 0; i < ARRAY_LEN(instructions); i++) {
		if (strcasecmp(instructions[i].word, word) != 0)
			continue;
		if (!*rest)
			return err_set(err, ERR_USAGE, "processing change \"%s\": %s requires at least one argument", text, instructions[i].word);
		return instructions[i].set(&target, rest, err) < 0 ? err_wrap(err, "processing change \"%s\"", text) : 0;
	}
	return err_set(err, ERR_USAGE, "processing change \"%s\": did not understand change instruction \"%s\"", text, text);
}
