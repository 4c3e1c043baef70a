#include "engine/volume.h"

#include "base/file.h"
#include "base/log.h"
#include "base/ntime.h"
#include "codec/json.h"
#include "engine/ctr_name.h"
#include "engine/events.h"
#include "engine/mount_place.h"
#include "storage/store.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

void volume_random_name(char ret_name[65])
{
	file_random_hex(ret_name, 32);
}

void volume_place_done(struct volume_place *place)
{
	free(place->path);
	free(place->options);
	*place = (struct volume_place){ 0 };
}

static bool is_empty_dir(int dir_fd, const char *path)
{
	int fd = openat(dir_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	if (!dir) {
		fd_close(fd);
		return false;
	}
	int entries = 0;
	while (entries <= 2 && readdir(dir))
		entries++;
	closedir(dir);
	return entries <= 2; /* . and .. */
}

bool volume_is_empty(struct engine *engine, const char *name)
{
	auto_close int dir_fd = -EBADF;
	struct err ignored = { 0 };
	return store_object_open(engine->store, STORE_VOLUME, name, &dir_fd, &ignored) >= 0 && is_empty_dir(dir_fd, "_data");
}

/* --- made --- */

static int fill_stage(const struct volume *volume, int dir_fd, struct err *err)
{
	auto_ptr(json) record = volume_record_new(volume);
	int rc = file_mkdir(dir_fd, "_data", 0755);
	if (rc >= 0 && volume->owned && fchownat(dir_fd, "_data", volume->uid, volume->gid, AT_SYMLINK_NOFOLLOW) < 0)
		rc = -errno;
	if (rc < 0)
		return err_sys(err, -rc, "cannot make volume '%s'", volume->name);
	return store_record_write(dir_fd, "volume.json", record, false, err);
}

/* ERR_EXISTS: another process was faster, or it was there. An anonymous one is worth no more than its container. */
static int make(struct engine *engine, struct volume *volume, struct err *err)
{
	struct store_stage stage = { .dir_fd = -EBADF };
	volume->created_ns = ntime_now();
	if (store_stage(engine->store, &stage, err) < 0)
		return -1;
	int rc = fill_stage(volume, stage.dir_fd, err);
	if (rc >= 0)
		rc = store_publish(engine->store, &stage, STORE_VOLUME, volume->name, !volume->owner, err);
	store_stage_done(engine->store, &stage);
	if (rc >= 0)
		events_add_volume(engine, "create", volume->name);
	return rc;
}

static int take_labels(struct volume *volume, char *const *labels, struct err *err)
{
	for (; labels && *labels; labels++) {
		const char *eq = strchr(*labels, '=');
		auto_free char *key = mem_strndup(*labels, strcspn(*labels, "="));
		if (!*key)
			return err_set(err, ERR_USAGE, "unable to process labels: invalid label format: \"%s\"", *labels);
		strv_env_set(&volume->labels, key, eq ? eq + 1 : "");
	}
	return 0;
}

static int fill(const struct volume_opts *opts, struct volume *volume, struct err *err)
{
	char random[65];
	bool anonymous = !opts->name || !*opts->name;
	volume_random_name(random);
	volume->name = mem_strdup(anonymous ? random : opts->name);
	if (!ctr_name_valid(volume->name))
		return err_set(err, ERR_USAGE, "running volume create option: names must match [a-zA-Z0-9][a-zA-Z0-9_.-]*: invalid argument");
	if (opts->driver && *opts->driver && strcmp(opts->driver, "local") != 0)
		return err_set(err, ERR_UNSUPPORTED, "volume %s: there is no driver '%s' here: use local", volume->name, opts->driver);
	volume->uid = opts->uid;
	volume->gid = opts->gid;
	volume->owned = opts->owned;
	return take_labels(volume, opts->labels, err) < 0 ? -1 : volume_record_options(volume, opts->options, err);
}

int volume_create(struct engine *engine, const struct volume_opts *opts, char **ret_name, struct err *err)
{
	auto_ptr(volume) volume = mem_alloc(sizeof(*volume));
	if (fill(opts, volume, err) < 0)
		return -1;
	if (make(engine, volume, err) < 0) {
		if (!err_is(err, ERR_EXISTS))
			return -1;
		err_clear(err);
		if (!opts->ignore)
			return err_set(err, ERR_EXISTS, "volume with name %s already exists: volume already exists", volume->name);
	}
	*ret_name = mem_strdup(volume->name);
	return 0;
}

/* --- of a container --- */

struct volume_want volume_wanted(const struct ctr_def *def, const struct ctr_mount *mount)
{
	return (struct volume_want){ .name = mount->source, .owner = mount->anonymous ? def->id : NULL, .options = mount->volume_options };
}

/* What it will be. */
static int new_wanted(const struct volume_want *want, struct volume **ret, struct err *err)
{
	auto_ptr(volume) volume = mem_alloc(sizeof(*volume));
	volume->name = mem_strdup(want->name);
	volume->owner = want->owner ? mem_strdup(want->owner) : NULL;
	volume->anonymous = want->owner;
	for (char *const *option = want->options; option && *option; option++)
		if (!strchr(*option, '=')) /* COMPAT: the words */
			return err_set(err, ERR_USAGE, "cannot parse driver opts: invalid mount option '%s': expected KEY=VALUE", *option);
	if (volume_record_options(volume, want->options, err) < 0)
		return err_wrap(err, "creating named volume \"%s\"", want->name);
	*ret = take_ptr(volume);
	return 0;
}

int volume_check_wanted(struct engine *engine, const struct ctr_def *def, struct err *err)
{
	for (size_t i = 0; i < def->mount_count; i++) {
		const struct volume_want want = volume_wanted(def, &def->mounts[i]);
		auto_ptr(volume) volume = NULL;
		if (want.options && !volume_exists(engine, want.name) && new_wanted(&want, &volume, err) < 0)
			return -1;
	}
	return 0;
}

int volume_ensure(struct engine *engine, const struct volume_want *want, struct err *err)
{
	auto_ptr(volume) volume = NULL;
	if (volume_exists(engine, want->name))
		return 0;
	if (new_wanted(want, &volume, err) < 0)
		return -1;
	if (make(engine, volume, err) < 0) {
		if (!err_is(err, ERR_EXISTS))
			return -1;
		err_clear(err); /* it is the same volume */
	}
	return 0;
}

/* --- used --- */

static char *mount_words_dup(const struct volume *volume)
{
	const char *o = volume_record_option(volume, "o");
	auto_strv words = o ? strv_split(o, ',') : NULL;
	auto_str out = { 0 };
	bool tmpfs = volume_record_kind(volume) == VOLUME_TMPFS;
	for (char **word = words; word && *word; word++)
		if (tmpfs || (!str_starts(*word, "uid=") && !str_starts(*word, "gid=")))
			str_addf(&out, "%s%s", out.len ? "," : "", *word);
	return str_take(&out);
}

static int find_place(struct engine *engine, const struct volume *volume, struct volume_place *place, struct err *err)
{
	place->kind = volume_record_kind(volume);
	char *mounted = place->kind == VOLUME_TMPFS ? mount_place_find_dup(engine, MOUNT_VOLUME, volume->name) : NULL;
	if (mounted) {
		*place = (struct volume_place){ .kind = VOLUME_BIND, .path = mounted, .options = mem_strdup("") };
		place->fresh = is_empty_dir(AT_FDCWD, mounted);
		return 0;
	}
	place->path = place->kind == VOLUME_BIND ? mem_strdup(volume_record_option(volume, "device")) :
						   mem_printf("%s/volumes/%s/_data", store_graphroot(engine->store), volume->name);
	place->options = mount_words_dup(volume);
	bool missing = access(place->path, F_OK) < 0;
	if (missing && !engine->looks)
		return err_sys(err, errno, "volume '%s': cannot open '%s'", volume->name, place->path);
	place->fresh = missing || place->kind == VOLUME_TMPFS || is_empty_dir(AT_FDCWD, place->path);
	return 0;
}

int volume_use(struct engine *engine, const struct volume_want *want, struct volume_place *ret, struct err *err)
{
	auto_ptr(volume) volume = NULL;
	auto_val(volume_place) place = { 0 };
	if (engine->looks && !volume_exists(engine, want->name)) {
		if (new_wanted(want, &volume, err) < 0)
			return -1;
	} else if (volume_ensure(engine, want, err) < 0 || volume_record_read(engine, want->name, &volume, err) < 0) {
		return err_wrap(err, "volume '%s'", want->name);
	}
	if (find_place(engine, volume, &place, err) < 0)
		return -1;
	*ret = place;
	place = (struct volume_place){ 0 };
	return 0;
}

int volume_give(struct engine *engine, const char *name, const struct volume_place *place, uint32_t uid, uint32_t gid, struct err *err)
{
	auto_ptr(volume) volume = NULL;
	auto_close int dir_fd = -EBADF;
	if (place->kind != VOLUME_PLAIN || !place->fresh || volume_record_read(engine, name, &volume, err) < 0)
		return err->kind ? -1 : 0;
	if (volume->owned || (volume->uid == uid && volume->gid == gid))
		return 0;
	if (store_object_open(engine->store, STORE_VOLUME, name, &dir_fd, err) < 0)
		return -1;
	if (fchownat(dir_fd, "_data", uid, gid, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(err, errno, "cannot give volume '%s' to user %u", name, uid);
	volume->uid = uid;
	volume->gid = gid;
	auto_ptr(json) record = volume_record_new(volume);
	return store_record_write(dir_fd, "volume.json", record, false, err);
}
