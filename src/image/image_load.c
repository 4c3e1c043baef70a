/* image_load.c - images out of archives and directories into the store; see image.h
 *
 * Every document is read and checked before the first layer is unpacked, and every layer is in the store before the first
 * image is published.
 */
#include "image/image_load_priv.h"

#include <string.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "base/limits.h"
#include "base/str.h"
#include "codec/digest.h"
#include "codec/json_parse.h"

enum { IMAGES_MAX = 1000 };

static void loaded_done(struct loaded *l)
{
	free(l->manifest_data);
	free(l->config_data);
	free(l->config_digest);
	manifest_done(&l->manifest);
	image_config_done(&l->config);
	strv_free(l->names);
	for (size_t i = 0; i < l->feed_count; i++)
		layer_free(l->feeds[i].layer), free(l->feeds[i].member);
	free(l->feeds);
}

static void load_done(struct load *l)
{
	for (size_t i = 0; i < l->count; i++)
		loaded_done(&l->images[i]);
	free(l->images);
	archive_done(&l->archive);
}
AUTO_VAL(load, load_done);

int image_load_make(struct load *l, size_t count, struct err *err)
{
	if (!count)
		return err_set(err, ERR_INVALID, "%s holds no image", l->archive.what);
	if (count > IMAGES_MAX)
		return err_set(err, ERR_LIMIT, "%s holds more than %d images", l->archive.what, IMAGES_MAX);
	l->images = mem_array(count, sizeof(*l->images));
	l->count = count;
	return 0;
}

int image_load_config(struct load *l, struct loaded *one, const char *member, struct err *err)
{
	if (archive_read(&l->archive, member, LIMIT_MANIFEST_BYTES, &one->config_data, &one->config_len, err) < 0)
		return -1;
	if (image_config_parse(one->config_data, one->config_len, &one->config, err) < 0)
		return err_wrap(err, "'%s' in %s", member, l->archive.what);
	return digest_of(NULL, one->config_data, one->config_len, &one->config_digest, err);
}

int image_load_feed(struct load *l, struct loaded *one, const char *member, const char *digest, uint64_t size, struct err *err)
{
	struct layer_feed *f = &one->feeds[one->feed_count];
	uint64_t offset = 0, has = 0;

	if (archive_stat(&l->archive, member, &offset, &has, err) < 0)
		return -1;
	if (size != UINT64_MAX && has != size)
		return err_set(err, ERR_MISMATCH, "'%s' in %s has %llu bytes, the manifest says %llu", member, l->archive.what,
			       (unsigned long long)has, (unsigned long long)size);
	*f = (struct layer_feed){ .fd = l->archive.fd, .offset = offset, .size = has, .digest = digest,
				  .diff_id = one->config.rootfs.diff_ids[one->feed_count] };
	if (l->archive.dir_fd >= 0) {
		f->archive = &l->archive;
		f->member = mem_strdup(member);
	}
	one->feed_count++;
	return 0;
}

/* ---- docker-archive: manifest.json lists the images ---- */

static const char *text_member(const struct json *object, const char *name)
{
	return json_get_str(object, name, "");
}

static int read_docker_layers(struct load *l, struct loaded *one, const struct json *entry, struct err *err)
{
	const struct json *layers = json_get(entry, "Layers");
	size_t count = json_len(layers), told = strv_len(one->config.rootfs.diff_ids);

	if (count != told)
		return err_set(err, ERR_INVALID, "manifest.json in %s names %zu layers, the image configuration %zu", l->archive.what,
			       count, told);
	one->feeds = mem_array(count + 1, sizeof(*one->feeds));
	for (size_t i = 0; i < count; i++)
		if (image_load_feed(l, one, json_str(json_at(layers, i), ""), NULL, UINT64_MAX, err) < 0)
			return -1;
	return 0;
}

static int read_docker_names(struct load *l, struct loaded *one, const struct json *entry, struct err *err)
{
	const struct json *tags = json_get(entry, "RepoTags");

	for (size_t i = 0; i < json_len(tags); i++) {
		auto_val(ref) ref = { 0 };
		char *name;

		if (ref_parse_full(json_str(json_at(tags, i), ""), &ref, err) < 0)
			return err_wrap(err, "manifest.json in %s", l->archive.what);
		name = ref_text(&ref);
		if (!l->opts->reference || strcmp(name, l->opts->reference) == 0)
			strv_add_take(&one->names, name);
		else
			free(name);
	}
	return 0;
}

/* Does it carry the tag that is asked for? */
static bool is_asked(const struct load *l, const struct json *entry)
{
	const struct json *tags = json_get(entry, "RepoTags");

	if (!l->opts->reference)
		return true;
	for (size_t i = 0; i < json_len(tags); i++)
		if (str_eq(json_str(json_at(tags, i), ""), l->opts->reference))
			return true;
	return false;
}

static int read_docker_images(struct load *l, const struct json *doc, struct err *err)
{
	size_t count = 0, at = 0;

	for (size_t i = 0; i < json_len(doc); i++)
		count += is_asked(l, json_at(doc, i));
	if (!count && l->opts->reference)
		return err_set(err, ERR_NOT_FOUND, "Tag \"%s\" not found", l->opts->reference);
	if (image_load_make(l, count, err) < 0)
		return -1;
	for (size_t i = 0; i < json_len(doc); i++) {
		const struct json *entry = json_at(doc, i);
		struct loaded *one = &l->images[at];

		if (!is_asked(l, entry))
			continue;
		at++;
		if (image_load_config(l, one, text_member(entry, "Config"), err) < 0 || read_docker_layers(l, one, entry, err) < 0 ||
		    read_docker_names(l, one, entry, err) < 0)
			return -1;
	}
	return 0;
}

static int read_docker(struct load *l, struct err *err)
{
	auto_ptr(json) doc = NULL;
	auto_free char *data = NULL;
	size_t len = 0;

	if (archive_read(&l->archive, "manifest.json", LIMIT_TOKEN_BYTES, &data, &len, err) < 0)
		return -1;
	if (json_parse(data, len, LIMIT_JSON_DEPTH_OUTSIDE, JSON_PARSE_UNIQUE, &doc, err) < 0)
		return err_wrap(err, "manifest.json in %s", l->archive.what);
	if (json_kind(doc) != JSON_ARRAY)
		return err_set(err, ERR_INVALID, "manifest.json in %s is not a list", l->archive.what);
	return read_docker_images(l, doc, err);
}

/* ---- into the store ---- */

/* COMPAT: the manifest Podman makes for an image of a docker-archive, byte for byte: its digest is what people see. */
static void make_docker_manifest(struct loaded *one)
{
	auto_str out = { 0 };

	str_addf(&out, "{\"schemaVersion\":2,\"mediaType\":\"" MANIFEST_DOCKER "\",\"config\":{\"mediaType\":\"" MANIFEST_DOCKER_CONFIG
		       "\",\"size\":%zu,\"digest\":\"%s\"},\"layers\":[",
		 one->config_len, one->config_digest);
	for (size_t i = 0; i < one->feed_count; i++) {
		const struct layer_feed *f = &one->feeds[i];

		str_addf(&out, "%s{\"mediaType\":\"" MANIFEST_DOCKER_LAYER ".gzip\",\"size\":%llu,\"digest\":\"%s\"}", i ? "," : "",
			 (unsigned long long)f->size, f->layer && f->layer->digest ? f->layer->digest : f->diff_id);
	}
	str_add(&out, "]}");
	one->manifest_len = out.len;
	one->manifest_data = str_take(&out);
}

static int put_one(struct load *l, struct loaded *one, const char *name, char ***ret_names, struct err *err)
{
	auto_ptr(image) image = NULL;
	auto_free char *repo_digest = NULL, *digest = NULL;
	struct image_new new = {
		.manifest = one->manifest_data, .manifest_len = one->manifest_len,
		.media_type = one->manifest.media_type ? one->manifest.media_type : MANIFEST_DOCKER,
		.config = one->config_data, .config_len = one->config_len, .created_ns = one->config.created_ns,
		.diff_ids = one->config.rootfs.diff_ids, .name = name,
	};

	if (name) {
		if (digest_of(NULL, one->manifest_data, one->manifest_len, &digest, err) < 0)
			return -1;
		repo_digest = mem_printf("%.*s@%s", (int)(strrchr(name, ':') - name), name, digest);
		new.repo_digest = repo_digest;
	}
	if (image_db_put(l->store, &new, &image, err) < 0)
		return -1;
	if (name)
		strv_add(ret_names, name);
	else
		strv_addf(ret_names, "sha256:%s", image->id);
	return 0;
}

static int put_all(struct load *l, char ***ret_names, struct err *err)
{
	for (size_t i = 0; i < l->count; i++) {
		struct loaded *one = &l->images[i];
		size_t names = strv_len(one->names);

		if (!one->manifest_data)
			make_docker_manifest(one);
		if (l->opts->progress)
			l->opts->progress->item(l->opts->progress->ctx, "config", one->config_digest, IMAGE_STEP_DONE, one->config_len,
					  one->config_len);
		image_say(l->opts->progress, "Writing manifest to image destination");
		for (size_t k = 0; k < names || k == 0; k++)
			if (put_one(l, one, names ? one->names[k] : NULL, ret_names, err) < 0)
				return -1;
	}
	return 0;
}

static int bring_layers(struct load *l, struct err *err)
{
	for (size_t i = 0; i < l->count; i++) {
		image_say(l->opts->progress, "Getting image source signatures");
		if (layer_feed(l->store, l->images[i].feeds, l->images[i].feed_count, l->opts->progress, err) < 0)
			return -1;
	}
	return 0;
}

/* Told from what it has. ANY: it is none of them. */
static enum image_load_form form_of(struct archive *a)
{
	bool layout = archive_has(a, "index.json");

	if (a->dir_fd >= 0)
		return layout ? IMAGE_LOAD_OCI : IMAGE_LOAD_DIR;
	/* newer Docker writes both kinds into one file; its own has the names */
	if (archive_has(a, "manifest.json"))
		return IMAGE_LOAD_DOCKER;
	return layout ? IMAGE_LOAD_OCI : IMAGE_LOAD_ANY;
}

static int probe(struct load *l, struct err *err)
{
	l->found = l->opts->form != IMAGE_LOAD_ANY ? l->opts->form : form_of(&l->archive);
	switch (l->found) {
	case IMAGE_LOAD_OCI:
		return image_load_oci(l, err);
	case IMAGE_LOAD_DOCKER:
		return read_docker(l, err);
	case IMAGE_LOAD_DIR:
		return image_load_dir(l, err);
	case IMAGE_LOAD_ANY:
		break;
	}
	return err_set(err, ERR_INVALID,
		       "payload does not match any of the supported image formats: %s holds neither manifest.json (docker-archive) nor "
		       "index.json (oci-archive)",
		       l->archive.what);
}

static int load_all(struct load *l, char ***ret_names, struct err *err)
{
	auto_close int hold_fd = -EBADF;
	auto_strv names = NULL;

	if (probe(l, err) < 0 || image_trust_load(l, err) < 0 || image_db_hold(l->store, &hold_fd, err) < 0)
		return -1;
	if (bring_layers(l, err) < 0 || put_all(l, &names, err) < 0) {
		hold_fd = fd_close(hold_fd);
		return image_drop_unused(l->store);
	}
	*ret_names = take_ptr(names);
	return 0;
}

int image_load(struct store *store, int in_fd, const char *what, const struct image_load_opts *opts, char ***ret_names,
	       struct err *err)
{
	__attribute__((unused)) auto_val(image_quiet_pipe) quiet = image_quiet_pipe();
	auto_val(load) l = { .store = store, .opts = opts, .archive = { .dir_fd = -EBADF, .stage = { .dir_fd = -EBADF } } };
	struct stat st;

	if (fstat(in_fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		if (archive_open_dir(in_fd, what, &l.archive, err) < 0)
			return -1;
	} else if (archive_open(store, in_fd, what, &l.archive, err) < 0) {
		return err_is(err, ERR_INVALID) ? err_wrap(err, "payload does not match any of the supported image formats") : -1;
	}
	return load_all(&l, ret_names, err);
}
