#include "image/list_index.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "codec/json.h"
#include "codec/json_out.h"
#include "codec/json_parse.h"
#include "image/manifest.h"

static void entry_clear(struct list_entry *e)
{
	char *texts[] = { e->media_type, e->digest, e->os, e->arch, e->variant, e->os_version };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		free(texts[i]);
	strv_free(e->os_features);
	strv_free(e->annotations);
	*e = (struct list_entry){ 0 };
}

void list_index_done(struct list_index *index)
{
	for (size_t i = 0; i < index->count; i++)
		entry_clear(&index->entries[i]);
	free(index->entries);
	free(index->media_type);
	strv_free(index->annotations);
	*index = (struct list_index){ 0 };
}

/* ---- reading ---- */

static char *text_dup(const struct json *v, const char *name)
{
	const char *text = json_get_str(v, name, NULL);

	return text ? mem_strdup(text) : NULL;
}

static char **annotations_dup(const struct json *v)
{
	char **list = NULL;

	for (struct json_iter it = json_iter(json_get(v, "annotations")); json_next(&it);)
		strv_addf(&list, "%s=%s", it.name, json_str(it.value, ""));
	return list;
}

static void read_entry(const struct json *v, struct list_entry *e)
{
	const struct json *platform = json_get(v, "platform"), *features = json_get(platform, "os.features");

	e->media_type = text_dup(v, "mediaType");
	e->digest = text_dup(v, "digest");
	e->size = json_get_u64(v, "size", 0);
	e->os = text_dup(platform, "os");
	e->arch = text_dup(platform, "architecture");
	e->variant = text_dup(platform, "variant");
	e->os_version = text_dup(platform, "os.version");
	for (size_t i = 0; i < json_len(features); i++)
		strv_add(&e->os_features, json_str(json_at(features, i), ""));
	e->annotations = annotations_dup(v);
}

int list_index_parse(const char *data, size_t len, struct list_index *ret, struct err *err)
{
	auto_ptr(json) doc = NULL;
	auto_val(manifest) checked = { 0 };

	if (json_parse_object(data, len, LIMIT_JSON_DEPTH_OUTSIDE, JSON_PARSE_UNIQUE, &doc, err) < 0)
		return -1;
	const struct json *entries = json_get(doc, "manifests");
	/* one without entries is only ours, while it is made */
	if (json_len(entries) && manifest_parse(data, len, NULL, &checked, err) < 0)
		return -1;
	if (json_kind(entries) != JSON_ARRAY || (json_len(entries) && !checked.is_index))
		return err_set(err, ERR_INVALID, "this is no manifest list");
	ret->media_type = text_dup(doc, "mediaType");
	ret->entries = mem_array(json_len(entries) + 1, sizeof(*ret->entries));
	for (; ret->count < json_len(entries); ret->count++)
		read_entry(json_at(entries, ret->count), &ret->entries[ret->count]);
	ret->annotations = annotations_dup(doc);
	return 0;
}

/* ---- writing ---- */

static void set_annotations(struct json *o, char *const *list)
{
	if (!list || !*list)
		return;
	struct json *all = json_object_new();

	for (; *list; list++) {
		auto_free char *key = mem_strndup(*list, strcspn(*list, "="));
		json_set_str(all, key, strchr(*list, '=') ? strchr(*list, '=') + 1 : "");
	}
	json_set(o, "annotations", all);
}

static void set_if(struct json *o, const char *name, const char *text)
{
	if (text && *text)
		json_set_str(o, name, text);
}

static struct json *platform_new(const struct list_entry *e)
{
	struct json *p = json_object_new();

	json_set_str(p, "architecture", e->arch ? e->arch : "");
	json_set_str(p, "os", e->os ? e->os : "");
	set_if(p, "os.version", e->os_version);
	if (e->os_features && *e->os_features)
		json_set(p, "os.features", json_strv_new(e->os_features));
	set_if(p, "variant", e->variant);
	return p;
}

/* COMPAT: Go's structs have the members in another order for the eye */
static struct json *entry_new(const struct list_entry *e, bool sent)
{
	struct json *o = json_object_new();

	json_set_str(o, "mediaType", e->media_type);
	if (!sent)
		json_set_u64(o, "size", e->size);
	json_set_str(o, "digest", e->digest);
	if (sent)
		json_set_u64(o, "size", e->size);
	json_set(o, "platform", platform_new(e));
	set_annotations(o, e->annotations);
	return o;
}

static struct json *index_new(const struct list_index *index, bool sent)
{
	struct json *o = json_object_new(), *list = json_array_new();

	json_set_i64(o, "schemaVersion", 2);
	json_set_str(o, "mediaType", index->media_type);
	for (size_t i = 0; i < index->count; i++)
		json_add(list, entry_new(&index->entries[i], sent));
	if (!sent && !index->count) {
		json_free(list);
		list = NULL; /* null */
	}
	json_set(o, "manifests", list);
	set_annotations(o, index->annotations);
	return o;
}

void list_index_write(const struct list_index *index, struct str *out)
{
	auto_ptr(json) o = index_new(index, true);

	json_write(out, o, &json_style_compact);
}

void list_index_print(const struct list_index *index, struct str *out)
{
	static const struct json_style style = { .indent = "    " };
	auto_ptr(json) o = index_new(index, false);

	json_write(out, o, &style);
	str_add_char(out, '\n');
}

/* ---- editing ---- */

struct list_entry *list_index_find(const struct list_index *index, const char *digest)
{
	for (size_t i = 0; i < index->count; i++)
		if (str_eq(index->entries[i].digest, digest))
			return &index->entries[i];
	return NULL;
}

struct list_entry *list_index_put(struct list_index *index, const char *digest)
{
	struct list_entry *e = list_index_find(index, digest);
	auto_free char *own = mem_strdup(digest);

	if (e) {
		entry_clear(e);
	} else {
		index->entries = mem_resize(index->entries, index->count + 1, sizeof(*index->entries));
		e = &index->entries[index->count++];
		*e = (struct list_entry){ 0 };
	}
	e->digest = take_ptr(own);
	return e;
}

static char *copy(const char *text)
{
	return text ? mem_strdup(text) : NULL;
}

struct list_entry *list_index_put_variant(struct list_index *index, size_t at, const char *digest)
{
	struct list_entry *e;
	const struct list_entry *of;

	if (list_index_find(index, digest))
		return NULL;
	e = list_index_put(index, digest);
	of = &index->entries[at];
	e->os = copy(of->os);
	e->arch = copy(of->arch);
	e->variant = copy(of->variant);
	e->os_version = copy(of->os_version);
	e->os_features = strv_dup(of->os_features);
	e->annotations = strv_dup(of->annotations);
	return e;
}

int list_index_remove(struct list_index *index, const char *digest, struct err *err)
{
	struct list_entry *e = list_index_find(index, digest);

	if (!e)
		return err_set(err, ERR_NOT_FOUND, "no instance matching digest \"%s\" found in manifest list", digest);
	entry_clear(e);
	memmove(e, e + 1, (size_t)(index->entries + --index->count - e) * sizeof(*e));
	return 0;
}
