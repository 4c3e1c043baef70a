/* image_sign.c - OpenPGP signatures of images in registries: made by the user's key, put where registries.d says; see image.h */
#include "image/image.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/str.h"
#include "codec/digest.h"
#include "codec/json_parse.h"
#include "config/conf_registries_d.h"
#include "image/image_priv.h"
#include "image/signature_store.h"

/* The first line of it. */
static int read_passphrase(const char *path, char **ret, struct err *err)
{
	size_t len = 0;
	int r = file_read(AT_FDCWD, path, LIMIT_CONFIG_FILE_BYTES, ret, &len);

	if (r < 0)
		return err_set(err, err_kind_of_errno(-r), "open %s: %s", path, err_reason(-r)); /* COMPAT */
	(*ret)[strcspn(*ret, "\r\n")] = 0;
	return 0;
}

static int make(const struct image_sign_opts *opts, const char *passphrase, const struct ref *ref, const char *digest, struct signature *ret, struct err *err)
{
	auto_free char *name = ref_text(ref);

	return signature_simple_make(opts->key, passphrase, digest, name, ret, err) < 0 ? err_wrap(err, "creating signature") : 0;
}

/* The place is looked for first: what cannot be stored need not be made. */
static int find_place(const struct ref *ref, char **ret, struct err *err)
{
	auto_val(conf_signatures) where = { 0 };
	auto_free char *name = ref_text(ref), *place = NULL;

	if (conf_registries_d_find(NULL, name, &where, err) < 0)
		return -1;
	place = where.staging ? take_ptr(where.staging) : take_ptr(where.lookaside);
	if (!place)
		return err_set(err, ERR_INVALID, "nothing says where signatures of %s lie: set lookaside-staging in %s", name, where.file);
	if (signature_store_can_put(place, err) < 0)
		return -1;
	*ret = take_ptr(place);
	return 0;
}

/* What cannot be read there is not ours. */
static bool is_there(const char *place, const struct ref *ref, const char *digest, const char *key)
{
	auto_val(signature_list) list = { 0 };
	auto_free char *name = ref_text(ref);
	struct err err = { 0 };

	if (signature_store_lookaside(place, ref->path, digest, &list, &err) < 0)
		return false;
	for (size_t i = 0; i < list.count; i++) {
		err_clear(&err);
		if (list.rows[i].kind == SIGNATURE_SIMPLE && signature_simple_is_ours(key, &list.rows[i], digest, name, &err) == 1)
			return true;
	}
	return false;
}

int image_sign_for_push(const struct image_sign_opts *opts, const struct ref *ref, const char *digest, struct signature *ret, struct err *err)
{
	auto_free char *place = NULL, *passphrase = NULL;
	int r = 0;

	if (find_place(ref, &place, err) < 0 || (opts->passphrase_file && read_passphrase(opts->passphrase_file, &passphrase, err) < 0))
		return -1;
	if (!is_there(place, ref, digest, opts->key))
		r = make(opts, passphrase, ref, digest, ret, err);
	if (passphrase)
		explicit_bzero(passphrase, strlen(passphrase));
	return r;
}

int image_sign_put(const char *dir, const struct ref *ref, const char *digest, const struct signature *signature, struct err *err)
{
	auto_free char *place = NULL;

	if (!dir && find_place(ref, &place, err) < 0)
		return -1;
	if (signature_store_put(dir ? dir : place, ref->path, digest, signature, NULL, err) < 0)
		return err_wrap(err, "storing the signature");
	return 0;
}

/* ---- of what a registry has ---- */

static int sign_one(const struct image_sign_opts *opts, const char *dir, const struct ref *ref, const char *digest, struct err *err)
{
	auto_val(signature) signature = { 0 };

	if (make(opts, NULL, ref, digest, &signature, err) < 0)
		return -1;
	return image_sign_put(dir, ref, digest, &signature, err);
}

static int sign_instances(const struct image_sign_opts *opts, const char *dir, const struct ref *ref, const char *data, size_t len, struct err *err)
{
	auto_val(manifest) index = { 0 };

	if (manifest_parse(data, len, NULL, &index, err) < 0)
		return -1;
	for (size_t i = 0; i < index.entry_count; i++)
		if (sign_one(opts, dir, ref, index.entries[i].digest, err) < 0)
			return -1;
	return 0;
}

static char *url_dup(const char *dir)
{
	auto_free char *real = dir ? realpath(dir, NULL) : NULL;

	return real ? mem_printf("file://%s", real) : NULL;
}

int image_sign(const char *word, const struct image_sign_opts *opts, struct err *err)
{
	auto_val(ref) ref = { 0 };
	auto_free char *data = NULL, *digest = NULL, *url = url_dup(opts->dir);
	const char *plain = str_after(word, "docker://");
	size_t len = 0;
	struct image_pull_opts pull = { .authfile = opts->authfile, .cert_dir = opts->cert_dir };

	if (opts->dir && !url)
		return err_sys(err, errno, "the directory '%s'", opts->dir);
	if (ref_parse_full(plain ? plain : word, &ref, err) < 0 || image_remote_manifest(word, &pull, &data, &len, err) < 0)
		return -1;
	ref_normalize(&ref);
	if (digest_of(NULL, data, len, &digest, err) < 0)
		return -1;
	if (opts->all && sign_instances(opts, url, &ref, data, len, err) < 0)
		return -1;
	return sign_one(opts, url, &ref, digest, err);
}
