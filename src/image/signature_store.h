/* signature_store.h - where signatures lie: a lookaside beside the registry, the registry itself, a directory.
 * Shape:  lookaside: URL/REPOSITORY@sha256=HEX/signature-N, N from 1 without a gap, file:// and http(s)://.
 *         attached: the manifest with the tag sha256-HEX.sig, a layer for each signature.
 *         directory (the transport dir:): signature-N in it.
 * Owner:  what is added to ret is ret's.
 * Errors: ERR_NETWORK, ERR_INVALID; that there is none is no failure.
 * Spec:   containers-registries.d(5), signature-protocols of containers/image; cosign's SIGNATURE_SPEC.
 */
#pragma once

#include "image/registry.h"
#include "image/signature.h"

/* repository: without the host. */
int signature_store_lookaside(const char *url, const char *repository, const char *digest, struct signature_list *ret, struct err *err) must_check;
int signature_store_attached(struct registry *registry, const char *digest, struct signature_list *ret, struct err *err) must_check;
int signature_store_dir(int dir_fd, struct signature_list *ret, struct err *err) must_check;

/* Refuses what nothing can be put to: all but file:///. */
int signature_store_can_put(const char *url, struct err *err) must_check;
/* Adds one behind those that are there. ret_path (may be NULL): the file it became; owned. */
int signature_store_put(const char *url, const char *repository, const char *digest, const struct signature *signature, char **ret_path,
			struct err *err) must_check;
