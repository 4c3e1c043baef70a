/* test_conf_containers.c - the files of containers.conf, merged: from a directory of their own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/str.h"
#include "config/conf_containers.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static char dir[] = "/tmp/cpod-test-containers-XXXXXX";

static int make_dir(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	auto_free char *conf = mem_printf("%s/containers/containers.conf.d", dir), *modules = mem_printf("%s/containers/containers.conf.modules", dir);
	setenv("XDG_CONFIG_HOME", dir, 1);
	unsetenv("CONTAINERS_CONF");
	return file_mkdirs(AT_FDCWD, conf, 0700) < 0 || file_mkdirs(AT_FDCWD, modules, 0700) < 0 ? -1 : 0;
}

static int remove_dir(void **state)
{
	(void)state;
	return file_remove_tree(AT_FDCWD, dir);
}

static char *put(const char *name, const char *text)
{
	char *path = mem_printf("%s/containers/%s", dir, name);

	assert_int_equal(file_write(AT_FDCWD, path, 0600, text, strlen(text), 0), 0);
	return path;
}

static void read_ok(struct conf_containers *conf, char *const *modules)
{
	struct err err = { 0 };

	if (conf_containers_read(&(struct conf_containers_opts){ .uid = 1000, .modules = modules }, conf, &err) < 0)
		fail_msg("%s", err.text);
}

static void expect(const struct conf_containers *conf, const char *name, const char *joined, unsigned line)
{
	const struct conf_value *value = conf_containers_find(conf, name);

	assert_non_null(value);
	auto_free char *text = strv_join(value->words, "|");
	assert_string_equal(text ? text : "", joined);
	assert_int_equal(value->line, line);
}

static void test_table(void **state)
{
	(void)state;
	for (const struct conf_key *key = conf_containers_keys; key->name; key++) {
		assert_ptr_equal(conf_containers_key(key->name), key);
		if (key[1].name)
			assert_true(strcmp(key->name, key[1].name) < 0);
		assert_int_equal(key->use == CONF_USED, key->why == NULL);
	}
	assert_null(conf_containers_key("containers.nonsense"));
}

static void test_later_wins(void **state)
{
	(void)state;
	auto_val(conf_containers) conf = { 0 };
	auto_free char *main_path = put("containers.conf", "[containers]\n# a comment\ntz = \"UTC\"\npids_limit = 7\ninit = true\nenv = [\"A=1\"]\n");
	auto_free char *a = put("containers.conf.d/a.conf", "[containers]\ntz = \"Europe/Rome\"\n\nenv = [\"B=2\", {append=true}]\n");
	auto_free char *b = put("containers.conf.d/b.conf", "containers.env = [\"C=3\"]\n[secrets.opts]\npath = \"/x\"\nmore = [\"p\", \"q\"]\n");
	read_ok(&conf, NULL);
	expect(&conf, "containers.tz", "Europe/Rome", 2);
	expect(&conf, "containers.pids_limit", "7", 4);
	expect(&conf, "containers.init", "true", 5);
	expect(&conf, "containers.env", "A=1|B=2|C=3", 1);
	expect(&conf, "secrets.opts", "path=/x|more=p,q", 2);
	assert_string_equal(conf_containers_find(&conf, "containers.tz")->file, a);
	assert_string_equal(conf_containers_find(&conf, "containers.pids_limit")->file, main_path);
	assert_string_equal(conf_containers_word(&conf, "containers.umask", "none"), "none");
	assert_true(strv_len(conf.files) >= 3); /* the host may have one, too */
	assert_int_equal(unlink(a) + unlink(b) + unlink(main_path), 0);
}

/* The example of containers.conf(5). */
static void test_append(void **state)
{
	(void)state;
	static const char *const texts[] = { "env=[\"1=true\"]", "env=[\"2=true\"]", "env=[\"3=true\", {append=true}]", "env=[\"4=true\"]", "env=[\"5=true\", {append=false}]" };
	auto_strv modules = NULL;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		auto_free char *name = mem_printf("containers.conf.modules/m%zu", i), *text = mem_printf("[containers]\n%s\n", texts[i]);
		free(put(name, text));
		strv_addf(&modules, "m%zu", i);
		auto_val(conf_containers) conf = { 0 };
		read_ok(&conf, modules);
		expect(&conf, "containers.env", (const char *const[]){ "1=true", "2=true", "2=true|3=true", "2=true|3=true|4=true", "5=true" }[i], 2);
	}
}

static void test_variables(void **state)
{
	(void)state;
	auto_free char *ignored = put("containers.conf", "[containers]\ntz = \"UTC\"\n");
	auto_free char *instead = put("x", "[containers]\numask = \"0077\"\npids_limit = 1\n"), *last = put("y", "[containers]\npids_limit = 2\n");
	setenv("CONTAINERS_CONF", instead, 1);
	setenv("CONTAINERS_CONF_OVERRIDE", last, 1);
	auto_val(conf_containers) conf = { 0 };
	read_ok(&conf, NULL);
	assert_null(conf_containers_find(&conf, "containers.tz"));
	expect(&conf, "containers.umask", "0077", 2);
	expect(&conf, "containers.pids_limit", "2", 2);
	unsetenv("CONTAINERS_CONF");
	unsetenv("CONTAINERS_CONF_OVERRIDE");
	assert_int_equal(unlink(ignored), 0);
}

static void refused(const char *text, const char *sentence)
{
	auto_val(conf_containers) conf = { 0 };
	struct err err = { 0 };
	auto_free char *path = put("z", text);

	setenv("CONTAINERS_CONF", path, 1);
	assert_int_equal(conf_containers_read(&(struct conf_containers_opts){ 0 }, &conf, &err), -1);
	if (!strstr(err.text, path) || !strstr(err.text, sentence))
		fail_msg("%s", err.text);
	unsetenv("CONTAINERS_CONF");
}

static void test_wrong(void **state)
{
	(void)state;
	refused("[containers]\n\npids_limit = \"x\"\n", ":3: containers.pids_limit has a string where an integer is expected");
	refused("[containers]\ninit = 1\n", ":2: containers.init has a number where true or false is expected");
	refused("[containers]\nenv = [1]\n", ":2: containers.env has members where an array of strings is expected");
	refused("[engine]\nretry = -1\n", ":2: engine.retry has a number where a number from 0 up is expected");
	refused("[containers\n", "line 1");
	struct err err = { 0 };
	auto_val(conf_containers) conf = { 0 };
	static char absent[] = "absent";
	char *modules[] = { absent, NULL };
	assert_int_equal(conf_containers_read(&(struct conf_containers_opts){ .modules = modules }, &conf, &err), -1);
	assert_non_null(strstr(err.text, "there is no module 'absent'"));
	err_clear(&err);
	setenv("CONTAINERS_CONF", "/nonexistent/c.conf", 1);
	assert_int_equal(conf_containers_read(&(struct conf_containers_opts){ 0 }, &conf, &err), -1);
	assert_int_equal(err.kind, ERR_NOT_FOUND);
	unsetenv("CONTAINERS_CONF");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table), cmocka_unit_test(test_later_wins), cmocka_unit_test(test_append),
		cmocka_unit_test(test_variables), cmocka_unit_test(test_wrong),
	};
	return cmocka_run_group_tests_name("conf_containers", tests, make_dir, remove_dir);
}
