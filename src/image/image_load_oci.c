/* image_load_oci.c - images of an OCI layout (a tar or a directory: index.json points into blobs/), and of a dir: directory */
#include "image/image_load_priv.h"

#include <string.h>

#include "base/limits.h"
#include "base/str.h"
#include "codec/digest.h"

#define REF_NAME "org.opencontainers.image.ref.name"
#define CONTAINERD_NAME "io.containerd.image.name"

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

		if (image_load_feed(l, one, path, blob->digest, blob->size, err) < 0)
			return -1;
	}
	return 0;
}

static int read_oci_name(struct load *l, struct loaded *one, const struct manifest_blob *entry, struct err *err)
{
	const char *name = strv_env_get(entry->annotations, CONTAINERD_NAME);
	auto_val(ref) ref = { 0 };
	char *full = NULL;

	/* COMPAT: what a directory's image is called is taken for a name of docker.io, and only when it was asked for */
	if (l->archive.dir_fd >= 0) {
		if (!l->opts->reference)
			return 0;
		if (ref_parse_full(l->opts->reference, &ref, err) < 0)
			return -1;
		strv_add_take(&one->names, ref_text(&ref));
		return 0;
	}
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
	if (image_load_config(l, one, path, err) < 0)
		return -1;
	if (strcmp(one->config_digest, one->manifest.config.digest) != 0 || one->config_len != one->manifest.config.size)
		return err_set(err, ERR_MISMATCH, "'%s' in %s has the digest %s and %zu bytes", path, l->archive.what,
			       one->config_digest, one->config_len);
	if (image_check_pair(&one->manifest, &one->config, err) < 0)
		return err_wrap(err, "%s", l->archive.what);
	return read_oci_layers(l, one, err) < 0 ? -1 : read_oci_name(l, one, entry, err);
}

/* COMPAT: without a reference a directory must hold one image; all of an archive are taken. */
static bool is_asked(const struct load *l, const struct manifest_blob *entry)
{
	const char *name = strv_env_get(entry->annotations, REF_NAME);

	return !l->opts->reference || str_eq(name, l->opts->reference);
}

static int read_entries(struct load *l, const struct manifest *index, struct err *err)
{
	size_t count = 0, at = 0;

	for (size_t i = 0; i < index->entry_count; i++)
		count += is_asked(l, &index->entries[i]);
	if (!count && l->opts->reference)
		return err_set(err, ERR_NOT_FOUND, "no descriptor found for reference \"%s\"", l->opts->reference);
	if (count > 1 && l->archive.dir_fd >= 0)
		return err_set(err, ERR_USAGE, "more than one image in oci, choose an image");
	if (image_load_make(l, count, err) < 0)
		return -1;
	for (size_t i = 0; i < index->entry_count; i++)
		if (is_asked(l, &index->entries[i]) && read_oci_image(l, &l->images[at++], &index->entries[i], err) < 0)
			return -1;
	return 0;
}

int image_load_oci(struct load *l, struct err *err)
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
	return read_entries(l, &index, err);
}

/* ---- dir: a manifest, and blobs under their bare digests ---- */

static int read_dir_layers(struct load *l, struct loaded *one, struct err *err)
{
	one->feeds = mem_array(one->manifest.layer_count + 1, sizeof(*one->feeds));
	for (size_t i = 0; i < one->manifest.layer_count; i++) {
		const struct manifest_blob *blob = &one->manifest.layers[i];

		if (image_load_feed(l, one, strchr(blob->digest, ':') + 1, blob->digest, blob->size, err) < 0)
			return -1;
	}
	return 0;
}

int image_load_dir(struct load *l, struct err *err)
{
	struct loaded *one;

	if (image_load_make(l, 1, err) < 0)
		return -1;
	one = l->images;
	if (archive_read(&l->archive, "manifest.json", LIMIT_MANIFEST_BYTES, &one->manifest_data, &one->manifest_len, err) < 0)
		return -1;
	if (manifest_parse(one->manifest_data, one->manifest_len, NULL, &one->manifest, err) < 0)
		return err_wrap(err, "manifest.json in %s", l->archive.what);
	if (one->manifest.is_index)
		return err_set(err, ERR_UNSUPPORTED, "%s holds an index: directories with several images are not read", l->archive.what);
	if (image_load_config(l, one, strchr(one->manifest.config.digest, ':') + 1, err) < 0)
		return -1;
	if (strcmp(one->config_digest, one->manifest.config.digest) != 0 || one->config_len != one->manifest.config.size)
		return err_set(err, ERR_MISMATCH, "the configuration in %s has the digest %s and %zu bytes", l->archive.what,
			       one->config_digest, one->config_len);
	return image_check_pair(&one->manifest, &one->config, err) < 0 ? err_wrap(err, "%s", l->archive.what) :
									 read_dir_layers(l, one, err);
}
