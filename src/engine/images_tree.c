#include "engine/images_tree.h"

#include "base/str.h"
#include "codec/digest.h"
#include "image/image.h"

#include <stdio.h>

void images_tree_done(struct images_tree *t)
{
	for (size_t i = 0; i < t->row_count; i++) {
		strv_free(t->rows[i]->tags);
		free(t->rows[i]->children);
		free(t->rows[i]);
	}
	free(t->rows);
	free(t->chain);
	strv_free(t->tags);
	*t = (struct images_tree){ 0 };
}

/* The layer's id on top of `parent`. */
static int chain_id(const struct images_tree_row *parent, const char *diff_id, char ret[65], struct err *err)
{
	auto_free char *text = NULL, *digest = NULL;
	const char *hex = strchr(diff_id, ':') ? strchr(diff_id, ':') + 1 : diff_id;
	if (!parent) {
		snprintf(ret, 65, "%s", hex);
		return 0;
	}
	text = mem_printf("%s+%s", parent->id, hex);
	if (digest_of(NULL, text, strlen(text), &digest, err) < 0)
		return -1;
	snprintf(ret, 65, "%s", strchr(digest, ':') + 1);
	return 0;
}

static void read_layer(struct engine *engine, const char *diff_id, struct images_tree_row *row)
{
	auto_ptr(layer) layer = NULL;
	struct err ignored = { 0 };
	if (layer_get(engine->store, diff_id, &layer, &ignored) < 0)
		return;
	row->size = layer->diff_size;
	row->created_ns = layer->created_ns;
}

static int find_row(struct engine *engine, struct images_tree *t, struct images_tree_row *parent, const char *diff_id,
		    struct images_tree_row **ret, struct err *err)
{
	char id[65];
	if (chain_id(parent, diff_id, id, err) < 0)
		return -1;
	for (size_t i = 0; i < t->row_count; i++)
		if (strcmp(t->rows[i]->id, id) == 0) {
			*ret = t->rows[i];
			return 0;
		}
	struct images_tree_row *row = mem_alloc(sizeof(*row));
	memcpy(row->id, id, sizeof(id));
	read_layer(engine, diff_id, row);
	row->parent = parent;
	t->rows = mem_resize(t->rows, t->row_count + 1, sizeof(struct images_tree_row *));
	t->rows[t->row_count++] = row;
	if (parent) {
		parent->children = mem_resize(parent->children, parent->child_count + 1, sizeof(struct images_tree_row *));
		parent->children[parent->child_count++] = row;
	}
	*ret = row;
	return 0;
}

static int add_image(struct engine *engine, const struct image *image, struct images_tree *t, bool keep, struct err *err)
{
	struct images_tree_row *row = NULL;
	size_t n = 0;
	if (keep && !t->chain)
		t->chain = mem_array(strv_len(image->diff_ids) + 1, sizeof(struct images_tree_row *));
	for (char *const *d = image->diff_ids; d && *d; d++) {
		if (find_row(engine, t, row, *d, &row, err) < 0)
			return -1;
		if (keep)
			t->chain[n++] = row;
	}
	for (char *const *name = image->names; row && name && *name; name++)
		if (!strv_has(row->tags, *name)) /* the same image may lie in an additional store, too */
			strv_add(&row->tags, *name);
	return 0;
}

/* COMPAT: the order in which the layers came. */
static int by_time(const void *a, const void *b)
{
	const struct images_tree_row *x = *(struct images_tree_row *const *)a, *y = *(struct images_tree_row *const *)b;
	int r = (x->created_ns > y->created_ns) - (x->created_ns < y->created_ns);
	return r ? r : strcmp(x->id, y->id);
}

static int add_all(struct engine *engine, const struct image *wanted, struct images_tree *t, struct err *err)
{
	struct image **images = NULL;
	size_t count = 0;
	int r = image_db_list(engine->store, &images, &count, err);
	for (size_t i = 0; r >= 0 && i < count; i++)
		r = add_image(engine, images[i], t, strcmp(images[i]->id, wanted->id) == 0, err);
	image_db_list_free(images, count);
	for (size_t i = 0; i < t->row_count; i++)
		if (t->rows[i]->tags)
			strv_sort(t->rows[i]->tags);
	for (size_t i = 0; i < t->row_count; i++)
		if (t->rows[i]->child_count)
			qsort(t->rows[i]->children, t->rows[i]->child_count, sizeof(struct images_tree_row *), by_time);
	return r;
}

int images_tree(struct engine *engine, const char *word, struct images_tree *ret, struct err *err)
{
	auto_ptr(image) image = NULL;
	auto_val(images_tree) t = { 0 };
	if (image_resolve(engine->store, word, &image, NULL, err) < 0)
		return -1;
	snprintf(t.id, sizeof(t.id), "%s", image->id);
	t.tags = strv_dup(image->names);
	t.size = image->size;
	if (add_all(engine, image, &t, err) < 0)
		return -1;
	*ret = t;
	t = (struct images_tree){ 0 };
	return 0;
}
