#include "storage/store.h"

#include "base/file.h"
#include "base/log.h"
#include "base/ntime.h"
#include "config/conf_storage.h"
#include "host/userns.h"
#include "storage/extra_store.h"
#include "storage/store_priv.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const struct {
	const char *word, *dir;
} kinds[STORE_KIND_COUNT] = {
	[STORE_NETWORK] = { "network", "networks" },	   [STORE_VOLUME] = { "volume", "volumes" }, [STORE_POD] = { "pod", "pods" },
	[STORE_CONTAINER] = { "container", "containers" }, [STORE_IMAGE] = { "image", "images" },    [STORE_LAYER] = { "layer", "layers" },
	[STORE_SECRET] = { "secret", "secrets" },	   [STORE_LIST] = { "list", "lists" },
	[STORE_ARTIFACT] = { "artifact", "artifacts" },
};

/* Written last when a store is made: with it everything else is there. */
static const char marker[] = "store";
static const char marker_text[] = "{\"version\":1}\n";

enum { TRASH_STALE_S = 10, STAGE_NAME_BYTES = 16 };

const char *store_kind_word(enum store_kind kind)
{
	return kinds[kind].word;
}

/* --- where --- */

static char *user_dir_dup(const char *variable, const char *otherwise)
{
	const char *value = getenv(variable);
	return value && *value == '/' ? mem_strdup(value) : mem_strdup(otherwise);
}

int store_default_roots(char **ret_graphroot, char **ret_runroot, struct err *err)
{
	if (!userns_is_rootless()) {
		*ret_graphroot = mem_strdup("/var/lib/containers/cpod");
		*ret_runroot = mem_strdup("/run/containers/cpod");
		return 0;
	}
	const char *home = getenv("HOME");
	if (!home || *home != '/')
		return err_set(err, ERR_USAGE, "cannot find the store: HOME is not set to an absolute path; set it, or give --root and --runroot");
	auto_free char *share = mem_printf("%s/.local/share", home);
	auto_free char *run = mem_printf("/run/user/%u", userns_caller_uid());
	if (access(run, W_OK) < 0) { /* no session: a directory of our own, below the place every host has */
		free(run);
		run = mem_printf("/tmp/cpod-run-%u", userns_caller_uid());
	}
	auto_free char *data_dir = user_dir_dup("XDG_DATA_HOME", share), *run_dir = user_dir_dup("XDG_RUNTIME_DIR", run);
	*ret_graphroot = mem_printf("%s/containers/cpod", data_dir);
	*ret_runroot = mem_printf("%s/containers/cpod", run_dir);
	return 0;
}

/* --- opening --- */

static int make_dirs(int root_fd, struct err *err)
{
	static const char *const others[] = { "names", "staging", "trash" };
	auto_strv dirs = NULL;
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		strv_add(&dirs, others[i]);
	for (int k = 0; k < STORE_KIND_COUNT; k++) {
		strv_add(&dirs, kinds[k].dir);
		strv_addf(&dirs, "names/%s", kinds[k].word);
	}
	for (char **dir = dirs; *dir; dir++) {
		int rc = file_mkdir(root_fd, *dir, 0700);
		if (rc < 0 && rc != -EEXIST)
			return err_sys(err, -rc, "cannot make '%s' in the store", *dir);
	}
	/* that it is there is what counts: no temporary name that a kill could leave */
	int rc = file_create(root_fd, marker, 0600, marker_text, strlen(marker_text), 0);
	return rc < 0 && rc != -EEXIST ? err_sys(err, -rc, "cannot write '%s' in the store", marker) : 0;
}

static int open_root(const char *path, bool readonly, int *ret_fd, struct err *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT && !readonly) {
		int rc = file_mkdirs(AT_FDCWD, path, 0700);
		if (rc < 0)
			return err_sys(err, -rc, "cannot make the store's directory '%s'", path);
		fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	}
	if (fd < 0 && !(readonly && errno == ENOENT))
		return err_sys(err, errno, "cannot open the store's directory '%s'", path);
	struct stat st;
	if (fd >= 0 && (fstat(fd, &st) < 0 || (st.st_uid != 0 && st.st_uid != geteuid()))) {
		fd_close(fd);
		return err_set(err, ERR_DENIED, "the store's directory '%s' belongs to another user: remove it or choose another with --root and --runroot",
			       path);
	}
	*ret_fd = fd < 0 ? -EBADF : fd;
	return 0;
}

bool store_is_stale(const struct store *store)
{
	struct stat st;
	bool stale = false;
	static const char *const dirs[] = { "trash", "staging" };
	for (size_t i = 0; i < ARRAY_LEN(dirs); i++)
		stale |= fstatat(store->graph_fd, dirs[i], &st, 0) == 0 && st.st_nlink > 2 && time(NULL) - st.st_mtime > TRASH_STALE_S;
	return stale;
}

int store_open(const struct store_opts *opts, struct store **ret, struct err *err)
{
	auto_ptr(store) store = mem_alloc(sizeof(*store));
	store->graph_fd = store->run_fd = store->staging_fd = store->trash_fd = -EBADF;
	for (int k = 0; k < STORE_KIND_COUNT; k++)
		store->kind_fds[k] = store->name_fds[k] = -EBADF;
	store->readonly = opts->readonly;
	store->at_home = !opts->graphroot;
	store->storage_opts = opts->storage_opts;
	store->knows_extra = opts->alone;
	auto_val(conf_storage) asked = { 0 };
	if (conf_storage_words(opts->storage_opts, "--storage-opt", &asked, err) < 0)
		return -1;
	if ((!opts->graphroot || (!opts->runroot && !opts->alone)) && store_default_roots(&store->graphroot, &store->runroot, err) < 0)
		return -1;
	if (opts->graphroot) {
		free(store->graphroot);
		store->graphroot = mem_strdup(opts->graphroot);
	}
	if (opts->runroot) {
		free(store->runroot);
		store->runroot = mem_strdup(opts->runroot);
	}
	if (open_root(store->graphroot, store->readonly, &store->graph_fd, err) < 0 ||
	    (!opts->alone && open_root(store->runroot, store->readonly, &store->run_fd, err) < 0))
		return -1;
	if (!store->readonly) {
		if (faccessat(store->graph_fd, marker, F_OK, 0) < 0 && make_dirs(store->graph_fd, err) < 0)
			return -1;
		int rc = file_mkdir(store->run_fd, "containers", 0700);
		if (rc < 0 && rc != -EEXIST)
			return err_sys(err, -rc, "cannot make '%s/containers'", store->runroot);
	}
	*ret = take_ptr(store);
	return 0;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	for (int k = 0; k < STORE_KIND_COUNT; k++) {
		fd_close(store->kind_fds[k]);
		fd_close(store->name_fds[k]);
	}
	for (size_t i = 0; i < store->extra_count; i++)
		extra_store_close(store->extra[i]);
	free(store->extra);
	fd_close(store->graph_fd);
	fd_close(store->run_fd);
	fd_close(store->staging_fd);
	fd_close(store->trash_fd);
	free(store->graphroot);
	free(store->runroot);
	free(store);
}

const char *store_graphroot(const struct store *store)
{
	return store->graphroot;
}

const char *store_runroot(const struct store *store)
{
	return store->runroot;
}

int store_graph_fd(const struct store *store)
{
	return store->graph_fd;
}

int store_run_fd(const struct store *store)
{
	return store->run_fd;
}

static int open_once(int parent_fd, const char *name, int *fd)
{
	if (*fd >= 0)
		return *fd;
	if (parent_fd < 0)
		return -ENOENT;
	int rc = file_open_dir(parent_fd, name, fd);
	return rc < 0 ? rc : *fd;
}

int store_kind_fd(struct store *store, enum store_kind kind)
{
	return open_once(store->graph_fd, kinds[kind].dir, &store->kind_fds[kind]);
}

int store_name_fd(struct store *store, enum store_kind kind)
{
	char path[32];
	snprintf(path, sizeof(path), "names/%s", kinds[kind].word);
	return open_once(store->graph_fd, path, &store->name_fds[kind]);
}

/* --- staging --- */

static int make_stage(struct store *store, const char *id, struct store_stage *ret, struct err *err)
{
	int staging_fd = open_once(store->graph_fd, "staging", &store->staging_fd);
	if (staging_fd < 0)
		return err_sys(err, -staging_fd, "cannot open the store's staging directory");
	for (;;) {
		struct store_stage s = { .dir_fd = -EBADF };
		struct stat ours, named;
		if (id)
			snprintf(s.name, sizeof(s.name), "%s", id);
		else
			file_random_hex(s.name, STAGE_NAME_BYTES);
		int rc = file_mkdir(staging_fd, s.name, 0700);
		if (rc >= 0)
			rc = file_open_dir(staging_fd, s.name, &s.dir_fd);
		if (rc >= 0)
			rc = file_lock(s.dir_fd, FILE_LOCK_EXCLUSIVE, true);
		if (rc < 0 && rc != -ENOENT) {
			fd_close(s.dir_fd);
			return err_sys(err, -rc, "cannot make a staging directory in '%s'", store->graphroot);
		}
		/* whoever clears up may have taken it between its birth and its lock: then it is made again */
		if (rc >= 0 && fstat(s.dir_fd, &ours) == 0 && fstatat(staging_fd, s.name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
		    ours.st_ino == named.st_ino) {
			*ret = s;
			return 0;
		}
		fd_close(s.dir_fd);
	}
}

int store_stage(struct store *store, struct store_stage *ret, struct err *err)
{
	return make_stage(store, NULL, ret, err);
}

int store_stage_for(struct store *store, const char *id, struct store_stage *ret, struct err *err)
{
	return make_stage(store, id, ret, err);
}

/* The files of one object are few and lie at its top; a layer's tree is synced by its file system as a whole. */
static int sync_object(int dir_fd, enum store_kind kind)
{
	if (kind == STORE_LAYER)
		return file_sync_tree_fs(dir_fd);
	auto_strv names = NULL;
	int rc = file_list(dir_fd, &names);
	for (char **name = names; rc >= 0 && name && *name; name++) {
		struct stat st;
		if (fstatat(dir_fd, *name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode))
			continue;
		auto_close int fd = openat(dir_fd, *name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
		rc = fd < 0 ? -errno : file_sync(fd, *name);
	}
	return rc < 0 ? rc : file_sync(dir_fd, "stage");
}

int store_publish(struct store *store, struct store_stage *stage, enum store_kind kind, const char *id, bool durable, struct err *err)
{
	int kind_fd = store_kind_fd(store, kind);
	int rc = kind_fd < 0 ? kind_fd : durable ? sync_object(stage->dir_fd, kind) : 0;
	if (rc >= 0)
		rc = file_rename(store->staging_fd, stage->name, kind_fd, id, RENAME_NOREPLACE);
	if (rc == -EEXIST || rc == -ENOTEMPTY)
		return err_set(err, ERR_EXISTS, "%s '%s' exists already", kinds[kind].word, id);
	if (rc >= 0) {
		stage->name[0] = 0; /* it has its place: never cleared away by us */
		rc = durable ? file_sync(kind_fd, kinds[kind].dir) : 0;
		if (rc < 0 && file_rename(kind_fd, id, store->staging_fd, id, 0) < 0)
			log_warn("%s '%s' may not survive a crash of the host", kinds[kind].word, id);
	}
	return rc < 0 ? err_sys(err, -rc, "cannot store %s '%s'", kinds[kind].word, id) : 0;
}

int store_stage_rename(struct store *store, struct store_stage *stage, const char *name)
{
	int rc = file_rename(store->staging_fd, stage->name, store->graph_fd, name, RENAME_NOREPLACE);
	if (rc >= 0)
		stage->name[0] = 0;
	return rc == -ENOTEMPTY ? -EEXIST : rc;
}

int store_stage_take(struct store_stage *stage)
{
	return take_fd(stage->dir_fd);
}

void store_stage_done(struct store *store, struct store_stage *stage)
{
	if (stage->dir_fd < 0)
		return;
	if (stage->name[0]) {
		int rc = file_remove_tree(store->staging_fd, stage->name);
		if (rc < 0 && rc != -ENOENT)
			log_debug("a staging directory stays for the next command: %s", err_reason(-rc));
	}
	stage->dir_fd = fd_close(stage->dir_fd);
}

/* --- objects --- */

int store_object_open(struct store *store, enum store_kind kind, const char *id, int *ret_dir_fd, struct err *err)
{
	int kind_fd = store_kind_fd(store, kind);
	int rc = kind_fd < 0 ? kind_fd : strchr(id, '/') || id[0] == '.' || !*id ? -ENOENT : file_open_dir(kind_fd, id, ret_dir_fd);
	if (rc == -ENOENT)
		return err_set(err, ERR_NOT_FOUND, "no such %s: %s", kinds[kind].word, id);
	return rc < 0 ? err_sys(err, -rc, "cannot open %s '%s'", kinds[kind].word, id) : 0;
}

int store_run_dir(struct store *store, const char *id, bool make, int *ret_dir_fd, struct err *err)
{
	char path[sizeof("containers/") + STORE_ID_MAX];
	if (store->run_fd < 0 || strlen(id) > STORE_ID_MAX)
		return err_set(err, ERR_NOT_FOUND, "no run directory of container %s", id);
	snprintf(path, sizeof(path), "containers/%s", id);
	int rc = make ? file_mkdir(store->run_fd, path, 0700) : 0;
	if (rc < 0 && rc != -EEXIST)
		return err_sys(err, -rc, "cannot make the run directory of container %s", id);
	rc = file_open_dir(store->run_fd, path, ret_dir_fd);
	if (rc == -ENOENT)
		return err_set(err, ERR_NOT_FOUND, "no run directory of container %s", id);
	return rc < 0 ? err_sys(err, -rc, "cannot open the run directory of container %s", id) : 0;
}

int store_list(struct store *store, enum store_kind kind, char ***ret_ids, struct err *err)
{
	int kind_fd = store_kind_fd(store, kind);
	char **names = NULL, **kept;
	int rc = kind_fd < 0 ? kind_fd : file_list(kind_fd, &names);
	if (rc == -ENOENT) {
		*ret_ids = NULL;
		return 0;
	}
	if (rc < 0)
		return err_sys(err, -rc, "cannot list the %s of the store", kinds[kind].dir);
	kept = names;
	for (char **name = names; name && *name; name++) {
		if ((*name)[0] == '.' || strlen(*name) > 255)
			free(*name);
		else
			*kept++ = *name;
	}
	if (names)
		*kept = NULL;
	strv_sort(names);
	*ret_ids = names;
	return 0;
}
