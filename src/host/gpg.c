/* gpg.c - see gpg.h */
#include "host/gpg.h"

#include <errno.h>
#include <fcntl.h>
#include <gpgme.h>
#include <string.h>
#include <unistd.h>

#include "base/dl.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/str.h"

static struct {
	void *handle;
	__typeof__(gpgme_check_version) *check_version;
	__typeof__(gpgme_engine_check_version) *engine_check;
	__typeof__(gpgme_new) *ctx_new;
	__typeof__(gpgme_release) *ctx_free;
	__typeof__(gpgme_ctx_set_engine_info) *set_home;
	__typeof__(gpgme_set_pinentry_mode) *set_pinentry;
	__typeof__(gpgme_set_passphrase_cb) *set_passphrase;
	__typeof__(gpgme_data_new_from_mem) *data_of;
	__typeof__(gpgme_data_new_from_cbs) *data_to;
	__typeof__(gpgme_data_release) *data_free;
	__typeof__(gpgme_op_import) *import;
	__typeof__(gpgme_op_import_result) *import_result;
	__typeof__(gpgme_op_verify) *verify;
	__typeof__(gpgme_op_verify_result) *verify_result;
	__typeof__(gpgme_op_sign) *sign;
	__typeof__(gpgme_signers_add) *add_signer;
	__typeof__(gpgme_op_keylist_start) *list_start;
	__typeof__(gpgme_op_keylist_next) *list_next;
	__typeof__(gpgme_op_keylist_end) *list_end;
	__typeof__(gpgme_key_unref) *key_free;
	__typeof__(gpgme_strerror) *reason;
} lib; /* a cache behind dlopen */

#define SYMBOL(name_, slot_) { .name = (name_), .slot = (void **)&lib.slot_ }
static const struct dl_symbol symbols[] = {
	SYMBOL("gpgme_check_version", check_version),
	SYMBOL("gpgme_engine_check_version", engine_check),
	SYMBOL("gpgme_new", ctx_new),
	SYMBOL("gpgme_release", ctx_free),
	SYMBOL("gpgme_ctx_set_engine_info", set_home),
	SYMBOL("gpgme_set_pinentry_mode", set_pinentry),
	SYMBOL("gpgme_set_passphrase_cb", set_passphrase),
	SYMBOL("gpgme_data_new_from_mem", data_of),
	SYMBOL("gpgme_data_new_from_cbs", data_to),
	SYMBOL("gpgme_data_release", data_free),
	SYMBOL("gpgme_op_import", import),
	SYMBOL("gpgme_op_import_result", import_result),
	SYMBOL("gpgme_op_verify", verify),
	SYMBOL("gpgme_op_verify_result", verify_result),
	SYMBOL("gpgme_op_sign", sign),
	SYMBOL("gpgme_signers_add", add_signer),
	SYMBOL("gpgme_op_keylist_start", list_start),
	SYMBOL("gpgme_op_keylist_next", list_next),
	SYMBOL("gpgme_op_keylist_end", list_end),
	SYMBOL("gpgme_key_unref", key_free),
	SYMBOL("gpgme_strerror", reason),
};

static int load(struct err *err)
{
	static const char *const sonames[] = { "libgpgme.so.11", "libgpgme.so.45", NULL };

	if (lib.handle)
		return 0;
	if (dl_load(sonames, "libgpgme11", symbols, ARRAY_LEN(symbols), &lib.handle, err) < 0)
		return -1;
	lib.check_version(NULL);
	return 0;
}

static int need_gpg(struct err *err)
{
	if (load(err) < 0)
		return -1;
	if (lib.engine_check(GPGME_PROTOCOL_OpenPGP))
		return err_set(err, ERR_UNSUPPORTED, "signatures are checked and made by the program 'gpg': install the package gpg");
	return 0;
}

/* ---- bytes in and out ---- */

/* What gpg writes, as long as it is not too much. */
static ssize_t keep(void *handle, const void *data, size_t len)
{
	struct str *out = handle;

	if (out->len + len > LIMIT_SIGNATURE_BYTES) {
		errno = EFBIG;
		return -1;
	}
	str_add_mem(out, data, len);
	return (ssize_t)len;
}

static struct gpgme_data_cbs keep_calls = { .write = keep };

struct data {
	gpgme_data_t at;
};
static void data_done(struct data *d)
{
	if (d->at)
		lib.data_free(d->at);
}
AUTO_VAL(data, data_done);

static void data_from(struct data *d, const char *bytes, size_t len)
{
	if (lib.data_of(&d->at, bytes, len, 0))
		abort(); /* out of memory */
}

static void data_into(struct data *d, struct str *out)
{
	if (lib.data_to(&d->at, &keep_calls, out))
		abort();
}

/* ---- the ring ---- */

struct gpg_ring {
	char *home; /* NULL: the user's */
	gpgme_ctx_t ctx;
};

void gpg_ring_close(struct gpg_ring *ring)
{
	if (!ring)
		return;
	if (ring->ctx)
		lib.ctx_free(ring->ctx);
	if (ring->home && file_remove_tree(AT_FDCWD, ring->home) < 0)
		log_debug("cannot remove '%s'", ring->home);
	free(ring->home);
	free(ring);
}

static struct gpg_ring *ring_new(void)
{
	struct gpg_ring *ring = mem_alloc(sizeof(*ring));

	if (lib.ctx_new(&ring->ctx))
		abort();
	return ring;
}

int gpg_ring_open(struct gpg_ring **ret, struct err *err)
{
	const char *tmp = getenv("TMPDIR");
	auto_ptr(gpg_ring) ring = NULL;

	if (need_gpg(err) < 0)
		return -1;
	ring = ring_new();
	ring->home = mem_printf("%s/cpod-keys.XXXXXX", tmp && *tmp == '/' ? tmp : "/tmp");
	if (!mkdtemp(ring->home)) {
		int errnum = errno;

		err_sys(err, errnum, "cannot make the directory '%s' for the keys", ring->home);
		free(take_ptr(ring->home));
		return -1;
	}
	if (lib.set_home(ring->ctx, GPGME_PROTOCOL_OpenPGP, NULL, ring->home))
		return err_set(err, ERR_INTERNAL, "gpgme takes no other home");
	*ret = take_ptr(ring);
	return 0;
}

int gpg_ring_add(struct gpg_ring *ring, const char *data, size_t len, struct err *err)
{
	auto_val(data) keys = { 0 };
	gpgme_error_t e;
	gpgme_import_result_t result;

	data_from(&keys, data, len);
	e = lib.import(ring->ctx, keys.at);
	result = e ? NULL : lib.import_result(ring->ctx);
	/* what was there already is no failure */
	if (!result || result->considered == result->not_imported)
		return err_set(err, ERR_INVALID, "it holds no OpenPGP key");
	return 0;
}

/* One signature, by a key of the ring, that says nothing but yes. */
static int check_signature(const struct _gpgme_signature *s, struct err *err)
{
	if (!s)
		return err_set(err, ERR_INVALID, "it carries no signature");
	if (s->next)
		return err_set(err, ERR_DENIED, "it carries several signatures");
	if (gpgme_err_code(s->status) == GPG_ERR_NO_PUBKEY)
		return err_set(err, ERR_DENIED, "it is by another key (%.64s)", s->fpr ? s->fpr : "unknown");
	if (s->status)
		return err_set(err, ERR_DENIED, "it does not hold (%s)", lib.reason(s->status));
	if (s->validity == GPGME_VALIDITY_NEVER || s->validity_reason || s->wrong_key_usage)
		return err_set(err, ERR_DENIED, "its key is not one to sign with");
	return 0;
}

int gpg_ring_verify(struct gpg_ring *ring, const char *message, size_t len, char **ret_content, size_t *ret_len, char **ret_key,
		    struct err *err)
{
	auto_val(data) in = { 0 }, out = { 0 };
	auto_str content = { 0 };
	gpgme_error_t e;
	gpgme_verify_result_t result;

	/* a signed message, in its binary form: not text with a signature below it, which may say more than is signed */
	if (!len || len > LIMIT_SIGNATURE_BYTES || !(message[0] & 0x80))
		return err_set(err, ERR_INVALID, "it is no signed OpenPGP message");
	data_from(&in, message, len);
	data_into(&out, &content);
	e = lib.verify(ring->ctx, in.at, NULL, out.at);
	result = e ? NULL : lib.verify_result(ring->ctx);
	if (!result)
		return err_set(err, ERR_INVALID, "it is no signed OpenPGP message (%s)", lib.reason(e));
	if (check_signature(result->signatures, err) < 0)
		return -1;
	*ret_key = mem_strdup(result->signatures->fpr);
	*ret_len = content.len;
	*ret_content = str_take(&content);
	return 0;
}

int gpg_ring_names(struct gpg_ring *ring, char ***ret, struct err *err)
{
	gpgme_key_t key = NULL;

	if (lib.list_start(ring->ctx, NULL, 0))
		return err_set(err, ERR_SYSTEM, "gpg does not list its keys");
	while (!lib.list_next(ring->ctx, &key)) {
		for (const struct _gpgme_user_id *u = key->uids; u; u = u->next)
			strv_add(ret, u->email && *u->email ? u->email : u->uid);
		lib.key_free(key);
	}
	lib.list_end(ring->ctx);
	return 0;
}

/* ---- signing ---- */

static int find_key(struct gpg_ring *ring, const char *name, gpgme_key_t *ret, struct err *err)
{
	gpgme_error_t e = lib.list_start(ring->ctx, name, 1);

	if (!e)
		e = lib.list_next(ring->ctx, ret);
	lib.list_end(ring->ctx);
	return e || !*ret ? err_set(err, ERR_NOT_FOUND, "no secret key \"%s\" is known to gpg: gpg --list-secret-keys shows those that are", name) : 0;
}

static int use_key(struct gpg_ring *ring, const char *name, struct err *err)
{
	gpgme_key_t key = NULL;
	gpgme_error_t e;

	if (find_key(ring, name, &key, err) < 0)
		return -1;
	e = lib.add_signer(ring->ctx, key);
	lib.key_free(key);
	return e ? err_set(err, ERR_INVALID, "the key \"%s\" cannot sign (%s)", name, lib.reason(e)) : 0;
}

static bool has_part(gpgme_key_t key, const char *fingerprint)
{
	for (const struct _gpgme_subkey *part = key->subkeys; part; part = part->next)
		if (str_eq(part->fpr, fingerprint))
			return true;
	return false;
}

int gpg_is_by(const char *key, const char *message, size_t len, char **ret_content, size_t *ret_len, struct err *err)
{
	auto_ptr(gpg_ring) ring = NULL;
	auto_free char *content = NULL, *fingerprint = NULL;
	gpgme_key_t found = NULL;
	size_t content_len = 0;
	bool is_by;

	if (need_gpg(err) < 0)
		return -1;
	ring = ring_new();
	if (gpg_ring_verify(ring, message, len, &content, &content_len, &fingerprint, err) < 0 || find_key(ring, key, &found, err) < 0)
		return -1;
	is_by = has_part(found, fingerprint);
	lib.key_free(found);
	*ret_len = content_len;
	*ret_content = is_by ? take_ptr(content) : NULL;
	return is_by;
}

static gpgme_error_t give_passphrase(void *hook, const char *hint, const char *info, int was_bad, int fd)
{
	const char *passphrase = hook;

	if (was_bad || fd_write_full(fd, passphrase, strlen(passphrase)) < 0 || fd_write_full(fd, "\n", 1) < 0)
		return gpgme_error(GPG_ERR_CANCELED);
	return 0;
}

int gpg_sign(const char *key, const char *passphrase, const char *content, size_t len, char **ret, size_t *ret_len, struct err *err)
{
	auto_ptr(gpg_ring) ring = NULL;
	auto_val(data) in = { 0 }, out = { 0 };
	auto_str message = { 0 };
	gpgme_error_t e;

	if (need_gpg(err) < 0)
		return -1;
	ring = ring_new();
	if (use_key(ring, key, err) < 0)
		return -1;
	if (passphrase) {
		lib.set_pinentry(ring->ctx, GPGME_PINENTRY_MODE_LOOPBACK);
		lib.set_passphrase(ring->ctx, give_passphrase, (void *)passphrase);
	}
	data_from(&in, content, len);
	data_into(&out, &message);
	e = lib.sign(ring->ctx, in.at, out.at, GPGME_SIG_MODE_NORMAL);
	if (e)
		return err_set(err, ERR_DENIED, "gpg does not sign with the key \"%s\" (%s)", key, lib.reason(e));
	*ret_len = message.len;
	*ret = str_take(&message);
	return 0;
}
