/* image_push_file.c - a push to a place that is no registry: an archive, a directory, a name of our own store; see image.h
 *
 * An archive gets its name when it is whole.
 */
#include "image/image_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/str.h"
#include "image/image_priv.h"

struct target {
	struct store *store;
	const char *word, *destination;
	const struct image_push_opts *opts;
	struct image_file file;
	enum compress_kind kind;
};

static int check(struct target *t, struct err *err)
{
	struct stat st;

	if (t->opts->sign.key)
		return err_set(err, ERR_USAGE, "Cannot determine canonical Docker reference for destination %s: only what goes to a registry has a name to sign", t->destination);
	if (image_push_compression(t->opts, &t->kind, err) < 0)
		return -1;
	if ((t->opts->level || t->kind != COMPRESS_GZIP) && (t->file.kind == IMAGE_FILE_DOCKER_ARCHIVE || t->file.kind == IMAGE_FILE_STORE))
		return err_set(err, ERR_USAGE, "the layers of '%.300s' are not compressed: leave the compression flags out", t->destination);
	if (t->opts->format && t->file.kind != IMAGE_FILE_DIR)
		return err_set(err, ERR_USAGE, "--format is for registries and dir:, '%.300s' has its own", t->destination);
	if (t->file.kind == IMAGE_FILE_DOCKER_ARCHIVE && stat(t->file.path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size)
		return err_set(err, ERR_EXISTS, "initializing destination %s: docker-archive doesn't support modifying existing images",
			       t->destination);
	return 0;
}

static int write_archive(const struct target *t, const struct image_save_opts *save, char **ret_digest, struct err *err)
{
	auto_free char *part = mem_printf("%s.part", t->file.path);
	auto_close int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	char *words[] = { (char *)t->word, save->only_names ? NULL : t->file.reference, NULL };
	int r;

	if (fd < 0)
		return err_sys(err, errno, "cannot write '%s'", t->file.path);
	r = image_save_told(t->store, words, fd, save, ret_digest, err);
	if (r >= 0 && rename(part, t->file.path) < 0)
		r = err_sys(err, errno, "cannot write '%s'", t->file.path);
	if (r < 0)
		unlink(part);
	return r;
}

/* Our own store: another name. */
static int name_it(const struct target *t, char **ret_digest, struct err *err)
{
	auto_ptr(image) image = NULL;
	auto_val(ref) ref = { 0 };
	auto_free char *name = NULL, *config = NULL;
	const struct image_progress *p = t->opts->progress;

	if (image_resolve(t->store, t->word, &image, NULL, err) < 0 || ref_parse_full(t->file.path, &ref, err) < 0)
		return -1;
	image_say(p, "Getting image source signatures");
	for (char *const *d = image->diff_ids; p && d && *d; d++)
		p->item(p->ctx, "blob", *d, IMAGE_STEP_DONE, 0, 0);
	config = mem_printf("sha256:%s", image->id);
	if (p)
		p->item(p->ctx, "config", config, IMAGE_STEP_DONE, 0, 0);
	image_say(p, "Writing manifest to image destination");
	name = ref_text(&ref);
	*ret_digest = mem_strdup(image->digest);
	return image_db_tag(t->store, image, name, err);
}

static int push_to(struct target *t, char **ret_digest, struct err *err)
{
	char *names[] = { t->file.reference, NULL }, *words[] = { (char *)t->word, NULL };
	struct image_save_opts save = { .progress = t->opts->progress, .only_names = true, .names = t->file.reference ? names : NULL,
					.compress = t->opts->compress, .zstd = t->kind == COMPRESS_ZSTD, .level = t->opts->level, .dir = t->file.path };

	switch (t->file.kind) {
	case IMAGE_FILE_OCI:
		save.format = "oci-dir";
		return image_save_told(t->store, words, -EBADF, &save, ret_digest, err);
	case IMAGE_FILE_DIR:
		save.format = "docker-dir";
		save.as_it_came = !str_eq(t->opts->format, "v2s2");
		return image_save_told(t->store, words, -EBADF, &save, ret_digest, err);
	case IMAGE_FILE_OCI_ARCHIVE:
		save.format = "oci-archive";
		return write_archive(t, &save, ret_digest, err);
	case IMAGE_FILE_DOCKER_ARCHIVE:
		save.only_names = false;
		return write_archive(t, &save, ret_digest, err);
	case IMAGE_FILE_STORE:
		return name_it(t, ret_digest, err);
	}
	return -1;
}

int image_push_file(struct store *store, const char *word, const char *destination, const struct image_push_opts *opts,
		    char **ret_digest, char ret_id[STORE_ID_MAX + 1], struct err *err)
{
	struct target t = { .store = store, .word = word, .destination = destination, .opts = opts };
	auto_ptr(image) image = NULL;
	int r = -1;

	if (image_resolve(store, word, &image, NULL, err) < 0)
		return -1;
	if (image_file_parse(destination, &t.file, err) >= 0 && check(&t, err) >= 0)
		r = push_to(&t, ret_digest, err);
	image_file_done(&t.file);
	memcpy(ret_id, image->id, STORE_ID_MAX + 1);
	return r;
}
