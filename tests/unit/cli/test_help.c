/* --help of every done command, byte for byte as recorded in tests/golden/help.
 * GOLDEN_UPDATE=1 meson test -C build cli-help writes the files again; read the diff. */
#include "cli/help.h"

#include "base/file.h"
#include "base/str.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>

static unsigned compared;

static void compare(const char *path, const struct command *command)
{
	auto_str text = { 0 };
	help_write(&text, "cpod", path, command);
	auto_free char *name = mem_strdup(path);
	for (char *p = name; *p; p++)
		*p = *p == ' ' ? '-' : *p;
	auto_free char *file = mem_printf("%s/%s.txt", getenv("GOLDEN_DIR"), name);
	if (getenv("GOLDEN_UPDATE")) {
		assert_int_equal(file_write(AT_FDCWD, file, 0644, text.data, text.len, 0), 0);
		return;
	}
	auto_free char *golden = NULL;
	size_t len;
	if (file_read(AT_FDCWD, file, 1 << 20, &golden, &len) < 0)
		fail_msg("%s is missing: GOLDEN_UPDATE=1 records it", file);
	assert_string_equal(str_text(&text), golden);
	compared++;
}

static void walk(const char *path, const struct command *command)
{
	if (command_is_done(command))
		compare(path, command);
	for (const struct command *c = command->children; c && c->name; c++) {
		auto_free char *below = mem_printf("%s %s", path, c->name);
		bool any = c->verb != NULL;
		for (const struct command *d = c->children; d && d->name; d++)
			any |= d->verb != NULL;
		if (any)
			walk(below, c);
	}
}

static void test_golden(void **state)
{
	(void)state;
	assert_non_null(getenv("GOLDEN_DIR"));
	walk("cpod", &commands_root);
	assert_true(getenv("GOLDEN_UPDATE") || compared > 50);
}

static void test_program_name(void **state)
{
	(void)state;
	auto_str text = { 0 };
	const struct command *image = command_find(&commands_root, "image");
	help_write(&text, "docker", "docker image exists", command_find(image, "exists"));
	assert_non_null(strstr(text.data, "  docker image exists IMAGE\n"));
	assert_non_null(strstr(text.data, "  docker image exists alpine || docker pull alpine\n"));
}

static void test_not_done(void **state)
{
	(void)state;
	auto_str text = { 0 };
	help_write(&text, "cpod", "cpod build", command_find(&commands_root, "build"));
	assert_non_null(strstr(text.data, "This command is not done yet."));
	assert_non_null(strstr(text.data, "Usage:\n  cpod build [options] [CONTEXT]\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_golden), cmocka_unit_test(test_program_name), cmocka_unit_test(test_not_done) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
