#include "base/file.h"
#include "base/log.h"
#include "base/ntime.h"
#include "codec/shape.h"
#include "storage/extra_store.h"
#include "storage/image_db_priv.h"
#include "storage/layer_priv.h"
#include "storage/store_priv.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

/* How often an image may vanish between being there and being locked before we give up. */
enum { PUT_TRIES = 64 };

static int sum_layers(struct store *store, const struct image_new *new, uint64_t *ret_size, struct err *err)
{
	*ret_size = new->config_len;
	for (char *const *diff_id = new->diff_ids; diff_id && *diff_id; diff_id++) {
		auto_ptr(layer) layer = NULL;
		if (layer_get(store, *diff_id, &layer, err) < 0)
			return -1;
		*ret_size += layer->diff_size;
	}
	return 0;
}

static int write_record(int dir_fd, const struct image *image, bool durable, struct err *err)
{
	auto_ptr(json) record = shape_encode_new(&image_db_shape, image, 0);
	return store_record_write(dir_fd, "image.json", record, durable, err);
}

static int fill(int dir_fd, const struct image_new *new, const struct image *image, struct err *err)
{
	int rc = file_create(dir_fd, "manifest", 0600, new->manifest, new->manifest_len, 0);
	if (rc >= 0)
		rc = file_create(dir_fd, "config", 0600, new->config, new->config_len, 0);
	return rc < 0 ? err_sys(err, -rc, "cannot store image %s", image->id) : write_record(dir_fd, image, false, err);
}

bool image_db_is_in_place(struct store *store, const char *id, int dir_fd)
{
	struct stat ours, named;
	return fstat(dir_fd, &ours) >= 0 && fstatat(store_kind_fd(store, STORE_IMAGE), id, &named, AT_SYMLINK_NOFOLLOW) >= 0 && ours.st_ino == named.st_ino;
}

int image_db_lock(struct store *store, const char *id, bool exclusive, int *ret_dir_fd, struct err *err)
{
	auto_close int dir_fd = -EBADF;
	if (store_object_open(store, STORE_IMAGE, id, &dir_fd, err) < 0 || store_lock(dir_fd, STORE_IMAGE, id, exclusive, err) < 0)
		return -1;
	if (!image_db_is_in_place(store, id, dir_fd)) {
		store_unlock(dir_fd, STORE_IMAGE);
		return err_set(err, ERR_NOT_FOUND, "no such image: %s", id);
	}
	*ret_dir_fd = take_fd(dir_fd);
	return 0;
}

/* The last step, under the image's lock: nobody can remove it between its name and our answer. */
static int name_it(struct store *store, const struct image_new *new, const char *id, struct image **ret, struct err *err)
{
	if (new->name && (store_name_set(store, STORE_IMAGE, new->name, id, err) < 0 || store_name_sync(store, STORE_IMAGE, err) < 0))
		return -1;
	return image_db_get(store, id, ret, err);
}

static int publish(struct store *store, const struct image_new *new, const struct image *image, struct image **ret, struct err *err)
{
	struct store_stage stage = { .dir_fd = -EBADF };
	if (store_stage(store, &stage, err) < 0)
		return -1;
	int rc = fill(stage.dir_fd, new, image, err);
	if (rc >= 0)
		rc = store_publish(store, &stage, STORE_IMAGE, image->id, true, err);
	if (rc >= 0)
		rc = name_it(store, new, image->id, ret, err);
	store_stage_done(store, &stage);
	return rc;
}

/* The image is here: remember the name it came by this time. */
static int merge_locked(struct store *store, int dir_fd, const struct image_new *new, const char *id, struct image **ret, struct err *err)
{
	auto_ptr(image) old = NULL;
	if (image_db_read(store, id, &old, err) < 0) {
		if (!err_is(err, ERR_CORRUPT))
			return -1;
		log_warn("%s: it is replaced", err->text);
		err_clear(err);
		if (store_trash(store, STORE_IMAGE, id, err) < 0)
			return -1;
		return err_set(err, ERR_NOT_FOUND, "image %s was damaged", id);
	}
	if (new->repo_digest && !strv_has(old->digests, new->repo_digest)) {
		strv_add(&old->digests, new->repo_digest);
		if (write_record(dir_fd, old, true, err) < 0)
			return -1;
	}
	return name_it(store, new, id, ret, err);
}

static int merge(struct store *store, const struct image_new *new, const char *id, struct image **ret, struct err *err)
{
	auto_close int dir_fd = -EBADF;
	if (image_db_lock(store, id, true, &dir_fd, err) < 0)
		return -1;
	int rc = merge_locked(store, dir_fd, new, id, ret, err);
	store_unlock(dir_fd, STORE_IMAGE);
	return rc;
}

/* Made, or added to; who removes it between the two makes us begin again. */
static int publish_or_merge(struct store *store, const struct image_new *new, const struct image *image, struct image **ret,
			    struct err *err)
{
	for (int i = 0; i < PUT_TRIES; i++) {
		int rc = publish(store, new, image, ret, err);
		if (rc >= 0 || !err_is(err, ERR_EXISTS))
			return rc;
		err_clear(err);
		rc = merge(store, new, image->id, ret, err);
		if (rc >= 0 || !err_is(err, ERR_NOT_FOUND))
			return rc;
		err_clear(err);
	}
	return err_set(err, ERR_IN_USE, "image %s is being removed again and again", image->id);
}

int image_db_put(struct store *store, const struct image_new *new, struct image **ret, struct err *err)
{
	auto_ptr(image) image = mem_alloc(sizeof(*image));
	auto_free char *config = NULL;
	if (digest_of("sha256:", new->config, new->config_len, &config, err) < 0 ||
	    digest_of("sha256:", new->manifest, new->manifest_len, &image->digest, err) < 0 || sum_layers(store, new, &image->size, err) < 0)
		return -1;
	snprintf(image->id, sizeof(image->id), "%s", config + strlen("sha256:"));
	image->media_type = mem_strdup(new->media_type ? new->media_type : "");
	image->created_ns = new->created_ns;
	image->pulled_ns = ntime_now();
	image->diff_ids = strv_dup(new->diff_ids);
	if (new->repo_digest)
		strv_add(&image->digests, new->repo_digest);
	/* its layers' names before itself: an image that survives a crash has its layers */
	if (store_name_sync(store, STORE_LAYER, err) < 0)
		return -1;
	return publish_or_merge(store, new, image, ret, err);
}

/* COMPAT: what is written of an image of an additional store is a record here, with the names that it has there. */
static int adopt(struct store *store, const struct image *image, struct err *err)
{
	auto_free char *manifest = NULL, *config = NULL, *digest = NULL;
	auto_ptr(image) own = NULL;
	struct image_new new = { .media_type = image->media_type, .created_ns = image->created_ns, .diff_ids = image->diff_ids };
	if (image_db_manifest(store, image, &manifest, &new.manifest_len, err) < 0 || image_db_config(store, image, &config, &new.config_len, err) < 0)
		return -1;
	new.manifest = manifest;
	new.config = config;
	if (digest_of("sha256:", config, new.config_len, &digest, err) < 0)
		return -1;
	if (strcmp(digest + strlen("sha256:"), image->id) != 0)
		return err_set(err, ERR_CORRUPT, "image %s of '%s' has another configuration, %s", image->id, extra_store_path(image->extra), digest);
	if (image_db_put(store, &new, &own, err) < 0)
		return -1;
	for (char *const *name = image->names; name && *name; name++)
		if (store_name_set(store, STORE_IMAGE, *name, image->id, err) < 0)
			return -1;
	return 0;
}

int image_db_tag(struct store *store, const struct image *image, const char *name, struct err *err)
{
	if (image->extra && adopt(store, image, err) < 0)
		return -1;
	auto_close int dir_fd = -EBADF;
	if (image_db_lock(store, image->id, false, &dir_fd, err) < 0)
		return -1;
	int rc = store_name_set(store, STORE_IMAGE, name, image->id, err);
	if (rc >= 0)
		rc = store_name_sync(store, STORE_IMAGE, err);
	store_unlock(dir_fd, STORE_IMAGE);
	return rc;
}

int image_db_untag(struct store *store, const struct image *image, const char *name, struct err *err)
{
	if (image->extra && adopt(store, image, err) < 0)
		return -1;
	return store_name_drop(store, STORE_IMAGE, name, image->id, err);
}
