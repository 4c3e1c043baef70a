/* listing.c - see listing.h */
#include "cli/listing.h"

#include "base/str.h"
#include "cli/format.h"
#include "codec/json.h"
#include "codec/template.h"

#include <ctype.h>
#include <stdio.h>

static const struct listing_field *find(const struct listing *l, const char *name)
{
	for (size_t i = 0; i < l->field_count; i++)
		if (strcmp(l->fields[i].name, name) == 0)
			return &l->fields[i];
	return NULL;
}

static char *heading_dup(const struct listing_field *field)
{
	char *text = mem_strdup(field->head ? field->head : field->name);
	for (char *p = field->head ? NULL : text; p && *p; p++)
		*p = (char)toupper((unsigned char)*p);
	return text;
}

static void add_cell(struct str *lines, const char *text, bool last)
{
	str_add(lines, text);
	str_add_char(lines, last ? '\n' : '\t');
}

/* The table without --format: no JSON is made. */
static void print_default(const struct listing *l)
{
	auto_strv names = strv_split(l->columns, '\t');
	size_t count = strv_len(names);
	auto_free const struct listing_field **columns = mem_array(count + 1, sizeof(*columns));
	auto_str lines = { 0 };
	auto_str out = { 0 };
	for (size_t k = 0; k < count; k++)
		columns[k] = find(l, names[k]);
	for (size_t k = 0; k < count && !l->no_heading; k++) {
		auto_free char *head = heading_dup(columns[k]);
		add_cell(&lines, head, k + 1 == count);
	}
	for (size_t i = 0; i < l->row_count; i++) {
		for (size_t k = 0; k < count; k++) {
			auto_free char *text = columns[k]->text(l->rows[i]);
			add_cell(&lines, text, k + 1 == count);
		}
	}
	format_columns(&out, str_text(&lines));
	fputs(str_text(&out), stdout);
}

static struct json *headings_new(const struct listing *l)
{
	struct json *o = json_object_new();
	json_set_role(o, JSON_ROLE_MAP);
	for (size_t i = 0; i < l->field_count; i++) {
		auto_free char *head = heading_dup(&l->fields[i]);
		if (*head)
			json_set_str(o, l->fields[i].name, head);
	}
	return o;
}

static struct json *row_new(const struct listing *l, const void *row)
{
	struct json *o = json_object_new();
	for (size_t i = 0; i < l->field_count; i++) {
		const struct listing_field *f = &l->fields[i];
		auto_free char *text = f->value ? NULL : f->text(row);
		json_set(o, f->name, f->value ? f->value(row) : json_str_new(text));
	}
	return o;
}

static int add_line(const struct template *t, const struct json *value, struct str *lines, struct err *err)
{
	if (template_run(t, value, lines, err) < 0)
		return -1;
	if (!lines->len || lines->data[lines->len - 1] != '\n')
		str_add_char(lines, '\n');
	return 0;
}

static int add_each(const struct listing *l, const struct template *t, struct str *lines, struct err *err)
{
	for (size_t i = 0; i < l->row_count; i++) {
		auto_ptr(json) row = row_new(l, l->rows[i]);
		if (add_line(t, row, lines, err) < 0)
			return -1;
	}
	return 0;
}

/* A template that ranges itself gets the whole list. */
static int add_all(const struct listing *l, const struct template *t, struct str *lines, struct err *err)
{
	auto_ptr(json) list = json_array_new();
	for (size_t i = 0; i < l->row_count; i++)
		json_add(list, row_new(l, l->rows[i]));
	if (template_run(t, list, lines, err) < 0)
		return -1;
	if (lines->len && lines->data[lines->len - 1] != '\n')
		str_add_char(lines, '\n');
	return 0;
}

int listing_print(const struct listing *l, const char *format, struct err *err)
{
	bool table = true;
	auto_free char *clean = format ? format_clean_dup(format, &table) : NULL;
	if (!clean || !*clean) {
		print_default(l);
		return 0;
	}
	auto_str lines = { 0 };
	auto_ptr(template) t = NULL;
	if (template_parse(l->name, clean, &t, err) < 0)
		return -1;
	if (table && !l->no_heading) {
		auto_ptr(json) heads = headings_new(l);
		if (add_line(t, heads, &lines, err) < 0)
			return -1;
	}
	if ((str_starts(clean, "{{range") ? add_all(l, t, &lines, err) : add_each(l, t, &lines, err)) < 0)
		return -1;
	auto_str out = { 0 };
	if (table)
		format_columns(&out, str_text(&lines));
	else
		str_add(&out, str_text(&lines));
	fputs(str_text(&out), stdout);
	return 0;
}
