/* test_conf_alias.c - what was chosen for short names, in a file of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/str.h"
#include "config/conf_alias.h"
#include "config/conf_registries.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/cpod-test-alias-XXXXXX";

static int make_dir(void **state)
{
	if (!mkdtemp(dir))
		return -1;
	setenv("XDG_CACHE_HOME", dir, 1);
	/* an ordinary user's root: his file, not the host's */
	setenv("CPOD_ROOTLESS_UID", "1000", 1);
	return 0;
}

static int remove_dir(void **state)
{
	return file_remove_tree(AT_FDCWD, dir);
}

static char *path_dup(void)
{
	return mem_printf("%s/containers/short-name-aliases.conf", dir);
}

static void put(const char *text)
{
	auto_free char *path = path_dup();

	assert_int_equal(file_write(AT_FDCWD, path, 0600, text, strlen(text), 0), 0);
}

static void remember(const char *name, const char *stands_for, const char *want)
{
	auto_free char *path = path_dup(), *text = NULL;
	struct err err = { 0 };
	struct stat st;
	size_t len;

	if (conf_alias_remember(name, stands_for, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(file_read(AT_FDCWD, path, 4096, &text, &len), 0);
	assert_string_equal(text, want);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void test_remember(void **state)
{
	auto_val(conf_names) names = { 0 };
	struct err err = { 0 };

	remember("team/img", "a.io/team/img", "[aliases]\n  \"team/img\" = \"a.io/team/img\"\n");
	remember("x", "b.io/x", "[aliases]\n  \"team/img\" = \"a.io/team/img\"\n  x = \"b.io/x\"\n");
	remember("x", "c.io:5000/x", "[aliases]\n  \"team/img\" = \"a.io/team/img\"\n  x = \"c.io:5000/x\"\n");
	assert_int_equal(conf_registries_names("x", "x", &names, &err), 0);
	assert_true(names.is_alias);
	assert_string_equal(names.names[0], "c.io:5000/x");
}

/* What others wrote comes out with the same meaning, whatever they quoted. */
static void test_kept(void **state)
{
	put("other = 1\n[aliases]\n'lit\\eral' = 'q.io/\"'\n\"tab\\there\" = \"q.io/\\u00e9\"\nnone = \"\"\n");
	remember("x", "b.io/x", "[aliases]\n  \"lit\\\\eral\" = \"q.io/\\\"\"\n  \"tab\\there\" = \"q.io/\xc3\xa9\"\n  none = \"\"\n  x = \"b.io/x\"\n");
}

static void test_broken(void **state)
{
	auto_free char *path = path_dup(), *text = NULL;
	struct err err = { 0 };
	size_t len;

	put("[aliases\n");
	assert_true(conf_alias_remember("x", "b.io/x", &err) < 0);
	assert_true(err_is(&err, ERR_INVALID) && strstr(err.text, "short-name-aliases.conf"));
	assert_int_equal(file_read(AT_FDCWD, path, 4096, &text, &len), 0);
	assert_string_equal(text, "[aliases\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_remember), cmocka_unit_test(test_kept), cmocka_unit_test(test_broken) };
	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
