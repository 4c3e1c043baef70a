/* image_save_oci.c - one image as an OCI layout, in a tar or below a directory; see image.h
 *
 * A directory may hold a layout already: its other images stay, one of the same name is replaced.
 */
#include "image/image_save_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/str.h"
#include "codec/digest.h"
#include "codec/json_out.h"
#include "codec/json_parse.h"
#include "image/layer_pack.h"

enum { COPY_BYTES = 256 << 10 };

#define REF_NAME "org.opencontainers.image.ref.name"

/* ---- layers ---- */

static int copy_pack(struct layer_pack *pack, struct digest *digest, int fd, uint64_t *ret_size, struct err *err)
{
	auto_free char *buf = mem_alloc(COPY_BYTES);
	ssize_t n;

	while ((n = fd_read_full(pack->out_fd, buf, COPY_BYTES)) > 0) {
		int r = fd_write_full(fd, buf, (size_t)n);

		if (r < 0)
			return err_sys(err, -r, "cannot write the layer");
		digest_add(digest, buf, (size_t)n);
		*ret_size += (uint64_t)n;
	}
	return n < 0 ? err_sys(err, (int)-n, "cannot read a layer") : 0;
}

int image_save_pack(struct save *s, const struct layer *layer, bool plain, int fd, struct manifest_blob *ret, struct err *err)
{
	auto_val(layer_pack) pack = { .out_fd = -EBADF, .report_fd = -EBADF };
	auto_ptr(digest) digest = NULL;
	enum compress_kind kind = plain ? COMPRESS_PLAIN : s->opts->zstd ? COMPRESS_ZSTD : COMPRESS_GZIP;
	uint64_t size = 0;

	if (digest_open(NULL, &digest, err) < 0 || layer_pack_start(s->store, layer, kind, s->opts->level, &pack, err) < 0 ||
	    copy_pack(&pack, digest, fd, &size, err) < 0 || layer_pack_finish(&pack, err) < 0)
		return err_wrap(err, "saving layer %s", layer->diff_id);
	*ret = (struct manifest_blob){ .media_type = plain ? mem_strdup("") : mem_printf("+%s", compress_word(kind)),
				       .digest = mem_strdup(digest_now(digest).text), .size = size };
	return 0;
}

static char *blob_name_dup(const char *digest)
{
	return mem_printf("blobs/sha256/%s", image_save_hex(digest));
}

static int layer_to_dir(struct save *s, const struct layer *layer, struct manifest_blob *ret, struct err *err)
{
	auto_free char *name = NULL;

	if (archive_out_open(&s->out, err) < 0 || image_save_pack(s, layer, s->opts->uncompressed, s->out.fd, ret, err) < 0)
		return -1;
	name = blob_name_dup(ret->digest);
	return archive_out_publish(&s->out, name, err);
}

static int layer_to_archive(struct save *s, const struct layer *layer, struct manifest_blob *ret, struct err *err)
{
	auto_close int fd = -EBADF;
	auto_free char *name = NULL;

	if (image_save_spool(s, &fd, err) < 0 || image_save_pack(s, layer, s->opts->uncompressed, fd, ret, err) < 0)
		return -1;
	if (image_save_is_written(s, ret->digest))
		return 0;
	if (lseek(fd, 0, SEEK_SET) < 0)
		return err_sys(err, errno, "cannot read back layer %s", layer->diff_id);
	name = blob_name_dup(ret->digest);
	return archive_out_file(&s->out, name, fd, ret->size, err);
}

static int write_oci_layer(struct save *s, const char *diff_id, struct manifest_blob *ret, struct err *err)
{
	auto_ptr(layer) layer = NULL;
	char *type;
	int r;

	if (image_save_get_layer(s, diff_id, &layer, err) < 0)
		return -1;
	r = s->out.dir_fd >= 0 ? layer_to_dir(s, layer, ret, err) : layer_to_archive(s, layer, ret, err);
	if (r < 0)
		return -1;
	type = manifest_layer_type_dup(false, ret->media_type);
	free(ret->media_type);
	ret->media_type = type;
	image_save_tell(s, "blob", ret->digest, ret->size);
	return 0;
}

/* ---- documents ---- */

static int write_blob(struct save *s, const void *data, size_t len, char **ret_digest, struct err *err)
{
	auto_free char *name = NULL;

	if (digest_of(NULL, data, len, ret_digest, err) < 0)
		return -1;
	name = mem_printf("blobs/sha256/%s", image_save_hex(*ret_digest));
	return archive_out_text(&s->out, name, data, len, err);
}

/* The images that are in the layout, but for those whose name is taken over. */
static int keep_others(const struct save *s, char *const *names, struct json_out *o, struct err *err)
{
	auto_ptr(json) was = NULL;
	auto_free char *data = NULL;
	size_t len = 0;
	int r = s->out.dir_fd < 0 ? -ENOENT : file_read(s->out.dir_fd, "index.json", LIMIT_MANIFEST_BYTES, &data, &len);

	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return err_sys(err, -r, "cannot read index.json of '%s'", s->opts->dir);
	if (json_parse_object(data, len, LIMIT_JSON_DEPTH_OUTSIDE, JSON_PARSE_UNIQUE, &was, err) < 0)
		return err_wrap(err, "index.json of '%s'", s->opts->dir);
	for (size_t i = 0; i < json_len(json_get(was, "manifests")); i++) {
		const struct json *entry = json_at(json_get(was, "manifests"), i);
		const char *name = json_get_str(json_get(entry, "annotations"), REF_NAME, NULL);

		if (name ? !strv_has(names, name) : names != NULL)
			json_out_value(o, NULL, entry);
	}
	return 0;
}

static void write_entry(struct json_out *o, const char *digest, size_t size, const char *name)
{
	json_out_open_object(o, NULL);
	json_out_str(o, "mediaType", MANIFEST_OCI);
	json_out_str(o, "digest", digest);
	json_out_u64(o, "size", size);
	if (name) {
		json_out_open_object(o, "annotations");
		json_out_str(o, REF_NAME, name);
		json_out_close_object(o);
	}
	json_out_close_object(o);
}

static int write_index(struct save *s, const char *digest, size_t size, char *const *names, struct err *err)
{
	static const char layout[] = "{\"imageLayoutVersion\":\"1.0.0\"}";
	auto_str text = { 0 };
	struct json_out o = json_out(&text, NULL);

	json_out_open_object(&o, NULL);
	json_out_u64(&o, "schemaVersion", 2);
	json_out_str(&o, "mediaType", MANIFEST_OCI_INDEX);
	json_out_open_array(&o, "manifests");
	if (keep_others(s, names, &o, err) < 0)
		return -1;
	for (size_t i = 0; i < strv_len(names) || i == 0; i++)
		write_entry(&o, digest, size, names ? names[i] : NULL);
	json_out_close_array(&o);
	json_out_close_object(&o);
	if (archive_out_text(&s->out, "oci-layout", layout, strlen(layout), err) < 0)
		return -1;
	return archive_out_text(&s->out, "index.json", text.data, text.len, err);
}

static int make_dirs(const struct save *s, struct err *err)
{
	int r = s->out.dir_fd < 0 ? 0 : file_mkdirs(s->out.dir_fd, "blobs/sha256", 0755);

	return r < 0 ? err_sys(err, -r, "cannot make the directory 'blobs' in '%s'", s->opts->dir) : 0;
}

int image_save_oci(struct save *s, const struct saved *saved, struct err *err)
{
	auto_val(manifest) m = { 0 };
	auto_free char *config = NULL, *config_digest = NULL, *manifest_digest = NULL;
	auto_str text = { 0 };
	size_t len = 0, count = strv_len(saved->image->diff_ids);

	if (make_dirs(s, err) < 0)
		return -1;
	m.layers = mem_array(count + 1, sizeof(*m.layers));
	for (; m.layer_count < count; m.layer_count++)
		if (write_oci_layer(s, saved->image->diff_ids[m.layer_count], &m.layers[m.layer_count], err) < 0)
			return -1;
	if (image_db_config(s->store, saved->image, &config, &len, err) < 0 || write_blob(s, config, len, &config_digest, err) < 0)
		return -1;
	image_save_tell(s, "config", config_digest, len);
	manifest_write(&(struct manifest_write){ .config_digest = config_digest, .config_size = len, .layers = m.layers,
						 .layer_count = m.layer_count },
		       &text);
	image_say(s->opts->progress, "Writing manifest to image destination");
	if (write_blob(s, text.data, text.len, &manifest_digest, err) < 0)
		return -1;
	if (write_index(s, manifest_digest, text.len, saved->names, err) < 0)
		return -1;
	s->digest = take_ptr(manifest_digest);
	return 0;
}

