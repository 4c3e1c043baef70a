#include "storage/layer.h"

#include "base/file.h"
#include "base/log.h"
#include "base/ntime.h"
#include "codec/shape.h"
#include "storage/extra_store.h"
#include "storage/layer_priv.h"
#include "storage/store_priv.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const struct shape_field layer_fields[] = {
	SHAPE_STRING(struct layer, diff_id, "diff_id", .rule = SHAPE_REQUIRED),
	SHAPE_STRING(struct layer, digest, "digest"),
	SHAPE_U64(struct layer, size, "size"),
	SHAPE_U64(struct layer, diff_size, "diff_size"),
	SHAPE_I64(struct layer, created_ns, "created_ns"),
};
static const struct shape layer_shape = SHAPE(struct layer, "layer", layer_fields);

void layer_free(struct layer *layer)
{
	if (!layer)
		return;
	shape_done(&layer_shape, layer);
	free(layer);
}

const char *layer_digest_hex(const char *digest)
{
	const char *hex = digest ? str_after(digest, "sha256:") : NULL;
	return hex && strlen(hex) == STORE_ID_MAX && store_is_hex(hex) ? hex : NULL;
}

static int read_layer(struct store *store, const char *id, const char *diff_id, struct layer **ret, struct err *err)
{
	auto_close int dir_fd = -EBADF;
	auto_ptr(json) record = NULL;
	auto_ptr(layer) layer = mem_alloc(sizeof(*layer));
	if (store_object_open(store, STORE_LAYER, id, &dir_fd, err) < 0)
		return -1;
	if (store_record_read(dir_fd, "layer.json", &record, err) < 0 || shape_decode(&layer_shape, record, layer, err) < 0) {
		err->kind = ERR_CORRUPT;
		return err_wrap(err, "layer %s", diff_id);
	}
	if (strcmp(layer->diff_id, diff_id) != 0)
		return err_set(err, ERR_CORRUPT, "layer %s: its record is that of layer %s", diff_id, layer->diff_id);
	snprintf(layer->id, sizeof(layer->id), "%s", id);
	*ret = take_ptr(layer);
	return 0;
}

static int not_known(const struct store *store, const char *diff_id, struct err *err)
{
	const char *others = store->extra_count ? ", nor in an additional image store" : "";
	return err_set(err, ERR_NOT_FOUND, "layer %s is not in the store%s: pull or load its image again", diff_id, others);
}

/* Where it lies: here, and ret_id is set, or in an additional store, and ret_extra is. */
static int find(struct store *store, const char *diff_id, char **ret_id, struct layer **ret_extra, struct err *err)
{
	struct extra_store *const *extra;
	size_t count;
	const char *hex = layer_digest_hex(diff_id);
	if (!hex)
		return err_set(err, ERR_INVALID, "'%s' is no digest of a layer", diff_id);
	if (store_name_get(store, STORE_LAYER, hex, ret_id, err) >= 0)
		return 0;
	if (!err_is(err, ERR_NOT_FOUND))
		return -1;
	err_clear(err);
	if (extra_store_all(store, &extra, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (extra_store_layer(extra[i], diff_id, ret_extra, err) >= 0)
			return 0;
		if (!err_is(err, ERR_NOT_FOUND))
			return -1;
		err_clear(err);
	}
	return not_known(store, diff_id, err);
}

int layer_get(struct store *store, const char *diff_id, struct layer **ret, struct err *err)
{
	auto_free char *id = NULL;
	if (find(store, diff_id, &id, ret, err) < 0)
		return -1;
	return id ? read_layer(store, id, diff_id, ret, err) : 0;
}

bool layer_is_usable(const struct layer *layer)
{
	struct err ignored = { 0 };
	return !layer->extra || extra_store_may_run(layer->extra, layer, &ignored) >= 0;
}

static int path_of_extra(const struct layer *layer, char **ret_path, struct err *err)
{
	if (extra_store_may_run(layer->extra, layer, err) < 0)
		return -1;
	*ret_path = extra_store_diff_path(layer->extra, layer);
	return 0;
}

int layer_path(struct store *store, const char *diff_id, char **ret_path, struct err *err)
{
	auto_free char *id = NULL;
	auto_ptr(layer) extra = NULL;
	if (find(store, diff_id, &id, &extra, err) < 0)
		return -1;
	if (extra)
		return path_of_extra(extra, ret_path, err);
	*ret_path = mem_printf("%s/layers/%s/diff", store->graphroot, id);
	return 0;
}

/* Its own stage first, so that a half copy is never seen. Another may have been faster: then ours goes. */
static int make_shifted(struct store *store, int layer_fd, const char *name, const struct shift *shift, struct err *err)
{
	struct store_stage stage = { .dir_fd = -EBADF };
	auto_close int from_fd = -EBADF;
	auto_close int to_fd = -EBADF;
	if (store_stage(store, &stage, err) < 0)
		return -1;
	int rc = file_mkdir(stage.dir_fd, "diff", 0700);
	if (rc >= 0)
		rc = file_open_dir(stage.dir_fd, "diff", &to_fd);
	if (rc >= 0)
		rc = file_open_dir(layer_fd, "diff", &from_fd);
	if (rc < 0) {
		err_sys(err, -rc, "cannot copy the layer");
	} else if ((rc = shift_copy(from_fd, to_fd, shift, err)) >= 0) {
		rc = file_sync_tree_fs(stage.dir_fd);
		if (rc >= 0)
			rc = file_rename(stage.dir_fd, "diff", layer_fd, name, RENAME_NOREPLACE);
		if (rc < 0 && rc != -EEXIST && rc != -ENOTEMPTY)
			err_sys(err, -rc, "cannot store the layer's copy");
		else
			rc = 0;
	}
	store_stage_done(store, &stage);
	return rc < 0 ? -1 : 0;
}

/* What a user namespace of other ids needs of a layer is kept beside it. */
static int find_own(struct store *store, const char *diff_id, char **ret_id, struct err *err)
{
	auto_ptr(layer) extra = NULL;
	if (find(store, diff_id, ret_id, &extra, err) < 0)
		return -1;
	return !extra ? 0 :
			err_set(err, ERR_UNSUPPORTED, "layer %s lies in the additional image store '%s', and a user namespace of other ids needs a copy of it here: load its image into this store, or use --userns host",
				diff_id, extra_store_path(extra->extra));
}

int layer_path_shifted(struct store *store, const char *diff_id, const struct shift *shift, char **ret_path, struct err *err)
{
	auto_free char *id = NULL, *word = NULL;
	auto_close int layer_fd = -EBADF;
	if (!shift)
		return layer_path(store, diff_id, ret_path, err);
	if (find_own(store, diff_id, &id, err) < 0 || shift_word(shift, &word, err) < 0 ||
	    store_object_open(store, STORE_LAYER, id, &layer_fd, err) < 0)
		return -1;
	auto_free char *name = mem_printf("diff-%s", word);
	if (faccessat(layer_fd, name, F_OK, 0) < 0 && make_shifted(store, layer_fd, name, shift, err) < 0)
		return err_wrap(err, "layer %s, for the container's user namespace", diff_id);
	*ret_path = mem_printf("%s/layers/%s/%s", store->graphroot, id, name);
	return 0;
}

int layer_check_owners(struct store *store, const char *diff_id, const struct shift *shift, struct err *err)
{
	auto_free char *id = NULL, *word = NULL;
	auto_close int layer_fd = -EBADF;
	auto_close int diff_fd = -EBADF;
	if (find_own(store, diff_id, &id, err) < 0 || shift_inside_word(shift, &word, err) < 0 ||
	    store_object_open(store, STORE_LAYER, id, &layer_fd, err) < 0)
		return -1;
	auto_free char *name = mem_printf("owners-%s", word);
	if (faccessat(layer_fd, name, F_OK, 0) == 0)
		return 0;
	int rc = file_open_dir(layer_fd, "diff", &diff_fd);
	if (rc < 0)
		return err_sys(err, -rc, "cannot look at layer %s", diff_id);
	if (shift_check(diff_fd, shift, err) < 0)
		return err_wrap(err, "layer %s, for the container's user namespace", diff_id);
	rc = file_create(layer_fd, name, 0600, "", 0, 0);
	if (rc < 0 && rc != -EEXIST)
		log_debug("layer %s will be looked at again: %s", diff_id, err_reason(-rc));
	return 0;
}

int layer_stack(struct store *store, char *const *diff_ids, const struct shift *shift, char ***to, struct err *err)
{
	for (size_t i = strv_len(diff_ids); i-- > 0;) {
		auto_free char *path = NULL;
		if (layer_path_shifted(store, diff_ids[i], shift, &path, err) < 0)
			return -1;
		if (!strv_has(*to, path))
			strv_add_take(to, take_ptr(path));
	}
	return 0;
}

char *layer_diff_path(const struct store *store, const struct layer *layer)
{
	return layer->extra ? extra_store_diff_path(layer->extra, layer) : mem_printf("%s/layers/%s/diff", store->graphroot, layer->id);
}

void layer_prepare_root(int layers_dir_fd)
{
	int flags;
	/* ext4 puts a directory near its parent unless this is set; after deletions that is ten times slower */
	if (ioctl(layers_dir_fd, FS_IOC_GETFLAGS, &flags) == 0 && !(flags & FS_TOPDIR_FL)) {
		flags |= FS_TOPDIR_FL;
		if (ioctl(layers_dir_fd, FS_IOC_SETFLAGS, &flags) < 0)
			log_debug("the layers' directory is not spread over the disk: %s", err_reason(errno));
	}
}

/* The name is what makes a layer known: until it points here, another's copy may win. */
static int name_layer(struct store *store, struct layer *layer, struct err *err)
{
	const char *hex = layer_digest_hex(layer->diff_id);
	struct layer *other;
	struct err missing = { 0 };
	if (store_name_reserve(store, STORE_LAYER, hex, layer->id, err) >= 0)
		return 0;
	if (!err_is(err, ERR_EXISTS))
		return -1;
	err_clear(err);
	if (layer_get(store, layer->diff_id, &other, &missing) < 0) /* the name of one that is damaged or gone: ours takes it */
		return store_name_set(store, STORE_LAYER, hex, layer->id, err);
	if (store_trash(store, STORE_LAYER, layer->id, err) < 0) {
		layer_free(other);
		return -1;
	}
	shape_done(&layer_shape, layer);
	*layer = *other;
	free(other);
	return 0;
}

int layer_publish(struct store *store, struct store_stage *stage, struct layer *layer, struct err *err)
{
	snprintf(layer->id, sizeof(layer->id), "%s", stage->name);
	layer->created_ns = ntime_now();
	auto_ptr(json) record = shape_encode_new(&layer_shape, layer, 0);
	int kind_fd = store_kind_fd(store, STORE_LAYER);
	if (kind_fd >= 0)
		layer_prepare_root(kind_fd);
	int rc = store_record_write(stage->dir_fd, "layer.json", record, false, err);
	if (rc >= 0)
		rc = store_publish(store, stage, STORE_LAYER, layer->id, true, err);
	store_stage_done(store, stage);
	if (rc < 0 || name_layer(store, layer, err) >= 0)
		return rc;
	struct err ignored = { 0 };
	if (store_trash(store, STORE_LAYER, layer->id, &ignored) < 0) /* nobody knows it: image_db_sweep finds it */
		log_debug("%s", ignored.text);
	return -1;
}
