/* image_search.c - see image_search.h */
#include "image/image_search.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/str.h"
#include "codec/json_parse.h"
#include "config/conf_registries.h"
#include "image/image_priv.h"
#include "image/registry.h"

enum { PAGES_MAX = 200, DESCRIPTION_MAX_BYTES = 4096, PAGE_ROWS = 1000 };

void image_found_done(struct image_found *f)
{
	for (size_t i = 0; i < f->count; i++) {
		free(f->rows[i].name);
		free(f->rows[i].description);
	}
	free(f->rows);
	*f = (struct image_found){ 0 };
}

/* What a server says ends on a person's terminal: no control sequences, no second line. */
static char *clean_dup(const char *text)
{
	char *copy = mem_strndup(text, DESCRIPTION_MAX_BYTES);

	for (char *p = copy; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = ' ';
	return copy;
}

static void add_row(struct image_found *f, const char *name, const struct json *row)
{
	f->rows = mem_resize(f->rows, f->count + 1, sizeof(*f->rows));
	f->rows[f->count++] = (struct image_found_row){
		.name = clean_dup(name), .description = clean_dup(json_get_str(row, "description", "")),
		.stars = (int)json_get_i64(row, "star_count", 0), .official = json_get_bool(row, "is_official", false),
		.automated = json_get_bool(row, "is_automated", false),
	};
}

static int open_at(const struct ref *where, const struct image_search_opts *opts, struct registry **ret, struct err *err)
{
	auto_free char *name = where->path ? ref_repository(where) : mem_strdup(where->domain);
	auto_val(conf_auth) auth = { 0 };
	auto_val(conf_route) route = { 0 };
	struct ref whom = { .domain = where->domain, .path = where->path ? where->path : (char *)"" };

	if (conf_registries_route(name, &route, err) < 0 || conf_route_allows(&route, name, err) < 0 ||
	    image_find_auth(opts->creds, opts->authfile, &whom, &auth, err) < 0)
		return -1;
	struct registry_opts how = { .host = where->domain, .repository = where->path, .auth = &auth, .cert_dir = opts->cert_dir,
				     .insecure = opts->insecure || route.insecure, .no_retry = opts->retries < 0,
				     .retries = opts->retries > 0 ? (unsigned)opts->retries : 0 };

	return registry_open(&how, ret, err);
}

/* ---- the catalogue, and tags: pages of names ---- */

struct pages {
	const char *member; /* of the answer: "repositories", "tags" */
	const char *term;   /* NULL: all */
	size_t limit;
	const char *what;
};

static int read_page(const struct pages *p, const struct registry_doc *doc, struct image_found *to, struct err *err)
{
	auto_ptr(json) page = NULL;

	if (json_parse_object(doc->data, doc->len, LIMIT_JSON_DEPTH_OUTSIDE, 0, &page, err) < 0)
		return err_wrap(err, "%s", p->what);
	for (size_t i = 0; i < json_len(json_get(page, p->member)) && to->count < p->limit; i++) {
		const char *name = json_str(json_at(json_get(page, p->member), i), "");

		if (*name && (!p->term || strstr(name, p->term)))
			add_row(to, name, NULL);
	}
	return 0;
}

static int read_pages(struct registry *registry, const char *first, const struct pages *p, struct image_found *to, struct err *err)
{
	auto_free char *where = mem_strdup(first);

	for (unsigned n = 0; where && to->count < p->limit; n++) {
		auto_val(registry_doc) doc = { 0 };
		char *next = NULL;

		if (n == PAGES_MAX)
			return err_set(err, ERR_LIMIT, "%s: more than %d pages", p->what, PAGES_MAX);
		if (registry_list(registry, where, p->what, &doc, &next, err) < 0)
			return -1;
		free(where);
		where = next;
		if (read_page(p, &doc, to, err) < 0)
			return -1;
	}
	return 0;
}

static int search_catalogue(struct registry *registry, const char *term, size_t limit, struct image_found *to, struct err *err)
{
	struct pages p = { .member = "repositories", .term = term, .limit = limit, .what = "getting the catalogue" };
	auto_free char *first = mem_printf("_catalog?n=%d", PAGE_ROWS);

	return read_pages(registry, first, &p, to, err);
}

/* ---- Docker's search ---- */

/* 1: it has no such thing. */
static int search_v1(struct registry *registry, const char *term, size_t limit, struct image_found *to, struct err *err)
{
	auto_val(registry_doc) doc = { 0 };
	auto_ptr(json) answer = NULL;
	auto_free char *escaped = http_escape(term), *where = mem_printf("/v1/search?q=%s&n=%zu", escaped, limit);
	const struct json *rows;

	if (!*term || registry_list(registry, where, "searching", &doc, NULL, err) < 0) {
		err_clear(err);
		return 1;
	}
	if (json_parse_object(doc.data, doc.len, LIMIT_JSON_DEPTH_OUTSIDE, 0, &answer, err) < 0) {
		err_clear(err);
		return 1;
	}
	rows = json_get(answer, "results");
	for (size_t i = 0; i < json_len(rows) && to->count < limit; i++)
		if (*json_get_str(json_at(rows, i), "name", ""))
			add_row(to, json_get_str(json_at(rows, i), "name", ""), json_at(rows, i));
	return 0;
}

int image_search(const char *registry, const char *term, const struct image_search_opts *opts, struct image_found *ret, struct err *err)
{
	auto_ptr(registry) r = NULL;
	auto_val(image_found) found = { 0 };
	/* COMPAT: Docker's own registry is searched at another host */
	struct ref where = { .domain = (char *)(strcmp(registry, "docker.io") == 0 ? "index.docker.io" : registry) };

	if (open_at(&where, opts, &r, err) < 0)
		return -1;
	if (search_v1(r, term, opts->limit, &found, err) != 0 && search_catalogue(r, term, opts->limit, &found, err) < 0)
		return -1;
	*ret = found;
	found = (struct image_found){ 0 };
	return 0;
}

int image_search_tags(const char *name, const struct image_search_opts *opts, struct image_found *ret, struct err *err)
{
	auto_ptr(registry) r = NULL;
	auto_val(ref) where = { 0 };
	auto_val(image_found) found = { 0 };
	struct pages p = { .member = "tags", .limit = opts->limit, .what = "getting repository tags: fetching tags list" };
	auto_free char *first = NULL;

	if (ref_parse_full(name, &where, err) < 0 || open_at(&where, opts, &r, err) < 0)
		return -1;
	first = mem_printf("%s/tags/list?n=%d", where.path, PAGE_ROWS);
	if (read_pages(r, first, &p, &found, err) < 0)
		return -1;
	*ret = found;
	found = (struct image_found){ 0 };
	return 0;
}
