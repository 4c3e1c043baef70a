#include "image/blob_fetch.h"

#include <string.h>

#include "base/fd.h"
#include "base/num.h"
#include "base/str.h"
#include "codec/digest.h"

struct fetch {
	const char *digest;
	uint64_t size, received, skip; /* skip: the server began at 0 again */
	int fd;
	bool begun; /* this transfer gave bytes */
	struct digest *sum;
	const struct image_progress *progress;
	struct err err; /* what the sink found wrong */
};

static void fetch_done(struct fetch *f)
{
	digest_free(f->sum);
}
AUTO_VAL(fetch, fetch_done);

static void tell(const struct fetch *f, enum image_step step)
{
	if (f->progress)
		f->progress->item(f->progress->ctx, "blob", f->digest, step, f->received, f->size);
}

/* Where the server's answer begins; false when it is not where we asked. */
static bool begin(struct fetch *f, const struct http_transfer *t)
{
	const char *range = http_header(t, "content-range"), *from = range ? str_after(range, "bytes ") : NULL;
	auto_free char *start = from ? mem_strndup(from, strcspn(from, "-")) : NULL;
	uint64_t at = 0;

	f->begun = true;
	f->skip = http_status(t) == 206 ? 0 : f->received;
	return http_status(t) != 206 || (start && num_u64(start, UINT64_MAX, &at) == 0 && at == f->received);
}

static enum http_sink sink(void *ctx, const struct http_transfer *t, const char *data, size_t len)
{
	struct fetch *f = ctx;
	int rc;

	if (f->err.kind)
		return HTTP_SINK_STOP;
	if (!f->begun && !begin(f, t)) {
		err_set(&f->err, ERR_NETWORK, "the server continued elsewhere than asked");
		return HTTP_SINK_STOP;
	}
	size_t skip = f->skip < len ? (size_t)f->skip : len;
	f->skip -= skip;
	data += skip;
	len -= skip;
	if (len > f->size - f->received) {
		err_set(&f->err, ERR_MISMATCH, "more bytes come than the %llu of the manifest", (unsigned long long)f->size);
		return HTTP_SINK_STOP;
	}
	rc = fd_write_full(f->fd, data, len);
	if (rc < 0) {
		err_sys(&f->err, -rc, "cannot write it");
		return HTTP_SINK_STOP;
	}
	digest_add(f->sum, data, len);
	f->received += len;
	tell(f, IMAGE_STEP_LOAD);
	return HTTP_SINK_TAKEN;
}

/* 0 it came, 1 again. */
static int try_once(struct fetch *f, struct registry *registry, const char *what, struct registry_try *try, struct err *err)
{
	auto_ptr(http_transfer) t = NULL;

	f->begun = false;
	if (registry_wait(registry, NULL, try->not_before_ns, err) < 0 ||
	    registry_blob(registry, f->digest, f->received, sink, f, try, &t, err) < 0 || registry_wait(registry, t, 0, err) < 0)
		return -1;
	if (f->err.kind) {
		*err = f->err;
		return -1;
	}
	int verdict = registry_verdict(registry, t, what, try, err);
	if (verdict == 0 && f->received < f->size)
		return registry_failed(registry, try, ERR_MISMATCH, "the server sent less than the manifest says", err);
	return verdict;
}

int blob_fetch(struct registry *registry, const char *digest, uint64_t size, int fd, const struct image_progress *progress, struct err *err)
{
	auto_val(fetch) f = { .digest = digest, .size = size, .fd = fd, .progress = progress };
	auto_free char *what = mem_printf("copying blob %s", digest);
	struct registry_try try = { 0 };
	int verdict = 1;

	if (digest_open(digest, &f.sum, err) < 0)
		return -1;
	while (verdict > 0 && f.size) /* COMPAT: nothing is asked for nothing */
		verdict = try_once(&f, registry, what, &try, err);
	if (verdict < 0)
		return err_wrap(err, "%s", what);
	struct digest_text is = digest_now(f.sum);
	if (strcmp(is.text, digest) != 0)
		return err_set(err, ERR_MISMATCH, "%s: what came has the digest %s", what, is.text);
	tell(&f, IMAGE_STEP_DONE);
	return 0;
}
