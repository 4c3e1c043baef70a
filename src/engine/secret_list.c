#include "base/log.h"
#include "base/ntime.h"
#include "base/str.h"
#include "codec/json.h"
#include "engine/secret.h"
#include "storage/store.h"

#include <regex.h>

static bool matches(const char *text, const char *pattern)
{
	regex_t re;
	if (regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB) != 0)
		return false; /* COMPAT */
	bool yes = regexec(&re, text, 0, NULL, 0) == 0;
	regfree(&re);
	return yes;
}

static const char *const keys[] = { "name", "id", NULL };

static int check_filters(char *const *filters, struct err *err)
{
	for (; filters && *filters; filters++) {
		auto_free char *key = mem_strndup(*filters, strcspn(*filters, "="));
		if (!strchr(*filters, '='))
			return err_set(err, ERR_USAGE, "filter input must be in the form of filter=value: %s is invalid", *filters);
		if (str_index(keys, key) < 0)
			return err_set(err, ERR_USAGE, "invalid filter \"%s\": expected name or id", key);
	}
	return 0;
}

static bool match_key(const char *key, const char *text, char *const *filters)
{
	bool asked = false;
	for (; filters && *filters; filters++) {
		const char *value = str_after(*filters, key);
		if (!value || *value != '=')
			continue;
		if (matches(text, value + 1))
			return true;
		asked = true;
	}
	return !asked;
}

static int older_first(const void *a, const void *b)
{
	const struct secret *x = *(struct secret *const *)a, *y = *(struct secret *const *)b;
	return x->created_ns < y->created_ns ? -1 : x->created_ns > y->created_ns ? 1 : strcmp(x->name, y->name);
}

int secret_list(struct engine *engine, char *const *filters, struct secret ***ret, size_t *ret_count, struct err *err)
{
	auto_strv ids = NULL;
	if (check_filters(filters, err) < 0 || store_list(engine->store, STORE_SECRET, &ids, err) < 0)
		return -1;
	struct secret **list = mem_array(strv_len(ids) + 1, sizeof(*list));
	size_t count = 0;
	for (char **id = ids; id && *id; id++) {
		struct secret *secret = NULL;
		struct err damaged = { 0 };
		if (secret_record_read(engine, *id, &secret, &damaged) < 0) {
			if (!err_is(&damaged, ERR_NOT_FOUND))
				log_warn("%s", damaged.text);
			continue;
		}
		if (match_key("name", secret->name, filters) && match_key("id", secret->id, filters))
			list[count++] = secret;
		else
			secret_free(secret);
	}
	qsort(list, count, sizeof(*list), older_first);
	*ret = list;
	*ret_count = count;
	return 0;
}

static struct json *map_new(char *const *pairs)
{
	auto_strv sorted = strv_dup(pairs);
	struct json *o = json_object_new();
	strv_sort(sorted);
	for (char **pair = sorted; pair && *pair; pair++) {
		auto_free char *key = mem_strndup(*pair, strcspn(*pair, "="));
		json_set_str(o, key, *pair + strlen(key) + 1);
	}
	return o;
}

static struct json *driver_new(struct engine *engine, const struct secret *secret)
{
	struct json *o = json_object_new();
	auto_strv options = strv_dup(secret->options);
	auto_free char *path = mem_printf("%s/secrets/%s", store_graphroot(engine->store), secret->id);
	if (strcmp(secret->driver, "file") == 0) /* COMPAT: there is such an option, and it says where */
		strv_env_set(&options, "path", path);
	json_set_str(o, "Name", secret->driver);
	json_set(o, "Options", map_new(options));
	return o;
}

struct json *secret_view_new(struct engine *engine, const struct secret *secret, const struct secret_data *data)
{
	struct json *o = json_object_new(), *spec = json_object_new();
	json_set_str(spec, "Name", secret->name);
	json_set(spec, "Driver", driver_new(engine, secret));
	json_set(spec, "Labels", map_new(secret->labels));
	json_set_str(o, "ID", secret->id);
	json_set(o, "CreatedAt", json_time_new(ntime_rfc3339(secret->created_ns).text));
	json_set(o, "UpdatedAt", json_time_new(ntime_rfc3339(secret->updated_ns).text));
	json_set(o, "Spec", spec);
	if (data)
		json_set(o, "SecretData", json_str_len_new(data->bytes, data->len));
	else
		json_set_beside(o, "SecretData", json_str_new(""));
	return o;
}
