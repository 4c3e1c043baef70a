/* Completion: what the tables offer, and that the program takes what is offered. Names of objects: completion.bats. */
#include "cli/complete_priv.h"
#include "cli/verbs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

/* what is offered after the words, which stand between blanks; '_' is the empty word */
static char *ask_dup(const char *line, bool plain)
{
	auto_str out = { 0 };
	struct cli cli = { .program = "cpod", .globals.root = mem_strdup("/nonexistent") };
	auto_strv words = strv_split(line, ' ');
	for (char **word = words; word && *word; word++)
		if (strcmp(*word, "_") == 0)
			**word = 0;
	complete_write(&out, &cli, words, plain);
	flag_values_done(global_flags_root, &cli.globals);
	flag_values_done(global_flags_anywhere, &cli.globals);
	return str_take(&out);
}

static const struct {
	const char *line, *offers;
} cases[] = {
	{ "vol", "volume\n:4\n" },
	{ "volume ex", "exists\nexport\n:4\n" },
	{ "container li", "list\n:4\n" },
	{ "nosuch _", ":0\n" },
	{ "ps --nosuch _", ":0\n" },
	{ "comple", ":4\n" }, /* hidden */
	{ "__comp", ":4\n" },
	{ "completion _", "bash\nzsh\nfish\n:4\n" },
	{ "help image tr", "tree\ntrust\n:4\n" },
	{ "help _ _", ":4\n" },
	/* flags */
	{ "run --pull", "--pull\n:4\n" },
	{ "ps --al", "--all\n:4\n" },
	{ "ps -a --al", ":4\n" },
	{ "ps -f", "-f\n:4\n" },
	{ "run --rm --label x=y --label-f", "--label-file\n:4\n" },
	{ "run --label a --lab", "--label\n--label-file\n:4\n" },
	{ "--log-l", "--log-level\n:4\n" },
	{ "rm --help -", NULL },
	/* their values */
	{ "run --pull _", "always\nmissing\nnever\nnewer\n:4\n" },
	{ "run --pull=n", "never\nnewer\n:4\n" },
	{ "--log-level pan", "panic\n:4\n" },
	{ "--log-level debug run --pull a", "always\n:4\n" },
	{ "ps --log-level=war", "warn\nwarning\n:4\n" },
	{ "ps --sort c", "command\ncreated\n:4\n" },
	{ "images --sort _", "created\nid\nrepository\nsize\ntag\n:4\n" },
	{ "ps --filter sta", "status=\n:6\n" },
	{ "ps --filter status=p", "status=paused\n:4\n" },
	{ "ps --filter=status=p", "status=paused\n:4\n" },
	{ "ps -f status=ex", "status=exited\n:4\n" },
	{ "volume ls --filter d", "dangling=\ndriver=\n:6\n" },
	{ "volume prune --filter _", "label=\nlabel!=\nuntil=\n:6\n" },
	{ "run --network con", "container:\n:6\n" },
	{ "run --network container:x", ":4\n" },
	{ "run --name _", ":4\n" },
	{ "start --attach=_", ":4\n" }, /* "_" here is a letter */
	{ "start --attach=t", "true\n:4\n" },
	{ "run --env-file _", ":0\n" },
	{ "run -v /e", ":2\n" },
	{ "kill -s TE", "TERM\n:4\n" },
	{ "kill --signal SIGTE", "SIGTERM\n:4\n" },
	{ "save --format oci", "oci-archive\noci-dir\n:4\n" },
	{ "ps --format j", "json\n:4\n" },
	{ "ps --format {{.Na", "{{.Names}}\n{{.Namespaces.\n:6\n" },
	{ "ps --format {{.ID}}:{{.Name", "{{.ID}}:{{.Names}}\n{{.ID}}:{{.Namespaces.\n:6\n" },
	{ "ps --format {{.Por", "{{.Ports}}\n:4\n" },
	{ "volume ls --format {{.Sc", "{{.Scope}}\n:4\n" },
	/* words */
	{ "top x pid _", NULL },
	{ "top x pi", "pid\n:4\n" },
	{ "top x pid pi", ":4\n" },
	{ "run image _", ":0\n" },
	{ "run image --pu", ":0\n" },
	{ "run -- --pu", ":4\n" },
	{ "rm _", ":4\n" }, /* no store, no names */
	{ "import _", ":0\n" },
	{ "import file _", ":4\n" },
	{ "info _", ":4\n" },
	{ "config show containers.dns_se", "containers.dns_searches\ncontainers.dns_servers\n:4\n" },
	{ "_", NULL },
	{ "", NULL },
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		auto_free char *got = ask_dup(cases[i].line, true);
		if (cases[i].offers && strcmp(got, cases[i].offers) != 0)
			fail_msg("'%s' gives '%s', not '%s'", cases[i].line, got, cases[i].offers);
	}
}

static void test_descriptions(void **state)
{
	(void)state;
	auto_free char *commands = ask_dup("vol", false), *flag = ask_dup("run --secre", false), *twice = ask_dup("ps -", true);
	assert_string_equal(commands, "volume\tManage volumes\n:4\n");
	assert_true(str_starts(flag, "--secret\t"));
	assert_non_null(strstr(twice, "--all\n-a\n"));
}

/* --- the tables --- */

typedef void (*each_fn)(const struct command *command, void *ctx);
static void each_command(const struct command *parent, each_fn fn, void *ctx)
{
	for (const struct command *c = parent->children; c && c->name; c++) {
		if (c->verb)
			fn(c, ctx);
		each_command(c, fn, ctx);
	}
}

static bool is_ctr(unsigned kind)
{
	return (kind >= WORD_CTR && kind <= WORD_CTR_IMAGE) || kind == WORD_OBJECT;
}

static void check_takes(const struct command *c, void *ctx)
{
	static const struct { const char *use; enum word_kind kind; } nouns[] = { { "VOLUME", WORD_VOLUME }, { "IMAGE", WORD_IMAGE } };
	const uint8_t *takes = c->takes;
	(void)ctx;
	if (strstr(c->use, "CONTAINER") && !is_ctr(takes[0]))
		fail_msg("'%s %s' offers no containers", c->name, c->use);
	for (size_t i = 0; i < ARRAY_LEN(nouns); i++) {
		bool offers = false;
		for (size_t n = 0; n < ARRAY_LEN(c->takes); n++)
			offers |= takes[n] == nouns[i].kind || takes[n] == WORD_OBJECT || takes[n] == WORD_LIST || takes[n] == WORD_CTR_IMAGE;
		if (strstr(c->use, nouns[i].use) && !offers)
			fail_msg("'%s %s' offers none of %s", c->name, c->use, nouns[i].use);
	}
	if (strstr(c->use, "...") && takes[0] != WORD_NONE && c->verb->args != VERB_EXACT && takes[2] == WORD_NONE)
		fail_msg("'%s %s' offers nothing for the words that follow", c->name, c->use);
	for (size_t n = 0; n < ARRAY_LEN(c->takes); n++)
		if (takes[n] >= WORD_KIND_COUNT)
			fail_msg("'%s' takes what there is not", c->name);
}

static void test_takes(void **state)
{
	(void)state;
	each_command(&commands_root, check_takes, NULL);
}

struct tried {
	const struct complete_row *row;
	bool found;
};

/* the verb's own parser takes the word */
static void try_word(const struct command *c, const struct flag_line *line, const char *flag, const char *word)
{
	auto_free char *text = mem_printf("--%s=%s", flag, word);
	char *argv[] = { text, NULL };
	auto_val(flag_words) words = { 0 };
	struct cli_globals globals = { 0 };
	auto_free void *values = mem_alloc(c->verb->values_size + 1);
	struct err err = { 0 };
	if (c->verb->init)
		c->verb->init(values);
	if (flag_parse(line, argv, &words, &err) < 0 || flag_apply(line, &words, values, &globals, &err) < 0)
		fail_msg("'%s' does not take the %s it offers: %s", c->name, text, err.text);
	if (c->verb->done)
		c->verb->done(values);
	else
		flag_values_done(line->groups, values);
	flag_values_done(line->globals, &globals);
}

static void try_row(const struct command *c, void *ctx)
{
	struct tried *tried = ctx;
	const struct complete_row *row = tried->row;
	const struct flag_line line = { .groups = c->verb->groups, .globals = global_flags_anywhere };
	const struct flag_group *group;
	if (row->verb && row->verb != c->verb)
		return;
	const struct flag *flag = flag_find(line.groups, row->flag, &group);
	if (!flag)
		flag = flag_find(line.globals, row->flag, &group);
	if (!flag)
		flag = flag_find(global_flags_root, row->flag, &group);
	if (!flag || flag->kind == FLAG_BOOL)
		return;
	tried->found = true;
	auto_strv words = row->words && !row->more && (row->verb || !row->after) ? strv_split(row->words, ',') : NULL;
	for (char **word = words; word && *word; word++)
		if (!str_ends(*word, "=") && !str_ends(*word, ":"))
			try_word(c, &line, row->flag, *word);
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < complete_value_count; i++) {
		struct tried tried = { .row = &complete_value_rows[i] };
		each_command(&commands_root, try_row, &tried);
		if (!tried.found)
			fail_msg("a row offers values of --%s, which no such command has", tried.row->flag);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases), cmocka_unit_test(test_descriptions), cmocka_unit_test(test_takes),
					    cmocka_unit_test(test_rows) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
