/* flag_csv.c - one CSV record, as Go's encoding/csv reads it: what --cap-add a,"b,c" means. */
#include "options/flag.h"

#include "base/str.h"

/* p stands behind the opening quote; the result behind the closing one, NULL when there is none */
static const char *read_quoted(const char *p, struct str *out)
{
	for (; *p; p++) {
		if (*p != '"') {
			str_add_char(out, *p);
			continue;
		}
		if (p[1] != '"')
			return p + 1;
		str_add_char(out, *p++);
	}
	return NULL;
}

int flag_split_csv(const char *text, char ***ret, struct err *err)
{
	auto_strv list = NULL;
	const char *p = text;
	*ret = NULL;
	if (!*text)
		return 0;
	for (;;) {
		auto_str field = { 0 };
		if (*p == '"') {
			const char *end = read_quoted(p + 1, &field);
			if (!end || (*end && *end != ','))
				return err_set(err, ERR_USAGE, "parse error on line 1, column %zu: extraneous or missing \" in quoted-field",
					       strlen(text) + 1);
			p = end;
		} else {
			size_t len = strcspn(p, ",");
			const char *quote = memchr(p, '"', len);
			if (quote)
				return err_set(err, ERR_USAGE, "parse error on line 1, column %zu: bare \" in non-quoted-field",
					       (size_t)(quote - text) + 1);
			str_add_mem(&field, p, len);
			p += len;
		}
		strv_add_take(&list, str_take(&field));
		if (!*p++)
			break;
	}
	*ret = take_ptr(list);
	return 0;
}
