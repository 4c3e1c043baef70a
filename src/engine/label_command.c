#include "engine/label_command.h"

#include "base/path.h"
#include "engine/engine.h"
#include "image/image.h"
#include "image/image_config.h"

#include <ctype.h>
#include <strings.h>

static const char blanks[] = " \t\r\n";

/* --- words --- */

/* Up to the closing quote; NULL: there is none. In "…" a backslash takes the next character as it is. */
static const char *take_quoted(const char *at, char quote, struct str *word)
{
	for (; *at && *at != quote; at++) {
		if (quote == '"' && *at == '\\' && at[1])
			at++;
		str_add_char(word, *at);
	}
	return *at ? at + 1 : NULL;
}

static const char *take_word(const char *at, struct str *word)
{
	while (at && *at && !strchr(blanks, *at)) {
		if (*at == '\'' || *at == '"') {
			at = take_quoted(at + 1, *at, word);
			continue;
		}
		if (*at == '\\' && at[1])
			at++;
		str_add_char(word, *at++);
	}
	return at;
}

static int split(const char *text, char ***words, struct err *err)
{
	for (const char *at = text + strspn(text, blanks); *at; at += strspn(at, blanks)) {
		if (*at == '#') {
			at += strcspn(at, "\n");
			continue;
		}
		struct str word = { 0 };
		at = take_word(at, &word);
		strv_add_take(words, str_take(&word));
		if (!at)
			return err_set(err, ERR_INVALID, "the label has a quote that nothing closes: %.200s", text);
	}
	return 0;
}

/* --- what stands for something --- */

struct piece {
	bool is_list; /* its blanks make words */
	const char *value;
};

static struct piece look_up(const struct label_vars *v, const char *name, size_t len)
{
	const struct {
		const char *name;
		struct piece piece;
	} rows[] = {
		{ "IMAGE", { false, v->image } },  { "NAME", { false, v->name } },    { "PWD", { false, v->pwd } },	{ "HOME", { false, v->home } },
		{ "OPT1", { true, v->opts[0] } },  { "OPT2", { true, v->opts[1] } },  { "OPT3", { true, v->opts[2] } },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strlen(rows[i].name) == len && memcmp(rows[i].name, name, len) == 0)
			return rows[i].piece;
	return (struct piece){ 0 };
}

/* The name after a '$': its length, 0 when it is none. *ret_end: behind it, and its braces. COMPAT: $IMAGEx is $IMAGE and an x. */
static size_t name_after(const char **name, const char **ret_end)
{
	bool braced = **name == '{';
	*name += braced;
	size_t len = 0;
	if (braced)
		len = strcspn(*name, "}");
	else if (str_starts(*name, "IMAGE") || str_starts(*name, "NAME"))
		len = **name == 'I' ? 5 : 4;
	else
		while (isalnum((unsigned char)(*name)[len]) || (*name)[len] == '_')
			len++;
	if (braced && (*name)[len] != '}')
		return 0;
	*ret_end = *name + len + braced;
	return len;
}

static void expand(const char *word, const struct label_vars *vars, struct str *out, bool *is_list)
{
	while (*word) {
		const char *name = word + 1, *end = NULL;
		size_t len = *word == '$' ? name_after(&name, &end) : 0;
		if (!len) {
			str_add_char(out, *word++);
			continue;
		}
		const struct piece piece = look_up(vars, name, len);
		*is_list |= piece.is_list;
		str_add(out, piece.value ? piece.value : "");
		word = end;
	}
}

/* COMPAT: alone, or as the end of a word; then every "=IMAGE" in it. NULL: not here. */
static char *bare_dup(const char *word, const char *name, const char *value)
{
	auto_free char *with = mem_printf("=%s", name);
	if (strcmp(word, name) == 0)
		return mem_strdup(value);
	if (!str_ends(word, with))
		return NULL;
	auto_str out = { 0 };
	for (const char *hit; (hit = strstr(word, with)); word = hit + strlen(with)) {
		str_add_mem(&out, word, (size_t)(hit - word));
		str_addf(&out, "=%s", value);
	}
	str_add(&out, word);
	return str_take(&out);
}

static void add_replaced(const char *word, const struct label_vars *vars, char ***ret)
{
	char *bare = bare_dup(word, "IMAGE", vars->image);
	if (!bare)
		bare = bare_dup(word, "NAME", vars->name);
	if (bare) {
		strv_add_take(ret, bare);
		return;
	}
	auto_str text = { 0 };
	bool is_list = false;
	expand(word, vars, &text, &is_list);
	const char *at = str_text(&text);
	if (!is_list && (*at || !*word))
		strv_add(ret, at);
	for (; is_list && *(at += strspn(at, blanks)); at += strcspn(at, blanks))
		strv_add_take(ret, mem_strndup(at, strcspn(at, blanks)));
}

int label_command_words(const char *text, const struct label_vars *vars, char *const *more, char ***ret, struct err *err)
{
	auto_strv raw = NULL;
	auto_strv words = NULL;
	if (split(text, &raw, err) < 0)
		return -1;
	strv_extend(&raw, more);
	for (char **word = raw; word && *word; word++)
		add_replaced(*word, vars, &words);
	if (!words || !**words)
		return err_set(err, ERR_USAGE, "the label names no program");
	*ret = take_ptr(words);
	return 0;
}

/* --- the label --- */

static const char *label_of(const struct image_config *config, const char *label)
{
	size_t len = strlen(label);
	for (char *const *row = config->run.labels; row && *row; row++)
		if (strncasecmp(*row, label, len) == 0 && (*row)[len] == '=' && (*row)[len + 1])
			return *row + len + 1;
	return NULL;
}

int label_command_find(struct engine *engine, const char *label, const char *word, char **ret_text, char **ret_image, char **ret_name,
		       struct err *err)
{
	auto_ptr(image) image = NULL;
	auto_val(image_config) config = { 0 };
	auto_free char *name = NULL;
	if (image_resolve(engine->store, word, &image, &name, err) < 0 || image_config_load(engine->store, image, &config, err) < 0)
		return -1;
	const char *text = label_of(&config, label);
	if (!text)
		return err_set(err, ERR_INVALID, "cannot find the value of label: %s in image: %s", label, word);
	const char *full = name ? name : image->names && *image->names ? *image->names : image->id, *last = path_base(full);
	*ret_text = mem_strdup(text);
	*ret_image = mem_strdup(full);
	*ret_name = mem_strndup(last, strcspn(last, ":@"));
	return 0;
}
