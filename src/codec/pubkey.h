/* pubkey.h - signatures made by a private key, checked with its public half. Wraps libcrypto; no other file sees its keys.
 * Shape:  a key is PEM ("BEGIN PUBLIC KEY"): ECDSA and RSA over SHA-256, or Ed25519.
 * Errors: ERR_INVALID the key is none; ERR_UNSUPPORTED no libcrypto here.
 * Spec:   RFC 7468 section 13; RFC 3279 (a DER sequence of two numbers is an ECDSA signature).
 */
#pragma once

#include "base/err.h"

#include <stddef.h>

/* 1: the signature of these bytes is by this key; 0: it is not. */
int pubkey_verify(const char *pem, size_t pem_len, const void *data, size_t len, const void *signature, size_t signature_len,
		  struct err *err) must_check;
