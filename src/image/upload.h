/* upload.h - one blob going to a registry: in one request when it is small, in chunks otherwise, continued after a break.
 * Shape:  POST opens a session; a blob that fits into one chunk is sent with the closing PUT, a larger one by PATCHes. After a
 *         failure that may pass the registry is asked how much it has, and gets the rest of the chunk. Two chunks are kept in
 *         memory, one being filled while the other goes out; nothing is kept of what was sent before.
 * Life:   upload_new → (upload_read … and upload_step) until it is over → upload_free.
 * Units:  bytes.
 * Errors: those of registry.h; ERR_MISMATCH the registry keeps the blob under another digest, ERR_LIMIT it asks for chunks that
 *         are too large.
 * Spec:   distribution-spec 1.1, Pushing blobs.
 */
#pragma once

#include "image/registry.h"

struct upload;

/* location: of a session that is open already (an answer to a mount), or NULL. what begins sentences. */
struct upload *upload_new(struct registry *registry, const char *what, const char *location);
void upload_free(struct upload *upload);
AUTO_PTR(upload, upload_free);

/* Takes what a non-blocking descriptor has. 0: it ended. 1: more comes, or there is no room now. */
int upload_read(struct upload *upload, int fd, struct err *err) must_check;
/* Takes all of it, and there is no more. At most LIMIT_MANIFEST_BYTES. */
int upload_give(struct upload *upload, const void *data, size_t len, struct err *err) must_check;
bool upload_wants(const struct upload *upload);

enum upload_result { UPLOAD_ON = 0, UPLOAD_DONE = 1, UPLOAD_LOST = 2 };
/* Moves it on. LOST: the registry has forgotten the session; the blob must be given anew to another one. When *ret_not_before_ns
 * (0: no matter) has not come yet, it waits for that time. */
int upload_step(struct upload *upload, int64_t *ret_not_before_ns, struct err *err) must_check;
/* Whether a step would do something at once. */
bool upload_is_ready(const struct upload *upload);
uint64_t upload_sent(const struct upload *upload);
/* Once it is done. */
const char *upload_digest(const struct upload *upload);
uint64_t upload_size(const struct upload *upload);

/* The same of a file, from its beginning to its end; its bytes must be those of the digest: ERR_CORRUPT, and what the registry got
 * instead is named by nothing. tell: how much has gone out; may be NULL. */
int upload_file(struct registry *registry, const char *digest, int fd, void (*tell)(void *ctx, uint64_t sent), void *ctx, bool *ret_sent,
		struct err *err) must_check;
/* A small blob that lies in memory, unless the registry has it. ret_sent (may be NULL): it had not. */
int upload_small(struct registry *registry, const char *digest, const void *data, size_t len, bool *ret_sent, struct err *err) must_check;
