/* signature_simple.c - signatures by OpenPGP, and the keys of both kinds; see signature.h */
#include "image/signature_keys.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/str.h"

/* ---- keys ---- */

void signature_keys_close(struct signature_keys *keys)
{
	if (!keys)
		return;
	gpg_ring_close(keys->ring);
	strv_free(keys->pems);
	free(keys);
}

static int add_key(struct signature_keys *keys, const char *data, size_t len, struct err *err)
{
	if (keys->ring)
		return gpg_ring_add(keys->ring, data, len, err);
	strv_add_take(&keys->pems, mem_strndup(data, len));
	return 0;
}

static int add_file(struct signature_keys *keys, const char *path, struct err *err)
{
	auto_free char *data = NULL, *real = realpath(path, NULL);
	size_t len = 0;
	int r = real ? file_read(AT_FDCWD, real, LIMIT_CONFIG_FILE_BYTES, &data, &len) : -errno;

	if (r < 0)
		return err_sys(err, -r, "cannot read the key '%s'", path);
	return add_key(keys, data, len, err) < 0 ? err_wrap(err, "the key '%s'", path) : 0;
}

int signature_keys_open(const struct conf_requirement *req, struct signature_keys **ret, struct err *err)
{
	auto_ptr(signature_keys) keys = mem_alloc(sizeof(*keys));

	if (req->kind == CONF_REQUIRE_SIGNED_BY && gpg_ring_open(&keys->ring, err) < 0)
		return -1;
	for (size_t i = 0; i < req->key_count; i++) {
		const struct conf_key *key = &req->keys[i];

		if (key->path ? add_file(keys, key->path, err) < 0 : add_key(keys, key->data, key->len, err) < 0)
			return key->path ? -1 : err_wrap(err, "the key in the policy");
	}
	*ret = take_ptr(keys);
	return 0;
}

int signature_keys_names(struct signature_keys *keys, char ***ret, struct err *err)
{
	return keys->ring ? gpg_ring_names(keys->ring, ret, err) : 0;
}

/* ---- signatures ---- */

int signature_simple_check(struct signature_keys *keys, const struct signature *signature, struct signature_claim *ret, struct err *err)
{
	auto_free char *content = NULL, *key = NULL;
	size_t len = 0;

	if (gpg_ring_verify(keys->ring, signature->data, signature->len, &content, &len, &key, err) < 0)
		return -1;
	return signature_claim_parse(SIGNATURE_SIMPLE, content, len, ret, err);
}

int signature_simple_make(const char *key, const char *passphrase, const char *digest, const char *reference, struct signature *ret,
			  struct err *err)
{
	auto_free char *claim = signature_claim_make(digest, reference, (long long)time(NULL));

	ret->kind = SIGNATURE_SIMPLE;
	return gpg_sign(key, passphrase, claim, strlen(claim), &ret->data, &ret->len, err);
}

int signature_simple_is_ours(const char *key, const struct signature *signature, const char *digest, const char *reference, struct err *err)
{
	auto_val(signature_claim) claim = { 0 };
	auto_free char *content = NULL;
	size_t len = 0;
	int r = gpg_is_by(key, signature->data, signature->len, &content, &len, err);

	if (r <= 0 || signature_claim_parse(SIGNATURE_SIMPLE, content, len, &claim, err) < 0)
		return r <= 0 ? r : -1;
	return strcmp(claim.digest, digest) == 0 && strcmp(claim.reference, reference) == 0;
}
