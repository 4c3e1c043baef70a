/* layer_feed.c - see layer_feed.h */
#include "image/layer_feed.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "image/archive.h"

enum { PARALLEL = 4, CHUNK_BYTES = 64 << 10 };

struct worker {
	struct layer_feed *feed;
	struct layer_job *job;
	int in_fd, file_fd; /* file_fd: ours, of a directory's file */
	uint64_t given;
};

struct crew {
	struct store *store;
	const struct image_progress *progress;
	struct layer_feed *feeds;
	size_t count, next;
	struct worker workers[PARALLEL];
	char *chunk;
};

static void crew_done(struct crew *c)
{
	for (size_t i = 0; i < PARALLEL; i++) {
		fd_close(c->workers[i].in_fd);
		fd_close(c->workers[i].file_fd);
		layer_job_abort(c->workers[i].job);
	}
	free(c->chunk);
}
AUTO_VAL(crew, crew_done);

static void tell(const struct crew *c, const struct layer_feed *f, enum image_step step, uint64_t bytes)
{
	if (c->progress)
		c->progress->item(c->progress->ctx, "blob", f->digest ? f->digest : f->diff_id, step, bytes, f->size);
}

static int wrap(const struct layer_feed *f, struct err *err)
{
	return err_wrap(err, "copying blob %s", f->digest ? f->digest : f->diff_id);
}

/* 1: it must come; 0: it is here, or an earlier one brings it. */
static int is_wanted(const struct crew *c, const struct layer_feed *f, struct err *err)
{
	auto_ptr(layer) layer = NULL;

	for (const struct layer_feed *other = c->feeds; other < f; other++)
		if (strcmp(other->diff_id, f->diff_id) == 0)
			return 0;
	if (layer_get(c->store, f->diff_id, &layer, err) == 0) {
		if (!layer_is_usable(layer))
			return 1;
		tell(c, f, IMAGE_STEP_EXISTS, 0);
		return 0;
	}
	if (!err_is(err, ERR_NOT_FOUND) && !err_is(err, ERR_CORRUPT))
		return -1;
	err_clear(err);
	return 1;
}

static int start(struct crew *c, struct worker *w, struct err *err)
{
	while (!w->job && c->next < c->count) {
		struct layer_feed *f = &c->feeds[c->next++];
		struct layer_want want = { .diff_id = f->diff_id, .digest = f->digest, .size = f->size };
		int wanted = is_wanted(c, f, err);

		if (wanted < 0)
			return -1;
		if (!wanted)
			continue;
		if (f->archive && archive_open_member(f->archive, f->member, &w->file_fd, err) < 0)
			return wrap(f, err);
		if (layer_job_start(c->store, &want, &w->job, &w->in_fd, err) < 0)
			return wrap(f, err);
		w->feed = f;
		w->given = 0;
		tell(c, f, IMAGE_STEP_LOAD, 0);
	}
	return 0;
}

/* Gives the pipe what it takes; closes it when all has gone. */
static int give(struct crew *c, struct worker *w, struct err *err)
{
	while (w->given < w->feed->size) {
		uint64_t left = w->feed->size - w->given;
		ssize_t have = pread(w->feed->archive ? w->file_fd : w->feed->fd, c->chunk, left < CHUNK_BYTES ? (size_t)left : CHUNK_BYTES,
				     (off_t)(w->feed->offset + w->given));
		ssize_t n;

		if (have <= 0)
			return err_set(err, ERR_INVALID, "the archive ends within a layer"), wrap(w->feed, err);
		n = write(w->in_fd, c->chunk, (size_t)have);
		if (n < 0 && errno == EINTR)
			continue;
		/* full; or the job has gone, and says why itself */
		if (n < 0)
			return 0;
		w->given += (uint64_t)n;
		tell(c, w->feed, IMAGE_STEP_LOAD, w->given);
		if (n < have)
			return 0;
	}
	w->in_fd = fd_close(w->in_fd);
	return 0;
}

static int finish(struct crew *c, struct worker *w, struct err *err)
{
	struct layer_job *job = take_ptr(w->job);

	w->in_fd = fd_close(w->in_fd);
	w->file_fd = fd_close(w->file_fd);
	if (layer_job_finish(job, &w->feed->layer, err) < 0)
		return wrap(w->feed, err);
	tell(c, w->feed, IMAGE_STEP_DONE, w->feed->size);
	return 0;
}

/* 1 when there is nothing left to wait for. */
static int step(struct crew *c, struct err *err)
{
	struct pollfd fds[2 * PARALLEL];
	bool busy = false;

	for (size_t i = 0; i < PARALLEL; i++) {
		struct worker *w = &c->workers[i];

		if (start(c, w, err) < 0)
			return -1;
		busy |= w->job != NULL;
		fds[2 * i] = (struct pollfd){ .fd = w->job ? layer_job_fd(w->job) : -1, .events = POLLIN };
		fds[2 * i + 1] = (struct pollfd){ .fd = w->job ? w->in_fd : -1, .events = POLLOUT };
	}
	if (!busy)
		return 1;
	if (poll(fds, 2 * PARALLEL, -1) < 0 && errno != EINTR)
		return err_sys(err, errno, "cannot wait for the layers");
	for (size_t i = 0; i < PARALLEL; i++) {
		struct worker *w = &c->workers[i];

		if (w->job && fds[2 * i].revents && finish(c, w, err) < 0)
			return -1;
		if (w->job && w->in_fd >= 0 && fds[2 * i + 1].revents && give(c, w, err) < 0)
			return -1;
	}
	return 0;
}

int layer_feed(struct store *store, struct layer_feed *feeds, size_t count, const struct image_progress *progress, struct err *err)
{
	auto_val(crew) c = { .store = store, .progress = progress, .feeds = feeds, .count = count, .chunk = mem_alloc(CHUNK_BYTES) };
	int r;

	for (size_t i = 0; i < PARALLEL; i++)
		c.workers[i].in_fd = c.workers[i].file_fd = -EBADF;
	do
		r = step(&c, err);
	while (r == 0);
	return r < 0 ? -1 : 0;
}
