/* archive_out.c - see archive_out.h */
#include "image/archive_out.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/mem.h"
#include "codec/tar_out.h"

enum { BLOCK = TAR_OUT_BLOCK, COPY_BYTES = 256 << 10 };

static const char zeros[2 * BLOCK];

static int put(struct archive_out *out, const void *data, size_t len, struct err *err)
{
	int r = fd_write_full(out->fd, data, len);

	return r < 0 ? err_sys(err, -r, "cannot write the archive") : 0;
}

/* ---- below a directory ---- */

#define PART_NAME ".cpod-part"

static bool is_dir(const struct archive_out *out)
{
	return out->dir_fd >= 0;
}

void archive_out_done(struct archive_out *out)
{
	if (!is_dir(out))
		return;
	if (out->fd >= 0)
		file_unlink(out->dir_fd, PART_NAME, 0);
	fd_close(out->fd);
	fd_close(out->dir_fd);
	free(out->name);
}

int archive_out_open(struct archive_out *out, struct err *err)
{
	fd_close(out->fd);
	file_unlink(out->dir_fd, PART_NAME, 0);
	out->fd = openat(out->dir_fd, PART_NAME, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	return out->fd < 0 ? err_sys(err, errno, "cannot write to the directory") : 0;
}

int archive_out_publish(struct archive_out *out, const char *name, struct err *err)
{
	int r = file_rename(out->dir_fd, PART_NAME, out->dir_fd, name, 0);

	out->fd = fd_close(out->fd);
	return r < 0 ? err_sys(err, -r, "cannot write '%s' in the directory", name) : 0;
}

/* ---- members ---- */

int archive_out_member(struct archive_out *out, const char *name, uint64_t size, struct err *err)
{
	char block[BLOCK];

	if (is_dir(out)) {
		free(out->name);
		out->name = mem_strdup(name);
		out->left = size;
		return archive_out_open(out, err);
	}
	if (strlen(name) > TAR_OUT_NAME_MAX)
		return err_set(err, ERR_INTERNAL, "the name '%s' is too long for an archive", name);
	tar_out_block(&(struct tar_entry){ .path = (char *)name, .mode = out->executable ? 0755 : 0444 }, '0', size, block);
	out->left = out->size = size;
	return put(out, block, BLOCK, err);
}

void archive_out_skip(struct archive_out *out, uint64_t bytes)
{
	out->left = bytes < out->left ? out->left - bytes : 0;
}

int archive_out_add(struct archive_out *out, const void *data, size_t len, struct err *err)
{
	if (len > out->left)
		return err_set(err, ERR_INTERNAL, "a member of the archive is longer than promised");
	out->left -= len;
	return put(out, data, len, err);
}

int archive_out_end_member(struct archive_out *out, struct err *err)
{
	if (out->left)
		return err_set(err, ERR_INTERNAL, "a member of the archive is shorter than promised");
	if (is_dir(out))
		return archive_out_publish(out, out->name, err);
	return put(out, zeros, (BLOCK - out->size % BLOCK) % BLOCK, err);
}

int archive_out_text(struct archive_out *out, const char *name, const void *data, size_t len, struct err *err)
{
	if (archive_out_member(out, name, len, err) < 0 || archive_out_add(out, data, len, err) < 0)
		return -1;
	return archive_out_end_member(out, err);
}

int archive_out_file(struct archive_out *out, const char *name, int fd, uint64_t size, struct err *err)
{
	auto_free char *buf = mem_alloc(COPY_BYTES);
	ssize_t n;

	if (archive_out_member(out, name, size, err) < 0)
		return -1;
	while ((n = fd_read_full(fd, buf, COPY_BYTES)) > 0)
		if (archive_out_add(out, buf, (size_t)n, err) < 0)
			return -1;
	if (n < 0)
		return err_sys(err, (int)-n, "cannot read back '%s'", name);
	return archive_out_end_member(out, err);
}

int archive_out_end(struct archive_out *out, struct err *err)
{
	return is_dir(out) ? 0 : put(out, zeros, sizeof(zeros), err);
}
