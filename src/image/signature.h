/* signature.h - a signature of an image, in either of its two forms, and what it claims.
 * Shape:  simple: an OpenPGP message whose content is the claim; sigstore: the claim, and a signature of its bytes.
 *         A claim names a manifest by its digest and says what the image is called.
 * Owner:  struct signature by signature_done, lists by signature_list_done, struct signature_claim by signature_claim_done.
 * Units:  bytes; at most LIMIT_SIGNATURE_BYTES each, SIGNATURES_MAX of one image.
 * Errors: ERR_DENIED it does not hold; ERR_INVALID it is no signature; ERR_LIMIT.
 * Spec:   container-signature(5); cosign's SIGNATURE_SPEC.
 *
 * A claim is read only after the signature was found to hold.
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"
#include "config/conf_policy.h"

#include <stddef.h>

enum { SIGNATURES_MAX = 128 };

enum signature_kind { SIGNATURE_SIMPLE, SIGNATURE_SIGSTORE };

struct signature {
	enum signature_kind kind;
	char *data; /* the message; of sigstore: the claim */
	size_t len;
	char *made; /* of sigstore: the signature, base64 */
};
void signature_done(struct signature *signature);
AUTO_VAL(signature, signature_done);

struct signature_list {
	struct signature *rows;
	size_t count;
};
void signature_list_done(struct signature_list *list);
AUTO_VAL(signature_list, signature_list_done);
/* Takes what `one` holds, which is empty after. */
int signature_list_add(struct signature_list *list, struct signature *one, struct err *err) must_check;

/* The bytes of a file signature-N: an OpenPGP message, or "\0sigstore-json\n" and JSON. */
int signature_parse(const char *data, size_t len, struct signature *ret, struct err *err) must_check;

/* ---- claims ---- */

struct signature_claim {
	char *reference; /* what the image is called: as written */
	char *digest;	 /* of its manifest */
};
void signature_claim_done(struct signature_claim *claim);
AUTO_VAL(signature_claim, signature_claim_done);
int signature_claim_parse(enum signature_kind kind, const char *data, size_t len, struct signature_claim *ret, struct err *err) must_check;
/* A claim's bytes; owned. */
char *signature_claim_make(const char *digest, const char *reference, long long now_s);

/* ---- checking and making ---- */

/* The keys of a requirement, read once for all the signatures of an image. */
struct signature_keys;
int signature_keys_open(const struct conf_requirement *req, struct signature_keys **ret, struct err *err) must_check;
void signature_keys_close(struct signature_keys *keys);
AUTO_PTR(signature_keys, signature_keys_close);
/* Who they belong to; owned. Keys of sigstore say nothing of it. */
int signature_keys_names(struct signature_keys *keys, char ***ret, struct err *err) must_check;

/* Is it by one of the keys? Then the claim. */
int signature_simple_check(struct signature_keys *keys, const struct signature *signature, struct signature_claim *ret, struct err *err) must_check;
int signature_sigstore_check(struct signature_keys *keys, const struct signature *signature, struct signature_claim *ret, struct err *err) must_check;

/* 1: the user's key has said so before. */
int signature_simple_is_ours(const char *key, const struct signature *signature, const char *digest, const char *reference, struct err *err) must_check;
/* An OpenPGP message of ours. passphrase: NULL asks the user's agent. */
int signature_simple_make(const char *key, const char *passphrase, const char *digest, const char *reference, struct signature *ret,
			  struct err *err) must_check;
