#include "engine/ctr_create.h"

#include "base/dl.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/ntime.h"
#include "base/log.h"
#include "codec/json.h"
#include "engine/ctr_artifacts.h"
#include "engine/ctr_cdi.h"
#include "engine/ctr_check.h"
#include "engine/ctr_complete.h"
#include "engine/ctr_deps.h"
#include "engine/ctr_idmap.h"
#include "engine/ctr_idmap_make.h"
#include "engine/ctr_layers.h"
#include "engine/ctr_life.h"
#include "engine/ctr_log.h"
#include "engine/ctr_name.h"
#include "engine/ctr_ports.h"
#include "engine/ctr_secrets.h"
#include "engine/ctr_spec.h"
#include "engine/ctr_trees.h"
#include "engine/events.h"
#include "engine/volume.h"
#include "image/image.h"
#include "storage/store.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_TRIES = 32, IMAGE_TRIES = 5 };

/* --- the image --- */

/* --arch, --os and --variant choose among images of one name; the one that is here must be it. */
static bool is_platform(struct engine *engine, const struct ctr_opts *opts, const struct image *image)
{
	auto_val(image_config) config = { 0 };
	struct err ignored = { 0 };
	const char *arch = opts->arch && *opts->arch ? opts->arch : NULL, *os = opts->os && *opts->os ? opts->os : NULL;
	if ((!arch && !os) || image_config_load(engine->store, image, &config, &ignored) < 0)
		return true;
	return (!arch || str_eq(config.architecture, arch)) && (!os || str_eq(config.os, os));
}

static int use_builtin(struct engine *engine, struct ctr_opts *opts, struct image **ret, struct err *err)
{
	auto_free char *name = NULL;
	if (dl_need(err) < 0 || image_builtin(engine->store, err) < 0 || image_resolve(engine->store, opts->image, ret, &name, err) < 0)
		return -1;
	opts->def.image_name = mem_strdup(name ? name : (*ret)->id);
	return 0;
}

static int not_here(const char *word, struct err *err)
{
	err_clear(err);
	return err_set(err, ERR_NOT_FOUND, "%s: image not known here, and nothing is brought for an explanation: cpod pull %s", word, word);
}

/* was_here: it was, or came; when it is not found all the same, somebody removed it meanwhile. */
static int find_image(struct engine *engine, struct ctr_opts *opts, const struct images_progress *progress, struct image **ret, bool *was_here,
		      struct err *err)
{
	char id[65];
	const char *policy = engine->looks ? "never" : opts->pull && *opts->pull ? opts->pull : "missing";
	if (strcmp(policy, "always") != 0 && strcmp(policy, "newer") != 0) {
		auto_free char *name = NULL;
		int rc = image_resolve(engine->store, opts->image, ret, &name, err);
		if (rc >= 0 && !is_platform(engine, opts, *ret)) {
			image_free(take_ptr(*ret));
			rc = err_set(err, ERR_NOT_FOUND, "%s: image not known", opts->image);
		}
		*was_here = rc >= 0;
		if (rc >= 0) {
			opts->def.image_name = name ? take_ptr(name) : mem_strdup((*ret)->names ? (*ret)->names[0] : (*ret)->id);
			return 0;
		}
		if (engine->looks && err_is(err, ERR_NOT_FOUND))
			return not_here(opts->image, err);
		if (!err_is(err, ERR_NOT_FOUND) || strcmp(policy, "never") == 0)
			return -1;
		err_clear(err);
		if (image_is_builtin(opts->image))
			return use_builtin(engine, opts, ret, err);
	}
	const struct images_pull_opts pull = {
		.policy = policy, .os = opts->os, .arch = opts->arch, .variant = opts->variant, .authfile = opts->authfile,
		.creds = opts->creds, .cert_dir = opts->cert_dir, .signature_policy = opts->signature_policy, .tls_verify = opts->tls_verify, .progress = opts->quiet ? NULL : progress,
		.retries = opts->retry ? (int)opts->retry : -1, .retry_delay_ms = opts->retry_delay_ms,
	};
	auto_free char *name = NULL;
	if (images_pull(engine, opts->image, &pull, id, err) < 0)
		return -1;
	*was_here = true;
	if (image_resolve(engine->store, opts->image, ret, &name, err) < 0)
		return -1;
	opts->def.image_name = name ? take_ptr(name) : mem_strdup(id);
	return 0;
}

/* For a user namespace of its own: before anything starts, so that one process does it. A file of somebody whom it has no id for would
 * be nobody's: then there is no container. */
static int shift_layers(struct engine *engine, const struct ctr_def *def, struct err *err)
{
	auto_val(ctr_idmap) map = { 0 };
	struct ctr_layers layers;
	if (ctr_idmap_read(engine, def, &map, err) < 0 || ctr_layers_how(engine, def, &map, &layers, err) < 0)
		return -1;
	for (char **layer = def->layers; map.shifts && layer && *layer; layer++) {
		auto_free char *path = NULL;
		if (layers.mapped ? layer_check_owners(engine->store, *layer, layers.mapped, err) < 0 :
				    layer_path_shifted(engine->store, *layer, layers.copied, &path, err) < 0)
			return -1;
	}
	return 0;
}

/* Others may remove it meanwhile, also one that was just pulled: it is looked for again, and then stays. */
static int keep_image(struct engine *engine, struct ctr_opts *opts, const struct images_progress *progress, struct image **ret, int *ret_fd, struct err *err)
{
	for (int left = IMAGE_TRIES; ; left--) {
		bool was_here = false;
		if (find_image(engine, opts, progress, ret, &was_here, err) >= 0) {
			if (image_db_keep(engine->store, (*ret)->id, ret_fd, err) >= 0)
				return 0;
			image_free(take_ptr(*ret));
			free(take_ptr(opts->def.image_name));
		}
		if (!was_here || !err_is(err, ERR_NOT_FOUND) || str_eq(opts->pull, "never") || !left)
			return -1;
		err_clear(err);
	}
}

static int take_image(struct engine *engine, struct ctr_opts *opts, const struct images_progress *progress, struct image **ret, int *ret_fd, struct err *err)
{
	struct ctr_def *def = &opts->def;
	if (keep_image(engine, opts, progress, ret, ret_fd, err) < 0)
		return -1;
	def->image = mem_strdup((*ret)->id);
	def->image_digest = mem_strdup((*ret)->digest ? (*ret)->digest : "");
	def->layers = strv_dup((*ret)->diff_ids);
	return 0;
}

static int use_image(struct engine *engine, struct ctr_opts *opts, const struct images_progress *progress, int *ret_fd, struct err *err)
{
	auto_ptr(image) image = NULL;
	auto_val(image_config) config = { 0 };
	struct ctr_def *def = &opts->def;
	if (take_image(engine, opts, progress, &image, ret_fd, err) < 0 || image_config_load(engine->store, image, &config, err) < 0)
		return -1;
	if (ctr_complete(engine, opts, &config, err) < 0)
		return -1;
	return ctr_ports_complete(engine, def, config.run.exposed_ports, err);
}

/* DIRECTORY[:O], DIRECTORY[:idmap[=…]]; COMPAT: another word behind a colon is a part of the name. */
static int use_rootfs(struct engine *engine, struct ctr_opts *opts, struct err *err)
{
	struct stat st;
	const char *colon = strrchr(opts->image, ':'), *word = colon ? colon + 1 : "";
	bool overlay = strcmp(word, "O") == 0, mapped = strcmp(word, "idmap") == 0 || str_starts(word, "idmap=");
	auto_free char *name = overlay || mapped ? mem_strndup(opts->image, (size_t)(colon - opts->image)) : mem_strdup(opts->image);
	char *path = realpath(name, NULL);
	if (!path || stat(path, &st) < 0 || !S_ISDIR(st.st_mode)) {
		free(path);
		return err_sys(err, path ? ENOTDIR : errno, "cannot use '%s' as a root file system", opts->image);
	}
	opts->def.rootfs = path;
	opts->def.rootfs_overlay = overlay;
	opts->def.rootfs_idmap = mapped ? mem_strdup(word) : NULL;
	if (ctr_complete(engine, opts, NULL, err) < 0)
		return -1;
	return ctr_ports_complete(engine, &opts->def, NULL, err);
}

static void forget_image(struct ctr_def *def)
{
	free(take_ptr(def->image));
	free(take_ptr(def->image_name));
	free(take_ptr(def->image_digest));
	free(take_ptr(def->rootfs));
	free(take_ptr(def->rootfs_idmap));
	def->rootfs_overlay = false;
	strv_free(take_ptr(def->layers));
}

/* Complete already; COMPAT: another image gives its files and nothing else. */
static int use_copy(struct engine *engine, struct ctr_opts *opts, const struct images_progress *progress, int *ret_fd, struct err *err)
{
	auto_ptr(image) image = NULL;
	if (opts->image) {
		forget_image(&opts->def);
		if (take_image(engine, opts, progress, &image, ret_fd, err) < 0)
			return -1;
	} else if (opts->def.image && *opts->def.image && image_db_keep(engine->store, opts->def.image, ret_fd, err) < 0) {
		return -1;
	}
	return ctr_complete_limits(opts, err) < 0 ? -1 : 0;
}

/* Images that are mounted, by their ids, which stay until the definition names them. */
static int keep_mounted(struct engine *engine, struct ctr_def *def, int **ret_fds, struct err *err)
{
	size_t count = 0;
	for (size_t i = 0; i < def->mount_count; i++) {
		struct ctr_mount *m = &def->mounts[i];
		auto_ptr(image) image = NULL;
		if (!str_eq(m->type, "image"))
			continue;
		if (!*ret_fds)
			*ret_fds = mem_array(def->mount_count + 1, sizeof(**ret_fds));
		(*ret_fds)[count + 1] = -EBADF;
		if (image_resolve(engine->store, m->image ? m->image : m->source, &image, NULL, err) < 0 ||
		    image_db_keep(engine->store, image->id, &(*ret_fds)[count], err) < 0) {
			(*ret_fds)[count] = -EBADF;
			return err_wrap(err, "creating image volume \"%s\":\"%s\"", m->source, m->target);
		}
		count += (*ret_fds)[count] >= 0;
		free(m->image);
		m->image = mem_strdup(image->id);
	}
	return 0;
}

/* ret_fd: keeps the image, where there is one. */
static int use(struct engine *engine, struct ctr_opts *opts, const struct images_progress *progress, int *ret_fd, struct err *err)
{
	if (opts->is_copy)
		return use_copy(engine, opts, progress, ret_fd, err);
	return opts->is_rootfs ? use_rootfs(engine, opts, err) : use_image(engine, opts, progress, ret_fd, err);
}

/* --- the name --- */

static int replace_old(struct engine *engine, const char *name, struct err *err)
{
	auto_ptr(ctr) old = NULL;
	struct err missing = { 0 };
	if (ctr_open(engine, name, &old, &missing) < 0)
		return 0;
	return ctr_remove(engine, old, &(struct ctr_rm_opts){ .force = true, .volumes = false, .time_s = -1 }, err);
}

static int name_taken(struct err *err, const char *name, const char *id)
{
	/* COMPAT: the sentence scripts look for */
	return err_set(err, ERR_EXISTS,
		       "creating container storage: the container name \"%s\" is already in use by %s. You have to remove that container to be able to reuse that name: that name is already in use, or use --replace to instruct cpod to do so.",
		       name, id);
}

static int reserve_name(struct engine *engine, struct ctr_def *def, struct err *err)
{
	bool own = def->name && *def->name;
	for (int i = 0; i < NAME_TRIES; i++) {
		if (!own) {
			free(def->name);
			def->name = ctr_name_random_dup();
		}
		if (store_name_reserve(engine->store, STORE_CONTAINER, def->name, def->id, err) >= 0)
			return 0;
		if (!err_is(err, ERR_EXISTS))
			return -1;
		if (own) {
			auto_free char *holder = NULL;
			struct err gone = { 0 };
			if (store_name_get(engine->store, STORE_CONTAINER, def->name, &holder, &gone) < 0)
				holder = mem_strdup("another container");
			err_clear(err);
			if (ctr_rename_mend(engine, def->name, holder))
				continue;
			return name_taken(err, def->name, holder);
		}
		err_clear(err);
	}
	return err_set(err, ERR_EXISTS, "no free name was found for the container: give one with --name");
}

/* --- the record --- */

/* The root directory's own mode and owner are the upper directory's. */
static int copy_root_mode(struct engine *engine, const struct ctr_def *def, int upper_fd, struct err *err)
{
	struct stat st = { .st_mode = 0755 };
	size_t count = strv_len(def->layers);
	auto_free char *top = NULL;
	auto_val(ctr_idmap) map = { 0 };
	struct ctr_layers layers;
	if (ctr_idmap_read(engine, def, &map, err) < 0 || ctr_layers_how(engine, def, &map, &layers, err) < 0)
		return -1;
	if (count && layer_path_shifted(engine->store, def->layers[count - 1], layers.copied, &top, err) < 0)
		return -1;
	if (def->rootfs_overlay)
		top = mem_strdup(def->rootfs);
	if (top && stat(top, &st) < 0)
		log_debug("the root directory gets mode 0755: its layer cannot be seen");
	if (layers.mapped) {
		st.st_uid = userns_map_id(layers.mapped->uids, st.st_uid, true);
		st.st_gid = userns_map_id(layers.mapped->gids, st.st_gid, true);
	}
	if ((st.st_uid || st.st_gid) && fchown(upper_fd, st.st_uid, st.st_gid) < 0)
		log_debug("the root directory keeps its owner: %s", err_reason(errno));
	if (fchmod(upper_fd, st.st_mode & 07777) < 0)
		log_debug("the root directory keeps mode 0700: %s", err_reason(errno));
	return 0;
}

static int fill_stage(struct engine *engine, const struct ctr_def *def, int dir_fd, struct err *err)
{
	static const char *const dirs[] = { "work", "upper" };
	auto_close int upper_fd = -EBADF;
	int rc = 0;
	for (size_t i = 0; rc >= 0 && i < ARRAY_LEN(dirs); i++)
		rc = file_mkdir(dir_fd, dirs[i], 0700);
	if (rc >= 0)
		rc = file_open_dir(dir_fd, "upper", &upper_fd);
	if (rc < 0)
		return err_sys(err, -rc, "cannot make the container's directories");
	if (copy_root_mode(engine, def, upper_fd, err) < 0)
		return -1;
	auto_ptr(json) record = ctr_def_to_json_new(def);
	return store_record_create(dir_fd, "definition.json", record, err);
}

void ctr_give_up(struct engine *engine, struct ctr *ctr)
{
	struct err ignored = { 0 };
	ctr_let_images_go(ctr);
	if (store_name_drop(engine->store, STORE_CONTAINER, ctr->def.name, ctr->id, &ignored) < 0)
		log_debug("%s", ignored.text);
	store_stage_done(engine->store, &ctr->stage);
}

static int publish(struct engine *engine, struct ctr *ctr, struct err *err)
{
	struct store_stage *stage = &ctr->stage;
	int rc = fill_stage(engine, &ctr->def, stage->dir_fd, err);
	if (rc >= 0)
		rc = store_publish(engine->store, stage, STORE_CONTAINER, ctr->id, !ctr->def.remove, err);
	if (rc < 0) {
		ctr_give_up(engine, ctr);
		return -1;
	}
	ctr->dir_fd = store_stage_take(stage);
	ctr_let_images_go(ctr);
	store_stage_done(engine->store, stage);
	return 0;
}

/* --- cidfile --- */

static int check_cidfile(const char *path, struct err *err)
{
	struct stat st;
	if (path && *path && stat(path, &st) == 0)
		return err_set(err, ERR_EXISTS, "container id file exists. Ensure another container is not using it or delete %s", path);
	return 0;
}

/* A command later, and from another directory, takes it away. */
static char *absolute_dup(const char *path)
{
	char here[4096];
	return *path == '/' || !getcwd(here, sizeof(here)) ? mem_strdup(path) : mem_printf("%s/%s", here, path);
}

static int write_cidfile(struct engine *engine, struct ctr *ctr, struct err *err)
{
	const char *path = ctr->def.cidfile;
	if (!path || !*path)
		return 0;
	int rc = file_write(AT_FDCWD, path, 0644, ctr->id, strlen(ctr->id), FILE_EXCLUSIVE);
	if (rc >= 0)
		return 0;
	struct err ignored = { 0 };
	ctr_unlock(ctr);
	if (ctr_remove(engine, ctr, &(struct ctr_rm_opts){ .force = true, .volumes = true }, &ignored) < 0)
		log_warn("%s", ignored.text);
	return err_sys(err, -rc, "cannot write the container id file '%s'", path);
}

static int check_words(const struct engine *engine, struct ctr_opts *opts, struct err *err)
{
	struct ctr_def *def = &opts->def;
	const char *usual = getenv("PODMAN_USERNS");
	bool mapped = opts->uidmap || opts->gidmap || opts->subuidname || opts->subgidname;
	if (!opts->is_copy && (!def->user_mode || !*def->user_mode) && usual && *usual && !mapped) {
		free(def->user_mode);
		def->user_mode = mem_strdup(usual);
		origins_note(opts->origins, "userns", "", ORIGIN_HOST, "PODMAN_USERNS of the caller's environment");
	}
	if (def->name && *def->name && !ctr_name_valid(def->name))
		return err_set(err, ERR_USAGE, "names must match [a-zA-Z0-9][a-zA-Z0-9_.-]*: invalid argument");
	if (!opts->is_copy && ctr_idmap_make_check(engine, opts, err) < 0)
		return -1;
	return ctr_check(engine, def, err) < 0 ? -1 : check_cidfile(opts->cidfile, err);
}

/* What nobody else may have meanwhile: ids, a name, copies of layers and secrets. */
static int take_place(struct engine *engine, struct ctr_opts *opts, struct ctr *ctr, struct err *err)
{
	struct ctr_def *def = &opts->def;
	/* the stage first: its lock says that the name has a maker */
	if (store_stage_for(engine->store, ctr->id, &ctr->stage, err) < 0)
		return -1;
	if (ctr_deps_mark(engine, def, err) >= 0 && ctr_idmap_make(engine, opts, err) >= 0 && ctr_trees_check(engine, def, err) >= 0 && shift_layers(engine, def, err) >= 0 &&
	    ctr_secrets_copy(engine, def, ctr->stage.dir_fd, &ctr->secrets_fd, err) >= 0 && reserve_name(engine, def, err) >= 0)
		return 0;
	store_stage_done(engine->store, &ctr->stage);
	return -1;
}

/* The same for a look: only told. */
static int name_place(struct engine *engine, struct ctr_opts *opts, struct err *err)
{
	struct ctr_def *def = &opts->def;
	if (!def->name || !*def->name) {
		free(def->name);
		def->name = mem_strdup("<name>");
	}
	return ctr_idmap_make(engine, opts, err) < 0 ? -1 : ctr_trees_check(engine, def, err);
}

static void name_it(const struct engine *engine, struct ctr *ctr)
{
	if (engine->looks)
		snprintf(ctr->id, sizeof(ctr->id), CTR_CREATE_NO_ID);
	else
		file_random_hex(ctr->id, 32);
}

/* What the files say of rootless networks. */
static int take_network(const struct engine *engine, struct ctr_opts *opts, struct err *err)
{
	struct ctr_def *def = &opts->def;
	bool is_usual = !def->net_mode || !*def->net_mode || str_eq(def->net_mode, "private") || str_eq(def->net_mode, "default");
	const char *word = opts->rootless_network;
	if (opts->is_copy)
		return 0;
	if (engine->rootless && is_usual && word && *word && strcmp(word, "pasta") != 0)
		return err_set(err, strcmp(word, "slirp4netns") == 0 ? ERR_UNSUPPORTED : ERR_USAGE,
			       "invalid default_rootless_network_cmd option \"%s\": pasta is the one that is done", word);
	if (opts->pasta_options && ctr_spec_net_is(engine, def, "pasta")) {
		strv_extend(&opts->pasta_options, def->net_options);
		strv_free(def->net_options);
		def->net_options = take_ptr(opts->pasta_options);
	}
	return 0;
}

int ctr_prepare(struct engine *engine, struct ctr_opts *opts, const struct images_progress *progress, struct ctr **ret, struct err *err)
{
	struct ctr_def *def = &opts->def;
	auto_close int image_fd = -EBADF;
	if (check_words(engine, opts, err) < 0)
		return -1;
	if (ctr_cdi_complete(engine, def, err) < 0 || take_network(engine, opts, err) < 0)
		return -1;
	if (use(engine, opts, progress, &image_fd, err) < 0)
		return -1;
	if (ctr_secrets_resolve(engine, def, err) < 0 || ctr_deps_complete(engine, def, err) < 0 || volume_check_wanted(engine, def, err) < 0)
		return -1;
	if (!engine->looks && opts->replace && def->name && *def->name && replace_old(engine, def->name, err) < 0)
		return -1;
	auto_ptr(ctr) ctr = ctr_new();
	ctr->image_fd = take_fd(image_fd);
	if (ctr_artifacts_check(engine, def, err) < 0 || keep_mounted(engine, def, &ctr->mount_image_fds, err) < 0)
		return -1;
	name_it(engine, ctr);
	def->id = mem_strdup(ctr->id);
	def->created_ns = ntime_now();
	if (!engine->looks && ctr_log_use_dir(def, opts->log_dir, err) < 0)
		return -1;
	def->cidfile = opts->cidfile && *opts->cidfile ? absolute_dup(opts->cidfile) : NULL;
	if ((engine->looks ? name_place(engine, opts, err) : take_place(engine, opts, ctr, err)) < 0)
		return -1;
	if (opts->name_as_hostname && (!def->hostname || !*def->hostname) && !str_eq(def->uts_mode, "host")) {
		free(def->hostname);
		def->hostname = mem_strdup(def->name);
	}
	ctr->def = *def;
	*def = (struct ctr_def){ 0 };
	*ret = take_ptr(ctr);
	return 0;
}

int ctr_publish(struct engine *engine, struct ctr *ctr, struct err *err)
{
	if (publish(engine, ctr, err) < 0 || ctr_lock(engine, ctr, err) < 0)
		return -1;
	if (write_cidfile(engine, ctr, err) < 0)
		return -1;
	events_add_create(engine, ctr);
	return 0;
}

/* After the container: a start makes what is missing, and nothing is left of a container that is not there. */
static int make_volumes(struct engine *engine, const struct ctr_def *def, struct err *err)
{
	for (size_t i = 0; i < def->mount_count; i++) {
		const struct ctr_mount *m = &def->mounts[i];
		const struct volume_want want = volume_wanted(def, m);
		if (str_eq(m->type, "volume") && volume_ensure(engine, &want, err) < 0)
			return -1;
	}
	return 0;
}

int ctr_create(struct engine *engine, struct ctr_opts *opts, const struct images_progress *progress, struct ctr **ret, struct err *err)
{
	auto_ptr(ctr) ctr = NULL;
	if (ctr_prepare(engine, opts, progress, &ctr, err) < 0 || ctr_publish(engine, ctr, err) < 0)
		return -1;
	ctr_unlock(ctr);
	if (make_volumes(engine, &ctr->def, err) < 0) {
		struct err ignored = { 0 };
		if (ctr_remove(engine, ctr, &(struct ctr_rm_opts){ .force = true, .volumes = true }, &ignored) < 0)
			log_warn("%s", ignored.text);
		return -1;
	}
	*ret = take_ptr(ctr);
	return 0;
}
