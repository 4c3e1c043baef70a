/* test_str.c - strings and lists of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/str.h"

#include <stdio.h>
#include <string.h>

static void test_grow(void **state)
{
	auto_str s = { 0 };
	assert_string_equal(str_text(&s), "");
	for (int i = 0; i < 1000; i++)
		str_addf(&s, "%d,", i);
	assert_int_equal(s.len, 10 * 2 + 90 * 3 + 900 * 4);
	assert_int_equal(strlen(s.data), s.len);
	str_add_mem(&s, "\0x", 2);
	assert_int_equal(s.data[s.len - 1], 'x');
	assert_int_equal(s.data[s.len], 0);
	str_cut(&s, 3);
	assert_string_equal(s.data, "0,1");
	str_cut(&s, 100);
	assert_int_equal(s.len, 3);
	char *taken = str_take(&s);
	assert_string_equal(taken, "0,1");
	assert_null(s.data);
	free(taken);
	taken = str_take(&s);
	assert_string_equal(taken, "");
	free(taken);
}

static void test_split(void **state)
{
	static const struct {
		const char *text;
		size_t count;
	} rows[] = { { "", 0 }, { "a", 1 }, { ",", 2 }, { "a,,b", 3 }, { ",,,", 4 }, { "a,b,c,d,e,f,g", 7 }, { "a,b,c,d,e,f,g,", 8 } };
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		auto_strv v = strv_split(rows[i].text, ',');
		assert_int_equal(strv_len(v), rows[i].count);
		auto_free char *back = strv_join(v, ",");
		assert_string_equal(back, rows[i].text);
		for (int more = 0; more < 20; more++) /* a list that was split grows like any other */
			strv_addf(&v, "%d", more);
		assert_int_equal(strv_len(v), rows[i].count + 20);
		assert_string_equal(v[rows[i].count + 19], "19");
	}
}

/* A hostile document's list costs its length, not the square of it: with the square this does not end. */
static void test_split_long(void **state)
{
	enum { COUNT = 1 << 20 };
	auto_free char *text = mem_alloc(COUNT + 1);
	memset(text, ',', COUNT);
	auto_strv v = strv_split(text, ',');
	assert_int_equal(strv_len(v), COUNT + 1);
}

static void test_env(void **state)
{
	auto_strv v = NULL;
	char name[16];
	for (int i = 0; i < 40; i++) {
		snprintf(name, sizeof(name), "K%d", i);
		strv_env_set(&v, name, "x=y");
	}
	strv_env_set(&v, "K3", "");
	assert_int_equal(strv_len(v), 40);
	assert_string_equal(strv_env_get(v, "K3"), "");
	assert_string_equal(strv_env_get(v, "K30"), "x=y");
	assert_null(strv_env_get(v, "K"));
	assert_null(strv_env_get(NULL, "K"));
	for (int i = 39; i >= 0; i -= 2) { /* shorter, then longer again */
		snprintf(name, sizeof(name), "K%d", i);
		strv_env_unset(v, name);
		assert_null(strv_env_get(v, name));
	}
	assert_int_equal(strv_len(v), 20);
	for (int i = 0; i < 100; i++)
		strv_addf(&v, "N%d=", i);
	assert_int_equal(strv_len(v), 120);
	strv_env_unset(v, "none");
	assert_true(strv_has(v, "N99="));
	auto_strv copy = strv_dup(v);
	strv_sort(copy);
	assert_int_equal(strv_len(copy), 120);
	assert_string_equal(copy[0], "K0=x=y");
	strv_sort(NULL);
}

static void test_ends(void **state)
{
	static const char *const list[] = { "a", "b", NULL };
	assert_true(str_starts("abc", ""));
	assert_true(str_starts("abc", "abc"));
	assert_false(str_starts("ab", "abc"));
	assert_true(str_ends("abc", "bc"));
	assert_true(str_ends("abc", ""));
	assert_false(str_ends("c", "bc"));
	assert_string_equal(str_after("abc", "ab"), "c");
	assert_null(str_after("abc", "b"));
	assert_int_equal(str_index(list, "b"), 1);
	assert_int_equal(str_index(list, "c"), -1);
	auto_free char *lower = str_lower_dup("AbC-\xc3\x84");
	assert_string_equal(lower, "abc-\xc3\x84");
}

static void test_distance(void **state)
{
	(void)state;
	static const struct { const char *a, *b; unsigned far; } rows[] = {
		{ "", "", 0 },		{ "", "abc", 3 },	 { "run", "run", 0 },	  { "run", "RUN", 0 },
		{ "rnu", "run", 2 },	{ "imagess", "images", 1 }, { "lgos", "logs", 2 },  { "kitten", "sitting", 3 },
		{ "ab", "ba", 2 },	{ "web", "wbe", 2 },	 { "pp", "top", 2 },
	};
	char longest[65];
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(str_distance(rows[i].a, rows[i].b), rows[i].far);
		assert_int_equal(str_distance(rows[i].b, rows[i].a), rows[i].far);
	}
	memset(longest, 'x', 64);
	longest[64] = 0;
	assert_int_equal(str_distance(longest, "x"), UINT32_MAX);
	assert_int_equal(str_distance("x", longest), UINT32_MAX);
	longest[63] = 0;
	assert_int_equal(str_distance(longest, "x"), 62);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grow), cmocka_unit_test(test_split), cmocka_unit_test(test_split_long), cmocka_unit_test(test_env), cmocka_unit_test(test_ends), cmocka_unit_test(test_distance),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
