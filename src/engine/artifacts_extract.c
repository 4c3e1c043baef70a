/* artifacts_extract.c - artifact extract: the files of an artifact out of the store; see artifacts.h
 *
 * Whoever made the artifact chose the titles: a file gets one directly in the directory that is named, under a fresh temporary name and
 * then its own, so that a link which lies there is replaced and never followed. All names are looked at before the first is written.
 */
#include "engine/artifacts.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/str.h"
#include "engine/output_file.h"
#include "storage/artifact_db.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

enum { COPY_BYTES = 256 << 10, TEMP_BYTES = 8 };

static int copy(struct store *store, const struct artifact *a, const struct artifact_blob *blob, int to_fd, struct err *err)
{
	auto_close int from_fd = -EBADF;
	auto_free char *buf = mem_alloc(COPY_BYTES);
	uint64_t done = 0;
	ssize_t n;
	if (artifact_db_open_blob(store, a, blob->digest, &from_fd, err) < 0)
		return -1;
	while ((n = fd_read_full(from_fd, buf, COPY_BYTES)) > 0) {
		int rc = fd_write_full(to_fd, buf, (size_t)n);
		if (rc < 0)
			return err_sys(err, -rc, "cannot write the file");
		done += (size_t)n;
	}
	if (n < 0)
		return err_sys(err, (int)-n, "cannot read blob %s", blob->digest);
	if (done != blob->size)
		return err_set(err, ERR_CORRUPT, "artifact %s: its blob %s has %llu bytes, not %llu", a->name, blob->digest, (unsigned long long)done,
			       (unsigned long long)blob->size);
	return 0;
}

static int copy_into(struct store *store, const struct artifact *a, const struct artifact_blob *blob, int dir_fd, const char *name, struct err *err)
{
	char hex[2 * TEMP_BYTES + 1], temp[sizeof(hex) + 16];
	file_random_hex(hex, TEMP_BYTES);
	snprintf(temp, sizeof(temp), ".cpod-%s", hex);
	auto_close int fd = openat(dir_fd, temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		return err_sys(err, errno, "failed to create target file '%s'", name);
	int rc = copy(store, a, blob, fd, err);
	if (rc >= 0 && (rc = file_rename(dir_fd, temp, dir_fd, name, 0)) < 0)
		rc = err_sys(err, -rc, "cannot write '%s'", name);
	if (rc < 0)
		(void)!file_unlink(dir_fd, temp, 0);
	return rc;
}

static int name_all(const struct artifacts_chosen *x, bool by_digest, char ***ret, struct err *err)
{
	for (size_t i = 0; i < x->count; i++) {
		char *name = NULL;
		if (artifact_blob_file(x->blobs[i], by_digest, &name, err) < 0)
			return -1;
		bool twice = strv_has(*ret, name);
		strv_add_take(ret, name);
		if (twice)
			return err_set(err, ERR_INVALID, "artifact %s has two files that are called '%.300s': choose one with --digest", x->artifact->name, name);
	}
	return 0;
}

static int into_directory(struct store *store, const struct artifacts_chosen *x, int dir_fd, bool by_digest, struct err *err)
{
	auto_strv names = NULL;
	if (name_all(x, by_digest, &names, err) < 0)
		return -1;
	for (size_t i = 0; i < x->count; i++)
		if (copy_into(store, x->artifact, x->blobs[i], dir_fd, names[i], err) < 0)
			return -1;
	return 0;
}

static int into_file(struct store *store, const struct artifacts_chosen *x, const char *target, struct err *err)
{
	struct output_file file;
	if (x->count > 1) /* COMPAT */
		return err_set(err, ERR_USAGE,
			       "the artifact consists of several blobs and the target \"%s\" is not a directory and neither digest or title was specified to only copy a single blob",
			       target);
	if (output_file_open(target, "extract", &file, err) < 0)
		return -1;
	return output_file_end(&file, copy(store, x->artifact, x->blobs[0], file.fd, err), err);
}

int artifacts_extract(struct engine *engine, const char *word, const char *target, const char *digest, const char *title, struct err *err)
{
	auto_val(artifacts_chosen) x = { 0 };
	const struct artifact_want want = { .digest = digest, .title = title };
	auto_close int dir_fd = -EBADF;
	if (digest && title)
		return err_set(err, ERR_USAGE, "cannot specify both digest and title");
	if (artifacts_choose(engine, word, &want, &x, err) < 0)
		return -1;
	dir_fd = open(target, O_RDONLY | O_DIRECTORY | O_CLOEXEC); /* the user's own word: links are followed */
	return dir_fd >= 0 ? into_directory(engine->store, &x, dir_fd, digest, err) : into_file(engine->store, &x, target, err);
}
