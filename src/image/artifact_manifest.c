#include "image/artifact_manifest.h"

#include "base/limits.h"
#include "base/str.h"
#include "codec/json_parse.h"
#include "codec/shape.h"
#include "image/manifest.h"
#include "image/ref.h"

#include <string.h>

#define OMIT .rule = SHAPE_OMIT_EMPTY
static const struct shape_field blob_fields[] = {
	SHAPE_STRING(struct artifact_blob, media_type, "mediaType", .go = "MediaType"),
	SHAPE_STRING(struct artifact_blob, digest, "digest", .go = "Digest"),
	SHAPE_U64(struct artifact_blob, size, "size", .go = "Size"),
	SHAPE_STRV(struct artifact_blob, urls, "urls", OMIT, .go = "URLs"),
	SHAPE_MAP(struct artifact_blob, annotations, "annotations", OMIT, .go = "Annotations"),
	SHAPE_STRING(struct artifact_blob, data, "data", OMIT, .go = "Data"),
	SHAPE_STRING(struct artifact_blob, artifact_type, "artifactType", OMIT, .go = "ArtifactType"),
};
static const struct shape blob_shape = SHAPE(struct artifact_blob, "v1.Descriptor", blob_fields);

static const struct shape_field manifest_fields[] = {
	SHAPE_INT(struct artifact_manifest, schema_version, "schemaVersion", .go = "SchemaVersion"),
	SHAPE_STRING(struct artifact_manifest, media_type, "mediaType", OMIT, .go = "MediaType"),
	SHAPE_STRING(struct artifact_manifest, artifact_type, "artifactType", OMIT, .go = "ArtifactType"),
	SHAPE_STRUCT(struct artifact_manifest, config, "config", struct artifact_blob, &blob_shape, .go = "Config"),
	SHAPE_ARRAY(struct artifact_manifest, layers, layer_count, "layers", struct artifact_blob, &blob_shape, .go = "Layers"),
	SHAPE_POINTER(struct artifact_manifest, subject, "subject", struct artifact_blob, &blob_shape, OMIT, .go = "Subject"),
	SHAPE_MAP(struct artifact_manifest, annotations, "annotations", OMIT, .go = "Annotations"),
};
static const struct shape manifest_shape = SHAPE(struct artifact_manifest, "v1.Manifest", manifest_fields);

void artifact_manifest_done(struct artifact_manifest *m)
{
	shape_done(&manifest_shape, m);
}

/* --- reading --- */

static int check_blob(const struct artifact_blob *b, struct err *err)
{
	if (!b->digest || !ref_digest_valid(b->digest))
		return err_set(err, ERR_INVALID, "a blob of the artifact has an invalid digest: '%.100s'", b->digest ? b->digest : "");
	if (b->size > LIMIT_FILE_BYTES)
		return err_set(err, ERR_LIMIT, "blob %s of the artifact is larger than is allowed", b->digest);
	return 0;
}

static int check(const struct artifact_manifest *m, const struct json *doc, struct err *err)
{
	const char *type = m->media_type ? m->media_type : "";
	if (json_has(doc, "manifests") || strcmp(type, MANIFEST_OCI_INDEX) == 0 || strcmp(type, MANIFEST_DOCKER_LIST) == 0)
		return err_set(err, ERR_UNSUPPORTED, "this is an index of several manifests: name one of them by its digest");
	if (m->schema_version != 2 || !json_get(doc, "layers"))
		return err_set(err, ERR_INVALID, "this is no manifest of an artifact");
	if (m->layer_count > LIMIT_LAYERS)
		return err_set(err, ERR_LIMIT, "the artifact has more than %d files", LIMIT_LAYERS);
	if (check_blob(&m->config, err) < 0)
		return -1;
	for (size_t i = 0; i < m->layer_count; i++)
		if (check_blob(&m->layers[i], err) < 0)
			return -1;
	return 0;
}

int artifact_manifest_parse(const char *data, size_t len, struct artifact_manifest *ret, struct err *err)
{
	auto_ptr(json) doc = NULL;
	auto_val(artifact_manifest) m = { 0 };
	if (len > LIMIT_MANIFEST_BYTES)
		return err_set(err, ERR_LIMIT, "the manifest is larger than %d bytes", LIMIT_MANIFEST_BYTES);
	if (json_parse_object(data, len, LIMIT_JSON_DEPTH_OUTSIDE, JSON_PARSE_UNIQUE, &doc, err) < 0 || shape_decode(&manifest_shape, doc, &m, err) < 0)
		return err_wrap(err, "the manifest of the artifact");
	if (check(&m, doc, err) < 0)
		return -1;
	*ret = m;
	m = (struct artifact_manifest){ 0 };
	return 0;
}

/* --- writing --- */

void artifact_manifest_init(struct artifact_manifest *m)
{
	*m = (struct artifact_manifest){
		.schema_version = 2, .media_type = mem_strdup(MANIFEST_OCI),
		.config = { .media_type = mem_strdup(ARTIFACT_EMPTY_TYPE), .digest = mem_strdup(ARTIFACT_EMPTY_DIGEST),
			    .size = strlen(ARTIFACT_EMPTY_BYTES), .data = mem_strdup("e30=") },
	};
}

struct artifact_blob *artifact_manifest_add(struct artifact_manifest *m)
{
	m->layers = mem_resize(m->layers, m->layer_count + 1, sizeof(*m->layers));
	m->layers[m->layer_count] = (struct artifact_blob){ 0 };
	return &m->layers[m->layer_count++];
}

/* COMPAT: the bytes are those that Go's encoding writes: their digest is the artifact's */
void artifact_manifest_write(const struct artifact_manifest *m, struct str *out)
{
	const struct json_style style = { .html = true };
	shape_write(&manifest_shape, m, out, &style);
}

struct json *artifact_manifest_view_new(const struct artifact_manifest *m)
{
	return shape_encode_new(&manifest_shape, m, 0);
}

uint64_t artifact_manifest_bytes(const struct artifact_manifest *m)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < m->layer_count; i++)
		sum += m->layers[i].size;
	return sum;
}

/* --- one blob --- */

const char *artifact_blob_title(const struct artifact_blob *blob)
{
	return strv_env_get(blob->annotations, ARTIFACT_TITLE);
}

int artifact_blob_file(const struct artifact_blob *blob, int by_digest, char **ret, struct err *err)
{
	const char *title = by_digest ? NULL : artifact_blob_title(blob);
	if (!title || !*title) {
		*ret = mem_strdup(blob->digest);
		(*ret)[strcspn(*ret, ":")] = '-';
		return 0;
	}
	if (strchr(title, '/')) /* COMPAT */
		return err_set(err, ERR_INVALID, "invalid name: \"%.300s\" cannot contain /: artifact blob title invalid", title);
	if (strcmp(title, ".") == 0 || strcmp(title, "..") == 0 || strlen(title) > LIMIT_NAME_BYTES || title[strcspn(title, "\n\r")])
		return err_set(err, ERR_INVALID, "invalid name: \"%.300s\" is no name of a file: artifact blob title invalid", title);
	*ret = mem_strdup(title);
	return 0;
}

static bool is_wanted(const struct artifact_blob *blob, const struct artifact_want *want)
{
	const char *title = artifact_blob_title(blob);
	if (want->digest)
		return strcmp(blob->digest, want->digest) == 0;
	return !want->title || (title && strcmp(title, want->title) == 0);
}

int artifact_manifest_select(const struct artifact_manifest *m, const struct artifact_want *want, const struct artifact_blob ***ret,
			     size_t *ret_count, struct err *err)
{
	size_t count = 0;
	if (want->digest && want->title)
		return err_set(err, ERR_USAGE, "cannot specify both digest and title");
	auto_free const struct artifact_blob **found = mem_array(m->layer_count + 1, sizeof(*found));
	for (size_t i = 0; i < m->layer_count; i++)
		if (is_wanted(&m->layers[i], want) && !(count && (want->digest || want->title))) /* COMPAT: the first of several */
			found[count++] = &m->layers[i];
	if (!count && (want->digest || want->title))
		return err_set(err, ERR_NOT_FOUND, "no blob with the %s \"%.300s\"", want->digest ? "digest" : "title", want->digest ? want->digest : want->title);
	if (!count)
		return err_set(err, ERR_NOT_FOUND, "the artifact has no files");
	*ret = take_ptr(found);
	*ret_count = count;
	return 0;
}
