/* test_json.c - the tree: getters with defaults, numbers, builders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/str.h"
#include "codec/json.h"
#include "codec/json_out.h"

#include <errno.h>

static void assert_text(const struct json *v, const char *expected)
{
	auto_str out = { 0 };

	json_write(&out, v, NULL);
	assert_string_equal(str_text(&out), expected);
}

static void test_getters_answer_defaults(void **state)
{
	auto_ptr(json) o = json_object_new();

	json_set_str(o, "s", "text");
	json_set_bool(o, "b", true);
	json_set_i64(o, "n", -7);
	json_set_u64(o, "u", UINT64_MAX);
	json_set(o, "null", NULL);
	assert_string_equal(json_get_str(o, "s", ""), "text");
	assert_string_equal(json_get_str(o, "n", "other"), "other");
	assert_null(json_get_str(o, "absent", NULL));
	assert_true(json_get_bool(o, "b", false));
	assert_true(json_get_bool(o, "s", true));
	assert_int_equal(json_get_i64(o, "n", 1), -7);
	assert_int_equal(json_get_i64(o, "u", 1), 1);
	assert_int_equal(json_get_u64(o, "n", 1), 1);
	assert_true(json_get_u64(o, "u", 1) == UINT64_MAX);
	assert_null(json_get(o, "null"));
	assert_true(json_has(o, "null"));
	assert_false(json_has(o, "absent"));
	assert_null(json_get(NULL, "x"));
	assert_null(json_at(o, 0));
	assert_int_equal(json_len(o), 5);
	assert_int_equal(json_len(NULL), 0);
}

static void test_strings_with_nul(void **state)
{
	auto_ptr(json) v = json_str_len_new("a\0b", 3);
	size_t len = 0;

	assert_string_equal(json_str(v, "refused"), "refused");
	assert_memory_equal(json_str_bytes(v, &len), "a\0b", 3);
	assert_int_equal(len, 3);
	assert_text(v, "\"a\\u0000b\"");
}

static void test_number_text_is_kept(void **state)
{
	static const char *const texts[] = {
		"0", "-0", "1", "-1", "9223372036854775807", "9223372036854775808", "18446744073709551615",
		"18446744073709551616", "-9223372036854775808", "-9223372036854775809", "1.0", "0.10", "1e3", "1E+3",
		"123456789012345678901234567890", "1e400", "2.2250738585072014e-308",
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		auto_ptr(json) v = json_number_new(texts[i]);

		assert_text(v, texts[i]);
	}
}

static void test_integers(void **state)
{
	static const struct {
		const char *text;
		int i64_result, u64_result;
	} rows[] = {
		{ "0", 0, 0 }, { "-1", 0, -ERANGE }, { "9223372036854775807", 0, 0 }, { "9223372036854775808", -ERANGE, 0 },
		{ "18446744073709551615", -ERANGE, 0 }, { "18446744073709551616", -EINVAL, -EINVAL },
		{ "-9223372036854775808", 0, -ERANGE }, { "-9223372036854775809", -EINVAL, -EINVAL },
		{ "1.0", -EINVAL, -EINVAL }, { "1e3", -EINVAL, -EINVAL },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		auto_ptr(json) v = json_number_new(rows[i].text);
		int64_t small;
		uint64_t big;

		assert_int_equal(json_to_i64(v, &small), rows[i].i64_result);
		assert_int_equal(json_to_u64(v, &big), rows[i].u64_result);
	}
}

static void test_float_text(void **state)
{
	static const struct {
		double value;
		const char *json, *printed;
	} rows[] = {
		{ 0, "0", "0" }, { -0.0, "-0", "-0" }, { 1, "1", "1" }, { 0.1, "0.1", "0.1" }, { 100000, "100000", "100000" },
		{ 1e6, "1000000", "1e+06" }, { 123456789, "123456789", "1.23456789e+08" }, { 1e20, "100000000000000000000", "1e+20" },
		{ 1e21, "1e+21", "1e+21" }, { 1e-5, "0.00001", "1e-05" }, { 1e-6, "0.000001", "1e-06" }, { 1e-7, "1e-7", "1e-07" },
		{ 1.5e-10, "1.5e-10", "1.5e-10" }, { -2.5, "-2.5", "-2.5" }, { 1e100, "1e+100", "1e+100" },
		{ 0.30000000000000004, "0.30000000000000004", "0.30000000000000004" }, { 1234567.5, "1234567.5", "1.2345675e+06" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		auto_str json = { 0 }, printed = { 0 };

		json_float_text(rows[i].value, 'j', &json);
		json_float_text(rows[i].value, 'g', &printed);
		assert_string_equal(str_text(&json), rows[i].json);
		assert_string_equal(str_text(&printed), rows[i].printed);
	}
}

static void test_builders_and_order(void **state)
{
	auto_strv list = NULL;
	auto_ptr(json) o = json_object_new();
	auto_ptr(json) shared = NULL;

	strv_add(&list, "x");
	strv_add(&list, "y");
	json_set(o, "z", json_strv_new(list));
	json_set(o, "a", json_array_new());
	json_add(json_get(o, "a"), json_f64_new(0.5));
	json_add_str(json_get(o, "a"), "t");
	json_add(json_get(o, "a"), NULL);
	json_set_u64(o, "z2", 5);
	json_set_str(o, "z", "again");
	json_del(o, "z2");
	shared = json_ref(o);
	assert_text(shared, "{\"z\":\"again\",\"a\":[0.5,\"t\",null]}");
	assert_int_equal(json_len(json_get(o, "a")), 3);
	assert_string_equal(json_str(json_at(json_get(o, "a"), 1), ""), "t");
	assert_null(json_at(json_get(o, "a"), 3));
}

static void test_iteration(void **state)
{
	auto_ptr(json) o = json_object_new();
	auto_str names = { 0 };
	struct json_iter none = json_iter(NULL);

	json_set_i64(o, "b", 2);
	json_set_i64(o, "a", 1);
	for (struct json_iter it = json_iter(o); json_next(&it);)
		str_addf(&names, "%s=%d ", it.name, (int)json_i64(it.value, 0));
	assert_string_equal(str_text(&names), "b=2 a=1 ");
	assert_false(json_next(&none));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_getters_answer_defaults), cmocka_unit_test(test_strings_with_nul),
		cmocka_unit_test(test_number_text_is_kept),	cmocka_unit_test(test_integers),
		cmocka_unit_test(test_float_text),		cmocka_unit_test(test_builders_and_order),
		cmocka_unit_test(test_iteration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
