/* manifest.c - see manifest.h */
#include "image/manifest.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/str.h"
#include "codec/json_out.h"
#include "codec/json_parse.h"
#include "codec/shape.h"
#include "image/ref.h"

enum { BLOB_MEDIA_TYPE_MAX = 255 };

const char manifest_accept[] = "Accept: " MANIFEST_OCI ", " MANIFEST_OCI_INDEX ", " MANIFEST_DOCKER ", " MANIFEST_DOCKER_LIST;

/* ---- shapes ---- */

static const struct shape_field platform_fields[] = {
	SHAPE_STRING(struct manifest_platform, os, "os"),
	SHAPE_STRING(struct manifest_platform, architecture, "architecture"),
	SHAPE_STRING(struct manifest_platform, variant, "variant"),
	SHAPE_STRING(struct manifest_platform, os_version, "os.version"),
};
static const struct shape platform_shape = SHAPE(struct manifest_platform, "Platform", platform_fields);

static const struct shape_field blob_fields[] = {
	SHAPE_STRING(struct manifest_blob, media_type, "mediaType", .rule = SHAPE_REQUIRED),
	SHAPE_STRING(struct manifest_blob, digest, "digest", .rule = SHAPE_REQUIRED),
	SHAPE_U64(struct manifest_blob, size, "size", .rule = SHAPE_REQUIRED),
	SHAPE_MAP(struct manifest_blob, annotations, "annotations"),
	SHAPE_STRUCT(struct manifest_blob, platform, "platform", struct manifest_platform, &platform_shape),
};
static const struct shape blob_shape = SHAPE(struct manifest_blob, "Descriptor", blob_fields);

static const struct shape_field image_fields[] = {
	SHAPE_STRING(struct manifest, media_type, "mediaType"),
	SHAPE_STRUCT(struct manifest, config, "config", struct manifest_blob, &blob_shape, .rule = SHAPE_REQUIRED),
	SHAPE_ARRAY(struct manifest, layers, layer_count, "layers", struct manifest_blob, &blob_shape, .rule = SHAPE_REQUIRED),
	SHAPE_MAP(struct manifest, annotations, "annotations"),
};
static const struct shape image_shape = SHAPE(struct manifest, "Manifest", image_fields);

static const struct shape_field index_fields[] = {
	SHAPE_STRING(struct manifest, media_type, "mediaType"),
	SHAPE_ARRAY(struct manifest, entries, entry_count, "manifests", struct manifest_blob, &blob_shape,
		    .rule = SHAPE_REQUIRED),
	SHAPE_MAP(struct manifest, annotations, "annotations"),
};
static const struct shape index_shape = SHAPE(struct manifest, "Index", index_fields);

void manifest_done(struct manifest *m)
{
	shape_done(m->is_index ? &index_shape : &image_shape, m);
	m->is_index = false;
}

/* ---- which document it is ---- */

static const struct type_row {
	const char *media_type;
	bool is_index;
} types[] = {
	{ MANIFEST_OCI, false },
	{ MANIFEST_OCI_INDEX, true },
	{ MANIFEST_DOCKER, false },
	{ MANIFEST_DOCKER_LIST, true },
};

static const struct type_row *type_find(const char *text)
{
	size_t len = text ? strcspn(text, "; ") : 0;

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (len == strlen(types[i].media_type) && strncasecmp(text, types[i].media_type, len) == 0)
			return &types[i];
	return NULL;
}

/* A name in another case is nothing to us and something to a reader in Go: nobody has a reason to write it. */
static int check_names(const struct json *doc, struct err *err)
{
	static const char *const names[] = { "schemaVersion", "mediaType", "config", "layers", "manifests", "fsLayers",
					     "history", "signatures" };

	for (struct json_iter it = json_iter(doc); json_next(&it);)
		for (size_t i = 0; i < ARRAY_LEN(names); i++)
			if (strcasecmp(it.name, names[i]) == 0 && strcmp(it.name, names[i]) != 0)
				return err_set(err, ERR_INVALID, "the member '%.40s' is not written '%s'", it.name, names[i]);
	return 0;
}

static int check_schema(const struct json *doc, struct err *err)
{
	if (json_get_i64(doc, "schemaVersion", 0) == 1 || json_has(doc, "fsLayers"))
		return err_set(err, ERR_UNSUPPORTED, "this is a Docker schema 1 manifest, which no registry should serve any "
						     "more: push the image again");
	if (!json_is_integer(json_get(doc, "schemaVersion")) || json_get_i64(doc, "schemaVersion", 0) != 2)
		return err_set(err, ERR_INVALID, "schemaVersion is not 2");
	return 0;
}

static int decide_type(const struct json *doc, const char *content_type, const struct type_row **ret, struct err *err)
{
	const char *inside = json_get_str(doc, "mediaType", NULL);
	const struct type_row *told = type_find(content_type);
	const struct type_row *type = type_find(inside);
	bool has_image = json_has(doc, "config") || json_has(doc, "layers");
	bool has_index = json_has(doc, "manifests");

	if (json_has(doc, "mediaType") && !type)
		return err_set(err, ERR_INVALID, "the media type '%.100s' is no image's", inside ? inside : "");
	if (has_image && has_index)
		return err_set(err, ERR_INVALID, "it is both an image and an index");
	if (!has_image && !has_index)
		return err_set(err, ERR_INVALID, "it is neither an image nor an index");
	if (type && told && type != told)
		return err_set(err, ERR_INVALID, "it was sent as '%s' but says it is '%s'", told->media_type, type->media_type);
	if (!type)
		type = told;
	/* SPEC image-spec manifest.md: mediaType may be left out, and then the members decide */
	if (!type)
		type = type_find(has_index ? MANIFEST_OCI_INDEX : MANIFEST_OCI);
	if (type->is_index != has_index)
		return err_set(err, ERR_INVALID, "its members are not those of '%s'", type->media_type);
	*ret = type;
	return 0;
}

/* ---- its parts ---- */

static int check_blob(const struct manifest_blob *blob, const char *what, struct err *err)
{
	if (!ref_digest_valid(blob->digest))
		return err_set(err, ERR_INVALID, "the digest '%.100s' of %s is malformed", blob->digest, what);
	if (strlen(blob->media_type) > BLOB_MEDIA_TYPE_MAX)
		return err_set(err, ERR_LIMIT, "the media type of %s is longer than %d bytes", what, BLOB_MEDIA_TYPE_MAX);
	if (blob->size > INT64_MAX)
		return err_set(err, ERR_INVALID, "the size of %s is out of range", what);
	return 0;
}

/* tar, and how it may be compressed; the bytes decide which of these it is. */
static bool layer_type_known(const char *type)
{
	static const char *const stems[] = {
		MANIFEST_OCI_LAYER, "application/vnd.oci.image.layer.nondistributable.v1.tar", MANIFEST_DOCKER_LAYER,
		"application/vnd.docker.image.rootfs.foreign.diff.tar",
	};
	static const char *const ends[] = { "", "+gzip", "+zstd", ".gzip", ".zstd" };

	for (size_t i = 0; i < ARRAY_LEN(stems); i++) {
		const char *end = str_after(type, stems[i]);

		for (size_t j = 0; end && j < ARRAY_LEN(ends); j++)
			if (strcmp(end, ends[j]) == 0)
				return true;
	}
	return false;
}

static int check_layer(const struct manifest_blob *layer, size_t index, struct err *err)
{
	char what[40];

	snprintf(what, sizeof(what), "layer %zu", index + 1);
	if (check_blob(layer, what, err) < 0)
		return -1;
	if (str_ends(layer->media_type, "+encrypted"))
		return err_set(err, ERR_UNSUPPORTED, "%s is encrypted", what);
	if (!layer_type_known(layer->media_type))
		return err_set(err, ERR_UNSUPPORTED, "%s has the unknown media type '%.100s'", what, layer->media_type);
	return 0;
}

static int check_image(const struct manifest *m, struct err *err)
{
	const char *type = m->config.media_type;

	if (check_blob(&m->config, "the configuration", err) < 0)
		return -1;
	if (strcmp(type, MANIFEST_OCI_CONFIG) != 0 && strcmp(type, MANIFEST_DOCKER_CONFIG) != 0)
		return err_set(err, ERR_UNSUPPORTED, "it is no container image but an artifact: its configuration is '%.100s'", type);
	if (m->config.size > LIMIT_MANIFEST_BYTES)
		return err_set(err, ERR_LIMIT, "the configuration is larger than %d bytes", LIMIT_MANIFEST_BYTES);
	if (m->layer_count > LIMIT_LAYERS)
		return err_set(err, ERR_LIMIT, "there are more than %d layers", LIMIT_LAYERS);
	for (size_t i = 0; i < m->layer_count; i++)
		if (check_layer(&m->layers[i], i, err) < 0)
			return -1;
	return 0;
}

static int check_index(const struct manifest *m, struct err *err)
{
	for (size_t i = 0; i < m->entry_count; i++) {
		char what[40];

		snprintf(what, sizeof(what), "entry %zu", i + 1);
		if (check_blob(&m->entries[i], what, err) < 0)
			return -1;
	}
	return 0;
}

int manifest_parse(const char *data, size_t len, const char *content_type, struct manifest *ret, struct err *err)
{
	auto_ptr(json) doc = NULL;
	auto_val(manifest) m = { 0 };
	const struct type_row *type = NULL;

	if (len > LIMIT_MANIFEST_BYTES)
		return err_set(err, ERR_LIMIT, "the manifest is larger than %d bytes", LIMIT_MANIFEST_BYTES);
	if (json_parse_object(data, len, LIMIT_JSON_DEPTH_OUTSIDE, JSON_PARSE_UNIQUE, &doc, err) < 0 ||
	    check_names(doc, err) < 0 || check_schema(doc, err) < 0 || decide_type(doc, content_type, &type, err) < 0)
		return err_wrap(err, "parsing manifest");
	m.is_index = type->is_index;
	if (shape_decode(m.is_index ? &index_shape : &image_shape, doc, &m, err) < 0)
		return err_wrap(err, "parsing manifest");
	if (!m.media_type)
		m.media_type = mem_strdup(type->media_type);
	if ((m.is_index ? check_index(&m, err) : check_image(&m, err)) < 0)
		return err_wrap(err, "parsing manifest");
	*ret = m;
	m = (struct manifest){ 0 };
	return 0;
}

/* ---- writing ---- */

static void write_blob(struct json_out *o, const char *name, const char *type, const char *digest, uint64_t size)
{
	json_out_open_object(o, name);
	json_out_str(o, "mediaType", type);
	json_out_str(o, "digest", digest);
	json_out_u64(o, "size", size);
	json_out_close_object(o);
}

static void write_annotations(struct json_out *o, char *const *pairs)
{
	json_out_open_object(o, "annotations");
	for (; *pairs; pairs++) {
		auto_free char *key = mem_strndup(*pairs, strcspn(*pairs, "="));
		json_out_str(o, key, *pairs + strlen(key) + 1);
	}
	json_out_close_object(o);
}

void manifest_write(const struct manifest_write *w, struct str *out)
{
	struct json_out o = json_out(out, NULL);

	json_out_open_object(&o, NULL);
	json_out_u64(&o, "schemaVersion", 2);
	json_out_str(&o, "mediaType", w->docker ? MANIFEST_DOCKER : MANIFEST_OCI);
	write_blob(&o, "config", w->docker ? MANIFEST_DOCKER_CONFIG : MANIFEST_OCI_CONFIG, w->config_digest, w->config_size);
	json_out_open_array(&o, "layers");
	for (size_t i = 0; i < w->layer_count; i++)
		write_blob(&o, NULL, w->layers[i].media_type, w->layers[i].digest, w->layers[i].size);
	json_out_close_array(&o);
	if (w->annotations && !w->docker)
		write_annotations(&o, w->annotations);
	json_out_close_object(&o);
}
