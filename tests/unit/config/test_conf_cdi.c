/* test_conf_cdi.c - CDI: names, specifications that are none, whose device is whose. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/str.h"
#include "config/conf_cdi.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static char dir[] = "/tmp/cpod-test-cdi-XXXXXX";

static int make_dir(void **state)
{
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	return file_remove_tree(AT_FDCWD, dir);
}

static void write_file(const char *below, const char *name, const char *text)
{
	auto_free char *path = mem_printf("%s/%s", dir, below);

	assert_true(file_mkdirs(AT_FDCWD, path, 0700) >= 0);
	auto_free char *file = mem_printf("%s/%s", path, name);
	assert_int_equal(file_write(AT_FDCWD, file, 0600, text, strlen(text), 0), 0);
}

static void test_names(void **state)
{
	static const char *const good[] = { "v.com/c=a", "v_1.com/c_2-x=a:b", "vendor/class=0" };
	static const char *const bad[] = { "", "=", "/=", "v.com/c", "v.com/c=", "/dev/v/c=a", "v.com/c/d=a", "1v/c=a", "v-/c=a", "v/c=-a", "v/c=a b", "v/c=a=b" };

	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		if (!conf_cdi_is_name(good[i]))
			fail_msg("'%s' is none", good[i]);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (conf_cdi_is_name(bad[i]))
			fail_msg("'%s' is one", bad[i]);
}

#define SPEC(version, rest) "{\"cdiVersion\":\"" version "\",\"kind\":\"v.com/c\"," rest "}"
#define DEVICE(edits) "\"devices\":[{\"name\":\"a\",\"containerEdits\":{" edits "}}]"

static void test_documents(void **state)
{
	static const struct {
		const char *text;
		bool good;
	} rows[] = {
		{ SPEC("0.3.0", DEVICE("\"env\":[\"A=1\"]")), true },
		{ SPEC("1.0.0", DEVICE("\"additionalGids\":[1,4294967294]")), true },
		{ SPEC("0.6.0", DEVICE("\"hooks\":[{\"hookName\":\"poststop\",\"path\":\"/x\",\"timeout\":3}]")), true },
		{ SPEC("0.6.0", DEVICE("\"hooks\":[{\"hookName\":\"never\",\"path\":\"/x\"}]")), false },
		{ SPEC("0.6.0", DEVICE("\"additionalGids\":[1]")), false },
		{ SPEC("1.0.0", DEVICE("\"additionalGids\":[-1]")), false },
		{ SPEC("1.0.0", DEVICE("\"additionalGids\":[4294967295]")), false },
		{ SPEC("1.0.0", DEVICE("\"additionalGids\":{}")), false },
		{ SPEC("0.3.0", DEVICE("\"env\":[\"=1\"]")), false },
		{ SPEC("0.3.0", DEVICE("\"env\":[7]")), false },
		{ SPEC("0.3.0", DEVICE("\"other\":1")), false },
		{ SPEC("0.3.0", DEVICE("")), false },
		{ SPEC("0.3.0", "\"devices\":[]"), false },
		{ SPEC("7.0.0", DEVICE("\"env\":[\"A=1\"]")), false },
		{ SPEC("0.3.0", DEVICE("\"deviceNodes\":[{\"path\":\"/dev/x\",\"permissions\":\"x\"}]")), false },
		{ SPEC("0.3.0", DEVICE("\"mounts\":[{\"hostPath\":\"/x\"}]")), false },
		{ "[]", false }, { "{}", false }, { "", false }, { "null", false },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct err err = { 0 };
		int rc = conf_cdi_parse(rows[i].text, strlen(rows[i].text), false, &err);
		if ((rc == 0) != rows[i].good)
			fail_msg("%s: %s", rows[i].text, err.text);
	}
}

static void test_yaml(void **state)
{
	static const char text[] = "cdiVersion: 0.5.0\nkind: v.com/c\ndevices:\n- name: dev\n  containerEdits:\n    env: [A=1]\n";
	struct err err = { 0 };

	if (conf_cdi_parse(text, strlen(text), true, &err) < 0 && err.kind != ERR_UNSUPPORTED)
		fail_msg("%s", err.text);
}

/* What a later directory says of a device counts; two files of one directory do not agree. */
static void test_directories(void **state)
{
	auto_free char *first = mem_printf("%s/1", dir), *second = mem_printf("%s/2", dir);
	char *const dirs[] = { first, second, NULL }, *const one[] = { first, NULL };
	char *names[] = { (char *)"v.com/c=a", NULL };
	auto_val(conf_cdi) cdi = { 0 }, twice = { 0 };
	struct err err = { 0 };

	write_file("1", "x.json", SPEC("0.3.0", "\"containerEdits\":{\"env\":[\"ALL=1\"]}," DEVICE("\"env\":[\"A=1\"]")));
	write_file("1", "y.json", SPEC("0.3.0", DEVICE("\"env\":[\"A=2\"]")));
	write_file("1", "z.json", "{");
	write_file("1", "z.txt", "not read");
	assert_int_equal(conf_cdi_load(one, names, &twice, &err), -1);
	assert_non_null(strstr(err.text, "unresolvable CDI devices v.com/c=a"));
	err_clear(&err);
	write_file("2", "x.json", SPEC("0.3.0", DEVICE("\"env\":[\"A=3\"]")));
	if (conf_cdi_load(dirs, names, &cdi, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(cdi.edit_count, 2);
	assert_null(cdi.edits[0]->env);
	assert_string_equal(cdi.edits[1]->env[0], "A=3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_documents),
		cmocka_unit_test(test_yaml),
		cmocka_unit_test(test_directories),
	};
	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
