/* test_json_out.c - output byte for byte as Go's encoder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/str.h"
#include "codec/json_out.h"

static void write_sample(struct str *out, const struct json_style *style)
{
	struct json_out o = json_out(out, style);

	json_out_open_object(&o, NULL);
	json_out_str(&o, "b", "x");
	json_out_open_array(&o, "empty");
	json_out_close_array(&o);
	json_out_open_object(&o, "none");
	json_out_close_object(&o);
	json_out_open_array(&o, "a");
	json_out_i64(&o, NULL, -1);
	json_out_u64(&o, NULL, UINT64_MAX);
	json_out_bool(&o, NULL, false);
	json_out_null(&o, NULL);
	json_out_str(&o, NULL, NULL);
	json_out_open_object(&o, NULL);
	json_out_bool(&o, "k", true);
	json_out_close_object(&o);
	json_out_close_array(&o);
	json_out_close_object(&o);
}

static void test_compact(void **state)
{
	auto_str out = { 0 };

	write_sample(&out, NULL);
	assert_string_equal(str_text(&out), "{\"b\":\"x\",\"empty\":[],\"none\":{},"
					    "\"a\":[-1,18446744073709551615,false,null,null,{\"k\":true}]}");
}

static void test_indented(void **state)
{
	static const struct json_style style = { .prefix = "> ", .indent = "  " };
	auto_str out = { 0 };

	write_sample(&out, &style);
	assert_string_equal(str_text(&out), "{\n>   \"b\": \"x\",\n>   \"empty\": [],\n>   \"none\": {},\n>   \"a\": [\n"
					    ">     -1,\n>     18446744073709551615,\n>     false,\n>     null,\n>     null,\n"
					    ">     {\n>       \"k\": true\n>     }\n>   ]\n> }");
}

static void test_spread(void **state)
{
	static const struct json_style style = { .indent = "  ", .spread = true };
	auto_ptr(json) list = json_array_new();
	struct json *o = json_object_new();
	auto_str out = { 0 };
	(void)state;

	json_set(o, "none", json_object_new());
	json_set(o, "empty", json_array_new());
	json_add(list, o);
	json_write(&out, list, &style);
	assert_string_equal(str_text(&out), "[\n  {\n    \"none\": {\n      \n    },\n    \"empty\": []\n  }\n]");
}

static void test_inspect_style(void **state)
{
	auto_ptr(json) list = json_array_new();
	auto_ptr(json) empty = json_array_new();
	auto_str out = { 0 };

	json_write(&out, empty, &json_style_inspect);
	assert_string_equal(str_text(&out), "[]");
	str_cut(&out, 0);
	json_add_str(list, "v");
	json_write(&out, list, &json_style_inspect);
	assert_string_equal(str_text(&out), "[\n     \"v\"\n]");
}

static void test_sorted(void **state)
{
	static const struct json_style style = { .sorted = true };
	auto_ptr(json) o = json_object_new();
	auto_str out = { 0 };

	json_set_i64(o, "b", 1);
	json_set_i64(o, "a.b", 2);
	json_set_i64(o, "a", 3);
	json_write(&out, o, &style);
	assert_string_equal(str_text(&out), "{\"a\":3,\"a.b\":2,\"b\":1}");
}

static void test_escapes(void **state)
{
	static const struct {
		const char *text, *plain, *html;
	} rows[] = {
		{ "", "\"\"", "\"\"" },
		{ "a\"b\\c/", "\"a\\\"b\\\\c/\"", "\"a\\\"b\\\\c/\"" },
		{ "\b\f\n\r\t\x01\x1f\x7f", "\"\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\"", "\"\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\"" },
		{ "<a>&", "\"<a>&\"", "\"\\u003ca\\u003e\\u0026\"" },
		{ "\xc3\xa9\xf0\x9f\x98\x80", "\"\xc3\xa9\xf0\x9f\x98\x80\"", "\"\xc3\xa9\xf0\x9f\x98\x80\"" },
		{ "\xe2\x80\xa8\xe2\x80\xa9", "\"\\u2028\\u2029\"", "\"\\u2028\\u2029\"" },
		{ "a\xff\xc3", "\"a\\ufffd\\ufffd\"", "\"a\\ufffd\\ufffd\"" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		auto_str plain = { 0 }, html = { 0 };

		json_quote(&plain, rows[i].text, strlen(rows[i].text), false);
		json_quote(&html, rows[i].text, strlen(rows[i].text), true);
		assert_string_equal(str_text(&plain), rows[i].plain);
		assert_string_equal(str_text(&html), rows[i].html);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_compact), cmocka_unit_test(test_indented), cmocka_unit_test(test_inspect_style),
		cmocka_unit_test(test_spread), cmocka_unit_test(test_sorted),	cmocka_unit_test(test_escapes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
