/* names.c - see names.h */
#include "engine/names.h"

#include "base/str.h"
#include "storage/image_db.h"

#include <fcntl.h>
#include <unistd.h>

enum { NEAR = 2 };

static const enum store_kind kinds[] = {
	[NAMES_CTR] = STORE_CONTAINER, [NAMES_IMAGE] = STORE_IMAGE, [NAMES_LIST] = STORE_LIST, [NAMES_ARTIFACT] = STORE_ARTIFACT,
	[NAMES_SECRET] = STORE_SECRET, [NAMES_VOLUME] = STORE_VOLUME,
};

static bool is_active(struct engine *engine, const char *id)
{
	auto_free char *path = mem_printf("containers/%s", id);
	return faccessat(store_run_fd(engine->store), path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static int list_ids(struct engine *engine, enum names_kind kind, struct names_item **ret, size_t *ret_count, struct err *err)
{
	auto_strv ids = NULL;
	if (store_list(engine->store, kinds[kind], &ids, err) < 0)
		return -1;
	struct names_item *items = mem_array(strv_len(ids) + 1, sizeof(*items));
	size_t count = 0;
	for (char **id = ids; id && *id; id++)
		items[count++] = (struct names_item){ .name = mem_strdup(*id), .id = mem_strdup(*id) };
	*ret = items;
	*ret_count = count;
	return 0;
}

/* Adds the names of an image that no other had before. */
static void add_names(const struct image *image, struct names_item *items, size_t *count)
{
	for (char *const *name = image->names; name && *name; name++) {
		size_t at = 0;
		while (at < *count && strcmp(items[at].name, *name) != 0)
			at++;
		if (at == *count)
			items[(*count)++] = (struct names_item){ .name = mem_strdup(*name), .id = mem_strdup(image->id) };
	}
}

/* Those of additional stores, too; a name that is here hides theirs. */
static int list_images(struct engine *engine, struct names_item **ret, size_t *ret_count, struct err *err)
{
	struct image **images = NULL;
	size_t image_count = 0, total = 0;
	if (image_db_list(engine->store, &images, &image_count, err) < 0)
		return -1;
	for (size_t i = 0; i < image_count; i++)
		total += strv_len(images[i]->names);
	*ret = mem_array(total + 1, sizeof(**ret));
	*ret_count = 0;
	for (int extra = 0; extra <= 1; extra++)
		for (size_t i = 0; i < image_count; i++)
			if ((images[i]->extra != NULL) == extra)
				add_names(images[i], *ret, ret_count);
	image_db_list_free(images, image_count);
	return 0;
}

int names_list(struct engine *engine, enum names_kind kind, struct names_item **ret, size_t *ret_count, struct err *err)
{
	struct store_name *names;
	size_t count;
	if (kind == NAMES_VOLUME)
		return list_ids(engine, kind, ret, ret_count, err);
	if (kind == NAMES_IMAGE)
		return list_images(engine, ret, ret_count, err);
	if (store_name_list(engine->store, kinds[kind], &names, &count, err) < 0)
		return -1;
	struct names_item *items = mem_array(count + 1, sizeof(*items));
	for (size_t i = 0; i < count; i++) {
		items[i].name = take_ptr(names[i].name);
		items[i].id = take_ptr(names[i].id);
		items[i].active = kind == NAMES_CTR && is_active(engine, items[i].id);
	}
	store_name_list_free(names, count);
	*ret = items;
	*ret_count = count;
	return 0;
}

void names_list_free(struct names_item *items, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(items[i].name);
		free(items[i].id);
	}
	free(items);
}

static char *without_digits_dup(const char *text)
{
	auto_str out = { 0 };
	for (; *text; text++)
		if (*text < '0' || *text > '9')
			str_add_char(&out, *text);
	return str_take(&out);
}

bool names_are_near(const char *word, const char *name)
{
	auto_free char *one = without_digits_dup(word);
	auto_free char *other = without_digits_dup(name);
	unsigned far = str_distance(word, name);
	return far <= NEAR && far < strlen(word) && strcmp(one, other) != 0; /* web2 is no misspelt web1 */
}

char *names_near_dup(struct engine *engine, enum names_kind kind, const char *word)
{
	struct names_item *items;
	size_t count, best = SIZE_MAX;
	struct err err = { 0 };
	if (names_list(engine, kind, &items, &count, &err) < 0) {
		err_clear(&err);
		return NULL;
	}
	for (size_t i = 0; i < count; i++)
		if (names_are_near(word, items[i].name) &&
		    (best == SIZE_MAX || str_distance(word, items[i].name) < str_distance(word, items[best].name)))
			best = i;
	char *name = best == SIZE_MAX ? NULL : mem_strdup(items[best].name);
	names_list_free(items, count);
	return name;
}
