/* upload.c - see upload.h
 *
 * OPENING → READY ⇄ SENDING → … → OVER. A failure that may pass leads from SENDING to ASKING, whose answer leads back. When the
 * registry does not know the session any more after the closing request, CHECKING asks whether the blob is there all the same:
 * the answer may have been what was lost.
 */
#include "image/upload.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/ntime.h"
#include "base/num.h"
#include "base/str.h"
#include "codec/digest.h"

enum {
	CHUNK_BYTES = 4 << 20,
	CHUNK_MAX_BYTES = 16 << 20, /* the most a registry may ask for */
	READ_BYTES = 256 << 10,
};

enum upload_state { STATE_OPENING, STATE_READY, STATE_SENDING, STATE_ASKING, STATE_CHECKING, STATE_OVER };

struct upload {
	struct registry *registry;
	char *what, *location;
	enum upload_state state;
	struct http_transfer *transfer;
	struct registry_try try;
	size_t chunk_bytes;
	struct str fill, out; /* gathered; being sent */
	uint64_t out_at;      /* of the blob: where out begins */
	size_t out_done;      /* of out: the registry has it */
	bool ended;	      /* nothing more comes behind fill */
	bool closing;	      /* this is the PUT */
	struct digest *digest;
	struct digest_text text;
	uint64_t size;
};

struct upload *upload_new(struct registry *registry, const char *what, const char *location)
{
	struct upload *u = mem_alloc(sizeof(*u));

	u->registry = registry;
	u->what = mem_strdup(what);
	u->location = location ? mem_strdup(location) : NULL;
	u->state = location ? STATE_READY : STATE_OPENING;
	u->chunk_bytes = CHUNK_BYTES;
	return u;
}

void upload_free(struct upload *u)
{
	if (!u)
		return;
	http_free(u->transfer);
	free(u->what);
	free(u->location);
	str_done(&u->fill);
	str_done(&u->out);
	digest_free(u->digest);
	free(u);
}

const char *upload_digest(const struct upload *u)
{
	return u->text.text;
}

uint64_t upload_size(const struct upload *u)
{
	return u->size;
}

uint64_t upload_sent(const struct upload *u)
{
	return u->out_at + u->out_done + (u->state == STATE_SENDING && u->transfer ? http_sent(u->transfer) : 0);
}

/* ---- gathering ---- */

bool upload_wants(const struct upload *u)
{
	return !u->ended && u->fill.len < u->chunk_bytes;
}

static int add(struct upload *u, const void *data, size_t len, struct err *err)
{
	if (!u->digest && digest_open(NULL, &u->digest, err) < 0)
		return -1;
	digest_add(u->digest, data, len);
	u->size += len;
	str_add_mem(&u->fill, data, len);
	return 0;
}

static int end(struct upload *u, struct err *err)
{
	if (add(u, "", 0, err) < 0)
		return -1;
	u->ended = true;
	u->text = digest_now(u->digest);
	return 0;
}

int upload_read(struct upload *u, int fd, struct err *err)
{
	auto_free char *buf = mem_alloc(READ_BYTES);

	str_reserve(&u->fill, u->chunk_bytes > u->fill.len ? u->chunk_bytes - u->fill.len : 0);
	while (upload_wants(u)) {
		size_t room = u->chunk_bytes - u->fill.len;
		ssize_t n = read(fd, buf, room < READ_BYTES ? room : READ_BYTES);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return 1;
		if (n < 0)
			return err_sys(err, errno, "%s: cannot read the layer", u->what);
		if (n == 0)
			return end(u, err);
		if (add(u, buf, (size_t)n, err) < 0)
			return -1;
	}
	return 1;
}

int upload_give(struct upload *u, const void *data, size_t len, struct err *err)
{
	if (len > LIMIT_MANIFEST_BYTES)
		return err_set(err, ERR_LIMIT, "%s: it is larger than %d bytes", u->what, LIMIT_MANIFEST_BYTES);
	return add(u, data, len, err) < 0 ? -1 : end(u, err);
}

/* ---- requests ---- */

static int start(struct upload *u, const char *method, const char *where, char *const *headers, struct err *err)
{
	struct registry_ask ask = { .method = method, .where = where, .headers = headers };

	if (u->state == STATE_SENDING) {
		ask.body = u->out.data ? u->out.data + u->out_done : "";
		ask.body_len = u->out.len - u->out_done;
	} else if (u->state == STATE_OPENING) {
		ask.body = "";
	}
	if (registry_start(u->registry, &ask, &u->try, &u->transfer, err) < 0)
		return err_wrap(err, "%s", u->what);
	return 0;
}

static int start_close(struct upload *u, char *const *headers, struct err *err)
{
	auto_free char *escaped = http_escape(u->text.text);
	auto_free char *url = mem_printf("%s%cdigest=%s", u->location, strchr(u->location, '?') ? '&' : '?', escaped);

	return start(u, "PUT", url, headers, err);
}

static int start_send(struct upload *u, struct err *err)
{
	uint64_t from = u->out_at + u->out_done;
	auto_free char *range = mem_printf("Content-Range: %llu-%llu", (unsigned long long)from,
					   (unsigned long long)(u->out_at + u->out.len - 1));
	char *headers[] = { (char *)"Content-Type: application/octet-stream", u->closing ? NULL : range, NULL };

	return u->closing ? start_close(u, headers, err) : start(u, "PATCH", u->location, headers, err);
}

static int start_check(struct upload *u, struct err *err)
{
	auto_free char *where = mem_printf("blobs/%s", u->text.text);

	return start(u, "HEAD", where, NULL, err);
}

/* ---- answers ---- */

/* Where the next request goes, and how much it must hold. */
static int take_location(struct upload *u, struct err *err)
{
	const char *least = http_header(u->transfer, "oci-chunk-min-length");
	uint64_t bytes = 0;
	char *location = NULL;

	/* SPEC distribution: every answer has one; who leaves it out later means the same place */
	if (u->location && !http_header(u->transfer, "location"))
		return 0;
	if (registry_location(u->registry, u->transfer, &location, err) < 0)
		return err_wrap(err, "%s", u->what);
	free(u->location);
	u->location = location;
	if (!least || num_u64(least, UINT64_MAX, &bytes) < 0 || bytes <= u->chunk_bytes)
		return 0;
	if (bytes > CHUNK_MAX_BYTES)
		return err_set(err, ERR_LIMIT, "%s: the registry asks for chunks of %llu bytes, more than %d", u->what,
			       (unsigned long long)bytes, CHUNK_MAX_BYTES);
	u->chunk_bytes = (size_t)bytes;
	return 0;
}

/* "0-99" → 100. false: it does not say. */
static bool read_range(const struct http_transfer *t, uint64_t *ret)
{
	const char *range = http_header(t, "range"), *dash;

	if (!range)
		return false;
	range = str_after(range, "bytes=") ? str_after(range, "bytes=") : range;
	dash = strchr(range, '-');
	if (!dash || num_u64(dash + 1, INT64_MAX, ret) < 0)
		return false;
	++*ret;
	return true;
}

static void next_chunk(struct upload *u)
{
	u->out_at += u->out.len;
	str_cut(&u->out, 0);
	u->out_done = 0;
	u->try = (struct registry_try){ 0 };
	u->state = STATE_READY;
}

/* It has `got` bytes of the blob. */
static int account(struct upload *u, uint64_t got, struct err *err)
{
	if (got > u->out_at + u->out.len)
		return err_set(err, ERR_INVALID, "%s: the registry says it has %llu bytes, %llu were sent", u->what,
			       (unsigned long long)got, (unsigned long long)(u->out_at + u->out.len));
	if (got < u->out_at)
		return UPLOAD_LOST;
	u->out_done = (size_t)(got - u->out_at);
	u->state = STATE_SENDING;
	if (u->out_done == u->out.len && !u->closing)
		next_chunk(u);
	return UPLOAD_ON;
}

static int opened(struct upload *u, struct err *err)
{
	if (take_location(u, err) < 0)
		return -1;
	u->try = (struct registry_try){ 0 };
	u->state = STATE_READY;
	return UPLOAD_ON;
}

static int closed(struct upload *u, struct err *err)
{
	const char *kept = http_header(u->transfer, "docker-content-digest");

	if (kept && *kept && strcmp(kept, u->text.text) != 0)
		return err_set(err, ERR_MISMATCH, "%s: the registry keeps it as %.100s, it is %s", u->what, kept, u->text.text);
	u->state = STATE_OVER;
	return UPLOAD_DONE;
}

static int sent(struct upload *u, struct err *err)
{
	uint64_t got = u->out_at + u->out.len;

	if (u->closing)
		return closed(u, err);
	if (take_location(u, err) < 0)
		return -1;
	if (!read_range(u->transfer, &got) || got >= u->out_at + u->out.len)
		return account(u, got, err);
	/* it took only a part: as a failure that may pass, so that it cannot go on for ever */
	if (registry_failed(u->registry, &u->try, ERR_NETWORK, "the registry took only a part of the chunk", err) < 0)
		return err_wrap(err, "%s", u->what);
	return account(u, got, err);
}

static int told(struct upload *u, struct err *err)
{
	uint64_t got = 0;

	if (take_location(u, err) < 0)
		return -1;
	/* "0-0" is what some say for nothing at all, and nobody breaks off after one byte */
	if (!read_range(u->transfer, &got) || got == 1)
		got = 0;
	return account(u, got, err);
}

/* The session is not known any more. */
static int lost(struct upload *u)
{
	if (!u->closing || u->state == STATE_CHECKING)
		return UPLOAD_LOST;
	u->state = STATE_CHECKING;
	return UPLOAD_ON;
}

/* The answer was a refusal for good. */
static int refused(struct upload *u, int status, struct err *err)
{
	bool asking = u->state == STATE_ASKING || u->state == STATE_CHECKING;

	/* a registry that cannot tell how much it has */
	if ((asking && status / 100 == 4 && status != 401 && status != 403) || (u->state == STATE_SENDING && status == 404)) {
		err_clear(err);
		return lost(u);
	}
	if (u->state == STATE_SENDING && status == 416) {
		err_clear(err);
		if (registry_failed(u->registry, &u->try, ERR_NETWORK, "the registry does not want this part of the blob", err) < 0)
			return err_wrap(err, "%s", u->what);
		u->state = STATE_ASKING;
		return UPLOAD_ON;
	}
	return -1;
}

static int judge(struct upload *u, struct err *err)
{
	int verdict = registry_verdict(u->registry, u->transfer, u->what, &u->try, err);

	if (verdict < 0)
		return http_result(u->transfer, &(struct err){ 0 }) < 0 ? -1 : refused(u, http_status(u->transfer), err);
	if (verdict > 0) {
		if (u->state == STATE_SENDING)
			u->state = STATE_ASKING;
		return UPLOAD_ON;
	}
	switch (u->state) {
	case STATE_OPENING:
		return opened(u, err);
	case STATE_SENDING:
		return sent(u, err);
	case STATE_ASKING:
		return told(u, err);
	case STATE_CHECKING:
		u->state = STATE_OVER;
		return UPLOAD_DONE;
	case STATE_READY:
	case STATE_OVER:
		break;
	}
	return UPLOAD_ON;
}

/* ---- the whole ---- */

static bool has_chunk(const struct upload *u)
{
	return u->ended || u->fill.len >= u->chunk_bytes;
}

static void begin_chunk(struct upload *u)
{
	struct str empty = u->out;

	u->out = u->fill;
	u->fill = empty;
	/* the whole of it, or nothing: what is larger than a chunk ends with an empty request, as every registry knows it */
	u->closing = u->ended && !u->fill.len && (u->out_at == 0 || !u->out.len);
	u->state = STATE_SENDING;
}

bool upload_is_ready(const struct upload *u)
{
	return u->transfer ? http_done(u->transfer) : u->state == STATE_READY && has_chunk(u);
}

static int launch(struct upload *u, struct err *err)
{
	switch (u->state) {
	case STATE_OPENING:
		return start(u, "POST", "blobs/uploads/", (char *[]){ (char *)"Content-Type:", NULL }, err);
	case STATE_SENDING:
		return start_send(u, err);
	case STATE_ASKING:
		return start(u, "GET", u->location, NULL, err);
	case STATE_CHECKING:
		return start_check(u, err);
	case STATE_READY:
	case STATE_OVER:
		break;
	}
	return 0;
}

int upload_step(struct upload *u, int64_t *ret_not_before_ns, struct err *err)
{
	int r;

	*ret_not_before_ns = 0;
	if (u->transfer) {
		if (!http_done(u->transfer))
			return UPLOAD_ON;
		r = judge(u, err);
		http_free(take_ptr(u->transfer));
		if (r != UPLOAD_ON)
			return r;
	}
	if (u->state == STATE_READY && has_chunk(u))
		begin_chunk(u);
	if (u->try.not_before_ns > ntime_monotonic()) {
		*ret_not_before_ns = u->try.not_before_ns;
		return UPLOAD_ON;
	}
	return launch(u, err);
}

/* ---- small ones ---- */

/* 1: the registry has it. */
static int is_there(struct registry *registry, const char *digest, const char *what, struct err *err)
{
	auto_free char *where = mem_printf("blobs/%s", digest);
	struct registry_ask ask = { .method = "HEAD", .where = where };
	struct registry_try try = { 0 };
	int verdict;

	do {
		auto_ptr(http_transfer) t = NULL;

		if (registry_wait(registry, NULL, try.not_before_ns, err) < 0 || registry_start(registry, &ask, &try, &t, err) < 0)
			return err_wrap(err, "%s", what);
		if (registry_wait(registry, t, 0, err) < 0)
			return -1;
		verdict = registry_verdict(registry, t, what, &try, err);
		if (verdict < 0 && http_result(t, &(struct err){ 0 }) == 0 && http_status(t) == 404) {
			err_clear(err);
			return 0;
		}
	} while (verdict > 0);
	return verdict < 0 ? -1 : 1;
}

int upload_small(struct registry *registry, const char *digest, const void *data, size_t len, bool *ret_sent, struct err *err)
{
	auto_free char *what = mem_printf("writing blob %s", digest);
	int there = is_there(registry, digest, what, err), r = UPLOAD_LOST;

	if (ret_sent)
		*ret_sent = there == 0;
	if (there)
		return there < 0 ? -1 : 0;
	for (unsigned i = 0; i < 3 && r == UPLOAD_LOST; i++) {
		auto_ptr(upload) u = upload_new(registry, what, NULL);
		int64_t not_before_ns = 0;

		if (upload_give(u, data, len, err) < 0)
			return -1;
		while ((r = upload_step(u, &not_before_ns, err)) == UPLOAD_ON)
			if (registry_wait(registry, u->transfer, u->transfer ? 0 : not_before_ns, err) < 0)
				return -1;
	}
	return r == UPLOAD_LOST ? err_set(err, ERR_NETWORK, "%s: the registry forgets the upload again and again", what) : r < 0 ? -1 : 0;
}

/* ---- files ---- */

/* One session. */
static int send_file(struct registry *registry, const char *what, const char *digest, int fd, void (*tell)(void *ctx, uint64_t sent), void *ctx,
		     struct err *err)
{
	auto_ptr(upload) u = upload_new(registry, what, NULL);
	int64_t not_before_ns = 0;
	int r;

	if (lseek(fd, 0, SEEK_SET) < 0)
		return err_sys(err, errno, "%s", what);
	do {
		if (upload_wants(u) && upload_read(u, fd, err) < 0)
			return -1;
		if (u->ended && strcmp(u->text.text, digest) != 0)
			return err_set(err, ERR_CORRUPT, "%s: its bytes here have the digest %s: see `system check`", what, u->text.text);
		r = upload_step(u, &not_before_ns, err);
		if (r == UPLOAD_ON && registry_wait(registry, u->transfer, u->transfer ? 0 : not_before_ns, err) < 0)
			return -1;
		if (tell && r >= 0)
			tell(ctx, upload_sent(u));
	} while (r == UPLOAD_ON);
	return r;
}

int upload_file(struct registry *registry, const char *digest, int fd, void (*tell)(void *ctx, uint64_t sent), void *ctx, bool *ret_sent,
		struct err *err)
{
	auto_free char *what = mem_printf("writing blob %s", digest);
	int there = is_there(registry, digest, what, err), r = UPLOAD_LOST;

	*ret_sent = there == 0;
	if (there)
		return there < 0 ? -1 : 0;
	for (unsigned i = 0; i < 3 && r == UPLOAD_LOST; i++)
		r = send_file(registry, what, digest, fd, tell, ctx, err);
	return r == UPLOAD_LOST ? err_set(err, ERR_NETWORK, "%s: the registry forgets the upload again and again", what) : r < 0 ? -1 : 0;
}
