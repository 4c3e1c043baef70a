#include "engine/ctr_specgen_priv.h"

#include "base/str.h"
#include "engine/ctr_device_rule.h"

#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

struct json *ctr_specgen_devices_new(const struct ctr_def *def)
{
	struct json *list = NULL;
	for (size_t i = 0; i < def->device_count; i++) {
		const struct ctr_device *d = &def->devices[i];
		bool plain = !d->access || !*d->access || strcmp(d->access, "rwm") == 0, same = strcmp(d->path, d->source) == 0;
		auto_free char *path = mem_printf("%s%s%s%s%s", d->source, same ? "" : ":", same ? "" : d->path, plain ? "" : ":", plain ? "" : d->access);
		struct json *one = json_object_new();
		json_set_str(one, "path", path);
		json_set_str(one, "type", ""); /* COMPAT: nothing but the words is told */
		json_set_i64(one, "major", 0);
		json_set_i64(one, "minor", 0);
		list = list ? list : json_array_new();
		json_add(list, one);
	}
	return list;
}

static void add_rule(struct json *list, bool allow, const char *type, int64_t major_, int64_t minor_, const char *access)
{
	struct json *one = json_object_new();
	json_set_bool(one, "allow", allow);
	if (type)
		json_set_str(one, "type", type);
	if (type && major_ >= 0)
		json_set_i64(one, "major", major_);
	if (type && minor_ >= 0)
		json_set_i64(one, "minor", minor_);
	json_set_str(one, "access", access);
	json_add(list, one);
}

static int set_devices(struct json *o, const struct ctr_def *def, struct err *err)
{
	struct json *list = json_array_new();
	json_set(o, "devices", list);
	add_rule(list, false, NULL, 0, 0, "rwm");
	for (size_t i = 0; i < def->device_count; i++) {
		struct stat st;
		const char *access = def->devices[i].access;
		if (stat(def->devices[i].source, &st) == 0)
			add_rule(list, true, S_ISBLK(st.st_mode) ? "b" : "c", major(st.st_rdev), minor(st.st_rdev), access && *access ? access : "rwm");
	}
	for (char **word = def->device_cgroup_rules; word && *word; word++) {
		struct spec_device_rule rule;
		if (ctr_device_rule_read(*word, &rule, err) < 0)
			return -1;
		add_rule(list, true, (char[]){ rule.type, 0 }, rule.major, rule.minor, rule.access);
	}
	return 0;
}

/* Names and values; the group is not told of when none is set. */
struct limit {
	const char *name;
	int64_t value;
	bool given;
};

static struct json *group_new(const struct limit *rows, size_t count)
{
	struct json *o = NULL;
	for (size_t i = 0; i < count; i++) {
		if (!rows[i].given)
			continue;
		o = o ? o : json_object_new();
		json_set_i64(o, rows[i].name, rows[i].value);
	}
	return o;
}

static struct json *memory_new(const struct ctr_def *def)
{
	const struct limit rows[] = {
		{ "limit", def->memory_bytes, def->memory_bytes },
		{ "reservation", def->memory_reservation_bytes, def->memory_reservation_bytes },
		{ "swap", def->memory_swap_bytes ? def->memory_swap_bytes : 2 * def->memory_bytes, /* COMPAT: -1 is not told */
		  def->memory_swap_bytes >= 0 && (def->memory_swap_bytes || def->memory_bytes) },
		{ "swappiness", def->memory_swappiness, def->memory_swappiness >= 0 },
	};
	return group_new(rows, ARRAY_LEN(rows));
}

static struct json *cpu_new(const struct ctr_def *def)
{
	const struct limit rows[] = {
		{ "shares", (int64_t)def->cpu_shares, def->cpu_shares },
		{ "quota", def->cpu_quota_us, def->cpu_quota_us },
		{ "period", (int64_t)def->cpu_period_us, def->cpu_period_us },
	};
	const struct { const char *name, *value; } sets[] = { { "cpus", def->cpuset_cpus }, { "mems", def->cpuset_mems } };
	struct json *o = group_new(rows, ARRAY_LEN(rows));
	for (size_t i = 0; i < ARRAY_LEN(sets); i++) {
		if (!sets[i].value || !*sets[i].value)
			continue;
		o = o ? o : json_object_new();
		json_set_str(o, sets[i].name, sets[i].value);
	}
	return o;
}

static struct json *unified_new(char *const *conf)
{
	struct json *o = conf && *conf ? json_object_new() : NULL;
	for (; conf && *conf; conf++) {
		auto_free char *key = mem_strndup(*conf, strcspn(*conf, "="));
		json_set_str(o, key, strv_env_get((char *[]){ *conf, NULL }, key));
	}
	return o;
}

int ctr_specgen_limits_new(const struct ctr_def *def, struct json **ret, struct err *err)
{
	const struct limit pids = { "limit", def->pids_limit, def->pids_limit_set }, weight = { "weight", def->blkio_weight, def->blkio_weight };
	auto_ptr(json) o = json_object_new();
	if (set_devices(o, def, err) < 0)
		return -1;
	const struct { const char *name; struct json *value; } groups[] = {
		{ "memory", memory_new(def) }, { "cpu", cpu_new(def) }, { "pids", group_new(&pids, 1) }, { "blockIO", group_new(&weight, 1) },
		{ "unified", unified_new(def->cgroup_conf) },
	};
	for (size_t i = 0; i < ARRAY_LEN(groups); i++)
		if (groups[i].value)
			json_set(o, groups[i].name, groups[i].value);
	*ret = take_ptr(o);
	return 0;
}
