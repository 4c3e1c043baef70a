#include "engine/images_use.h"

#include "storage/store.h"

#include <stdio.h>

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct images_use_row *)a)->image, ((const struct images_use_row *)b)->image);
}

int images_use_read(struct engine *engine, struct images_use *ret, struct err *err)
{
	struct ctr **ctrs;
	size_t count;
	if (ctr_list(engine, &ctrs, &count, err) < 0)
		return -1;
	*ret = (struct images_use){ .rows = mem_array(count + 1, sizeof(*ret->rows)) };
	for (size_t i = 0; i < count; i++) {
		struct images_use_row *row = &ret->rows[ret->count];
		if (!ctrs[i]->def.image || strlen(ctrs[i]->def.image) >= sizeof(row->image))
			continue;
		memcpy(row->image, ctrs[i]->def.image, strlen(ctrs[i]->def.image) + 1);
		memcpy(row->container, ctrs[i]->id, sizeof(row->container));
		ret->count++;
	}
	ctr_list_free(ctrs, count);
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
		n += strcmp(use->rows[i].image, image_id) == 0;
	return n;
}

const char *images_use_by(const struct images_use *use, const char *image_id)
{
	for (size_t i = 0; i < use->count; i++)
		if (strcmp(use->rows[i].image, image_id) == 0)
			return use->rows[i].container;
	return NULL;
}
