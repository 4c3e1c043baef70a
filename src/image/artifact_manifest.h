/* artifact_manifest.h - the manifest of an artifact: an OCI image manifest whose layers are files.
 * Shape:  the members that Podman knows, in its order; others are read past and stay in the bytes that a push sends.
 *         A layer's title (org.opencontainers.image.title) is the name of its file.
 * Owner:  artifact_manifest_done.
 * Errors: ERR_INVALID malformed, ambiguous, a digest that is none; ERR_UNSUPPORTED an index; ERR_LIMIT too many layers.
 * Spec:   OCI image-spec 1.1 manifest.md, "Guidelines for Artifact Usage".
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"

#include <stddef.h>
#include <stdint.h>

#define ARTIFACT_TITLE "org.opencontainers.image.title"
#define ARTIFACT_CREATED "org.opencontainers.image.created"
/* What stands in the place of an image's configuration: two bytes, {}. */
#define ARTIFACT_EMPTY_TYPE "application/vnd.oci.empty.v1+json"
#define ARTIFACT_EMPTY_DIGEST "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
#define ARTIFACT_EMPTY_BYTES "{}"

struct json;
struct str;

struct artifact_blob {
	char *media_type, *digest;
	uint64_t size;
	char **urls;
	char **annotations; /* KEY=VALUE */
	char *data;	    /* base64, of the bytes themselves */
	char *artifact_type;
};
struct artifact_manifest {
	int schema_version;
	char *media_type, *artifact_type;
	struct artifact_blob config;
	struct artifact_blob *layers;
	size_t layer_count;
	struct artifact_blob *subject; /* NULL: none */
	char **annotations;
};
void artifact_manifest_done(struct artifact_manifest *manifest);
AUTO_VAL(artifact_manifest, artifact_manifest_done);

int artifact_manifest_parse(const char *data, size_t len, struct artifact_manifest *ret, struct err *err) must_check;
/* One whose configuration is empty, and without layers. */
void artifact_manifest_init(struct artifact_manifest *manifest);
struct artifact_blob *artifact_manifest_add(struct artifact_manifest *manifest); /* zeroed; the manifest's */
void artifact_manifest_write(const struct artifact_manifest *manifest, struct str *out);
struct json *artifact_manifest_view_new(const struct artifact_manifest *manifest);
uint64_t artifact_manifest_bytes(const struct artifact_manifest *manifest); /* of its layers */

/* Borrowed; NULL: it has none. */
const char *artifact_blob_title(const struct artifact_blob *blob);
/* The name of its file below a directory: its title, or (by_digest, or without a title) its digest with '-' for ':'; owned. A title that
 * is no plain file name is ERR_INVALID: whoever made the artifact chose it. */
int artifact_blob_file(const struct artifact_blob *blob, int by_digest, char **ret, struct err *err) must_check;

/* What is wanted of an artifact; both NULL: everything. */
struct artifact_want {
	const char *digest, *title;
};
/* Borrowed pointers to its layers in an owned array. ERR_NOT_FOUND, ERR_USAGE both are given. */
int artifact_manifest_select(const struct artifact_manifest *manifest, const struct artifact_want *want, const struct artifact_blob ***ret,
			     size_t *ret_count, struct err *err) must_check;
