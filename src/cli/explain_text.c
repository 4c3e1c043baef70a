/* explain_text.c - see explain_text.h */
#include "cli/explain_text.h"

#include "engine/explain.h"

#include <stdio.h>

const char *const explain_formats[] = { "text", "json", NULL };

enum { NAME_MAX_WIDTH = 28, VALUE_WIDTH = 48, ID_WIDTH = 24 };
static const char bold[] = "\033[1m", dim[] = "\033[2m", plain[] = "\033[0m";

struct page {
	struct str *out;
	bool colours;
	int name_width;
};

static void add_colour(const struct page *p, const char *code)
{
	str_add(p->out, p->colours ? code : "");
}

static void add_title(const struct page *p, const char *title)
{
	str_add(p->out, p->out->len ? "\n" : "");
	add_colour(p, bold);
	str_add(p->out, title);
	add_colour(p, plain);
	str_add_char(p->out, '\n');
}

/* What an image or a file says goes to a terminal: it gives no orders there. */
static char *harmless_dup(const char *text)
{
	auto_str out = { 0 };
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		if (c < ' ' || c == 127)
			str_addf(&out, "\\x%02x", c);
		else
			str_add_char(&out, *text);
	}
	return str_take(&out);
}

/* --- rows --- */

static char *from_dup(const struct origin *from)
{
	static const char *const before[ORIGIN_KIND_COUNT] = {
		[ORIGIN_DEFAULT] = "default", [ORIGIN_FLAG] = "", [ORIGIN_CONF] = "", [ORIGIN_IMAGE] = "image ", [ORIGIN_HOST] = "host: ",
		[ORIGIN_CONTAINER] = "another container: ", [ORIGIN_DEFINITION] = "kept in the container's definition",
	};
	auto_free char *whole = mem_printf("%s%s", before[from->kind], from->text);
	size_t len = strlen(whole);
	if (len && whole[len - 1] == ' ')
		whole[len - 1] = 0;
	return harmless_dup(whole);
}

/* A value that is too long for its column has its origin below. */
static void add_row(const struct page *p, const struct explain_row *row)
{
	auto_free char *name = harmless_dup(row->name), *value = harmless_dup(row->value), *from = from_dup(&row->from);
	bool fits = strlen(value) <= VALUE_WIDTH;
	str_addf(p->out, "  %-*s  %-*s", p->name_width, name, fits ? VALUE_WIDTH : 0, value);
	if (!fits)
		str_addf(p->out, "\n%*s", p->name_width + 6, "");
	add_colour(p, dim);
	str_addf(p->out, "  ← %s", from);
	add_colour(p, plain);
	str_add_char(p->out, '\n');
}

static void add_part(const struct page *p, const struct explain *x, enum explain_part part)
{
	const struct explain_section *s = &x->parts[part];
	if (!s->count)
		return;
	add_title(p, explain_part_word(part));
	for (size_t i = 0; i < s->count; i++)
		add_row(p, &s->rows[i]);
}

static int name_width(const struct explain *x)
{
	size_t width = 0;
	for (int part = 0; part < EXPLAIN_PART_COUNT; part++) {
		for (size_t i = 0; i < x->parts[part].count; i++) {
			size_t len = strlen(x->parts[part].rows[i].name);
			if (len > width && len <= NAME_MAX_WIDTH)
				width = len;
		}
	}
	return (int)width;
}

/* --- ids --- */

struct range { char text[32]; };

static struct range range_text(uint32_t first, uint32_t count)
{
	struct range r;
	if (count == 1)
		snprintf(r.text, sizeof(r.text), "%u", first);
	else
		snprintf(r.text, sizeof(r.text), "%u-%u", first, first + count - 1);
	return r;
}

static bool is_same(const struct explain_map *a, const struct explain_map *b)
{
	return a->count == b->count && (!a->count || memcmp(a->rows, b->rows, a->count * sizeof(*a->rows)) == 0);
}

static bool is_whole_host(const struct explain_map *map)
{
	return map->count == 1 && map->rows[0].inside == map->rows[0].host && map->rows[0].count == UINT32_MAX;
}

static void add_map(const struct page *p, const char *title, const struct explain_map *map)
{
	add_title(p, title);
	if (is_whole_host(map)) {
		str_add(p->out, "  every id is the host's own: root of the container is root of the host\n");
		return;
	}
	str_addf(p->out, "  %-*s    %-*s    %-*s\n", ID_WIDTH, "in the container", ID_WIDTH, "where cpod works", ID_WIDTH, "on the host");
	for (size_t i = 0; i < map->count; i++) {
		const struct explain_ids *m = &map->rows[i];
		str_addf(p->out, "  %-*s -> %-*s -> %-*s (%u)\n", ID_WIDTH, range_text(m->inside, m->count).text, ID_WIDTH,
			 range_text(m->ours, m->count).text, ID_WIDTH, range_text(m->host, m->count).text, m->count);
	}
	str_add(p->out, "  any other id of the host is nobody's (65534) inside\n");
}

static void add_maps(const struct page *p, const struct explain *x)
{
	if (is_same(&x->uids, &x->gids)) {
		add_map(p, "Ids of users and groups", &x->uids);
		return;
	}
	add_map(p, "Ids of users", &x->uids);
	add_map(p, "Ids of groups", &x->gids);
}

/* --- what is not held --- */

static void add_gaps(const struct page *p, const struct explain *x)
{
	add_title(p, "Not enforced on this host");
	for (size_t i = 0; i < x->gap_count; i++) {
		const struct explain_gap *gap = &x->gaps[i];
		str_addf(p->out, "  %s: %s: %s\n", gap->what, gap->refused ? "a start is refused" : "left out", gap->why);
		if (*gap->way_out)
			str_addf(p->out, "    → %s\n", gap->way_out);
	}
	if (!x->gap_count)
		str_add(p->out, "  nothing: all of the above holds\n");
}

void explain_text_write(const struct explain *x, bool colours, struct str *out)
{
	const struct page p = { out, colours, name_width(x) };
	for (int part = 0; part < EXPLAIN_PART_COUNT; part++) {
		add_part(&p, x, (enum explain_part)part);
		if (part == EXPLAIN_NAMESPACES)
			add_maps(&p, x);
	}
	add_gaps(&p, x);
}
