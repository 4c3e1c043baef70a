#include "storage/layer_out.h"

#include "base/fd.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

int layer_out_open(struct layer_out *out, int fd, struct err *err)
{
	out->fd = fd;
	out->written = 0;
	return digest_open("sha256:", &out->digest, err);
}

int layer_out_bytes(struct layer_out *out, const void *data, size_t len, struct err *err)
{
	digest_add(out->digest, data, len);
	out->written += len;
	int rc = fd_write_full(out->fd, data, len);
	return rc < 0 ? err_sys(err, -rc, "cannot write the layer's archive") : 0;
}

int layer_out_range(struct layer_out *out, int fd, const char *path, uint64_t offset, uint64_t len, struct err *err)
{
	while (len) {
		ssize_t got = pread(fd, out->buffer, len < sizeof(out->buffer) ? (size_t)len : sizeof(out->buffer), (off_t)offset);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got ? err_sys(err, errno, "cannot read '%s' of the layer", path)
				   : err_set(err, ERR_CORRUPT, "'%s' of the layer is shorter than it was", path);
		if (layer_out_bytes(out, out->buffer, (size_t)got, err) < 0)
			return -1;
		offset += (uint64_t)got;
		len -= (uint64_t)got;
	}
	return 0;
}

int layer_out_check(const struct layer_out *out, const char *diff_id, struct err *err)
{
	if (strcmp(digest_now(out->digest).text, diff_id) != 0)
		return err_set(err, ERR_CORRUPT, "a file of the layer was changed: its archive is no longer what was pulled");
	return 0;
}

void layer_out_done(struct layer_out *out)
{
	digest_free(out->digest);
	out->digest = NULL;
}
