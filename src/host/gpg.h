/* gpg.h - OpenPGP: messages signed with the user's keys, and checked against keys that are given. Wraps gpgme, which runs gpg.
 * Shape:  a ring holds the public keys it was given and nothing else: its home is a directory of its own, so that no key, trust or
 *         configuration of the user counts. Signing uses the user's own ($GNUPGHOME).
 * Life:   gpg_ring_open → gpg_ring_add … → gpg_ring_verify, gpg_ring_names → gpg_ring_close.
 * Owner:  gpg_ring_close removes the directory.
 * Units:  bytes; at most LIMIT_SIGNATURE_BYTES of a message and of its content.
 * Errors: ERR_DENIED the signature does not hold; ERR_INVALID no signed message, no key; ERR_NOT_FOUND no such secret key;
 *         ERR_UNSUPPORTED no gpgme, or no gpg, here.
 * Spec:   RFC 4880 sections 11.1, 11.3.
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"

#include <stddef.h>

struct gpg_ring;

int gpg_ring_open(struct gpg_ring **ret, struct err *err) must_check;
void gpg_ring_close(struct gpg_ring *ring);
AUTO_PTR(gpg_ring, gpg_ring_close);
/* Public keys, armoured or not. */
int gpg_ring_add(struct gpg_ring *ring, const char *data, size_t len, struct err *err) must_check;
/* The content of a message that one of the ring's keys has signed; owned. ret_key: its fingerprint, owned. */
int gpg_ring_verify(struct gpg_ring *ring, const char *message, size_t len, char **ret_content, size_t *ret_len, char **ret_key,
		    struct err *err) must_check;
/* What the ring's keys are called, in their order: the address of a name that has one; owned. */
int gpg_ring_names(struct gpg_ring *ring, char ***ret, struct err *err) must_check;

/* 1: the message is signed by this key of the user's own ring, alone; then its content, owned. */
int gpg_is_by(const char *key, const char *message, size_t len, char **ret_content, size_t *ret_len, struct err *err) must_check;
/* A signed message with this content. key: as gpg takes it (address, fingerprint, id). passphrase: NULL asks the user's agent. */
int gpg_sign(const char *key, const char *passphrase, const char *content, size_t len, char **ret, size_t *ret_len,
	     struct err *err) must_check;
