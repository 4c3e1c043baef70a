/* image_save.c - images of the store into archives and directories; see image.h
 *
 * Here: what is saved under which names, and the docker-archive. A layer that came uncompressed has a known size and is written
 * straight out; another one is made in the store's staging directory first, one at a time.
 */
#include "image/image_save_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/str.h"
#include "codec/json_out.h"

static void save_done(struct save *s)
{
	store_stage_done(s->store, &s->stage);
	strv_free(s->written);
	free(s->digest);
	archive_out_done(&s->out);
}
AUTO_VAL(save, save_done);

struct saved_list {
	struct saved *items;
	size_t count;
};

static void saved_list_done(struct saved_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		image_free(list->items[i].image);
		strv_free(list->items[i].names);
	}
	free(list->items);
}
AUTO_VAL(saved_list, saved_list_done);

void image_save_tell(const struct save *s, const char *kind, const char *digest, uint64_t size)
{
	const struct image_progress *p = s->opts->progress;

	if (p)
		p->item(p->ctx, kind, digest, IMAGE_STEP_DONE, size, size);
}

const char *image_save_hex(const char *digest)
{
	return strchr(digest, ':') + 1;
}

bool image_save_is_written(struct save *s, const char *digest)
{
	if (strv_has(s->written, digest))
		return true;
	strv_add(&s->written, digest);
	return false;
}

int image_save_spool(struct save *s, int *ret_fd, struct err *err)
{
	int fd;

	if (s->stage.dir_fd < 0 && store_stage(s->store, &s->stage, err) < 0)
		return -1;
	fd = openat(s->stage.dir_fd, "layer", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_sys(err, errno, "cannot write to the store's staging directory");
	*ret_fd = fd;
	return 0;
}

int image_save_get_layer(struct save *s, const char *diff_id, struct layer **ret, struct err *err)
{
	if (layer_get(s->store, diff_id, ret, err) < 0)
		return err_wrap(err, "saving layer %s", diff_id);
	return 0;
}

/* ---- docker-archive ---- */

static int write_docker_layer(struct save *s, const char *diff_id, struct err *err)
{
	auto_ptr(layer) layer = NULL;
	auto_free char *name = mem_printf("%s.tar", image_save_hex(diff_id));
	auto_close int fd = -EBADF;
	struct stat st;

	if (image_save_get_layer(s, diff_id, &layer, err) < 0)
		return -1;
	if (str_eq(layer->digest, diff_id)) {
		if (archive_out_member(&s->out, name, layer->size, err) < 0 || layer_write_tar(s->store, layer, s->out.fd, err) < 0)
			return -1;
		archive_out_skip(&s->out, layer->size);
		image_save_tell(s, "blob", diff_id, layer->size);
		return archive_out_end_member(&s->out, err);
	}
	if (image_save_spool(s, &fd, err) < 0 || layer_write_tar(s->store, layer, fd, err) < 0)
		return -1;
	if (fstat(fd, &st) < 0 || lseek(fd, 0, SEEK_SET) < 0)
		return err_sys(err, errno, "cannot read back layer %s", diff_id);
	image_save_tell(s, "blob", diff_id, (uint64_t)st.st_size);
	return archive_out_file(&s->out, name, fd, (uint64_t)st.st_size, err);
}

static int write_docker_image(struct save *s, const struct saved *saved, struct json_out *list, struct err *err)
{
	auto_free char *config = NULL, *config_name = mem_printf("%s.json", saved->image->id);
	auto_free char *config_digest = mem_printf("sha256:%s", saved->image->id);
	size_t len = 0;

	for (char *const *d = saved->image->diff_ids; d && *d; d++)
		if (!image_save_is_written(s, *d) && write_docker_layer(s, *d, err) < 0)
			return -1;
	if (image_db_config(s->store, saved->image, &config, &len, err) < 0)
		return -1;
	if (!image_save_is_written(s, saved->image->id) && archive_out_text(&s->out, config_name, config, len, err) < 0)
		return -1;
	image_save_tell(s, "config", config_digest, len);
	json_out_open_object(list, NULL);
	json_out_str(list, "Config", config_name);
	json_out_open_array(list, "RepoTags");
	for (char *const *n = saved->names; n && *n; n++)
		json_out_str(list, NULL, *n);
	json_out_close_array(list);
	json_out_open_array(list, "Layers");
	for (char *const *d = saved->image->diff_ids; d && *d; d++) {
		auto_free char *name = mem_printf("%s.tar", image_save_hex(*d));

		json_out_str(list, NULL, name);
	}
	json_out_close_array(list);
	json_out_close_object(list);
	return 0;
}

static int write_docker(struct save *s, const struct saved_list *list, struct err *err)
{
	auto_str manifest = { 0 };
	struct json_out o = json_out(&manifest, NULL);

	json_out_open_array(&o, NULL);
	for (size_t i = 0; i < list->count; i++)
		if (write_docker_image(s, &list->items[i], &o, err) < 0)
			return -1;
	json_out_close_array(&o);
	image_say(s->opts->progress, "Writing manifest to image destination");
	return archive_out_text(&s->out, "manifest.json", manifest.data, manifest.len, err);
}

/* ---- what is saved ---- */

/* An image given twice is saved once, under both names. */
static int add_word(struct save *s, const char *word, struct saved_list *list, struct err *err)
{
	auto_ptr(image) image = NULL;
	auto_free char *name = NULL;
	struct saved *item = NULL;

	if (image_resolve(s->store, word, &image, &name, err) < 0)
		return -1;
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].image->id, image->id) == 0)
			item = &list->items[i];
	if (!item) {
		item = &list->items[list->count++];
		item->image = take_ptr(image);
	}
	if (name && !strv_has(item->names, name))
		strv_add(&item->names, name);
	return 0;
}

/* COMPAT: without --multi-image-archive the words after the first are more names for it, and come before its own. */
static int collect(struct save *s, char *const *words, struct saved_list *list, struct err *err)
{
	auto_strv names = NULL;

	list->items = mem_array(strv_len(words) + 1, sizeof(*list->items));
	for (size_t i = 1; !s->opts->multi && words[i]; i++) {
		char *name = NULL;

		if (ref_local_name(words[i], &name, err) < 0)
			return -1;
		strv_add_take(&names, name);
	}
	for (size_t i = 0; words[i] && (i == 0 || s->opts->multi); i++)
		if (add_word(s, words[i], list, err) < 0)
			return -1;
	if (s->opts->only_names) {
		strv_free(list->items[0].names);
		list->items[0].names = strv_dup(s->opts->names);
		return 0;
	}
	if (names) {
		strv_extend(&names, list->items[0].names);
		strv_free(list->items[0].names);
		list->items[0].names = take_ptr(names);
	}
	return 0;
}

enum form { FORM_DOCKER_ARCHIVE, FORM_OCI_ARCHIVE, FORM_OCI_DIR, FORM_DOCKER_DIR, FORM_COUNT };

static int check(const struct image_save_opts *opts, char *const *words, enum form *ret, struct err *err)
{
	static const char *const forms[] = { "docker-archive", "oci-archive", "oci-dir", "docker-dir", NULL };
	const char *format = opts->format ? opts->format : forms[0];
	int form = str_index(forms, format);

	if (!words || !words[0])
		return err_set(err, ERR_USAGE, "no image is named");
	if (form < 0)
		return err_set(err, ERR_USAGE, "unsupported format \"%s\" for saving images", format);
	*ret = (enum form)form;
	if (opts->compress && form != FORM_DOCKER_DIR)
		return err_set(err, ERR_USAGE, "--compress can only be set when --format is 'docker-dir'");
	if (form != FORM_DOCKER_ARCHIVE && opts->multi && words[1])
		return err_set(err, ERR_USAGE, "unsupported format \"%s\" for saving multiple images (only docker-archive)", format);
	return 0;
}

/* COMPAT: a directory may be there already, and what is in it stays. */
static int open_dir(struct save *s, struct err *err)
{
	const char *path = s->opts->dir;
	int r = file_mkdirs(AT_FDCWD, path, 0755), fd;

	if (r < 0)
		return err_sys(err, -r, "cannot make the directory '%s'", path);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(err, errno, "cannot open the directory '%s'", path);
	s->out.dir_fd = fd;
	s->out.fd = -EBADF;
	return 0;
}

static int write_form(struct save *s, enum form form, const struct saved_list *list, struct err *err)
{
	switch (form) {
	case FORM_DOCKER_ARCHIVE:
		return write_docker(s, list, err);
	case FORM_OCI_ARCHIVE:
	case FORM_OCI_DIR:
		return image_save_oci(s, &list->items[0], err);
	case FORM_DOCKER_DIR:
		return image_save_dir(s, &list->items[0], err);
	case FORM_COUNT:
		break;
	}
	return -1;
}

int image_save_told(struct store *store, char *const *words, int out_fd, const struct image_save_opts *opts, char **ret_digest,
		    struct err *err)
{
	__attribute__((unused)) auto_val(image_quiet_pipe) quiet = image_quiet_pipe();
	auto_val(save) s = { .store = store, .opts = opts, .out = { .fd = out_fd, .dir_fd = -EBADF }, .stage = { .dir_fd = -EBADF } };
	auto_val(saved_list) list = { 0 };
	enum form form = FORM_DOCKER_ARCHIVE;

	if (check(opts, words, &form, err) < 0 || collect(&s, words, &list, err) < 0)
		return -1;
	if ((form == FORM_OCI_DIR || form == FORM_DOCKER_DIR) && open_dir(&s, err) < 0)
		return -1;
	image_say(opts->progress, "Getting image source signatures");
	if (write_form(&s, form, &list, err) < 0 || archive_out_end(&s.out, err) < 0)
		return -1;
	*ret_digest = take_ptr(s.digest);
	return 0;
}

int image_save(struct store *store, char *const *words, int out_fd, const struct image_save_opts *opts, struct err *err)
{
	auto_free char *digest = NULL;

	return image_save_told(store, words, out_fd, opts, &digest, err);
}
