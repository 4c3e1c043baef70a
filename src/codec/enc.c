/* enc.c - see enc.h */
#include "codec/enc.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *enc_base64(const void *data, size_t len)
{
	const unsigned char *p = data;
	char *out = mem_alloc((len + 2) / 3 * 4 + 1), *o = out;

	for (size_t i = 0; i < len; i += 3) {
		size_t n = len - i < 3 ? len - i : 3;
		uint32_t v = (uint32_t)p[i] << 16 | (n > 1 ? (uint32_t)p[i + 1] << 8 : 0) | (n > 2 ? p[i + 2] : 0);

		*o++ = alphabet[v >> 18 & 63];
		*o++ = alphabet[v >> 12 & 63];
		*o++ = '=';
		*o++ = '=';
		if (n > 1)
			o[-2] = alphabet[v >> 6 & 63];
		if (n > 2)
			o[-1] = alphabet[v & 63];
	}
	return out;
}

static int digit(char c)
{
	const char *at = c ? strchr(alphabet, c) : NULL;

	if (at)
		return (int)(at - alphabet);
	return c == '-' ? 62 : c == '_' ? 63 : -1;
}

int enc_base64_decode(const char *text, char **ret_data, size_t *ret_len)
{
	size_t len = strlen(text), have = 0;
	auto_free char *out = NULL;
	uint32_t bits = 0;

	for (int i = 0; i < 2 && len && text[len - 1] == '='; i++)
		len--;
	if (len % 4 == 1)
		return -EINVAL;
	out = mem_alloc(len / 4 * 3 + 4);
	for (size_t i = 0; i < len; i++) {
		int d = digit(text[i]);

		if (d < 0)
			return -EINVAL;
		bits = bits << 6 | (uint32_t)d;
		if (i % 4 == 0)
			continue;
		/* 6, 12, 18, 24 bits are there: each step after the first ends a byte */
		out[have++] = (char)(bits >> (6 - 2 * (i % 4)) & 0xff);
	}
	out[have] = '\0';
	*ret_len = have;
	*ret_data = take_ptr(out);
	return 0;
}
