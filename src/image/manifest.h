/* manifest.h - what an image consists of: one configuration and its layers, or one such manifest for each platform.
 * Shape:  OCI image manifest and index, Docker schema 2 manifest and list. Which of the four a document is, is told by
 *         the document; a Content-Type that says otherwise, members of both kinds, a member written twice or in another
 *         case are refused, so that no two readers can see two images in the same bytes.
 * Owner:  struct manifest owns everything; manifest_done.
 * Units:  bytes.
 * Errors: ERR_INVALID malformed or ambiguous; ERR_LIMIT too large or too many; ERR_UNSUPPORTED schema 1, encrypted layers,
 *         artifacts that are no images, no entry for the platform.
 * Spec:   OCI image-spec 1.1 manifest.md, image-index.md, descriptor.md; distribution manifest-v2-2.
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MANIFEST_OCI "application/vnd.oci.image.manifest.v1+json"
#define MANIFEST_OCI_INDEX "application/vnd.oci.image.index.v1+json"
#define MANIFEST_DOCKER "application/vnd.docker.distribution.manifest.v2+json"
#define MANIFEST_DOCKER_LIST "application/vnd.docker.distribution.manifest.list.v2+json"
#define MANIFEST_OCI_CONFIG "application/vnd.oci.image.config.v1+json"
#define MANIFEST_DOCKER_CONFIG "application/vnd.docker.container.image.v1+json"
#define MANIFEST_OCI_LAYER "application/vnd.oci.image.layer.v1.tar"
#define MANIFEST_DOCKER_LAYER "application/vnd.docker.image.rootfs.diff.tar"

struct manifest_platform {
	char *os, *architecture, *variant, *os_version;
};

struct manifest_blob {
	char *media_type;
	char *digest; /* valid: ref_digest_valid */
	uint64_t size;
	char **annotations; /* KEY=VALUE */
	struct manifest_platform platform; /* of an index's entry */
};

struct manifest {
	bool is_index;
	char *media_type; /* one of the four, also where the document left it out */
	char **annotations; /* KEY=VALUE; of the document itself */
	struct manifest_blob config;
	struct manifest_blob *layers;
	size_t layer_count;
	struct manifest_blob *entries; /* of an index */
	size_t entry_count;
};
void manifest_done(struct manifest *manifest);
AUTO_VAL(manifest, manifest_done);

/* content_type: what the sender called it; NULL, or a general word such as application/json, says nothing. */
int manifest_parse(const char *data, size_t len, const char *content_type, struct manifest *ret, struct err *err) must_check;

/* What an Accept header asks for. */
extern const char manifest_accept[];

/* What is wanted; NULL members of a wish are filled in with this host's (os linux). Borrowed strings. */
struct manifest_wish {
	const char *os, *architecture, *variant;
};
struct manifest_wish manifest_host_platform(void);
struct manifest_wish manifest_wish_of(const char *os, const char *architecture, const char *variant);
/* The entry to take, borrowed from the index. */
int manifest_choose(const struct manifest *index, const struct manifest_wish *wish, const struct manifest_blob **ret,
		    struct err *err) must_check;

struct str;
/* The bytes of a manifest for an image kept here: OCI or Docker types by `docker`; layers and config given. */
struct manifest_write {
	bool docker;
	const char *config_digest;
	uint64_t config_size;
	const struct manifest_blob *layers;
	size_t layer_count;
	char *const *annotations; /* KEY=VALUE; of an OCI manifest only */
};
void manifest_write(const struct manifest_write *what, struct str *out);
/* The same manifest with other bytes for its layers, or of the other flavour: what it holds besides stays, but for annotations
 * that a Docker manifest cannot hold or that speak of bytes that are gone. layers: media types as "", "+gzip", "+zstd". */
struct manifest_edit {
	const char *data;
	size_t len;
	bool docker;
	const struct manifest_blob *layers;
	size_t layer_count;
};
int manifest_edit(const struct manifest_edit *how, struct str *out, struct err *err) must_check;
/* "+gzip" of a layer → its media type; owned. Docker has no zstd. */
char *manifest_layer_type_dup(bool docker, const char *compression);
/* And back: "", "+gzip" or "+zstd". */
const char *manifest_layer_compression(const char *media_type);
