/* utf8.c - see utf8.h */
#include "codec/utf8.h"

#include "base/str.h"

/* What the first byte says; the ranges of the second byte shut out overlong forms and surrogates (Unicode 3.9, table 3-7). */
struct lead {
	unsigned char first, last, second_min, second_max, len;
};

static const struct lead leads[] = {
	{ 0xC2, 0xDF, 0x80, 0xBF, 2 }, { 0xE0, 0xE0, 0xA0, 0xBF, 3 }, { 0xE1, 0xEC, 0x80, 0xBF, 3 },
	{ 0xED, 0xED, 0x80, 0x9F, 3 }, { 0xEE, 0xEF, 0x80, 0xBF, 3 }, { 0xF0, 0xF0, 0x90, 0xBF, 4 },
	{ 0xF1, 0xF3, 0x80, 0xBF, 4 }, { 0xF4, 0xF4, 0x80, 0x8F, 4 },
};

size_t utf8_decode(const char *p, size_t len, uint32_t *ret_rune)
{
	const unsigned char *b = (const unsigned char *)p;
	const struct lead *lead = NULL;
	uint32_t rune;

	if (b[0] < 0x80) {
		*ret_rune = b[0];
		return 1;
	}
	for (size_t i = 0; i < ARRAY_LEN(leads); i++)
		if (b[0] >= leads[i].first && b[0] <= leads[i].last)
			lead = &leads[i];
	if (!lead || len < lead->len || b[1] < lead->second_min || b[1] > lead->second_max)
		return 0;
	rune = (uint32_t)(b[0] & (0x7F >> lead->len)) << 6 | (b[1] & 0x3F);
	for (size_t i = 2; i < lead->len; i++) {
		if ((b[i] & 0xC0) != 0x80)
			return 0;
		rune = rune << 6 | (b[i] & 0x3F);
	}
	*ret_rune = rune;
	return lead->len;
}

size_t utf8_next(const char *p, size_t len, uint32_t *ret_rune)
{
	size_t n = utf8_decode(p, len, ret_rune);

	if (n > 0)
		return n;
	*ret_rune = UTF8_REPLACEMENT;
	return 1;
}

void utf8_add(struct str *out, uint32_t rune)
{
	if (rune < 0x80) {
		str_add_char(out, (char)rune);
	} else if (rune < 0x800) {
		str_add_char(out, (char)(0xC0 | rune >> 6));
		str_add_char(out, (char)(0x80 | (rune & 0x3F)));
	} else if (rune < 0x10000) {
		str_add_char(out, (char)(0xE0 | rune >> 12));
		str_add_char(out, (char)(0x80 | (rune >> 6 & 0x3F)));
		str_add_char(out, (char)(0x80 | (rune & 0x3F)));
	} else {
		str_add_char(out, (char)(0xF0 | rune >> 18));
		str_add_char(out, (char)(0x80 | (rune >> 12 & 0x3F)));
		str_add_char(out, (char)(0x80 | (rune >> 6 & 0x3F)));
		str_add_char(out, (char)(0x80 | (rune & 0x3F)));
	}
}

size_t utf8_count(const char *text, size_t len)
{
	size_t n = 0;
	uint32_t rune;

	for (size_t i = 0; i < len; n++)
		i += (unsigned char)text[i] < 0x80 ? 1 : utf8_next(text + i, len - i, &rune);
	return n;
}

size_t utf8_prefix(const char *text, size_t len, size_t n)
{
	size_t i = 0;
	uint32_t rune;

	for (; i < len && n > 0; n--)
		i += utf8_next(text + i, len - i, &rune);
	return i;
}
