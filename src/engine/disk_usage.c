#include "engine/disk_usage.h"

#include "base/str.h"
#include "engine/ctr_size.h"
#include "engine/images.h"
#include "engine/volume.h"
#include "image/image.h"
#include "storage/layer.h"

#include <fcntl.h>
#include <stdlib.h>

void disk_usage_done(struct disk_usage *u)
{
	for (size_t i = 0; i < u->image_count; i++) {
		free(u->images[i].repository);
		free(u->images[i].tag);
		free(u->images[i].id);
	}
	for (size_t i = 0; i < u->ctr_count; i++) {
		free(u->ctrs[i].id);
		free(u->ctrs[i].image);
		free(u->ctrs[i].command);
		free(u->ctrs[i].name);
	}
	for (size_t i = 0; i < u->volume_count; i++)
		free(u->volumes[i].name);
	free(u->images);
	free(u->ctrs);
	free(u->volumes);
	*u = (struct disk_usage){ 0 };
}

/* --- layers, each once --- */

struct layer_use {
	const char *diff_id; /* of an image, borrowed */
	uint64_t size;
	unsigned images;
	bool elsewhere; /* in an additional image store: it is nothing that goes from here */
};
struct layers {
	struct layer_use *rows; /* sorted */
	size_t count;
	struct image **images;
	size_t image_count;
};

static void layers_done(struct layers *l)
{
	free(l->rows);
	image_db_list_free(l->images, l->image_count);
}
AUTO_VAL(layers, layers_done);

static int by_diff_id(const void *a, const void *b)
{
	return strcmp(((const struct layer_use *)a)->diff_id, ((const struct layer_use *)b)->diff_id);
}

static struct layer_use *find_layer(const struct layers *l, const char *diff_id)
{
	return bsearch(&(struct layer_use){ .diff_id = diff_id }, l->rows, l->count, sizeof(*l->rows), by_diff_id);
}

static void merge_equal(struct layers *l)
{
	size_t kept = 0;
	qsort(l->rows, l->count, sizeof(*l->rows), by_diff_id);
	for (size_t i = 0; i < l->count; i++)
		if (kept && strcmp(l->rows[kept - 1].diff_id, l->rows[i].diff_id) == 0)
			l->rows[kept - 1].images++;
		else
			l->rows[kept++] = l->rows[i];
	l->count = kept;
}

static int read_layers(struct engine *engine, struct layers *l, struct err *err)
{
	size_t total = 0;
	if (image_db_list(engine->store, &l->images, &l->image_count, err) < 0)
		return -1;
	for (size_t i = 0; i < l->image_count; i++)
		total += strv_len(l->images[i]->diff_ids);
	l->rows = mem_array(total + 1, sizeof(*l->rows));
	for (size_t i = 0; i < l->image_count; i++)
		for (char *const *id = l->images[i]->diff_ids; id && *id; id++)
			l->rows[l->count++] = (struct layer_use){ *id, 0, 1, false };
	if (l->count)
		merge_equal(l);
	for (size_t i = 0; i < l->count; i++) {
		auto_ptr(layer) layer = NULL;
		struct err gone = { 0 };
		if (layer_get(engine->store, l->rows[i].diff_id, &layer, &gone) < 0) {
			err_clear(&gone); /* removed meanwhile, or damaged: `system check` tells */
			continue;
		}
		l->rows[i].size = layer->diff_size;
		l->rows[i].elsewhere = layer->extra != NULL;
	}
	return 0;
}

/* --- images --- */

/* What goes with this image alone. */
static uint64_t unique_of(const struct layers *l, const struct image *image)
{
	uint64_t in_layers = 0, own = 0;
	if (image->extra)
		return 0;
	for (char *const *id = image->diff_ids; id && *id; id++) {
		const struct layer_use *use = find_layer(l, *id);
		in_layers += use->size;
		own += use->images == 1 && !use->elsewhere ? use->size : 0;
	}
	return own + (image->size > in_layers ? image->size - in_layers : 0); /* the configuration */
}

static const struct image *image_of(const struct layers *l, const char *id)
{
	for (size_t i = 0; i < l->image_count; i++)
		if (strcmp(l->images[i]->id, id) == 0)
			return l->images[i];
	return NULL;
}

static void add_image(const struct layers *l, const struct image_row *row, struct disk_usage *u)
{
	const struct image *image = image_of(l, row->id);
	uint64_t unique = image ? unique_of(l, image) : 0;
	u->images[u->image_count++] = (struct disk_usage_image){
		.repository = mem_strdup(row->repository), .tag = mem_strdup(row->tag), .id = mem_strdup(row->id), .created_ns = row->created_ns,
		.size = row->size, .unique = unique, .shared = row->size > unique ? row->size - unique : 0, .containers = row->containers,
	};
}

static bool seen_before(const struct disk_usage *u, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (strcmp(u->images[i].id, u->images[at].id) == 0)
			return true;
	return false;
}

/* COMPAT: a layer that an active image shares with another counts as reclaimable. */
static void sum_images(const struct layers *l, struct disk_usage *u)
{
	struct disk_usage_sum *sum = &u->image_sum;
	uint64_t kept = 0;
	for (size_t i = 0; i < l->count; i++)
		sum->size += l->rows[i].elsewhere ? 0 : l->rows[i].size;
	for (size_t i = 0; i < u->image_count; i++) {
		const struct disk_usage_image *image = &u->images[i];
		sum->total++;
		if (seen_before(u, i))
			continue;
		const struct image *full = image_of(l, image->id);
		uint64_t in_layers = 0;
		for (char *const *id = full ? full->diff_ids : NULL; id && *id; id++)
			in_layers += find_layer(l, *id)->size;
		sum->size += full && !full->extra && image->size > in_layers ? image->size - in_layers : 0;
		sum->active += image->containers > 0;
		kept += image->containers ? image->unique : 0;
	}
	sum->reclaimable = sum->size > kept ? sum->size - kept : 0;
}

static int read_images(struct engine *engine, struct disk_usage *u, struct err *err)
{
	auto_val(layers) layers = { 0 };
	struct image_row *rows;
	size_t count;
	if (read_layers(engine, &layers, err) < 0 || images_list(engine, &(struct images_list_opts){ 0 }, &rows, &count, err) < 0)
		return -1;
	u->images = mem_array(count + 1, sizeof(*u->images));
	for (size_t i = 0; i < count; i++)
		add_image(&layers, &rows[i], u);
	images_list_free(rows, count);
	sum_images(&layers, u);
	return 0;
}

/* --- containers --- */

static unsigned volumes_of(const struct ctr_def *def)
{
	unsigned count = 0;
	for (size_t i = 0; i < def->mount_count; i++)
		count += str_eq(def->mounts[i].type, "volume");
	return count;
}

static void add_ctr(struct engine *engine, const struct ctr *ctr, struct disk_usage *u)
{
	struct err gone = { 0 };
	int64_t written = 0, all = 0;
	bool active = ctr->status.state == CTR_RUNNING || ctr->status.state == CTR_PAUSED;
	if (ctr_size(engine, ctr, &written, &all, &gone) < 0)
		err_clear(&gone);
	auto_strv words = strv_dup(ctr->def.entrypoint);
	strv_extend(&words, ctr->def.command);
	u->ctrs[u->ctr_count++] = (struct disk_usage_ctr){
		.id = mem_strdup(ctr->id), .image = mem_strdup(ctr->def.image ? ctr->def.image : ""), .command = words ? strv_join(words, " ") : mem_strdup(""),
		.name = mem_strdup(ctr->def.name), .volumes = volumes_of(&ctr->def), .size = (uint64_t)written, .created_ns = ctr->def.created_ns,
		.status = ctr_state_word(ctr->status.state),
	};
	u->ctr_sum.total++;
	u->ctr_sum.active += active;
	u->ctr_sum.size += (uint64_t)written;
	u->ctr_sum.reclaimable += active ? 0 : (uint64_t)written;
}

static int read_ctrs(struct engine *engine, struct disk_usage *u, struct err *err)
{
	struct ctr **ctrs;
	size_t count;
	if (ctr_list(engine, &ctrs, &count, err) < 0)
		return -1;
	u->ctrs = mem_array(count + 1, sizeof(*u->ctrs));
	for (size_t i = 0; i < count; i++)
		add_ctr(engine, ctrs[i], u);
	ctr_list_free(ctrs, count);
	return 0;
}

/* --- volumes --- */

static int add_volume(struct engine *engine, const struct volume *volume, struct disk_usage *u, struct err *err)
{
	auto_strv users = NULL;
	auto_free char *data = mem_printf("%s/_data", volume->name);
	uint64_t size = 0;
	if (volume_users(engine, volume->name, &users, err) < 0)
		return -1;
	if (volume_record_kind(volume) == VOLUME_PLAIN)
		size = ctr_size_tree(store_kind_fd(engine->store, STORE_VOLUME), data);
	u->volumes[u->volume_count++] = (struct disk_usage_volume){ mem_strdup(volume->name), (unsigned)strv_len(users), size };
	u->volume_sum.total++;
	u->volume_sum.active += users != NULL;
	u->volume_sum.size += size;
	u->volume_sum.reclaimable += users ? 0 : size;
	return 0;
}

static int read_volumes(struct engine *engine, struct disk_usage *u, struct err *err)
{
	struct volume **list;
	size_t count;
	int rc = 0;
	if (volume_list(engine, NULL, true, &list, &count, err) < 0)
		return -1;
	u->volumes = mem_array(count + 1, sizeof(*u->volumes));
	for (size_t i = 0; i < count && rc >= 0; i++)
		rc = add_volume(engine, list[i], u, err);
	volume_list_free(list, count);
	return rc;
}

int disk_usage_read(struct engine *engine, struct disk_usage *ret, struct err *err)
{
	return read_images(engine, ret, err) < 0 || read_ctrs(engine, ret, err) < 0 ? -1 : read_volumes(engine, ret, err);
}
