#include "engine/secret_record.h"

#include "base/str.h"
#include "codec/json.h"
#include "storage/store.h"

void secret_free(struct secret *secret)
{
	if (!secret)
		return;
	free(secret->id);
	free(secret->name);
	free(secret->driver);
	strv_free(secret->labels);
	strv_free(secret->options);
	free(secret);
}

void secret_list_free(struct secret **list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		secret_free(list[i]);
	free(list);
}

static void set_words(struct json *o, const char *name, char *const *words)
{
	struct json *map = json_object_new();
	for (; words && *words; words++) {
		auto_free char *key = mem_strndup(*words, strcspn(*words, "="));
		json_set_str(map, key, *words + strlen(key) + 1);
	}
	json_set(o, name, map);
}

static char **get_words(const struct json *o, const char *name)
{
	char **words = NULL;
	for (struct json_iter it = json_iter(json_get(o, name)); json_next(&it);)
		strv_addf(&words, "%s=%s", it.name, json_str(it.value, ""));
	return words;
}

struct json *secret_record_new(const struct secret *secret)
{
	struct json *o = json_object_new();
	json_set_str(o, "id", secret->id);
	json_set_str(o, "name", secret->name);
	json_set_str(o, "driver", secret->driver);
	json_set_i64(o, "created_ns", secret->created_ns);
	json_set_i64(o, "updated_ns", secret->updated_ns);
	set_words(o, "labels", secret->labels);
	set_words(o, "options", secret->options);
	return o;
}

int secret_record_from(const struct json *record, struct secret **ret, struct err *err)
{
	const char *id = json_get_str(record, "id", ""), *name = json_get_str(record, "name", ""), *driver = json_get_str(record, "driver", "");
	if (!*id || !*name || !*driver)
		return err_set(err, ERR_CORRUPT, "the record of a secret lacks its id, name or driver");
	struct secret *secret = mem_alloc(sizeof(*secret));
	secret->id = mem_strdup(id);
	secret->name = mem_strdup(name);
	secret->driver = mem_strdup(driver);
	secret->created_ns = json_get_i64(record, "created_ns", 0);
	secret->updated_ns = json_get_i64(record, "updated_ns", 0);
	secret->labels = get_words(record, "labels");
	secret->options = get_words(record, "options");
	*ret = secret;
	return 0;
}

char *secret_record_name_dup(const char *name)
{
	return mem_printf("%s%s", *name == '.' || *name == '+' ? "+" : "", name);
}

static int check_name(struct engine *engine, const struct secret *secret, struct err *err)
{
	auto_free char *word = secret_record_name_dup(secret->name), *leads_to = NULL;
	if (store_name_get(engine->store, STORE_SECRET, word, &leads_to, err) < 0)
		return -1;
	return strcmp(leads_to, secret->id) == 0 ? 0 : err_set(err, ERR_NOT_FOUND, "secret %s has been replaced", secret->id);
}

int secret_record_load(struct engine *engine, const char *id, struct secret **ret, struct err *err)
{
	auto_close int dir_fd = -EBADF;
	auto_ptr(json) record = NULL;
	auto_ptr(secret) secret = NULL;
	if (store_object_open(engine->store, STORE_SECRET, id, &dir_fd, err) < 0)
		return -1;
	if (store_record_read(dir_fd, "secret.json", &record, err) < 0 || secret_record_from(record, &secret, err) < 0)
		return err_wrap(err, "secret %s", id);
	if (strcmp(secret->id, id) != 0)
		return err_set(err, ERR_CORRUPT, "secret %s: its record is another's", id);
	*ret = take_ptr(secret);
	return 0;
}

int secret_record_read(struct engine *engine, const char *id, struct secret **ret, struct err *err)
{
	auto_ptr(secret) secret = NULL;
	if (secret_record_load(engine, id, &secret, err) < 0 || check_name(engine, secret, err) < 0)
		return -1;
	*ret = take_ptr(secret);
	return 0;
}
