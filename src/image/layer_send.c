/* layer_send.c - see layer_send.h
 *
 * One layer goes WAITING → LOOKING (a HEAD for each known blob) → MOUNTING (a POST for each blob and repository) → SENDING →
 * DONE. SENDING has a packer and an upload; when the registry forgets the upload, both begin again.
 */
#include "image/layer_send.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/ntime.h"
#include "base/str.h"
#include "image/layer_pack.h"
#include "image/upload.h"
#include "storage/layer_packed.h"

enum {
	PARALLEL_MAX = 4, /* each has two chunks in memory */
	PARALLEL_PER_CPU = 2,
	STEP_MS = 1000,
	KNOWN_MAX = 2,
	RESTARTS_MAX = 3,
};

enum send_state { SEND_WAITING, SEND_LOOKING, SEND_MOUNTING, SEND_SENDING, SEND_DONE };

struct send {
	struct send_group *group;
	const char *diff_id;
	struct layer *layer;
	struct manifest_blob *result; /* borrowed: where it goes */
	struct send *same;	      /* an earlier layer with the same content */
	struct manifest_blob known[KNOWN_MAX];
	size_t known_count, at, from;
	enum send_state state;
	struct http_transfer *transfer;
	struct registry_try try;
	char *location;
	struct layer_pack pack;
	struct upload *upload;
	int64_t not_before_ns; /* of the upload */
	unsigned restarts;
};

struct send_group {
	struct store *store;
	struct registry *registry;
	const struct layer_send_opts *opts;
	unsigned parallel;
	struct send *sends;
	size_t count;
};

static void tell(const struct send *s, enum image_step step, uint64_t bytes, uint64_t total)
{
	const struct image_progress *p = s->group->opts->progress;

	if (p)
		p->item(p->ctx, "blob", s->diff_id, step, bytes, total);
}

static char *what_dup(const struct send *s)
{
	return s->state == SEND_SENDING ? mem_printf("writing blob %s", s->diff_id)
					: mem_printf("trying to reuse blob %s at destination", s->diff_id);
}

/* ---- which blobs a layer is known to be ---- */

static void add_known(struct send *s, const char *compression, const char *digest, uint64_t size)
{
	const struct layer_send_opts *o = s->group->opts;
	auto_free char *wanted = mem_printf("+%s", compress_word(o->kind));

	if ((o->force && strcmp(compression, wanted) != 0) || (o->no_zstd && str_eq(compression, "+zstd")))
		return;
	for (size_t i = 0; i < s->known_count; i++)
		if (strcmp(s->known[i].digest, digest) == 0)
			return;
	s->known[s->known_count++] = (struct manifest_blob){ .media_type = mem_strdup(compression), .digest = mem_strdup(digest),
							     .size = size };
}

static void find_known(struct send *s, const struct manifest_blob *came_as)
{
	const struct layer_send_opts *o = s->group->opts;
	/* COMPAT: the manifest of a docker-archive calls its plain layers gzip */
	const char *compression_then = str_eq(came_as->digest, s->diff_id) ? "" : manifest_layer_compression(came_as->media_type);
	auto_free char *digest = NULL;
	uint64_t size = 0;

	/* what came plain, from an archive, is hardly in a registry: it is asked for last */
	if (*compression_then)
		add_known(s, compression_then, came_as->digest, came_as->size);
	/* which level those bytes have is not remembered */
	if (!o->level && layer_packed_get(s->group->store, s->layer, compress_word(o->kind), &digest, &size)) {
		auto_free char *compression = mem_printf("+%s", compress_word(o->kind));

		add_known(s, compression, digest, size);
	}
	if (s->known_count < KNOWN_MAX)
		add_known(s, compression_then, came_as->digest, came_as->size);
}

/* ---- asking ---- */

static int finish(struct send *s, const char *compression, const char *digest, uint64_t size)
{
	*s->result = (struct manifest_blob){ .media_type = mem_strdup(compression), .digest = mem_strdup(digest), .size = size };
	s->state = SEND_DONE;
	return 0;
}

static int finish_known(struct send *s)
{
	const struct manifest_blob *blob = &s->known[s->at];

	tell(s, IMAGE_STEP_EXISTS, blob->size, blob->size);
	return finish(s, blob->media_type, blob->digest, blob->size);
}

static int ask(struct send *s, const char *method, const char *where, const char *body, struct err *err)
{
	struct registry_ask question = { .method = method, .where = where, .headers = (char *[]){ (char *)"Content-Type:", NULL },
					 .body = body };
	auto_free char *what = what_dup(s);

	if (registry_start(s->group->registry, &question, &s->try, &s->transfer, err) < 0)
		return err_wrap(err, "%s", what);
	return 0;
}

static int begin_sending(struct send *s, struct err *err)
{
	const struct layer_send_opts *o = s->group->opts;
	auto_free char *what = NULL;
	int r;

	s->state = SEND_SENDING;
	what = what_dup(s);
	s->upload = upload_new(s->group->registry, what, s->location);
	free(take_ptr(s->location));
	tell(s, IMAGE_STEP_LOAD, 0, 0);
	if (layer_pack_start(s->group->store, s->layer, o->kind, o->level, &s->pack, err) < 0)
		return err_wrap(err, "%s", what);
	r = fd_set_nonblock(s->pack.out_fd, true);
	return r < 0 ? err_sys(err, -r, "%s", what) : 0;
}

static int mount_next(struct send *s, struct err *err)
{
	char *const *from = s->group->opts->from;
	auto_free char *digest = NULL, *source = NULL, *where = NULL;

	if (from && !from[s->from]) {
		s->from = 0;
		s->at++;
	}
	if (!from || s->at >= s->known_count)
		return begin_sending(s, err);
	s->state = SEND_MOUNTING;
	digest = http_escape(s->known[s->at].digest);
	source = http_escape(from[s->from]);
	where = mem_printf("blobs/uploads/?mount=%s&from=%s", digest, source);
	return ask(s, "POST", where, "", err);
}

static int look_next(struct send *s, struct err *err)
{
	auto_free char *where = NULL;

	s->state = SEND_LOOKING;
	if (s->at >= s->known_count) {
		s->at = 0;
		return mount_next(s, err);
	}
	where = mem_printf("blobs/%s", s->known[s->at].digest);
	return ask(s, "HEAD", where, NULL, err);
}

static int next_question(struct send *s, struct err *err)
{
	return s->state == SEND_MOUNTING ? mount_next(s, err) : look_next(s, err);
}

/* A mount that may not be, or cannot be, is no failure: the blob is sent then. */
static bool is_no(const struct send *s)
{
	int status = http_status(s->transfer);

	return http_result(s->transfer, &(struct err){ 0 }) == 0 && (status == 404 || (s->state == SEND_MOUNTING && status / 100 == 4));
}

static int mounted(struct send *s, struct err *err)
{
	if (http_status(s->transfer) == 201)
		return finish_known(s);
	/* the session that came instead will do for sending */
	if (!s->location && registry_location(s->group->registry, s->transfer, &s->location, err) < 0)
		return -1;
	s->from++;
	return 1;
}

/* 1: ask on. */
static int answered(struct send *s, struct err *err)
{
	auto_free char *what = what_dup(s);
	int verdict = registry_verdict(s->group->registry, s->transfer, what, &s->try, err);

	if (verdict > 0)
		return 1;
	if (verdict < 0 && !is_no(s))
		return -1;
	err_clear(err);
	s->try = (struct registry_try){ 0 };
	if (verdict == 0)
		return s->state == SEND_LOOKING ? finish_known(s) : mounted(s, err);
	if (s->state == SEND_LOOKING)
		s->at++;
	else
		s->from++;
	return 1;
}

/* ---- sending ---- */

static void drop_upload(struct send *s)
{
	upload_free(take_ptr(s->upload));
	layer_pack_stop(&s->pack);
}

static int sent(struct send *s)
{
	enum compress_kind kind = s->group->opts->kind;
	auto_free char *compression = mem_printf("+%s", compress_word(kind));
	const char *digest = upload_digest(s->upload);
	uint64_t size = upload_size(s->upload);

	if (!s->group->opts->level)
		layer_packed_put(s->group->store, s->layer, compress_word(kind), digest, size);
	tell(s, IMAGE_STEP_DONE, size, size);
	finish(s, compression, digest, size);
	drop_upload(s);
	return 0;
}

static int begin_again(struct send *s, struct err *err)
{
	drop_upload(s);
	if (s->restarts++ >= RESTARTS_MAX)
		return err_set(err, ERR_NETWORK, "writing blob %s: the registry forgets the upload again and again", s->diff_id);
	return begin_sending(s, err);
}

/* What the packer wrote counts only when it says so itself. */
static int read_pack(struct send *s, struct err *err)
{
	auto_free char *what = what_dup(s);
	int r = upload_read(s->upload, s->pack.out_fd, err);

	if (r != 0)
		return r < 0 ? -1 : 0;
	return layer_pack_finish(&s->pack, err) < 0 ? err_wrap(err, "%s", what) : 0;
}

static int advance_upload(struct send *s, struct err *err)
{
	int r;

	/* the end of a pipe is nothing the loop would tell of: it is looked for */
	if (upload_wants(s->upload) && read_pack(s, err) < 0)
		return -1;
	r = upload_step(s->upload, &s->not_before_ns, err);
	if (r < 0)
		return -1;
	if (r == UPLOAD_DONE)
		return sent(s);
	if (r == UPLOAD_LOST)
		return begin_again(s, err);
	tell(s, IMAGE_STEP_LOAD, upload_sent(s->upload), 0);
	return 0;
}

static int advance(struct send *s, struct err *err)
{
	int r;

	if (s->state == SEND_SENDING)
		return advance_upload(s, err);
	if (!s->transfer)
		return s->try.not_before_ns > ntime_monotonic() ? 0 : next_question(s, err);
	if (!http_done(s->transfer))
		return 0;
	r = answered(s, err);
	http_free(take_ptr(s->transfer));
	if (r <= 0 || s->try.not_before_ns > ntime_monotonic())
		return r < 0 ? -1 : 0;
	return next_question(s, err);
}

/* ---- the group ---- */

static void start_some(struct send_group *g)
{
	unsigned active = 0;

	for (size_t i = 0; i < g->count; i++)
		active += g->sends[i].state != SEND_WAITING && g->sends[i].state != SEND_DONE;
	for (size_t i = 0; i < g->count && active < g->parallel; i++)
		if (g->sends[i].state == SEND_WAITING) {
			g->sends[i].state = SEND_LOOKING;
			active++;
		}
}

static int wait_of(const struct send *s, int wait_ms)
{
	int64_t until = s->state == SEND_SENDING ? s->not_before_ns : s->try.not_before_ns;
	int64_t left_ms = (until - ntime_monotonic()) / NS_PER_MS + 1;
	bool ready = s->state == SEND_SENDING ? upload_is_ready(s->upload) : !s->transfer || http_done(s->transfer);

	if (until > ntime_monotonic())
		return left_ms < wait_ms ? (int)left_ms : wait_ms;
	return ready ? 0 : wait_ms;
}

static int step(struct send_group *g, struct err *err)
{
	struct pollfd fds[PARALLEL_MAX];
	struct send *owners[PARALLEL_MAX];
	size_t n = 0;
	int wait_ms = STEP_MS;

	for (size_t i = 0; i < g->count; i++) {
		struct send *s = &g->sends[i];

		if (s->state == SEND_WAITING || s->state == SEND_DONE)
			continue;
		owners[n] = s;
		fds[n++] = (struct pollfd){ .fd = s->upload && upload_wants(s->upload) ? s->pack.out_fd : -1, .events = POLLIN };
		wait_ms = wait_of(s, wait_ms);
	}
	if (http_client_step(registry_client(g->registry), fds, n, wait_ms, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (advance(owners[i], err) < 0)
			return -1;
	return 0;
}

static bool all_done(const struct send_group *g)
{
	for (size_t i = 0; i < g->count; i++)
		if (g->sends[i].state != SEND_DONE)
			return false;
	return true;
}

static int prepare(struct send_group *g, size_t index, struct err *err)
{
	struct send *s = &g->sends[index];

	for (size_t i = 0; i < index; i++)
		if (strcmp(g->sends[i].diff_id, s->diff_id) == 0) {
			s->same = &g->sends[i];
			s->state = SEND_DONE;
			return 0;
		}
	if (layer_get(g->store, s->diff_id, &s->layer, err) < 0)
		return err_wrap(err, "reading layer %s", s->diff_id);
	find_known(s, &g->opts->manifest->layers[index]);
	return 0;
}

static void group_done(struct send_group *g)
{
	for (size_t i = 0; i < g->count; i++) {
		struct send *s = &g->sends[i];

		http_free(s->transfer);
		drop_upload(s);
		free(s->location);
		layer_free(s->layer);
		for (size_t k = 0; k < s->known_count; k++) {
			free(s->known[k].media_type);
			free(s->known[k].digest);
		}
	}
	free(g->sends);
}
AUTO_VAL(send_group, group_done);

void layer_send_blobs_free(struct manifest_blob *blobs, size_t count)
{
	for (size_t i = 0; blobs && i < count; i++) {
		free(blobs[i].media_type);
		free(blobs[i].digest);
	}
	free(blobs);
}

static unsigned parallel_of(const struct layer_send_opts *opts)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned n = opts->parallel ? opts->parallel : cpus > 0 ? (unsigned)cpus * PARALLEL_PER_CPU : PARALLEL_PER_CPU;

	return n < PARALLEL_MAX ? n : PARALLEL_MAX;
}

static int send_all(struct send_group *g, struct err *err)
{
	for (size_t i = 0; i < g->count; i++)
		if (prepare(g, i, err) < 0)
			return -1;
	while (!all_done(g)) {
		start_some(g);
		if (step(g, err) < 0)
			return -1;
	}
	for (size_t i = 0; i < g->count; i++) {
		const struct send *same = g->sends[i].same;

		if (same)
			finish(&g->sends[i], same->result->media_type, same->result->digest, same->result->size);
	}
	return 0;
}

int layer_send(struct store *store, struct registry *registry, char *const *diff_ids, const struct layer_send_opts *opts,
	       struct manifest_blob **ret_blobs, struct err *err)
{
	auto_val(send_group) g = { .store = store, .registry = registry, .opts = opts, .parallel = parallel_of(opts) };
	struct manifest_blob *blobs;
	size_t count = opts->manifest->layer_count;

	g.sends = mem_array(count + 1, sizeof(*g.sends));
	blobs = mem_array(count + 1, sizeof(*blobs));
	for (; g.count < count; g.count++)
		g.sends[g.count] = (struct send){ .group = &g, .diff_id = diff_ids[g.count], .result = &blobs[g.count],
						  .pack = { .out_fd = -EBADF, .report_fd = -EBADF } };
	if (send_all(&g, err) < 0) {
		layer_send_blobs_free(blobs, count);
		return -1;
	}
	*ret_blobs = blobs;
	return 0;
}
