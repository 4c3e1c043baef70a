/* format.c - see format.h */
#include "cli/format.h"

#include "codec/json.h"
#include "codec/template.h"
#include "codec/utf8.h"

enum { COLUMN_MIN = 12, COLUMN_GAP = 2, COLUMNS_MAX = 64 };

char *format_clean_dup(const char *format, bool *ret_table)
{
	auto_str out = { 0 };
	while (*format == ' ')
		format++;
	const char *rest = str_after(format, "table");
	*ret_table = rest && (*rest == ' ' || *rest == '\t' || (rest[0] == '\\' && rest[1] == 't'));
	if (*ret_table)
		format = rest + (*rest == '\\' ? 2 : 1);
	while (*ret_table && (*format == ' ' || *format == '\t'))
		format++;
	for (const char *p = format; *p; p++) {
		bool escape = p[0] == '\\' && (p[1] == 't' || p[1] == 'n');
		char c = !escape ? *p : p[1] == 't' ? '\t' : '\n';
		str_add_char(&out, *ret_table && c == ' ' ? '\t' : c); /* COMPAT: a space ends a cell, inside an action too */
		p += escape;
	}
	return str_take(&out);
}

int format_render(const char *name, const char *format, const struct json *value, struct str *out, struct err *err)
{
	auto_ptr(template) t = NULL;
	return template_parse(name, format, &t, err) < 0 ? -1 : template_run(t, value, out, err);
}

/* --- columns --- */

static size_t cell_end(const char *p)
{
	return strcspn(p, "\t\n");
}

static void add_spaces(struct str *out, size_t count)
{
	static const char spaces[] = "                                                                ";
	for (size_t n; count; count -= n) {
		n = count < sizeof(spaces) - 1 ? count : sizeof(spaces) - 1;
		str_add_mem(out, spaces, n);
	}
}

void format_columns(struct str *out, const char *lines)
{
	size_t widths[COLUMNS_MAX] = { 0 };
	size_t column = 0;
	for (const char *p = lines; *p;) {
		size_t len = cell_end(p), wide = utf8_count(p, len) + COLUMN_GAP;
		if (p[len] == '\t' && column < COLUMNS_MAX)
			widths[column] = wide > widths[column] ? wide : widths[column];
		column = p[len] == '\t' ? column + 1 : 0;
		p += len + (p[len] ? 1 : 0);
	}
	column = 0;
	for (const char *p = lines; *p;) {
		size_t len = cell_end(p), wide = utf8_count(p, len);
		str_add_mem(out, p, len);
		if (p[len] == '\t') {
			size_t width = column < COLUMNS_MAX && widths[column] > COLUMN_MIN ? widths[column] : COLUMN_MIN;
			add_spaces(out, width > wide ? width - wide : COLUMN_GAP);
			column++;
		} else {
			if (p[len])
				str_add_char(out, '\n');
			column = 0;
		}
		p += len + (p[len] ? 1 : 0);
	}
}
