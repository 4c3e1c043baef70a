/* image_resolve.c - the image a word means; see image.h
 *
 * COMPAT: names before ids; a short name is looked for below localhost/, then at docker.io, then as the end of any name.
 */
#include "image/image.h"

#include <string.h>

#include "base/str.h"
#include "image/manifest.h"
#include "storage/list_db.h"

static int not_known(const char *word, struct err *err)
{
	return err_set(err, ERR_NOT_FOUND, "%.300s: image not known", word);
}

/* A failure that only means "not this way". */
static int none(struct err *err)
{
	if (!err_is(err, ERR_NOT_FOUND))
		return -1;
	err_clear(err);
	return 0;
}

static bool is_hex(const char *text)
{
	return *text && strlen(text) <= STORE_ID_MAX && text[strspn(text, "0123456789abcdef")] == '\0';
}

/* 1 found, 0 not. */
static int by_name(struct store *store, const char *name, struct image **ret, char **ret_name, struct err *err)
{
	if (image_db_by_name(store, name, ret, err) < 0)
		return none(err);
	if (ret_name)
		*ret_name = mem_strdup(name);
	return 1;
}

static int by_id(struct store *store, const char *id, struct image **ret, struct err *err)
{
	if (image_db_get(store, id, ret, err) < 0)
		return none(err);
	return 1;
}

/* Whether name ends with the components of tail. */
static bool ends_with_path(const char *name, const char *tail)
{
	size_t len = strlen(name), tail_len = strlen(tail);

	return str_ends(name, tail) && (len == tail_len || name[len - tail_len - 1] == '/');
}

static int by_ending(struct store *store, const struct ref *ref, struct image **ret, char **ret_name, struct err *err)
{
	auto_free char *tail = ref_text(ref);
	auto_strv names = NULL;
	int found = 0;

	if (image_db_names(store, &names, err) < 0)
		return none(err);
	for (char **name = names; name && *name && !found; name++)
		if (ends_with_path(*name, tail))
			found = by_name(store, *name, ret, ret_name, err);
	return found;
}

/* "NAME@DIGEST" of a remembered pull, or a name that points to an image of that manifest. */
static bool digest_fits(const struct image *image, const struct ref *ref)
{
	auto_free char *repository = ref_repository(ref), *tail = mem_printf("%s@%s", repository, ref->digest);

	for (char *const *d = image->digests; d && *d; d++)
		if (ends_with_path(*d, tail))
			return true;
	if (!str_eq(image->digest, ref->digest))
		return false;
	for (char *const *n = image->names; n && *n; n++) {
		const char *colon = strrchr(*n, ':');
		auto_free char *name = mem_strndup(*n, colon ? (size_t)(colon - *n) : strlen(*n));

		if (ends_with_path(name, repository))
			return true;
	}
	return false;
}

static int by_digest(struct store *store, const struct ref *ref, struct image **ret, struct err *err)
{
	struct image **images = NULL;
	size_t count = 0;
	int found = 0;

	if (image_db_list(store, &images, &count, err) < 0)
		return none(err);
	for (size_t i = 0; i < count && !found; i++)
		if (digest_fits(images[i], ref)) {
			*ret = take_ptr(images[i]);
			found = 1;
		}
	image_db_list_free(images, count);
	return found;
}

static int by_reference(struct store *store, const char *word, struct image **ret, char **ret_name, struct err *err)
{
	auto_val(ref) ref = { 0 }, full = { 0 };
	auto_free char *local = NULL, *name = NULL;
	int found;

	if (ref_parse(word, &ref, err) < 0 || ref_parse_full(word, &full, err) < 0)
		return -1;
	if (ref.digest)
		return by_digest(store, ref.domain ? &full : &ref, ret, err);
	name = ref_text(&full);
	if (ref.domain)
		return by_name(store, name, ret, ret_name, err);
	if (!ref.tag)
		ref.tag = mem_strdup("latest");
	local = ref_text_in(&ref, "localhost");
	found = by_name(store, local, ret, ret_name, err);
	if (!found)
		found = by_name(store, name, ret, ret_name, err);
	if (!found)
		found = by_ending(store, &ref, ret, ret_name, err);
	return found;
}

static int instance_of(struct store *store, const struct list *list, struct image **ret, struct err *err)
{
	auto_val(manifest) index = { 0 };
	struct manifest_wish wish = manifest_host_platform();
	const struct manifest_blob *entry = NULL;
	struct image **images = NULL;
	size_t count = 0;
	int found = 0;

	if (manifest_parse(list->index, list->index_len, NULL, &index, err) < 0 || manifest_choose(&index, &wish, &entry, err) < 0) {
		err_clear(err); /* none for this host */
		return 0;
	}
	if (image_db_list(store, &images, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count && !found; i++)
		if (str_eq(images[i]->digest, entry->digest)) {
			*ret = take_ptr(images[i]);
			found = 1;
		}
	image_db_list_free(images, count);
	return found;
}

/* A manifest list stands for its image for this host, when that is here. */
static int by_list(struct store *store, const char *word, struct image **ret, struct err *err)
{
	auto_ptr(list) list = NULL;
	auto_free char *name = NULL;
	struct err none_ = { 0 };

	if (ref_local_name(word, &name, &none_) < 0 || list_db_get(store, name, &list, &none_) < 0)
		return 0;
	return instance_of(store, list, ret, err);
}

int image_resolve(struct store *store, const char *word, struct image **ret, char **ret_name, struct err *err)
{
	const char *hex = str_after(word, "sha256:");
	struct err bad = { 0 };
	int found = 0;

	if (ret_name)
		*ret_name = NULL;
	if (hex && (strlen(hex) != STORE_ID_MAX || !is_hex(hex)))
		return err_set(err, ERR_USAGE, "%.300s: invalid format: no 64-byte hexadecimal value", word);
	if (!hex)
		found = by_reference(store, word, ret, ret_name, &bad);
	if (found <= 0 && is_hex(hex ? hex : word)) {
		err_clear(&bad);
		found = by_id(store, hex ? hex : word, ret, err);
	}
	if (found == 0)
		found = by_list(store, word, ret, err);
	if (found > 0)
		return 0;
	if (found < 0 && bad.kind)
		*err = bad;
	return found < 0 ? -1 : not_known(word, err);
}

int image_config_load(struct store *store, const struct image *image, struct image_config *ret, struct err *err)
{
	auto_free char *data = NULL;
	size_t len = 0;

	if (image_db_config(store, image, &data, &len, err) < 0)
		return -1;
	if (image_config_parse(data, len, ret, err) < 0)
		return err_wrap(err, "image %.12s", image->id);
	return 0;
}
