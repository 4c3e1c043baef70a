/* signature_sigstore.c - signatures as cosign makes them with a key pair; see signature.h */
#include "image/signature_keys.h"

#include <string.h>

#include "base/str.h"
#include "codec/enc.h"
#include "codec/pubkey.h"

int signature_sigstore_check(struct signature_keys *keys, const struct signature *signature, struct signature_claim *ret, struct err *err)
{
	auto_free char *made = NULL;
	size_t len = 0;
	int r = 0;

	if (enc_base64_decode(signature->made, &made, &len) < 0)
		return err_set(err, ERR_INVALID, "it is no base64");
	for (char **pem = keys->pems; pem && *pem && r == 0; pem++) {
		r = pubkey_verify(*pem, strlen(*pem), signature->data, signature->len, made, len, err);
		if (r < 0)
			return err_wrap(err, "a key of the policy");
	}
	if (!r)
		return err_set(err, ERR_DENIED, "it is by another key, or of other bytes");
	return signature_claim_parse(SIGNATURE_SIGSTORE, signature->data, signature->len, ret, err);
}
