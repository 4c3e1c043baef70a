/* digest.c - see digest.h */
#include <stdlib.h>
#include <string.h>

/* their type has the name of one of our kinds */
#define ERR_STATE openssl_ERR_STATE
#include <openssl/evp.h>
#undef ERR_STATE

#include "codec/digest.h"
#include "base/dl.h"
#include "base/str.h"

static struct {
	void *handle;
	__typeof__(EVP_MD_CTX_new) *ctx_new;
	__typeof__(EVP_MD_CTX_free) *ctx_free;
	__typeof__(EVP_MD_CTX_copy_ex) *ctx_copy;
	__typeof__(EVP_DigestInit_ex) *init;
	__typeof__(EVP_DigestUpdate) *update;
	__typeof__(EVP_DigestFinal_ex) *final;
	__typeof__(EVP_sha256) *sha256;
	__typeof__(EVP_sha512) *sha512;
} lib;

#define SYMBOL(name_, slot_) { .name = (name_), .slot = (void **)&lib.slot_ }
static const struct dl_symbol symbols[] = {
	SYMBOL("EVP_MD_CTX_new", ctx_new),
	SYMBOL("EVP_MD_CTX_free", ctx_free),
	SYMBOL("EVP_MD_CTX_copy_ex", ctx_copy),
	SYMBOL("EVP_DigestInit_ex", init),
	SYMBOL("EVP_DigestUpdate", update),
	SYMBOL("EVP_DigestFinal_ex", final),
	SYMBOL("EVP_sha256", sha256),
	SYMBOL("EVP_sha512", sha512),
};

struct digest {
	EVP_MD_CTX *ctx;
	const char *prefix;
};

int digest_prepare(struct err *err)
{
	static const char *const sonames[] = { "libcrypto.so.3", "libcrypto.so.1.1", NULL };

	return dl_load(sonames, "libssl3", symbols, ARRAY_LEN(symbols), &lib.handle, err);
}

int digest_open(const char *like, struct digest **ret, struct err *err)
{
	auto_ptr(digest) d = mem_alloc(sizeof(*d));
	const EVP_MD *md;

	if (digest_prepare(err) < 0)
		return -1;
	if (!like || str_starts(like, "sha256:")) {
		md = lib.sha256();
		d->prefix = "sha256:";
	} else if (str_starts(like, "sha512:")) {
		md = lib.sha512();
		d->prefix = "sha512:";
	} else {
		return err_set(err, ERR_UNSUPPORTED, "the digest '%.40s' is of an unknown algorithm", like);
	}
	d->ctx = lib.ctx_new();
	if (!d->ctx || !lib.init(d->ctx, md, NULL))
		return err_set(err, ERR_UNSUPPORTED, "libcrypto does not compute %.6s here", d->prefix);
	*ret = take_ptr(d);
	return 0;
}

void digest_add(struct digest *d, const void *data, size_t len)
{
	/* fails only when misused */
	if (!lib.update(d->ctx, data, len))
		abort();
}

struct digest_text digest_now(const struct digest *d)
{
	static const char hex[] = "0123456789abcdef";
	struct digest_text ret = { 0 };
	unsigned char bytes[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	EVP_MD_CTX *copy = lib.ctx_new();
	char *p = ret.text;

	if (!copy || !lib.ctx_copy(copy, d->ctx) || !lib.final(copy, bytes, &len))
		abort();
	lib.ctx_free(copy);
	memcpy(p, d->prefix, strlen(d->prefix));
	p += strlen(d->prefix);
	for (unsigned i = 0; i < len && i < 64; i++) {
		*p++ = hex[bytes[i] >> 4];
		*p++ = hex[bytes[i] & 15];
	}
	return ret;
}

void digest_free(struct digest *d)
{
	if (!d)
		return;
	if (d->ctx)
		lib.ctx_free(d->ctx);
	free(d);
}

int digest_of(const char *like, const void *data, size_t len, char **ret, struct err *err)
{
	auto_ptr(digest) d = NULL;
	struct digest_text text;

	if (digest_open(like, &d, err) < 0)
		return -1;
	digest_add(d, data, len);
	text = digest_now(d);
	*ret = mem_strdup(text.text);
	return 0;
}
