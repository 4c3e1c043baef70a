#include "engine/images_use.h"

#include "storage/store.h"

#include <stdio.h>

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct images_use_row *)a)->image, ((const struct images_use_row *)b)->image);
}

static void add(struct images_use *use, const char *image, const char *container, bool mounted)
{
	if (!image || strlen(image) >= sizeof(use->rows->image))
		return;
	use->rows = mem_resize(use->rows, use->count + 1, sizeof(*use->rows));
	struct images_use_row *row = &use->rows[use->count++];
	*row = (struct images_use_row){ .mounted = mounted };
	memcpy(row->image, image, strlen(image) + 1);
	memcpy(row->container, container, sizeof(row->container));
}

int images_use_read(struct engine *engine, struct images_use *ret, struct err *err)
{
	struct ctr **ctrs;
	size_t count;
	if (ctr_list(engine, &ctrs, &count, err) < 0)
		return -1;
	*ret = (struct images_use){ 0 };
	for (size_t i = 0; i < count; i++) {
		const struct ctr_def *def = &ctrs[i]->def;
		add(ret, def->image, ctrs[i]->id, false);
		for (size_t m = 0; m < def->mount_count; m++)
			if (str_eq(def->mounts[m].type, "image"))
				add(ret, def->mounts[m].image, ctrs[i]->id, true);
	}
	ctr_list_free(ctrs, count);
	if (ret->rows)
		qsort(ret->rows, ret->count, sizeof(*ret->rows), compare);
	return 0;
}

void images_use_done(struct images_use *use)
{
	free(use->rows);
	*use = (struct images_use){ 0 };
}

unsigned images_use_count(const struct images_use *use, const char *image_id)
{
	unsigned n = 0;
	for (size_t i = 0; i < use->count; i++)
		n += !use->rows[i].mounted && strcmp(use->rows[i].image, image_id) == 0;
	return n;
}

const struct images_use_row *images_use_by(const struct images_use *use, const char *image_id)
{
	for (size_t i = 0; i < use->count; i++)
		if (strcmp(use->rows[i].image, image_id) == 0)
			return &use->rows[i];
	return NULL;
}
