/* pubkey.c - see pubkey.h */
#include "codec/pubkey.h"

#include <limits.h>

/* their type has the name of one of our kinds */
#define ERR_STATE openssl_ERR_STATE
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#undef ERR_STATE

#include "base/dl.h"
#include "base/mem.h"

static struct {
	void *handle;
	__typeof__(BIO_new_mem_buf) *bio_new;
	__typeof__(BIO_free) *bio_free;
	__typeof__(PEM_read_bio_PUBKEY) *read;
	__typeof__(EVP_PKEY_free) *key_free;
	__typeof__(EVP_MD_CTX_new) *ctx_new;
	__typeof__(EVP_MD_CTX_free) *ctx_free;
	__typeof__(EVP_DigestVerifyInit) *init;
	__typeof__(EVP_DigestVerify) *verify;
	__typeof__(EVP_sha256) *sha256;
	__typeof__(ERR_clear_error) *forget;
} lib; /* a cache behind dlopen */

static int load(struct err *err)
{
	static const char *const sonames[] = { "libcrypto.so.3", "libcrypto.so.1.1", NULL };
	static const struct dl_symbol symbols[] = {
		{ "BIO_new_mem_buf", (void **)&lib.bio_new },	{ "BIO_free", (void **)&lib.bio_free },
		{ "PEM_read_bio_PUBKEY", (void **)&lib.read },	{ "EVP_PKEY_free", (void **)&lib.key_free },
		{ "EVP_MD_CTX_new", (void **)&lib.ctx_new },	{ "EVP_MD_CTX_free", (void **)&lib.ctx_free },
		{ "EVP_DigestVerifyInit", (void **)&lib.init }, { "EVP_DigestVerify", (void **)&lib.verify },
		{ "EVP_sha256", (void **)&lib.sha256 },		{ "ERR_clear_error", (void **)&lib.forget },
	};

	return dl_load(sonames, "libssl3", symbols, ARRAY_LEN(symbols), &lib.handle, err);
}

static EVP_PKEY *read_key(const char *pem, size_t len)
{
	BIO *bio = len && len <= INT_MAX ? lib.bio_new(pem, (int)len) : NULL;
	EVP_PKEY *key = bio ? lib.read(bio, NULL, NULL, NULL) : NULL;

	lib.bio_free(bio);
	return key;
}

/* -1: the key does not go with this digest. */
static int verify_with(EVP_PKEY *key, const EVP_MD *md, const void *data, size_t len, const void *signature, size_t signature_len)
{
	EVP_MD_CTX *ctx = lib.ctx_new();
	int r = -1;

	if (!ctx)
		abort(); /* out of memory */
	if (lib.init(ctx, NULL, md, NULL, key) == 1)
		r = lib.verify(ctx, signature, signature_len, data, len) == 1;
	lib.ctx_free(ctx);
	return r;
}

int pubkey_verify(const char *pem, size_t pem_len, const void *data, size_t len, const void *signature, size_t signature_len,
		  struct err *err)
{
	EVP_PKEY *key;
	int r;

	if (load(err) < 0)
		return -1;
	key = read_key(pem, pem_len);
	if (!key) {
		lib.forget();
		return err_set(err, ERR_INVALID, "it is no public key in PEM form");
	}
	r = verify_with(key, lib.sha256(), data, len, signature, signature_len);
	/* Ed25519 has its own digest */
	if (r < 0)
		r = verify_with(key, NULL, data, len, signature, signature_len);
	lib.key_free(key);
	lib.forget();
	return r < 0 ? err_set(err, ERR_INVALID, "keys of this kind make no signatures that are known here") : r;
}
