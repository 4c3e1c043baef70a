#include "engine/volume.h"

#include "base/file.h"
#include "base/log.h"
#include "base/ntime.h"
#include "codec/json.h"
#include "storage/store.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

void volume_random_name(char ret_name[65])
{
	file_random_hex(ret_name, 32);
}

static bool is_empty_dir(int dir_fd)
{
	int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
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

static int make(struct engine *engine, const char *name, const char *owner, struct err *err)
{
	struct store_stage stage = { .dir_fd = -EBADF };
	if (store_stage(engine->store, &stage, err) < 0)
		return -1;
	auto_ptr(json) record = json_object_new();
	json_set_str(record, "name", name);
	json_set_str(record, "driver", "local");
	json_set_i64(record, "created_ns", ntime_now());
	json_set_bool(record, "anonymous", owner);
	if (owner)
		json_set_str(record, "owner", owner);
	int rc = file_mkdir(stage.dir_fd, "_data", 0755);
	if (rc < 0)
		rc = err_sys(err, -rc, "cannot make volume '%s'", name);
	else
		rc = store_record_write(stage.dir_fd, "volume.json", record, false, err);
	if (rc >= 0)
		rc = store_publish(engine->store, &stage, STORE_VOLUME, name, !owner, err);
	store_stage_done(engine->store, &stage);
	if (rc < 0 && err_is(err, ERR_EXISTS)) { /* another process was faster: it is the same volume */
		err_clear(err);
		return 0;
	}
	return rc;
}

int volume_use(struct engine *engine, const char *name, const char *owner, char **ret_path, bool *ret_fresh, struct err *err)
{
	auto_close int dir_fd = -EBADF;
	struct err missing = { 0 };
	if (store_object_open(engine->store, STORE_VOLUME, name, &dir_fd, &missing) < 0) {
		if (!err_is(&missing, ERR_NOT_FOUND)) {
			*err = missing;
			return -1;
		}
		if (make(engine, name, owner, err) < 0 || store_object_open(engine->store, STORE_VOLUME, name, &dir_fd, err) < 0)
			return err_wrap(err, "volume '%s'", name);
	}
	auto_close int data_fd = openat(dir_fd, "_data", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (data_fd < 0)
		return err_sys(err, errno, "volume '%s': cannot open its data", name);
	*ret_fresh = is_empty_dir(data_fd);
	*ret_path = mem_printf("%s/volumes/%s/_data", store_graphroot(engine->store), name);
	return 0;
}

static struct json *read_record(struct engine *engine, const char *name)
{
	auto_close int dir_fd = -EBADF;
	struct json *record = NULL;
	struct err ignored = { 0 };
	if (store_object_open(engine->store, STORE_VOLUME, name, &dir_fd, &ignored) < 0 ||
	    store_record_read(dir_fd, "volume.json", &record, &ignored) < 0)
		log_debug("%s", ignored.text);
	return record;
}

void volume_remove_orphans(struct engine *engine, const char *owner)
{
	auto_strv names = NULL;
	struct err ignored = { 0 };
	if (store_list(engine->store, STORE_VOLUME, &names, &ignored) < 0)
		log_debug("%s", ignored.text);
	for (char **name = names; name && *name; name++) {
		auto_ptr(json) record = read_record(engine, *name);
		struct err one = { 0 };
		if (record && strcmp(json_get_str(record, "owner", ""), owner) == 0 && volume_remove(engine, *name, &one) < 0)
			log_debug("%s", one.text);
	}
}

bool volume_is_anonymous(struct engine *engine, const char *name)
{
	auto_ptr(json) record = read_record(engine, name);
	return record && json_get_bool(record, "anonymous", false);
}

int volume_remove(struct engine *engine, const char *name, struct err *err)
{
	return store_trash(engine->store, STORE_VOLUME, name, err);
}
