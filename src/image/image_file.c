/* image_file.c - see image_file.h; and pulling from such a place, see image.h */
#include "image/image_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/fd.h"
#include "base/str.h"
#include "image/image_priv.h"

static const struct {
	const char *word;
	enum image_file_kind kind;
	enum image_load_form form;
} transports[] = {
	{ "oci:", IMAGE_FILE_OCI, IMAGE_LOAD_OCI },
	{ "oci-archive:", IMAGE_FILE_OCI_ARCHIVE, IMAGE_LOAD_OCI },
	{ "docker-archive:", IMAGE_FILE_DOCKER_ARCHIVE, IMAGE_LOAD_DOCKER },
	{ "dir:", IMAGE_FILE_DIR, IMAGE_LOAD_DIR },
	{ "containers-storage:", IMAGE_FILE_STORE, IMAGE_LOAD_ANY },
};

void image_file_done(struct image_file *f)
{
	free(f->path);
	free(f->reference);
	*f = (struct image_file){ 0 };
}

static int find(const char *word)
{
	for (size_t i = 0; i < ARRAY_LEN(transports); i++)
		if (str_starts(word, transports[i].word))
			return (int)i;
	return -1;
}

/* A name of one component with a tag looks like a transport with a path: "dir:latest" is one, as it is in Podman. */
bool image_file_is(const char *word)
{
	return find(word) >= 0;
}

static int settle_reference(struct image_file *f, struct err *err)
{
	auto_val(ref) ref = { 0 };

	if (!f->reference || f->kind != IMAGE_FILE_DOCKER_ARCHIVE)
		return 0;
	if (ref_parse_full(f->reference, &ref, err) < 0)
		return err_wrap(err, "docker-archive parsing reference \"%.300s\"", f->reference);
	free(f->reference);
	f->reference = ref_text(&ref);
	return 0;
}

int image_file_parse(const char *word, struct image_file *ret, struct err *err)
{
	auto_val(image_file) f = { 0 };
	int i = find(word);
	const char *rest, *colon;

	if (i < 0)
		return err_set(err, ERR_USAGE, "'%.300s' names no transport", word);
	rest = word + strlen(transports[i].word);
	f.kind = transports[i].kind;
	colon = f.kind == IMAGE_FILE_DIR || f.kind == IMAGE_FILE_STORE ? NULL : strchr(rest, ':');
	f.path = colon ? mem_strndup(rest, (size_t)(colon - rest)) : mem_strdup(rest);
	f.reference = colon && colon[1] ? mem_strdup(colon + 1) : NULL;
	if (!*f.path)
		return err_set(err, ERR_USAGE, "%.300s: the path is missing", word);
	if (f.kind == IMAGE_FILE_STORE && *f.path == '[')
		return err_set(err, ERR_UNSUPPORTED, "'%.300s': another store in brackets is not done: name it with --storage-opt additionalimagestore=DIRECTORY",
			       word);
	if (settle_reference(&f, err) < 0)
		return -1;
	*ret = f;
	f = (struct image_file){ 0 };
	return 0;
}

/* ---- pulling ---- */

static int open_source(const struct image_file *f, int *ret_fd, struct err *err)
{
	bool is_dir = f->kind == IMAGE_FILE_OCI || f->kind == IMAGE_FILE_DIR;
	int fd = open(f->path, O_RDONLY | O_CLOEXEC | (is_dir ? O_DIRECTORY : 0));

	if (fd < 0)
		return err_set(err, err_kind_of_errno(errno), "open %s%s: %s", f->path,
			       f->kind == IMAGE_FILE_OCI ? "/index.json" : f->kind == IMAGE_FILE_DIR ? "/manifest.json" : "",
			       err_reason(errno));
	*ret_fd = fd;
	return 0;
}

static int add_id(struct store *store, const char *name, char ***ret_ids, struct err *err)
{
	auto_ptr(image) image = NULL;

	if (image_resolve(store, name, &image, NULL, err) < 0)
		return -1;
	strv_add(ret_ids, image->id);
	return 0;
}

static enum image_load_form form_of(enum image_file_kind kind)
{
	for (size_t i = 0; i < ARRAY_LEN(transports); i++)
		if (transports[i].kind == kind)
			return transports[i].form;
	return IMAGE_LOAD_ANY;
}

int image_file_pull(struct store *store, const char *word, const char *signature_policy, const struct image_progress *progress, char ***ret_ids,
		    struct err *err)
{
	auto_val(image_file) f = { 0 };
	auto_close int fd = -EBADF;
	auto_strv names = NULL;
	auto_strv ids = NULL;
	struct image_load_opts opts = { .progress = progress, .signature_policy = signature_policy };

	if (image_file_parse(word, &f, err) < 0)
		return -1;
	if (f.kind == IMAGE_FILE_STORE)
		return add_id(store, f.path, ret_ids, err);
	opts.form = form_of(f.kind);
	opts.reference = f.reference;
	opts.path = f.path;
	if (open_source(&f, &fd, err) < 0 || image_load(store, fd, f.path, &opts, &names, err) < 0)
		return -1;
	for (size_t i = 0; names && names[i]; i++)
		if (add_id(store, names[i], &ids, err) < 0)
			return -1;
	*ret_ids = take_ptr(ids);
	return 0;
}
