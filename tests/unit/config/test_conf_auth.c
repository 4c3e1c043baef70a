/* test_conf_auth.c - auth.json: which entry answers, what is refused, what login and logout leave behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/str.h"
#include "config/conf_auth.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* base64 of a:1, b:2, c:3:4 */
#define A "{\"auth\":\"YTox\"}"
#define B "{\"auth\":\"Yjoy\"}"
#define C "{\"auth\":\"YzozOjQ=\"}"
#define AUTHS(rest) "{\"auths\":{" rest "}}"

/* user NULL: nobody; told: a part of the sentence of a refusal */
static const struct row {
	const char *text, *name, *user, *password, *told;
} rows[] = {
	{ AUTHS("\"h:5\":" A), "h:5/x/y", "a", "1", NULL },
	{ AUTHS("\"h:5\":" A), "h:5", "a", "1", NULL },
	{ AUTHS("\"h:5\":" A), "h:50/x", NULL, NULL, NULL },
	{ AUTHS("\"h:5\":" A), "h/x", NULL, NULL, NULL },
	{ AUTHS("\"h\":" A), "h:5/x", NULL, NULL, NULL },
	{ AUTHS("\"h\":" A ",\"h/x\":" B), "h/x/y", "b", "2", NULL },
	{ AUTHS("\"h/x\":" B ",\"h\":" A), "h/x", "b", "2", NULL },
	{ AUTHS("\"h/x\":" B ",\"h\":" A), "h/xy", "a", "1", NULL },
	{ AUTHS("\"h/x/y\":" B ",\"h\":" A), "h/x", "a", "1", NULL },
	{ AUTHS("\"h/x/y\":" C), "h/x/y/z", "c", "3:4", NULL },
	{ AUTHS("\"https://index.docker.io/v1/\":" A), "docker.io/library/x", "a", "1", NULL },
	{ AUTHS("\"https://index.docker.io/v1/\":" A ",\"docker.io\":" B), "docker.io/library/x", "b", "2", NULL },
	{ AUTHS("\"docker.io\":" B ",\"https://index.docker.io/v1/\":" A), "docker.io/library/x", "b", "2", NULL },
	{ AUTHS("\"https://h:5/v1/\":" A), "h:5/x", "a", "1", NULL },
	{ AUTHS("\"http://h:5\":" A), "h:5/x", "a", "1", NULL },
	{ AUTHS("\"h\":{\"username\":\"u\",\"password\":\"p\"}"), "h/x", "u", "p", NULL },
	{ AUTHS("\"h\":{}"), "h/x", NULL, NULL, NULL },
	{ AUTHS("\"\":" A), "h/x", NULL, NULL, NULL },
	{ "{}", "h/x", NULL, NULL, NULL },
	{ "", "h/x", NULL, NULL, NULL },
	{ "{\"auths\":null}", "h/x", NULL, NULL, NULL },
	{ "{\"credsStore\":\"x\"}", "h/x", NULL, NULL, NULL },
	{ "hello", "h/x", NULL, NULL, "" },
	{ "[]", "h/x", NULL, NULL, "" },
	{ "{\"auths\":[]}", "h/x", NULL, NULL, "auths" },
	{ AUTHS("\"h\":7"), "h/x", NULL, NULL, "'h'" },
	{ AUTHS("\"h\":{\"auth\":\"!!\"}"), "h/x", NULL, NULL, "'h'" },
	{ AUTHS("\"h\":{\"auth\":\"YWJj\"}"), "h/x", NULL, NULL, "'h'" },
	{ AUTHS("\"h\":{\"auth\":\"YQA6MQ==\"}"), "h/x", NULL, NULL, "'h'" },
};

static void test_table(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		auto_val(conf_auth) auth = { 0 };
		struct err err = { 0 };
		int r = conf_auth_parse(rows[i].text, strlen(rows[i].text), rows[i].name, &auth, &err);

		if ((r < 0) != (rows[i].told != NULL))
			fail_msg("row %zu: %s", i, err.text);
		if (r < 0) {
			assert_int_equal(err.kind, ERR_INVALID);
			assert_non_null(strstr(err.text, rows[i].told));
			continue;
		}
		if (!rows[i].user) {
			assert_null(auth.user);
			continue;
		}
		assert_string_equal(auth.user, rows[i].user);
		assert_string_equal(auth.password, rows[i].password);
	}
}

static char dir[] = "/tmp/cpod-test-auth-XXXXXX";

static int make_dir(void **state)
{
	if (!mkdtemp(dir))
		return -1;
	unsetenv("REGISTRY_AUTH_FILE");
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("DOCKER_CONFIG");
	setenv("XDG_RUNTIME_DIR", dir, 1);
	setenv("HOME", dir, 1);
	return 0;
}

static int remove_dir(void **state)
{
	return file_remove_tree(AT_FDCWD, dir);
}

static void test_login_logout(void **state)
{
	struct conf_auth auth = { .user = (char *)"u", .password = (char *)"p" };
	auto_val(conf_auth) found = { 0 }, gone = { 0 };
	auto_free char *path = NULL, *text = NULL;
	struct err err = { 0 };
	struct stat st;
	size_t len;
	bool removed = false;

	assert_int_equal(conf_auth_set(NULL, "localhost:5000", &auth, NULL, &err), 0);
	assert_int_equal(conf_auth_path(NULL, &path, &err), 0);
	assert_true(str_ends(path, "/containers/auth.json"));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(file_read(AT_FDCWD, path, 4096, &text, &len), 0);
	assert_string_equal(text, "{\n\t\"auths\": {\n\t\t\"localhost:5000\": {\n\t\t\t\"auth\": \"dTpw\"\n\t\t}\n\t}\n}");
	assert_int_equal(conf_auth_find(NULL, "localhost:5000/a/b", &found, &err), 0);
	assert_string_equal(found.user, "u");
	assert_int_equal(conf_auth_remove(NULL, "other", &removed, &err), 0);
	assert_false(removed);
	assert_int_equal(conf_auth_remove(NULL, "localhost:5000", &removed, &err), 0);
	assert_true(removed);
	assert_int_equal(conf_auth_find(NULL, "localhost:5000/a/b", &gone, &err), 0);
	assert_null(gone.user);
}

static void write_file(const char *name, const char *text)
{
	auto_close int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_int_equal(file_write(fd, name, 0600, text, strlen(text), 0), 0);
}

static void test_authfile(void **state)
{
	auto_val(conf_auth) found = { 0 };
	auto_free char *path = mem_printf("%s/own.json", dir), *link = mem_printf("%s/link.json", dir), *text = NULL;
	struct conf_auth auth = { .user = (char *)"n", .password = (char *)"w" };
	struct err err = { 0 };
	struct stat st;
	size_t len;

	assert_true(conf_auth_find(path, "h/x", &found, &err) < 0);
	assert_int_equal(err.kind, ERR_NOT_FOUND);
	err_clear(&err);
	write_file("own.json", "{\"auths\":{\"h\":" A "},\"credHelpers\":{\"z\":\"y\"}}");
	assert_int_equal(symlink("own.json", link), 0);
	/* what is not ours stays, and a link stays a link */
	assert_int_equal(conf_auth_set(link, "k", &auth, NULL, &err), 0);
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(file_read(AT_FDCWD, path, 4096, &text, &len), 0);
	assert_non_null(strstr(text, "credHelpers"));
	assert_int_equal(conf_auth_find(path, "h/x", &found, &err), 0);
	assert_string_equal(found.user, "a");
	write_file("own.json", "{\"auths\":");
	assert_true(conf_auth_set(path, "k", &auth, NULL, &err) < 0);
	assert_non_null(strstr(err.text, "own.json"));
}

static void test_docker_fallback(void **state)
{
	auto_val(conf_auth) found = { 0 };
	auto_free char *sub = mem_printf("%s/.docker", dir);
	struct err err = { 0 };

	assert_int_equal(mkdir(sub, 0700), 0);
	write_file(".docker/config.json", AUTHS("\"d.io\":" B));
	assert_int_equal(conf_auth_find(NULL, "d.io/x", &found, &err), 0);
	assert_string_equal(found.user, "b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_login_logout),
		cmocka_unit_test(test_authfile),
		cmocka_unit_test(test_docker_fallback),
	};
	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
