#include "engine/images.h"

#include "base/log.h"
#include "engine/ctr_life.h"
#include "engine/events.h"
#include "engine/images_mount.h"
#include "engine/images_use.h"
#include "engine/manifests.h"
#include "image/image.h"

static int untag(struct engine *engine, const struct image *image, const char *name, char ***lines, struct err *err)
{
	if (image_db_untag(engine->store, image, name, err) < 0)
		return -1;
	strv_addf(lines, "Untagged: %s", name);
	events_add_image(engine, "untag", image->id, name);
	return 0;
}

/* --force: the containers go first. One that only mounts the image is made of another, and stays; then the image does. */
static int remove_users(struct engine *engine, const char *image_id, struct err *err)
{
	struct images_use use;
	if (images_use_read(engine, &use, err) < 0)
		return -1;
	int rc = 0;
	for (size_t i = 0; rc >= 0 && i < use.count; i++) {
		auto_ptr(ctr) ctr = NULL;
		if (use.rows[i].mounted || strcmp(use.rows[i].image, image_id) != 0)
			continue;
		rc = ctr_open(engine, use.rows[i].container, &ctr, err);
		if (rc >= 0)
			rc = ctr_remove(engine, ctr, &(struct ctr_rm_opts){ .force = true, .volumes = true, .time_s = -1 }, err);
	}
	images_use_done(&use);
	return rc;
}

struct removal {
	struct engine *engine;
	const struct image *image;
};

/* Asked while nobody can begin to make a container of it. */
static int check_users(void *data, struct err *err)
{
	const struct removal *r = data;
	struct engine *engine = r->engine;
	const struct image *image = r->image;
	struct images_use use;
	if (images_use_read(engine, &use, err) < 0)
		return -1;
	const struct images_use_row *by = images_use_by(&use, image->id);
	int rc = 0;
	if (by && by->mounted)
		rc = err_set(err, ERR_IN_USE, "image used by %s: a container has it as a mount: remove the container first", by->container);
	else if (by) /* COMPAT */
		rc = err_set(err, ERR_IN_USE, "image used by %s: image is in use by a container: consider removing the container or use --force",
			     by->container);
	images_use_done(&use);
	return rc;
}

static int remove_whole(struct engine *engine, const struct image *image, const struct images_rm_opts *opts, char ***lines, struct err *err)
{
	if (images_mount_check(engine, image->id, err) < 0)
		return -1;
	if (opts->force && remove_users(engine, image->id, err) < 0)
		return -1;
	auto_strv deleted = NULL;
	struct removal removal = { engine, image };
	if (image_db_remove_if(engine->store, image, check_users, &removal, &deleted, err) < 0)
		return -1;
	for (char **name = image->names; name && *name; name++)
		strv_addf(lines, "Untagged: %s", *name);
	strv_addf(lines, "Deleted: %s", image->id);
	events_add_image(engine, "remove", image->id, image->names ? image->names[0] : "");
	return 0;
}

static int remove_named(struct engine *engine, const char *word, const struct images_rm_opts *opts, char ***ret_lines, struct err *err)
{
	auto_ptr(image) image = NULL;
	auto_free char *name = NULL;
	if (manifests_is_list(engine, word))
		return manifests_remove(engine, word, ret_lines, err);
	if (image_resolve(engine->store, word, &image, &name, err) < 0 || image_db_may_remove(image, err) < 0)
		return -1;
	size_t names = strv_len(image->names);
	if (name && names > 1) /* one name of several: the image stays */
		return untag(engine, image, name, ret_lines, err);
	if (!name && names > 1 && !opts->force && !opts->with_names)
		return err_set(err, ERR_IN_USE,
			       "unable to delete image \"%s\" by ID with more than one tag ([%s %s%s]): please force removal", image->id,
			       image->names[0], image->names[1], names > 2 ? " ..." : ""); /* COMPAT */
	return remove_whole(engine, image, opts, ret_lines, err);
}

int images_remove(struct engine *engine, const char *word, const struct images_rm_opts *opts, char ***ret_lines, struct err *err)
{
	if (remove_named(engine, word, opts, ret_lines, err) >= 0)
		return 0;
	if (!opts->ignore || !err_is(err, ERR_NOT_FOUND))
		return images_gone(word, err);
	err_clear(err);
	return 0;
}

int images_ids(struct engine *engine, char ***ret, struct err *err)
{
	struct image **images = NULL;
	size_t count = 0;
	if (image_db_list(engine->store, &images, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (!images[i]->extra)
			strv_add(ret, images[i]->id);
	image_db_list_free(images, count);
	return manifests_ids(engine, ret, err);
}

int images_drop(struct engine *engine, const char *id, struct err *err)
{
	auto_ptr(image) image = NULL;
	auto_strv lines = NULL;
	if (image_db_get(engine->store, id, &image, err) < 0)
		return -1;
	return remove_whole(engine, image, &(struct images_rm_opts){ 0 }, &lines, err);
}
