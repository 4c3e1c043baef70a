/* registry_error.c - see registry_error.h */
#include "image/registry_error.h"

#include <string.h>

#include "base/limits.h"
#include "codec/json_parse.h"

enum { MESSAGE_MAX = 300 };

static enum err_kind kind_of(int status)
{
	switch (status) {
	case 404:
		return ERR_NOT_FOUND;
	case 401:
	case 403:
		return ERR_DENIED;
	default:
		return ERR_NETWORK;
	}
}

/* What a server says ends on a person's terminal: letters and spaces only, no control sequences. */
static void add_clean(struct str *out, const char *text)
{
	for (size_t i = 0; text[i] && i < MESSAGE_MAX; i++)
		str_add_char(out, (unsigned char)text[i] < ' ' || text[i] == 0x7f ? ' ' : text[i]);
}

static bool add_told(struct str *out, const struct http_transfer *answer)
{
	auto_ptr(json) doc = NULL;
	auto_free char *code = NULL;
	struct err ignored = { 0 };
	const struct json *first;
	const char *message;
	size_t len;
	const char *body = http_body(answer, &len);

	if (json_parse_object(body, len, LIMIT_JSON_DEPTH_OUTSIDE, 0, &doc, &ignored) < 0)
		return false;
	first = json_at(json_get(doc, "errors"), 0);
	message = json_get_str(first, "message", json_get_str(doc, "details", ""));
	if (!*message) {
		code = str_lower_dup(json_get_str(first, "code", ""));
		for (char *p = code; *p; p++)
			*p = *p == '_' ? ' ' : *p;
		message = code;
	}
	add_clean(out, message);
	return *message != '\0';
}

static const char *status_word(int status)
{
	static const struct {
		int status;
		const char *word;
	} words[] = {
		{ 400, "bad request" },	       { 401, "authentication required" },   { 403, "access to the resource is denied" },
		{ 404, "not found" },	       { 405, "method not allowed" },	     { 429, "too many requests" },
		{ 500, "internal server error" }, { 502, "bad gateway" },	     { 503, "service unavailable" },
		{ 504, "gateway timeout" },
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (words[i].status == status)
			return words[i].word;
	return "unexpected answer";
}

int registry_error(const struct http_transfer *answer, const char *what, struct err *err)
{
	auto_str told = { 0 };
	int status = http_status(answer);

	if (add_told(&told, answer) && (status == 404 || status == 401 || status == 403))
		return err_set(err, kind_of(status), "%s: %s", what, str_text(&told));
	if (told.len)
		return err_set(err, kind_of(status), "%s: %s (status %d from %s)", what, str_text(&told), status, http_url(answer));
	return err_set(err, kind_of(status), "%s: %s (status %d from %s)", what, status_word(status), status, http_url(answer));
}
