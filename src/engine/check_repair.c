#include "engine/check_repair.h"

#include "base/file.h"
#include "base/log.h"
#include "base/ntime.h"
#include "base/str.h"
#include "codec/json.h"
#include "codec/digest.h"
#include "engine/ctr.h"
#include "engine/secret.h"
#include "engine/volume.h"
#include "image/image.h"
#include "image/manifest.h"
#include "storage/layer.h"
#include "storage/store_check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void done(struct check_row *row, bool mended, char *text)
{
	free(row->done);
	row->done = text;
	row->mended = mended;
}

static int put_aside(struct engine *engine, struct check_row *row, struct err *err)
{
	auto_free char *path = NULL;
	if (store_quarantine(engine->store, (enum store_kind)row->kind, row->id, &path, err) < 0)
		return -1;
	done(row, false, mem_printf("put aside in '%s'", path));
	return 0;
}

/* --- names that can be told from what they lead to --- */

static bool is_whole(struct engine *engine, char *const *diff_ids)
{
	for (; diff_ids && *diff_ids; diff_ids++) {
		auto_ptr(layer) layer = NULL;
		struct err ignored = { 0 };
		if (layer_get(engine->store, *diff_ids, &layer, &ignored) < 0)
			return false;
	}
	return true;
}

/* "sha256:…" of the record of a layer; owned, NULL where it cannot be read. */
static char *layer_diff_id_dup(struct engine *engine, const char *id)
{
	auto_close int dir_fd = -EBADF;
	auto_ptr(json) record = NULL;
	struct err ignored = { 0 };
	if (store_object_open(engine->store, STORE_LAYER, id, &dir_fd, &ignored) < 0 || store_record_read(dir_fd, "layer.json", &record, &ignored) < 0)
		return NULL;
	return mem_strdup(json_get_str(record, "diff_id", ""));
}

/* Layers that are there though nothing leads to them get their names back. */
static int name_layers(struct engine *engine, struct err *err)
{
	auto_strv ids = NULL;
	if (store_list(engine->store, STORE_LAYER, &ids, err) < 0)
		return -1;
	for (char **id = ids; id && *id; id++) {
		auto_free char *diff_id = layer_diff_id_dup(engine, *id);
		const char *hex = diff_id ? str_after(diff_id, "sha256:") : NULL;
		if (!hex || store_name_reserve(engine->store, STORE_LAYER, hex, *id, err) >= 0)
			continue;
		if (!err_is(err, ERR_EXISTS))
			return -1;
		err_clear(err);
	}
	return 0;
}

static int name_container(struct engine *engine, const struct ctr *ctr, struct err *err)
{
	if (store_name_reserve(engine->store, STORE_CONTAINER, ctr->def.name, ctr->id, err) >= 0)
		return 0;
	if (!err_is(err, ERR_EXISTS))
		return -1;
	err_clear(err); /* by itself, mostly; somebody else's: it is found by its id */
	return 0;
}

static int name_containers(struct engine *engine, struct err *err)
{
	struct ctr **ctrs;
	size_t count;
	int rc = 0;
	if (ctr_list(engine, &ctrs, &count, err) < 0)
		return -1;
	for (size_t i = 0; rc >= 0 && i < count; i++)
		rc = name_container(engine, ctrs[i], err);
	ctr_list_free(ctrs, count);
	return rc;
}

static int name_secrets(struct engine *engine, struct err *err)
{
	auto_strv ids = NULL;
	if (store_list(engine->store, STORE_SECRET, &ids, err) < 0)
		return -1;
	for (char **id = ids; id && *id; id++) {
		struct err one = { 0 };
		if (secret_name_again(engine, *id, &one) < 0)
			log_debug("%s", one.text);
	}
	return 0;
}

static int mend_name(struct engine *engine, struct check_row *row, struct err *err)
{
	enum store_kind kind = (enum store_kind)row->kind;
	auto_free char *id = NULL;
	struct err none = { 0 };
	if (store_name_clear(engine->store, kind, row->id, err) < 0)
		return -1;
	if ((kind == STORE_LAYER && name_layers(engine, err) < 0) || (kind == STORE_CONTAINER && name_containers(engine, err) < 0))
		return -1;
	if (kind == STORE_SECRET && name_secrets(engine, err) < 0)
		return -1;
	bool back = store_name_get(engine->store, kind, row->id, &id, &none) >= 0;
	done(row, back, mem_strdup(back ? "it leads to its object again" : "taken away: what it led to has no such name any more"));
	return 0;
}

/* --- from the registry --- */

/* By the digests it is remembered with, one after the other: ids tell that it is the same. */
static bool fetch(struct engine *engine, const struct image *image, char **ret_from)
{
	for (char *const *digest = image->digests; digest && *digest; digest++) {
		auto_ptr(image) got = NULL;
		struct err err = { 0 };
		if (str_starts(*digest, "localhost/")) /* made here: no registry has it */
			continue;
		if (image_pull(engine->store, *digest, &(struct image_pull_opts){ .policy = "always", .retries = -1 }, &got, &err) >= 0 &&
		    strcmp(got->id, image->id) == 0) {
			*ret_from = mem_strdup(*digest);
			return true;
		}
		log_info("%s", err.text);
	}
	return false;
}

/* --- layers --- */

static bool has_layer(const struct image *image, const char *hex)
{
	for (char *const *id = image->diff_ids; id && *id; id++)
		if (str_ends(*id, hex))
			return true;
	return false;
}

/* The name that leads to it is its diff-id; owned, NULL when none does. */
static char *layer_hex_dup(struct engine *engine, const char *id, struct err *err)
{
	struct store_name *names;
	size_t count;
	char *hex = NULL;
	if (store_name_list(engine->store, STORE_LAYER, &names, &count, err) < 0)
		return NULL;
	for (size_t i = 0; i < count && !hex; i++)
		if (strcmp(names[i].id, id) == 0)
			hex = mem_strdup(names[i].name);
	store_name_list_free(names, count);
	return hex;
}

static bool fetch_layer(struct engine *engine, const char *hex, char **ret_from, struct err *err)
{
	struct image **images;
	size_t count;
	bool got = false;
	if (image_db_list(engine->store, &images, &count, err) < 0)
		return false;
	for (size_t i = 0; i < count && !got; i++)
		got = !images[i]->extra && has_layer(images[i], hex) && fetch(engine, images[i], ret_from);
	image_db_list_free(images, count);
	return got;
}

/* A pull takes what a name leads to for good: without its name the layer comes anew, under another id. Who is killed in between
 * leaves an image without a layer, which the next repair fetches. */
static int mend_layer(struct engine *engine, struct check_row *row, struct err *err)
{
	auto_free char *hex = layer_hex_dup(engine, row->id, err), *from = NULL;
	if (!hex)
		return err->kind ? -1 : put_aside(engine, row, err);
	if (store_name_drop(engine->store, STORE_LAYER, hex, row->id, err) < 0)
		return -1;
	if (fetch_layer(engine, hex, &from, err)) {
		done(row, true, mem_printf("fetched again from %s", from));
		return store_trash(engine->store, STORE_LAYER, row->id, err);
	}
	struct err none = { 0 };
	if (store_name_reserve(engine->store, STORE_LAYER, hex, row->id, err->kind ? &none : err) < 0)
		return -1;
	return err->kind ? -1 : err_set(err, ERR_CORRUPT, "layer %s: no registry that has its image can be reached: pull the image again when one can", row->id);
}

/* --- images --- */

struct bytes {
	char *manifest, *config;
	size_t manifest_len, config_len;
};

static void bytes_done(struct bytes *b)
{
	free(b->manifest);
	free(b->config);
}
AUTO_VAL(bytes, bytes_done);

/* What it was made of, as far as it can be read. */
static void read_bytes(struct engine *engine, const char *id, struct bytes *b)
{
	struct image known = { 0 };
	struct err ignored = { 0 };
	snprintf(known.id, sizeof(known.id), "%s", id);
	if (image_db_config(engine->store, &known, &b->config, &b->config_len, &ignored) < 0 ||
	    image_db_manifest(engine->store, &known, &b->manifest, &b->manifest_len, &ignored) < 0)
		log_debug("%s", ignored.text);
}

/* They name each other, from the id down: what is damaged is then the record, or a layer is missing. */
static int check_bytes(const char *id, const struct bytes *b, struct manifest *manifest, struct err *err)
{
	auto_free char *want = mem_printf("sha256:%s", id), *is = NULL;
	if (!b->manifest || !b->config)
		return err_set(err, ERR_CORRUPT, "image %s: its manifest or its configuration is gone", id);
	if (digest_of("sha256:", b->config, b->config_len, &is, err) < 0 || manifest_parse(b->manifest, b->manifest_len, NULL, manifest, err) < 0)
		return -1;
	if (!str_eq(is, want) || !str_eq(manifest->config.digest, want))
		return err_set(err, ERR_CORRUPT, "image %s: its manifest or its configuration is not what was pulled", id);
	return 0;
}

static int put_again(struct engine *engine, const struct bytes *b, const struct manifest *manifest, char *const *names, struct err *err)
{
	auto_val(image_config) config = { 0 };
	auto_ptr(image) image = NULL;
	if (image_config_parse(b->config, b->config_len, &config, err) < 0)
		return -1;
	const struct image_new new = {
		.manifest = b->manifest, .manifest_len = b->manifest_len, .media_type = manifest->media_type, .config = b->config,
		.config_len = b->config_len, .created_ns = config.created_ns, .diff_ids = config.rootfs.diff_ids, .name = names ? names[0] : NULL,
	};
	return image_db_put(engine->store, &new, &image, err);
}

static char **names_of(struct engine *engine, const char *id, struct err *err)
{
	struct store_name *names;
	size_t count;
	char **list = NULL;
	if (store_name_list(engine->store, STORE_IMAGE, &names, &count, err) < 0)
		return NULL;
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i].id, id) == 0)
			strv_add(&list, names[i].name);
	store_name_list_free(names, count);
	return list;
}

static int name_again(struct engine *engine, const char *id, char *const *names, struct err *err)
{
	auto_ptr(image) image = NULL;
	if (image_db_get(engine->store, id, &image, err) < 0)
		return -1;
	for (; names && *names; names++)
		if (image_db_tag(engine->store, image, *names, err) < 0)
			return -1;
	return 0;
}

/* The digests it came by, of a record that can be read. */
static struct image *record_of(struct engine *engine, const char *id)
{
	struct image *image = NULL;
	struct err ignored = { 0 };
	return image_db_get(engine->store, id, &image, &ignored) < 0 ? NULL : image;
}

static int mend_image(struct engine *engine, struct check_row *row, struct err *err)
{
	auto_val(bytes) bytes = { 0 };
	auto_val(manifest) manifest = { 0 };
	auto_ptr(image) known = record_of(engine, row->id);
	auto_strv names = names_of(engine, row->id, err);
	auto_free char *from = NULL;
	struct err why = { 0 };
	if (err->kind)
		return -1;
	read_bytes(engine, row->id, &bytes);
	bool fine = check_bytes(row->id, &bytes, &manifest, &why) >= 0;
	if (name_layers(engine, err) < 0)
		return -1;
	if (fine && known && is_whole(engine, known->diff_ids)) {
		done(row, true, mem_strdup("its layers are found again"));
		return 0;
	}
	/* only a layer is missing: nothing has to go before it comes */
	if (fine && known && fetch(engine, known, &from)) {
		done(row, true, mem_printf("fetched again from %s", from));
		return 0;
	}
	if (put_aside(engine, row, err) < 0)
		return -1;
	err_clear(&why);
	if (known && fetch(engine, known, &from))
		done(row, true, mem_printf("fetched again from %s", from));
	else if (fine && put_again(engine, &bytes, &manifest, names, &why) >= 0)
		done(row, true, mem_strdup("its record is written anew"));
	return row->mended ? name_again(engine, row->id, names, err) : 0;
}

/* --- volumes and containers: what they hold is somebody's --- */

static int mend_volume(struct engine *engine, struct check_row *row, struct err *err)
{
	auto_close int dir_fd = -EBADF;
	const struct volume volume = { .name = row->id, .created_ns = ntime_now() };
	auto_ptr(json) record = volume_record_new(&volume);
	if (store_object_open(engine->store, STORE_VOLUME, row->id, &dir_fd, err) < 0)
		return -1;
	if (faccessat(dir_fd, "_data", F_OK, AT_SYMLINK_NOFOLLOW) < 0)
		return put_aside(engine, row, err);
	if (store_record_write(dir_fd, "volume.json", record, true, err) < 0)
		return -1;
	done(row, false, mem_strdup("has a new record: its files are there, its labels and options are gone"));
	return 0;
}

/* What is no file would keep it from starting; it is put beside. */
static int mend_files(const struct ctr *ctr, struct err *err)
{
	for (const char *const *name = store_check_ctr_files; *name; name++) {
		struct stat st;
		auto_free char *beside = mem_printf("%s.damaged", *name);
		if (fstatat(ctr->dir_fd, *name, &st, AT_SYMLINK_NOFOLLOW) < 0 || S_ISREG(st.st_mode))
			continue;
		int rc = file_rename(ctr->dir_fd, *name, ctr->dir_fd, beside, 0);
		if (rc < 0)
			return err_sys(err, -rc, "cannot put '%s' of container %s aside", *name, ctr->def.name);
	}
	return 0;
}

static int mend_container(struct engine *engine, struct check_row *row, struct err *err)
{
	auto_ptr(ctr) ctr = NULL;
	struct err unreadable = { 0 };
	if (ctr_open(engine, row->id, &ctr, &unreadable) < 0)
		return put_aside(engine, row, err);
	if (name_container(engine, ctr, err) < 0 || ctr_need_dir(engine, ctr, err) < 0 || mend_files(ctr, err) < 0)
		return -1;
	if (!is_whole(engine, ctr->def.layers))
		return err_set(err, ERR_CORRUPT, "container %s stays as it is: pull or load its image '%s' again, and it is whole", row->id, ctr->def.image);
	done(row, true, mem_strdup("its name, its files and its layers are there again"));
	return 0;
}

/* Its name, if that is all it lacks. */
static int mend_secret(struct engine *engine, struct check_row *row, struct err *err)
{
	struct err none = { 0 };
	if (secret_name_again(engine, row->id, &none) < 0)
		return put_aside(engine, row, err);
	done(row, true, mem_strdup("its name leads to it again"));
	return 0;
}

int check_repair(struct engine *engine, struct check_row *row, struct err *err)
{
	static int (*const mend[STORE_KIND_COUNT])(struct engine *, struct check_row *, struct err *) = {
		[STORE_LAYER] = mend_layer, [STORE_IMAGE] = mend_image, [STORE_VOLUME] = mend_volume, [STORE_CONTAINER] = mend_container,
		[STORE_LIST] = put_aside, [STORE_ARTIFACT] = put_aside, [STORE_SECRET] = mend_secret,
	};
	return row->is_name ? mend_name(engine, row, err) : mend[row->kind](engine, row, err);
}
