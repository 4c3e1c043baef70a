/* The manual: docs/commands is what the program writes, each verb has examples, and each example is read by the program's own flags.
 * `make docs` writes docs/commands again; read the diff. */
#include "cli/docgen.h"
#include "cli/examples.h"

#include "base/file.h"
#include "base/str.h"
#include "cli/help.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>

/* --- docs/commands --- */

static int compare(void *ctx, const char *file, const struct str *text, struct err *err)
{
	auto_free char *path = mem_printf("%s/%s", getenv("DOCS_DIR"), file);
	auto_free char *there = NULL;
	size_t len;
	(void)err;
	if (file_read(AT_FDCWD, path, 1 << 20, &there, &len) < 0)
		fail_msg("%s is missing: make docs", path);
	if (strcmp(there, str_text(text)) != 0)
		fail_msg("%s is not what the program writes: make docs", path);
	strv_add(ctx, file);
	return 0;
}

static void test_markdown(void **state)
{
	(void)state;
	struct err err = { 0 };
	auto_strv files = NULL;
	assert_int_equal(docgen_each("cpod", DOCGEN_MARKDOWN, compare, &files, &err), 0);
	assert_true(strv_len(files) > 60);
	DIR *dir = opendir(getenv("DOCS_DIR"));
	assert_non_null(dir);
	for (struct dirent *e; (e = readdir(dir));)
		if (e->d_name[0] != '.' && !strv_has(files, e->d_name))
			fail_msg("docs/commands/%s is of no command: make docs", e->d_name);
	closedir(dir);
}

/* --- man pages: mandoc and groff read them in manual.bats --- */

struct man_seen {
	char **files, **leads;
	bool run;
};

static int look(void *ctx, const char *file, const struct str *text, struct err *err)
{
	struct man_seen *seen = ctx;
	const char *lead = str_after(str_text(text), ".so man1/");
	(void)err;
	assert_true(str_ends(file, ".1"));
	strv_add(&seen->files, file);
	if (lead) {
		auto_free char *to = mem_strndup(lead, strcspn(lead, "\n"));
		strv_add(&seen->leads, to);
		return 0;
	}
	const char *examples = strstr(text->data, ".SH EXAMPLES"), *options = strstr(text->data, ".SH OPTIONS");
	assert_non_null(strstr(text->data, ".SH NAME"));
	assert_non_null(strstr(text->data, ".SH EXIT STATUS"));
	if (examples && options)
		assert_true(examples < options);
	if (strcmp(file, "podman-run.1") == 0) {
		assert_non_null(strstr(text->data, "\\fBpodman run\\fR [options] IMAGE"));
		assert_non_null(strstr(text->data, "\\fB\\-\\-pull\\fR \\fI"));
		assert_null(strstr(text->data, "cpod run"));
		seen->run = true;
	}
	return 0;
}

static void test_man(void **state)
{
	(void)state;
	struct err err = { 0 };
	struct man_seen seen = { 0 };
	assert_int_equal(docgen_each("podman", DOCGEN_MAN, look, &seen, &err), 0);
	assert_true(seen.run);
	assert_true(strv_has(seen.files, "podman.1"));
	assert_true(strv_has(seen.files, "podman-container-rm.1"));
	assert_true(strv_has(seen.leads, "podman-rm.1"));
	assert_false(strv_has(seen.files, "podman-__man.1"));
	for (char **lead = seen.leads; *lead; lead++)
		assert_true(strv_has(seen.files, *lead));
	strv_free(seen.files);
	strv_free(seen.leads);
}

static int refuse(void *ctx, const char *file, const struct str *text, struct err *err)
{
	(void)ctx, (void)text;
	return err_set(err, ERR_DENIED, "not %s", file);
}

static void test_failure(void **state)
{
	(void)state;
	struct err err = { 0 };
	assert_int_equal(docgen_each("cpod", DOCGEN_MAN, refuse, NULL, &err), -1);
	assert_string_equal(err.text, "not cpod.1");
}

/* --- examples --- */

static const char *skip_name(const char *text, char **ret)
{
	size_t len = strcspn(text, " \"'");
	*ret = mem_strndup(text, len);
	return text + len;
}

/* Words as a shell splits them, as far as the examples go; up to what is not the command's: > < | & and what follows. */
static char **split(const char *text)
{
	char **words = NULL;
	while (*text && !strchr("<>|&", *text)) {
		auto_str word = { 0 };
		if (*text == ' ') {
			text++;
			continue;
		}
		while (*text && *text != ' ') {
			char quote = *text == '"' || *text == '\'' ? *text : 0;
			if (quote) {
				const char *end = strchr(text + 1, quote);
				assert_non_null(end);
				str_add_mem(&word, text + 1, (size_t)(end - text - 1));
				text = end + 1;
			} else {
				auto_free char *part = NULL;
				text = skip_name(text, &part);
				str_add(&word, part);
			}
		}
		strv_add(&words, str_text(&word));
	}
	if (!words)
		words = mem_array(1, sizeof(*words));
	return words;
}

static void try_verb(const struct command *c, char **words, const char *example)
{
	const struct verb *v = c->verb;
	const struct flag_line line = { .groups = v->groups, .globals = global_flags_anywhere, .stop_at_first = v->stop_at_first, .raw = v->raw };
	auto_val(flag_words) seen = { 0 };
	auto_free void *values = mem_alloc(v->values_size + 1);
	struct cli_globals globals = { 0 };
	struct err err = { 0 };
	if (v->init)
		v->init(values);
	if (flag_parse(&line, words, &seen, &err) < 0 || flag_apply(&line, &seen, values, &globals, &err) < 0 ||
	    command_check_args(c, c->name, seen.rest_count, &err) < 0)
		fail_msg("the example '%s' of %s does not read: %s", example, c->name, err.text);
	if (v->done)
		v->done(values);
	else
		flag_values_done(v->groups, values);
	flag_values_done(line.globals, &globals);
}

/* "% run …": the words say the command */
static void try_line(const char *text)
{
	auto_strv words = split(text);
	const struct command *c = &commands_root;
	char **at = words;
	while (c && c->children && *at)
		c = command_find(c, *at++);
	if (!c || !c->verb)
		fail_msg("the example '%% %s' names no command that is done", text);
	try_verb(c, at, text);
}

static void try_examples(const struct command *c)
{
	for (size_t i = 0; i < examples_count; i++) {
		const struct example *e = &examples_rows[i];
		if (e->verb != c->verb)
			continue;
		assert_true(*e->what && !str_ends(e->what, "."));
		assert_int_equal(e->words[0], '@');
		auto_strv words = split(e->words + 1);
		try_verb(c, words, e->words);
		const char *second = strstr(e->words, "|| % ");
		if (second)
			try_line(second + strlen("|| % "));
	}
}

static bool has_example(const struct verb *verb)
{
	for (size_t i = 0; i < examples_count; i++)
		if (examples_rows[i].verb == verb)
			return true;
	return false;
}

static void walk(const struct command *parent)
{
	for (const struct command *c = parent->children; c && c->name; c++) {
		walk(c);
		if (!c->verb || str_starts(c->name, "__"))
			continue;
		if (!has_example(c->verb))
			fail_msg("'%s' has no example: add a row to src/cli/examples.c", c->name);
		try_examples(c);
	}
}

static void test_examples(void **state)
{
	(void)state;
	walk(&commands_root);
	for (size_t i = 0; i < examples_count; i++) {
		const char *words = str_after(examples_rows[i].words, "% ");
		if (!examples_rows[i].verb) {
			assert_non_null(words);
			try_line(words);
		}
		if (i && strcmp(examples_rows[i].words, examples_rows[i - 1].words) == 0 && examples_rows[i].verb == examples_rows[i - 1].verb)
			fail_msg("the example '%s' is there twice", examples_rows[i].words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_markdown), cmocka_unit_test(test_man), cmocka_unit_test(test_failure),
					    cmocka_unit_test(test_examples) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
