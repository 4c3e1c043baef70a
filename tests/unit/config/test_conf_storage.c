/* test_conf_storage.c - storage.conf, from a directory of its own, and the words of --storage-opt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/str.h"
#include "config/conf_storage.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static char dir[] = "/tmp/cpod-test-storage-XXXXXX";

static int make_dir(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	auto_free char *conf = mem_printf("%s/containers/storage.conf.d", dir);
	setenv("XDG_CONFIG_HOME", dir, 1);
	return file_mkdirs(AT_FDCWD, conf, 0700);
}

static int remove_dir(void **state)
{
	(void)state;
	return file_remove_tree(AT_FDCWD, dir);
}

static int clear(void **state)
{
	static const char *const names[] = { "CONTAINERS_STORAGE_CONF", "CONTAINERS_STORAGE_CONF_OVERRIDE", "STORAGE_OPTS" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		unsetenv(names[i]);
	return 0;
}

static char *put(const char *name, const char *text)
{
	char *path = mem_printf("%s/containers/%s", dir, name);

	assert_int_equal(file_write(AT_FDCWD, path, 0600, text, strlen(text), 0), 0);
	return path;
}

/* The stores' paths, and the origin of the last. */
static void expect(const struct conf_storage *conf, const char *joined, const char *origin)
{
	auto_str paths = { 0 };

	for (size_t i = 0; i < conf->extra_count; i++)
		str_addf(&paths, "%s%s", i ? "|" : "", conf->extra[i].path);
	assert_string_equal(str_text(&paths), joined);
	if (origin)
		assert_string_equal(conf->extra[conf->extra_count - 1].origin, origin);
}

static void expect_files(const char *joined, const char *origin)
{
	auto_val(conf_storage) conf = { 0 };
	struct err err = { 0 };

	if (conf_storage_read(true, &conf, &err) < 0)
		fail_msg("%s", err.text);
	expect(&conf, joined, origin);
}

static void expect_error(enum err_kind kind, const char *part)
{
	auto_val(conf_storage) conf = { 0 };
	struct err err = { 0 };

	assert_true(conf_storage_read(true, &conf, &err) < 0);
	assert_int_equal(err.kind, kind);
	if (!strstr(err.text, part))
		fail_msg("'%s' is not in: %s", part, err.text);
}

static void files_in_order(void **state)
{
	(void)state;
	auto_free char *main_path = put("storage.conf", "[storage]\ndriver=\"overlay\"\n[storage.options]\nadditionalimagestores=[\"/a\", \"/b\"]\n");
	auto_free char *origin = mem_printf("%s:4", main_path);

	expect_files("/a|/b", origin);
	auto_free char *drop_in = put("storage.conf.d/20.conf", "[storage.options]\nadditionalimagestores=[\"/c\", {append=true}]\n");
	auto_free char *drop_in_origin = mem_printf("%s:2", drop_in);

	expect_files("/a|/b|/c", drop_in_origin);
	auto_free char *earlier = put("storage.conf.d/10.conf", "[storage.options.overlay]\nadditionalimagestores=[\"/d\"]\n");

	expect_files("/d|/c", drop_in_origin);
	setenv("CONTAINERS_STORAGE_CONF", main_path, 1);
	expect_files("/a|/b", origin);
	setenv("CONTAINERS_STORAGE_CONF_OVERRIDE", earlier, 1);
	expect_files("/d", NULL);
	setenv("STORAGE_OPTS", "additionalimagestore=/e,overlay.imagestore=/f", 1);
	expect_files("/e|/f", "STORAGE_OPTS");
	clear(NULL);
	assert_int_equal(unlink(drop_in) | unlink(earlier), 0);
	free(put("storage.conf", "[storage.options]\nadditionalimagestores=[\"\"]\n"));

	expect_files("", NULL);
}

static void what_is_wrong(void **state)
{
	(void)state;
	free(put("storage.conf", "[storage.options]\nadditionalimagestores=[\"/a\", 7]\n"));
	expect_error(ERR_INVALID, "storage.conf:2: a member of additionalimagestores is no string");
	free(put("storage.conf", "[storage.options]\nadditionalimagestores=[\"a\"]\n"));
	expect_error(ERR_INVALID, "storage.conf:2: the additional image store 'a' is not named by an absolute path");
	free(put("storage.conf", "storage"));
	expect_error(ERR_INVALID, "storage.conf'");
	setenv("CONTAINERS_STORAGE_CONF", "/nowhere", 1);
	expect_error(ERR_NOT_FOUND, "CONTAINERS_STORAGE_CONF names the configuration file '/nowhere'");
	clear(NULL);
	/* keys of other drivers, and tables where values are expected, are no failure */
	free(put("storage.conf", "[storage]\noptions=7\n[storagex]\n"));
	expect_files("", NULL);
}

static void too_many(void **state)
{
	auto_str text = { 0 };

	(void)state;
	str_add(&text, "[storage.options]\nadditionalimagestores=[");
	for (int i = 0; i < 64; i++)
		str_addf(&text, "\"/%d\",", i);
	auto_free char *at_the_limit = mem_printf("%s]\n", str_text(&text));
	auto_val(conf_storage) conf = { 0 };
	struct err err = { 0 };

	free(put("storage.conf", at_the_limit));
	assert_int_equal(conf_storage_read(true, &conf, &err), 0);
	assert_int_equal(conf.extra_count, 64);
	str_add(&text, "\"/more\"]\n");
	free(put("storage.conf", str_text(&text)));
	expect_error(ERR_LIMIT, "more than 64 additional image stores");
}

static void words(void **state)
{
	static const struct {
		const char *word, *path; /* NULL: refused */
		enum err_kind kind;
	} rows[] = {
		{ "additionalimagestore=/x", "/x" },
		{ "overlay.imagestore=/x=y", "/x=y" },
		{ "overlay2.AdditionalImageStore=/x.d", "/x.d" },
		{ ".imagestore=/x", "/x" },
		{ "imagestore=", "" },
		{ "", "" },
		{ "imagestore", NULL, ERR_USAGE },
		{ "nonsense=1", NULL, ERR_USAGE },
		{ "vfs.imagestore=/x", NULL, ERR_UNSUPPORTED },
		{ "overlay.mountopt=nodev", NULL, ERR_UNSUPPORTED },
		{ "imagestore=x", NULL, ERR_INVALID },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		auto_val(conf_storage) conf = { 0 };
		auto_strv list = NULL;
		struct err err = { 0 };

		strv_add(&list, rows[i].word);
		int rc = conf_storage_words(list, "--storage-opt", &conf, &err);

		assert_int_equal(rc < 0, rows[i].path == NULL);
		assert_int_equal(err.kind, rows[i].kind);
		if (rc >= 0)
			expect(&conf, rows[i].path, NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(files_in_order, clear),
		cmocka_unit_test_setup(what_is_wrong, clear),
		cmocka_unit_test_setup(too_many, clear),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
