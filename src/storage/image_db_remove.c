#include "base/file.h"
#include "base/log.h"
#include "codec/json.h"
#include "storage/image_db_priv.h"
#include "storage/extra_store.h"
#include "storage/layer_priv.h"
#include "storage/store_priv.h"

#include <fcntl.h>

/* Who needs a layer: every image and every container's definition. A pull that runs meanwhile holds the layers' directory shared
 * (image_db_hold); then nothing is removed, and the next removal does it. */

int image_db_hold(struct store *store, int *ret_fd, struct err *err)
{
	int fd = openat(store->graph_fd, "layers", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = fd < 0 ? -errno : file_lock(fd, FILE_LOCK_SHARED, true);
	if (rc < 0) {
		fd_close(fd);
		return err_sys(err, -rc, "cannot lock the layers of the store");
	}
	*ret_fd = fd;
	return 0;
}

static int add_image_layers(struct store *store, char ***needed, struct err *err)
{
	auto_strv ids = NULL;
	if (store_list(store, STORE_IMAGE, &ids, err) < 0)
		return -1;
	for (char **id = ids; id && *id; id++) {
		auto_ptr(image) image = NULL;
		if (image_db_read(store, *id, &image, err) >= 0) {
			strv_extend(needed, image->diff_ids);
			continue;
		}
		if (!err_is(err, ERR_NOT_FOUND)) /* what a damaged one needs nobody knows: nothing goes */
			return err_wrap(err, "layers are not removed while an image is damaged (see `system check`)");
		err_clear(err);
	}
	return 0;
}

static int add_container_layers(struct store *store, char ***needed, struct err *err)
{
	auto_strv ids = NULL;
	if (store_list(store, STORE_CONTAINER, &ids, err) < 0)
		return -1;
	for (char **id = ids; id && *id; id++) {
		auto_close int dir_fd = -EBADF;
		auto_ptr(json) record = NULL;
		if (store_object_open(store, STORE_CONTAINER, *id, &dir_fd, err) < 0) {
			if (!err_is(err, ERR_NOT_FOUND))
				return -1;
			err_clear(err);
			continue;
		}
		if (store_record_read(dir_fd, "definition.json", &record, err) < 0)
			return err_wrap(err, "layers are not removed while container %s is damaged (see `system check`)", *id);
		const struct json *layers = json_get(record, "layers");
		for (size_t i = 0; i < json_len(layers); i++)
			strv_add(needed, json_str(json_at(layers, i), ""));
	}
	return 0;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_needed(char **needed, const char *diff_id)
{
	size_t count = strv_len(needed);
	return count && bsearch(&diff_id, needed, count, sizeof(*needed), compare);
}

static int needed_layers(struct store *store, char ***ret, struct err *err)
{
	char **needed = NULL;
	if (add_image_layers(store, &needed, err) < 0 || add_container_layers(store, &needed, err) < 0) {
		strv_free(needed);
		return -1;
	}
	strv_sort(needed);
	*ret = needed;
	return 0;
}

static int drop_layer(struct store *store, const char *diff_id, struct err *err)
{
	auto_free char *id = NULL;
	const char *hex = layer_digest_hex(diff_id);
	if (!hex || store_name_get(store, STORE_LAYER, hex, &id, err) < 0 || store_name_drop(store, STORE_LAYER, hex, id, err) < 0 ||
	    store_trash(store, STORE_LAYER, id, err) < 0) {
		if (err->kind && !err_is(err, ERR_NOT_FOUND))
			return -1;
		err_clear(err); /* gone already */
	}
	return 0;
}

/* Exclusive, or nothing: see above. */
static bool lock_layers(struct store *store, int *ret_fd)
{
	int fd = openat(store->graph_fd, "layers", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (file_lock(fd, FILE_LOCK_EXCLUSIVE, false) < 0) {
		fd_close(fd);
		return false;
	}
	*ret_fd = fd;
	return true;
}

static int drop_unneeded(struct store *store, char *const *candidates, char ***deleted, struct err *err)
{
	auto_close int lock_fd = -EBADF;
	auto_strv needed = NULL;
	if (!lock_layers(store, &lock_fd)) {
		log_debug("a pull is under way: layers are removed later");
		return 0;
	}
	if (needed_layers(store, &needed, err) < 0)
		return -1;
	for (; candidates && *candidates; candidates++) {
		if (is_needed(needed, *candidates))
			continue;
		if (drop_layer(store, *candidates, err) < 0)
			return -1;
		if (deleted)
			strv_add(deleted, *candidates);
	}
	return 0;
}

int image_db_keep(struct store *store, const char *id, int *ret_fd, struct err *err)
{
	auto_close int fd = -EBADF;
	/* a plain flock: who holds it takes locks of other kinds meanwhile, and who waits for it holds none */
	if (store_object_open(store, STORE_IMAGE, id, &fd, err) < 0) {
		auto_ptr(image) extra = NULL;
		if (!err_is(err, ERR_NOT_FOUND))
			return -1;
		err_clear(err);
		if (image_db_get(store, id, &extra, err) < 0)
			return -1;
		*ret_fd = -EBADF;
		return 0;
	}
	int rc = file_lock(fd, FILE_LOCK_SHARED, true);
	if (rc < 0)
		return err_sys(err, -rc, "cannot lock image %s", id);
	if (!image_db_is_in_place(store, id, fd))
		return err_set(err, ERR_NOT_FOUND, "no such image: %s", id);
	*ret_fd = take_fd(fd);
	return 0;
}

int image_db_may_remove(const struct image *image, struct err *err)
{
	if (!image->extra)
		return 0;
	return err_set(err, ERR_DENIED, "cannot remove read-only image \"%s\": it lies in the additional image store '%s'", image->id,
		       extra_store_path(image->extra)); /* COMPAT */
}

int image_db_remove(struct store *store, const struct image *image, char ***ret_deleted, struct err *err)
{
	return image_db_remove_if(store, image, NULL, NULL, ret_deleted, err);
}

int image_db_remove_if(struct store *store, const struct image *image, image_db_may_fn may, void *data, char ***ret_deleted, struct err *err)
{
	auto_close int dir_fd = -EBADF;
	if (image_db_may_remove(image, err) < 0 || image_db_lock(store, image->id, true, &dir_fd, err) < 0)
		return -1;
	int rc = may ? may(data, err) : 0;
	/* every name, also one given since the caller looked: a name without an image helps nobody */
	if (rc >= 0)
		rc = store_name_drop_all(store, STORE_IMAGE, image->id, err);
	if (rc >= 0)
		rc = store_trash(store, STORE_IMAGE, image->id, err);
	store_unlock(dir_fd, STORE_IMAGE);
	if (rc < 0)
		return -1;
	strv_add(ret_deleted, image->id);
	rc = drop_unneeded(store, image->diff_ids, ret_deleted, err);
	if (rc < 0 && err_is(err, ERR_CORRUPT)) { /* the image is gone, as was asked; its layers wait for the damaged one */
		log_warn("%s", err->text);
		err_clear(err);
		rc = 0;
	}
	return rc;
}

int image_db_sweep(struct store *store, struct err *err)
{
	struct store_name *names;
	size_t count;
	auto_strv all = NULL;
	auto_strv known = NULL;
	auto_strv ids = NULL;
	if (store_name_list(store, STORE_LAYER, &names, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		strv_addf(&all, "sha256:%s", names[i].name);
		strv_add(&known, names[i].id);
	}
	store_name_list_free(names, count);
	if (drop_unneeded(store, all, NULL, err) < 0 || store_list(store, STORE_LAYER, &ids, err) < 0)
		return -1;
	/* a layer that was published and lost the race for its name, or its process before it had one */
	auto_close int lock_fd = -EBADF;
	if (!lock_layers(store, &lock_fd))
		return 0;
	strv_sort(known);
	for (char **id = ids; id && *id; id++) {
		struct err gone = { 0 };
		if (!is_needed(known, *id) && store_trash(store, STORE_LAYER, *id, &gone) < 0)
			log_debug("%s", gone.text);
	}
	store_empty_trash(store, 100);
	return 0;
}
