/* image_save_dir.c - one image as a dir: directory: its manifest, and every blob under its bare digest; see image.h */
#include "image/image_save_priv.h"

#include <string.h>

#include "base/str.h"
#include "codec/digest.h"

static int write_layer(struct save *s, const char *diff_id, bool docker, struct manifest_blob *ret, struct err *err)
{
	auto_ptr(layer) layer = NULL;
	char *type;

	if (image_save_get_layer(s, diff_id, &layer, err) < 0 || archive_out_open(&s->out, err) < 0 ||
	    image_save_pack(s, layer, !s->opts->compress, s->out.fd, ret, err) < 0 ||
	    archive_out_publish(&s->out, image_save_hex(ret->digest), err) < 0)
		return -1;
	type = manifest_layer_type_dup(docker, ret->media_type);
	free(ret->media_type);
	ret->media_type = type;
	image_save_tell(s, "blob", ret->digest, ret->size);
	return 0;
}

static int write_documents(struct save *s, const struct image *image, const struct manifest *m, bool docker, struct err *err)
{
	static const char version[] = "Directory Transport Version: 1.1\n";
	auto_free char *config = NULL, *config_digest = mem_printf("sha256:%s", image->id);
	auto_str text = { 0 };
	size_t len = 0;

	if (image_db_config(s->store, image, &config, &len, err) < 0 || archive_out_text(&s->out, image->id, config, len, err) < 0)
		return -1;
	image_save_tell(s, "config", config_digest, len);
	manifest_write(&(struct manifest_write){ .docker = docker, .config_digest = config_digest, .config_size = len,
						 .layers = m->layers, .layer_count = m->layer_count },
		       &text);
	image_say(s->opts->progress, "Writing manifest to image destination");
	if (archive_out_text(&s->out, "version", version, strlen(version), err) < 0 ||
	    archive_out_text(&s->out, "manifest.json", text.data, text.len, err) < 0)
		return -1;
	return digest_of(NULL, text.data, text.len, &s->digest, err);
}

int image_save_dir(struct save *s, const struct saved *saved, struct err *err)
{
	auto_val(manifest) m = { 0 };
	size_t count = strv_len(saved->image->diff_ids);
	/* COMPAT: what is to be zstd gets a manifest that can tell of it */
	bool zstd = s->opts->compress && s->opts->zstd;
	bool docker = !s->opts->as_it_came || (str_eq(saved->image->media_type, MANIFEST_DOCKER) && !zstd);

	m.layers = mem_array(count + 1, sizeof(*m.layers));
	for (; m.layer_count < count; m.layer_count++)
		if (write_layer(s, saved->image->diff_ids[m.layer_count], docker, &m.layers[m.layer_count], err) < 0)
			return -1;
	return write_documents(s, saved->image, &m, docker, err);
}
