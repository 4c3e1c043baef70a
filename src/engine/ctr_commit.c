#include "engine/ctr_commit.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/ntime.h"
#include "base/str.h"
#include "engine/ctr_idmap.h"
#include "engine/ctr_life.h"
#include "engine/ctr_spec.h"
#include "engine/ctr_tree.h"
#include "engine/events.h"
#include "engine/images_instruction.h"
#include "engine/images_use.h"
#include "image/image_commit.h"
#include "storage/store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool given(const char *text)
{
	return text && *text;
}

static void set_list(char ***to, char *const *from)
{
	strv_free(*to);
	*to = strv_dup(from);
}

static void set_text(char **to, const char *from)
{
	free(*to);
	*to = from ? mem_strdup(from) : NULL;
}

/* --- what the container says --- */

static void add_once(char ***to, const char *text)
{
	if (!strv_has(*to, text))
		strv_add(to, text);
}

static void add_ports(const struct ctr_def *def, struct image_run *run)
{
	for (char *const *port = def->expose; port && *port; port++)
		add_once(&run->exposed_ports, *port);
	for (size_t i = 0; i < def->port_count; i++)
		for (uint32_t n = 0; n < def->ports[i].count; n++) {
			auto_free char *port = mem_printf("%u/%s", def->ports[i].container_port + n, def->ports[i].protocol);
			add_once(&run->exposed_ports, port);
		}
}

/* COMPAT: anonymous volumes always, the others when asked for */
static void add_volumes(const struct ctr_def *def, bool all, struct image_run *run)
{
	for (size_t i = 0; i < def->mount_count; i++)
		if (all || def->mounts[i].anonymous)
			add_once(&run->volumes, def->mounts[i].target);
}

static void take_container(const struct ctr_def *def, const struct ctr_commit_opts *opts, struct image_run *run)
{
	strv_free(run->env);
	run->env = ctr_spec_env_dup(def, NULL, NULL);
	if (given(def->user))
		set_text(&run->user, def->user);
	set_text(&run->working_dir, given(def->workdir) ? def->workdir : "/");
	set_list(&run->entrypoint, def->entrypoint);
	set_list(&run->cmd, def->command);
	for (char *const *label = def->labels; label && *label; label++) {
		auto_free char *key = mem_strndup(*label, strcspn(*label, "="));
		strv_env_set(&run->labels, key, (*label)[strlen(key)] ? *label + strlen(key) + 1 : "");
	}
	add_ports(def, run);
	add_volumes(def, opts->include_volumes, run);
}

/* --- what --config says --- */

static void merge_env(char ***to, char *const *from)
{
	for (; from && *from; from++) {
		auto_free char *key = mem_strndup(*from, strcspn(*from, "="));
		strv_env_set(to, key, (*from)[strlen(key)] ? *from + strlen(key) + 1 : "");
	}
}

static void merge_run(struct image_run *to, const struct image_run *from)
{
	merge_env(&to->env, from->env);
	merge_env(&to->labels, from->labels);
	for (char *const *v = from->volumes; v && *v; v++)
		add_once(&to->volumes, *v);
	for (char *const *p = from->exposed_ports; p && *p; p++)
		add_once(&to->exposed_ports, *p);
	if (from->entrypoint)
		set_list(&to->entrypoint, from->entrypoint);
	if (from->cmd)
		set_list(&to->cmd, from->cmd);
	if (from->on_build)
		set_list(&to->on_build, from->on_build);
	if (from->shell)
		set_list(&to->shell, from->shell);
	if (given(from->user))
		set_text(&to->user, from->user);
	if (given(from->working_dir))
		set_text(&to->working_dir, from->working_dir);
	if (given(from->stop_signal))
		set_text(&to->stop_signal, from->stop_signal);
}

static int take_config_file(const char *path, struct image_run *run, struct err *err)
{
	auto_val(image_config) config = { 0 };
	auto_free char *text = NULL;
	auto_str whole = { 0 };
	size_t len;
	int rc = file_read(AT_FDCWD, path, LIMIT_MANIFEST_BYTES, &text, &len);
	if (rc < 0)
		return err_sys(err, -rc, "--config: open %s", path);
	/* the file is the member "config" of an image's configuration */
	str_addf(&whole, "{\"architecture\":\"\",\"os\":\"\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]},\"config\":%s}", text);
	if (strlen(text) != len || image_config_parse(whole.data, whole.len, &config, err) < 0)
		return err_wrap(err, "--config: %s", path);
	merge_run(run, &config.run);
	return 0;
}

/* --- the configuration --- */

/* SPEC config.md knows no such members: saying so is better than dropping them in silence. */
static void drop_docker_members(struct image_run *run)
{
	if (run->health || run->on_build || run->shell)
		log_warn("HEALTHCHECK, ONBUILD and SHELL are not supported for OCI image format and will be ignored. Must use `docker` format");
	if (run->health)
		strv_free(run->health->test);
	free(run->health);
	strv_free(run->on_build);
	strv_free(run->shell);
	run->health = NULL;
	run->on_build = run->shell = NULL;
}

static int apply_changes(const struct ctr_commit_opts *opts, struct image_run *run, struct err *err)
{
	bool cmd_set = false;
	for (char *const *c = opts->changes; c && *c; c++)
		if (images_instruction_apply(run, *c, &cmd_set, err) < 0)
			return -1;
	return 0;
}

static void drop_layers(struct image_config *config)
{
	strv_free(config->rootfs.diff_ids);
	config->rootfs.diff_ids = NULL;
	for (size_t i = 0; i < config->history_count; i++) {
		free(config->history[i].created_by);
		free(config->history[i].author);
		free(config->history[i].comment);
	}
	config->history_count = 0;
}

static int make_config(const struct ctr *ctr, const struct ctr_commit_opts *opts, bool docker, struct image_config *config, struct err *err)
{
	take_container(&ctr->def, opts, &config->run);
	if ((given(opts->config) && take_config_file(opts->config, &config->run, err) < 0) || apply_changes(opts, &config->run, err) < 0)
		return -1;
	if (!docker)
		drop_docker_members(&config->run);
	if (opts->squash)
		drop_layers(config);
	if (strv_len(config->rootfs.diff_ids) + 1 > LIMIT_LAYERS)
		return err_set(err, ERR_LIMIT, "the image of container %s has as many layers as an image may have: commit it with --squash", ctr->def.name);
	config->created_ns = ntime_now();
	if (given(opts->author))
		set_text(&config->author, opts->author);
	set_text(&config->comment, docker && given(opts->message) ? opts->message : NULL);
	return 0;
}

/* COMPAT: the shell of the image, as if it had been the command of a build */
static char *created_by_dup(const struct image_run *run)
{
	return run->shell && *run->shell ? strv_join(run->shell, " ") : mem_strdup("/bin/sh");
}

/* --- the tree --- */

static int open_tree(struct engine *engine, struct ctr *ctr, bool whole, int *ret_fd, struct err *err)
{
	if (whole)
		return ctr_tree_open(engine, ctr, CTR_TREE_READ, ret_fd, err);
	*ret_fd = openat(ctr->dir_fd, "upper", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return *ret_fd < 0 ? err_sys(err, errno, "cannot open the files of container %s", ctr->def.name) : 0;
}

struct still {
	struct engine *engine;
	const struct ctr *ctr;
};

/* Removing renames a container's directory before its files go. */
static int still_there(void *ctx, struct err *err)
{
	const struct still *s = ctx;
	struct stat ours, named;
	if (fstat(s->ctr->dir_fd, &ours) == 0 &&
	    fstatat(store_kind_fd(s->engine->store, STORE_CONTAINER), s->ctr->id, &named, AT_SYMLINK_NOFOLLOW) == 0 && ours.st_ino == named.st_ino)
		return 0;
	return err_set(err, ERR_NOT_FOUND, "container %s was removed meanwhile", s->ctr->def.name);
}

static int commit_tree(struct engine *engine, struct ctr *ctr, const struct ctr_commit_opts *opts, struct image_commit_opts *to, struct image **ret,
		       struct err *err)
{
	auto_val(ctr_idmap) map = { 0 };
	auto_close int tree_fd = -EBADF;
	struct shift buffer;
	struct still still = { engine, ctr };
	if (ctr_idmap_read(engine, &ctr->def, &map, err) < 0 || open_tree(engine, ctr, opts->squash, &tree_fd, err) < 0)
		return -1;
	to->tree_fd = tree_fd;
	to->pack = (struct tree_pack){ .upper = !opts->squash, .shift = ctr_idmap_shift(&map, &buffer) };
	to->check = still_there;
	to->ctx = &still;
	return image_commit(engine->store, to, ret, err);
}

/* --- all of it --- */

static int commit_config(struct engine *engine, struct ctr *ctr, const struct ctr_commit_opts *opts, const char *name, struct image **ret,
			 struct err *err)
{
	auto_ptr(image) base = NULL;
	auto_val(image_config) config = { 0 };
	bool docker = strcmp(opts->format, "docker") == 0;
	if (image_db_get(engine->store, ctr->def.image, &base, err) < 0 || image_config_load(engine->store, base, &config, err) < 0)
		return err_wrap(err, "the image of container %s", ctr->def.name);
	auto_free char *created_by = created_by_dup(&config.run);
	auto_free char *from = mem_printf("FROM %s", ctr->def.image_name);
	if (make_config(ctr, opts, docker, &config, err) < 0)
		return -1;
	const struct image_history history = { .created_ns = ntime_now(), .created_by = created_by, .author = config.author, .comment = from };
	struct image_progress progress = images_progress_of(opts->progress);
	auto_free char *what = mem_printf("container %s", ctr->def.name);
	struct image_commit_opts to = { .what = what, .base = opts->squash ? NULL : base, .config = &config, .history = &history, .docker = docker,
					.name = name, .progress = opts->progress ? &progress : NULL };
	return commit_tree(engine, ctr, opts, &to, ret, err);
}

static int check(const struct ctr *ctr, const struct ctr_commit_opts *opts, struct err *err)
{
	if (strcmp(opts->format, "oci") != 0 && strcmp(opts->format, "docker") != 0)
		return err_set(err, ERR_USAGE, "unrecognized image format \"%s\"", opts->format);
	if (given(opts->message) && strcmp(opts->format, "docker") != 0)
		return err_set(err, ERR_USAGE, "messages are only compatible with the docker image format (-f docker)");
	if (given(ctr->def.rootfs))
		return err_set(err, ERR_UNSUPPORTED, "cannot commit a container that uses an exploded rootfs");
	return 0;
}

static int write_iidfile(const char *path, const char *id, struct err *err)
{
	auto_close int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	int rc = fd < 0 ? -errno : fd_write_full(fd, id, strlen(id));
	return rc < 0 ? err_sys(err, -rc, "failed to write image ID: open %s", path) : 0;
}

int ctr_commit(struct engine *engine, struct ctr *ctr, const struct ctr_commit_opts *opts, char ret_id[65], struct err *err)
{
	auto_ptr(image) image = NULL;
	auto_free char *name = NULL;
	if (check(ctr, opts, err) < 0 || (given(opts->name) && ref_local_name(opts->name, &name, err) < 0) || ctr_need_dir(engine, ctr, err) < 0)
		return -1;
	bool paused = opts->pause && ctr->status.state == CTR_RUNNING;
	if (paused && ctr_pause(engine, ctr, true, err) < 0)
		return -1;
	int rc = commit_config(engine, ctr, opts, name, &image, err);
	struct err later = { 0 };
	if (paused && ctr_pause(engine, ctr, false, rc < 0 ? &later : err) < 0)
		rc = -1;
	err_clear(&later);
	if (rc < 0)
		return -1;
	events_add_ctr(engine, ctr, "commit");
	memcpy(ret_id, image->id, sizeof(image->id));
	return given(opts->iidfile) ? write_iidfile(opts->iidfile, image->id, err) : 0;
}
