/* manifest_edit.c - a manifest whose layers were compressed anew, or that becomes the other of the two flavours; see manifest.h */
#include "image/manifest.h"

#include <string.h>

#include "base/limits.h"
#include "base/str.h"
#include "codec/json_out.h"
#include "codec/json_parse.h"

char *manifest_layer_type_dup(bool docker, const char *compression)
{
	if (!docker)
		return mem_printf("%s%s", MANIFEST_OCI_LAYER, compression);
	return *compression ? mem_printf("%s.%s", MANIFEST_DOCKER_LAYER, compression + 1) : mem_strdup(MANIFEST_DOCKER_LAYER);
}

const char *manifest_layer_compression(const char *media_type)
{
	return str_ends(media_type, "gzip") ? "+gzip" : str_ends(media_type, "zstd") ? "+zstd" : "";
}

static void write_layer(const struct manifest_edit *how, struct json_out *o, const struct manifest_blob *layer, const struct json *was)
{
	auto_free char *type = manifest_layer_type_dup(how->docker, layer->media_type);
	const struct json *notes = json_get(was, "annotations");

	json_out_open_object(o, NULL);
	json_out_str(o, "mediaType", type);
	json_out_str(o, "digest", layer->digest);
	json_out_u64(o, "size", layer->size);
	if (notes && !how->docker && strcmp(json_get_str(was, "digest", ""), layer->digest) == 0)
		json_out_value(o, "annotations", notes);
	json_out_close_object(o);
}

static void write_layers(const struct manifest_edit *how, struct json_out *o, const struct json *was)
{
	json_out_open_array(o, "layers");
	for (size_t i = 0; i < how->layer_count; i++)
		write_layer(how, o, &how->layers[i], json_at(was, i));
	json_out_close_array(o);
}

static void write_config(const struct manifest_edit *how, struct json_out *o, const struct json *was)
{
	json_out_open_object(o, "config");
	json_out_str(o, "mediaType", how->docker ? MANIFEST_DOCKER_CONFIG : MANIFEST_OCI_CONFIG);
	json_out_str(o, "digest", json_get_str(was, "digest", ""));
	json_out_u64(o, "size", json_get_u64(was, "size", 0));
	json_out_close_object(o);
}

int manifest_edit(const struct manifest_edit *how, struct str *out, struct err *err)
{
	auto_ptr(json) doc = NULL;
	struct json_out o = json_out(out, NULL);

	if (json_parse_object(how->data, how->len, LIMIT_JSON_DEPTH_OUTSIDE, JSON_PARSE_UNIQUE, &doc, err) < 0)
		return err_wrap(err, "parsing manifest");
	json_out_open_object(&o, NULL);
	json_out_u64(&o, "schemaVersion", 2);
	json_out_str(&o, "mediaType", how->docker ? MANIFEST_DOCKER : MANIFEST_OCI);
	write_config(how, &o, json_get(doc, "config"));
	write_layers(how, &o, json_get(doc, "layers"));
	for (struct json_iter it = json_iter(doc); json_next(&it);) {
		static const char *const written[] = { "schemaVersion", "mediaType", "config", "layers", NULL };

		if (!how->docker && str_index(written, it.name) < 0)
			json_out_value(&o, it.name, it.value);
	}
	json_out_close_object(&o);
	return 0;
}
