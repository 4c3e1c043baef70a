#include "storage/podman_store_priv.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/ntime.h"
#include "codec/enc.h"
#include "codec/json_parse.h"
#include "storage/image_db_priv.h"
#include "storage/layer_priv.h"

#include <stdio.h>

/* Where Podman keeps bytes by a key that is no file name: "=" and its base64. */
static char *bytes_path_dup(const char *image_id, const char *key)
{
	auto_free char *text = strcmp(key, "manifest") == 0 ? NULL : enc_base64(key, strlen(key));
	return text ? mem_printf("overlay-images/%s/=%s", image_id, text) : mem_printf("overlay-images/%s/%s", image_id, key);
}

static int read_bytes(const struct podman_store *p, const char *image_id, const char *key, char **ret_data, size_t *ret_len, struct err *err)
{
	auto_free char *path = podman_store_is_id(image_id) ? bytes_path_dup(image_id, key) : NULL;
	int rc = path ? file_read(p->root_fd, path, LIMIT_MANIFEST_BYTES, ret_data, ret_len) : -EINVAL;
	return rc < 0 ? err_set(err, ERR_CORRUPT, "image %s of '%s': its %s cannot be read: %s", image_id, p->path,
				strcmp(key, "manifest") == 0 ? key : "config", err_reason(-rc)) : 0;
}

static int read_manifest(const struct podman_store *p, const char *image_id, struct json **ret, struct err *err)
{
	auto_free char *data = NULL;
	size_t len;
	if (read_bytes(p, image_id, "manifest", &data, &len, err) < 0)
		return -1;
	if (json_parse_object(data, len, LIMIT_JSON_DEPTH_OUTSIDE, 0, ret, err) < 0)
		return err_wrap(err, "image %s of '%s': its manifest", image_id, p->path);
	return 0;
}

int podman_store_bytes(struct podman_store *p, const char *image_id, const char *file, char **ret_data, size_t *ret_len, struct err *err)
{
	auto_ptr(json) manifest = NULL;
	if (strcmp(file, "manifest") == 0)
		return read_bytes(p, image_id, file, ret_data, ret_len, err);
	if (read_manifest(p, image_id, &manifest, err) < 0)
		return -1;
	return read_bytes(p, image_id, json_get_str(json_get(manifest, "config"), "digest", ""), ret_data, ret_len, err);
}

/* From the uppermost down; each is there once, so a circle ends at the limit. */
static int take_layers(const struct podman_store *p, const char *top, struct image *image, struct err *err)
{
	auto_strv downward = NULL;
	for (const char *id = top; *id;) {
		const struct json *layer = podman_store_find_layer(p, id);
		const char *diff_id = json_get_str(layer, "diff-digest", "");
		if (!layer)
			return err_set(err, ERR_CORRUPT, "its layer %.64s is missing", id);
		if (!layer_digest_hex(diff_id))
			return err_set(err, ERR_UNSUPPORTED, "its layer %.64s was pulled in parts, and the digest of the whole is not known", id);
		if (strv_len(downward) == LIMIT_LAYERS)
			return err_set(err, ERR_LIMIT, "it has more than %d layers", LIMIT_LAYERS);
		strv_add(&downward, diff_id);
		image->size += json_get_u64(layer, "diff-size", 0);
		id = json_get_str(layer, "parent", "");
	}
	for (size_t i = strv_len(downward); i-- > 0;)
		strv_add(&image->diff_ids, downward[i]);
	return 0;
}

static const char *media_type_of(const struct json *manifest)
{
	const char *config = json_get_str(json_get(manifest, "config"), "mediaType", "");
	return json_get_str(manifest, "mediaType",
			    str_starts(config, "application/vnd.oci.") ? "application/vnd.oci.image.manifest.v1+json" :
									 "application/vnd.docker.distribution.manifest.v2+json");
}

static const char name_chars[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-:/";

static void take_names(const struct json *record, struct image *image)
{
	const struct json *names = json_get(record, "names");
	for (size_t i = 0; i < json_len(names); i++) {
		const char *name = json_str(json_at(names, i), ""), *slash = strrchr(name, '/'), *colon = strrchr(name, ':');
		if (!*name || name[strspn(name, name_chars)] || strlen(name) > LIMIT_NAME_BYTES)
			continue;
		strv_add(&image->names, name);
		strv_addf(&image->digests, "%.*s@%s", (int)(colon > slash ? colon - name : (ptrdiff_t)strlen(name)), name, image->digest);
	}
	strv_sort(image->names);
	strv_sort(image->digests);
}

static int take_image(const struct podman_store *p, const struct json *record, struct image **ret, struct err *err)
{
	auto_ptr(image) image = mem_alloc(sizeof(*image));
	auto_ptr(json) manifest = NULL;
	const char *id = json_get_str(record, "id", "");
	if (!podman_store_is_id(id))
		return err_set(err, ERR_CORRUPT, "its id is no id");
	if (read_manifest(p, id, &manifest, err) < 0)
		return -1;
	if (!json_has(manifest, "config"))
		return err_set(err, ERR_UNSUPPORTED, "it is a manifest list");
	if (!layer_digest_hex(json_get_str(record, "digest", "")))
		return err_set(err, ERR_CORRUPT, "its digest is none");
	snprintf(image->id, sizeof(image->id), "%s", id);
	image->digest = mem_strdup(json_get_str(record, "digest", ""));
	image->media_type = mem_strdup(media_type_of(manifest));
	image->size = json_get_u64(json_get(manifest, "config"), "size", 0);
	if (ntime_parse(json_get_str(record, "created", ""), &image->created_ns) < 0)
		image->created_ns = 0;
	image->pulled_ns = image->created_ns;
	take_names(record, image);
	if (take_layers(p, json_get_str(record, "layer", ""), image, err) < 0)
		return -1;
	*ret = take_ptr(image);
	return 0;
}

static bool is_wanted(const struct json *record, const struct image_want *want)
{
	const struct json *names = json_get(record, "names");
	if (want->id)
		return str_starts(json_get_str(record, "id", ""), want->id);
	for (size_t i = 0; want->name && i < json_len(names); i++)
		if (strcmp(json_str(json_at(names, i), ""), want->name) == 0)
			return true;
	return !want->name;
}

int podman_store_images(struct podman_store *p, const struct image_want *want, struct image ***images, size_t *count, struct err *err)
{
	if (podman_store_refresh(p, err) < 0)
		return -1;
	const struct json *list = p->records[PODMAN_IMAGES].list;
	*images = mem_resize(*images, *count + json_len(list) + 1, sizeof(**images));
	for (size_t i = 0; i < json_len(list); i++) {
		const struct json *record = json_at(list, i);
		struct err one = { 0 };
		if (!is_wanted(record, want))
			continue;
		if (take_image(p, record, &(*images)[*count], &one) >= 0)
			++*count;
		else
			log_debug("image %.64s of '%s' is left out: %s", json_get_str(record, "id", "?"), p->path, one.text);
	}
	return 0;
}
