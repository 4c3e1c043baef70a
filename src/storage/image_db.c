#include "storage/image_db.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "codec/shape.h"
#include "storage/extra_store.h"
#include "storage/image_db_priv.h"
#include "storage/store_priv.h"

#include <fcntl.h>
#include <stdio.h>

static const struct shape_field image_fields[] = {
	SHAPE_STRING(struct image, digest, "digest", .rule = SHAPE_REQUIRED),
	SHAPE_STRING(struct image, media_type, "media_type"),
	SHAPE_I64(struct image, created_ns, "created_ns"),
	SHAPE_I64(struct image, pulled_ns, "pulled_ns"),
	SHAPE_U64(struct image, size, "size"),
	SHAPE_STRV(struct image, diff_ids, "diff_ids"),
	SHAPE_STRV(struct image, digests, "repo_digests"),
};
const struct shape image_db_shape = SHAPE(struct image, "image", image_fields);

void image_free(struct image *image)
{
	if (!image)
		return;
	strv_free(image->names); /* before shape_done, which leaves zeroes */
	shape_done(&image_db_shape, image);
	free(image);
}

/* --- reading --- */

int image_db_read(struct store *store, const char *id, struct image **ret, struct err *err)
{
	auto_close int dir_fd = -EBADF;
	auto_ptr(json) record = NULL;
	auto_ptr(image) image = mem_alloc(sizeof(*image));
	if (store_object_open(store, STORE_IMAGE, id, &dir_fd, err) < 0)
		return -1;
	if (store_record_read(dir_fd, "image.json", &record, err) < 0 || shape_decode(&image_db_shape, record, image, err) < 0) {
		err->kind = ERR_CORRUPT;
		return err_wrap(err, "image %s", id);
	}
	snprintf(image->id, sizeof(image->id), "%s", id);
	*ret = take_ptr(image);
	return 0;
}

static int add_names(struct store *store, struct image *image, struct err *err)
{
	struct store_name *names;
	size_t count;
	if (store_name_list(store, STORE_IMAGE, &names, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i].id, image->id) == 0)
			strv_add(&image->names, names[i].name);
	strv_sort(image->names);
	store_name_list_free(names, count);
	return 0;
}

static int get_own(struct store *store, const char *id, struct image **ret, struct err *err)
{
	auto_ptr(image) image = NULL;
	if (image_db_read(store, id, &image, err) < 0 || add_names(store, image, err) < 0)
		return -1;
	*ret = take_ptr(image);
	return 0;
}

/* --- additional stores --- */

static int list_extra(struct store *store, const struct image_want *want, struct image ***images, size_t *count, struct err *err)
{
	struct extra_store *const *extra;
	size_t extra_count;
	if (extra_store_all(store, &extra, &extra_count, err) < 0)
		return -1;
	for (size_t i = 0; i < extra_count; i++)
		if (extra_store_images(extra[i], want, images, count, err) < 0)
			return -1;
	return 0;
}

static bool fits(const struct image *image, const struct image_want *want)
{
	return want->name ? strv_has(image->names, want->name) : str_starts(image->id, want->id);
}

/* The first that fits. An id must not fit another image, too. */
static int choose_extra(struct image *const *images, size_t count, const struct image_want *want, size_t *ret, struct err *err)
{
	*ret = SIZE_MAX;
	for (size_t i = 0; i < count; i++) {
		if (!fits(images[i], want))
			continue;
		if (*ret == SIZE_MAX)
			*ret = i;
		else if (want->id && strcmp(images[i]->id, images[*ret]->id) != 0)
			return err_set(err, ERR_USAGE, "more than one result for image ID %s: %s and %s begin so; give more digits", want->id,
				       images[*ret]->id, images[i]->id);
	}
	return 0;
}

/* err says already that there is none; that stays when the additional stores have none either. */
static int get_extra(struct store *store, const struct image_want *want, struct image **ret, struct err *err)
{
	struct image **images = NULL;
	size_t count = 0, at = SIZE_MAX;
	struct err why = { 0 };
	int rc = list_extra(store, want, &images, &count, &why);
	if (rc >= 0)
		rc = choose_extra(images, count, want, &at, &why);
	if (rc < 0) {
		*err = why;
	} else if (at != SIZE_MAX) {
		err_clear(err);
		*ret = take_ptr(images[at]);
	}
	image_db_list_free(images, count);
	return rc < 0 || at == SIZE_MAX ? -1 : 0;
}

/* --- looking for one --- */

int image_db_get(struct store *store, const char *word, struct image **ret, struct err *err)
{
	auto_free char *id = NULL;
	if (store_find(store, STORE_IMAGE, word, &id, err) >= 0 && get_own(store, id, ret, err) >= 0)
		return 0;
	if (!err_is(err, ERR_NOT_FOUND))
		return -1;
	if (get_extra(store, &(struct image_want){ .name = word }, ret, err) >= 0)
		return 0;
	if (!err_is(err, ERR_NOT_FOUND) || !store_is_hex(word))
		return -1;
	return get_extra(store, &(struct image_want){ .id = word }, ret, err);
}

int image_db_by_name(struct store *store, const char *name, struct image **ret, struct err *err)
{
	auto_free char *id = NULL;
	if (store_name_get(store, STORE_IMAGE, name, &id, err) >= 0 && get_own(store, id, ret, err) >= 0)
		return 0;
	return err_is(err, ERR_NOT_FOUND) ? get_extra(store, &(struct image_want){ .name = name }, ret, err) : -1;
}

int image_db_names(struct store *store, char ***ret, struct err *err)
{
	struct image **images = NULL;
	struct store_name *names;
	size_t count, image_count = 0;
	if (store_name_list(store, STORE_IMAGE, &names, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		strv_add(ret, names[i].name);
	store_name_list_free(names, count);
	int rc = list_extra(store, &(struct image_want){ 0 }, &images, &image_count, err);
	for (size_t i = 0; i < image_count; i++)
		strv_extend(ret, images[i]->names);
	image_db_list_free(images, image_count);
	return rc;
}

static int newest_first(const void *a, const void *b)
{
	const struct image *left = *(struct image *const *)a, *right = *(struct image *const *)b;
	if (left->created_ns != right->created_ns)
		return left->created_ns > right->created_ns ? -1 : 1;
	int ids = strcmp(left->id, right->id);
	return ids ? ids : (left->extra != NULL) - (right->extra != NULL);
}

static int by_id(const void *a, const void *b)
{
	return strcmp((*(struct image *const *)a)->id, (*(struct image *const *)b)->id);
}

static void spread_names(struct image **images, size_t count, const struct store_name *names, size_t name_count)
{
	for (size_t i = 0; i < name_count; i++) {
		struct image key = { 0 }, *key_ptr = &key;
		if (strlen(names[i].id) > STORE_ID_MAX)
			continue;
		snprintf(key.id, sizeof(key.id), "%s", names[i].id);
		struct image **found = bsearch(&key_ptr, images, count, sizeof(*images), by_id);
		if (found)
			strv_add(&(*found)->names, names[i].name);
	}
	for (size_t i = 0; i < count; i++)
		strv_sort(images[i]->names);
}

int image_db_list(struct store *store, struct image ***ret, size_t *ret_count, struct err *err)
{
	auto_strv ids = NULL;
	struct store_name *names;
	size_t name_count, count = 0;
	if (store_list(store, STORE_IMAGE, &ids, err) < 0 || store_name_list(store, STORE_IMAGE, &names, &name_count, err) < 0)
		return -1;
	struct image **images = mem_array(strv_len(ids) + 1, sizeof(*images));
	for (char **id = ids; id && *id; id++) {
		struct err one = { 0 };
		if (image_db_read(store, *id, &images[count], &one) >= 0)
			count++;
		else if (!err_is(&one, ERR_NOT_FOUND))
			log_debug("%s", one.text); /* `system check` tells of it */
	}
	spread_names(images, count, names, name_count);
	store_name_list_free(names, name_count);
	if (list_extra(store, &(struct image_want){ 0 }, &images, &count, err) < 0) {
		image_db_list_free(images, count);
		return -1;
	}
	qsort(images, count, sizeof(*images), newest_first);
	*ret = images;
	*ret_count = count;
	return 0;
}

void image_db_list_free(struct image **images, size_t count)
{
	for (size_t i = 0; i < count; i++)
		image_free(images[i]);
	free(images);
}

static int read_bytes(struct store *store, const struct image *image, const char *file, char **ret_data, size_t *ret_len, struct err *err)
{
	auto_close int dir_fd = -EBADF;
	if (image->extra)
		return extra_store_bytes(image->extra, image, file, ret_data, ret_len, err);
	if (store_object_open(store, STORE_IMAGE, image->id, &dir_fd, err) < 0)
		return -1;
	int rc = file_read(dir_fd, file, LIMIT_MANIFEST_BYTES, ret_data, ret_len);
	return rc < 0 ? err_set(err, ERR_CORRUPT, "image %s: its %s cannot be read: %s", image->id, file, err_reason(-rc)) : 0;
}

int image_db_config(struct store *store, const struct image *image, char **ret_data, size_t *ret_len, struct err *err)
{
	return read_bytes(store, image, "config", ret_data, ret_len, err);
}

int image_db_manifest(struct store *store, const struct image *image, char **ret_data, size_t *ret_len, struct err *err)
{
	return read_bytes(store, image, "manifest", ret_data, ret_len, err);
}
