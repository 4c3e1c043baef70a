/* image_push.c - an image of the store to a registry; see image.h
 *
 * Order: layers → configuration → manifest: whoever finds the manifest finds all it names. The manifest goes out as the bytes
 * that came in, unless a layer had to be compressed anew or another flavour is asked for.
 */
#include "image/image.h"

#include <string.h>

#include "base/str.h"
#include "codec/digest.h"
#include "config/conf_registries.h"
#include "image/image_priv.h"
#include "image/layer_send.h"
#include "image/registry.h"
#include "image/signature.h"
#include "image/upload.h"

enum { FROM_MAX = 3 }; /* repositories asked for a mount */

struct push {
	struct store *store;
	const struct image_push_opts *opts;
	struct image *image;
	struct ref dest;
	struct registry *registry;
	char *manifest_data, *config, *config_digest;
	size_t manifest_len, config_len;
	struct manifest manifest;
	bool docker;
	enum compress_kind kind;
	struct manifest_blob *blobs;
	struct str edited;
};

static void push_done(struct push *p)
{
	image_free(p->image);
	ref_done(&p->dest);
	registry_close(p->registry);
	free(p->manifest_data);
	free(p->config);
	free(p->config_digest);
	layer_send_blobs_free(p->blobs, p->manifest.layer_count);
	manifest_done(&p->manifest);
	str_done(&p->edited);
}
AUTO_VAL(push, push_done);

/* ---- what was asked for ---- */

int image_push_compression(const struct image_push_opts *opts, enum compress_kind *ret, struct err *err)
{
	bool zstd = str_eq(opts->compression, "zstd");
	int max = zstd ? 19 : 9;

	if (opts->compression && !zstd && strcmp(opts->compression, "gzip") != 0)
		return err_set(err, ERR_USAGE, "cannot find compressor for \"%s\"", opts->compression);
	if (zstd && str_eq(opts->format, "v2s2"))
		return err_set(err, ERR_USAGE, "a manifest of the format v2s2 cannot tell of zstd layers: use --format oci");
	if (opts->level < 0 || opts->level > max)
		return err_set(err, ERR_USAGE, "the compression level %d is not between 1 and %d, as %s has them", opts->level, max,
			       zstd ? "zstd" : "gzip");
	*ret = zstd ? COMPRESS_ZSTD : COMPRESS_GZIP;
	return 0;
}

static int check(struct push *p, struct err *err)
{
	const char *format = p->opts->format;

	if (format && strcmp(format, "v2s1") == 0)
		return err_set(err, ERR_UNSUPPORTED, "manifests of the format v2s1 are not written any more: use oci or v2s2");
	if (format && strcmp(format, "oci") != 0 && strcmp(format, "v2s2") != 0)
		return err_set(err, ERR_USAGE, "unknown format \"%s\". Choose one of the supported formats: 'oci' or 'v2s2'", format);
	return image_push_compression(p->opts, &p->kind, err);
}

/* COMPAT: a word that is no reference is told as an unknown transport. */
int image_push_destination(const char *word, struct ref *ret, struct err *err)
{
	const char *plain = str_after(word, "docker://"), *colon = strchr(word, ':');
	struct err why = { 0 };

	if (ref_parse_full(plain ? plain : word, ret, &why) >= 0)
		return 0;
	if (plain)
		return err_set(err, ERR_USAGE, "Invalid image name \"%.300s\", %s", word, why.text);
	if (!colon)
		return err_set(err, ERR_USAGE, "Invalid image name \"%.300s\", expected colon-separated transport:reference", word);
	return err_set(err, ERR_USAGE, "Invalid image name \"%.300s\", unknown transport \"%.*s\"", word,
		       colon - word > 100 ? 100 : (int)(colon - word), word);
}

/* ---- what is pushed ---- */

static int read_image(struct push *p, struct err *err)
{
	if (image_db_manifest(p->store, p->image, &p->manifest_data, &p->manifest_len, err) < 0 ||
	    manifest_parse(p->manifest_data, p->manifest_len, p->image->media_type, &p->manifest, err) < 0 ||
	    image_db_config(p->store, p->image, &p->config, &p->config_len, err) < 0)
		return -1;
	if (p->manifest.layer_count != strv_len(p->image->diff_ids))
		return err_set(err, ERR_CORRUPT, "image %s: its manifest tells of %zu layers, its configuration of %zu", p->image->id,
			       p->manifest.layer_count, strv_len(p->image->diff_ids));
	p->config_digest = mem_printf("sha256:%s", p->image->id);
	p->docker = p->opts->format ? strcmp(p->opts->format, "v2s2") == 0 : str_eq(p->manifest.media_type, MANIFEST_DOCKER);
	return 0;
}

static void add_from(const struct push *p, const char *name, char ***from)
{
	auto_val(ref) ref = { 0 };
	struct err ignored = { 0 };

	if (strv_len(*from) < FROM_MAX && ref_parse(name, &ref, &ignored) == 0 && str_eq(ref.domain, p->dest.domain) &&
	    strcmp(ref.path, p->dest.path) != 0 && !strv_has(*from, ref.path))
		strv_add(from, ref.path);
}

/* Repositories of the same registry that the image is known in. */
static char **from_dup(const struct push *p)
{
	char **from = NULL;

	for (char *const *d = p->image->digests; d && *d; d++)
		add_from(p, *d, &from);
	for (char *const *n = p->image->names; n && *n; n++)
		add_from(p, *n, &from);
	return from;
}

/* ---- the registry ---- */

/* COMPAT: a push goes where its name says; registries.conf may only forbid it, or allow plain HTTP. */
int image_push_open(const struct ref *dest, const struct image_push_opts *asked, char *const *from, struct registry **ret, struct err *err)
{
	auto_free char *name = ref_repository(dest);
	auto_val(conf_auth) auth = { 0 };
	auto_val(conf_route) route = { 0 };

	if (conf_registries_route(name, &route, err) < 0 || conf_route_allows(&route, name, err) < 0 ||
	    image_find_auth(asked->creds, asked->authfile, dest, &auth, err) < 0)
		return -1;
	struct registry_opts opts = {
		.host = dest->domain, .repository = dest->path, .push = true, .also = from, .auth = &auth,
		.cert_dir = asked->cert_dir, .insecure = asked->insecure || route.insecure,
		.retries = asked->retries > 0 ? (unsigned)asked->retries : 0, .no_retry = asked->retries < 0,
		.retry_delay_ms = asked->retry_delay_ms, .idle_s = asked->idle_s,
	};

	return registry_open(&opts, ret, err);
}

static int send_layers(struct push *p, struct err *err)
{
	auto_strv from = from_dup(p);
	const char *first = p->image->diff_ids && *p->image->diff_ids ? *p->image->diff_ids : p->config_digest;
	struct layer_send_opts opts = {
		.manifest = &p->manifest, .kind = p->kind, .level = p->opts->level, .force = p->opts->force,
		.no_zstd = str_eq(p->opts->format, "v2s2"), .from = from, .parallel = p->opts->parallel, .progress = p->opts->progress,
	};

	for (char *const *d = p->image->diff_ids; p->opts->progress && d && *d; d++)
		p->opts->progress->item(p->opts->progress->ctx, "blob", *d, IMAGE_STEP_WAIT, 0, 0);
	if (image_push_open(&p->dest, p->opts, from, &p->registry, err) < 0)
		return err_wrap(err, "trying to reuse blob %s at destination", first);
	return layer_send(p->store, p->registry, p->image->diff_ids, &opts, &p->blobs, err);
}

static int send_config(struct push *p, struct err *err)
{
	const struct image_progress *progress = p->opts->progress;
	bool sent = false;

	if (upload_small(p->registry, p->config_digest, p->config, p->config_len, &sent, err) < 0)
		return -1;
	if (progress)
		progress->item(progress->ctx, "config", p->config_digest, IMAGE_STEP_DONE, p->config_len, p->config_len);
	return 0;
}

/* ---- the manifest ---- */

static bool is_unchanged(const struct push *p)
{
	if (p->docker != (str_eq(p->manifest.media_type, MANIFEST_DOCKER) != 0))
		return false;
	for (size_t i = 0; i < p->manifest.layer_count; i++)
		if (strcmp(p->blobs[i].digest, p->manifest.layers[i].digest) != 0)
			return false;
	return true;
}

static int make_manifest(struct push *p, const char **ret_data, size_t *ret_len, struct err *err)
{
	struct manifest_edit how = { .data = p->manifest_data, .len = p->manifest_len, .layers = p->blobs,
				     .layer_count = p->manifest.layer_count };

	*ret_data = p->manifest_data;
	*ret_len = p->manifest_len;
	/* COMPAT: Docker's manifests know no zstd */
	for (size_t i = 0; i < p->manifest.layer_count; i++)
		if (str_eq(p->blobs[i].media_type, "+zstd"))
			p->docker = false;
	if (is_unchanged(p))
		return 0;
	how.docker = p->docker;
	if (manifest_edit(&how, &p->edited, err) < 0)
		return -1;
	*ret_data = p->edited.data;
	*ret_len = p->edited.len;
	return 0;
}

static int sign(const struct push *p, const char *digest, struct signature *ret, struct err *err)
{
	image_say(p->opts->progress, "Creating signature: Signing image using simple signing");
	return image_sign_for_push(&p->opts->sign, &p->dest, digest, ret, err);
}

static int store_signature(const struct push *p, const char *digest, const struct signature *signature, struct err *err)
{
	image_say(p->opts->progress, "Storing signatures");
	return image_sign_put(NULL, &p->dest, digest, signature, err);
}

static int send_manifest(struct push *p, char **ret_digest, struct err *err)
{
	auto_val(signature) signature = { 0 };
	auto_free char *digest = NULL;
	const char *data, *type;
	size_t len;

	if (make_manifest(p, &data, &len, err) < 0 || digest_of(NULL, data, len, &digest, err) < 0)
		return -1;
	if (p->dest.digest && strcmp(p->dest.digest, digest) != 0)
		return err_set(err, ERR_MISMATCH, "Digest of source image's manifest would not match destination reference");
	type = p->docker ? MANIFEST_DOCKER : MANIFEST_OCI;
	image_say(p->opts->progress, "Writing manifest to image destination");
	if (p->opts->sign.key && sign(p, digest, &signature, err) < 0)
		return -1;
	const char *reference = p->opts->instance ? digest : p->dest.digest ? p->dest.digest : p->dest.tag;
	if (registry_put_manifest(p->registry, reference, type, data, len, digest, err) < 0)
		return -1;
	if (signature.data && store_signature(p, digest, &signature, err) < 0)
		return -1;
	if (p->opts->instance)
		*p->opts->instance = (struct image_pushed){ .media_type = type, .size = len };
	*ret_digest = take_ptr(digest);
	return 0;
}

int image_push(struct store *store, const char *word, const char *destination, const struct image_push_opts *opts,
	       char **ret_digest, char ret_id[STORE_ID_MAX + 1], struct err *err)
{
	__attribute__((unused)) auto_val(image_quiet_pipe) quiet = image_quiet_pipe();
	auto_val(push) p = { .store = store, .opts = opts };
	auto_free char *name = NULL;

	if (destination && image_file_is(destination))
		return image_push_file(store, word, destination, opts, ret_digest, ret_id, err);
	if (opts->compress)
		return err_set(err, ERR_USAGE, "--compress is for the transport dir:");
	if (check(&p, err) < 0 || image_resolve(store, word, &p.image, &name, err) < 0)
		return -1;
	/* COMPAT: an id is taken as a name of docker.io */
	if (image_push_destination(destination ? destination : name ? name : word, &p.dest, err) < 0 || read_image(&p, err) < 0)
		return -1;
	/* no digest but the one it came with can be promised before */
	image_say(opts->progress, "Getting image source signatures");
	if (send_layers(&p, err) < 0 || send_config(&p, err) < 0 || send_manifest(&p, ret_digest, err) < 0)
		return -1;
	memcpy(ret_id, p.image->id, STORE_ID_MAX + 1);
	return 0;
}
