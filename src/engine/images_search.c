#include "engine/images_search.h"

#include "base/num.h"
#include "base/str.h"
#include "config/conf_registries.h"
#include "image/image_search.h"
#include "image/ref.h"

#include <limits.h>
#include <string.h>

enum { LIMIT_DEFAULT = 25, DESCRIPTION_CHARS = 44 };

void images_search_done(struct images_search *s)
{
	for (size_t i = 0; i < s->count; i++) {
		free(s->rows[i].index);
		free(s->rows[i].name);
		free(s->rows[i].description);
		free(s->rows[i].tag);
	}
	free(s->rows);
	*s = (struct images_search){ 0 };
}

/* --- filters; -1: does not matter --- */

struct wish {
	int stars, official, automated;
};

static int read_filter(const char *text, struct wish *w, struct err *err)
{
	const char *equals = strchr(text, '=');
	auto_free char *key = mem_strndup(text, equals ? (size_t)(equals - text) : strlen(text));
	uint64_t stars;
	int *flag = strcmp(key, "is-official") == 0 ? &w->official : strcmp(key, "is-automated") == 0 ? &w->automated : NULL;
	if (flag && (!equals || strcmp(equals, "=true") == 0 || strcmp(equals, "=false") == 0)) {
		*flag = !equals || strcmp(equals, "=true") == 0;
		return 0;
	}
	if (strcmp(key, "stars") != 0 || !equals)
		return err_set(err, ERR_USAGE, "invalid filter type \"%s\"", text);
	if (num_u64(equals + 1, INT_MAX, &stars) < 0)
		return err_set(err, ERR_USAGE, "incorrect value type for stars filter: '%s' is no number", equals + 1);
	w->stars = (int)stars;
	return 0;
}

static bool is_wished(const struct wish *w, const struct image_found_row *row)
{
	return row->stars >= w->stars && (w->official < 0 || w->official == row->official) &&
	       (w->automated < 0 || w->automated == row->automated);
}

/* --- rows --- */

static char *shorten_dup(const char *text, bool full)
{
	if (full || strlen(text) <= DESCRIPTION_CHARS)
		return mem_strdup(text);
	return mem_printf("%.*s...", DESCRIPTION_CHARS, text);
}

static struct images_search_row *add_row(struct images_search *to, const char *index)
{
	to->rows = mem_resize(to->rows, to->count + 1, sizeof(*to->rows));
	to->rows[to->count] = (struct images_search_row){ .index = mem_strdup(index) };
	return &to->rows[to->count++];
}

static int search_one(const char *registry, const char *term, const struct image_search_opts *how, const struct wish *wish,
		      bool full, struct images_search *to, struct err *err)
{
	auto_val(image_found) found = { 0 };
	if (image_search(registry, term, how, &found, err) < 0)
		return -1;
	for (size_t i = 0; i < found.count; i++) {
		const struct image_found_row *f = &found.rows[i];
		bool library = strcmp(registry, "docker.io") == 0 && !strchr(f->name, '/');
		if (!is_wished(wish, f))
			continue;
		struct images_search_row *row = add_row(to, registry);
		row->name = mem_printf("%s/%s%s", registry, library ? "library/" : "", f->name);
		row->description = shorten_dup(f->description, full);
		row->tag = mem_strdup("");
		row->stars = f->stars;
		row->official = f->official;
		row->automated = f->automated;
	}
	return 0;
}

static int list_tags(const char *name, const struct image_search_opts *how, struct images_search *to, struct err *err)
{
	auto_val(ref) ref = { 0 };
	auto_val(image_found) found = { 0 };
	if (ref_parse_full(name, &ref, err) < 0 || image_search_tags(name, how, &found, err) < 0)
		return -1;
	auto_free char *repository = ref_repository(&ref);
	for (size_t i = 0; i < found.count; i++) {
		struct images_search_row *row = add_row(to, ref.domain);
		row->name = mem_strdup(repository);
		row->tag = mem_strdup(found.rows[i].name);
		row->description = mem_strdup("");
	}
	return 0;
}

/* --- which registries --- */

/* COMPAT: what stands before the first slash is the registry; without one all that registries.conf names are asked. */
static int find_registries(const char *term, char ***ret, const char **ret_rest, struct err *err)
{
	const char *slash = strchr(term, '/');
	*ret_rest = slash ? slash + 1 : term;
	if (slash) {
		strv_add_take(ret, mem_strndup(term, (size_t)(slash - term)));
		return 0;
	}
	auto_val(conf_names) full = { 0 };
	/* a word that cannot be an alias: only the list is of interest */
	if (conf_registries_names("=", term, &full, err) < 0) {
		if (!err_is(err, ERR_USAGE))
			return -1;
		err_clear(err);
	}
	for (char *const *f = full.names; f && *f; f++)
		strv_add_take(ret, mem_strndup(*f, strlen(*f) - strlen("/=")));
	return 0;
}

int images_search(const char *term, const struct images_search_opts *opts, struct images_search *ret, struct err *err)
{
	auto_val(images_search) all = { 0 };
	auto_strv registries = NULL;
	auto_str told = { 0 };
	struct wish wish = { 0, -1, -1 };
	struct image_search_opts how = { .authfile = opts->authfile, .creds = opts->creds, .cert_dir = opts->cert_dir,
					 .insecure = !opts->tls_verify, .limit = opts->limit ? opts->limit : LIMIT_DEFAULT, .retries = -1 };
	const char *rest;
	unsigned failed = 0;
	if (opts->tags && opts->filters && *opts->filters)
		return err_set(err, ERR_USAGE, "filters are not applicable to list tags result");
	for (char *const *f = opts->filters; f && *f; f++)
		if (read_filter(*f, &wish, err) < 0)
			return -1;
	if (find_registries(term, &registries, &rest, err) < 0)
		return -1;
	for (char *const *r = registries; r && *r; r++) {
		auto_free char *name = mem_printf("%s/%s", *r, rest);
		int rc = opts->tags ? list_tags(name, &how, &all, err) : search_one(*r, rest, &how, &wish, opts->full_text, &all, err);
		if (rc >= 0)
			continue;
		failed++;
		if (opts->tags)
			str_addf(&told, "\n\t* %s", err->text);
		else
			str_addf(&told, "\n\t* couldn't search registry \"%s\": %s", *r, err->text);
		err_clear(err);
	}
	if (failed)
		return err_set(err, ERR_NETWORK, "%u error%s occurred:%s", failed, failed == 1 ? "" : "s", str_text(&told));
	*ret = all;
	all = (struct images_search){ 0 };
	return 0;
}
