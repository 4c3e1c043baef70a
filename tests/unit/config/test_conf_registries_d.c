/* test_conf_registries_d.c - where signatures lie, from files of their own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/str.h"
#include "config/conf_registries_d.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static char dir[] = "/tmp/cpod-test-registries-d-XXXXXX";

static int make_dir(void **state)
{
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	return file_remove_tree(AT_FDCWD, dir);
}

static void write_file(const char *name, const char *text)
{
	auto_free char *path = mem_printf("%s/%s", dir, name);

	assert_int_equal(file_write(AT_FDCWD, path, 0600, text, strlen(text), 0), 0);
}

static void expect(const char *name, const char *lookaside, const char *staging, bool attachments, const char *scope)
{
	auto_val(conf_signatures) where = { 0 };
	struct err err = { 0 };

	if (conf_registries_d_find(dir, name, &where, &err) < 0)
		fail_msg("%s", err.text);
	assert_string_equal(where.lookaside ? where.lookaside : "", lookaside);
	assert_string_equal(where.staging ? where.staging : "", staging);
	assert_int_equal(where.attachments, attachments);
	assert_string_equal(where.scope ? where.scope : "", scope);
}

static void test_sections(void **state)
{
	auto_val(conf_signatures) none = { 0 };
	struct err err = { 0 };

	assert_int_equal(conf_registries_d_find("/no/such/directory", "a.io/x:t", &none, &err), 0);
	assert_null(none.file);
	assert_non_null(strstr(none.lookaside, "/containers/sigstore"));
	write_file("a.yaml", "default-docker:\n  lookaside: file:///d\n");
	write_file("b.yaml", "docker:\n  a.io:\n    lookaside: https://a\n    lookaside-staging: file:///s\n  a.io/n/r:t:\n    use-sigstore-attachments: true\n");
	write_file("c.yaml", "docker:\n  localhost:5000/x:\n    sigstore: http://old\n    sigstore-staging: file:///old\n  empty.io:\n");
	write_file("d.yml", "what: is not read\n");
	write_file("e.yaml", "");
	expect("b.io/x:t", "file:///d", "", false, "");
	expect("a.io/x:t", "https://a", "file:///s", false, "a.io");
	expect("a.io/n/r:t", "", "", true, "a.io/n/r:t");
	expect("a.io/n/r:u", "https://a", "file:///s", false, "a.io");
	expect("localhost:5000/x:t", "http://old", "file:///old", false, "localhost:5000/x");
	expect("localhost:5000/y:t", "file:///d", "", false, "");
	expect("empty.io/y:t", "", "", false, "empty.io");
}

static void test_bad(void **state)
{
	static const struct {
		const char *text, *what;
	} rows[] = {
		{ "docker: [", "line" },
		{ "docker:\n  a.io: {lookaside: file:///x}", "'a.io' is in" },
		{ "default-docker: {}", "'default-docker' is in" },
		{ "Docker: {}", "'Docker' is not known" },
		{ "docker: []", "'docker' is not known here" },
		{ "docker:\n  x.io: file:///x", "'x.io' is no mapping" },
		{ "docker:\n  x.io: {look: file:///x}", "'look' in 'x.io'" },
		{ "docker:\n  x.io: {lookaside: 1}", "'lookaside' in 'x.io' is a number" },
		{ "docker:\n  x.io: {use-sigstore-attachments: 'true'}", "'use-sigstore-attachments' in 'x.io' is a string" },
		{ "- a", "it is no mapping" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		auto_val(conf_signatures) where = { 0 };
		struct err err = { 0 };

		write_file("z.yaml", rows[i].text);
		if (conf_registries_d_find(dir, "a.io/x:t", &where, &err) == 0 || err.kind != ERR_INVALID || !strstr(err.text, rows[i].what) ||
		    !strstr(err.text, "z.yaml"))
			fail_msg("%s: %s", rows[i].text, err.kind ? err.text : "taken");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_sections), cmocka_unit_test(test_bad) };

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
