/* test_yaml.c - YAML in, JSON out; what is refused, with its line; aliases that would grow without end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "base/str.h"
#include "codec/json_out.h"
#include "codec/yaml.h"

#include <string.h>

/* json NULL: refused on that line */
static const struct row {
	const char *text, *json;
	unsigned line;
} rows[] = {
	{ "", "[]", 0 },
	{ "# c\n", "[]", 0 },
	{ "---\n", "[]", 0 },
	{ "~", "[]", 0 },
	{ "a: 1", "[{\"a\":1}]", 0 },
	{ "a: 1\n---\nb: 2\n...\n---\n---\n- c", "[{\"a\":1},{\"b\":2},[\"c\"]]", 0 },
	{ "a:\n  b: c\n  d:\n  - e\n  - f: g\n", "[{\"a\":{\"b\":\"c\",\"d\":[\"e\",{\"f\":\"g\"}]}}]", 0 },
	{ "{a: [1, 'x', \"y\\n\"], b: {}}", "[{\"a\":[1,\"x\",\"y\\n\"],\"b\":{}}]", 0 },
	{ "[true, Yes, on, false, NO, off, y, n]", "[[true,true,true,false,false,false,\"y\",\"n\"]]", 0 },
	{ "[null, ~, Null, '', 'null', \"~\"]", "[[null,null,null,\"\",\"null\",\"~\"]]", 0 },
	{ "[0, -1, +2, 0x1F, 0o17, 017, 0b101, 1_000, 18446744073709551615, -9223372036854775808]",
	  "[[0,-1,2,31,15,15,5,1000,18446744073709551615,-9223372036854775808]]", 0 },
	{ "[1.5, -.5, 2., 1e3, 18446744073709551616]", "[[1.5,-0.5,2,1000,18446744073709551616]]", 0 },
	{ "[1.2.3, 08, 1:30, 0x, -, 2020-01-01, 2020-01-01T00:00:00Z, 1e, ., _1]",
	  "[[\"1.2.3\",8,\"1:30\",\"0x\",\"-\",\"2020-01-01\",\"2020-01-01T00:00:00Z\",\"1e\",\".\",\"_1\"]]", 0 },
	{ "1: a\ntrue: b\n~: c\n1.5: d", "[{\"1\":\"a\",\"true\":\"b\",\"null\":\"c\",\"1.5\":\"d\"}]", 0 },
	{ "a: !!str 1\nb: ! 2\nc: !!int '3'\nd: !!bool 'yes'\ne: !!null ''\nf: !!float '1.5'\ng: !!map {}\nh: !!seq []",
	  "[{\"a\":\"1\",\"b\":\"2\",\"c\":3,\"d\":true,\"e\":null,\"f\":1.5,\"g\":{},\"h\":[]}]", 0 },
	{ "a: |\n  x\n  y\nb: >-\n  x\n  y\n", "[{\"a\":\"x\\ny\\n\",\"b\":\"x y\"}]", 0 },
	{ "a: &x {b: 1}\nc: *x\nd: &y ~\ne: *y", "[{\"a\":{\"b\":1},\"c\":{\"b\":1},\"d\":null,\"e\":null}]", 0 },
	{ "a: &x 1\nb: &x 2\nc: *x", "[{\"a\":1,\"b\":2,\"c\":2}]", 0 },
	{ "a: &x {b: 1, c: 2}\nd:\n  c: 3\n  <<: *x", "[{\"a\":{\"b\":1,\"c\":2},\"d\":{\"c\":3,\"b\":1}}]", 0 },
	{ "a: &x {b: 1}\ne: &y {b: 2, f: 3}\nd:\n  <<: [*x, *y]", "[{\"a\":{\"b\":1},\"e\":{\"b\":2,\"f\":3},\"d\":{\"b\":1,\"f\":3}}]", 0 },
	{ "'<<': 1", "[{\"<<\":1}]", 0 },
	{ "a: \"\\0\"", "[{\"a\":\"\\u0000\"}]", 0 },
	{ "\xef\xbb\xbf" "a: 1", "[{\"a\":1}]", 0 },

	{ "a: 1\na: 2", NULL, 2 },
	{ "a: 1\n'a': 2", NULL, 2 },
	{ "x: 1\na: *b", NULL, 2 },
	{ "x: 1\na: &a [*a]", NULL, 2 },
	{ "a: 1\n---\nb: *a", NULL, 3 },
	{ "a: &x 1\n---\nb: *x", NULL, 3 },
	{ "a:\n- b\n c: d", NULL, 3 },
	{ "a: [1", NULL, 2 },
	{ "\ta: 1", NULL, 1 },
	{ "a: !mine 1", NULL, 1 },
	{ "a: !mine {}", NULL, 1 },
	{ "a: !!binary aGk=", NULL, 1 },
	{ "a: !!int x", NULL, 1 },
	{ "a: !!int 1.5", NULL, 1 },
	{ "a: !!bool 1", NULL, 1 },
	{ "a: .inf", NULL, 1 },
	{ "b: -.Inf", NULL, 1 },
	{ "a: .nan", NULL, 1 },
	{ "? [a]\n: 1", NULL, 1 },
	{ "? {a: 1}\n: 1", NULL, 1 },
	{ "<<: 1\n", NULL, 2 },
	{ "<<: [1]\n", NULL, 2 },
	{ "<<: ~", NULL, 1 },
	{ "\"a\\0\": 1", NULL, 1 },
	{ "a: \xff", NULL, 1 },
	{ "a: \"\\q\"", NULL, 1 },
	{ "%YAML 3.0\n--- a", NULL, 1 },
	{ "a: b: c", NULL, 1 },
};

static void test_rows(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *row = &rows[i];
		auto_ptr(json) v = NULL;
		auto_str out = { 0 };
		struct err err = { 0 };
		int r = yaml_parse_all(row->text, strlen(row->text), &v, &err);

		if (row->json) {
			if (r < 0)
				fail_msg("%s: %s", row->text, err.text);
			json_write(&out, v, &json_style_compact);
			if (strcmp(str_text(&out), row->json) != 0)
				fail_msg("%s: %s, not %s", row->text, str_text(&out), row->json);
			continue;
		}
		auto_free char *line = mem_printf("line %u:", row->line);
		if (r == 0 || !str_starts(err.text, line) || err.kind != ERR_INVALID)
			fail_msg("%s: %s, not on line %u", row->text, r == 0 ? "taken" : err.text, row->line);
	}
}

static int parse(const char *text, size_t len, enum err_kind *ret_kind)
{
	auto_ptr(json) v = NULL;
	struct err err = { 0 };
	int r = yaml_parse_all(text, len, &v, &err);

	*ret_kind = err.kind;
	return r;
}

static void test_limits(void **state)
{
	auto_str deep = { 0 }, deeper = { 0 }, bomb = { 0 }, many = { 0 }, anchors = { 0 };
	enum err_kind kind;

	for (unsigned i = 0; i < LIMIT_JSON_DEPTH_OUTSIDE; i++)
		str_add_char(&deep, '[');
	str_addf(&deeper, "[%s", str_text(&deep));
	for (unsigned i = 0; i < LIMIT_JSON_DEPTH_OUTSIDE; i++)
		str_add_char(&deep, ']');
	assert_int_equal(parse(deep.data, deep.len, &kind), 0);
	assert_int_equal(parse(deeper.data, deeper.len, &kind), -1);
	assert_int_equal(kind, ERR_LIMIT);

	/* ten to the ninth */
	str_add(&bomb, "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
	for (int i = 1; i < 9; i++) {
		str_addf(&bomb, "a%d: &a%d [", i, i);
		for (int k = 0; k < 10; k++)
			str_addf(&bomb, "%s*a%d", k ? "," : "", i - 1);
		str_add(&bomb, "]\n");
	}
	assert_int_equal(parse(bomb.data, bomb.len, &kind), -1);
	assert_int_equal(kind, ERR_LIMIT);

	/* the array itself counts */
	for (int i = 0; i < YAML_VALUES_MAX - 1; i++)
		str_add(&many, "- 1\n");
	assert_int_equal(parse(many.data, many.len, &kind), 0);
	str_add(&many, "- 1\n");
	assert_int_equal(parse(many.data, many.len, &kind), -1);
	assert_int_equal(kind, ERR_LIMIT);

	for (int i = 0; i < 1001; i++)
		str_addf(&anchors, "- &a%d 1\n", i);
	assert_int_equal(parse(anchors.data, anchors.len, &kind), -1);
	assert_int_equal(kind, ERR_LIMIT);
}

static void test_one(void **state)
{
	auto_ptr(json) v = NULL;
	struct err err = { 0 };

	assert_int_equal(yaml_parse("a: 1", 4, &v, &err), 0);
	assert_int_equal(json_get_i64(v, "a", 0), 1);
	json_free(take_ptr(v));
	assert_int_equal(yaml_parse("", 0, &v, &err), 0);
	assert_null(v);
	assert_int_equal(yaml_parse("a\n---\nb", 7, &v, &err), -1);
	assert_int_equal(err.kind, ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
