/* list_push.c - an index and its images to a registry; see image.h */
#include "image/list_index.h"

#include <stdlib.h>

#include "base/str.h"
#include "codec/digest.h"
#include "image/image_priv.h"
#include "image/registry.h"

#define ZSTD_TOLD "io.github.containers.compression.zstd"

/* What goes out may have other bytes than what is here: a layer is compressed on the way. */
static int push_one(struct store *store, const char *word, const char *destination, const struct image_push_opts *opts, char **ret_digest,
		    struct image_pushed *ret, struct err *err)
{
	struct image_push_opts one = *opts;
	char id[STORE_ID_MAX + 1];

	one.instance = ret;
	return image_push(store, word, destination, &one, ret_digest, id, err);
}

static void tell(struct list_entry *e, const struct image_pushed *pushed, const char *compression)
{
	free(e->media_type);
	e->media_type = mem_strdup(pushed->media_type);
	e->size = pushed->size;
	strv_env_unset(e->annotations, ZSTD_TOLD);
	/* COMPAT: who can read it finds it by this */
	if (str_eq(compression, "zstd"))
		strv_env_set(&e->annotations, ZSTD_TOLD, "true");
}

static int push_entry(struct store *store, struct list_entry *e, const char *word, const char *destination, const struct image_push_opts *opts,
		      struct err *err)
{
	struct image_pushed pushed = { 0 };
	auto_free char *digest = NULL;

	if (push_one(store, word, destination, opts, &digest, &pushed, err) < 0)
		return err_wrap(err, "copying image %s", e->digest);
	free(e->digest);
	e->digest = take_ptr(digest);
	tell(e, &pushed, opts->compression);
	return 0;
}

/* Every image once more in another compression, behind all of them: who knows only the first for his platform goes on taking it. */
static int push_again(struct store *store, struct list_index *index, char *const *words, const char *destination, const struct image_push_opts *opts,
		      struct err *err)
{
	size_t count = strv_len(words);

	for (size_t i = 0; i < count; i++) {
		struct image_pushed pushed = { 0 };
		auto_free char *digest = NULL;
		struct list_entry *e;

		if (push_one(store, words[i], destination, opts, &digest, &pushed, err) < 0)
			return err_wrap(err, "copying image %s as %s", index->entries[i].digest, opts->compression);
		e = list_index_put_variant(index, i, digest);
		if (e)
			tell(e, &pushed, opts->compression);
	}
	return 0;
}

static struct image_push_opts again_of(const struct image_push_opts *opts, const char *compression)
{
	struct image_push_opts again = *opts;

	again.compression = compression;
	again.force = true;
	again.level = 0;
	return again;
}

/* Before anything is sent. */
static int check_again(const struct image_push_opts *opts, bool with_images, struct err *err)
{
	for (char *const *kind = opts->also; kind && *kind; kind++) {
		struct image_push_opts again = again_of(opts, *kind);
		enum compress_kind ignored;

		if (!with_images)
			return err_set(err, ERR_USAGE, "--add-compression is about the images: push with --all");
		if (image_push_compression(&again, &ignored, err) < 0)
			return err_wrap(err, "--add-compression");
	}
	return 0;
}

static int copy_index(const struct list_index *index, struct list_index *ret, struct err *err)
{
	auto_str text = { 0 };

	list_index_write(index, &text);
	return list_index_parse(str_text(&text), text.len, ret, err);
}

static int put_index(const struct list_index *index, const struct ref *dest, const struct image_push_opts *opts, char **ret_digest, struct err *err)
{
	auto_ptr(registry) registry = NULL;
	auto_str text = { 0 };

	list_index_write(index, &text);
	if (digest_of(NULL, str_text(&text), text.len, ret_digest, err) < 0 || image_push_open(dest, opts, NULL, &registry, err) < 0)
		return -1;
	image_say(opts->progress, "Writing manifest list to image destination");
	return registry_put_manifest(registry, dest->tag, index->media_type, str_text(&text), text.len, *ret_digest, err);
}

int list_push(struct store *store, const struct list_index *index, char *const *words, const char *destination,
		    const struct image_push_opts *opts, char **ret_digest, struct err *err)
{
	__attribute__((unused)) auto_val(image_quiet_pipe) quiet = image_quiet_pipe();
	auto_val(list_index) sent = { 0 };
	auto_val(ref) dest = { 0 };

	if (image_file_is(destination))
		return err_set(err, ERR_UNSUPPORTED, "'%s': manifest lists go to registries only: push the images one by one", destination);
	if (image_push_destination(destination, &dest, err) < 0 || copy_index(index, &sent, err) < 0)
		return -1;
	if (dest.digest)
		return err_set(err, ERR_USAGE, "'%s': a list is pushed under a tag", destination);
	if (check_again(opts, words != NULL, err) < 0)
		return -1;
	for (size_t i = 0; i < strv_len(words); i++)
		if (push_entry(store, &sent.entries[i], words[i], destination, opts, err) < 0)
			return -1;
	for (char *const *kind = opts->also; kind && *kind; kind++) {
		const struct image_push_opts again = again_of(opts, *kind);

		if (push_again(store, &sent, words, destination, &again, err) < 0)
			return -1;
	}
	return put_index(&sent, &dest, opts, ret_digest, err);
}
