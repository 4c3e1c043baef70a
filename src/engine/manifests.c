#include "engine/manifests.h"

#include "base/dl.h"
#include "base/limits.h"
#include "base/str.h"
#include "codec/json.h"
#include "codec/json_out.h"
#include "codec/json_parse.h"
#include "engine/events.h"
#include "engine/images_use.h"
#include "image/image.h"
#include "image/list_index.h"
#include "image/manifest.h"
#include "storage/list_db.h"

#include <stdlib.h>

/* --- finding --- */

/* COMPAT: as an image's name: with localhost/ for a short one, tag latest; or an id. */
static int open_list(struct engine *engine, const char *word, struct list **ret, struct err *err)
{
	auto_free char *name = NULL;
	struct err none = { 0 };
	if (ref_local_name(word, &name, &none) >= 0 && list_db_get(engine->store, name, ret, &none) >= 0)
		return 0;
	if (list_db_get(engine->store, word, ret, err) >= 0)
		return 0;
	if (!err_is(err, ERR_NOT_FOUND))
		return -1;
	err_clear(err);
	return err_set(err, ERR_NOT_FOUND, "%s: image not known", word);
}

bool manifests_is_list(struct engine *engine, const char *word)
{
	auto_ptr(list) list = NULL;
	struct err none = { 0 };
	return open_list(engine, word, &list, &none) >= 0;
}

static int no_list(const char *word, struct err *err)
{
	auto_free char *name = NULL;
	struct err bad = { 0 };
	return err_set(err, ERR_INVALID, "%s: image is not a manifest list", ref_local_name(word, &name, &bad) >= 0 ? name : word);
}

/* Here, or else from a registry. */
static int find_image(struct engine *engine, const char *word, const struct manifests_place *place, struct image **ret, struct err *err)
{
	const char *plain = str_after(word, "containers-storage:"), *remote = str_after(word, "docker://");
	if (!remote && image_resolve(engine->store, plain ? plain : word, ret, NULL, err) >= 0)
		return 0;
	if (plain || (!remote && !err_is(err, ERR_NOT_FOUND)))
		return -1;
	err_clear(err);
	const struct images_pull_opts opts = { .policy = "always", .authfile = place->authfile, .creds = place->creds, .cert_dir = place->cert_dir,
					       .tls_verify = place->tls_verify, .progress = place->progress };
	char id[65];
	if (images_pull(engine, remote ? remote : word, &opts, id, err) < 0)
		return -1;
	return image_db_get(engine->store, id, ret, err);
}

/* --- editing --- */

static void replace(char **field, const char *text)
{
	if (!text)
		return;
	free(*field);
	*field = mem_strdup(text);
}

static void describe(struct list_entry *e, const struct manifests_entry *how)
{
	replace(&e->os, how->os);
	replace(&e->arch, how->arch);
	replace(&e->variant, how->variant);
	replace(&e->os_version, how->os_version);
	if (how->os_features && *how->os_features) {
		strv_free(e->os_features);
		e->os_features = strv_dup(how->os_features);
	}
	for (char *const *a = how->annotations; a && *a; a++) {
		auto_free char *key = mem_strndup(*a, strcspn(*a, "="));
		strv_env_set(&e->annotations, key, strchr(*a, '=') ? strchr(*a, '=') + 1 : "");
	}
}

static int add_image(struct engine *engine, struct list_index *index, const struct image *image, const struct manifests_entry *how, struct err *err)
{
	auto_val(image_config) config = { 0 };
	auto_free char *manifest = NULL;
	size_t len;
	if (image_config_load(engine->store, image, &config, err) < 0 || image_db_manifest(engine->store, image, &manifest, &len, err) < 0)
		return -1;
	struct list_entry *e = list_index_put(index, image->digest);
	e->media_type = mem_strdup(image->media_type && *image->media_type ? image->media_type : MANIFEST_OCI);
	e->size = len;
	describe(e, &(struct manifests_entry){ .os = config.os, .arch = config.architecture, .variant = config.variant });
	describe(e, how);
	return 0;
}

static int check_annotations(char *const *list, struct err *err)
{
	for (; list && *list; list++)
		if (!strchr(*list, '=') || **list == '=')
			return err_set(err, ERR_USAGE, "no value given for annotation \"%s\": KEY=VALUE is expected", *list);
	return 0;
}

/* COMPAT: OCI's, unless it says nothing yet. */
static int save(struct list *list, struct list_index *index, struct err *err)
{
	auto_str text = { 0 };
	free(index->media_type);
	index->media_type = mem_strdup(index->count || (index->annotations && *index->annotations) ? MANIFEST_OCI_INDEX : MANIFEST_DOCKER_LIST);
	list_index_write(index, &text);
	return list_db_write(list, str_text(&text), text.len, err);
}

/* Locked, and read. */
static int begin(struct engine *engine, const char *word, struct list **ret, struct list_index *ret_index, char ret_id[65], struct err *err)
{
	auto_ptr(list) list = NULL;
	if (open_list(engine, word, &list, err) < 0 || list_db_lock(engine->store, list, err) < 0 ||
	    list_index_parse(list->index, list->index_len, ret_index, err) < 0)
		return -1;
	memcpy(ret_id, list->id, sizeof(list->id));
	*ret = take_ptr(list);
	return 0;
}

int manifests_add(struct engine *engine, const char *word, char *const *images, const struct manifests_entry *entry,
		  const struct manifests_place *place, char ret_id[65], struct err *err)
{
	auto_ptr(list) list = NULL;
	auto_val(list_index) index = { 0 };
	if (dl_need(err) < 0 || check_annotations(entry->annotations, err) < 0)
		return -1;
	if (!manifests_is_list(engine, word))
		return err_set(err, ERR_NOT_FOUND, "%s: image not known", word);
	struct image **found = mem_array(strv_len(images) + 1, sizeof(struct image *));
	int rc = 0;
	/* first all of them: no lock is held while one is fetched */
	for (size_t i = 0; rc >= 0 && images[i]; i++)
		rc = find_image(engine, images[i], place, &found[i], err);
	if (rc >= 0)
		rc = begin(engine, word, &list, &index, ret_id, err);
	for (size_t i = 0; rc >= 0 && images[i]; i++)
		rc = add_image(engine, &index, found[i], entry, err);
	if (rc >= 0)
		rc = save(list, &index, err);
	for (size_t i = 0; images[i]; i++)
		image_free(found[i]);
	free(found);
	return rc;
}

static int make(struct engine *engine, const char *word, bool amend, char *const *annotations, char ret_id[65], struct err *err)
{
	static const char empty[] = "{\"schemaVersion\":2,\"mediaType\":\"" MANIFEST_DOCKER_LIST "\",\"manifests\":[]}";
	auto_ptr(list) list = NULL;
	auto_ptr(image) taken = NULL;
	auto_free char *name = NULL;
	struct err none = { 0 };
	if (check_annotations(annotations, err) < 0 || ref_local_name(word, &name, err) < 0)
		return -1;
	if (amend && open_list(engine, word, &list, &none) >= 0) {
		memcpy(ret_id, list->id, sizeof(list->id));
		return 0;
	}
	err_clear(&none);
	if (image_db_get(engine->store, name, &taken, &none) >= 0)
		return err_set(err, ERR_EXISTS, "image name \"%s\" is already associated with image \"%s\": that name is already in use", name, taken->id);
	if (list_db_create(engine->store, name, empty, strlen(empty), &list, err) < 0)
		return err_is(err, ERR_EXISTS) ? err_wrap(err, "image name \"%s\" is already associated with a manifest list (add to it with --amend)", name) : -1;
	memcpy(ret_id, list->id, sizeof(list->id));
	return 0;
}

int manifests_create(struct engine *engine, const char *name, char *const *images, bool amend, char *const *annotations,
		     const struct manifests_place *place, char ret_id[65], struct err *err)
{
	const struct manifests_entry none = { 0 };
	if (dl_need(err) < 0 || make(engine, name, amend, annotations, ret_id, err) < 0)
		return -1;
	if (annotations && *annotations && manifests_annotate(engine, ret_id, NULL, &(struct manifests_entry){ .annotations = annotations }, ret_id, err) < 0)
		return -1;
	return images && *images ? manifests_add(engine, ret_id, images, &none, place, ret_id, err) : 0;
}

int manifests_annotate(struct engine *engine, const char *word, const char *image, const struct manifests_entry *entry, char ret_id[65],
		       struct err *err)
{
	auto_ptr(list) list = NULL;
	auto_val(list_index) index = { 0 };
	auto_ptr(image) found = NULL;
	if (check_annotations(entry->annotations, err) < 0)
		return -1;
	bool by_digest = image && ref_digest_valid(image);
	if (image && !by_digest && image_resolve(engine->store, image, &found, NULL, err) < 0)
		return err_wrap(err, "finding instance for \"%s\"", image);
	if (begin(engine, word, &list, &index, ret_id, err) < 0)
		return -1;
	struct list_entry whole = { .annotations = index.annotations };
	struct list_entry *e = image ? list_index_find(&index, by_digest ? image : found->digest) : &whole;
	if (!e)
		return err_set(err, ERR_NOT_FOUND, "no instance matching \"%s\" found in manifest list %s", image, word);
	describe(e, entry);
	if (!image)
		index.annotations = whole.annotations;
	return save(list, &index, err);
}

int manifests_remove_entry(struct engine *engine, const char *word, const char *digest, char ret_id[65], struct err *err)
{
	auto_ptr(list) list = NULL;
	auto_val(list_index) index = { 0 };
	if (!ref_digest_valid(digest))
		return err_set(err, ERR_USAGE, "removing from manifest list %s: invalid image digest \"%s\": sha256: and 64 digits are expected", word, digest);
	if (begin(engine, word, &list, &index, ret_id, err) < 0)
		return -1;
	return list_index_remove(&index, digest, err) < 0 ? err_wrap(err, "removing from manifest list %s", word) : save(list, &index, err);
}

/* --- looking --- */

static int print(const char *data, size_t len, char **ret_text, struct err *err)
{
	static const struct json_style style = { .indent = "    " };
	auto_val(list_index) index = { 0 };
	auto_ptr(json) doc = NULL;
	auto_str out = { 0 };
	struct err other = { 0 };
	if (list_index_parse(data, len, &index, &other) >= 0) {
		list_index_print(&index, &out);
	} else {
		if (json_parse_object(data, len, LIMIT_JSON_DEPTH_OUTSIDE, 0, &doc, err) < 0)
			return -1;
		json_write(&out, doc, &style);
		str_add_char(&out, '\n');
	}
	*ret_text = str_take(&out);
	return 0;
}

int manifests_inspect(struct engine *engine, const char *word, const struct manifests_place *place, char **ret_text, struct err *err)
{
	auto_ptr(list) list = NULL;
	auto_free char *data = NULL;
	size_t len;
	if (open_list(engine, word, &list, err) >= 0)
		return print(list->index, list->index_len, ret_text, err);
	if (!err_is(err, ERR_NOT_FOUND))
		return -1;
	err_clear(err);
	const struct image_pull_opts opts = { .authfile = place->authfile, .creds = place->creds, .cert_dir = place->cert_dir, .insecure = !place->tls_verify };
	if (dl_need(err) < 0 || image_remote_manifest(word, &opts, &data, &len, err) < 0)
		return -1;
	return print(data, len, ret_text, err);
}

int manifests_exists(struct engine *engine, const char *word, struct err *err)
{
	bool image = false;
	if (manifests_is_list(engine, word))
		return 1;
	if (images_exists(engine, word, &image, err) < 0)
		return -1;
	return image ? no_list(word, err) : 0;
}

/* --- names and the end --- */

int manifests_tag(struct engine *engine, const char *word, char *const *names, struct err *err)
{
	auto_ptr(list) list = NULL;
	if (open_list(engine, word, &list, err) < 0)
		return -1;
	for (; names && *names; names++) {
		auto_free char *name = NULL;
		if (ref_local_name(*names, &name, err) < 0)
			return err_wrap(err, "tag '%s'", *names);
		if (list_db_tag(engine->store, list, name, err) < 0)
			return -1;
		events_add_image(engine, "tag", list->id, name);
	}
	return 0;
}

int manifests_remove(struct engine *engine, const char *word, char ***ret_lines, struct err *err)
{
	auto_ptr(list) list = NULL;
	auto_free char *name = NULL;
	struct err bad = { 0 };
	bool image = false;
	if (open_list(engine, word, &list, err) < 0) {
		if (!err_is(err, ERR_NOT_FOUND) || images_exists(engine, word, &image, &bad) < 0 || !image)
			return -1;
		err_clear(err);
		return no_list(word, err);
	}
	if (ref_local_name(word, &name, &bad) >= 0 && strv_has(list->names, name) && strv_len(list->names) > 1) {
		strv_addf(ret_lines, "Untagged: %s", name);
		return list_db_untag(engine->store, list, name, err);
	}
	for (char **n = list->names; n && *n; n++)
		strv_addf(ret_lines, "Untagged: %s", *n);
	if (list_db_remove(engine->store, list, err) < 0)
		return -1;
	strv_addf(ret_lines, "Deleted: %s", list->id);
	events_add_image(engine, "remove", list->id, list->names ? list->names[0] : "");
	return 0;
}

int manifests_ids(struct engine *engine, char ***ret, struct err *err)
{
	struct list **lists;
	size_t count;
	if (list_db_list(engine->store, &lists, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		strv_add(ret, lists[i]->id);
	list_db_list_free(lists, count);
	return 0;
}

/* --- pushing --- */

/* The image of each entry, by the digest of its manifest. */
static int find_instances(struct engine *engine, const struct list_index *index, char ***ret_ids, struct err *err)
{
	struct image **images;
	size_t count;
	int rc = 0;
	if (image_db_list(engine->store, &images, &count, err) < 0)
		return -1;
	for (size_t i = 0; rc >= 0 && i < index->count; i++) {
		const char *id = NULL;
		for (size_t k = 0; k < count && !id; k++)
			id = str_eq(images[k]->digest, index->entries[i].digest) ? images[k]->id : NULL;
		if (id)
			strv_add(ret_ids, id);
		else
			rc = err_set(err, ERR_NOT_FOUND, "image %s of the list is not here any more: pull it, or push with --all=false", index->entries[i].digest);
	}
	image_db_list_free(images, count);
	return rc;
}

int manifests_push(struct engine *engine, const char *word, const char *destination, bool all, const struct images_push_opts *opts, struct err *err)
{
	struct image_progress progress = images_progress_of(opts->progress);
	auto_ptr(list) list = NULL;
	auto_val(list_index) index = { 0 };
	auto_strv ids = NULL;
	auto_free char *digest = NULL;
	if (dl_need(err) < 0 || open_list(engine, word, &list, err) < 0 || list_index_parse(list->index, list->index_len, &index, err) < 0 ||
	    (all && find_instances(engine, &index, &ids, err) < 0))
		return -1;
	if (!destination && !list->names)
		return err_set(err, ERR_USAGE, "list %s has no name: say where it shall go", word);
	struct image_push_opts push = {
		.format = opts->format, .compression = opts->compression, .level = opts->level, .force = opts->force, .also = opts->also, .authfile = opts->authfile,
		.creds = opts->creds, .cert_dir = opts->cert_dir, .insecure = !opts->tls_verify, .retries = opts->retries ? (int)opts->retries : -1,
		.retry_delay_ms = opts->retry_delay_ms, .progress = opts->progress ? &progress : NULL,
	};
	if (list_push(engine->store, &index, all ? ids : NULL, destination ? destination : list->names[0], &push, &digest, err) < 0)
		return -1;
	events_add_image(engine, "push", list->id, destination ? destination : list->names[0]);
	return opts->digestfile ? images_write_digest(opts->digestfile, digest, err) : 0;
}
