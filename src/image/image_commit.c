/* image_commit.c - see image_commit.h */
#include "image/image_commit.h"

#include <string.h>

#include "base/fd.h"
#include "base/ntime.h"
#include "base/str.h"
#include "codec/digest.h"
#include "image/image_priv.h"
#include "image/layer_pour.h"

/* ---- the layer ---- */

struct pour {
	int to_fd;
	bool stopped; /* the job has ended: it says why */
	struct digest *digest; /* counted here, while the other process writes the files */
};

static int pour(void *ctx, const void *data, size_t len, struct err *err)
{
	struct pour *p = ctx;

	digest_add(p->digest, data, len);
	p->stopped = p->stopped || layer_pour(p->to_fd, data, len);
	return p->stopped ? err_set(err, ERR_CANCELLED, "unpacking has ended") : 0;
}

static int make_layer(struct store *store, const struct image_commit_opts *o, struct layer **ret, struct err *err)
{
	struct layer_want want = { .size = UINT64_MAX, .counted = true };
	struct layer_job *job = NULL;
	struct pour p = { .to_fd = -EBADF };
	struct tar_out out = { .write = pour, .ctx = &p };

	if (digest_open("sha256:", &p.digest, err) < 0)
		return -1;
	if (layer_job_start(store, &want, &job, &p.to_fd, err) < 0) {
		digest_free(p.digest);
		return -1;
	}
	int r = tree_pack(o->tree_fd, &o->pack, &out, err);
	if (r >= 0)
		r = tar_out_end(&out, err);
	fd_close(p.to_fd);
	if (r >= 0)
		r = o->check(o->ctx, err);
	if (r >= 0)
		layer_job_counted(job, digest_now(p.digest).text);
	digest_free(p.digest);
	if (r >= 0 || p.stopped) {
		err_clear(err);
		r = layer_job_finish(job, ret, err);
	} else {
		layer_job_abort(job);
	}
	return r < 0 ? err_wrap(err, "copying the files of %s", o->what) : 0;
}

/* ---- the documents ---- */


static void tell(const struct image_progress *p, const char *kind, const char *digest, enum image_step step, uint64_t size)
{
	if (p)
		p->item(p->ctx, kind, digest, step, size, size);
}

/* The layers below as their manifest has them, so that a push finds what its registry knows; in the words of the new one. */
static int list_layers(struct store *store, const struct image_commit_opts *o, const struct layer *top, struct manifest *ret, struct err *err)
{
	auto_free char *data = NULL;
	size_t len = 0;

	if (o->base && (image_db_manifest(store, o->base, &data, &len, err) < 0 || manifest_parse(data, len, NULL, ret, err) < 0))
		return -1;
	for (size_t i = 0; i < ret->layer_count; i++) {
		char *type = manifest_layer_type_dup(o->docker, manifest_layer_compression(ret->layers[i].media_type));

		free(ret->layers[i].media_type);
		ret->layers[i].media_type = type;
	}
	ret->layers = mem_resize(ret->layers, ret->layer_count + 1, sizeof(*ret->layers));
	ret->layers[ret->layer_count++] = (struct manifest_blob){ .media_type = manifest_layer_type_dup(o->docker, ""),
								  .digest = mem_strdup(top->digest), .size = top->size };
	return 0;
}

/* COMPAT: only OCI manifests tell when they were made */
static void write_manifest(const struct image_commit_opts *o, const struct manifest *m, const char *config_digest, size_t config_size,
			   struct str *out)
{
	auto_strv notes = NULL;

	strv_addf(&notes, "org.opencontainers.image.created=%s", ntime_rfc3339(o->config->created_ns).text);
	manifest_write(&(struct manifest_write){ .docker = o->docker, .config_digest = config_digest, .config_size = config_size,
						 .layers = m->layers, .layer_count = m->layer_count, .annotations = notes },
		       out);
}

static char *text_dup(const char *text)
{
	return text ? mem_strdup(text) : NULL;
}

static void add_history(struct image_config *c, const struct image_history *h)
{
	c->history = mem_resize(c->history, c->history_count + 1, sizeof(*c->history));
	c->history[c->history_count++] = (struct image_history){ .created_ns = h->created_ns, .created_by = text_dup(h->created_by),
								 .author = text_dup(h->author), .comment = text_dup(h->comment) };
}

/* SPEC config.md: the history tells of every layer or of none: a base that is silent gets empty lines. */
static void complete_config(const struct image_commit_opts *o, const struct layer *top)
{
	struct image_config *c = o->config;

	for (size_t i = 0, count = c->history_count ? 0 : strv_len(c->rootfs.diff_ids); i < count; i++)
		add_history(c, &(struct image_history){ .created_ns = o->base->created_ns });
	strv_add(&c->rootfs.diff_ids, top->diff_id);
	add_history(c, o->history);
}

static int put(struct store *store, const struct image_commit_opts *o, const struct layer *top, struct image **ret, struct err *err)
{
	auto_str config = { 0 }, manifest = { 0 };
	auto_val(manifest) m = { 0 };
	auto_free char *config_digest = NULL, *digest = NULL, *repo_digest = NULL;

	if (list_layers(store, o, top, &m, err) < 0)
		return -1;
	for (size_t i = 0; i < m.layer_count; i++)
		tell(o->progress, "blob", o->config->rootfs.diff_ids[i], IMAGE_STEP_DONE, m.layers[i].size);
	image_config_write(o->config, &config);
	if (digest_of(NULL, config.data, config.len, &config_digest, err) < 0)
		return -1;
	tell(o->progress, "config", config_digest, IMAGE_STEP_DONE, config.len);
	image_say(o->progress, "Writing manifest to image destination");
	write_manifest(o, &m, config_digest, config.len, &manifest);
	if (digest_of(NULL, manifest.data, manifest.len, &digest, err) < 0)
		return -1;
	repo_digest = o->name ? mem_printf("%.*s@%s", (int)(strrchr(o->name, ':') - o->name), o->name, digest) : NULL;
	struct image_new new = { .manifest = manifest.data, .manifest_len = manifest.len,
				 .media_type = o->docker ? MANIFEST_DOCKER : MANIFEST_OCI, .config = config.data, .config_len = config.len,
				 .created_ns = o->config->created_ns, .diff_ids = o->config->rootfs.diff_ids, .name = o->name,
				 .repo_digest = repo_digest };

	return image_db_put(store, &new, ret, err);
}

int image_commit(struct store *store, const struct image_commit_opts *opts, struct image **ret, struct err *err)
{
	__attribute__((unused)) auto_val(image_quiet_pipe) quiet = image_quiet_pipe();
	auto_ptr(layer) top = NULL;
	auto_close int hold_fd = -EBADF;

	if (image_db_hold(store, &hold_fd, err) < 0)
		return -1;
	image_say(opts->progress, "Getting image source signatures");
	if (make_layer(store, opts, &top, err) < 0)
		return -1;
	complete_config(opts, top);
	if (put(store, opts, top, ret, err) < 0) {
		hold_fd = fd_close(hold_fd);
		return image_drop_unused(store);
	}
	return 0;
}
