/* test_label_command.c - labels that are commands, and the words they come to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/label_command.h"

/* Words are joined by '|'. */
static const struct row {
	const char *label, *words;
} rows[] = {
	{ "podman run IMAGE", "podman|run|reg/i:1" },
	{ "  podman\trun \n x ", "podman|run|x" },
	{ "p 'a  b' \"c d\" e\\ f", "p|a  b|c d|e f" },
	{ "p '' \"\" x''y", "p|||xy" },
	{ "p \"a\\\"b\\\\c\" 'a\\b'", "p|a\"b\\c|a\\b" },
	{ "p 'a'\"b\"c\\d", "p|abcd" },
	{ "p a\\", "p|a\\" },
	{ "p # a comment\nq", "p|q" },
	{ "p a#b", "p|a#b" },
	{ "p $(id) `id` ; | > & * ~", "p|$(id)|`id`|;|||>|&|*|~" },
	{ "p $IMAGE ${IMAGE} x${NAME}y $NAME_1 x$IMAGEy", "p|reg/i:1|reg/i:1|xweby|web_1|xreg/i:1y" },
	{ "p IMAGE NAME =IMAGE a=NAME a=IMAGE=NAME =IMAGE=IMAGE", "p|reg/i:1|web|=reg/i:1|a=web|a=IMAGE=web|=reg/i:1=reg/i:1" },
	{ "p xIMAGE IMAGEx IMAGE= =NAMEx", "p|xIMAGE|IMAGEx|IMAGE=|=NAMEx" },
	{ "p $PWD/x ${HOME}", "p|/a dir/x|/home/me" },
	{ "p $PATH ${SECRET} x=$LOGNAME $", "p|x=|$" },
	{ "p ${NOT", "p|${NOT" },
	{ "p ${} $1 $$", "p|${}|$$" },
	{ "p $OPT1 a$OPT1 \"$OPT2\" $OPT3 OPT1", "p|-e|x|a-e|x|y|OPT1" },
	{ "p '$NAME'", "p|web" },
};

static const struct label_vars vars = {
	.image = "reg/i:1", .name = "web", .pwd = "/a dir", .home = "/home/me", .opts = { "-e  x", "y", NULL },
};

static void test_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct err err = { 0 };
		auto_strv words = NULL;
		if (label_command_words(rows[i].label, &vars, NULL, &words, &err) < 0)
			fail_msg("%s: %s", rows[i].label, err.text);
		auto_free char *text = strv_join(words, "|");
		if (strcmp(text, rows[i].words) != 0)
			fail_msg("%s: is %s, should be %s", rows[i].label, text, rows[i].words);
	}
}

static void test_more(void **state)
{
	auto_strv more = strv_split("IMAGE,a  b,-x", ',');
	struct err err = { 0 };
	auto_strv words = NULL;
	(void)state;
	assert_int_equal(label_command_words("p", &vars, more, &words, &err), 0);
	auto_free char *text = strv_join(words, "|");
	assert_string_equal(text, "p|reg/i:1|a  b|-x");
}

static void test_wrong(void **state)
{
	static const struct { const char *label; enum err_kind kind; } wrong[] = {
		{ "", ERR_USAGE }, { " \t ", ERR_USAGE }, { "\"\" x", ERR_USAGE }, { "# all of it", ERR_USAGE }, { "$NOSUCH", ERR_USAGE },
		{ "p 'open", ERR_INVALID }, { "p \"open\\\"", ERR_INVALID }, { "'", ERR_INVALID },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct err err = { 0 };
		auto_strv words = NULL;
		assert_int_equal(label_command_words(wrong[i].label, &vars, NULL, &words, &err), -1);
		assert_int_equal(err.kind, wrong[i].kind);
		assert_null(words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_words), cmocka_unit_test(test_more), cmocka_unit_test(test_wrong) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
