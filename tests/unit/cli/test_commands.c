/* The tree: what every row must keep, and how words find it. */
#include "cli/command.h"

#include "base/str.h"
#include "cli/help.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void check_flags(const char *command, const struct flag_group *groups)
{
	for (const struct flag_group *g = groups; g->rows; g++)
		for (size_t i = 0; i < g->count; i++) {
			const struct flag *f = &g->rows[i];
			const struct flag_group *group;
			if (!f->help || !*f->help)
				fail_msg("%s --%s has no help", command, f->name);
			if (flag_find(groups, f->name, &group) != f)
				fail_msg("%s --%s is there twice", command, f->name);
			if (f->letter && flag_find_letter(groups, f->letter, &group) != f)
				fail_msg("%s -%c is there twice", command, f->letter);
			if (!f->set && !f->size && !(f->bits & (FLAG_NOT_YET | FLAG_NO_EFFECT)))
				fail_msg("%s --%s is accepted and ignored", command, f->name);
			if ((f->bits & FLAG_NOT_YET) && !f->instead)
				fail_msg("%s --%s is refused without a way out", command, f->name);
			if (f->kind == FLAG_CHOICE && !f->choices)
				fail_msg("%s --%s has no choices", command, f->name);
		}
}

static void check_global_letters(const char *command, const struct flag_group *groups)
{
	for (const struct flag_group *g = groups; g->rows; g++)
		for (size_t i = 0; i < g->count; i++) {
			const struct flag_group *group;
			if (flag_find(global_flags_anywhere, g->rows[i].name, &group))
				fail_msg("%s --%s hides a global flag", command, g->rows[i].name);
		}
}

static unsigned walk(const struct command *parent)
{
	unsigned count = 0;
	for (const struct command *c = parent->children; c && c->name; c++, count++) {
		if (!c->summary || !*c->summary)
			fail_msg("'%s' has no summary", c->name);
		if (!c->use)
			fail_msg("'%s' has no usage", c->name);
		if (command_find(parent, c->name) != c)
			fail_msg("'%s' is there twice", c->name);
		if (c->verb) {
			assert_non_null(c->verb->about);
			assert_non_null(c->verb->groups);
			assert_non_null(c->verb->run);
			check_flags(c->name, c->verb->groups);
			check_global_letters(c->name, c->verb->groups);
		}
		count += c->children ? walk(c) : 0;
	}
	return count;
}

static void test_tree(void **state)
{
	(void)state;
	assert_true(walk(&commands_root) > 200);
	check_flags("", global_flags_anywhere);
	check_flags("", global_flags_root);
}

static void test_find(void **state)
{
	(void)state;
	const struct command *container = command_find(&commands_root, "container"), *image = command_find(&commands_root, "image");
	assert_ptr_equal(command_find(container, "ls"), command_find(container, "list"));
	assert_ptr_equal(command_find(container, "list")->verb, command_find(&commands_root, "ps")->verb);
	assert_ptr_equal(command_find(image, "rm")->verb, command_find(&commands_root, "rmi")->verb);
	assert_null(command_find(&commands_root, "rum"));
	assert_null(command_find(&commands_root, ""));
}

static void test_suggestions(void **state)
{
	(void)state;
	static const struct { const char *parent, *word, *near; } cases[] = {
		{ "", "conatiner", "\tcontainer\n" },	{ "", "cotainer", "\tcontainer\n" },
		{ "", "containers", "\tcontainer\n" },	{ "", "imagess", "\timage\n\timages\n" },
		{ "", "lgos", "\tlogs\n" },		{ "", "xxxxxxxx", "" },
		{ "", "rnu", "\trm\n\trun\n\trmi\n" },	{ "", "pp", "\tcp\n\tps\n\trm\n\ttop\n\tpod\n" },
		{ "", "RUN", "\trm\n\trun\n\trmi\n" },
		{ "", "im", "\tcp\n\tps\n\trm\n\timage\n\timport\n\timages\n\trmi\n" },
		{ "", "st", "\tcp\n\tps\n\trm\n\tstart\n\tstats\n\tstop\n" },
		{ "container", "rnu", "" },		{ "system", "prun", "\tprune\n" },
		{ "image", "lss", "" },			{ "volume", "ex", "\texists\n\texport\n" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		auto_free char *near = command_suggest_dup(*cases[i].parent ? command_find(&commands_root, cases[i].parent) : &commands_root,
							    cases[i].word);
		assert_string_equal(near, cases[i].near);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_tree), cmocka_unit_test(test_find), cmocka_unit_test(test_suggestions) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
