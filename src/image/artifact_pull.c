/* artifact_pull.c - an artifact from a registry into the store; see image.h
 *
 * Order: manifest → its blobs → the artifact, which is published whole. A blob that another artifact has is not fetched.
 */
#include "image/image.h"

#include <errno.h>
#include <fcntl.h>

#include "base/fd.h"
#include "image/artifact_manifest.h"
#include "image/blob_fetch.h"
#include "image/image_priv.h"
#include "image/registry.h"
#include "storage/artifact_db.h"

struct artifact_source {
	struct store *store;
	struct registry *registry;
	struct registry_doc doc;
	struct artifact_manifest manifest;
	const struct image_progress *progress;
};

static void artifact_source_done(struct artifact_source *s)
{
	registry_close(s->registry);
	registry_doc_done(&s->doc);
	artifact_manifest_done(&s->manifest);
}
AUTO_VAL(artifact_source, artifact_source_done);

static int get_blob(const struct artifact_source *s, const struct store_stage *stage, const struct artifact_blob *blob, struct err *err)
{
	auto_free char *file = artifact_db_file_dup(blob->digest);

	if (artifact_db_link(s->store, stage, blob->digest, blob->size)) {
		if (s->progress)
			s->progress->item(s->progress->ctx, "blob", blob->digest, IMAGE_STEP_EXISTS, blob->size, blob->size);
		return 0;
	}
	auto_close int fd = openat(stage->dir_fd, file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0) /* two sizes for one digest */
		return errno == EEXIST ? err_set(err, ERR_INVALID, "blob %s has two sizes in the manifest", blob->digest) :
					 err_sys(err, errno, "cannot write blob %s", blob->digest);
	return blob_fetch(s->registry, blob->digest, blob->size, fd, s->progress, err);
}

static int get_all(const struct artifact_source *s, const struct store_stage *stage, struct err *err)
{
	image_say(s->progress, "Getting image source signatures");
	for (size_t i = 0; i < s->manifest.layer_count; i++)
		if (get_blob(s, stage, &s->manifest.layers[i], err) < 0)
			return -1;
	return get_blob(s, stage, &s->manifest.config, err);
}

static int bring(const struct artifact_source *s, const char *name, struct err *err)
{
	struct store_stage stage = { .dir_fd = -EBADF };
	const struct artifact_put put = { .name = name, .digest = s->doc.digest, .manifest = s->doc.data, .manifest_len = s->doc.len, .replace = true };

	if (artifact_db_stage(s->store, &stage, err) < 0)
		return -1;
	int rc = get_all(s, &stage, err);
	if (rc >= 0) {
		image_say(s->progress, "Writing manifest to image destination");
		rc = artifact_db_put(s->store, &stage, &put, err);
	}
	store_stage_done(s->store, &stage);
	return rc;
}

int artifact_pull(struct store *store, const char *word, const struct image_pull_opts *opts, char **ret_digest, struct err *err)
{
	auto_val(ref) ref = { 0 };
	auto_val(artifact_source) s = { .store = store, .progress = opts->progress };

	if (ref_parse_full(word, &ref, err) < 0)
		return -1;
	ref_settle(&ref);
	auto_free char *name = ref_text(&ref);
	if (image_reach(&ref, opts, &s.registry, &s.doc, err) < 0 || artifact_manifest_parse(s.doc.data, s.doc.len, &s.manifest, err) < 0)
		return -1;
	if (bring(&s, name, err) < 0)
		return err_wrap(err, "unable to copy from source docker://%s", name);
	*ret_digest = mem_strdup(s.doc.digest);
	return 0;
}
