/* artifact_push.c - an artifact of the store to a registry; see image.h */
#include "image/image.h"

#include "base/fd.h"
#include "base/str.h"
#include "image/artifact_manifest.h"
#include "image/image_priv.h"
#include "image/manifest.h"
#include "image/registry.h"
#include "image/upload.h"
#include "storage/artifact_db.h"

struct artifact_cargo {
	struct store *store;
	struct artifact *artifact;
	struct artifact_manifest manifest;
	struct ref dest;
	struct registry *registry;
	const struct image_progress *progress;
};

static void artifact_cargo_done(struct artifact_cargo *c)
{
	artifact_free(c->artifact);
	artifact_manifest_done(&c->manifest);
	ref_done(&c->dest);
	registry_close(c->registry);
}
AUTO_VAL(artifact_cargo, artifact_cargo_done);

struct sending {
	const struct artifact_cargo *cargo;
	const struct artifact_blob *blob;
};

static void tell(const struct artifact_cargo *c, const char *kind, const struct artifact_blob *blob, enum image_step step, uint64_t sent)
{
	if (c->progress)
		c->progress->item(c->progress->ctx, kind, blob->digest, step, sent, blob->size);
}

static void tell_sent(void *ctx, uint64_t sent)
{
	const struct sending *s = ctx;

	tell(s->cargo, "blob", s->blob, IMAGE_STEP_LOAD, sent);
}

static int send_blob(const struct artifact_cargo *c, const char *kind, const struct artifact_blob *blob, struct err *err)
{
	struct sending sending = { .cargo = c, .blob = blob };
	auto_close int fd = -EBADF;
	bool sent = false;

	if (!str_starts(blob->digest, "sha256:"))
		return err_set(err, ERR_UNSUPPORTED, "blob %.20s… is named by another digest than sha256: it cannot be pushed yet", blob->digest);
	if (artifact_db_open_blob(c->store, c->artifact, blob->digest, &fd, err) < 0 ||
	    upload_file(c->registry, blob->digest, fd, strcmp(kind, "blob") == 0 ? tell_sent : NULL, &sending, &sent, err) < 0)
		return -1;
	tell(c, kind, blob, IMAGE_STEP_DONE, blob->size);
	return 0;
}

static int send_all(const struct artifact_cargo *c, struct err *err)
{
	for (size_t i = 0; i < c->manifest.layer_count; i++)
		if (send_blob(c, "blob", &c->manifest.layers[i], err) < 0)
			return -1;
	return send_blob(c, "config", &c->manifest.config, err);
}

/* The names are told before anybody is asked, as Podman does. */
static int open_place(struct artifact_cargo *c, const struct image_push_opts *opts, struct err *err)
{
	image_say(c->progress, "Getting image source signatures");
	for (size_t i = 0; i < c->manifest.layer_count; i++)
		tell(c, "blob", &c->manifest.layers[i], IMAGE_STEP_WAIT, 0);
	if (image_push_open(&c->dest, opts, NULL, &c->registry, err) == 0)
		return 0;
	return err_wrap(err, "trying to reuse blob %s at destination", c->manifest.layer_count ? c->manifest.layers[0].digest : c->manifest.config.digest);
}

static int put_manifest(const struct artifact_cargo *c, struct err *err)
{
	const struct artifact *a = c->artifact;
	const char *reference = c->dest.digest ? c->dest.digest : c->dest.tag, *type = c->manifest.media_type;

	if (c->dest.digest && strcmp(c->dest.digest, a->digest) != 0)
		return err_set(err, ERR_MISMATCH, "Digest of source image's manifest would not match destination reference");
	image_say(c->progress, "Writing manifest to image destination");
	return registry_put_manifest(c->registry, reference, type && *type ? type : MANIFEST_OCI, a->manifest, a->manifest_len, a->digest, err);
}

int artifact_push(struct store *store, const char *word, const struct image_push_opts *opts, char **ret_digest, struct err *err)
{
	__attribute__((unused)) auto_val(image_quiet_pipe) quiet = image_quiet_pipe();
	auto_val(artifact_cargo) c = { .store = store, .progress = opts->progress };

	if (artifact_db_get(store, word, &c.artifact, err) < 0 || ref_parse_full(c.artifact->name, &c.dest, err) < 0 ||
	    artifact_manifest_parse(c.artifact->manifest, c.artifact->manifest_len, &c.manifest, err) < 0 || open_place(&c, opts, err) < 0 ||
	    send_all(&c, err) < 0 || put_manifest(&c, err) < 0)
		return -1;
	*ret_digest = mem_strdup(c.artifact->digest);
	return 0;
}
