/* digest.h - sha256 and sha512 of bytes, running or at once. Wraps libcrypto; no other file sees its digests.
 * Shape:  text is "sha256:" and 64, "sha512:" and 128 lower-case hex digits.
 * Owner:  digest_free; it may run on copies of its process (fork) independently.
 * Errors: ERR_UNSUPPORTED no libcrypto here, or another algorithm.
 * Spec:   OCI image-spec descriptor.md, Digests.
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"

#include <stddef.h>

struct digest;
struct digest_text {
	char text[7 + 128 + 1];
};

/* Loads the library, for a process that will not be able to later (before a jail). */
int digest_prepare(struct err *err) must_check;
/* like: a digest, or "sha256:", whose algorithm is wanted; NULL is sha256. */
int digest_open(const char *like, struct digest **ret, struct err *err) must_check;
void digest_add(struct digest *digest, const void *data, size_t len);
/* The digest of everything added so far; more may be added after. */
struct digest_text digest_now(const struct digest *digest);
void digest_free(struct digest *digest);
AUTO_PTR(digest, digest_free);

/* Of a whole text; owned. */
int digest_of(const char *like, const void *data, size_t len, char **ret, struct err *err) must_check;
