/* test_conf_registries.c - short names and routes, from files of their own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/str.h"
#include "config/conf_registries.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/cpod-test-registries-XXXXXX";

static int make_dir(void **state)
{
	auto_free char *conf = NULL;

	if (!mkdtemp(dir))
		return -1;
	conf = mem_printf("%s/containers/registries.conf.d", dir);
	setenv("XDG_CONFIG_HOME", dir, 1);
	setenv("XDG_CACHE_HOME", dir, 1);
	return file_mkdirs(AT_FDCWD, conf, 0700);
}

static int remove_dir(void **state)
{
	return file_remove_tree(AT_FDCWD, dir);
}

static void write_conf(const char *name, const char *text)
{
	auto_free char *path = mem_printf("%s/containers/%s", dir, name);

	assert_int_equal(file_write(AT_FDCWD, path, 0600, text, strlen(text), 0), 0);
	if (strcmp(name, "registries.conf") == 0)
		setenv("CONTAINERS_REGISTRIES_CONF", path, 1);
}

static void expect(const char *name, const char *joined, const char *file, unsigned line)
{
	auto_val(conf_names) names = { 0 };
	auto_free char *text = NULL, *path = mem_printf("%s/containers/%s", dir, file);
	struct err err = { 0 };

	if (conf_registries_names(name, name, &names, &err) < 0)
		fail_msg("%s", err.text);
	text = strv_join(names.names, " ");
	assert_string_equal(text, joined);
	assert_string_equal(names.file, path);
	assert_int_equal(names.line, line);
}

static void expect_failure(const char *name, enum err_kind kind, const char *part)
{
	auto_val(conf_names) names = { 0 };
	struct err err = { 0 };

	assert_true(conf_registries_names(name, name, &names, &err) < 0);
	assert_int_equal(err.kind, kind);
	if (!strstr(err.text, part))
		fail_msg("%s", err.text);
}

static void test_short_names(void **state)
{
	write_conf("registries.conf", "# nothing\n");
	expect_failure("cpod-none:1", ERR_USAGE, "short-name \"cpod-none:1\" did not resolve to an alias and no unqualified-search ");
	write_conf("registries.conf", "unqualified-search-registries = [\"a.io\", \"b.io\"]\nshort-name-mode=\"permissive\"\n"
				      "[aliases]\n\"cpod-x\" = \"q.io/x\"\n\"cpod-y\" = \"q.io/y\"\n");
	write_conf("registries.conf.d/50-own.conf", "[aliases]\n\"cpod-x\" = \"r.io/x\"\n\"cpod-y\" = \"\"\n");
	expect("cpod-none", "a.io/cpod-none b.io/cpod-none", "registries.conf", 1);
	expect("cpod-x", "r.io/x", "registries.conf.d/50-own.conf", 2);
	expect("cpod-y", "a.io/cpod-y b.io/cpod-y", "registries.conf", 1);
	write_conf("registries.conf", "unqualified-search-registries = [");
	expect_failure("cpod-none", ERR_INVALID, "registries.conf': line 1");
}

static void test_short_modes(void **state)
{
	static const struct {
		const char *text;
		enum conf_short_mode mode;
	} rows[] = {
		{ "", CONF_SHORT_PERMISSIVE },
		{ "short-name-mode=\"\"\n", CONF_SHORT_PERMISSIVE },
		{ "short-name-mode=\"permissive\"\n", CONF_SHORT_PERMISSIVE },
		{ "short-name-mode=\"enforcing\"\n", CONF_SHORT_ENFORCING },
		{ "short-name-mode=\"disabled\"\n", CONF_SHORT_DISABLED },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		auto_val(conf_names) names = { 0 };
		auto_free char *text = mem_printf("unqualified-search-registries = [\"a.io\"]\n%s", rows[i].text);
		struct err err = { 0 };

		write_conf("registries.conf", text);
		if (conf_registries_names("cpod-none", "cpod-none", &names, &err) < 0)
			fail_msg("%s", err.text);
		assert_int_equal(names.mode, rows[i].mode);
	}
	write_conf("registries.conf", "unqualified-search-registries = [\"a.io\"]\nshort-name-mode=\"perhaps\"\n");
	expect_failure("cpod-none", ERR_INVALID, "invalid short-name mode: \"perhaps\"");
}

static void test_routes(void **state)
{
	static const struct {
		const char *name, *location;
		bool insecure;
	} rows[] = {
		{ "other.io/x", NULL, false },
		{ "i.io/x", NULL, true },
		{ "i.iox/x", NULL, false },
		{ "p.io/a/x", "local:5000/mirror/a/x", false },
		{ "p.io/b/c/x", "c.io/x", true },
		{ "p.io/b/cc", "local:5000/mirror/b/cc", false },
		{ "x.wild.io/y", NULL, true },
		{ "wild.io/y", NULL, false },
	};
	struct err err = { 0 };
	auto_val(conf_route) blocked = { 0 };

	write_conf("registries.conf", "[[registry]]\nlocation=\"i.io\"\ninsecure=true\n"
				      "[[registry]]\nprefix=\"p.io\"\nlocation=\"local:5000/mirror\"\n"
				      "[[registry]]\nprefix=\"p.io/b/c\"\nlocation=\"c.io\"\ninsecure=true\n"
				      "[[registry]]\nprefix=\"*.wild.io\"\ninsecure=true\n"
				      "[[registry]]\nlocation=\"bad.io\"\nblocked=true\n");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		auto_val(conf_route) route = { 0 };

		if (conf_registries_route(rows[i].name, &route, &err) < 0)
			fail_msg("%s: %s", rows[i].name, err.text);
		assert_int_equal(route.insecure, rows[i].insecure);
		if (rows[i].location)
			assert_string_equal(route.location, rows[i].location);
		else
			assert_null(route.location);
	}
	assert_int_equal(conf_registries_route("bad.io/x", &blocked, &err), 0);
	assert_string_equal(blocked.prefix, "bad.io");
	assert_int_equal(blocked.line, 14);
	assert_true(conf_route_allows(&blocked, "bad.io/x", &err) < 0);
	assert_int_equal(err.kind, ERR_DENIED);
	assert_true(str_starts(err.text, "registry bad.io is blocked in /tmp/cpod-test-registries-"));
	assert_true(str_ends(err.text, "/containers/registries.conf:14"));
}

static void test_mirrors(void **state)
{
	struct err err = { 0 };
	auto_val(conf_route) route = { 0 };
	auto_val(conf_route) none = { 0 };
	struct conf_route bad = { 0 };

	write_conf("registries.conf", "[[registry]]\nprefix=\"m.io/a\"\nlocation=\"real.io/b\"\n"
				      "[[registry.mirror]]\nlocation=\"one:5000/x\"\ninsecure=true\n"
				      "[[registry.mirror]]\nlocation=\"two.io\"\npull-from-mirror=\"digest-only\"\n"
				      "[[registry.mirror]]\nlocation=\"three.io\"\npull-from-mirror=\"tag-only\"\n"
				      "[[registry]]\nlocation=\"d.io\"\nmirror-by-digest-only=true\n[[registry.mirror]]\nlocation=\"e.io\"\n"
				      "[[registry]]\nlocation=\"w.io\"\n[[registry.mirror]]\nlocation=\"e.io\"\npull-from-mirror=\"never\"\n");
	assert_int_equal(conf_registries_route("m.io/a/img", &route, &err), 0);
	assert_string_equal(route.location, "real.io/b/img");
	assert_int_equal(route.mirror_count, 3);
	assert_string_equal(route.mirrors[0].location, "one:5000/x/img");
	assert_true(route.mirrors[0].insecure && !route.mirrors[0].no_tags && !route.mirrors[0].no_digests);
	assert_string_equal(route.mirrors[1].location, "two.io/img");
	assert_true(route.mirrors[1].no_tags && !route.mirrors[1].no_digests);
	assert_true(route.mirrors[2].no_digests && !route.mirrors[2].no_tags);
	conf_route_done(&route);
	assert_int_equal(conf_registries_route("d.io/x", &route, &err), 0);
	assert_true(route.mirror_count == 1 && route.mirrors[0].no_tags);
	assert_int_equal(conf_registries_route("other.io/x", &none, &err), 0);
	assert_int_equal(none.mirror_count, 0);
	assert_true(conf_registries_route("w.io/x", &bad, &err) < 0);
	assert_true(err_is(&err, ERR_INVALID) && strstr(err.text, "\"never\""));
	conf_route_done(&bad);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_short_names), cmocka_unit_test(test_short_modes), cmocka_unit_test(test_routes), cmocka_unit_test(test_mirrors) };
	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
