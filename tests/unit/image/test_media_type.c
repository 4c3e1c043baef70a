/* test_media_type.c - files told by their first bytes; tests/compat (artifact/types) has what Podman says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/mem.h"
#include "image/media_type.h"

#include <string.h>

#define ROW(bytes, type) { bytes, sizeof(bytes) - 1, type }
static const struct {
	const char *bytes;
	size_t len;
	const char *type;
} rows[] = {
	ROW("", "text/plain; charset=utf-8"),
	ROW("plain", "text/plain; charset=utf-8"),
	ROW("\x7f" "ELF", "text/plain; charset=utf-8"),
	ROW("a\0b", "application/octet-stream"),
	ROW("a\x1b", "text/plain; charset=utf-8"),
	ROW("\n\t <!doctype html>", "text/html; charset=utf-8"),
	ROW("<html", "text/plain; charset=utf-8"), /* the tag has no end */
	ROW("<htmlx>", "text/plain; charset=utf-8"),
	ROW("<b>x", "text/html; charset=utf-8"),
	ROW(" <?xml", "text/xml; charset=utf-8"),
	ROW("%PDF-", "application/pdf"),
	ROW(" %PDF-", "text/plain; charset=utf-8"),
	ROW("\xfe\xff..", "text/plain; charset=utf-16be"),
	ROW("\xfe\xff", "text/plain; charset=utf-8"), /* too short to tell */
	ROW("RIFFsizeWEBPVP8", "image/webp"),
	ROW("RIFFsizeWAVE", "audio/wave"),
	ROW("RIFFsizeXXXX", "text/plain; charset=utf-8"),
	ROW("\0\0\0\x0c" "ftypmp42", "video/mp4"),
	ROW("\0\0\0\x10" "ftypisommp42", "application/octet-stream"), /* longer than what is there; 12 to 16 is a version */
	ROW("\0\0\0\x14" "ftypisom\0\0\0\0mp41", "video/mp4"),
	ROW("\0\0\0\0" "ftypmp42", "application/octet-stream"),
	ROW("\0\0\0\x0d" "ftypmp42", "application/octet-stream"),
	ROW("\x1f\x8b\x08", "application/x-gzip"),
	ROW("\x1f\x8b", "application/octet-stream"),
	ROW("0123456789012345678901234567890123LP", "application/vnd.ms-fontobject"),
	ROW("0123456789012345678901234567890123L", "text/plain; charset=utf-8"),
};

static void test_types(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		/* exactly as long as told, so that reading further is seen */
		auto_free char *copy = mem_alloc(rows[i].len ? rows[i].len : 1);
		memcpy(copy, rows[i].bytes, rows[i].len);
		const char *type = media_type_of(copy, rows[i].len);
		if (strcmp(type, rows[i].type) != 0)
			fail_msg("row %zu: is %s, should be %s", i, type, rows[i].type);
	}
}

/* What comes behind the first 512 bytes says nothing. */
static void test_length(void **state)
{
	char data[MEDIA_TYPE_BYTES + 1];
	(void)state;
	memset(data, 'a', sizeof(data));
	data[MEDIA_TYPE_BYTES] = 0;
	assert_string_equal(media_type_of(data, sizeof(data)), "text/plain; charset=utf-8");
	data[MEDIA_TYPE_BYTES - 1] = 0;
	assert_string_equal(media_type_of(data, sizeof(data)), "application/octet-stream");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_types), cmocka_unit_test(test_length) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
