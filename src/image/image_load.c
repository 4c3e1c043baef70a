/* load.c - images out of a docker-archive or an oci-archive into the store; see image.h
 *
 * Every document is read and checked before the first layer is unpacked, and every layer is in the store before the first
 * image is published.
 */
#include "image/image.h"

#include <string.h>

#include "base/fd.h"
#include "base/limits.h"
#include "base/str.h"
#include "codec/digest.h"
#include "codec/json_parse.h"
#include "image/archive.h"
#include "image/image_priv.h"
#include "image/layer_feed.h"

enum { IMAGES_MAX = 1000 };

#define REF_NAME "org.opencontainers.image.ref.name"
#define CONTAINERD_NAME "io.containerd.image.name"

/* One image of the archive. */
struct loaded {
	char *manifest_data, *config_data, *config_digest;
	size_t manifest_len, config_len;
	struct manifest manifest; /* of an oci-archive */
	struct image_config config;
	char **names; /* full references */
	struct layer_feed *feeds;
	size_t feed_count;
};

struct load {
	struct store *store;
	const struct image_progress *progress;
	struct archive archive;
	struct loaded *images;
	size_t count;
};

static void loaded_done(struct loaded *l)
{
	free(l->manifest_data);
	free(l->config_data);
	free(l->config_digest);
	manifest_done(&l->manifest);
	image_config_done(&l->config);
	strv_free(l->names);
	for (size_t i = 0; i < l->feed_count; i++)
		layer_free(l->feeds[i].layer);
	free(l->feeds);
}

static void load_done(struct load *l)
{
	for (size_t i = 0; i < l->count; i++)
		loaded_done(&l->images[i]);
	free(l->images);
	archive_done(&l->archive);
}
AUTO_VAL(load, load_done);

static int make_images(struct load *l, size_t count, struct err *err)
{
	if (!count)
		return err_set(err, ERR_INVALID, "%s holds no image", l->archive.what);
	if (count > IMAGES_MAX)
		return err_set(err, ERR_LIMIT, "%s holds more than %d images", l->archive.what, IMAGES_MAX);
	l->images = mem_array(count, sizeof(*l->images));
	l->count = count;
	return 0;
}

static int read_config(struct load *l, struct loaded *one, const char *member, struct err *err)
{
	if (archive_read(&l->archive, member, LIMIT_MANIFEST_BYTES, &one->config_data, &one->config_len, err) < 0)
		return -1;
	if (image_config_parse(one->config_data, one->config_len, &one->config, err) < 0)
		return err_wrap(err, "'%s' in %s", member, l->archive.what);
	return digest_of(NULL, one->config_data, one->config_len, &one->config_digest, err);
}

static int add_feed(struct load *l, struct loaded *one, const char *member, const char *digest, uint64_t size, struct err *err)
{
	const struct archive_member *m = NULL;
	struct layer_feed *f = &one->feeds[one->feed_count];

	if (archive_find(&l->archive, member, &m, err) < 0)
		return -1;
	if (size != UINT64_MAX && m->size != size)
		return err_set(err, ERR_MISMATCH, "'%s' in %s has %llu bytes, the manifest says %llu", member, l->archive.what,
			       (unsigned long long)m->size, (unsigned long long)size);
	*f = (struct layer_feed){ .fd = l->archive.fd, .offset = m->offset, .size = m->size, .digest = digest,
				  .diff_id = one->config.rootfs.diff_ids[one->feed_count] };
	one->feed_count++;
	return 0;
}

/* ---- docker-archive: manifest.json lists the images ---- */

static const char *text_member(const struct json *object, const char *name)
{
	return json_get_str(object, name, "");
}

static int read_docker_layers(struct load *l, struct loaded *one, const struct json *entry, struct err *err)
{
	const struct json *layers = json_get(entry, "Layers");
	size_t count = json_len(layers), told = strv_len(one->config.rootfs.diff_ids);

	if (count != told)
		return err_set(err, ERR_INVALID, "manifest.json in %s names %zu layers, the image configuration %zu", l->archive.what,
			       count, told);
	one->feeds = mem_array(count + 1, sizeof(*one->feeds));
	for (size_t i = 0; i < count; i++)
		if (add_feed(l, one, json_str(json_at(layers, i), ""), NULL, UINT64_MAX, err) < 0)
			return -1;
	return 0;
}

static int read_docker_names(struct load *l, struct loaded *one, const struct json *entry, struct err *err)
{
	const struct json *tags = json_get(entry, "RepoTags");

	for (size_t i = 0; i < json_len(tags); i++) {
		auto_val(ref) ref = { 0 };

		if (ref_parse_full(json_str(json_at(tags, i), ""), &ref, err) < 0)
			return err_wrap(err, "manifest.json in %s", l->archive.what);
		strv_add_take(&one->names, ref_text(&ref));
	}
	return 0;
}

static int read_docker(struct load *l, struct err *err)
{
	auto_ptr(json) doc = NULL;
	auto_free char *data = NULL;
	size_t len = 0;

	if (archive_read(&l->archive, "manifest.json", LIMIT_TOKEN_BYTES, &data, &len, err) < 0)
		return -1;
	if (json_parse(data, len, LIMIT_JSON_DEPTH_OUTSIDE, JSON_PARSE_UNIQUE, &doc, err) < 0)
		return err_wrap(err, "manifest.json in %s", l->archive.what);
	if (json_kind(doc) != JSON_ARRAY)
		return err_set(err, ERR_INVALID, "manifest.json in %s is not a list", l->archive.what);
	if (make_images(l, json_len(doc), err) < 0)
		return -1;
	for (size_t i = 0; i < l->count; i++) {
		const struct json *entry = json_at(doc, i);

		if (read_config(l, &l->images[i], text_member(entry, "Config"), err) < 0 ||
		    read_docker_layers(l, &l->images[i], entry, err) < 0 || read_docker_names(l, &l->images[i], entry, err) < 0)
			return -1;
	}
	return 0;
}

/* ---- oci-archive: index.json points into blobs/ ---- */

static char *blob_path_dup(const char *digest)
{
	char *path = mem_printf("blobs/%s", digest);

	*strchr(path, ':') = '/';
	return path;
}

/* A document under its digest, which is checked. */
static int read_blob(struct load *l, const struct manifest_blob *blob, char **ret, size_t *ret_len, struct err *err)
{
	auto_free char *path = blob_path_dup(blob->digest), *data = NULL, *digest = NULL;
	size_t len = 0;

	if (archive_read(&l->archive, path, LIMIT_MANIFEST_BYTES, &data, &len, err) < 0 ||
	    digest_of(blob->digest, data, len, &digest, err) < 0)
		return -1;
	if (strcmp(digest, blob->digest) != 0 || len != blob->size)
		return err_set(err, ERR_MISMATCH, "'%s' in %s has the digest %s and %zu bytes", path, l->archive.what, digest, len);
	*ret = take_ptr(data);
	*ret_len = len;
	return 0;
}

static int read_oci_layers(struct load *l, struct loaded *one, struct err *err)
{
	one->feeds = mem_array(one->manifest.layer_count + 1, sizeof(*one->feeds));
	for (size_t i = 0; i < one->manifest.layer_count; i++) {
		const struct manifest_blob *blob = &one->manifest.layers[i];
		auto_free char *path = blob_path_dup(blob->digest);

		if (add_feed(l, one, path, blob->digest, blob->size, err) < 0)
			return -1;
	}
	return 0;
}

static int read_oci_name(struct load *l, struct loaded *one, const struct manifest_blob *entry, struct err *err)
{
	const char *name = strv_env_get(entry->annotations, CONTAINERD_NAME);
	char *full = NULL;

	if (!name)
		name = strv_env_get(entry->annotations, REF_NAME);
	if (!name || !*name)
		return 0;
	if (ref_local_name(name, &full, err) < 0)
		return err_wrap(err, "index.json in %s", l->archive.what);
	strv_add_take(&one->names, full);
	return 0;
}

/* An index below the index: the entry for this host. */
static int settle_entry(struct load *l, struct loaded *one, const struct manifest_blob *entry, unsigned depth, struct err *err)
{
	auto_val(manifest) m = { 0 };
	auto_free char *data = NULL;
	struct manifest_wish wish = manifest_host_platform();
	const struct manifest_blob *next = NULL;
	size_t len = 0;

	if (read_blob(l, entry, &data, &len, err) < 0)
		return -1;
	if (manifest_parse(data, len, entry->media_type, &m, err) < 0)
		return err_wrap(err, "manifest %s in %s", entry->digest, l->archive.what);
	if (!m.is_index) {
		one->manifest = m;
		m = (struct manifest){ 0 };
		one->manifest_data = take_ptr(data);
		one->manifest_len = len;
		return 0;
	}
	if (depth)
		return err_set(err, ERR_INVALID, "manifest %s in %s is an index within an index", entry->digest, l->archive.what);
	if (manifest_choose(&m, &wish, &next, err) < 0)
		return err_wrap(err, "%s", l->archive.what);
	return settle_entry(l, one, next, depth + 1, err);
}

static int read_oci_image(struct load *l, struct loaded *one, const struct manifest_blob *entry, struct err *err)
{
	auto_free char *path = NULL;

	if (settle_entry(l, one, entry, 0, err) < 0)
		return -1;
	path = blob_path_dup(one->manifest.config.digest);
	if (read_config(l, one, path, err) < 0)
		return -1;
	if (strcmp(one->config_digest, one->manifest.config.digest) != 0 || one->config_len != one->manifest.config.size)
		return err_set(err, ERR_MISMATCH, "'%s' in %s has the digest %s and %zu bytes", path, l->archive.what,
			       one->config_digest, one->config_len);
	if (image_check_pair(&one->manifest, &one->config, err) < 0)
		return err_wrap(err, "%s", l->archive.what);
	return read_oci_layers(l, one, err) < 0 ? -1 : read_oci_name(l, one, entry, err);
}

static int read_oci(struct load *l, struct err *err)
{
	auto_val(manifest) index = { 0 };
	auto_free char *data = NULL, *layout = NULL;
	size_t len = 0, layout_len = 0;

	if (archive_read(&l->archive, "oci-layout", LIMIT_TOKEN_BYTES, &layout, &layout_len, err) < 0 ||
	    archive_read(&l->archive, "index.json", LIMIT_MANIFEST_BYTES, &data, &len, err) < 0)
		return -1;
	if (manifest_parse(data, len, NULL, &index, err) < 0)
		return err_wrap(err, "index.json in %s", l->archive.what);
	if (!index.is_index)
		return err_set(err, ERR_INVALID, "index.json in %s is no index", l->archive.what);
	if (make_images(l, index.entry_count, err) < 0)
		return -1;
	for (size_t i = 0; i < l->count; i++)
		if (read_oci_image(l, &l->images[i], &index.entries[i], err) < 0)
			return -1;
	return 0;
}

/* ---- into the store ---- */

/* COMPAT: the manifest Podman makes for an image of a docker-archive, byte for byte: its digest is what people see. */
static void make_docker_manifest(struct loaded *one)
{
	auto_str out = { 0 };

	str_addf(&out, "{\"schemaVersion\":2,\"mediaType\":\"" MANIFEST_DOCKER "\",\"config\":{\"mediaType\":\"" MANIFEST_DOCKER_CONFIG
		       "\",\"size\":%zu,\"digest\":\"%s\"},\"layers\":[",
		 one->config_len, one->config_digest);
	for (size_t i = 0; i < one->feed_count; i++) {
		const struct layer_feed *f = &one->feeds[i];

		str_addf(&out, "%s{\"mediaType\":\"" MANIFEST_DOCKER_LAYER ".gzip\",\"size\":%llu,\"digest\":\"%s\"}", i ? "," : "",
			 (unsigned long long)f->size, f->layer && f->layer->digest ? f->layer->digest : f->diff_id);
	}
	str_add(&out, "]}");
	one->manifest_len = out.len;
	one->manifest_data = str_take(&out);
}

static int put_one(struct load *l, struct loaded *one, const char *name, char ***ret_names, struct err *err)
{
	auto_ptr(image) image = NULL;
	auto_free char *repo_digest = NULL, *digest = NULL;
	struct image_new new = {
		.manifest = one->manifest_data, .manifest_len = one->manifest_len,
		.media_type = one->manifest.media_type ? one->manifest.media_type : MANIFEST_DOCKER,
		.config = one->config_data, .config_len = one->config_len, .created_ns = one->config.created_ns,
		.diff_ids = one->config.rootfs.diff_ids, .name = name,
	};

	if (name) {
		if (digest_of(NULL, one->manifest_data, one->manifest_len, &digest, err) < 0)
			return -1;
		repo_digest = mem_printf("%.*s@%s", (int)(strrchr(name, ':') - name), name, digest);
		new.repo_digest = repo_digest;
	}
	if (image_db_put(l->store, &new, &image, err) < 0)
		return -1;
	if (name)
		strv_add(ret_names, name);
	else
		strv_addf(ret_names, "sha256:%s", image->id);
	return 0;
}

static int put_all(struct load *l, char ***ret_names, struct err *err)
{
	for (size_t i = 0; i < l->count; i++) {
		struct loaded *one = &l->images[i];
		size_t names = strv_len(one->names);

		if (!one->manifest_data)
			make_docker_manifest(one);
		if (l->progress)
			l->progress->item(l->progress->ctx, "config", one->config_digest, IMAGE_STEP_DONE, one->config_len,
					  one->config_len);
		image_say(l->progress, "Writing manifest to image destination");
		for (size_t k = 0; k < names || k == 0; k++)
			if (put_one(l, one, names ? one->names[k] : NULL, ret_names, err) < 0)
				return -1;
	}
	return 0;
}

static int bring_layers(struct load *l, struct err *err)
{
	for (size_t i = 0; i < l->count; i++) {
		image_say(l->progress, "Getting image source signatures");
		if (layer_feed(l->store, l->images[i].feeds, l->images[i].feed_count, l->progress, err) < 0)
			return -1;
	}
	return 0;
}

static int probe(struct load *l, struct err *err)
{
	/* newer Docker writes both kinds into one file; its own has the names */
	if (archive_has(&l->archive, "manifest.json"))
		return read_docker(l, err);
	if (archive_has(&l->archive, "index.json"))
		return read_oci(l, err);
	return err_set(err, ERR_INVALID,
		       "payload does not match any of the supported image formats: %s holds neither manifest.json (docker-archive) nor "
		       "index.json (oci-archive)",
		       l->archive.what);
}

int image_load(struct store *store, int in_fd, const char *what, const struct image_progress *progress, char ***ret_names,
	       struct err *err)
{
	__attribute__((unused)) auto_val(image_quiet_pipe) quiet = image_quiet_pipe();
	auto_val(load) l = { .store = store, .progress = progress, .archive = { .stage = { .dir_fd = -EBADF } } };
	auto_close int hold_fd = -EBADF;
	auto_strv names = NULL;

	if (archive_open(store, in_fd, what, &l.archive, err) < 0)
		return err_is(err, ERR_INVALID) ? err_wrap(err, "payload does not match any of the supported image formats") : -1;
	if (probe(&l, err) < 0 || image_db_hold(store, &hold_fd, err) < 0)
		return -1;
	if (bring_layers(&l, err) < 0 || put_all(&l, &names, err) < 0) {
		hold_fd = fd_close(hold_fd);
		return image_drop_unused(store);
	}
	*ret_names = take_ptr(names);
	return 0;
}
