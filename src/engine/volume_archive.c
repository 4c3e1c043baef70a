#include "engine/volume_archive.h"

#include "base/fd.h"
#include "engine/events.h"
#include "engine/output_file.h"
#include "engine/volume.h"
#include "storage/tree_pack.h"
#include "storage/tree_unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Its directory, open. ret_name: owned. */
static int open_volume(struct engine *engine, const char *word, char **ret_name, int *ret_fd, struct err *err)
{
	auto_val(volume_place) place = { 0 };
	auto_free char *name = NULL;
	if (volume_find(engine, word, &name, err) < 0 || volume_use(engine, &(struct volume_want){ .name = name }, &place, err) < 0)
		return -1;
	if (place.kind == VOLUME_TMPFS)
		return err_set(err, ERR_UNSUPPORTED, "volume %s is a tmpfs of each container that uses it: copy from and to the container", name);
	*ret_fd = open(place.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*ret_fd < 0)
		return err_sys(err, errno, "cannot open '%s', the files of volume %s", place.path, name);
	*ret_name = take_ptr(name);
	return 0;
}

static int put(void *ctx, const void *data, size_t len, struct err *err)
{
	int rc = fd_write_full(*(const int *)ctx, data, len);
	return rc < 0 ? err_sys(err, -rc, "cannot write the archive") : 0;
}

int volume_export(struct engine *engine, const char *word, const char *output, struct err *err)
{
	auto_free char *name = NULL;
	auto_close int fd = -EBADF;
	struct output_file file;
	const struct tree_pack how = { .mounts = true };
	if (open_volume(engine, word, &name, &fd, err) < 0 || output_file_open(output, "export", &file, err) < 0)
		return -1;
	struct tar_out out = { .write = put, .ctx = &file.fd };
	int rc = tree_pack(fd, &how, &out, err);
	if (rc >= 0)
		rc = tar_out_end(&out, err);
	return output_file_end(&file, rc, err) < 0 ? err_wrap(err, "exporting volume %s", name) : 0;
}

int volume_import(struct engine *engine, const char *word, const char *input, struct err *err)
{
	auto_free char *name = NULL;
	auto_close int fd = -EBADF;
	auto_close int file_fd = -EBADF;
	if (strcmp(input, "-") != 0 && (file_fd = open(input, O_RDONLY | O_CLOEXEC)) < 0)
		return err_sys(err, errno, "unable open input file: open %s", input);
	if (open_volume(engine, word, &name, &fd, err) < 0)
		return -1;
	const struct tree_unpack how = { .base_fd = fd, .root_fd = -EBADF, .overwrite = true };
	if (tree_unpack_fd(&how, file_fd >= 0 ? file_fd : STDIN_FILENO, true, err) < 0)
		return err_wrap(err, "extracting into volume %s", name);
	return 0;
}
