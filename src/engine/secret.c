#include "engine/secret.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/ntime.h"
#include "codec/json.h"
#include "engine/events.h"
#include "storage/store.h"

enum { SWEEP_MS = 50, NAME_MAX_BYTES = 253 };

/* --- the words --- */

static int check_name(const char *name, struct err *err)
{
	size_t len = strlen(name);
	if (len && len <= NAME_MAX_BYTES && !strpbrk(name, "=/,"))
		return 0;
	return err_set(err, ERR_USAGE,
		       "secret name \"%s\" can not include '=', '/', ',', or the '\\0' (NULL) and be between 1 and %d characters: invalid secret name",
		       name, NAME_MAX_BYTES);
}

static int take_labels(struct secret *secret, char *const *labels, struct err *err)
{
	for (; labels && *labels; labels++) {
		const char *eq = strchr(*labels, '=');
		auto_free char *key = mem_strndup(*labels, strcspn(*labels, "="));
		if (!*key)
			return err_set(err, ERR_USAGE, "unable to process labels: invalid label format: \"%s\"", *labels);
		strv_env_set(&secret->labels, key, eq ? eq + 1 : "");
	}
	return 0;
}

static int fill(const struct secret_opts *opts, struct secret *secret, struct err *err)
{
	char random[SECRET_ID_DIGITS + 2];
	file_random_hex(random, (SECRET_ID_DIGITS + 1) / 2);
	secret->id = mem_strndup(random, SECRET_ID_DIGITS);
	secret->name = mem_strdup(opts->name);
	secret->driver = mem_strdup(opts->driver && *opts->driver ? opts->driver : "file");
	secret->created_ns = secret->updated_ns = ntime_now();
	for (char *const *option = opts->driver_opts; option && *option; option++) {
		auto_free char *key = mem_strndup(*option, strcspn(*option, "="));
		strv_env_set(&secret->options, key, *option + strlen(key) + 1);
	}
	if (check_name(opts->name, err) < 0 || take_labels(secret, opts->labels, err) < 0)
		return -1;
	return secret_driver_check(secret, err);
}

/* --- under the lock --- */

static int lock(struct engine *engine, struct err *err)
{
	int fd = store_kind_fd(engine->store, STORE_SECRET), rc = fd < 0 ? fd : file_lock(fd, FILE_LOCK_EXCLUSIVE, true);
	return rc < 0 ? err_sys(err, -rc, "cannot lock the secrets of the store") : 0;
}

static void unlock(struct engine *engine)
{
	file_unlock(store_kind_fd(engine->store, STORE_SECRET));
}

static bool is_there(struct engine *engine, const char *id)
{
	auto_close int dir_fd = -EBADF;
	struct err ignored = { 0 };
	return store_object_open(engine->store, STORE_SECRET, id, &dir_fd, &ignored) >= 0;
}

int secret_name_again(struct engine *engine, const char *id, struct err *err)
{
	auto_ptr(secret) secret = NULL;
	if (secret_record_load(engine, id, &secret, err) < 0)
		return -1;
	auto_free char *word = secret_record_name_dup(secret->name);
	return store_name_reserve(engine->store, STORE_SECRET, word, id, err);
}

/* Names that lead to nothing go; ret_ids: what the others lead to. */
static int sweep_names(struct engine *engine, char ***ret_ids, struct err *err)
{
	struct store_name *names;
	size_t count;
	if (store_name_list(engine->store, STORE_SECRET, &names, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		struct err one = { 0 };
		if (is_there(engine, names[i].id))
			strv_add(ret_ids, names[i].id);
		else if (store_name_drop(engine->store, STORE_SECRET, names[i].name, names[i].id, &one) < 0)
			log_debug("%s", one.text);
	}
	store_name_list_free(names, count);
	return 0;
}

/* What a killed command has left; damage is for `system check` to tell. */
static void sweep(struct engine *engine)
{
	auto_strv ids = NULL;
	auto_strv named = NULL;
	struct err why = { 0 };
	if (sweep_names(engine, &named, &why) < 0 || store_list(engine->store, STORE_SECRET, &ids, &why) < 0) {
		log_debug("%s", why.text);
		return;
	}
	for (char **id = ids; id && *id; id++) {
		struct err one = { 0 };
		if (strv_has(named, *id) || secret_name_again(engine, *id, &one) >= 0 || !err_is(&one, ERR_EXISTS))
			continue;
		err_clear(&one);
		if (store_trash(engine->store, STORE_SECRET, *id, &one) < 0) /* another has replaced it */
			log_debug("%s", one.text);
	}
}

/* The secret of that name; *ret NULL where there is none. */
static int find_named(struct engine *engine, const char *name, struct secret **ret, struct err *err)
{
	auto_free char *word = secret_record_name_dup(name), *id = NULL;
	if (store_name_get(engine->store, STORE_SECRET, word, &id, err) >= 0 && secret_record_read(engine, id, ret, err) >= 0)
		return 0;
	if (!err_is(err, ERR_NOT_FOUND))
		return -1;
	err_clear(err);
	*ret = NULL;
	return 0;
}

/* A new one has its name before it is there; one that replaces another gets it after. */
static int publish(struct engine *engine, const struct secret *secret, bool replaces, struct store_stage *stage, struct err *err)
{
	auto_ptr(json) record = secret_record_new(secret);
	auto_free char *word = secret_record_name_dup(secret->name);
	struct err ignored = { 0 };
	if (store_record_create(stage->dir_fd, "secret.json", record, err) < 0)
		return -1;
	if (!replaces && store_name_reserve(engine->store, STORE_SECRET, word, secret->id, err) < 0)
		return -1;
	if (store_publish(engine->store, stage, STORE_SECRET, secret->id, true, err) < 0) {
		if (!replaces && store_name_drop(engine->store, STORE_SECRET, word, secret->id, &ignored) < 0)
			log_debug("%s", ignored.text);
		return -1;
	}
	if (replaces && store_name_set(engine->store, STORE_SECRET, word, secret->id, err) < 0)
		return -1;
	return store_name_sync(engine->store, STORE_SECRET, err);
}

static void drop_old(struct engine *engine, const struct secret *old)
{
	struct err why = { 0 }, gone = { 0 };
	if (secret_driver_delete(old, &why) < 0)
		log_warn("%s", why.text);
	if (store_trash(engine->store, STORE_SECRET, old->id, &gone) < 0)
		log_debug("%s", gone.text);
}

/* Someone else may have been faster since it was looked at. */
static int put(struct engine *engine, const struct secret_opts *opts, struct secret *secret, struct store_stage *stage, struct secret **ret_old, struct err *err)
{
	sweep(engine);
	if (find_named(engine, secret->name, ret_old, err) < 0)
		return -1;
	if (*ret_old && !opts->replace)
		return err_set(err, ERR_EXISTS, "%s: secret name in use: choose another, or say --replace", secret->name);
	if (*ret_old)
		secret->created_ns = (*ret_old)->created_ns; /* COMPAT */
	return publish(engine, secret, *ret_old, stage, err);
}

static int make(struct engine *engine, const struct secret_opts *opts, struct secret *secret, const struct secret_data *data, struct err *err)
{
	struct store_stage stage = { .dir_fd = -EBADF };
	auto_ptr(secret) old = NULL;
	if (store_stage_for(engine->store, secret->id, &stage, err) < 0)
		return -1;
	int rc = secret_driver_store(secret, stage.dir_fd, data, err);
	bool stored = rc >= 0;
	if (rc >= 0)
		rc = lock(engine, err);
	if (rc >= 0) {
		rc = put(engine, opts, secret, &stage, &old, err);
		unlock(engine);
	}
	store_stage_done(engine->store, &stage);
	struct err ignored = { 0 };
	if (rc < 0 && stored && secret_driver_delete(secret, &ignored) < 0)
		log_warn("%s", ignored.text);
	if (rc >= 0 && old)
		drop_old(engine, old);
	return rc;
}

int secret_create(struct engine *engine, const struct secret_opts *opts, const struct secret_data *data, char **ret_id, struct err *err)
{
	auto_ptr(secret) secret = mem_alloc(sizeof(*secret));
	auto_ptr(secret) old = NULL;
	if (fill(opts, secret, err) < 0 || secret_data_check(data, err) < 0 || find_named(engine, opts->name, &old, err) < 0)
		return -1;
	if (old && opts->ignore) {
		*ret_id = mem_strdup(old->id);
		return 0;
	}
	if (old && !opts->replace)
		return err_set(err, ERR_EXISTS, "%s: secret name in use: choose another, or say --replace", opts->name);
	if (make(engine, opts, secret, data, err) < 0)
		return -1;
	if (old)
		store_empty_trash(engine->store, SWEEP_MS);
	events_add_secret(engine, "create", secret->id);
	*ret_id = mem_strdup(secret->id);
	return 0;
}

/* --- found, removed --- */

static int find_id(struct engine *engine, const char *word, struct secret **ret, struct err *err)
{
	auto_strv ids = NULL;
	auto_ptr(secret) found = NULL;
	if (*word && store_list(engine->store, STORE_SECRET, &ids, err) < 0)
		return -1;
	for (char **id = ids; id && *id; id++) {
		auto_ptr(secret) one = NULL;
		struct err left = { 0 };
		if (!str_starts(*id, word) || secret_record_read(engine, *id, &one, &left) < 0)
			continue;
		if (found)
			return err_set(err, ERR_USAGE, "more than one result secret with prefix %s: secret is ambiguous", word);
		found = take_ptr(one);
	}
	if (!found)
		return err_set(err, ERR_NOT_FOUND, "no secret with name or id \"%s\": no such secret", word);
	*ret = take_ptr(found);
	return 0;
}

int secret_find(struct engine *engine, const char *word, struct secret **ret, struct err *err)
{
	auto_ptr(secret) named = NULL;
	if (*word && find_named(engine, word, &named, err) < 0)
		return -1;
	if (!named)
		return find_id(engine, word, ret, err);
	*ret = take_ptr(named);
	return 0;
}

int secret_find_data(struct engine *engine, const char *word, struct secret_data *ret, struct err *err)
{
	auto_ptr(secret) secret = NULL;
	return secret_find(engine, word, &secret, err) < 0 ? -1 : secret_driver_lookup(engine, secret, ret, err);
}

static int remove_locked(struct engine *engine, const struct secret *secret, struct err *err)
{
	auto_free char *word = secret_record_name_dup(secret->name);
	sweep(engine);
	/* the object first: it was acknowledged as long as it is there */
	if (store_trash(engine->store, STORE_SECRET, secret->id, err) < 0)
		return -1;
	return store_name_drop(engine->store, STORE_SECRET, word, secret->id, err);
}

int secret_remove(struct engine *engine, const char *word, char **ret_id, struct err *err)
{
	auto_ptr(secret) secret = NULL;
	if (secret_find(engine, word, &secret, err) < 0 || secret_driver_delete(secret, err) < 0 || lock(engine, err) < 0)
		return -1;
	int rc = remove_locked(engine, secret, err);
	unlock(engine);
	if (rc < 0)
		return -1;
	store_empty_trash(engine->store, SWEEP_MS);
	events_add_secret(engine, "remove", secret->id);
	*ret_id = mem_strdup(secret->id);
	return 0;
}
