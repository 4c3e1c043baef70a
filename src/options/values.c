/* values.c - the short grammars: see values.h */
#include "options/values.h"

#include "base/ntime.h"
#include "base/num.h"
#include "config/conf_cdi.h"

#include <ctype.h>
#include <errno.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

bool values_has_key(const char *text)
{
	const char *eq = strchr(text, '=');
	return eq && eq != text;
}

int values_size(const char *what, const char *text, int64_t *ret, struct err *err)
{
	if (num_size(text, ret) < 0)
		return err_set(err, ERR_USAGE, "%s: invalid size: '%s'", what, text);
	return 0;
}

/* --- ulimit --- */

static const char *const ulimit_names[] = { "core",	"cpu",	 "data", "fsize",  "locks",	 "memlock", "msgqueue", "nice",
					    "nofile", "nproc", "rss",	 "rtprio", "rttime", "sigpending", "stack", NULL };

static int bad_ulimit(const char *text, const char *why, struct err *err)
{
	return err_set(err, ERR_USAGE, "ulimit option \"%s\" requires name=SOFT:HARD, failed to be parsed: %s", text, why);
}

static int read_limit(const char *text, const char *value, int64_t *ret, struct err *err)
{
	if (num_i64(value, -1, INT64_MAX, ret) == 0)
		return 0;
	auto_free char *why = mem_printf("strconv.ParseInt: parsing \"%s\": invalid syntax", value);
	return bad_ulimit(text, why, err);
}

/* COMPAT: no limit counts but the host's, whatever was named before or is after. */
static int host_ulimits(struct ctr_def *def)
{
	for (size_t i = 0; i < def->ulimit_count; i++)
		free(take_ptr(def->ulimits[i].name));
	def->ulimit_count = 0;
	ctr_def_add_ulimit(def)->name = mem_strdup("host");
	return 0;
}

int values_ulimit(struct ctr_def *def, const char *text, struct err *err)
{
	if (strcmp(text, "host") == 0 || (def->ulimit_count && str_eq(def->ulimits[0].name, "host")))
		return host_ulimits(def);
	const char *eq = strchr(text, '=');
	if (!eq) {
		auto_free char *why = mem_printf("invalid ulimit argument: %s", text);
		return bad_ulimit(text, why, err);
	}
	auto_free char *given = mem_strndup(text, (size_t)(eq - text)), *name = str_lower_dup(given);
	const char *plain = str_after(name, "rlimit_") ? str_after(name, "rlimit_") : name;
	if (str_index(ulimit_names, plain) < 0) {
		auto_free char *why = mem_printf("invalid ulimit type: %s", given);
		return bad_ulimit(text, why, err);
	}
	const char *colon = strchr(eq + 1, ':');
	auto_free char *soft_text = mem_strndup(eq + 1, colon ? (size_t)(colon - eq - 1) : strlen(eq + 1));
	int64_t soft, hard;
	if (read_limit(text, colon ? colon + 1 : soft_text, &hard, err) < 0 || read_limit(text, soft_text, &soft, err) < 0)
		return -1;
	if (hard != -1 && (soft == -1 || soft > hard)) {
		auto_free char *why = mem_printf("ulimit soft limit must be less than or equal to hard limit: %lld > %lld", (long long)soft,
						 (long long)hard);
		return bad_ulimit(text, why, err);
	}
	struct ctr_ulimit *u = NULL;
	for (size_t i = 0; i < def->ulimit_count; i++) /* the last one given counts */
		if (strcmp(def->ulimits[i].name, plain) == 0)
			u = &def->ulimits[i];
	if (!u) {
		u = ctr_def_add_ulimit(def);
		u->name = mem_strdup(plain);
	}
	u->soft = soft;
	u->hard = hard;
	return 0;
}

/* --- device --- */

static bool is_access(const char *text)
{
	return *text && text[strspn(text, "rwm")] == 0 && strlen(text) <= 3;
}

int values_device(struct ctr_def *def, const char *text, struct err *err)
{
	auto_strv parts = strv_split(text, ':');
	size_t count = strv_len(parts);
	if (count == 0 || count > 3)
		return err_set(err, ERR_USAGE, "invalid device specification: %s", text);
	const char *source = parts[0], *path = source, *access_text = "rwm";
	if (conf_cdi_is_name(text)) {
		strv_add(&def->cdi_devices, text);
		return 0;
	}
	if (access(source, F_OK) < 0)
		return err_sys(err, errno, "stat %s", source);
	if (count > 1) {
		if (count == 2 && parts[1][0] != '/')
			access_text = parts[1];
		else
			path = parts[1];
	}
	if (count == 3)
		access_text = parts[2];
	if (*path != '/' || !is_access(access_text))
		return err_set(err, ERR_USAGE, "invalid device mode \"%s\" in device \"%s\"", *path != '/' ? path : access_text, text);
	struct ctr_device *d = ctr_def_add_device(def);
	d->source = mem_strdup(source);
	d->path = mem_strdup(path);
	d->access = mem_strdup(access_text);
	return 0;
}

/* --- namespaces and networks --- */

struct mode_row {
	const char *which, *word;
	bool prefix; /* word ends in ':' and something follows */
};
static const struct mode_row mode_rows[] = {
	{ "user", "" },	       { "user", "host" },	{ "user", "private" },	   { "user", "keep-id" },
	{ "user", "keep-id:" }, { "user", "nomap" },   { "user", "auto" },	{ "user", "keep-id:", true }, { "user", "auto:", true },
	{ "user", "ns:", true }, { "user", "container:", true },
	{ "pid", "" },	       { "pid", "host" },	{ "pid", "private" },	   { "pid", "ns:", true },
	{ "pid", "container:", true },
	{ "ipc", "" },	       { "ipc", "host" },	{ "ipc", "private" },	   { "ipc", "none" },
	{ "ipc", "shareable" }, { "ipc", "ns:", true }, { "ipc", "container:", true },
	{ "uts", "" },	       { "uts", "host" },	{ "uts", "private" },	   { "uts", "ns:", true },
	{ "uts", "container:", true },
	{ "cgroup", "" },      { "cgroup", "host" },	{ "cgroup", "private" },   { "cgroup", "ns:", true },
	{ "cgroup", "container:", true },
};

int values_namespace(const char *which, const char *text, char **field, struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(mode_rows); i++) {
		const struct mode_row *row = &mode_rows[i];
		if (strcmp(row->which, which) != 0)
			continue;
		if (row->prefix ? str_starts(text, row->word) && text[strlen(row->word)] : strcmp(text, row->word) == 0) {
			free(*field);
			*field = mem_strdup(text);
			return 0;
		}
	}
	return err_set(err, ERR_USAGE, "unrecognized namespace mode %s passed", text);
}

int values_network(struct ctr_def *def, const char *text, struct err *err)
{
	if (def->net_mode && *def->net_mode)
		return err_set(err, ERR_UNSUPPORTED, "'--network %s' after '--network %s': several networks are not done yet, name one",
			       text, def->net_mode);
	const char *colon = strchr(text, ':');
	if (!colon || str_starts(text, "container:") || str_starts(text, "ns:")) {
		free(def->net_mode);
		def->net_mode = mem_strdup(text);
		return 0;
	}
	free(def->net_mode);
	def->net_mode = mem_strndup(text, (size_t)(colon - text));
	auto_strv options = strv_split(colon + 1, ',');
	strv_extend(&def->net_options, options);
	return 0;
}

/* --- the rest --- */

int values_restart(struct ctr_def *def, const char *text, struct err *err)
{
	static const char *const known[] = { "no", "always", "on-failure", "unless-stopped", NULL };
	const char *colon = strchr(text, ':');
	auto_free char *policy = mem_strndup(text, colon ? (size_t)(colon - text) : strlen(text));
	uint64_t retries = 0;
	if (colon && strcmp(policy, "on-failure") != 0)
		return err_set(err, ERR_USAGE, "restart policy retries can only be specified with on-failure restart policy");
	if (colon && num_u64(colon + 1, UINT32_MAX, &retries) < 0)
		return err_set(err, ERR_USAGE, "parsing restart policy retry count: strconv.Atoi: parsing \"%s\": invalid syntax", colon + 1);
	if (*policy && str_index(known, policy) < 0)
		return err_set(err, ERR_USAGE, "\"%s\" is not a valid restart policy: invalid argument", policy);
	free(def->restart_policy);
	def->restart_policy = take_ptr(policy);
	def->restart_retries = (uint32_t)retries;
	return 0;
}

enum { RETRY_DELAY_MAX_S = 3600 };

int values_retry_delay(const char *text, unsigned *ret_ms, struct err *err)
{
	int64_t ns = 0;
	if (text && *text && (num_duration(text, &ns) < 0 || ns < 0 || ns > RETRY_DELAY_MAX_S * NS_PER_S))
		return err_set(err, ERR_USAGE, "time: invalid duration \"%s\"", text);
	*ret_ms = (unsigned)(ns / NS_PER_MS);
	return 0;
}

void values_platform(const char *text, char **os, char **arch, char **variant)
{
	auto_strv parts = strv_split(text, '/');
	char **fields[] = { os, arch, variant };
	for (size_t i = 0; i < ARRAY_LEN(fields) && parts && parts[i]; i++) {
		free(*fields[i]);
		*fields[i] = mem_strdup(parts[i]);
	}
}
