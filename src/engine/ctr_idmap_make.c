#include "engine/ctr_idmap_make.h"

#include "base/file.h"
#include "base/log.h"
#include "base/num.h"
#include "base/str.h"
#include "engine/ctr.h"
#include "engine/ctr_idmap_words.h"
#include "engine/ctr_user.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define HELD "cache/userns"

enum { AUTO_MIN = 1024, AUTO_MAX = 65536, NOBODY = 65534 }; /* COMPAT: storage.conf's usual bounds */

static bool given(const char *text)
{
	return text && *text;
}

static bool is_auto(const struct ctr_def *def)
{
	return def->user_mode && str_starts(def->user_mode, "auto");
}

static bool has_maps(const struct ctr_opts *o)
{
	return o->uidmap || o->gidmap || given(o->subuidname) || given(o->subgidname);
}

/* --- the words of auto --- */

struct wish {
	uint64_t size; /* 0: as many as are needed */
	char **uids, **gids;
};

static void wish_done(struct wish *w)
{
	strv_free(w->uids);
	strv_free(w->gids);
}
AUTO_VAL(wish, wish_done);

static int read_wish(const char *mode, struct wish *ret, struct err *err)
{
	const char *rest = str_after(mode, "auto:");
	auto_strv options = strv_split(rest ? rest : "", ',');
	for (char **option = options; option && *option; option++) {
		const char *value = strchr(*option, '=');
		if (!value)
			return err_set(err, ERR_USAGE, "invalid option specified: \"%s\"", *option);
		if (str_starts(*option, "size=")) {
			if (num_u64(value + 1, UINT32_MAX, &ret->size) < 0)
				return err_set(err, ERR_USAGE, "strconv.ParseUint: parsing \"%s\": invalid syntax", value + 1);
		} else if (str_starts(*option, "uidmapping=")) {
			strv_add(&ret->uids, value + 1);
		} else if (str_starts(*option, "gidmapping=")) {
			strv_add(&ret->gids, value + 1);
		} else {
			return err_set(err, ERR_USAGE, "unknown option specified: \"%.*s\"", (int)(value - *option), *option);
		}
	}
	return 0;
}

int ctr_idmap_make_check(const struct engine *engine, const struct ctr_opts *opts, struct err *err)
{
	const struct ctr_def *def = &opts->def;
	auto_val(wish) wish = { 0 };
	if (has_maps(opts) && given(def->user_mode))
		return err_set(err, ERR_USAGE, "--userns and --uidmap/--gidmap/--subuidname/--subgidname are mutually exclusive");
	if ((opts->uidmap || opts->gidmap) && (given(opts->subuidname) || given(opts->subgidname)))
		return err_set(err, ERR_USAGE, "--uidmap/--gidmap and --subuidname/--subgidname are mutually exclusive");
	if (str_eq(def->user_mode, "private"))
		return err_set(err, ERR_USAGE, "must provide at least one UID or GID mapping to configure a user namespace");
	if (str_eq(def->user_mode, "nomap") && !engine->rootless)
		return err_set(err, ERR_USAGE, "nomap is only supported in rootless mode");
	if ((has_maps(opts) || is_auto(def) || str_eq(def->user_mode, "nomap")) && engine->single_id) {
		auto_free char *way_out = userns_subid_advice_dup();
		return err_set(err, ERR_UNSUPPORTED, "a user namespace of the container's own needs subordinate ids: add them with: %s", way_out);
	}
	return is_auto(def) ? read_wish(def->user_mode, &wish, err) : 0;
}

/* --- our own ids --- */

struct ours {
	struct userns_map *uids, *gids; /* NULL: all there are (root) */
};

static void ours_done(struct ours *o)
{
	free(o->uids);
	free(o->gids);
}
AUTO_VAL(ours, ours_done);

static int read_ours(const struct engine *engine, struct ours *ret, struct err *err)
{
	*ret = (struct ours){ 0 };
	return engine->rootless ? userns_current_maps(&ret->uids, &ret->gids, err) : 0;
}

static uint32_t count_ids(const struct userns_map *maps)
{
	uint64_t count = 0;
	for (; maps && maps->count; maps++)
		count += maps->count;
	return count > UINT32_MAX ? UINT32_MAX : (uint32_t)count;
}

static void keep(struct ctr_def *def, const struct userns_map *uids, const struct userns_map *gids)
{
	strv_free(def->uid_map);
	strv_free(def->gid_map);
	def->uid_map = ctr_idmap_words_from(uids);
	def->gid_map = ctr_idmap_words_from(gids);
}

/* --- --uidmap, --subuidname, nomap --- */

static int make_from_words(const struct engine *engine, struct ctr_opts *opts, struct err *err)
{
	auto_val(ours) ours = { 0 };
	struct userns_map *uids, *gids;
	const struct ctr_idmap_words words = { opts->uidmap, opts->gidmap };
	if (read_ours(engine, &ours, err) < 0 || ctr_idmap_words_read(&words, ours.uids, ours.gids, &uids, &gids, err) < 0)
		return -1;
	keep(&opts->def, uids, gids);
	free(uids);
	free(gids);
	return 0;
}

static int need_range(const char *name, const char *file, uint32_t count, struct err *err)
{
	return count ? 0 : err_set(err, ERR_NOT_FOUND, "no sub%s ranges found for user \"%s\" in /etc/sub%s", file, name, file);
}

static int make_from_names(const struct engine *engine, struct ctr_opts *opts, struct err *err)
{
	const char *users = given(opts->subuidname) ? opts->subuidname : opts->subgidname;
	const char *groups = given(opts->subgidname) ? opts->subgidname : opts->subuidname;
	struct userns_range uid, gid, ignored;
	if (userns_subids((uid_t)-1, users, &uid, &ignored, err) < 0 || userns_subids((uid_t)-1, groups, &ignored, &gid, err) < 0 ||
	    need_range(users, "uid", uid.count, err) < 0 || need_range(groups, "gid", gid.count, err) < 0)
		return -1;
	auto_strv uid_words = NULL;
	auto_strv gid_words = NULL;
	strv_addf(&uid_words, "0:%s%u:%u", engine->rootless ? "@" : "", uid.first, uid.count);
	strv_addf(&gid_words, "0:%s%u:%u", engine->rootless ? "@" : "", gid.first, gid.count);
	opts->uidmap = take_ptr(uid_words);
	opts->gidmap = take_ptr(gid_words);
	return make_from_words(engine, opts, err);
}

static int make_without_caller(const struct engine *engine, struct ctr_opts *opts, struct err *err)
{
	auto_val(ours) ours = { 0 };
	if (read_ours(engine, &ours, err) < 0)
		return -1;
	const struct userns_map uids[] = { { 0, 1, count_ids(ours.uids) - 1 }, { 0 } }, gids[] = { { 0, 1, count_ids(ours.gids) - 1 }, { 0 } };
	keep(&opts->def, uids, gids);
	return 0;
}

/* --- auto: how many --- */

/* The largest id of a file of users or groups, but for nobody's. */
static uint64_t largest_id(const char *text)
{
	uint64_t largest = 0, id;
	auto_strv lines = strv_split(text, '\n');
	for (char **line = lines; line && *line; line++) {
		auto_strv fields = strv_split(*line, ':');
		if (strv_len(fields) > 2 && num_u64(fields[2], UINT32_MAX, &id) >= 0 && id != NOBODY && id < AUTO_MAX && id > largest)
			largest = id;
	}
	return largest;
}

static int needed(struct engine *engine, const struct ctr_def *def, uint64_t *ret, struct err *err)
{
	static const char *const files[] = { "etc/passwd", "etc/group" };
	const struct ctr seen = { .dir_fd = -EBADF, .def = *def }; /* a look at its files, not a container */
	uint64_t id, count = AUTO_MIN;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		auto_free char *text = NULL;
		if (ctr_user_file(engine, &seen, files[i], &text, err) < 0)
			return -1;
		id = largest_id(text);
		count = id >= count ? id + 1 : count;
	}
	auto_strv user = strv_split(def->user ? def->user : "", ':');
	for (char **word = user; word && *word; word++)
		if (num_u64(*word, UINT32_MAX - 1, &id) >= 0 && id >= count)
			count = id + 1;
	*ret = count;
	return 0;
}

/* --- auto: which --- */

static void drop_words(struct ctr_idmap_list *free_ids, char *const *words)
{
	struct userns_map *maps = NULL;
	struct err ignored = { 0 };
	if (words && ctr_idmap_words_to(words, &maps, &ignored) >= 0)
		for (const struct userns_map *m = maps; m && m->count; m++)
			ctr_idmap_list_drop(free_ids, m->outside, m->count);
	free(maps);
}

static int drop_containers(struct engine *engine, struct ctr_idmap_list *free_ids, struct err *err)
{
	struct ctr **ctrs = NULL;
	size_t count = 0;
	if (ctr_list(engine, &ctrs, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (!is_auto(&ctrs[i]->def))
			continue;
		drop_words(free_ids, ctrs[i]->def.uid_map);
		drop_words(free_ids, ctrs[i]->def.gid_map);
	}
	ctr_list_free(ctrs, count);
	return 0;
}

/* Those of makers that are alive; what others have left goes. */
static int drop_held(struct engine *engine, int held_fd, struct ctr_idmap_list *free_ids, struct err *err)
{
	auto_strv names = NULL;
	int rc = file_list(held_fd, &names);
	for (char **name = names; rc >= 0 && name && *name; name++) {
		auto_free char *id = NULL;
		auto_strv numbers = strv_split(*name, '.');
		uint64_t first, count;
		if (file_readlink(held_fd, *name, &id) < 0 || strv_len(numbers) != 2 || num_u64(numbers[0], UINT32_MAX, &first) < 0 ||
		    num_u64(numbers[1], UINT32_MAX, &count) < 0 || !store_is_being_made(engine->store, id))
			file_unlink(held_fd, *name, 0);
		else
			ctr_idmap_list_drop(free_ids, (uint32_t)first, (uint32_t)count);
	}
	return rc < 0 ? err_sys(err, -rc, "cannot read '" HELD "' of the store") : 0;
}

static int hold(int held_fd, const struct ctr_idmap_list *list, const char *id, struct err *err)
{
	for (size_t i = 0; i < list->count; i++) {
		auto_free char *name = mem_printf("%u.%u", list->maps[i].outside, list->maps[i].count);
		int rc = file_symlink(id, held_fd, name);
		if (rc < 0 && rc != -EEXIST)
			return err_sys(err, -rc, "cannot hold ids for the container");
	}
	return 0;
}

static int all_ids(const struct engine *engine, const struct ours *ours, struct ctr_idmap_list *ret, struct err *err)
{
	struct userns_range uid = { 0 }, gid = { 0 };
	if (engine->rootless) {
		uint32_t users = count_ids(ours->uids), groups = count_ids(ours->gids);
		ctr_idmap_list_put(ret, (struct userns_map){ 1, 1, (users < groups ? users : groups) - 1 });
		return 0;
	}
	if (userns_subids((uid_t)-1, "containers", &uid, &gid, err) < 0)
		return -1;
	uint32_t first = uid.first > gid.first ? uid.first : gid.first;
	uint64_t uid_end = (uint64_t)uid.first + uid.count, gid_end = (uint64_t)gid.first + gid.count, end = uid_end < gid_end ? uid_end : gid_end;
	if (!uid.count || !gid.count || end <= first)
		return err_set(err, ERR_NOT_FOUND,
			       "--userns auto takes ids of the user \"containers\", who has none in /etc/subuid and /etc/subgid: add a line such as containers:2147483647:2147483648 to both");
	ctr_idmap_list_put(ret, (struct userns_map){ first, first, (uint32_t)(end - first) });
	return 0;
}

static int choose(char *const *words, const char *kind, const struct userns_map *ours, const struct ctr_idmap_list *free_ids, uint64_t size,
		  struct ctr_idmap_list *ret, struct err *err)
{
	for (; words && *words; words++)
		if (ctr_idmap_words_put(*words, kind, ours, ret, err) < 0)
			return -1;
	ctr_idmap_list_fill(ret, free_ids->maps, (uint32_t)size);
	if (count_ids(ret->maps) < size)
		return err_set(err, ERR_LIMIT, "creating container storage: not enough unused IDs in user namespace: %llu are needed", (unsigned long long)size);
	return 0;
}

/* held_fd -EBADF: a look at which ones it would be now. */
static int make_auto(struct engine *engine, struct ctr_opts *opts, int held_fd, struct err *err)
{
	struct ctr_def *def = &opts->def;
	auto_val(wish) wish = { 0 };
	auto_val(ours) ours = { 0 };
	auto_val(ctr_idmap_list) free_ids = { 0 }, uids = { 0 }, gids = { 0 };
	uint64_t size = 0;
	/* what is held first: a container that is published meanwhile is found by the other look */
	if (read_wish(def->user_mode, &wish, err) < 0 || read_ours(engine, &ours, err) < 0 || all_ids(engine, &ours, &free_ids, err) < 0 ||
	    (held_fd >= 0 && drop_held(engine, held_fd, &free_ids, err) < 0) || drop_containers(engine, &free_ids, err) < 0)
		return -1;
	if (wish.size ? (size = wish.size, 0) : needed(engine, def, &size, err))
		return -1;
	if (choose(wish.uids, "UID", ours.uids, &free_ids, size, &uids, err) < 0 || choose(wish.gids, "GID", ours.gids, &free_ids, size, &gids, err) < 0 ||
	    (held_fd >= 0 && (hold(held_fd, &uids, def->id, err) < 0 || hold(held_fd, &gids, def->id, err) < 0)))
		return -1;
	keep(def, uids.maps, gids.maps);
	return 0;
}

static int make_auto_locked(struct engine *engine, struct ctr_opts *opts, struct err *err)
{
	auto_close int fd = -EBADF;
	if (engine->looks)
		return make_auto(engine, opts, fd, err);
	int rc = file_mkdirs(store_graph_fd(engine->store), HELD, 0700);
	if (rc >= 0)
		rc = file_open_dir(store_graph_fd(engine->store), HELD, &fd);
	if (rc >= 0)
		rc = file_lock(fd, FILE_LOCK_EXCLUSIVE, true);
	return rc < 0 ? err_sys(err, -rc, "cannot lock '" HELD "' of the store") : make_auto(engine, opts, fd, err);
}

/* --- container:ID, ns:PATH: another's namespace, another's maps --- */

static int make_from_container(struct engine *engine, struct ctr_def *def, const char *id, struct err *err)
{
	auto_ptr(ctr) other = NULL;
	auto_val(ctr_idmap) map = { 0 };
	if (ctr_open(engine, id, &other, err) < 0 || ctr_idmap_read(engine, &other->def, &map, err) < 0)
		return -1;
	if (!map.uids)
		return err_set(err, ERR_USAGE, "container %s has no user namespace of its own to share: leave --userns out", other->def.name);
	keep(def, map.uids, map.gids);
	return 0;
}

static int make_from_path(struct ctr_def *def, const char *path, struct err *err)
{
	auto_val(ctr_idmap) map = { 0 };
	auto_close int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return err_sys(err, errno, "cannot find specified user namespace path '%s'", path);
	if (userns_maps_of(fd, &map.uids, &map.gids, err) < 0)
		return err_wrap(err, "user namespace '%s'", path);
	keep(def, map.uids, map.gids);
	return 0;
}

static int make_from_other(struct engine *engine, struct ctr_def *def, struct err *err)
{
	const char *id = str_after(def->user_mode, "container:");
	return id ? make_from_container(engine, def, id, err) : make_from_path(def, str_after(def->user_mode, "ns:"), err);
}

int ctr_idmap_make(struct engine *engine, struct ctr_opts *opts, struct err *err)
{
	if (given(opts->subuidname) || given(opts->subgidname))
		return make_from_names(engine, opts, err);
	if (opts->uidmap || opts->gidmap)
		return make_from_words(engine, opts, err);
	if (str_eq(opts->def.user_mode, "nomap"))
		return make_without_caller(engine, opts, err);
	if (ctr_idmap_joins(&opts->def))
		return make_from_other(engine, &opts->def, err);
	return is_auto(&opts->def) ? make_auto_locked(engine, opts, err) : 0;
}
