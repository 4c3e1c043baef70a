#include "engine/prune.h"

#include "base/log.h"
#include "base/str.h"
#include "engine/ctr_life.h"
#include "engine/ctr_size.h"
#include "engine/images_use.h"
#include "engine/volume.h"
#include "storage/layer.h"
#include "storage/store.h"

#include <stdlib.h>

enum { SWEEP_MS = 100 };

static void row_done(struct prune_row *row)
{
	free(row->id);
	free(row->name);
}

void prune_done(struct prune *p)
{
	for (size_t i = 0; i < p->count; i++)
		row_done(&p->rows[i]);
	free(p->rows);
	*p = (struct prune){ 0 };
}

static struct prune_row *add(struct prune *p, enum prune_kind kind, const char *id, const char *name)
{
	p->rows = mem_resize(p->rows, p->count + 1, sizeof(*p->rows));
	p->rows[p->count] = (struct prune_row){ .kind = kind, .id = mem_strdup(id), .name = mem_strdup(name) };
	return &p->rows[p->count++];
}

static bool has(const struct prune *p, enum prune_kind kind, const char *id)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->rows[i].kind == kind && strcmp(p->rows[i].id, id) == 0)
			return true;
	return false;
}

/* --- containers --- */

static int is_wanted(struct engine *engine, const struct ctr *ctr, char *const *filters, bool *ret, struct err *err)
{
	*ret = ctr->status.state == CTR_CREATED || ctr->status.state == CTR_INITIALIZED || ctr->status.state == CTR_EXITED;
	return *ret ? ctr_match_all(engine, ctr, filters, ret, err) : 0;
}

static uint64_t written_by(struct engine *engine, const struct ctr *ctr)
{
	int64_t written = 0, all = 0;
	struct err gone = { 0 };
	/* a container whose layers are damaged goes all the same */
	return ctr_size(engine, ctr, &written, &all, &gone) < 0 ? 0 : (uint64_t)written;
}

static int find_ctrs(struct engine *engine, const struct prune_opts *opts, struct prune *p, struct err *err)
{
	struct ctr **ctrs;
	size_t count;
	int rc = 0;
	for (char *const *f = opts->filters; f && *f; f++)
		if (ctr_match_check(engine, *f, err) < 0)
			return -1;
	if (ctr_list(engine, &ctrs, &count, err) < 0)
		return -1;
	for (size_t i = 0; rc >= 0 && i < count; i++) {
		bool yes = false;
		rc = is_wanted(engine, ctrs[i], opts->filters, &yes, err);
		if (rc >= 0 && yes)
			add(p, PRUNE_CONTAINER, ctrs[i]->id, ctrs[i]->def.name)->bytes = opts->sizes ? written_by(engine, ctrs[i]) : 0;
	}
	ctr_list_free(ctrs, count);
	return rc;
}

/* --- volumes --- */

static int is_free(struct engine *engine, const struct prune *p, const char *name, bool *ret, struct err *err)
{
	auto_strv users = NULL;
	*ret = true;
	if (volume_users(engine, name, &users, err) < 0)
		return -1;
	for (char **id = users; id && *id; id++)
		*ret = *ret && has(p, PRUNE_CONTAINER, *id);
	return 0;
}

static int find_volumes(struct engine *engine, const struct prune_opts *opts, struct prune *p, struct err *err)
{
	struct volume **list;
	size_t count;
	int rc = 0;
	if (volume_list(engine, opts->filters, false, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; rc >= 0 && i < count; i++) {
		bool yes;
		auto_free char *data = mem_printf("%s/_data", list[i]->name);
		rc = is_free(engine, p, list[i]->name, &yes, err);
		if (rc < 0 || !yes)
			continue;
		struct prune_row *row = add(p, PRUNE_VOLUME, list[i]->name, list[i]->name);
		if (opts->sizes && volume_record_kind(list[i]) == VOLUME_PLAIN)
			row->bytes = ctr_size_tree(store_kind_fd(engine->store, STORE_VOLUME), data);
	}
	volume_list_free(list, count);
	return rc;
}

/* --- images --- */

static unsigned users_of(const struct images_use *use, const struct prune *p, const char *image)
{
	unsigned count = 0;
	for (size_t i = 0; i < use->count; i++)
		count += strcmp(use->rows[i].image, image) == 0 && !has(p, PRUNE_CONTAINER, use->rows[i].container);
	return count;
}

static int choose_images(struct engine *engine, const struct prune_opts *opts, struct prune *p, struct err *err)
{
	struct image_row *rows;
	struct images_use use;
	size_t count;
	const struct images_list_opts list = { .filters = opts->filters, .all = true };
	if (images_list(engine, &list, &rows, &count, err) < 0)
		return -1;
	if (images_use_read(engine, &use, err) < 0) {
		images_list_free(rows, count);
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		const struct image_row *r = &rows[i];
		if (r->is_list || r->readonly || (!opts->all_images && !r->dangling) || has(p, PRUNE_IMAGE, r->id) || users_of(&use, p, r->id))
			continue;
		auto_free char *name = r->dangling ? mem_strdup("") : mem_printf("%s:%s", r->repository, r->tag);
		add(p, PRUNE_IMAGE, r->id, name);
	}
	images_use_done(&use);
	images_list_free(rows, count);
	return 0;
}

static uint64_t layer_bytes(struct engine *engine, const char *diff_id)
{
	auto_ptr(layer) layer = NULL;
	struct err gone = { 0 };
	return layer_get(engine->store, diff_id, &layer, &gone) < 0 || layer->extra ? 0 : layer->diff_size;
}

static struct prune_row *image_row(struct prune *p, const char *id)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->rows[i].kind == PRUNE_IMAGE && strcmp(p->rows[i].id, id) == 0)
			return &p->rows[i];
	return NULL;
}

/* Layers of images that stay, then each layer of those that go once. */
static int measure_images(struct engine *engine, struct prune *p, struct err *err)
{
	struct image **images;
	size_t count;
	auto_strv counted = NULL;
	if (image_db_list(engine->store, &images, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (!image_row(p, images[i]->id))
			strv_extend(&counted, images[i]->diff_ids);
	for (size_t i = 0; i < count; i++) {
		struct prune_row *row = image_row(p, images[i]->id);
		for (char *const *id = row ? images[i]->diff_ids : NULL; id && *id; id++) {
			if (strv_has(counted, *id))
				continue;
			strv_add(&counted, *id);
			row->bytes += layer_bytes(engine, *id);
		}
	}
	image_db_list_free(images, count);
	return 0;
}

static int find_images(struct engine *engine, const struct prune_opts *opts, struct prune *p, struct err *err)
{
	size_t before = p->count;
	if (choose_images(engine, opts, p, err) < 0)
		return -1;
	return p->count > before ? measure_images(engine, p, err) : 0;
}

/* --- all of them --- */

int prune_find(struct engine *engine, const struct prune_opts *opts, struct prune *ret, struct err *err)
{
	static int (*const find[])(struct engine *, const struct prune_opts *, struct prune *, struct err *) = {
		[PRUNE_CONTAINER] = find_ctrs, [PRUNE_VOLUME] = find_volumes, [PRUNE_IMAGE] = find_images,
	};
	for (int kind = 0; kind < PRUNE_KIND_COUNT; kind++)
		if (opts->kinds & 1u << kind && find[kind](engine, opts, ret, err) < 0)
			return -1;
	return 0;
}

static int remove_ctr(struct engine *engine, const struct prune_row *row, struct err *err)
{
	auto_ptr(ctr) ctr = NULL;
	if (ctr_open(engine, row->id, &ctr, err) < 0)
		return -1;
	return ctr_remove(engine, ctr, &(struct ctr_rm_opts){ .time_s = -1 }, err);
}

static int remove_volume(struct engine *engine, const struct prune_row *row, struct err *err)
{
	return volume_prune(engine, row->id, err);
}

static int remove_image(struct engine *engine, const struct prune_row *row, struct err *err)
{
	return images_drop(engine, row->id, err);
}

int prune_run(struct engine *engine, struct prune *list, struct err *err)
{
	static int (*const remove[])(struct engine *, const struct prune_row *, struct err *) = {
		[PRUNE_CONTAINER] = remove_ctr, [PRUNE_VOLUME] = remove_volume, [PRUNE_IMAGE] = remove_image,
	};
	size_t kept = 0;
	for (size_t i = 0; i < list->count; i++) {
		struct err one = { 0 };
		if (remove[list->rows[i].kind](engine, &list->rows[i], &one) >= 0) {
			list->rows[kept++] = list->rows[i];
			continue;
		}
		if (!err_is(&one, ERR_NOT_FOUND))
			log_warn("%s", one.text);
		row_done(&list->rows[i]);
	}
	list->count = kept;
	store_empty_trash(engine->store, SWEEP_MS);
	return image_db_sweep(engine->store, err);
}
