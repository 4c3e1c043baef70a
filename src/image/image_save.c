/* save.c - images of the store into a docker-archive or an oci-archive; see image.h
 *
 * A tar member's size comes before its bytes. A layer that came uncompressed has a known size and is written straight out;
 * another one is made in the store's staging directory first, one at a time.
 */
#include "image/image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/str.h"
#include "codec/digest.h"
#include "codec/json_out.h"
#include "image/archive_out.h"
#include "image/image_priv.h"
#include "image/layer_pack.h"

enum { COPY_BYTES = 256 << 10 };

struct save {
	struct store *store;
	const struct image_save_opts *opts;
	struct archive_out out;
	struct store_stage stage;
	char **written; /* layers and configurations that are in the archive already */
};

static void save_done(struct save *s)
{
	store_stage_done(s->store, &s->stage);
	strv_free(s->written);
}
AUTO_VAL(save, save_done);

/* One image and the names it is saved under. */
struct saved {
	struct image *image;
	char **names;
};

struct saved_list {
	struct saved *items;
	size_t count;
};

static void saved_list_done(struct saved_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		image_free(list->items[i].image);
		strv_free(list->items[i].names);
	}
	free(list->items);
}
AUTO_VAL(saved_list, saved_list_done);

static void tell(const struct save *s, const char *kind, const char *digest, uint64_t size)
{
	const struct image_progress *p = s->opts->progress;

	if (p)
		p->item(p->ctx, kind, digest, IMAGE_STEP_DONE, size, size);
}

static const char *hex_of(const char *digest)
{
	return strchr(digest, ':') + 1;
}

static bool is_written(struct save *s, const char *digest)
{
	if (strv_has(s->written, digest))
		return true;
	strv_add(&s->written, digest);
	return false;
}

/* ---- layers ---- */

static int open_spool(struct save *s, int *ret_fd, struct err *err)
{
	int fd;

	if (s->stage.dir_fd < 0 && store_stage(s->store, &s->stage, err) < 0)
		return -1;
	fd = openat(s->stage.dir_fd, "layer", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_sys(err, errno, "cannot write to the store's staging directory");
	*ret_fd = fd;
	return 0;
}

static int get_layer(struct save *s, const char *diff_id, struct layer **ret, struct err *err)
{
	if (layer_get(s->store, diff_id, ret, err) < 0)
		return err_wrap(err, "saving layer %s", diff_id);
	return 0;
}

static int write_docker_layer(struct save *s, const char *diff_id, struct err *err)
{
	auto_ptr(layer) layer = NULL;
	auto_free char *name = mem_printf("%s.tar", hex_of(diff_id));
	auto_close int fd = -EBADF;
	struct stat st;

	if (get_layer(s, diff_id, &layer, err) < 0)
		return -1;
	if (str_eq(layer->digest, diff_id)) {
		if (archive_out_member(&s->out, name, layer->size, err) < 0 || layer_write_tar(s->store, layer, s->out.fd, err) < 0)
			return -1;
		archive_out_skip(&s->out, layer->size);
		tell(s, "blob", diff_id, layer->size);
		return archive_out_end_member(&s->out, err);
	}
	if (open_spool(s, &fd, err) < 0 || layer_write_tar(s->store, layer, fd, err) < 0)
		return -1;
	if (fstat(fd, &st) < 0 || lseek(fd, 0, SEEK_SET) < 0)
		return err_sys(err, errno, "cannot read back layer %s", diff_id);
	tell(s, "blob", diff_id, (uint64_t)st.st_size);
	return archive_out_file(&s->out, name, fd, (uint64_t)st.st_size, err);
}

/* ---- docker-archive ---- */

static int write_docker_image(struct save *s, const struct saved *saved, struct json_out *list, struct err *err)
{
	auto_free char *config = NULL, *config_name = mem_printf("%s.json", saved->image->id);
	size_t len = 0;

	for (char *const *d = saved->image->diff_ids; d && *d; d++)
		if (!is_written(s, *d) && write_docker_layer(s, *d, err) < 0)
			return -1;
	if (image_db_config(s->store, saved->image, &config, &len, err) < 0)
		return -1;
	if (!is_written(s, saved->image->id) && archive_out_text(&s->out, config_name, config, len, err) < 0)
		return -1;
	tell(s, "config", saved->image->id, len);
	json_out_open_object(list, NULL);
	json_out_str(list, "Config", config_name);
	json_out_open_array(list, "RepoTags");
	for (char *const *n = saved->names; n && *n; n++)
		json_out_str(list, NULL, *n);
	json_out_close_array(list);
	json_out_open_array(list, "Layers");
	for (char *const *d = saved->image->diff_ids; d && *d; d++) {
		auto_free char *name = mem_printf("%s.tar", hex_of(*d));

		json_out_str(list, NULL, name);
	}
	json_out_close_array(list);
	json_out_close_object(list);
	return 0;
}

static int write_docker(struct save *s, const struct saved_list *list, struct err *err)
{
	auto_str manifest = { 0 };
	struct json_out o = json_out(&manifest, NULL);

	json_out_open_array(&o, NULL);
	for (size_t i = 0; i < list->count; i++)
		if (write_docker_image(s, &list->items[i], &o, err) < 0)
			return -1;
	json_out_close_array(&o);
	image_say(s->opts->progress, "Writing manifest to image destination");
	return archive_out_text(&s->out, "manifest.json", manifest.data, manifest.len, err);
}

/* ---- oci-archive ---- */

/* Where compressed bytes go: into the spool, counted and digested. */
struct packed {
	int fd;
	struct digest *digest;
	uint64_t size;
};

static int take_packed(struct packed *p, const void *data, size_t len, struct err *err)
{
	int r = fd_write_full(p->fd, data, len);

	if (r < 0)
		return err_sys(err, -r, "cannot write to the store's staging directory");
	digest_add(p->digest, data, len);
	p->size += len;
	return 0;
}

/* The compressed tar comes out of a child; it goes into the spool, because its size stands before it. */
static int pack_layer(struct save *s, const struct layer *layer, struct packed *p, struct err *err)
{
	auto_val(layer_pack) pack = { .out_fd = -EBADF, .report_fd = -EBADF };
	auto_free char *buf = mem_alloc(COPY_BYTES);
	ssize_t n;

	if (layer_pack_start(s->store, layer, COMPRESS_GZIP, 0, &pack, err) < 0)
		return -1;
	while ((n = fd_read_full(pack.out_fd, buf, COPY_BYTES)) > 0)
		if (take_packed(p, buf, (size_t)n, err) < 0)
			return -1;
	if (n < 0)
		return err_sys(err, (int)-n, "cannot read a layer");
	return layer_pack_finish(&pack, err);
}

static int write_oci_layer(struct save *s, const char *diff_id, struct manifest_blob *ret, struct err *err)
{
	auto_ptr(layer) layer = NULL;
	auto_ptr(digest) digest = NULL;
	auto_close int fd = -EBADF;
	auto_free char *name = NULL;
	struct packed p = { 0 };
	struct digest_text text;

	if (get_layer(s, diff_id, &layer, err) < 0 || open_spool(s, &fd, err) < 0 || digest_open(NULL, &digest, err) < 0)
		return -1;
	p = (struct packed){ .fd = fd, .digest = digest };
	if (pack_layer(s, layer, &p, err) < 0)
		return err_wrap(err, "saving layer %s", diff_id);
	text = digest_now(digest);
	*ret = (struct manifest_blob){ .media_type = mem_strdup(MANIFEST_OCI_LAYER "+gzip"), .digest = mem_strdup(text.text),
				       .size = p.size };
	tell(s, "blob", ret->digest, p.size);
	if (is_written(s, text.text))
		return 0;
	if (lseek(fd, 0, SEEK_SET) < 0)
		return err_sys(err, errno, "cannot read back layer %s", diff_id);
	name = mem_printf("blobs/sha256/%s", hex_of(text.text));
	return archive_out_file(&s->out, name, fd, p.size, err);
}

static int write_blob(struct save *s, const void *data, size_t len, char **ret_digest, struct err *err)
{
	auto_free char *name = NULL;

	if (digest_of(NULL, data, len, ret_digest, err) < 0)
		return -1;
	name = mem_printf("blobs/sha256/%s", hex_of(*ret_digest));
	return archive_out_text(&s->out, name, data, len, err);
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
	for (size_t i = 0; i < strv_len(names) || i == 0; i++) {
		json_out_open_object(&o, NULL);
		json_out_str(&o, "mediaType", MANIFEST_OCI);
		json_out_str(&o, "digest", digest);
		json_out_u64(&o, "size", size);
		if (names) {
			json_out_open_object(&o, "annotations");
			json_out_str(&o, "org.opencontainers.image.ref.name", names[i]);
			json_out_close_object(&o);
		}
		json_out_close_object(&o);
	}
	json_out_close_array(&o);
	json_out_close_object(&o);
	if (archive_out_text(&s->out, "index.json", text.data, text.len, err) < 0)
		return -1;
	return archive_out_text(&s->out, "oci-layout", layout, strlen(layout), err);
}

static int write_oci(struct save *s, const struct saved *saved, struct err *err)
{
	auto_val(manifest) m = { 0 };
	auto_free char *config = NULL, *config_digest = NULL, *manifest_digest = NULL;
	auto_str text = { 0 };
	size_t len = 0, count = strv_len(saved->image->diff_ids);

	m.layers = mem_array(count + 1, sizeof(*m.layers));
	for (; m.layer_count < count; m.layer_count++)
		if (write_oci_layer(s, saved->image->diff_ids[m.layer_count], &m.layers[m.layer_count], err) < 0)
			return -1;
	if (image_db_config(s->store, saved->image, &config, &len, err) < 0 || write_blob(s, config, len, &config_digest, err) < 0)
		return -1;
	tell(s, "config", config_digest, len);
	manifest_write(&(struct manifest_write){ .config_digest = config_digest, .config_size = len, .layers = m.layers,
						 .layer_count = m.layer_count },
		       &text);
	image_say(s->opts->progress, "Writing manifest to image destination");
	if (write_blob(s, text.data, text.len, &manifest_digest, err) < 0)
		return -1;
	return write_index(s, manifest_digest, text.len, saved->names, err);
}

/* ---- what is saved ---- */

/* An image given twice is saved once, under both names. */
static int add_word(struct save *s, const char *word, struct saved_list *list, struct err *err)
{
	auto_ptr(image) image = NULL;
	auto_free char *name = NULL;
	struct saved *item = NULL;

	if (image_resolve(s->store, word, &image, &name, err) < 0)
		return -1;
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].image->id, image->id) == 0)
			item = &list->items[i];
	if (!item) {
		item = &list->items[list->count++];
		item->image = take_ptr(image);
	}
	if (name && !strv_has(item->names, name))
		strv_add(&item->names, name);
	return 0;
}

/* COMPAT: without --multi-image-archive the words after the first are more names for it, and come before its own. */
static int collect(struct save *s, char *const *words, struct saved_list *list, struct err *err)
{
	auto_strv names = NULL;

	list->items = mem_array(strv_len(words) + 1, sizeof(*list->items));
	for (size_t i = 1; !s->opts->multi && words[i]; i++) {
		char *name = NULL;

		if (ref_local_name(words[i], &name, err) < 0)
			return -1;
		strv_add_take(&names, name);
	}
	for (size_t i = 0; words[i] && (i == 0 || s->opts->multi); i++)
		if (add_word(s, words[i], list, err) < 0)
			return -1;
	if (names) {
		strv_extend(&names, list->items[0].names);
		strv_free(list->items[0].names);
		list->items[0].names = take_ptr(names);
	}
	return 0;
}

static int check(const struct image_save_opts *opts, char *const *words, bool *ret_oci, struct err *err)
{
	const char *format = opts->format ? opts->format : "docker-archive";

	if (!words || !words[0])
		return err_set(err, ERR_USAGE, "no image is named");
	*ret_oci = strcmp(format, "oci-archive") == 0;
	if (!*ret_oci && strcmp(format, "docker-archive") != 0)
		return err_set(err, ERR_UNSUPPORTED, "unsupported format \"%s\" for saving images (docker-archive and oci-archive are done)",
			       format);
	if (opts->compress)
		return err_set(err, ERR_USAGE, "--compress can only be set when --format is 'docker-dir'");
	if (*ret_oci && opts->multi && words[1])
		return err_set(err, ERR_USAGE, "unsupported format \"oci-archive\" for saving multiple images (only docker-archive)");
	return 0;
}

int image_save(struct store *store, char *const *words, int out_fd, const struct image_save_opts *opts, struct err *err)
{
	__attribute__((unused)) auto_val(image_quiet_pipe) quiet = image_quiet_pipe();
	auto_val(save) s = { .store = store, .opts = opts, .out = { .fd = out_fd }, .stage = { .dir_fd = -EBADF } };
	auto_val(saved_list) list = { 0 };
	bool oci = false;
	int r;

	if (check(opts, words, &oci, err) < 0 || collect(&s, words, &list, err) < 0)
		return -1;
	image_say(opts->progress, "Getting image source signatures");
	r = oci ? write_oci(&s, &list.items[0], err) : write_docker(&s, &list, err);
	return r < 0 ? -1 : archive_out_end(&s.out, err);
}
