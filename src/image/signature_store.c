/* signature_store.c - see signature_store.h */
#include "image/signature_store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/str.h"
#include "codec/json_parse.h"
#include "image/ref.h"

#define MADE_ANNOTATION "dev.cosignproject.cosign/signature"
#define CLAIM_TYPE "application/vnd.dev.cosign.simplesigning.v1+json"

/* "a/b@sha256=HEX" */
static char *place_dup(const char *repository, const char *digest)
{
	char *place = mem_printf("%s@%s", repository, digest);

	*strrchr(place, ':') = '=';
	return place;
}

static int add(struct signature_list *ret, const char *data, size_t len, const char *where, struct err *err)
{
	auto_val(signature) one = { 0 };

	if (signature_parse(data, len, &one, err) < 0)
		return err_wrap(err, "the signature '%s'", where);
	return signature_list_add(ret, &one, err);
}

/* ---- files ---- */

/* 1: there was one, 0: there is none. */
static int add_file(int dir_fd, const char *name, struct signature_list *ret, struct err *err)
{
	auto_free char *data = NULL;
	size_t len = 0;
	int r = file_read(dir_fd, name, LIMIT_SIGNATURE_BYTES, &data, &len);

	if (r == -ENOENT || r == -ENOTDIR)
		return 0;
	if (r < 0)
		return err_sys(err, -r, "cannot read the signature '%s'", name);
	return add(ret, data, len, name, err) < 0 ? -1 : 1;
}

int signature_store_dir(int dir_fd, struct signature_list *ret, struct err *err)
{
	int r = 1;

	for (unsigned n = 1; r == 1; n++) {
		auto_free char *name = mem_printf("signature-%u", n);

		r = add_file(dir_fd, name, ret, err);
	}
	return r;
}

static int lookaside_dir(const char *path, struct signature_list *ret, struct err *err)
{
	auto_close int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (fd < 0)
		return err_sys(err, errno, "cannot open '%s'", path);
	return signature_store_dir(fd, ret, err);
}

/* ---- HTTP ---- */

static int add_url(struct http_client *client, const char *url, struct signature_list *ret, struct err *err)
{
	struct http_request request = { .url = url, .max_body = LIMIT_SIGNATURE_BYTES };
	auto_ptr(http_transfer) transfer = NULL;
	const char *body;
	size_t len = 0;

	if (http_fetch(client, &request, &transfer, err) < 0)
		return err_wrap(err, "asking for the signature '%s'", url);
	if (http_status(transfer) == 404)
		return 0;
	if (http_status(transfer) != 200)
		return err_set(err, ERR_NETWORK, "asking for the signature '%s': the answer is %d", url, http_status(transfer));
	body = http_body(transfer, &len);
	return add(ret, body, len, url, err) < 0 ? -1 : 1;
}

static int lookaside_url(const char *url, struct signature_list *ret, struct err *err)
{
	struct http_client_opts opts = { 0 };
	auto_ptr(http_client) client = NULL;
	int r = 1;

	if (http_client_open(&opts, &client, err) < 0)
		return -1;
	for (unsigned n = 1; r == 1; n++) {
		auto_free char *one = mem_printf("%s/signature-%u", url, n);

		r = add_url(client, one, ret, err);
	}
	return r;
}

int signature_store_lookaside(const char *url, const char *repository, const char *digest, struct signature_list *ret, struct err *err)
{
	auto_free char *place = place_dup(repository, digest), *full = mem_printf("%s/%s", url, place);
	const char *path = str_after(full, "file://");

	if (path && *path == '/')
		return lookaside_dir(path, ret, err);
	if (str_starts(url, "http://") || str_starts(url, "https://"))
		return lookaside_url(full, ret, err);
	return err_set(err, ERR_INVALID, "the lookaside '%s' is neither file:///PATH nor http nor https", url);
}

/* ---- attached ---- */

static int add_attached(struct registry *registry, const struct json *layer, struct signature_list *ret, struct err *err)
{
	const char *digest = json_get_str(layer, "digest", ""), *made = json_get_str(json_get(layer, "annotations"), MADE_ANNOTATION, "");
	auto_val(registry_doc) blob = { 0 };
	auto_val(signature) one = { .kind = SIGNATURE_SIGSTORE };

	/* attestations and the like lie here, too */
	if (strcmp(json_get_str(layer, "mediaType", ""), CLAIM_TYPE) != 0 || !*made)
		return 0;
	if (!ref_digest_valid(digest))
		return err_set(err, ERR_INVALID, "the signature has no digest");
	if (ret->count >= SIGNATURES_MAX)
		return err_set(err, ERR_LIMIT, "the image has more than %d signatures", SIGNATURES_MAX);
	if (registry_small_blob(registry, digest, json_get_u64(layer, "size", UINT64_MAX), &blob, err) < 0)
		return -1;
	one.data = take_ptr(blob.data);
	one.len = blob.len;
	one.made = mem_strdup(made);
	return signature_list_add(ret, &one, err);
}

int signature_store_attached(struct registry *registry, const char *digest, struct signature_list *ret, struct err *err)
{
	auto_free char *tag = mem_printf("%s.sig", digest);
	auto_val(registry_doc) doc = { 0 };
	auto_ptr(json) manifest = NULL;
	const struct json *layers;

	*strchr(tag, ':') = '-';
	if (registry_manifest(registry, tag, &doc, err) < 0) {
		if (!err_is(err, ERR_NOT_FOUND))
			return err_wrap(err, "asking for the signatures '%s'", tag);
		err_clear(err);
		return 0;
	}
	if (json_parse_object(doc.data, doc.len, LIMIT_JSON_DEPTH_OUTSIDE, JSON_PARSE_UNIQUE, &manifest, err) < 0)
		return err_wrap(err, "the signatures '%s'", tag);
	layers = json_get(manifest, "layers");
	for (size_t i = 0; i < json_len(layers); i++)
		if (add_attached(registry, json_at(layers, i), ret, err) < 0)
			return err_wrap(err, "the signatures '%s'", tag);
	return 0;
}

/* ---- putting ---- */

int signature_store_can_put(const char *url, struct err *err)
{
	if (str_starts(url, "file:///"))
		return 0;
	return err_set(err, ERR_UNSUPPORTED, "a signature can be written to file:///PATH only, not to '%s': set lookaside-staging in registries.d", url);
}

int signature_store_put(const char *url, const char *repository, const char *digest, const struct signature *signature, char **ret_path,
			struct err *err)
{
	const char *base = str_after(url, "file://");
	auto_free char *place = place_dup(repository, digest), *dir = base ? mem_printf("%s/%s", base, place) : NULL;
	auto_close int fd = -EBADF;
	int r;

	if (signature_store_can_put(url, err) < 0)
		return -1;
	r = file_mkdirs(AT_FDCWD, dir, 0755);
	if (r == 0) {
		fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		r = fd < 0 ? -errno : -EEXIST;
	}
	/* another may sign at the same time */
	for (unsigned n = 1; r == -EEXIST && n <= SIGNATURES_MAX; n++) {
		auto_free char *name = mem_printf("signature-%u", n);

		r = file_write(fd, name, 0644, signature->data, signature->len, FILE_DURABLE | FILE_EXCLUSIVE);
		if (r == 0 && ret_path)
			*ret_path = mem_printf("%s/%s", dir, name);
	}
	if (r == -EEXIST)
		return err_set(err, ERR_LIMIT, "'%s' holds %d signatures already", dir, SIGNATURES_MAX);
	return r < 0 ? err_sys(err, -r, "cannot write a signature to '%s'", dir) : 0;
}
