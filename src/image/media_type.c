#include "image/media_type.h"

#include "base/mem.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

static const char blanks[] = "\t\n\f\r ";

/* ---- text that is marked ---- */

static const char *const html_tags[] = {
	"<!DOCTYPE HTML", "<HTML", "<HEAD", "<SCRIPT", "<IFRAME", "<H1", "<DIV", "<FONT", "<TABLE", "<A", "<STYLE", "<TITLE", "<B", "<BODY", "<BR",
	"<P", "<!--",
};

static bool is_html(const char *data, size_t len)
{
	for (size_t i = 0; i < ARRAY_LEN(html_tags); i++) {
		size_t tag = strlen(html_tags[i]);

		if (len > tag && strncasecmp(data, html_tags[i], tag) == 0 && (data[tag] == ' ' || data[tag] == '>'))
			return true;
	}
	return false;
}

/* ---- signatures ---- */

struct signature_row {
	const char *bytes, *mask; /* mask NULL: every bit counts; 0 in it: any byte */
	size_t len;
	const char *type;
};
#define EXACT(bytes, type) { (bytes), NULL, sizeof(bytes) - 1, (type) }
#define MASKED(bytes, mask, type) { (bytes), (mask), sizeof(bytes) - 1, (type) }
#define FORM "\xff\xff\xff\xff\0\0\0\0\xff\xff\xff\xff"

static const struct signature_row text_rows[] = {
	EXACT("%PDF-", "application/pdf"),
	EXACT("%!PS-Adobe-", "application/postscript"),
	MASKED("\xfe\xff\0\0", "\xff\xff\0\0", "text/plain; charset=utf-16be"),
	MASKED("\xff\xfe\0\0", "\xff\xff\0\0", "text/plain; charset=utf-16le"),
	MASKED("\xef\xbb\xbf\0", "\xff\xff\xff\0", "text/plain; charset=utf-8"),
	EXACT("\0\0\1\0", "image/x-icon"),
	EXACT("\0\0\2\0", "image/x-icon"),
	EXACT("BM", "image/bmp"),
	EXACT("GIF87a", "image/gif"),
	EXACT("GIF89a", "image/gif"),
	MASKED("RIFF\0\0\0\0WEBPVP", FORM "\xff\xff", "image/webp"),
	EXACT("\x89PNG\r\n\x1a\n", "image/png"),
	EXACT("\xff\xd8\xff", "image/jpeg"),
	MASKED("FORM\0\0\0\0AIFF", FORM, "audio/aiff"),
	EXACT("ID3", "audio/mpeg"),
	EXACT("OggS\0", "application/ogg"),
	EXACT("MThd\0\0\0\6", "audio/midi"),
	MASKED("RIFF\0\0\0\0AVI ", FORM, "video/avi"),
	MASKED("RIFF\0\0\0\0WAVE", FORM, "audio/wave"),
};
static const struct signature_row late_rows[] = { /* after MP4 */
	EXACT("\x1a\x45\xdf\xa3", "video/webm"),
	EXACT("\0\1\0\0", "font/ttf"),
	EXACT("OTTO", "font/otf"),
	EXACT("ttcf", "font/collection"),
	EXACT("wOFF", "font/woff"),
	EXACT("wOF2", "font/woff2"),
	EXACT("\x1f\x8b\x08", "application/x-gzip"),
	EXACT("PK\3\4", "application/zip"),
	EXACT("Rar!\x1a\7\0", "application/x-rar-compressed"),
	EXACT("Rar!\x1a\7\1\0", "application/x-rar-compressed"),
	EXACT("\0asm", "application/wasm"),
};

static const char *find(const struct signature_row *rows, size_t count, const char *data, size_t len)
{
	for (size_t i = 0; i < count; i++) {
		const struct signature_row *r = &rows[i];
		bool same = len >= r->len;

		for (size_t at = 0; same && at < r->len; at++)
			same = (data[at] & (r->mask ? r->mask[at] : '\xff')) == r->bytes[at];
		if (same)
			return r->type;
	}
	return NULL;
}

static uint32_t be32(const char *at)
{
	const unsigned char *b = (const unsigned char *)at;

	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* A box "ftyp" of which one brand begins with mp4. */
static bool is_mp4(const char *data, size_t len)
{
	size_t box = len >= 12 ? be32(data) : 0;

	if (!box || box % 4 || len < box || memcmp(data + 4, "ftyp", 4) != 0)
		return false;
	for (size_t at = 8; at + 4 <= box; at += 4)
		if (at != 12 && memcmp(data + at, "mp4", 3) == 0)
			return true;
	return false;
}

static bool is_embedded_font(const char *data, size_t len)
{
	return len >= 36 && memcmp(data + 34, "LP", 2) == 0;
}

static bool is_text(const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)data[i];

		if (c <= 0x08 || c == 0x0b || (c >= 0x0e && c <= 0x1a) || (c >= 0x1c && c <= 0x1f))
			return false;
	}
	return true;
}

const char *media_type_of(const void *bytes, size_t len)
{
	const char *data = bytes, *type;
	size_t first = 0;

	len = len > MEDIA_TYPE_BYTES ? MEDIA_TYPE_BYTES : len;
	while (first < len && data[first] && strchr(blanks, data[first]))
		first++;
	if (is_html(data + first, len - first))
		return "text/html; charset=utf-8";
	if (len - first >= 5 && memcmp(data + first, "<?xml", 5) == 0)
		return "text/xml; charset=utf-8";
	type = find(text_rows, ARRAY_LEN(text_rows), data, len);
	if (type)
		return type;
	if (is_mp4(data, len))
		return "video/mp4";
	type = find(late_rows, ARRAY_LEN(late_rows), data, len);
	if (type)
		return type;
	if (is_embedded_font(data, len))
		return "application/vnd.ms-fontobject";
	return is_text(data, len) ? "text/plain; charset=utf-8" : "application/octet-stream";
}
