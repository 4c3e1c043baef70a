#include "engine/images.h"

#include "base/limits.h"
#include "base/ntime.h"
#include "codec/json_parse.h"
#include "engine/inspect_beside.h"
#include "image/image.h"
#include "image/manifest.h"
#include "storage/store.h"

#include <stdio.h>

static void set_strings(struct json *o, const char *name, char *const *list)
{
	json_set(o, name, json_strv_new(list));
}

static struct json *labels_new(char *const *labels)
{
	if (!labels || !*labels)
		return NULL;
	struct json *o = json_object_new();
	for (; *labels; labels++) {
		auto_free char *key = mem_strdup(*labels);
		char *value = strchr(key, '=');
		if (value)
			*value++ = 0;
		json_set_str(o, key, value ? value : "");
	}
	return o;
}

/* The overlay's directories, top layer as the upper one (COMPAT). */
static int graph_driver_new(struct engine *engine, const struct image *image, struct json **ret, struct err *err)
{
	struct json *data = json_object_new(), *o = json_object_new();
	auto_str lower = { 0 };
	int rc = 0;
	size_t count = strv_len(image->diff_ids);
	for (size_t i = count; rc >= 0 && i-- > 0;) {
		auto_ptr(layer) layer = NULL;
		rc = layer_get(engine->store, image->diff_ids[i], &layer, err);
		if (rc < 0)
			break;
		auto_free char *diff = layer_diff_path(engine->store, layer);
		if (i == count - 1)
			json_set_str(data, "UpperDir", diff);
		else
			str_addf(&lower, "%s%s", lower.len ? ":" : "", diff);
	}
	if (lower.len)
		json_set_str(data, "LowerDir", lower.data);
	json_set_str(o, "Name", "overlay");
	json_set(o, "Data", data);
	*ret = o;
	if (rc < 0)
		json_free(o);
	return rc;
}

static struct json *rootfs_new(const struct image *image)
{
	struct json *o = json_object_new();
	json_set_str(o, "Type", "layers");
	set_strings(o, "Layers", image->diff_ids);
	return o;
}

static int read_config(struct engine *engine, const struct image *image, struct json **ret, struct err *err)
{
	auto_free char *data = NULL;
	size_t len;
	return image_db_config(engine->store, image, &data, &len, err) < 0 ? -1 :
	       json_parse_object(data, len, LIMIT_JSON_DEPTH_OUTSIDE, 0, ret, err);
}

static struct json *annotations_new(struct engine *engine, const struct image *image)
{
	auto_free char *data = NULL;
	size_t len;
	auto_ptr(json) manifest = NULL;
	struct err ignored = { 0 };
	if (image_db_manifest(engine->store, image, &data, &len, &ignored) < 0 ||
	    json_parse_object(data, len, LIMIT_JSON_DEPTH_OUTSIDE, 0, &manifest, &ignored) < 0 || !json_get(manifest, "annotations"))
		return json_object_new();
	return json_ref(json_get(manifest, "annotations"));
}

/* COMPAT: Docker's configuration has a member for it; of an OCI image it is that of the first line of history */
static const char *comment_of(const struct image *image, const struct image_config *config)
{
	bool docker = str_eq(image->media_type, MANIFEST_DOCKER);
	const char *text = docker ? config->comment : config->history_count ? config->history[0].comment : NULL;
	return text ? text : "";
}

static void set_ref(struct json *o, const char *name, struct json *value)
{
	json_set(o, name, value ? json_ref(value) : NULL);
}

/* COMPAT: of what an image says of its containers, what the OCI has a name for, in its order; the rest is Docker's. */
static struct json *config_new(const struct json *run)
{
	static const char *const members[] = { "User", "ExposedPorts", "Env", "Entrypoint", "Cmd", "Volumes", "WorkingDir", "Labels", "StopSignal", "ArgsEscaped" };
	struct json *o = json_object_new();
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		const struct json *value = json_get(run, members[i]);
		if (json_len(value) || *json_str(value, "") || json_bool(value, false))
			json_set(o, members[i], json_ref(value));
	}
	return o;
}

static const struct beside_row beside[] = {
	{ NULL, "Healthcheck", BESIDE_NULL },
	{ "Config", "ArgsEscaped", BESIDE_FALSE },
	{ "Config", "Cmd", BESIDE_NULL },
	{ "Config", "Entrypoint", BESIDE_NULL },
	{ "Config", "Env", BESIDE_NULL },
	{ "Config", "ExposedPorts", BESIDE_NULL },
	{ "Config", "Labels", BESIDE_NULL },
	{ "Config", "StopSignal", BESIDE_TEXT },
	{ "Config", "User", BESIDE_TEXT },
	{ "Config", "Volumes", BESIDE_NULL },
	{ "Config", "WorkingDir", BESIDE_TEXT },
};

int images_inspect(struct engine *engine, const char *word, struct json **ret, struct err *err)
{
	auto_ptr(image) image = NULL;
	auto_ptr(json) config = NULL;
	auto_val(image_config) decoded = { 0 };
	struct json *driver;
	if (image_resolve(engine->store, word, &image, NULL, err) < 0 || read_config(engine, image, &config, err) < 0 ||
	    image_config_load(engine->store, image, &decoded, err) < 0 || graph_driver_new(engine, image, &driver, err) < 0)
		return -1;
	struct json *o = json_object_new(), *run = json_get(config, "config"), *history = json_get(config, "history");
	json_set_str(o, "Id", image->id);
	json_set_str(o, "Digest", image->digest ? image->digest : "");
	set_strings(o, "RepoTags", image->names);
	set_strings(o, "RepoDigests", image->digests);
	json_set_str(o, "Parent", "");
	json_set_str(o, "Comment", comment_of(image, &decoded));
	json_set(o, "Created", json_time_new(json_get_str(config, "created", "0001-01-01T00:00:00Z")));
	json_set(o, "Config", config_new(run));
	json_set_str(o, "Version", json_get_str(config, "docker_version", ""));
	json_set_str(o, "Author", json_get_str(config, "author", ""));
	json_set_str(o, "Architecture", json_get_str(config, "architecture", ""));
	json_set_str(o, "Os", json_get_str(config, "os", ""));
	json_set_u64(o, "Size", image->size);
	json_set_u64(o, "VirtualSize", image->size);
	json_set(o, "GraphDriver", driver);
	json_set(o, "RootFS", rootfs_new(image));
	json_set(o, "Labels", labels_new(decoded.run.labels));
	json_set(o, "Annotations", annotations_new(engine, image));
	json_set_str(o, "ManifestType", image->media_type ? image->media_type : "");
	json_set_str(o, "User", decoded.run.user ? decoded.run.user : "");
	set_ref(o, "History", history);
	set_strings(o, "NamesHistory", image->names);
	if (json_get(run, "Healthcheck"))
		set_ref(o, "Healthcheck", json_get(run, "Healthcheck"));
	inspect_beside(o, beside, ARRAY_LEN(beside));
	*ret = o;
	return 0;
}

/* --- history --- */

static void fill_history(struct engine *engine, const struct image *image, const struct image_history *h, bool top, size_t *layer,
			 struct image_history_row *row)
{
	row->id = mem_strdup(top ? image->id : "<missing>");
	row->created_by = mem_strdup(h->created_by ? h->created_by : "");
	row->comment = mem_strdup(h->comment ? h->comment : "");
	row->created_ns = h->created_ns ? h->created_ns : image->created_ns;
	if (top)
		row->tags = strv_dup(image->names);
	if (h->empty_layer || *layer == 0)
		return;
	auto_ptr(layer) one = NULL;
	struct err ignored = { 0 };
	(*layer)--;
	if (layer_get(engine->store, image->diff_ids[*layer], &one, &ignored) >= 0)
		row->size = one->diff_size;
}

int images_history(struct engine *engine, const char *word, struct image_history_row **ret, size_t *ret_count, struct err *err)
{
	auto_ptr(image) image = NULL;
	auto_val(image_config) config = { 0 };
	if (image_resolve(engine->store, word, &image, NULL, err) < 0 || image_config_load(engine->store, image, &config, err) < 0)
		return -1;
	size_t count = config.history_count, layer = strv_len(image->diff_ids);
	struct image_history none = { 0 };
	bool empty = count == 0; /* no history told: one line a layer */
	if (empty)
		count = layer;
	struct image_history_row *rows = mem_array(count + 1, sizeof(*rows));
	for (size_t i = 0; i < count; i++)
		fill_history(engine, image, empty ? &none : &config.history[count - 1 - i], i == 0, &layer, &rows[i]);
	*ret = rows;
	*ret_count = count;
	return 0;
}

void images_history_free(struct image_history_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(rows[i].id);
		free(rows[i].created_by);
		free(rows[i].comment);
		strv_free(rows[i].tags);
	}
	free(rows);
}
