/* list_push.c - an index and its images to a registry; see image.h */
#include "image/list_index.h"

#include <stdlib.h>

#include "codec/digest.h"
#include "image/image_priv.h"
#include "image/registry.h"

/* What goes out may have other bytes than what is here: a layer is compressed on the way. */
static int push_entry(struct store *store, struct list_entry *e, const char *word, const char *destination, const struct image_push_opts *opts,
		      struct err *err)
{
	struct image_pushed pushed = { 0 };
	struct image_push_opts one = *opts;
	auto_free char *digest = NULL;
	char id[STORE_ID_MAX + 1];

	one.instance = &pushed;
	if (image_push(store, word, destination, &one, &digest, id, err) < 0)
		return err_wrap(err, "copying image %s", e->digest);
	free(e->digest);
	free(e->media_type);
	e->digest = take_ptr(digest);
	e->media_type = mem_strdup(pushed.media_type);
	e->size = pushed.size;
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
	for (size_t i = 0; words && i < sent.count; i++)
		if (push_entry(store, &sent.entries[i], words[i], destination, opts, err) < 0)
			return -1;
	return put_index(&sent, &dest, opts, ret_digest, err);
}
