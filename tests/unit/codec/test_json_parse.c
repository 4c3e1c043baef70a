/* test_json_parse.c - what is JSON and what only looks like it, row by row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "base/str.h"
#include "codec/json_out.h"
#include "codec/json_parse.h"

static const struct {
	bool valid;
	const char *text;
} rows[] = {
	{ true, "null" },
	{ true, "true" },
	{ true, "false" },
	{ true, "0" },
	{ true, "-0" },
	{ true, "1" },
	{ true, "-1" },
	{ true, "10" },
	{ true, "123456789" },
	{ true, "0.0" },
	{ true, "-0.0" },
	{ true, "0.5" },
	{ true, "1.25" },
	{ true, "-1.5e3" },
	{ true, "1e0" },
	{ true, "1E0" },
	{ true, "1e+10" },
	{ true, "1E-10" },
	{ true, "0e1" },
	{ true, "0e+1" },
	{ true, "-0e-1" },
	{ true, "1.0E+2" },
	{ true, "18446744073709551615" },
	{ true, "18446744073709551616" },
	{ true, "-9223372036854775809" },
	{ true, "123123e100000" },
	{ true, "0.4e00669999999999999999999999999999999999999999999999" },
	{ true, "123.456e-789" },
	{ true, "\"\"" },
	{ true, "\"a\"" },
	{ true, "\" \"" },
	{ true, "\"a\\\"b\"" },
	{ true, "\"\\\\\"" },
	{ true, "\"\\/\"" },
	{ true, "\"\\b\\f\\n\\r\\t\"" },
	{ true, "\"\\u0000\"" },
	{ true, "\"\\u0041\"" },
	{ true, "\"\\u00e9\"" },
	{ true, "\"\\u20ac\"" },
	{ true, "\"\\uD83D\\uDE00\"" },
	{ true, "\"\\ud83d\\ude00\"" },
	{ true, "\"\\uD800\"" },
	{ true, "\"\\uDC00\"" },
	{ true, "\"\\uD800\\uD800\"" },
	{ true, "\"\\uD800\\u0041\"" },
	{ true, "\"\\uD800\\n\"" },
	{ true, "\"\\uFFFF\"" },
	{ true, "\"\\uDBFF\\uDFFF\"" },
	{ true, "\"/* not a comment */\"" },
	{ true, "\"// neither\"" },
	{ true, "\"]\"" },
	{ true, "\"'\"" },
	{ true, "[]" },
	{ true, "{}" },
	{ true, "[ ]" },
	{ true, "{ }" },
	{ true, "[1]" },
	{ true, "[1,2]" },
	{ true, "[ 1 , 2 ]" },
	{ true, "[[]]" },
	{ true, "[[],[]]" },
	{ true, "[{}]" },
	{ true, "[null]" },
	{ true, "[1,null,\"x\",{\"a\":[]}]" },
	{ true, "{\"a\":1}" },
	{ true, "{\"a\":1,\"b\":2}" },
	{ true, "{ \"a\" : 1 }" },
	{ true, "{\"\":0}" },
	{ true, "{\"a\":{\"b\":{\"c\":[1,2,{\"d\":null}]}}}" },
	{ true, "{\"a\":1,\"a\":2}" },
	{ true, "{\"a\":null,\"A\":null}" },
	{ true, "{\"\\u0061\":1}" },
	{ true, "{\"a\\nb\":1}" },
	{ true, "{\"x\":\"\\\"\"}" },
	{ true, "[true,false]" },
	{ true, "[\"\"]" },
	{ true, "[\"\\u0060\\u012a\\u12AB\"]" },
	{ true, "[-0]" },
	{ true, "[1e1,1E1]" },
	{ true, "[4.5,\"two\",null]" },
	{ true, " 1" },
	{ true, "1 " },
	{ true, "\t1\r\n" },
	{ true, "\n[\r\n\t1 ]\n" },
	{ true, "{\"a\"\n:\n1\n}" },
	{ true, "\"\x7f\"" },
	{ true, "\"\xc3\xa9\"" },
	{ true, "\"\xe2\x82\xac\"" },
	{ true, "\"\xf0\x9f\x98\x80\"" },
	{ true, "\"\xef\xbf\xbf\"" },
	{ true, "\"\xef\xbb\xbf\"" },
	{ true, "{\"\xc3\xa9\":1}" },
	{ false, "nul" },
	{ false, "nulll" },
	{ false, "True" },
	{ false, "TRUE" },
	{ false, "tru" },
	{ false, "NaN" },
	{ false, "nan" },
	{ false, "Infinity" },
	{ false, "-Infinity" },
	{ false, "inf" },
	{ false, "+1" },
	{ false, ".5" },
	{ false, "5." },
	{ false, "1." },
	{ false, "-" },
	{ false, "--1" },
	{ false, "-a" },
	{ false, "01" },
	{ false, "-01" },
	{ false, "00" },
	{ false, "1e" },
	{ false, "1e+" },
	{ false, "1E-" },
	{ false, "1.e1" },
	{ false, "1.5e" },
	{ false, "0x10" },
	{ false, "0b1" },
	{ false, "1_000" },
	{ false, "1 000" },
	{ false, "1a" },
	{ false, "1L" },
	{ false, "1.2.3" },
	{ false, "1e1.5" },
	{ false, "- 1" },
	{ false, "1+2" },
	{ false, "'a'" },
	{ false, "'" },
	{ false, "\"" },
	{ false, "\"a" },
	{ false, "\"\\\"" },
	{ false, "\"\\x41\"" },
	{ false, "\"\\a\"" },
	{ false, "\"\\0\"" },
	{ false, "\"\\u\"" },
	{ false, "\"\\u1\"" },
	{ false, "\"\\u12\"" },
	{ false, "\"\\u123\"" },
	{ false, "\"\\u123G\"" },
	{ false, "\"\\uD800\\u\"" },
	{ false, "\"\\uD800\\u12\"" },
	{ false, "\"\\U0041\"" },
	{ false, "\"\\'\"" },
	{ false, "\"\\ \"" },
	{ false, "\"\\" },
	{ false, "\"a\"b" },
	{ false, "\"a\"\"b\"" },
	{ false, "a" },
	{ false, "abc" },
	{ false, "@" },
	{ false, "undefined" },
	{ false, "[" },
	{ false, "]" },
	{ false, "[1" },
	{ false, "[1," },
	{ false, "[1,]" },
	{ false, "[,1]" },
	{ false, "[,]" },
	{ false, "[1,,2]" },
	{ false, "[1 2]" },
	{ false, "[1:2]" },
	{ false, "[\"a\"" },
	{ false, "[\"a\"," },
	{ false, "[1}" },
	{ false, "[]]" },
	{ false, "[[]" },
	{ false, "[1]," },
	{ false, "[1] 2" },
	{ false, "[] []" },
	{ false, "[-]" },
	{ false, "[a]" },
	{ false, "[']" },
	{ false, "{" },
	{ false, "}" },
	{ false, "{a:1}" },
	{ false, "{'a':1}" },
	{ false, "{1:1}" },
	{ false, "{null:1}" },
	{ false, "{\"a\"}" },
	{ false, "{\"a\":}" },
	{ false, "{\"a\":1,}" },
	{ false, "{,\"a\":1}" },
	{ false, "{,}" },
	{ false, "{\"a\" 1}" },
	{ false, "{\"a\":1 \"b\":2}" },
	{ false, "{\"a\":1;\"b\":2}" },
	{ false, "{\"a\"=1}" },
	{ false, "{\"a\"::1}" },
	{ false, "{\"a\":1,,\"b\":2}" },
	{ false, "{\"a\":1]" },
	{ false, "{\"a\":1" },
	{ false, "{\"a\":" },
	{ false, "{\"a\"" },
	{ false, "{\"a" },
	{ false, "{\"a\":1}}" },
	{ false, "{\"a\":1}x" },
	{ false, "{\"a\":1}{" },
	{ false, "{\"a\":1}#" },
	{ false, "{\"a\":1}/**/" },
	{ false, "{\"a\":1}//" },
	{ false, "/**/1" },
	{ false, "//1" },
	{ false, "#1" },
	{ false, "1 /* c */" },
	{ false, "[1,/**/2]" },
	{ false, "[1]//" },
	{ false, "{\"a\":/**/1}" },
	{ false, "[NaN]" },
	{ false, "[Infinity]" },
	{ false, "[1,'a']" },
	{ false, "[+1]" },
	{ false, "[.5]" },
	{ false, "[1.]" },
	{ false, "[01]" },
	{ false, "[0x1]" },
	{ false, "{\"a\\u0000b\":1}" },
	{ false, "{[]:1}" },
	{ false, "[{]" },
	{ false, "[{\"a\":}]" },
	{ false, "<null>" },
	{ false, "[<null>]" },
	{ false, "," },
	{ false, ":" },
	{ false, "\\" },
	{ false, "\\u0041" },
	{ false, "(1)" },
	{ false, "=" },
	{ false, "*" },
	{ false, "" },
	{ false, " " },
	{ false, "\n" },
	{ false, "\xef\xbb\xbf{}" },
	{ false, "\xef\xbb\xbf" },
	{ false, "\xff\xfe[\0]\0" },
	{ false, "\f1" },
	{ false, "\v1" },
	{ false, "1\f" },
	{ false, "\xc2\xa0""1" },
	{ false, "1\xc2\xa0" },
	{ false, "[\xe2\x81\xa0]" },
	{ false, "\"\t\"" },
	{ false, "\"\n\"" },
	{ false, "\"a\rb\"" },
	{ false, "\"\x01\"" },
	{ false, "\"\x1f\"" },
	{ false, "[\"\n\"]" },
	{ false, "{\"\t\":1}" },
	{ false, "\"\xff\"" },
	{ false, "\"\x80\"" },
	{ false, "\"\xc0\x80\"" },
	{ false, "\"\xc1\xbf\"" },
	{ false, "\"\xe0\x80\x80\"" },
	{ false, "\"\xed\xa0\x80\"" },
	{ false, "\"\xed\xbf\xbf\"" },
	{ false, "\"\xf4\x90\x80\x80\"" },
	{ false, "\"\xf8\x88\x80\x80\x80\"" },
	{ false, "\"\xc3\"" },
	{ false, "\"\xe2\x82\"" },
	{ false, "\"\xc3\x28\"" },
	{ false, "{\"\xff\":1}" },
	{ false, "\xe5" },
	{ false, "[\xff]" },
	{ false, "\xc3\xa9" },
	{ false, "\"\xf0\x9f\x98\"" },
	{ false, "\"\\u00e\xc3\xa9\"" },
	{ false, "\"\\\xc3\xa9\"" },
	{ false, "\"a\\\"" },
};

static int parse(const char *text, size_t len, unsigned flags, struct json **ret, struct err *err)
{
	return json_parse(text, len, LIMIT_JSON_DEPTH, flags, ret, err);
}

/* exactly the bytes of the text, so that the sanitizer sees one byte too many */
static char *exact_dup(const char *text, size_t len)
{
	char *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	memcpy(copy, text, len);
	return copy;
}

static void test_table(void **state)
{
	assert_true(ARRAY_LEN(rows) >= 150);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		size_t len = strlen(rows[i].text);
		auto_free char *copy = exact_dup(rows[i].text, len);
		auto_ptr(json) v = NULL;
		struct err err = { 0 };
		int r = parse(copy, len, 0, &v, &err);

		if ((r == 0) != rows[i].valid)
			fail_msg("row %zu: %s: %s", i, rows[i].text, r ? err.text : "accepted");
		assert_true(r == 0 ? err.kind == ERR_NONE : err.kind == ERR_INVALID);
	}
}

/* every valid row, written and read again, is the same; every cut of it is refused or another value, never a crash */
static void test_round_trip_and_cuts(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		auto_ptr(json) v = NULL;
		auto_ptr(json) again = NULL;
		auto_str once = { 0 }, twice = { 0 };
		struct err err = { 0 };

		if (!rows[i].valid)
			continue;
		assert_int_equal(parse(rows[i].text, strlen(rows[i].text), 0, &v, &err), 0);
		json_write(&once, v, &json_style_inspect);
		assert_int_equal(parse(once.data, once.len, 0, &again, &err), 0);
		json_write(&twice, again, &json_style_inspect);
		assert_string_equal(str_text(&once), str_text(&twice));
		for (size_t len = 0; len < strlen(rows[i].text); len++) {
			auto_free char *copy = exact_dup(rows[i].text, len);
			auto_ptr(json) part = NULL;
			struct err cut_err = { 0 };

			if (parse(copy, len, 0, &part, &cut_err) < 0)
				assert_int_equal(cut_err.kind, ERR_INVALID);
		}
	}
}

static void test_strings(void **state)
{
	static const struct {
		const char *text, *value;
	} strings[] = {
		{ "\"\\u0041\\u00e9\\u20AC\"", "A\xc3\xa9\xe2\x82\xac" }, { "\"\\uD83D\\uDE00\"", "\xf0\x9f\x98\x80" },
		{ "\"\\uD800\"", "\xef\xbf\xbd" }, { "\"\\uD800\\uD83D\\uDE00\"", "\xef\xbf\xbd\xf0\x9f\x98\x80" },
		{ "\"\\uDE00x\"", "\xef\xbf\xbdx" }, { "\"\\uD800\\n\"", "\xef\xbf\xbd\n" }, { "\"a\\/b\\\\\"", "a/b\\" },
		{ "\"\\b\\f\\n\\r\\t\\\"\"", "\b\f\n\r\t\"" }, { "\"\"", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(strings); i++) {
		auto_ptr(json) v = NULL;
		struct err err = { 0 };

		assert_int_equal(parse(strings[i].text, strlen(strings[i].text), 0, &v, &err), 0);
		assert_string_equal(json_str(v, NULL), strings[i].value);
	}
}

static void test_last_duplicate_wins_unless_refused(void **state)
{
	static const char text[] = "{\"a\":1,\"b\":{\"c\":1,\"c\":2},\"a\":3}";
	auto_ptr(json) v = NULL;
	struct err err = { 0 };

	assert_int_equal(parse(text, sizeof(text) - 1, 0, &v, &err), 0);
	assert_int_equal(json_get_i64(v, "a", 0), 3);
	assert_int_equal(json_get_i64(json_get(v, "b"), "c", 0), 2);
	assert_true(parse(text, sizeof(text) - 1, JSON_PARSE_UNIQUE, &v, &err) < 0);
	assert_int_equal(err.kind, ERR_INVALID);
	assert_non_null(strstr(err.text, "member 'c'"));
}

static char *nested_dup(size_t depth, const char *open, const char *close)
{
	struct str s = { 0 };

	for (size_t i = 0; i < depth; i++)
		str_add(&s, open);
	str_add(&s, "1");
	for (size_t i = 0; i < depth; i++)
		str_add(&s, close);
	return str_take(&s);
}

static int parse_depth(size_t depth, const char *open, const char *close, unsigned max_depth, struct err *err)
{
	auto_free char *text = nested_dup(depth, open, close);
	auto_ptr(json) v = NULL;

	return json_parse(text, strlen(text), max_depth, 0, &v, err);
}

static void test_depth_limit(void **state)
{
	static const unsigned limits[] = { 0, 1, LIMIT_JSON_DEPTH_OUTSIDE, LIMIT_JSON_DEPTH };

	for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
		struct err arrays = { 0 }, objects = { 0 };

		assert_int_equal(parse_depth(limits[i], "[", "]", limits[i], &arrays), 0);
		assert_int_equal(parse_depth(limits[i], "{\"a\":", "}", limits[i], &objects), 0);
		assert_true(parse_depth(limits[i] + 1, "[", "]", limits[i], &arrays) < 0);
		assert_true(parse_depth(limits[i] + 1, "{\"a\":", "}", limits[i], &objects) < 0);
		assert_int_equal(arrays.kind, ERR_LIMIT);
		assert_int_equal(objects.kind, ERR_LIMIT);
	}
}

static int parse_repeated(const char *item, size_t count, struct err *err)
{
	auto_str s = { 0 };
	auto_ptr(json) v = NULL;

	str_add_char(&s, '[');
	for (size_t i = 0; i < count; i++)
		str_addf(&s, "%s%s", i ? "," : "", item);
	str_add_char(&s, ']');
	return parse(s.data, s.len, 0, &v, err);
}

static void test_count_limits(void **state)
{
	struct err err = { 0 };

	/* the array itself is a value too */
	assert_int_equal(parse_repeated("1", LIMIT_JSON_VALUES - 1, &err), 0);
	assert_true(parse_repeated("1", LIMIT_JSON_VALUES, &err) < 0);
	assert_int_equal(err.kind, ERR_LIMIT);
	err_clear(&err);
	assert_int_equal(parse_repeated("{}", LIMIT_JSON_OBJECTS, &err), 0);
	assert_true(parse_repeated("{}", LIMIT_JSON_OBJECTS + 1, &err) < 0);
	assert_int_equal(err.kind, ERR_LIMIT);
}

static void test_sentences(void **state)
{
	static const struct {
		const char *text, *sentence;
	} bad[] = {
		{ "", "not valid JSON at line 1, column 1: it ends where a value is expected" },
		{ "{\"a\":1,\n \"b\"}", "not valid JSON at line 2, column 5: '}' where ':' is expected" },
		{ "[1,]", "not valid JSON at line 1, column 4: ']' where a value is expected" },
		{ "{\"a\":1,}", "not valid JSON at line 1, column 8: '}' where a member's name in double quotes is expected" },
		{ "{} x", "not valid JSON at line 1, column 4: 'x' where the end is expected" },
		{ "\"\xff\"", "not valid JSON at line 1, column 2: bytes in a string that are not UTF-8" },
		{ "\"a\nb\"", "not valid JSON at line 1, column 3: byte 0x0a where the end of a string is expected" },
	};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		auto_ptr(json) v = NULL;
		struct err err = { 0 };

		assert_true(parse(bad[i].text, strlen(bad[i].text), 0, &v, &err) < 0);
		assert_string_equal(err.text, bad[i].sentence);
	}
}

static void test_object_wanted(void **state)
{
	auto_ptr(json) v = NULL;
	struct err err = { 0 };

	assert_true(json_parse_object("[1]", 3, 4, 0, &v, &err) < 0);
	assert_string_equal(err.text, "an array where a JSON object is expected");
	assert_null(v);
	err_clear(&err);
	assert_int_equal(json_parse_object("{}", 2, 4, 0, &v, &err), 0);
	assert_int_equal(json_kind(v), JSON_OBJECT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),	    cmocka_unit_test(test_round_trip_and_cuts),
		cmocka_unit_test(test_strings),	    cmocka_unit_test(test_last_duplicate_wins_unless_refused),
		cmocka_unit_test(test_depth_limit), cmocka_unit_test(test_count_limits),
		cmocka_unit_test(test_sentences),   cmocka_unit_test(test_object_wanted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
