/* test_utf8.c - what is a character, byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/str.h"
#include "codec/utf8.h"

static void test_decode(void **state)
{
	static const struct {
		const char *bytes;
		size_t len; /* 0: not a character */
		uint32_t rune;
	} rows[] = {
		{ "a", 1, 'a' },		{ "\x7f", 1, 0x7f },	       { "\xc2\x80", 2, 0x80 },
		{ "\xdf\xbf", 2, 0x7ff },	{ "\xe0\xa0\x80", 3, 0x800 },  { "\xed\x9f\xbf", 3, 0xd7ff },
		{ "\xee\x80\x80", 3, 0xe000 },	{ "\xef\xbf\xbf", 3, 0xffff }, { "\xf0\x90\x80\x80", 4, 0x10000 },
		{ "\xf4\x8f\xbf\xbf", 4, 0x10ffff },
		{ "\x80", 0, 0 },		{ "\xc0\x80", 0, 0 },	       { "\xc1\xbf", 0, 0 },
		{ "\xe0\x9f\xbf", 0, 0 },	{ "\xed\xa0\x80", 0, 0 },      { "\xf0\x8f\xbf\xbf", 0, 0 },
		{ "\xf4\x90\x80\x80", 0, 0 },	{ "\xf5\x80\x80\x80", 0, 0 },  { "\xff", 0, 0 },
		{ "\xc2", 0, 0 },		{ "\xe2\x82", 0, 0 },	       { "\xf0\x9f\x98", 0, 0 },
		{ "\xc2\x41", 0, 0 },		{ "\xe2\x82\x41", 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		uint32_t rune = 0;

		assert_int_equal(utf8_decode(rows[i].bytes, strlen(rows[i].bytes), &rune), rows[i].len);
		if (rows[i].len)
			assert_int_equal(rune, rows[i].rune);
	}
}

static void test_add_is_the_inverse(void **state)
{
	for (uint32_t rune = 1; rune <= 0x10ffff; rune += 37) {
		auto_str s = { 0 };
		uint32_t back = 0;

		if (rune >= 0xd800 && rune < 0xe000)
			continue;
		utf8_add(&s, rune);
		assert_int_equal(utf8_decode(s.data, s.len, &back), s.len);
		assert_int_equal(back, rune);
	}
}

static void test_count_and_prefix(void **state)
{
	const char *text = "a\xc3\xa9\xe2\x82\xac\xff!";

	assert_int_equal(utf8_count(text, strlen(text)), 5);
	assert_int_equal(utf8_prefix(text, strlen(text), 3), 6);
	assert_int_equal(utf8_prefix(text, strlen(text), 4), 7);
	assert_int_equal(utf8_prefix(text, strlen(text), 99), strlen(text));
	assert_int_equal(utf8_prefix(text, 0, 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode),
		cmocka_unit_test(test_add_is_the_inverse),
		cmocka_unit_test(test_count_and_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
