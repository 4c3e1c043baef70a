/* flag_conf.c - see flag_conf.h */
#include "options/flag_conf.h"

#include "base/num.h"
#include "base/str.h"
#include "options/flag_value.h"

#include <inttypes.h>

enum merge {
	UNLESS_GIVEN,
	IN_FRONT_BY_NAME,   /* NAME=VALUE */
	IN_FRONT_BY_TARGET, /* SOURCE:TARGET[:OPTIONS], or target=TARGET among commas */
	SIZE_UNLESS_GIVEN,  /* COMPAT: the units of a file are decimal, those of the flag are not */
	AS_OPTION,	    /* `option`VALUE, unless a word begins with that option */
};

struct row {
	const char *key, *flag;
	unsigned scope;
	enum merge merge;
	const char *option;
};

static const struct row rows[] = {
	{ "containers.annotations", "annotation", FLAG_CONF_CREATE, IN_FRONT_BY_NAME, NULL },
	{ "containers.base_hosts_file", "hosts-file", FLAG_CONF_CREATE, UNLESS_GIVEN, NULL },
	{ "containers.cgroup_conf", "cgroup-conf", FLAG_CONF_CREATE, IN_FRONT_BY_NAME, NULL },
	{ "containers.cgroupns", "cgroupns", FLAG_CONF_CREATE, UNLESS_GIVEN, NULL },
	{ "containers.cgroups", "cgroups", FLAG_CONF_CREATE, UNLESS_GIVEN, NULL },
	{ "containers.default_sysctls", "sysctl", FLAG_CONF_CREATE, IN_FRONT_BY_NAME, NULL },
	{ "containers.default_ulimits", "ulimit", FLAG_CONF_CREATE, IN_FRONT_BY_NAME, NULL },
	{ "containers.devices", "device", FLAG_CONF_CREATE, IN_FRONT_BY_TARGET, NULL },
	{ "containers.dns_options", "dns-option", FLAG_CONF_CREATE, UNLESS_GIVEN, NULL },
	{ "containers.dns_searches", "dns-search", FLAG_CONF_CREATE, UNLESS_GIVEN, NULL },
	{ "containers.dns_servers", "dns", FLAG_CONF_CREATE, UNLESS_GIVEN, NULL },
	{ "containers.env_host", "env-host", FLAG_CONF_CREATE, UNLESS_GIVEN, NULL },
	{ "containers.http_proxy", "http-proxy", FLAG_CONF_CREATE, UNLESS_GIVEN, NULL },
	{ "containers.init", "init", FLAG_CONF_CREATE, UNLESS_GIVEN, NULL },
	{ "containers.ipcns", "ipc", FLAG_CONF_CREATE, UNLESS_GIVEN, NULL },
	{ "containers.log_driver", "log-driver", FLAG_CONF_CREATE, UNLESS_GIVEN, NULL },
	{ "containers.log_size_max", "log-opt", FLAG_CONF_CREATE, AS_OPTION, "max-size=" },
	{ "containers.log_tag", "log-opt", FLAG_CONF_CREATE, AS_OPTION, "tag=" },
	{ "containers.mounts", "mount", FLAG_CONF_CREATE, IN_FRONT_BY_TARGET, NULL },
	{ "containers.netns", "network", FLAG_CONF_CREATE, UNLESS_GIVEN, NULL },
	{ "containers.no_hosts", "no-hosts", FLAG_CONF_CREATE, UNLESS_GIVEN, NULL },
	{ "containers.oom_score_adj", "oom-score-adj", FLAG_CONF_CREATE, UNLESS_GIVEN, NULL },
	{ "containers.pidns", "pid", FLAG_CONF_CREATE, UNLESS_GIVEN, NULL },
	{ "containers.pids_limit", "pids-limit", FLAG_CONF_CREATE, UNLESS_GIVEN, NULL },
	{ "containers.privileged", "privileged", FLAG_CONF_CREATE, UNLESS_GIVEN, NULL },
	{ "containers.read_only", "read-only", FLAG_CONF_CREATE, UNLESS_GIVEN, NULL },
	{ "containers.seccomp_profile", "security-opt", FLAG_CONF_CREATE, AS_OPTION, "seccomp=" },
	{ "containers.shm_size", "shm-size", FLAG_CONF_CREATE, SIZE_UNLESS_GIVEN, NULL },
	{ "containers.tz", "tz", FLAG_CONF_CREATE, UNLESS_GIVEN, NULL },
	{ "containers.umask", "umask", FLAG_CONF_CREATE, UNLESS_GIVEN, NULL },
	{ "containers.userns", "userns", FLAG_CONF_CREATE, UNLESS_GIVEN, NULL },
	{ "containers.utsns", "uts", FLAG_CONF_CREATE, UNLESS_GIVEN, NULL },
	{ "containers.volumes", "volume", FLAG_CONF_CREATE, UNLESS_GIVEN, NULL },
	{ "engine.compression_format", "compression-format", FLAG_CONF_PUSH, UNLESS_GIVEN, NULL },
	{ "engine.compression_level", "compression-level", FLAG_CONF_PUSH, UNLESS_GIVEN, NULL },
	{ "engine.detach_keys", "detach-keys", FLAG_CONF_KEYS, UNLESS_GIVEN, NULL },
	{ "engine.image_volume_mode", "image-volume", FLAG_CONF_CREATE, UNLESS_GIVEN, NULL },
	{ "engine.multi_image_archive", "multi-image-archive", FLAG_CONF_SAVE, UNLESS_GIVEN, NULL },
	{ "engine.pull_policy", "pull", FLAG_CONF_CREATE, UNLESS_GIVEN, NULL },
	{ "engine.retry", "retry", FLAG_CONF_PULL | FLAG_CONF_PUSH, UNLESS_GIVEN, NULL },
	{ "engine.retry_delay", "retry-delay", FLAG_CONF_PULL | FLAG_CONF_PUSH, UNLESS_GIVEN, NULL },
	{ "engine.stop_timeout", "stop-timeout", FLAG_CONF_CREATE, UNLESS_GIVEN, NULL },
	{ "secrets.driver", "driver", FLAG_CONF_SECRET, UNLESS_GIVEN, NULL },
	{ "secrets.opts", "driver-opts", FLAG_CONF_SECRET, IN_FRONT_BY_NAME, NULL },
};

/* --- which words are about the same --- */

/* Flags that name a target, in the words of any of them. */
static bool names_targets(const char *flag)
{
	return strcmp(flag, "volume") == 0 || strcmp(flag, "mount") == 0 || strcmp(flag, "tmpfs") == 0;
}

static char *mount_target_dup(const char *word)
{
	static const char *const keys[] = { "target=", "destination=", "dst=" };
	auto_strv parts = strv_split(word, ',');
	for (char **part = parts; part && *part; part++)
		for (size_t i = 0; i < ARRAY_LEN(keys); i++)
			if (str_after(*part, keys[i]))
				return mem_strdup(str_after(*part, keys[i]));
	return mem_strdup("");
}

static char *target_dup(const char *flag, const char *word)
{
	if (strcmp(flag, "mount") == 0)
		return mount_target_dup(word);
	auto_strv parts = strv_split(word, ':');
	size_t at = strcmp(flag, "tmpfs") != 0 && strv_len(parts) > 1 ? 1 : 0;
	return mem_strdup(parts ? parts[at] : "");
}

static bool same_name(const char *a, const char *b)
{
	size_t len = strcspn(a, "=");
	return len == strcspn(b, "=") && strncmp(a, b, len) == 0;
}

static bool is_about(const struct row *row, const char *text, const struct flag_word *given)
{
	const char *flag = given->flag->name;
	if (row->merge == IN_FRONT_BY_NAME)
		return strcmp(flag, row->flag) == 0 && same_name(text, given->value);
	if (row->merge == AS_OPTION)
		return strcmp(flag, row->flag) == 0 && str_starts(given->value, row->option);
	if (row->merge == UNLESS_GIVEN || row->merge == SIZE_UNLESS_GIVEN)
		return strcmp(flag, row->flag) == 0;
	if (strcmp(flag, row->flag) != 0 && !(names_targets(flag) && names_targets(row->flag)))
		return false;
	auto_free char *mine = target_dup(row->flag, text), *theirs = target_dup(flag, given->value);
	return strcmp(mine, theirs) == 0;
}

static bool is_given(const struct row *row, const char *text, const struct flag_word *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is_about(row, text, &words[i]))
			return true;
	return false;
}

/* --- adding --- */

/* A file's value that means the same as none. */
static bool says_nothing(const struct row *row, const char *text)
{
	return (!*text && row->merge != UNLESS_GIVEN) || (row->option && strcmp(row->option, "max-size=") == 0 && *text == '-') ||
	       (!*text && strcmp(row->flag, "pull") == 0);
}

/* What the flag will have: typed, or by the file's key. */
static const char *mode_of(const struct conf_containers *conf, const struct flag_words *words, const char *flag, const char *key)
{
	const char *mode = conf_containers_word(conf, key, "");
	for (size_t i = 0; i < words->count; i++)
		if (strcmp(words->seen[i].flag->name, flag) == 0)
			mode = words->seen[i].value;
	return mode;
}

static bool is_shared(const char *mode)
{
	return strcmp(mode, "host") == 0 || str_starts(mode, "container:") || str_starts(mode, "ns:");
}

/* Of a namespace that is another's nothing is set. */
static bool sets_anothers(const struct row *row, const char *text, const struct conf_containers *conf, const struct flag_words *words)
{
	static const char *const of_ipc[] = { "kernel.msg", "kernel.sem", "kernel.shm", "fs.mqueue." };
	if (strcmp(row->flag, "sysctl") != 0)
		return false;
	if (str_starts(text, "net."))
		return is_shared(mode_of(conf, words, "network", "containers.netns"));
	for (size_t i = 0; i < ARRAY_LEN(of_ipc); i++)
		if (str_starts(text, of_ipc[i]))
			return is_shared(mode_of(conf, words, "ipc", "containers.ipcns"));
	return false;
}

static char *decimal_size_dup(const char *text)
{
	static const char units[] = "kmgt";
	size_t len = strlen(text);
	const char *unit = len ? strchr(units, text[len - 1] | 0x20) : NULL;
	uint64_t number;
	auto_free char *digits = mem_strndup(text, unit && *unit ? len - 1 : len);
	if (!unit || !*unit || num_u64(digits, UINT32_MAX, &number) < 0)
		return mem_strdup(text);
	for (ptrdiff_t i = 0; i <= unit - units; i++)
		number *= 1000;
	return mem_printf("%" PRIu64 "b", number);
}

static char *word_dup(const struct row *row, const char *text)
{
	if (row->merge == SIZE_UNLESS_GIVEN)
		return decimal_size_dup(text);
	return row->option ? mem_printf("%s%s", row->option, text) : mem_strdup(text);
}

static int add_text(struct flag_words *front, const struct row *row, const struct flag *flag, const struct flag_group *group,
		    const struct conf_value *value, const char *text, struct err *err)
{
	auto_free char *whole = word_dup(row, text);
	if (flag_value_check(flag, whole, err) < 0)
		return err_wrap(err, "%s:%u: %s", value->file, value->line, row->key);
	front->seen = mem_resize(front->seen, front->count + 1, sizeof(*front->seen));
	front->seen[front->count++] = (struct flag_word){ .flag = flag, .group = group, .value = take_ptr(whole), .origin = value };
	return 0;
}

static int add_row(struct flag_words *front, const struct row *row, const struct flag_group *groups, const struct conf_containers *conf,
		   const struct flag_words *words, struct err *err)
{
	const struct conf_value *value = conf_containers_find(conf, row->key);
	const struct flag_group *group = NULL;
	const struct flag *flag = value ? flag_find(groups, row->flag, &group) : NULL;
	if (!flag)
		return 0;
	for (char **text = value->words; text && *text; text++) {
		if (says_nothing(row, *text) || is_given(row, *text, words->seen, words->count) || sets_anothers(row, *text, conf, words))
			continue;
		if (add_text(front, row, flag, group, value, *text, err) < 0)
			return -1;
	}
	return 0;
}

static void put_in_front(struct flag_words *words, struct flag_words *front)
{
	size_t count = front->count + words->count;
	front->seen = mem_resize(front->seen, count, sizeof(*front->seen));
	for (size_t i = 0; i < words->count; i++)
		front->seen[front->count + i] = words->seen[i];
	free(words->seen);
	words->seen = take_ptr(front->seen);
	words->count = words->cap = count;
	front->count = 0;
}

int flag_conf_add(const struct flag_group *groups, unsigned scope, const struct conf_containers *conf, struct flag_words *words, struct err *err)
{
	auto_val(flag_words) front = { 0 };
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if ((rows[i].scope & scope) && add_row(&front, &rows[i], groups, conf, words, err) < 0)
			return -1;
	if (front.count)
		put_in_front(words, &front);
	return 0;
}
