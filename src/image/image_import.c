/* image_import.c - see image_import.h */
#include "image/image_import.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/proc.h"
#include "base/str.h"
#include "codec/compress.h"
#include "codec/decompress.h"
#include "codec/digest.h"
#include "http/http_client.h"
#include "image/image_priv.h"
#include "image/layer_pour.h"

enum { CHUNK_BYTES = 256 << 10 };

/* ---- the layer ---- */

/* What comes in, with the bytes that told its kind put back in front. */
struct source {
	int fd;
	const char *what;
	char head[COMPRESS_DETECT_BYTES];
	size_t head_len, head_given;
	struct digest *digest; /* of what was given on */
	uint64_t size;
};

static void source_done(struct source *s)
{
	digest_free(s->digest);
}
AUTO_VAL(source, source_done);

static ssize_t read_source(void *ctx, void *buf, size_t len, struct err *err)
{
	struct source *s = ctx;
	size_t left = s->head_len - s->head_given;
	ssize_t n;

	if (left) {
		n = (ssize_t)(left < len ? left : len);
		memcpy(buf, s->head + s->head_given, (size_t)n);
		s->head_given += (size_t)n;
		return n;
	}
	do
		n = read(s->fd, buf, len);
	while (n < 0 && errno == EINTR);
	return n < 0 ? err_sys(err, errno, "cannot read %s", s->what) : n;
}

static int look(struct source *s, struct err *err)
{
	ssize_t n = fd_read_full(s->fd, s->head, sizeof(s->head));

	if (n < 0)
		return err_sys(err, (int)-n, "cannot read %s", s->what);
	s->head_len = (size_t)n;
	return digest_open(NULL, &s->digest, err);
}

/* SPEC image-spec layer.md: gzip and zstd are the only compressions of a layer; another is taken off on the way. */
static int copy_in(struct source *s, bool keep, int to_fd, struct err *err)
{
	auto_ptr(decompress) d = NULL;
	auto_free char *buf = mem_alloc(CHUNK_BYTES);
	ssize_t n = 1;

	if (!keep && decompress_new(read_source, s, &d, err) < 0)
		return -1;
	while (n) {
		n = keep ? read_source(s, buf, CHUNK_BYTES, err) : decompress_read(d, buf, CHUNK_BYTES, err);
		if (n < 0)
			return -1;
		digest_add(s->digest, buf, (size_t)n);
		s->size += (uint64_t)n;
		if (layer_pour(to_fd, buf, (size_t)n))
			return 0;
	}
	return 0;
}

/* The layer, and what a manifest says of the bytes it came as. */
struct brought {
	struct layer *layer;
	struct manifest_blob blob;
};

static void brought_done(struct brought *b)
{
	layer_free(b->layer);
	free(b->blob.digest);
	free(b->blob.media_type);
}
AUTO_VAL(brought, brought_done);

static int bring_layer(struct store *store, int in_fd, const char *what, struct brought *ret, struct err *err)
{
	static const char *const words[COMPRESS_KIND_COUNT] = { [COMPRESS_PLAIN] = "", [COMPRESS_GZIP] = "+gzip", [COMPRESS_ZSTD] = "+zstd" };
	struct layer_want want = { .size = UINT64_MAX };
	auto_val(source) source = { .fd = in_fd, .what = what };
	struct layer_job *job = NULL;
	int to_fd = -EBADF, r;

	if (look(&source, err) < 0 || layer_job_start(store, &want, &job, &to_fd, err) < 0)
		return -1;
	const char *word = words[compress_detect(source.head, source.head_len)];
	r = copy_in(&source, word != NULL, to_fd, err);
	fd_close(to_fd);
	if (r < 0) {
		layer_job_abort(job);
		return err_wrap(err, "importing %s", what);
	}
	if (layer_job_finish(job, &ret->layer, err) < 0)
		return err_wrap(err, "importing %s", what);
	ret->blob = (struct manifest_blob){ .media_type = manifest_layer_type_dup(false, word ? word : ""),
					    .digest = mem_strdup(digest_now(source.digest).text), .size = source.size };
	return 0;
}

/* ---- the documents ---- */

static void make_config(const struct image_import_opts *o, const struct layer *layer, struct str *out)
{
	auto_free char *by = mem_printf("/bin/sh -c #(nop) ADD file:%s in /", strchr(layer->diff_id, ':') + 1);
	struct manifest_wish host = manifest_host_platform();
	struct image_history history = { .created_ns = o->created_ns, .created_by = by,
					 .comment = (char *)(o->message ? o->message : "imported from tarball") };
	char *diff_ids[] = { layer->diff_id, NULL };
	struct image_config config = {
		.created_ns = o->created_ns, .os = (char *)(o->os ? o->os : "linux"),
		.architecture = (char *)(o->arch ? o->arch : host.architecture), .variant = (char *)o->variant, .run = *o->run,
		.rootfs = { .type = (char *)"layers", .diff_ids = diff_ids }, .history = &history, .history_count = 1,
	};

	image_config_write(&config, out);
}

static int put(struct store *store, const struct brought *b, const struct image_import_opts *o, struct image **ret, struct err *err)
{
	auto_str config = { 0 }, manifest = { 0 };
	auto_free char *config_digest = NULL, *digest = NULL, *repo_digest = NULL;
	char *diff_ids[] = { b->layer->diff_id, NULL };

	make_config(o, b->layer, &config);
	if (digest_of(NULL, config.data, config.len, &config_digest, err) < 0)
		return -1;
	manifest_write(&(struct manifest_write){ .config_digest = config_digest, .config_size = config.len, .layers = &b->blob,
						 .layer_count = 1 },
		       &manifest);
	if (digest_of(NULL, manifest.data, manifest.len, &digest, err) < 0)
		return -1;
	repo_digest = o->name ? mem_printf("%.*s@%s", (int)(strrchr(o->name, ':') - o->name), o->name, digest) : NULL;
	if (o->progress)
		o->progress->item(o->progress->ctx, "config", config_digest, IMAGE_STEP_DONE, config.len, config.len);
	image_say(o->progress, "Writing manifest to image destination");
	struct image_new new = { .manifest = manifest.data, .manifest_len = manifest.len, .media_type = MANIFEST_OCI,
				 .config = config.data, .config_len = config.len, .created_ns = o->created_ns, .diff_ids = diff_ids,
				 .name = o->name, .repo_digest = repo_digest };

	return image_db_put(store, &new, ret, err);
}

int image_import(struct store *store, int in_fd, const char *what, const struct image_import_opts *opts, struct image **ret,
		 struct err *err)
{
	__attribute__((unused)) auto_val(image_quiet_pipe) quiet = image_quiet_pipe();
	auto_val(brought) b = { 0 };
	auto_close int hold_fd = -EBADF;
	const struct image_progress *p = opts->progress;

	if (image_db_hold(store, &hold_fd, err) < 0)
		return -1;
	image_say(p, "Getting image source signatures");
	if (bring_layer(store, in_fd, what, &b, err) < 0)
		return -1;
	if (p)
		p->item(p->ctx, "blob", b.blob.digest, IMAGE_STEP_DONE, b.blob.size, b.blob.size);
	if (put(store, &b, opts, ret, err) < 0) {
		hold_fd = fd_close(hold_fd);
		return image_drop_unused(store);
	}
	return 0;
}

/* ---- from elsewhere ---- */

static enum http_sink to_pipe(void *ctx, const struct http_transfer *t, const char *data, size_t len)
{
	return fd_write_full(*(const int *)ctx, data, len) < 0 ? HTTP_SINK_STOP : HTTP_SINK_TAKEN;
}

static int download(const char *url, int out_fd, struct err *err)
{
	auto_ptr(http_client) client = NULL;
	auto_ptr(http_transfer) t = NULL;
	struct http_request request = { .url = url, .sink = to_pipe, .ctx = &out_fd };

	if (http_client_open(&(struct http_client_opts){ .insecure = false }, &client, err) < 0 ||
	    http_fetch(client, &request, &t, err) < 0)
		return err_wrap(err, "downloading %s", url);
	if (http_status(t) / 100 != 2)
		return err_set(err, http_status(t) == 404 ? ERR_NOT_FOUND : ERR_NETWORK, "downloading %s: the answer was status %d", url,
			       http_status(t));
	return 0;
}

/* A process of its own downloads: what it writes is taken only when it says that it was the whole. */
static int download_start(const char *url, int *ret_fd, int *ret_report_fd, pid_t *ret_pid, struct err *err)
{
	int out[2], report[2], r = fd_pipe(out);
	struct err child = { 0 };
	pid_t pid;

	if (r == 0 && (r = fd_pipe(report)) < 0) {
		fd_close(out[0]);
		fd_close(out[1]);
	}
	if (r < 0)
		return err_sys(err, -r, "cannot make a pipe");
	pid = proc_fork();
	if (pid == 0) {
		fd_close(out[0]);
		fd_close(report[0]);
		r = download(url, out[1], &child);
		/* a download that failed leaves the pipe open until it is told: an end of file would be taken for the archive's */
		proc_report(report[1], r < 0 ? &child : &(struct err){ 0 });
		proc_exit(0);
	}
	r = errno;
	fd_close(out[1]);
	fd_close(report[1]);
	*ret_fd = out[0];
	*ret_report_fd = report[0];
	*ret_pid = pid;
	if (pid > 0)
		return 0;
	fd_close(out[0]);
	fd_close(report[0]);
	return err_sys(err, r, "cannot start a process");
}

/* The verdict of the download comes before the image: half an archive may be a whole tar to whoever reads it. */
int image_import_url(struct store *store, const char *url, const struct image_import_opts *opts, struct image **ret, struct err *err)
{
	__attribute__((unused)) auto_val(image_quiet_pipe) quiet = image_quiet_pipe();
	auto_val(brought) b = { 0 };
	auto_close int hold_fd = -EBADF;
	auto_close int in_fd = -EBADF;
	auto_close int report_fd = -EBADF;
	const struct image_progress *p = opts->progress;
	auto_free char *line = mem_printf("Downloading from \"%s\"", url);
	struct err unpacked = { 0 };
	pid_t pid = -1;
	int r;

	image_say(p, line);
	if (image_db_hold(store, &hold_fd, err) < 0 || download_start(url, &in_fd, &report_fd, &pid, err) < 0)
		return -1;
	r = bring_layer(store, in_fd, url, &b, &unpacked);
	in_fd = fd_close(in_fd);
	/* what went wrong first: a stopped download is the unpacker's fault, a broken one its own */
	if (proc_collect(report_fd, pid, "the download", err) < 0 && err_is(err, ERR_CANCELLED) && r < 0) {
		err_clear(err);
		*err = unpacked;
	} else if (!err->kind && r < 0) {
		*err = unpacked;
	}
	if (err->kind == ERR_NONE) {
		image_say(p, "Getting image source signatures");
		if (p)
			p->item(p->ctx, "blob", b.blob.digest, IMAGE_STEP_DONE, b.blob.size, b.blob.size);
		if (put(store, &b, opts, ret, err) == 0)
			return 0;
	}
	hold_fd = fd_close(hold_fd);
	return image_drop_unused(store);
}
