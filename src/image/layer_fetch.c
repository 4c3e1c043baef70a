/* layer_fetch.c - see layer_fetch.h
 *
 * One fetch goes WAITING → LOADING (⇄ WAITING after a failure that may pass) → DRAINING → DONE. LOADING has a transfer and an
 * open pipe; DRAINING has given everything, closed the pipe, and waits for the job's last word.
 */
#include "image/layer_fetch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/ntime.h"
#include "base/num.h"
#include "base/str.h"

enum {
	PARALLEL_MAX = 6,
	PARALLEL_PER_CPU = 2,
	STEP_MS = 1000,
	FDS_PER_FETCH = 2,
	PROGRESS_FORGIVES_BYTES = 1 << 20, /* so much after a failure, and the failures are counted anew */
};

enum fetch_state { FETCH_WAITING, FETCH_LOADING, FETCH_DRAINING, FETCH_DONE };

struct fetch {
	struct fetch_group *group;
	const struct manifest_blob *blob;
	const char *diff_id;
	enum fetch_state state;
	struct layer_job *job;
	int in_fd;
	struct http_transfer *transfer;
	struct str rest;   /* given to us, not yet taken by the pipe */
	uint64_t received; /* of the blob, rest included */
	uint64_t skip;	   /* the server began at 0 again: so much is known already */
	bool begun;	   /* this transfer gave bytes */
	uint64_t received_at_failure;
	struct registry_try try;
	struct err err; /* what the sink found wrong */
};

struct fetch_group {
	struct store *store;
	struct registry *registry;
	const struct image_progress *progress;
	unsigned parallel;
	struct fetch *fetches;
	size_t count;
};

static void tell(const struct fetch *f, enum image_step step)
{
	const struct image_progress *p = f->group->progress;

	if (p)
		p->item(p->ctx, "blob", f->blob->digest, step, f->received, f->blob->size);
}

static int wrap(const struct fetch *f, struct err *err)
{
	return err_wrap(err, "copying blob %s", f->blob->digest);
}

/* ---- from the transfer to the pipe ---- */

/* Takes what it can: 0 all gone, 1 the pipe is full, -1 the job has gone away (its own words come from layer_job_finish). */
static int flush(struct fetch *f)
{
	size_t done = 0;
	int r = 0;

	while (r == 0 && done < f->rest.len) {
		ssize_t n = write(f->in_fd, f->rest.data + done, f->rest.len - done);

		if (n >= 0)
			done += (size_t)n;
		else if (errno == EAGAIN)
			r = 1;
		else if (errno != EINTR)
			r = -1;
	}
	memmove(f->rest.data, f->rest.data + done, f->rest.len - done);
	str_cut(&f->rest, f->rest.len - done);
	return r;
}

/* Where the server's answer begins; false when it is not where we asked. */
static bool begin(struct fetch *f, const struct http_transfer *t)
{
	const char *range = http_header(t, "content-range"), *from;
	auto_free char *start = NULL;
	uint64_t at = 0;

	f->begun = true;
	f->skip = 0;
	if (http_status(t) != 206) {
		f->skip = f->received;
		return true;
	}
	from = range ? str_after(range, "bytes ") : NULL;
	start = from ? mem_strndup(from, strcspn(from, "-")) : NULL;
	return start && num_u64(start, UINT64_MAX, &at) == 0 && at == f->received;
}

static enum http_sink sink(void *ctx, const struct http_transfer *t, const char *data, size_t len)
{
	struct fetch *f = ctx;
	size_t skip;

	if (f->err.kind)
		return HTTP_SINK_STOP;
	if (f->rest.len)
		return HTTP_SINK_WAIT;
	if (!f->begun && !begin(f, t)) {
		err_set(&f->err, ERR_NETWORK, "the server continued elsewhere than asked");
		return HTTP_SINK_STOP;
	}
	skip = f->skip < len ? (size_t)f->skip : len;
	f->skip -= skip;
	data += skip;
	len -= skip;
	if (f->received + len > f->blob->size) {
		err_set(&f->err, ERR_MISMATCH, "more bytes come than the %llu of the manifest", (unsigned long long)f->blob->size);
		return HTTP_SINK_STOP;
	}
	if (len == 0)
		return HTTP_SINK_TAKEN;
	str_add_mem(&f->rest, data, len);
	f->received += len;
	if (flush(f) < 0)
		return HTTP_SINK_STOP;
	tell(f, IMAGE_STEP_LOAD);
	return HTTP_SINK_TAKEN;
}

/* ---- the states ---- */

static int start(struct fetch *f, struct err *err)
{
	struct layer_want want = { .diff_id = f->diff_id, .digest = f->blob->digest, .size = f->blob->size };

	if (!f->job) {
		if (layer_job_start(f->group->store, &want, &f->job, &f->in_fd, err) < 0)
			return wrap(f, err);
		tell(f, IMAGE_STEP_LOAD);
	}
	f->begun = false;
	if (registry_blob(f->group->registry, f->blob->digest, f->received, sink, f, &f->try, &f->transfer, err) < 0)
		return wrap(f, err);
	f->state = FETCH_LOADING;
	return 0;
}

/* The job ends, well or not. */
static int end_job(struct fetch *f, struct err *err)
{
	auto_ptr(layer) layer = NULL;
	struct layer_job *job = take_ptr(f->job);

	f->in_fd = fd_close(f->in_fd);
	http_free(take_ptr(f->transfer));
	if (layer_job_finish(job, &layer, err) < 0)
		return wrap(f, err);
	if (f->state != FETCH_DRAINING) {
		err_set(err, ERR_MISMATCH, "the layer ended before its bytes did");
		return wrap(f, err);
	}
	f->state = FETCH_DONE;
	str_done(&f->rest);
	tell(f, IMAGE_STEP_DONE);
	return 0;
}

static int came_short(struct fetch *f, struct err *err)
{
	char text[160];
	int again;

	snprintf(text, sizeof(text), "only %llu of %llu bytes came", (unsigned long long)f->received,
		 (unsigned long long)f->blob->size);
	again = registry_failed(f->group->registry, &f->try, ERR_MISMATCH, text, err);
	return again < 0 ? wrap(f, err) : again;
}

/* The transfer is over. 1: again later. */
static int judge(struct fetch *f, struct err *err)
{
	auto_free char *what = mem_printf("copying blob %s", f->blob->digest);

	if (f->err.kind) {
		*err = f->err;
		return wrap(f, err);
	}
	if (f->received - f->received_at_failure >= PROGRESS_FORGIVES_BYTES)
		f->try = (struct registry_try){ 0 };
	f->received_at_failure = f->received;
	/* the end of what the server has, and still too little; where no range was asked for it is a refusal like others */
	if (http_status(f->transfer) == 416 && f->received)
		return err_set(err, ERR_MISMATCH, "%s: only %llu of %llu bytes came", what, (unsigned long long)f->received,
			       (unsigned long long)f->blob->size);
	int verdict = registry_verdict(f->group->registry, f->transfer, what, &f->try, err);
	if (verdict == 0 && f->received < f->blob->size)
		return came_short(f, err);
	return verdict;
}

static int end_transfer(struct fetch *f, struct err *err)
{
	int verdict;

	/* the rest goes out first: what follows continues behind it */
	if (f->rest.len)
		return 0;
	verdict = judge(f, err);
	http_free(take_ptr(f->transfer));
	if (verdict < 0)
		return -1;
	if (verdict > 0) {
		f->state = FETCH_WAITING;
		return 0;
	}
	f->in_fd = fd_close(f->in_fd);
	f->state = FETCH_DRAINING;
	return 0;
}

/* One look at one fetch, with what poll said of its pipe and its job. */
static int advance(struct fetch *f, bool job_speaks, bool pipe_open, struct err *err)
{
	if (job_speaks)
		return end_job(f, err);
	if (f->state != FETCH_LOADING)
		return 0;
	if (pipe_open && f->rest.len) {
		int r = flush(f);

		if (r < 0)
			return end_job(f, err);
		if (r == 0)
			http_resume(f->transfer);
	}
	return http_done(f->transfer) ? end_transfer(f, err) : 0;
}

/* ---- the group ---- */

static unsigned active(const struct fetch_group *g)
{
	unsigned n = 0;

	for (size_t i = 0; i < g->count; i++)
		n += g->fetches[i].job != NULL;
	return n;
}

/* Starts what may start; *ret_wait_ms becomes the time to the next that may. */
static int start_some(struct fetch_group *g, int *ret_wait_ms, struct err *err)
{
	int64_t now = ntime_monotonic();

	for (size_t i = 0; i < g->count; i++) {
		struct fetch *f = &g->fetches[i];
		int64_t left_ms = (f->try.not_before_ns - now) / NS_PER_MS + 1;

		if (f->state != FETCH_WAITING || (!f->job && active(g) >= g->parallel))
			continue;
		if (f->try.not_before_ns > now)
			*ret_wait_ms = left_ms < *ret_wait_ms ? (int)left_ms : *ret_wait_ms;
		else if (start(f, err) < 0)
			return -1;
	}
	return 0;
}

static int step(struct fetch_group *g, int wait_ms, struct err *err)
{
	struct pollfd fds[PARALLEL_MAX * FDS_PER_FETCH];
	struct fetch *owners[PARALLEL_MAX * FDS_PER_FETCH];
	size_t n = 0;

	for (size_t i = 0; i < g->count; i++) {
		struct fetch *f = &g->fetches[i];

		if (!f->job)
			continue;
		owners[n] = f;
		fds[n++] = (struct pollfd){ .fd = layer_job_fd(f->job), .events = POLLIN };
		owners[n] = f;
		fds[n++] = (struct pollfd){ .fd = f->rest.len ? f->in_fd : -1, .events = POLLOUT };
		/* one that is done has nothing more to wake us with */
		if (f->transfer && http_done(f->transfer) && !f->rest.len)
			wait_ms = 0;
	}
	if (http_client_step(registry_client(g->registry), fds, n, wait_ms, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i += FDS_PER_FETCH)
		if (advance(owners[i], fds[i].revents, fds[i + 1].revents, err) < 0)
			return -1;
	return 0;
}

static bool all_done(const struct fetch_group *g)
{
	for (size_t i = 0; i < g->count; i++)
		if (g->fetches[i].state != FETCH_DONE)
			return false;
	return true;
}

/* What is here, or comes with an earlier layer of the image, is not fetched. */
static int look_for(struct fetch_group *g, size_t index, struct err *err)
{
	struct fetch *f = &g->fetches[index];
	auto_ptr(layer) layer = NULL;

	for (size_t i = 0; i < index; i++)
		if (strcmp(g->fetches[i].diff_id, f->diff_id) == 0) {
			f->state = FETCH_DONE;
			return 0;
		}
	if (layer_get(g->store, f->diff_id, &layer, err) == 0) {
		bool usable = layer_is_usable(layer);

		f->state = usable ? FETCH_DONE : f->state;
		tell(f, usable ? IMAGE_STEP_EXISTS : IMAGE_STEP_WAIT);
		return 0;
	}
	/* a damaged one is fetched anew */
	if (!err_is(err, ERR_NOT_FOUND) && !err_is(err, ERR_CORRUPT))
		return -1;
	err_clear(err);
	tell(f, IMAGE_STEP_WAIT);
	return 0;
}

static void group_done(struct fetch_group *g)
{
	for (size_t i = 0; i < g->count; i++) {
		struct fetch *f = &g->fetches[i];

		http_free(f->transfer);
		fd_close(f->in_fd);
		layer_job_abort(f->job);
		str_done(&f->rest);
	}
	free(g->fetches);
}
AUTO_VAL(fetch_group, group_done);

static unsigned parallel_default(void)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned n = cpus > 0 ? (unsigned)cpus * PARALLEL_PER_CPU : PARALLEL_PER_CPU;

	return n < PARALLEL_MAX ? n : PARALLEL_MAX;
}

int layer_fetch(struct store *store, struct registry *registry, const struct manifest *manifest, char *const *diff_ids,
		const struct layer_fetch_opts *opts, struct err *err)
{
	auto_val(fetch_group) g = { .store = store, .registry = registry, .progress = opts->progress };

	g.parallel = opts->parallel ? opts->parallel : parallel_default();
	if (g.parallel > PARALLEL_MAX)
		g.parallel = PARALLEL_MAX;
	g.fetches = mem_array(manifest->layer_count + 1, sizeof(*g.fetches));
	for (; g.count < manifest->layer_count; g.count++)
		g.fetches[g.count] = (struct fetch){ .group = &g, .blob = &manifest->layers[g.count],
						     .diff_id = diff_ids[g.count], .in_fd = -EBADF };
	for (size_t i = 0; i < g.count; i++)
		if (look_for(&g, i, err) < 0)
			return -1;
	while (!all_done(&g)) {
		int wait_ms = STEP_MS;

		if (start_some(&g, &wait_ms, err) < 0 || step(&g, wait_ms, err) < 0)
			return -1;
	}
	return 0;
}
