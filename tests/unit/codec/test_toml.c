/* test_toml.c - TOML in, JSON out; what is refused, with its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/str.h"
#include "codec/json_out.h"
#include "codec/toml.h"

#include <string.h>

/* json NULL: refused on that line */
static const struct row {
	const char *text, *json;
	unsigned line;
} rows[] = {
	{ "", "{}", 0 },
	{ "# c\n\n \t\n", "{}", 0 },
	{ "a=1", "{\"a\":1}", 0 },
	{ "a = 1 # c\nb=2\r\n", "{\"a\":1,\"b\":2}", 0 },
	{ "a-_9 = true\n\"b c\" = false\n'd.e' = 1", "{\"a-_9\":true,\"b c\":false,\"d.e\":1}", 0 },
	{ "\"\" = 1", "{\"\":1}", 0 },
	{ "a.b.c = 1\na.b.d = 2", "{\"a\":{\"b\":{\"c\":1,\"d\":2}}}", 0 },
	{ "a . \"b\" = 1", "{\"a\":{\"b\":1}}", 0 },
	{ "[t]\na=1\n[t.u]\nb=2\n[v]", "{\"t\":{\"a\":1,\"u\":{\"b\":2}},\"v\":{}}", 0 },
	{ "[t.u]\nb=2\n[t]\na=1", "{\"t\":{\"u\":{\"b\":2},\"a\":1}}", 0 },
	{ "[[l]]\na=1\n[[l]]\na=2\n[l.s]\nb=3", "{\"l\":[{\"a\":1},{\"a\":2,\"s\":{\"b\":3}}]}", 0 },
	{ "a = [1, 2,\n # c\n 3,\n]", "{\"a\":[1,2,3]}", 0 },
	{ "a = [[\"x\"], []]", "{\"a\":[[\"x\"],[]]}", 0 },
	{ "a = { b = 1, c.d = \"x\" }\nb={}", "{\"a\":{\"b\":1,\"c\":{\"d\":\"x\"}},\"b\":{}}", 0 },
	{ "a = \"x\\t\\\"\\\\\\u00e9\\U0001F600\"", "{\"a\":\"x\\t\\\"\\\\\xc3\xa9\xf0\x9f\x98\x80\"}", 0 },
	{ "a = 'x\\n\"'", "{\"a\":\"x\\\\n\\\"\"}", 0 },
	{ "a = \"\"\"\nx\ny \\\n   z\"\"\"", "{\"a\":\"x\\ny z\"}", 0 },
	{ "a = '''x'y''z\\'''", "{\"a\":\"x'y''z\\\\\"}", 0 },
	{ "a = \"\"\"x\"\"\"\"\"", "{\"a\":\"x\\\"\\\"\"}", 0 },
	{ "a=+17\nb=-0\nc=1_000\nd=0xFf\ne=0o17\nf=0b101", "{\"a\":17,\"b\":0,\"c\":1000,\"d\":255,\"e\":15,\"f\":5}", 0 },
	{ "a=1.5\nb=-2.5", "{\"a\":1.5,\"b\":-2.5}", 0 },
	{ "a=1979-05-27T07:32:00Z\nb=1979-05-27\nc=07:32:00\nd=1979-05-27 07:32:00", 
	  "{\"a\":\"1979-05-27T07:32:00Z\",\"b\":\"1979-05-27\",\"c\":\"07:32:00\",\"d\":\"1979-05-27 07:32:00\"}", 0 },
	{ "unqualified-search-registries = [\"docker.io\"]\n[aliases]\n\"a/b\" = \"q.io/a/b\"",
	  "{\"unqualified-search-registries\":[\"docker.io\"],\"aliases\":{\"a/b\":\"q.io/a/b\"}}", 0 },

	{ "a", NULL, 1 },
	{ "a=", NULL, 1 },
	{ "=1", NULL, 1 },
	{ "a=1\na=2", NULL, 2 },
	{ "a=1\na.b=2", NULL, 2 },
	{ "a=1 b=2", NULL, 1 },
	{ "[a]\n[a]", NULL, 2 },
	{ "[a", NULL, 1 },
	{ "[]", NULL, 1 },
	{ "[a] x", NULL, 1 },
	{ "[[a]", NULL, 1 },
	{ "a=[]\n[[a]]", NULL, 2 },
	{ "a={}\n[a.b]", NULL, 2 },
	{ "a={b=1}\na.c=2", NULL, 2 },
	{ "a={b=1,}", NULL, 1 },
	{ "a={\nb=1}", NULL, 1 },
	{ "a=[1 2]", NULL, 1 },
	{ "a=[1\n,\n", NULL, 3 },
	{ "a=\"x", NULL, 1 },
	{ "a=\"x\ny\"", NULL, 1 },
	{ "a=\"\"\"x\ny", NULL, 2 },
	{ "a=\"\\q\"", NULL, 1 },
	{ "a=\"\\ud800\"", NULL, 1 },
	{ "a=\"\\u12\"", NULL, 1 },
	{ "a=\"\x01\"", NULL, 1 },
	{ "a=01", NULL, 1 },
	{ "a=1_", NULL, 1 },
	{ "a=1__0", NULL, 1 },
	{ "a=0xg", NULL, 1 },
	{ "a=0x", NULL, 1 },
	{ "a=1.", NULL, 1 },
	{ "a=.5", NULL, 1 },
	{ "a=yes", NULL, 1 },
	{ "a=99999999999999999999", NULL, 1 },
	{ "\n\na=\xff", NULL, 3 },
	{ "# \x01", NULL, 1 },
};

static void test_table(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		auto_ptr(json) value = NULL;
		auto_str out = { 0 };
		auto_free char *line = mem_printf("line %u: ", rows[i].line);
		struct err err = { 0 };
		int r = toml_parse(rows[i].text, strlen(rows[i].text), &value, &err);

		if ((r == 0) != (rows[i].json != NULL))
			fail_msg("row %zu: %s\n%s", i, r ? err.text : "accepted", rows[i].text);
		if (r < 0) {
			assert_int_equal(err.kind, ERR_INVALID);
			if (!str_starts(err.text, line))
				fail_msg("row %zu: '%s' is not on %s", i, err.text, line);
			continue;
		}
		json_write(&out, value, NULL);
		assert_string_equal(str_text(&out), rows[i].json);
	}
}

static void test_depth(void **state)
{
	auto_str deep = { 0 };
	auto_ptr(json) value = NULL;
	struct err err = { 0 };

	str_add(&deep, "a=");
	for (int i = 0; i < 100; i++)
		str_add_char(&deep, '[');
	assert_true(toml_parse(deep.data, deep.len, &value, &err) < 0);
	assert_int_equal(err.kind, ERR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_depth) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
