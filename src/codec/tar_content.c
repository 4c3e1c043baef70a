/* tar_content.c - the content of an entry into a file, holes and all; see tar.h */
#include "codec/tar.h"

#include <errno.h>
#include <unistd.h>

static int write_at(int fd, const char *data, size_t len, off_t at)
{
	while (len) {
		ssize_t n = pwrite(fd, data, len, at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO;
		data += n;
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

/* The next piece's place: whole files have one. */
static void next_piece(const struct tar_entry *e, size_t *piece, uint64_t *at, uint64_t *room)
{
	while (*room == 0 && e->segments && *piece < e->segment_count) {
		*at = e->segments[*piece].offset;
		*room = e->segments[(*piece)++].len;
	}
}

int tar_write_content(struct tar *t, const struct tar_entry *e, int fd, char *buffer, size_t size, struct err *err)
{
	uint64_t at = 0, room = e->segments ? 0 : UINT64_MAX;
	size_t piece = 0;
	for (;;) {
		next_piece(e, &piece, &at, &room);
		ssize_t got = tar_read(t, buffer, room < size ? (size_t)room : size, err);
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		int rc = write_at(fd, buffer, (size_t)got, (off_t)at);
		if (rc < 0)
			return err_sys(err, -rc, "cannot write '%s'", e->path);
		at += (uint64_t)got;
		room -= room == UINT64_MAX ? 0 : (uint64_t)got;
	}
	if (e->segments && ftruncate(fd, (off_t)e->size) < 0)
		return err_sys(err, errno, "cannot write '%s'", e->path);
	return 0;
}
