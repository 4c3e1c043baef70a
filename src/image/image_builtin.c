/* image_builtin.c - the image that comes with cpod: one static program, `hello`.
 * It is made as an archive in memory and loaded like any other, so that there is one way into the store. */
#include "image/image.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/str.h"
#include "codec/digest.h"
#include "host/libexec.h"
#include "image/archive_out.h"
#include "image/manifest.h"

enum { PROGRAM_MAX_BYTES = 4 << 20 };

static const char *const words[] = { "hello", "hello:latest", "localhost/hello", "localhost/hello:latest", NULL };

bool image_is_builtin(const char *word)
{
	return str_index(words, word) >= 0;
}

static int memory_open(const char *name, int *ret_fd, struct err *err)
{
	*ret_fd = memfd_create(name, MFD_CLOEXEC);
	return *ret_fd < 0 ? err_sys(err, errno, "cannot make room for the built-in image") : 0;
}

/* The whole of it, as it lies in memory. */
static int contents(int fd, char **ret_data, size_t *ret_len, struct err *err)
{
	int rc = lseek(fd, 0, SEEK_SET) < 0 ? -errno : file_read_fd(fd, 2 * PROGRAM_MAX_BYTES, ret_data, ret_len);
	return rc < 0 ? err_sys(err, -rc, "cannot read the built-in image") : 0;
}

static int make_layer(char **ret_data, size_t *ret_len, struct err *err)
{
	auto_free char *path = NULL, *program = NULL;
	auto_close int fd = -EBADF;
	size_t len;
	if (libexec_path("hello", &path, err) < 0)
		return -1;
	int rc = file_read(AT_FDCWD, path, PROGRAM_MAX_BYTES, &program, &len);
	if (rc < 0)
		return err_sys(err, -rc, "cannot read the program of the built-in image '%s'", path);
	if (memory_open("hello-layer", &fd, err) < 0)
		return -1;
	struct archive_out out = { .fd = fd, .dir_fd = -EBADF, .executable = true };
	if (archive_out_text(&out, "hello", program, len, err) < 0 || archive_out_end(&out, err) < 0)
		return -1;
	return contents(fd, ret_data, ret_len, err);
}

static char *config_dup(const char *diff_id)
{
	return mem_printf("{\"architecture\":\"%s\",\"os\":\"linux\",\"created\":\"1970-01-01T00:00:00Z\","
			  "\"config\":{\"Cmd\":[\"/hello\"],\"Env\":[\"PATH=/\"]},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"%s\"]},"
			  "\"history\":[{\"created\":\"1970-01-01T00:00:00Z\",\"created_by\":\"cpod\",\"comment\":\"comes with cpod\"}]}",
			  manifest_host_platform().architecture, diff_id);
}

static int make_archive(int fd, struct err *err)
{
	static const char manifest[] = "[{\"Config\":\"config.json\",\"RepoTags\":[\"localhost/hello:latest\"],\"Layers\":[\"layer.tar\"]}]";
	auto_free char *layer = NULL, *diff_id = NULL;
	size_t len;
	if (make_layer(&layer, &len, err) < 0 || digest_of("sha256:", layer, len, &diff_id, err) < 0)
		return -1;
	auto_free char *config = config_dup(diff_id);
	struct archive_out out = { .fd = fd, .dir_fd = -EBADF };
	if (archive_out_text(&out, "manifest.json", manifest, strlen(manifest), err) < 0 ||
	    archive_out_text(&out, "config.json", config, strlen(config), err) < 0 || archive_out_text(&out, "layer.tar", layer, len, err) < 0)
		return -1;
	return archive_out_end(&out, err);
}

int image_builtin(struct store *store, struct err *err)
{
	auto_close int fd = -EBADF;
	auto_strv names = NULL;
	if (memory_open("hello-image", &fd, err) < 0 || make_archive(fd, err) < 0)
		return -1;
	if (lseek(fd, 0, SEEK_SET) < 0)
		return err_sys(err, errno, "cannot read the built-in image");
	return image_load(store, fd, "the built-in image", &(struct image_load_opts){ .own = true }, &names, err);
}
