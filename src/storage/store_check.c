#include "storage/store_check.h"

#include "base/file.h"
#include "base/limits.h"
#include "codec/json.h"
#include "codec/json_parse.h"
#include "storage/artifact_db.h"
#include "storage/image_db_priv.h"
#include "storage/layer_priv.h"
#include "storage/list_db.h"
#include "storage/store_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

const char *const store_check_ctr_files[] = { "ctr.log", "started", "exit", "stopped", NULL };

struct check {
	struct store *store;
	bool deep;
	void (*found)(const struct check_finding *finding, void *data);
	void *data;
};

static void tell(struct check *c, enum check_grade grade, enum store_kind kind, const char *id, const char *text)
{
	c->found(&(struct check_finding){ .grade = grade, .kind = kind, .id = id, .text = text }, c->data);
}

/* What vanished while we looked was removed by another: no finding. */
static void tell_err(struct check *c, enum store_kind kind, const char *id, const struct err *why)
{
	struct stat st;
	int kind_fd = store_kind_fd(c->store, kind);
	if (kind_fd >= 0 && fstatat(kind_fd, id, &st, AT_SYMLINK_NOFOLLOW) == 0)
		tell(c, CHECK_DAMAGE, kind, id, why->text);
}

static int check_layers_of(struct check *c, char *const *diff_ids, struct err *why)
{
	for (; diff_ids && *diff_ids; diff_ids++) {
		auto_ptr(layer) layer = NULL;
		if (layer_get(c->store, *diff_ids, &layer, why) < 0)
			return -1;
	}
	return 0;
}

static int check_digest(const char *data, size_t len, const char *want, const char *what, struct err *why)
{
	auto_free char *is = NULL;
	if (digest_of("sha256:", data, len, &is, why) < 0)
		return -1;
	return strcmp(is, want) == 0 ? 0 : err_set(why, ERR_CORRUPT, "its %s has the digest %s, not %s", what, is, want);
}

static int check_image(struct check *c, const char *id, struct err *why)
{
	auto_ptr(image) image = NULL;
	auto_free char *config = NULL, *manifest = NULL;
	size_t config_len, manifest_len;
	if (image_db_read(c->store, id, &image, why) < 0 || image_db_config(c->store, image, &config, &config_len, why) < 0 ||
	    image_db_manifest(c->store, image, &manifest, &manifest_len, why) < 0)
		return -1;
	auto_free char *digest = mem_printf("sha256:%s", id);
	if (check_digest(config, config_len, digest, "config", why) < 0 ||
	    check_digest(manifest, manifest_len, image->digest, "manifest", why) < 0 || check_layers_of(c, image->diff_ids, why) < 0)
		return err_wrap(why, "image %s", id);
	return 0;
}

/* What is written is compared with the digest on the way. */
static int read_back(struct check *c, const struct layer *layer, struct err *why)
{
	auto_close int null_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	return layer_write_tar(c->store, layer, null_fd, why);
}

static int check_layer(struct check *c, const char *id, struct err *why)
{
	auto_close int dir_fd = -EBADF;
	auto_ptr(json) record = NULL;
	auto_ptr(layer) layer = NULL;
	auto_free char *named = NULL;
	struct stat st;
	if (store_object_open(c->store, STORE_LAYER, id, &dir_fd, why) < 0)
		return -1;
	if (store_record_read(dir_fd, "layer.json", &record, why) < 0)
		return err_wrap(why, "layer %s", id);
	const char *diff_id = json_get_str(record, "diff_id", ""), *hex = layer_digest_hex(diff_id);
	if (!hex)
		return err_set(why, ERR_CORRUPT, "layer %s: its record names no diff-id", id);
	if (fstatat(dir_fd, "diff", &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR(st.st_mode))
		return err_set(why, ERR_CORRUPT, "layer %s: its files are missing", id);
	struct err ignored = { 0 };
	if (store_name_get(c->store, STORE_LAYER, hex, &named, &ignored) < 0 || strcmp(named, id) != 0) {
		tell(c, CHECK_LEFT, STORE_LAYER, id, "no name points to this layer: the next removal of an image takes it away");
		return 0;
	}
	if (layer_get(c->store, diff_id, &layer, why) < 0)
		return -1;
	return c->deep ? read_back(c, layer, why) : 0;
}

static int check_volume(struct check *c, const char *id, struct err *why)
{
	auto_close int dir_fd = -EBADF;
	auto_ptr(json) record = NULL;
	struct stat st;
	if (store_object_open(c->store, STORE_VOLUME, id, &dir_fd, why) < 0)
		return -1;
	if (store_record_read(dir_fd, "volume.json", &record, why) < 0)
		return err_wrap(why, "volume %s", id);
	if (fstatat(dir_fd, "_data", &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR(st.st_mode))
		return err_set(why, ERR_CORRUPT, "volume %s: its files are missing", id);
	return 0;
}

/* It is taken before the record says so, and dropped after the record says another. */
static int check_own_name(struct check *c, const char *name, const char *id, struct err *why)
{
	auto_free char *leads_to = NULL;
	struct err none = { 0 };
	if (!*name || (store_name_get(c->store, STORE_CONTAINER, name, &leads_to, &none) >= 0 && strcmp(leads_to, id) == 0))
		return 0;
	return err_set(why, ERR_CORRUPT, "its name '%s' does not lead to it", name);
}

/* What a start or an end writes must be files. */
static int check_files(int dir_fd, struct err *why)
{
	for (const char *const *name = store_check_ctr_files; *name; name++) {
		struct stat st;
		if (fstatat(dir_fd, *name, &st, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISREG(st.st_mode))
			return err_set(why, ERR_CORRUPT, "its '%s' is no file: it cannot start or end", *name);
	}
	return 0;
}

static int check_container(struct check *c, const char *id, struct err *why)
{
	auto_close int dir_fd = -EBADF;
	auto_ptr(json) record = NULL;
	auto_strv diff_ids = NULL;
	if (store_object_open(c->store, STORE_CONTAINER, id, &dir_fd, why) < 0)
		return -1;
	if (store_record_read(dir_fd, "definition.json", &record, why) < 0)
		return err_wrap(why, "container %s", id);
	const struct json *layers = json_get(record, "layers");
	for (size_t i = 0; i < json_len(layers); i++)
		strv_add(&diff_ids, json_str(json_at(layers, i), ""));
	return check_layers_of(c, diff_ids, why) < 0 || check_own_name(c, json_get_str(record, "name", ""), id, why) < 0 ||
	       check_files(dir_fd, why) < 0 ? err_wrap(why, "container %s", id) : 0;
}

/* The driver's data is its own to tell; that of the store's is a file. */
static int check_secret(struct check *c, const char *id, struct err *why)
{
	auto_close int dir_fd = -EBADF;
	auto_ptr(json) record = NULL;
	auto_free char *leads_to = NULL;
	struct stat st;
	struct err none = { 0 };
	if (store_object_open(c->store, STORE_SECRET, id, &dir_fd, why) < 0)
		return -1;
	if (store_record_read(dir_fd, "secret.json", &record, why) < 0)
		return err_wrap(why, "secret %s", id);
	const char *name = json_get_str(record, "name", ""), *driver = json_get_str(record, "driver", "");
	if (!*name || !*driver || strcmp(json_get_str(record, "id", ""), id) != 0)
		return err_set(why, ERR_CORRUPT, "secret %s: its record lacks its name or driver, or is another's", id);
	if (strcmp(driver, "file") == 0 && (fstatat(dir_fd, "data", &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode)))
		return err_set(why, ERR_CORRUPT, "secret %s: its data is missing", id);
	auto_free char *word = mem_printf("%s%s", *name == '.' || *name == '+' ? "+" : "", name);
	if (store_name_get(c->store, STORE_SECRET, word, &leads_to, &none) < 0)
		return err_set(why, ERR_CORRUPT, "secret %s: its name '%s' does not lead to it", id, name);
	if (strcmp(leads_to, id) != 0)
		tell(c, CHECK_LEFT, STORE_SECRET, id, "another has replaced this secret: the next change of a secret takes it away");
	return 0;
}

static int check_list(struct check *c, const char *id, struct err *why)
{
	auto_ptr(list) list = NULL;
	auto_ptr(json) index = NULL;
	if (list_db_get(c->store, id, &list, why) < 0)
		return -1;
	if (json_parse_object(list->index, list->index_len, LIMIT_JSON_DEPTH_OUTSIDE, 0, &index, why) < 0)
		return err_wrap(why, "manifest list %s", id);
	return 0;
}

/* What a manifest says of a blob, and what lies there. */
static int check_blob(struct check *c, const struct artifact *a, int dir_fd, const struct json *blob, struct err *why)
{
	const char *digest = json_get_str(blob, "digest", "");
	auto_free char *file = artifact_db_file_dup(digest);
	auto_close int fd = -EBADF;
	struct stat st;
	if (strchr(file, '/') || fstatat(dir_fd, file, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode))
		return err_set(why, ERR_CORRUPT, "artifact %s: its blob %.100s is missing", a->name, digest);
	if ((uint64_t)st.st_size != json_get_u64(blob, "size", UINT64_MAX))
		return err_set(why, ERR_CORRUPT, "artifact %s: its blob %s has %lld bytes, which are not those of the manifest", a->name, digest,
			       (long long)st.st_size);
	return c->deep ? artifact_db_verify(c->store, a, digest, why) : 0;
}

static int check_artifact(struct check *c, const char *id, struct err *why)
{
	auto_ptr(artifact) a = NULL;
	auto_ptr(json) manifest = NULL;
	auto_free char *leads_to = NULL;
	auto_close int dir_fd = -EBADF;
	struct err none = { 0 };
	if (artifact_db_read(c->store, id, &a, why) < 0 || store_object_open(c->store, STORE_ARTIFACT, id, &dir_fd, why) < 0 ||
	    json_parse_object(a->manifest, a->manifest_len, LIMIT_JSON_DEPTH_OUTSIDE, 0, &manifest, why) < 0 ||
	    (c->deep && check_digest(a->manifest, a->manifest_len, a->digest, "manifest", why) < 0))
		return -1;
	if (check_blob(c, a, dir_fd, json_get(manifest, "config"), why) < 0)
		return -1;
	const struct json *layers = json_get(manifest, "layers");
	for (size_t i = 0; i < json_len(layers); i++)
		if (check_blob(c, a, dir_fd, json_at(layers, i), why) < 0)
			return -1;
	if (store_name_get(c->store, STORE_ARTIFACT, a->name, &leads_to, &none) < 0 || strcmp(leads_to, id) != 0)
		tell(c, CHECK_LEFT, STORE_ARTIFACT, id, "another has replaced this artifact: the next change of an artifact takes it away");
	return 0;
}

/* A kind without a row has no record that this room knows. */
static int (*const checks[STORE_KIND_COUNT])(struct check *c, const char *id, struct err *why) = {
	[STORE_ARTIFACT] = check_artifact,
	[STORE_CONTAINER] = check_container,
	[STORE_IMAGE] = check_image,
	[STORE_LAYER] = check_layer,
	[STORE_LIST] = check_list,
	[STORE_SECRET] = check_secret,
	[STORE_VOLUME] = check_volume,
};

static int check_objects(struct check *c, enum store_kind kind, struct err *err)
{
	auto_strv ids = NULL;
	if (store_kind_fd(c->store, kind) == -ENOENT) /* made before there was such a kind */
		return 0;
	if (store_list(c->store, kind, &ids, err) < 0)
		return -1;
	for (char **id = ids; id && *id; id++) {
		struct err why = { 0 };
		if (checks[kind](c, *id, &why) < 0)
			tell_err(c, kind, *id, &why);
	}
	return 0;
}

static void tell_name(struct check *c, enum check_grade grade, enum store_kind kind, char *file, const char *text)
{
	for (char *at = file; *at; at++)
		if (*at == '=')
			*at = '/';
	c->found(&(struct check_finding){ .grade = grade, .kind = kind, .is_name = true, .id = file, .text = text }, c->data);
}

static int check_names(struct check *c, enum store_kind kind, struct err *err)
{
	auto_strv files = NULL;
	int names_fd = store_name_fd(c->store, kind), kind_fd = store_kind_fd(c->store, kind);
	int rc = names_fd < 0 ? names_fd : file_list(names_fd, &files);
	if (rc < 0)
		return rc == -ENOENT ? 0 : err_sys(err, -rc, "cannot list the %s names", store_kind_word(kind));
	for (char **file = files; file && *file; file++) {
		auto_free char *id = NULL;
		struct stat st;
		if ((*file)[0] == '.')
			continue;
		rc = file_readlink(names_fd, *file, &id);
		if (rc == -ENOENT)
			continue;
		if (rc < 0 || strchr(id, '/'))
			tell_name(c, CHECK_DAMAGE, kind, *file, "this is no name of an object: something else lies in its place");
		else if (kind_fd < 0 || fstatat(kind_fd, id, &st, AT_SYMLINK_NOFOLLOW) < 0)
			tell_name(c, CHECK_LEFT, kind, *file, "the name points to nothing: it is taken over by whoever asks for it");
	}
	return 0;
}

int store_check(struct store *store, unsigned flags, void (*found)(const struct check_finding *finding, void *data), void *data, struct err *err)
{
	struct check c = { .store = store, .deep = flags & CHECK_DEEP, .found = found, .data = data };
	for (int kind = 0; kind < STORE_KIND_COUNT; kind++)
		if ((checks[kind] && check_objects(&c, kind, err) < 0) || check_names(&c, kind, err) < 0)
			return -1;
	return 0;
}
