#include "storage/extra_store.h"

#include "base/file.h"
#include "base/log.h"
#include "config/conf_storage.h"
#include "host/userns.h"
#include "storage/podman_store.h"
#include "storage/store_priv.h"

#include <fcntl.h>
#include <unistd.h>

struct extra_store {
	const struct extra_kind *kind;
	char *path;
	bool foreign; /* it belongs to another user */
	struct store *store; /* cpod's */
	struct podman_store *podman;
};

/* --- the two kinds --- */

struct extra_kind {
	const char *mark; /* an entry of the directory that only this kind has; NULL: what is neither */
	int (*open)(struct extra_store *extra, int root_fd, struct err *err);
	int (*images)(struct extra_store *extra, const struct image_want *want, struct image ***images, size_t *count, struct err *err);
	int (*bytes)(struct extra_store *extra, const struct image *image, const char *file, char **ret_data, size_t *ret_len, struct err *err);
	int (*layer)(struct extra_store *extra, const char *diff_id, struct layer **ret, struct err *err);
	int (*write_tar)(struct extra_store *extra, const struct layer *layer, int out_fd, struct err *err);
	const char *layers; /* <path>/<layers>/<id>/diff */
};

static int cpod_open(struct extra_store *extra, int root_fd, struct err *err)
{
	(void)root_fd;
	return store_open(&(struct store_opts){ .graphroot = extra->path, .readonly = true, .alone = true }, &extra->store, err);
}

static int cpod_images(struct extra_store *extra, const struct image_want *want, struct image ***images, size_t *count, struct err *err)
{
	struct image **more = NULL;
	size_t n;
	(void)want; /* a record each: they are read soon */
	if (image_db_list(extra->store, &more, &n, err) < 0)
		return -1;
	*images = mem_resize(*images, *count + n + 1, sizeof(**images));
	for (size_t i = 0; i < n; i++)
		(*images)[(*count)++] = more[i];
	free(more);
	return 0;
}

static int cpod_bytes(struct extra_store *extra, const struct image *image, const char *file, char **ret_data, size_t *ret_len, struct err *err)
{
	struct image own = *image;
	own.extra = NULL;
	return strcmp(file, "config") == 0 ? image_db_config(extra->store, &own, ret_data, ret_len, err) :
					     image_db_manifest(extra->store, &own, ret_data, ret_len, err);
}

static int cpod_layer(struct extra_store *extra, const char *diff_id, struct layer **ret, struct err *err)
{
	return layer_get(extra->store, diff_id, ret, err);
}

static int cpod_write_tar(struct extra_store *extra, const struct layer *layer, int out_fd, struct err *err)
{
	struct layer own = *layer;
	own.extra = NULL;
	return layer_write_tar(extra->store, &own, out_fd, err);
}

static int podman_open(struct extra_store *extra, int root_fd, struct err *err)
{
	return podman_store_open(root_fd, extra->path, &extra->podman, err);
}

static int podman_images(struct extra_store *extra, const struct image_want *want, struct image ***images, size_t *count, struct err *err)
{
	return podman_store_images(extra->podman, want, images, count, err);
}

static int podman_bytes(struct extra_store *extra, const struct image *image, const char *file, char **ret_data, size_t *ret_len, struct err *err)
{
	return podman_store_bytes(extra->podman, image->id, file, ret_data, ret_len, err);
}

static int podman_layer(struct extra_store *extra, const char *diff_id, struct layer **ret, struct err *err)
{
	return podman_store_layer(extra->podman, diff_id, ret, err);
}

static int podman_write_tar(struct extra_store *extra, const struct layer *layer, int out_fd, struct err *err)
{
	return podman_store_write_tar(extra->podman, layer, out_fd, err);
}

static int unknown_open(struct extra_store *extra, int root_fd, struct err *err)
{
	static const char *const drivers[] = { "vfs-images", "btrfs-images", "zfs-images" };
	for (size_t i = 0; i < ARRAY_LEN(drivers); i++)
		if (faccessat(root_fd, drivers[i], F_OK, 0) == 0)
			return err_set(err, ERR_UNSUPPORTED, "'%s' has the images of another storage driver (%s): only overlay is done", extra->path, drivers[i]);
	return podman_open(extra, root_fd, err);
}

static const struct extra_kind kinds[] = {
	{ "overlay-images", podman_open, podman_images, podman_bytes, podman_layer, podman_write_tar, "overlay" },
	{ "names/image", cpod_open, cpod_images, cpod_bytes, cpod_layer, cpod_write_tar, "layers" },
	{ NULL, unknown_open, podman_images, podman_bytes, podman_layer, podman_write_tar, "overlay" },
};

/* --- opening --- */

int extra_store_open(const struct conf_storage_place *place, struct extra_store **ret, struct err *err)
{
	auto_close int fd = open(place->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat st;
	if (fd < 0 || fstat(fd, &st) < 0)
		return err_sys(err, errno, "cannot open the additional image store '%s' (%s)", place->path, place->origin);
	struct extra_store *extra = mem_alloc(sizeof(*extra));
	extra->path = mem_strdup(place->path);
	extra->foreign = st.st_uid != geteuid();
	for (extra->kind = kinds; extra->kind->mark && faccessat(fd, extra->kind->mark, F_OK, 0) < 0;)
		extra->kind++;
	if (extra->kind->open(extra, fd, err) < 0) {
		extra_store_close(extra);
		return err_wrap(err, "additional image store (%s)", place->origin);
	}
	*ret = extra;
	return 0;
}

void extra_store_close(struct extra_store *extra)
{
	if (!extra)
		return;
	store_close(extra->store);
	podman_store_close(extra->podman);
	free(extra->path);
	free(extra);
}

/* COMPAT: who gives --root has left the files behind, and names stores with --storage-opt. */
static int find_places(struct store *store, struct conf_storage *ret, struct err *err)
{
	if (store->storage_opts)
		return conf_storage_words(store->storage_opts, "--storage-opt", ret, err);
	return store->at_home ? conf_storage_read(userns_is_rootless(), ret, err) : 0;
}

int extra_store_all(struct store *store, struct extra_store *const **ret, size_t *ret_count, struct err *err)
{
	auto_val(conf_storage) conf = { 0 };
	if (!store->knows_extra) {
		if (find_places(store, &conf, err) < 0)
			return -1;
		store->extra = mem_array(conf.extra_count + 1, sizeof(*store->extra));
		for (size_t i = 0; i < conf.extra_count; i++) {
			if (extra_store_open(&conf.extra[i], &store->extra[i], err) < 0)
				return -1;
			store->extra_count++;
		}
		store->knows_extra = true;
	}
	*ret = store->extra;
	*ret_count = store->extra_count;
	return 0;
}

size_t extra_store_opened(const struct store *store, struct extra_store *const **ret)
{
	*ret = store->extra;
	return store->extra_count;
}

/* --- asking --- */

const char *extra_store_path(const struct extra_store *extra)
{
	return extra->path;
}

int extra_store_images(struct extra_store *extra, const struct image_want *want, struct image ***images, size_t *count, struct err *err)
{
	size_t before = *count;
	if (extra->kind->images(extra, want, images, count, err) < 0)
		return -1;
	for (size_t i = before; i < *count; i++)
		(*images)[i]->extra = extra;
	return 0;
}

int extra_store_bytes(struct extra_store *extra, const struct image *image, const char *file, char **ret_data, size_t *ret_len, struct err *err)
{
	return extra->kind->bytes(extra, image, file, ret_data, ret_len, err);
}

int extra_store_layer(struct extra_store *extra, const char *diff_id, struct layer **ret, struct err *err)
{
	if (extra->kind->layer(extra, diff_id, ret, err) < 0)
		return -1;
	(*ret)->extra = extra;
	return 0;
}

char *extra_store_diff_path(const struct extra_store *extra, const struct layer *layer)
{
	return mem_printf("%s/%s/%s/diff", extra->path, extra->kind->layers, layer->id);
}

int extra_store_may_run(const struct extra_store *extra, const struct layer *layer, struct err *err)
{
	if (!extra->foreign)
		return 0;
	return err_set(err, ERR_UNSUPPORTED, "layer %s lies in '%s', which belongs to another user: its files are of ids that mean nobody here; bring the image into this store with 'cpod save IMAGE | cpod load'",
		       layer->diff_id, extra->path);
}

int extra_store_write_tar(struct extra_store *extra, const struct layer *layer, int out_fd, struct err *err)
{
	return extra->kind->write_tar(extra, layer, out_fd, err);
}
