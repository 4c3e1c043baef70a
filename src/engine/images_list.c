#include "engine/images.h"

#include "base/log.h"
#include "base/ntime.h"
#include "engine/filter_values.h"
#include "engine/images_parent.h"
#include "engine/images_use.h"
#include "image/image.h"
#include "storage/list_db.h"
#include "storage/store.h"

#include <fnmatch.h>

/* Splits "domain/path:tag"; a digest has no tag. */
static void split_name(const char *name, struct image_row *row)
{
	const char *slash = strrchr(name, '/'), *colon = strrchr(name, ':');
	row->name = mem_strdup(name);
	if (colon && (!slash || colon > slash)) {
		row->repository = mem_strndup(name, (size_t)(colon - name));
		row->tag = mem_strdup(colon + 1);
	} else {
		row->repository = mem_strdup(name);
		row->tag = mem_strdup("<none>");
	}
}

static void fill_row(const struct image *image, const char *name, const struct images_use *use, struct image_row *row)
{
	row->id = mem_strdup(image->id);
	if (name)
		split_name(name, row);
	else
		*row = (struct image_row){ .id = row->id, .repository = mem_strdup("<none>"), .tag = mem_strdup("<none>") };
	row->digest = mem_strdup(image->digest ? image->digest : "");
	row->names = strv_dup(image->names);
	row->repo_digests = strv_dup(image->digests);
	row->history = strv_dup(image->names);
	row->created_ns = image->created_ns;
	row->size = image->size;
	row->containers = images_use_count(use, image->id);
	row->dangling = !image->names || !*image->names;
	row->readonly = image->extra != NULL;
}

/* Labels and platform stand in the configuration: read only when a filter or a format needs them. */
static void fill_config(struct engine *engine, const struct image *image, struct image_row *row)
{
	auto_val(image_config) config = { 0 };
	struct err one = { 0 };
	if (image_config_load(engine->store, image, &config, &one) < 0) {
		log_warn("%s", one.text);
		return;
	}
	row->labels = take_ptr(config.run.labels);
	row->os = take_ptr(config.os);
	row->arch = take_ptr(config.architecture);
}

/* --- filters: one function a key; COMPAT: `podman images --filter` --- */

struct filter_ctx {
	struct engine *engine;
	const struct image_row *row;
	const char *value;
};

/* Is it as the filter wants it? */
static int match_bool(const struct filter_ctx *c, bool is, bool *ret, struct err *err)
{
	bool yes = strcmp(c->value, "true") == 0 || strcmp(c->value, "1") == 0;
	if (!yes && strcmp(c->value, "false") != 0 && strcmp(c->value, "0") != 0)
		return err_set(err, ERR_USAGE, "non-boolean value \"%s\" for a filter: give true or false", c->value);
	*ret = is == yes;
	return 0;
}

static int by_dangling(const struct filter_ctx *c, bool *ret, struct err *err)
{
	return match_bool(c, c->row->dangling, ret, err);
}

static int by_readonly(const struct filter_ctx *c, bool *ret, struct err *err)
{
	return match_bool(c, c->row->readonly, ret, err);
}

static int by_manifest(const struct filter_ctx *c, bool *ret, struct err *err)
{
	return match_bool(c, c->row->is_list, ret, err);
}

static int by_intermediate(const struct filter_ctx *c, bool *ret, struct err *err)
{
	return match_bool(c, c->row->intermediate, ret, err);
}

static int by_containers(const struct filter_ctx *c, bool *ret, struct err *err)
{
	return match_bool(c, c->row->containers > 0, ret, err);
}

static bool has_label(const struct image_row *row, const char *value)
{
	const char *eq = strchr(value, '=');
	for (char **label = row->labels; label && *label; label++) {
		size_t key = strcspn(*label, "=");
		if (eq ? strcmp(*label, value) == 0 : key == strlen(value) && strncmp(*label, value, key) == 0)
			return true;
	}
	return false;
}

static int by_label(const struct filter_ctx *c, bool *ret, struct err *err)
{
	*ret = has_label(c->row, c->value);
	return 0;
}

static int by_id(const struct filter_ctx *c, bool *ret, struct err *err)
{
	*ret = str_starts(c->row->id, c->value);
	return 0;
}

static int by_digest(const struct filter_ctx *c, bool *ret, struct err *err)
{
	*ret = str_starts(c->row->digest, c->value);
	return 0;
}

/* The whole name, or what stands behind any of its slashes (COMPAT). */
static bool matches_end(const char *pattern, const char *name)
{
	for (const char *end = name; end; end = strchr(end, '/'), end += end ? 1 : 0)
		if (fnmatch(pattern, end, FNM_PATHNAME) == 0)
			return true;
	return false;
}

static int by_reference(const struct filter_ctx *c, bool *ret, struct err *err)
{
	*ret = false;
	for (char **name = c->row->names; name && *name; name++) {
		auto_free char *bare = mem_strdup(*name);
		char *slash = strrchr(bare, '/'), *colon = strrchr(bare, ':');
		*ret |= matches_end(c->value, bare);
		if (colon && (!slash || colon > slash))
			*colon = 0;
		*ret |= matches_end(c->value, bare);
	}
	return 0;
}

static int by_age(const struct filter_ctx *c, bool before, bool *ret, struct err *err)
{
	auto_ptr(image) other = NULL;
	if (image_resolve(c->engine->store, c->value, &other, NULL, err) < 0)
		return -1;
	*ret = before ? c->row->created_ns < other->created_ns : c->row->created_ns > other->created_ns;
	return 0;
}

static int by_before(const struct filter_ctx *c, bool *ret, struct err *err)
{
	return by_age(c, true, ret, err);
}

static int by_since(const struct filter_ctx *c, bool *ret, struct err *err)
{
	return by_age(c, false, ret, err);
}

static int by_until(const struct filter_ctx *c, bool *ret, struct err *err)
{
	int64_t at;
	if (ntime_parse_loose(c->value, ntime_now(), &at) < 0)
		return err_set(err, ERR_USAGE, "invalid time '%s' of filter until: give a time or how long ago (10m, 24h)", c->value);
	*ret = c->row->created_ns < at;
	return 0;
}

static const struct filter_row {
	const char *key;
	int (*match)(const struct filter_ctx *c, bool *ret, struct err *err);
	bool negates, any; /* any: of several values one is enough */
} rows[] = {
	{ "dangling", by_dangling }, { "readonly", by_readonly }, { "containers", by_containers }, { "label", by_label },
	{ "label!", by_label, true }, { "id", by_id }, { "digest", by_digest }, { "reference", by_reference, .any = true },
	{ "before", by_before }, { "since", by_since }, { "after", by_since }, { "until", by_until },
	{ "manifest", by_manifest }, { "intermediate", by_intermediate },
};

static const struct filter_row *find_row(const char *filter)
{
	size_t key = strcspn(filter, "=");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strlen(rows[i].key) == key && strncmp(rows[i].key, filter, key) == 0)
			return &rows[i];
	return NULL;
}

struct asked {
	struct engine *engine;
	const struct image_row *row;
};

static int match_one(void *ctx, const char *filter, bool *ret, struct err *err)
{
	const struct asked *a = ctx;
	const struct filter_row *row = find_row(filter);
	const char *eq = strchr(filter, '=');
	if (!row || !eq)
		return err_set(err, ERR_USAGE, "unsupported image filter: \"%s\"", filter);
	struct filter_ctx c = { .engine = a->engine, .row = a->row, .value = eq + 1 };
	if (row->match(&c, ret, err) < 0)
		return -1;
	*ret ^= row->negates;
	return 0;
}

static bool is_any(const char *filter)
{
	const struct filter_row *row = find_row(filter);
	return row && row->any;
}

int images_match(struct engine *engine, const struct image_row *row, char *const *filters, bool *ret, struct err *err)
{
	struct asked asked = { engine, row };
	const struct filter_values how = { is_any, match_one, &asked };
	return filter_values_match(&how, filters, ret, err);
}

/* --- the list --- */

struct row_list {
	struct image_row *rows;
	size_t count;
};

/* COMPAT: one full name with its tag is that name; a part of one is every name of the images that have it. */
static bool name_wanted(const struct image_row *row, const char *name)
{
	if (!name)
		return true;
	if (strv_has(row->names, name)) {
		size_t len = strlen(row->repository);
		return strncmp(name, row->repository, len) == 0 && name[len] == ':' && strcmp(name + len + 1, row->tag) == 0;
	}
	struct filter_ctx c = { .row = row, .value = name };
	struct err ignored = { 0 };
	bool ret;
	return by_reference(&c, &ret, &ignored) >= 0 && ret;
}

/* Takes the row: keeps what is wanted. */
static int keep(struct engine *engine, const struct images_list_opts *opts, struct image_row row, struct row_list *list, struct err *err)
{
	bool match = false;
	int rc = images_match(engine, &row, opts->filters, &match, err);
	if (rc < 0 || !match || !name_wanted(&row, opts->name)) {
		images_row_done(&row);
		return rc < 0 ? -1 : 0;
	}
	list->rows = mem_resize(list->rows, list->count + 1, sizeof(row));
	list->rows[list->count++] = row;
	return 0;
}

static int add_lists(struct engine *engine, const struct images_list_opts *opts, struct row_list *to, struct err *err)
{
	struct list **lists;
	size_t count;
	int rc = 0;
	if (list_db_list(engine->store, &lists, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		for (char **name = lists[i]->names; rc >= 0 && name && *name; name++) {
			struct image_row row = { 0 };
			split_name(*name, &row);
			row.id = mem_strdup(lists[i]->id);
			row.digest = mem_strdup("");
			row.names = strv_dup(lists[i]->names);
			row.history = strv_dup(lists[i]->names);
			row.created_ns = lists[i]->created_ns;
			row.size = lists[i]->index_len;
			row.is_list = true;
			rc = keep(engine, opts, row, to, err);
		}
	}
	list_db_list_free(lists, count);
	return rc;
}

static int add_image(struct engine *engine, const struct images_list_opts *opts, const struct images_use *use, const struct image *image,
		     bool intermediate, struct row_list *list, struct err *err)
{
	size_t names = strv_len(image->names), count = names ? names : 1;
	for (size_t i = 0; i < count; i++) {
		struct image_row row = { 0 };
		fill_row(image, names ? image->names[i] : NULL, use, &row);
		fill_config(engine, image, &row);
		row.intermediate = intermediate;
		if (keep(engine, opts, row, list, err) < 0)
			return -1;
	}
	return 0;
}

int images_list(struct engine *engine, const struct images_list_opts *opts, struct image_row **ret, size_t *ret_count, struct err *err)
{
	struct image **images = NULL;
	size_t count = 0;
	struct images_use use;
	struct row_list list = { 0 };
	if (images_use_read(engine, &use, err) < 0)
		return -1;
	int rc = add_lists(engine, opts, &list, err);
	if (rc >= 0)
		rc = image_db_list(engine->store, &images, &count, err);
	for (size_t i = 0; rc >= 0 && i < count; i++) {
		bool intermediate = images_is_intermediate(engine, images, count, images[i]);
		if (opts->all || !intermediate)
			rc = add_image(engine, opts, &use, images[i], intermediate, &list, err);
	}
	image_db_list_free(images, count);
	images_use_done(&use);
	if (rc < 0) {
		images_list_free(list.rows, list.count);
		return -1;
	}
	*ret = list.rows;
	*ret_count = list.count;
	return 0;
}

void images_row_done(struct image_row *row)
{
	char *texts[] = { row->id, row->repository, row->tag, row->name, row->digest, row->os, row->arch };
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		free(texts[i]);
	char **lists[] = { row->names, row->repo_digests, row->history, row->labels };
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		strv_free(lists[i]);
	*row = (struct image_row){ 0 };
}

void images_list_free(struct image_row *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		images_row_done(&list[i]);
	free(list);
}
