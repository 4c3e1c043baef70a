/* artifact_db.h - the artifacts of the store: a manifest, and each blob it names as a file of its own.
 * Shape:  artifacts/<random id>/{manifest, artifact.json, sha256-<hex>…}: the bytes of the manifest; name, digest of the manifest,
 *         created_ns (when it came here). names/artifact/<name> → id. A blob that another artifact has, too, is one file with two names:
 *         an object holds all it needs, nothing is counted, and bytes go with the last of their names.
 * Owner:  artifact_free.
 * Errors: ERR_NOT_FOUND "NAME: artifact does not exist", ERR_EXISTS the name is an artifact's, ERR_STATE another was put in its place
 *         meanwhile, ERR_CORRUPT.
 * Locks:  that of artifacts/ from the look at a name to its change (put, remove): what no name leads to was left by a killed command,
 *         and goes. Never while bytes are read or fetched. Looking takes none.
 */
#pragma once

#include "storage/store.h"

#include <stddef.h>
#include <stdint.h>

struct artifact {
	char id[STORE_ID_MAX + 1];
	char *name;
	char *digest; /* of the manifest, "sha256:…" */
	int64_t created_ns;
	char *manifest;
	size_t manifest_len;
};
void artifact_free(struct artifact *artifact);
AUTO_PTR(artifact, artifact_free);

/* By its name as it was given, or by the first digits of its manifest's digest. */
int artifact_db_get(struct store *store, const char *word, struct artifact **ret, struct err *err) must_check;
/* By id, whatever its name leads to. */
int artifact_db_read(struct store *store, const char *id, struct artifact **ret, struct err *err) must_check;
/* Oldest first; damaged ones are left out and told by store_check. */
int artifact_db_list(struct store *store, struct artifact ***ret, size_t *ret_count, struct err *err) must_check;
void artifact_db_list_free(struct artifact **artifacts, size_t count);

/* The file of a blob: "sha256-<hex>"; owned. digest: valid. */
char *artifact_db_file_dup(const char *digest);
int artifact_db_open_blob(struct store *store, const struct artifact *artifact, const char *digest, int *ret_fd, struct err *err) must_check;
/* Its bytes against its digest. ERR_CORRUPT. */
int artifact_db_verify(struct store *store, const struct artifact *artifact, const char *digest, struct err *err) must_check;
char *artifact_db_blob_path(const struct store *store, const struct artifact *artifact, const char *digest); /* owned */

/* Making: artifact_db_stage → artifact_db_link, or a file made in the stage, for each blob → artifact_db_put. */
int artifact_db_stage(struct store *store, struct store_stage *ret, struct err *err) must_check;
/* 1: some artifact has that blob with that size, it is in the stage now. 0: none has. */
int artifact_db_link(struct store *store, const struct store_stage *stage, const char *digest, uint64_t size);
struct artifact_put {
	const char *name, *digest; /* of the manifest */
	const void *manifest;
	size_t manifest_len;
	bool replace;	     /* whatever has the name goes */
	const char *instead; /* the id of what has the name, and goes; NULL: see replace */
};
/* Durable when it returns. */
int artifact_db_put(struct store *store, struct store_stage *stage, const struct artifact_put *put, struct err *err) must_check;
int artifact_db_remove(struct store *store, const struct artifact *artifact, struct err *err) must_check;
