#include "engine/images_parent.h"

#include "image/image.h"

static bool is_below(char *const *parent, char *const *child)
{
	size_t count = strv_len(parent);
	if (strv_len(child) < count)
		return false;
	for (size_t i = 0; i < count; i++)
		if (strcmp(parent[i], child[i]) != 0)
			return false;
	return true;
}

static bool has_history_of(const struct image_config *child, const struct image_config *parent)
{
	if (child->history_count <= parent->history_count)
		return false;
	for (size_t i = 0; i < parent->history_count; i++) {
		const struct image_history *a = &child->history[i], *b = &parent->history[i];
		if (a->created_ns != b->created_ns || !str_eq(a->created_by, b->created_by) || a->empty_layer != b->empty_layer)
			return false;
	}
	return true;
}

bool images_is_intermediate(struct engine *engine, struct image *const *images, size_t count, const struct image *image)
{
	auto_val(image_config) config = { 0 };
	struct err ignored = { 0 };
	if (!image->extra || image->names || image_config_load(engine->store, image, &config, &ignored) < 0)
		return false;
	for (size_t i = 0; i < count; i++) {
		auto_val(image_config) other = { 0 };
		if (images[i]->extra != image->extra || !is_below(image->diff_ids, images[i]->diff_ids))
			continue;
		if (image_config_load(engine->store, images[i], &other, &ignored) >= 0 && has_history_of(&other, &config))
			return true;
		err_clear(&ignored);
	}
	return false;
}
